/* Global equilibrium: hull of the mesh, Newton, check against the tangent plane; until it holds. */

#include "descriptors/calphad_equilibrium.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_solver.h"
#include "dft-lite/base/alloc.h"

#define MOST_ROUNDS 25
#define MOST_EXTENSIONS 4
#define BELOW 1e-7                            /* J/mol of atoms: below the plane by rounding only */
#define SAME 1e-5                                /* site fractions of one and the same set */
#define NEAR 0.25                            /* in RT: minima this close to the plane are refined */
#define APART 0.15                               /* site fractions of separate minima */
#define SEEDS 3                                  /* minima looked for in each phase */

dft_status desc_solver_create(const desc_calphad *system, desc_solver **out, dft_error *err)
{
    desc_solver *solver = dft_alloc(1, sizeof *solver);
    dft_status status = DFT_OK;
    size_t widest = 0;

    *out = NULL;
    if (!solver)
        return dft_fail(err, DFT_ENOMEM, "no memory for an equilibrium solver");
    solver->system = system;
    solver->temperature = NAN;
    for (size_t p = 0; p < system->n_phases; p++) {
        const size_t n = system->phase[p].sites.n_y + system->phase[p].sites.n_sublattices;
        widest = n > widest ? n : widest;
    }
    solver->width = SOLVER_SETS * (widest + 2) + system->n_elements;
    solver->matrix = dft_alloc_doubles(solver->width * solver->width);
    solver->rhs = dft_alloc_doubles(solver->width);
    if (!solver->matrix || !solver->rhs)
        status = dft_fail(err, DFT_ENOMEM, "no memory for an equilibrium solver");
    if (status == DFT_OK)
        status = desc_calphad_state_create(system, &solver->state, err);
    if (status == DFT_OK)
        status = mesh_create(system, &solver->mesh, err);
    if (status == DFT_OK)
        *out = solver;
    else
        desc_solver_free(solver);
    return status;
}

void desc_solver_free(desc_solver *solver)
{
    if (!solver)
        return;
    mesh_clear(&solver->mesh);
    desc_calphad_state_free(solver->state);
    free(solver->matrix);
    free(solver->rhs);
    free(solver);
}

const desc_calphad *desc_solver_system(const desc_solver *solver) { return solver->system; }
desc_calphad_state *desc_solver_state(desc_solver *solver) { return solver->state; }

dft_status desc_solver_set(desc_solver *solver, double temperature, double pressure,
                           dft_error *err)
{
    if (temperature == solver->temperature && pressure == solver->pressure)
        return DFT_OK;
    solver->temperature = NAN;
    const dft_status status = desc_calphad_state_set(solver->state, temperature, pressure, err);
    if (status != DFT_OK)
        return status;
    mesh_evaluate(solver);
    solver->temperature = temperature;
    solver->pressure = pressure;
    return DFT_OK;
}

static dft_status check_composition(const desc_solver *solver, const double *x, dft_error *err)
{
    double sum = 0.0;

    for (size_t e = 0; e < solver->system->n_elements; e++) {
        if (!(x[e] > 0.0) || !(x[e] <= 1.0))
            return dft_fail(err, DFT_EINPUT, "x(%s) = %.10g; each mole fraction must be above 0 "
                            "and at most 1 (leave absent elements out of the system)",
                            desc_calphad_element(solver->system, e), x[e]);
        sum += x[e];
    }
    if (fabs(sum - 1.0) > 1e-9)
        return dft_fail(err, DFT_EINPUT, "the mole fractions sum to %.12g, which must be 1", sum);
    return DFT_OK;
}

static double widest_difference(const desc_solver *solver, size_t phase, const double *a,
                                const double *b)
{
    double d = 0.0;

    for (size_t i = 0; i < solver->system->phase[phase].sites.n_y; i++)
        d = fmax(d, fabs(a[i] - b[i]));
    return d;
}

static bool is_among(const desc_solver *solver, size_t n, const newton_set *set, size_t phase,
                     const double *y, double tolerance)
{
    for (size_t k = 0; k < n; k++)
        if (set[k].phase == phase && widest_difference(solver, phase, set[k].y, y) < tolerance)
            return true;
    return false;
}

/* The hull's vertices, each moved to the minimum that it lies near; equal ones count once.
 * False when the hull rests on an artificial vertex. */
static bool sets_of_facet(desc_solver *solver, const lp_facet *facet, double least_weight,
                          newton_set *set, size_t *n)
{
    *n = 0;
    for (size_t v = 0; v < solver->system->n_elements; v++) {
        double atoms[DESC_CALPHAD_MOST_ELEMENTS];
        if (facet->vertex[v] >= LP_ARTIFICIAL && facet->weight[v] > 1e-9)
            return false;
        if (facet->vertex[v] >= LP_ARTIFICIAL || facet->weight[v] < least_weight)
            continue;
        const mesh_point *p = &solver->mesh.point[facet->vertex[v]];
        newton_set *next = &set[*n];
        next->phase = p->phase;
        memcpy(next->y, solver->mesh.y + p->y,
               solver->system->phase[p->phase].sites.n_y * sizeof *next->y);
        (void)newton_refine(solver, p->phase, facet->mu, next->y);
        next->n = fmax(facet->weight[v], 0.0)
                  / desc_calphad_atoms(solver->system, p->phase, next->y, atoms);
        size_t k = 0;
        while (k < *n && !(set[k].phase == next->phase
                           && widest_difference(solver, next->phase, set[k].y, next->y) < SAME))
            k++;
        if (k < *n)
            set[k].n += next->n;
        else
            ++*n;
    }
    return *n > 0;
}

/* The lowest mesh points of a phase over the plane, apart from each other. */
static size_t find_seeds(const desc_solver *solver, size_t phase, const double *mu, size_t *seed)
{
    const mesh *m = &solver->mesh;
    const double near = NEAR * DESC_GAS_CONSTANT * solver->state->temperature;
    size_t n = 0;

    for (; n < SEEDS; n++) {
        double lowest = near;
        size_t best = m->n;
        for (size_t i = m->first[phase]; i < m->first[phase + 1]; i++) {
            double d = m->point[i].g;
            for (size_t e = 0; e < solver->system->n_elements; e++)
                d -= mu[e] * m->point[i].x[e];
            if (d >= lowest)
                continue;
            size_t k = 0;
            while (k < n && widest_difference(solver, phase, m->y + m->point[i].y,
                                              m->y + m->point[seed[k]].y) > APART)
                k++;
            if (k == n) {
                lowest = d;
                best = i;
            }
        }
        if (best == m->n)
            break;
        seed[n] = best;
    }
    return n;
}

/* Looks for states below the plane; returns the largest depth.  With `worst`, they join the mesh
 * and the deepest one is put there. */
static double probe(desc_solver *solver, const double *mu, size_t n_sets, const newton_set *set,
                    newton_set *worst)
{
    double deepest = 0.0;

    for (size_t p = 0; p < solver->system->n_phases; p++) {
        size_t seed[SEEDS];
        const size_t n = find_seeds(solver, p, mu, seed);
        for (size_t k = 0; k < n; k++) {
            double y[MODEL_FRACTIONS];
            memcpy(y, solver->mesh.y + solver->mesh.point[seed[k]].y,
                   solver->system->phase[p].sites.n_y * sizeof *y);
            (void)newton_refine(solver, p, mu, y);
            const double depth = -newton_distance(solver, p, mu, y);
            if (depth <= BELOW || is_among(solver, n_sets, set, p, y, 1e-9))
                continue;
            if (worst)
                (void)mesh_add(solver, p, y);
            if (worst && depth > deepest) {
                worst->phase = p;
                worst->n = 0.0;
                memcpy(worst->y, y, sizeof y);
            }
            deepest = fmax(deepest, depth);
        }
    }
    return deepest;
}

double desc_solver_violation(desc_solver *solver, const double *mu)
{
    return probe(solver, mu, 0, NULL, NULL);
}

/* Amounts that hold one mole of atoms: balances are stiff in y only when n is about right. */
static void scale_amounts(const desc_solver *solver, size_t n, newton_set *set)
{
    double total = 0.0, atoms[DESC_CALPHAD_MOST_ELEMENTS];

    for (size_t k = 0; k < n; k++)
        total += set[k].n * desc_calphad_atoms(solver->system, set[k].phase, set[k].y, atoms);
    for (size_t k = 0; k < n; k++)
        set[k].n = total > 1e-6 ? set[k].n / total
            : 1.0 / ((double)n * desc_calphad_atoms(solver->system, set[k].phase, set[k].y, atoms));
}

/* Newton from the sets; those that would get a negative amount go.  False: no convergence. */
static bool converge(desc_solver *solver, const double *x, size_t *n, newton_set *set, double *mu)
{
    newton_set start[SOLVER_SETS];
    double first_mu[DESC_CALPHAD_MOST_ELEMENTS];

    memcpy(first_mu, mu, sizeof first_mu);
    while (*n > 0) {
        size_t lowest = 0;
        scale_amounts(solver, *n, set);
        memcpy(start, set, *n * sizeof *set);
        memcpy(mu, first_mu, sizeof first_mu);
        if (!newton_solve(solver, NEWTON_AMOUNTS, *n, set, mu, x, NULL))
            return false;
        for (size_t k = 1; k < *n; k++)
            lowest = set[k].n < set[lowest].n ? k : lowest;
        if (set[lowest].n > -1e-12)
            break;
        memcpy(set, start, *n * sizeof *set);
        set[lowest] = set[--*n];
    }
    for (size_t a = 0; a < *n; a++)              /* two sets that ran into one */
        for (size_t b = 0; b < a; b++)
            if (set[a].phase == set[b].phase
                && widest_difference(solver, set[a].phase, set[a].y, set[b].y) < SAME)
                return false;
    return *n > 0;
}

static void report(const desc_solver *solver, size_t n, const newton_set *set, const double *mu,
                   const double *x, bool unique, desc_equilibrium *out)
{
    const size_t n_e = solver->system->n_elements;

    out->converged = true;
    out->reason[0] = '\0';
    out->mu_unique = unique;
    out->n_sets = 0;
    out->gibbs = 0.0;
    for (size_t e = 0; e < n_e; e++) {
        out->mu[e] = mu[e];
        out->gibbs += mu[e] * x[e];
    }
    for (size_t k = 0; k < n; k++) {
        desc_phase_set *s = &out->set[out->n_sets];
        const double total = desc_calphad_atoms(solver->system, set[k].phase, set[k].y, s->x);
        if (set[k].n * total < 1e-12)            /* there only to fix the potentials */
            continue;
        for (size_t e = 0; e < n_e; e++)
            s->x[e] /= total;
        s->phase = set[k].phase;
        s->amount = set[k].n * total;
        memcpy(s->y, set[k].y, sizeof s->y);
        out->n_sets++;
    }
}

static void clear_equilibrium(desc_equilibrium *out, const char *reason)
{
    *out = (desc_equilibrium){ .gibbs = NAN };
    for (size_t e = 0; e < DESC_CALPHAD_MOST_ELEMENTS; e++)
        out->mu[e] = NAN;
    snprintf(out->reason, sizeof out->reason, "%s", reason);
}

/* The sets join the mesh, so that the hull lies as low as Newton got; and with room for one more
 * set, the state deepest below the plane joins them for another solution. */
static bool extend(desc_solver *solver, const double *x, const newton_set *worst, size_t *n,
                   newton_set *set, double *mu)
{
    for (size_t k = 0; k < *n; k++)
        (void)mesh_add(solver, set[k].phase, set[k].y);
    if (*n == solver->system->n_elements)
        return false;
    set[(*n)++] = *worst;
    return converge(solver, x, n, set, mu);
}

/* Tries the vertices that carry weight, then all of them (compounds alone leave mu open). */
static bool try_facet(desc_solver *solver, const lp_facet *facet, const double *x, size_t *n,
                      newton_set *set, double *mu, bool *unique)
{
    for (int all = 0; all < 2; all++) {
        if (!sets_of_facet(solver, facet, all ? -1.0 : 1e-10, set, n))
            continue;
        memcpy(mu, facet->mu, sizeof facet->mu);
        *unique = !all;
        if (converge(solver, x, n, set, mu))
            return true;
    }
    return false;
}

static void find(desc_solver *solver, const double *x, desc_equilibrium *out)
{
    newton_set set[SOLVER_SETS];
    double mu[DESC_CALPHAD_MOST_ELEMENTS];
    lp_facet facet;
    bool warm = false;

    clear_equilibrium(out, "the phases cannot make up this composition");
    for (int round = 0; round < MOST_ROUNDS; round++) {
        size_t n = 0;
        bool unique;
        if (!lp_find(solver, x, warm, &facet)) {
            clear_equilibrium(out, "the hull of the sampled Gibbs energies broke down");
            return;
        }
        warm = true;
        for (size_t e = 0; e < solver->system->n_elements; e++)
            if (facet.vertex[e] >= LP_ARTIFICIAL && facet.weight[e] > 1e-9)
                return;
        newton_set worst;
        bool found = try_facet(solver, &facet, x, &n, set, mu, &unique);
        double deepest = probe(solver, found ? mu : facet.mu, found ? n : 0, set, &worst);
        for (int k = 0; k < MOST_EXTENSIONS && found && deepest > 0.0; k++) {
            found = extend(solver, x, &worst, &n, set, mu);
            if (found)
                deepest = probe(solver, mu, n, set, &worst);
        }
        if (found && deepest == 0.0) {
            report(solver, n, set, mu, x, unique, out);
            return;
        }
        if (!found && deepest == 0.0) {
            clear_equilibrium(out, "Newton's method did not converge on the hull's phases");
            return;
        }
    }
    clear_equilibrium(out, "states below the tangent plane kept turning up");
}

dft_status desc_equilibrium_find(desc_solver *solver, double temperature, double pressure,
                                 const double *x, desc_equilibrium *out, dft_error *err)
{
    dft_status status = check_composition(solver, x, err);

    clear_equilibrium(out, "not computed");
    if (status == DFT_OK)
        status = desc_solver_set(solver, temperature, pressure, err);
    if (status != DFT_OK)
        return status;
    solver->mesh.n = solver->mesh.n_mesh;        /* points that an earlier composition added */
    solver->mesh.y_used = solver->mesh.y_mesh;
    find(solver, x, out);
    return DFT_OK;
}

double desc_pure_gibbs(desc_solver *solver, size_t phase, size_t element)
{
    const mesh *m = &solver->mesh;
    double lowest = NAN;

    for (size_t i = m->first[phase]; i < m->first[phase + 1]; i++)
        if (m->point[i].x[element] > 1.0 - 1e-12 && !(m->point[i].g >= lowest))
            lowest = m->point[i].g;
    return lowest;
}

double desc_reference_gibbs(desc_solver *solver, size_t element, size_t *phase)
{
    double lowest = NAN;

    for (size_t p = 0; p < solver->system->n_phases; p++) {
        const double g = desc_pure_gibbs(solver, p, element);
        if (!isnan(g) && !(g >= lowest)) {
            lowest = g;
            if (phase)
                *phase = p;
        }
    }
    return lowest;
}
