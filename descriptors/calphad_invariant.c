/* Finds invariant equilibria with the temperature among Newton's unknowns, and names them. */

#include "descriptors/calphad_invariant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define MOST_ENDS 24
#define ONE_SET 0.02                         /* in x: ends of tie-lines that mean the same state */
#define WIDEST_CLOSING 0.15               /* in x: a gap narrower than this may be about to close */
#define OUTSIDE 0.05                         /* K beyond the bracket that is still accepted */
#define VIOLATION 1e-5                       /* J/mol below the tangent plane */

const char *desc_invariant_name(desc_invariant_kind kind)
{
    static const char *const name[] = {
        "eutectic", "eutectoid", "monotectic", "metatectic", "peritectic", "peritectoid",
        "syntectic", "congruent", "critical", "pure",
    };

    return name[kind];
}

/* The distinct states at the ends of the tie-lines that are not common to both rows. */
typedef struct {
    desc_phase_set set[MOST_ENDS];
    size_t n;
} end_list;

static void add_end(end_list *list, const desc_phase_set *end)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->set[i].phase == end->phase && fabs(list->set[i].x[1] - end->x[1]) < ONE_SET)
            return;
    if (list->n < MOST_ENDS)
        list->set[list->n++] = *end;
}

static bool same_pair(const desc_tieline *a, const desc_tieline *b)
{
    for (size_t e = 0; e < 2; e++)               /* the same phases, and the same branch of them */
        if (a->end[e].phase != b->end[e].phase
            || fabs(a->end[e].x[1] - b->end[e].x[1]) >= ONE_SET)
            return false;
    return true;
}

static void collect(const desc_tielines *a, const desc_tielines *b, end_list *out)
{
    size_t front = 0, back = 0;

    out->n = 0;
    while (front < a->n && front < b->n && same_pair(&a->line[front], &b->line[front]))
        front++;
    while (back + front < a->n && back + front < b->n
           && same_pair(&a->line[a->n - 1 - back], &b->line[b->n - 1 - back]))
        back++;
    for (int r = 0; r < 2; r++) {
        const desc_tielines *row = r ? b : a;
        for (size_t i = front; i + back < row->n; i++)
            for (size_t e = 0; e < 2; e++)
                add_end(out, &row->line[i].end[e]);
    }
}

static bool is_liquid(const desc_solver *solver, const desc_phase_set *set)
{
    return strncmp(desc_calphad_phase_name(solver->system, set->phase), "LIQ", 3) == 0;
}

/* Below the invariant, do the outer two of three phases coexist? */
static bool outer_below(const desc_tielines *below, const desc_invariant *inv)
{
    for (size_t i = 0; i < below->n; i++) {
        const desc_phase_set *end = below->line[i].end;
        if (end[0].phase == inv->set[0].phase && end[1].phase == inv->set[2].phase
            && fabs(end[0].x[1] - inv->set[0].x[1]) < ONE_SET
            && fabs(end[1].x[1] - inv->set[2].x[1]) < ONE_SET)
            return true;
    }
    return false;
}

static desc_invariant_kind kind_of(const desc_solver *solver, const desc_tielines *below,
                                   const desc_invariant *inv)
{
    const bool middle = is_liquid(solver, &inv->set[1]);
    const int outer = is_liquid(solver, &inv->set[0]) + is_liquid(solver, &inv->set[2]);

    if (outer_below(below, inv))
        return middle ? (outer ? DESC_MONOTECTIC : DESC_EUTECTIC)
                      : (outer ? DESC_METATECTIC : DESC_EUTECTOID);
    return outer == 2 ? DESC_SYNTECTIC : outer == 1 ? DESC_PERITECTIC : DESC_PERITECTOID;
}

static void sort_sets(desc_invariant *inv)
{
    for (size_t i = 1; i < inv->n_sets; i++)
        for (size_t k = i; k > 0 && inv->set[k].x[1] < inv->set[k - 1].x[1]; k--) {
            const desc_phase_set swap = inv->set[k];
            inv->set[k] = inv->set[k - 1];
            inv->set[k - 1] = swap;
        }
}

static dft_status keep(desc_diagram *diagram, const desc_invariant *inv, dft_error *err)
{
    for (size_t i = 0; i < diagram->n_invariants; i++)
        if (diagram->invariant[i].kind == inv->kind
            && fabs(diagram->invariant[i].temperature - inv->temperature) < 1e-6
            && fabs(diagram->invariant[i].set[0].x[1] - inv->set[0].x[1]) < 1e-6)
            return DFT_OK;
    if (!tdb_grow((void **)&diagram->invariant, diagram->n_invariants,
                  sizeof *diagram->invariant))
        return dft_fail(err, DFT_ENOMEM, "no memory for invariant equilibria");
    diagram->invariant[diagram->n_invariants++] = *inv;
    return DFT_OK;
}

/* Solves with the given starts; true when the result lies in the bracket, has distinct sets and
 * nothing below its tangent plane. */
static bool solve(desc_solver *solver, newton_kind kind, size_t n, const desc_phase_set *start,
                  const double *start_mu, const double bracket[2], desc_invariant *out)
{
    newton_set set[3];
    double mu[DESC_CALPHAD_MOST_ELEMENTS] = { start_mu[0], start_mu[1] };
    double t = 0.5 * (bracket[0] + bracket[1]);
    const double pressure = solver->pressure;

    *out = (desc_invariant){ .n_sets = n };
    for (size_t k = 0; k < n; k++) {
        set[k].phase = start[k].phase;
        set[k].n = 0.0;
        memcpy(set[k].y, start[k].y, sizeof set[k].y);
    }
    if (desc_solver_set(solver, t, pressure, NULL) != DFT_OK)
        return false;
    const bool solved = newton_solve(solver, kind, n, set, mu, NULL, &t);
    solver->temperature = NAN;               /* Newton moved the state away from the mesh */
    if (!solved || t < bracket[0] - OUTSIDE || t > bracket[1] + OUTSIDE
        || desc_solver_set(solver, t, pressure, NULL) != DFT_OK)
        return false;
    out->temperature = t;
    for (size_t k = 0; k < n; k++) {
        desc_phase_set *s = &out->set[k];
        const double total = desc_calphad_atoms(solver->system, set[k].phase, set[k].y, s->x);
        s->x[0] /= total;
        s->x[1] /= total;
        s->phase = set[k].phase;
        memcpy(s->y, set[k].y, sizeof s->y);
        for (size_t i = 0; i < k; i++)
            if (out->set[i].phase == s->phase && fabs(out->set[i].x[1] - s->x[1]) < 1e-5)
                return false;
    }
    sort_sets(out);
    return desc_solver_violation(solver, mu) < VIOLATION;
}

/* A chemical potential to start from: that of any tie-line of the two rows. */
static const double *any_mu(const desc_tielines *a, const desc_tielines *b)
{
    return a->n > 0 ? a->line[0].mu : b->line[0].mu;
}

static dft_status three_phases(desc_solver *solver, const desc_tielines *a, const desc_tielines *b,
                               const end_list *ends, desc_diagram *diagram, size_t *found,
                               dft_error *err)
{
    const double bracket[2] = { a->temperature, b->temperature };
    dft_status status = DFT_OK;

    for (size_t i = 0; i < ends->n; i++)
        for (size_t j = 0; j < i; j++)
            for (size_t k = 0; k < j && status == DFT_OK; k++) {
                const desc_phase_set start[3] = { ends->set[i], ends->set[j], ends->set[k] };
                desc_invariant inv;
                if (!solve(solver, NEWTON_INVARIANT, 3, start, any_mu(a, b), bracket, &inv))
                    continue;
                inv.kind = kind_of(solver, a, &inv);
                ++*found;
                status = keep(diagram, &inv, err);
            }
    return status;
}

/* Two phases that come to the same composition. */
static dft_status two_phases(desc_solver *solver, const desc_tielines *a, const desc_tielines *b,
                             const end_list *ends, desc_diagram *diagram, size_t *found,
                             dft_error *err)
{
    const double bracket[2] = { a->temperature, b->temperature };
    dft_status status = DFT_OK;

    for (size_t i = 0; i < ends->n; i++)
        for (size_t j = 0; j < i && status == DFT_OK; j++) {
            const desc_phase_set start[2] = { ends->set[j], ends->set[i] };
            const double x = start[0].x[1];
            desc_invariant inv = { .kind = DESC_CONGRUENT };
            if (fabs(x - start[1].x[1]) > 0.1 || start[0].phase == start[1].phase)
                continue;
            if (x < 1e-3 || x > 1.0 - 1e-3) {    /* a pure element, see invariant_pure */
                ++*found;
                continue;
            }
            if (!solve(solver, NEWTON_CONGRUENT, 2, start, any_mu(a, b), bracket, &inv))
                continue;
            ++*found;
            inv.kind = DESC_CONGRUENT;
            status = keep(diagram, &inv, err);
        }
    return status;
}

/* The narrow gap inside one phase that a row has; NULL when it has none. */
static const desc_tieline *narrow_gap(const desc_tielines *row)
{
    for (size_t k = 0; k < row->n; k++)
        if (row->line[k].end[0].phase == row->line[k].end[1].phase
            && row->line[k].end[1].x[1] - row->line[k].end[0].x[1] < WIDEST_CLOSING)
            return &row->line[k];
    return NULL;
}

/* A gap that closes is seen down to the width of the mesh only.  The square of its width is linear
 * in T near the critical point, so two widths 1 K apart tell where it vanishes. */
static dft_status critical_point(desc_solver *solver, const desc_tielines *a,
                                 const desc_tielines *b, desc_diagram *diagram, size_t *found,
                                 dft_error *err)
{
    const desc_tielines *row = narrow_gap(a) ? a : b;
    const desc_tieline *gap = narrow_gap(row), *wider;
    desc_invariant inv = { .kind = DESC_CRITICAL, .n_sets = 2 };

    if (!gap || (narrow_gap(a) && narrow_gap(b)))
        return DFT_OK;
    const double away = row == a ? -1.0 : 1.0;
    const double w = gap->end[1].x[1] - gap->end[0].x[1];
    desc_tielines *second = dft_alloc(1, sizeof *second);
    if (!second)
        return dft_fail(err, DFT_ENOMEM, "no memory for a critical point");
    if (desc_binary_tielines(solver, row->temperature + away, solver->pressure, second, NULL)
        == DFT_OK && (wider = narrow_gap(second))) {
        const double w2 = wider->end[1].x[1] - wider->end[0].x[1];
        inv.temperature = row->temperature - away * w * w / (w2 * w2 - w * w);
        inv.set[0] = gap->end[0];
        inv.set[1] = gap->end[1];
        ++*found;
    }
    free(second);
    return inv.temperature > 0.0 ? keep(diagram, &inv, err) : DFT_OK;
}

dft_status invariant_between(desc_solver *solver, const desc_tielines *a, const desc_tielines *b,
                             desc_diagram *diagram, dft_error *err)
{
    end_list ends;
    size_t found = 0;
    dft_status status;

    collect(a, b, &ends);
    status = three_phases(solver, a, b, &ends, diagram, &found, err);
    if (status == DFT_OK)
        status = two_phases(solver, a, b, &ends, diagram, &found, err);
    if (status == DFT_OK && found == 0)
        status = critical_point(solver, a, b, diagram, &found, err);
    diagram->n_unsolved += found == 0;
    return status;
}

/* The temperature at which two phases of a pure element are equal, by bisection. */
static dft_status bisect_pure(desc_solver *solver, size_t element, double low, double high,
                              const size_t phase[2], desc_diagram *diagram, dft_error *err)
{
    const double pressure = solver->pressure;
    desc_invariant inv = { .kind = DESC_PURE, .n_sets = 2 };
    dft_status status = DFT_OK;

    while (high - low > 1e-9 && status == DFT_OK) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            break;
        status = desc_solver_set(solver, middle, pressure, err);
        if (desc_pure_gibbs(solver, phase[0], element) < desc_pure_gibbs(solver, phase[1], element))
            low = middle;
        else
            high = middle;
    }
    if (status != DFT_OK)
        return status;
    inv.temperature = 0.5 * (low + high);
    for (size_t k = 0; k < 2; k++) {
        inv.set[k].phase = phase[k];
        inv.set[k].x[element] = 1.0;
    }
    return keep(diagram, &inv, err);
}

dft_status invariant_pure(desc_solver *solver, desc_diagram *diagram, dft_error *err)
{
    dft_status status = DFT_OK;
    const double pressure = solver->pressure;

    for (size_t e = 0; e < 2; e++) {
        size_t before = (size_t)-1;
        for (size_t i = 0; i < diagram->n_rows && status == DFT_OK; i++) {
            size_t phase = (size_t)-1;
            status = desc_solver_set(solver, diagram->row[i].temperature, pressure, err);
            (void)desc_reference_gibbs(solver, e, &phase);
            if (status == DFT_OK && i > 0 && phase != before && before != (size_t)-1)
                status = bisect_pure(solver, e, diagram->row[i - 1].temperature,
                                     diagram->row[i].temperature, (size_t[2]){ before, phase },
                                     diagram, err);
            before = phase;
        }
    }
    return status;
}
