/* Tie-lines of a binary: lower hull of the mesh, then an exact equilibrium inside each of its
 * gaps. */

#include "descriptors/calphad_binary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_solver.h"
#include "dft-lite/base/alloc.h"

#define NARROWEST 1e-11                      /* in x: gaps below are rounding */
#define MOST_DEPTH 24

/* Is b above the line from a to c? */
static bool is_above(const mesh_point *a, const mesh_point *b, const mesh_point *c)
{
    return (b->g - a->g) * (c->x[1] - a->x[1]) >= (c->g - a->g) * (b->x[1] - a->x[1]);
}

/* Andrew's monotone chain over the points by rising x; returns the number of hull points. */
static size_t lower_hull(const desc_solver *solver, size_t *hull)
{
    const mesh_point *point = solver->mesh.point;
    size_t n = 0;

    for (size_t k = 0; k < solver->mesh.n_mesh; k++) {
        const size_t i = solver->mesh.order[k];
        if (n > 0 && point[hull[n - 1]].x[1] == point[i].x[1]) {
            if (point[i].g >= point[hull[n - 1]].g)
                continue;
            n--;
        }
        while (n > 1 && is_above(&point[hull[n - 2]], &point[hull[n - 1]], &point[i]))
            n--;
        hull[n++] = i;
    }
    return n;
}

static bool is_known(const desc_tielines *out, const desc_tieline *line)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->line[i].end[0].phase == line->end[0].phase
            && out->line[i].end[1].phase == line->end[1].phase
            && fabs(out->line[i].end[0].x[1] - line->end[0].x[1]) < 1e-8
            && fabs(out->line[i].end[1].x[1] - line->end[1].x[1]) < 1e-8)
            return true;
    return false;
}

static void keep_line(desc_tielines *out, const desc_equilibrium *eq)
{
    desc_tieline line = { .mu = { eq->mu[0], eq->mu[1] } };
    const size_t left = eq->set[0].x[1] <= eq->set[1].x[1] ? 0U : 1U;
    size_t i = out->n;

    line.end[0] = eq->set[left];
    line.end[1] = eq->set[1 - left];
    if (is_known(out, &line))
        return;
    if (out->n == DESC_MOST_TIELINES) {
        out->complete = false;
        snprintf(out->reason, sizeof out->reason, "more than %d two-phase fields",
                 DESC_MOST_TIELINES);
        return;
    }
    for (; i > 0 && out->line[i - 1].end[0].x[1] > line.end[0].x[1]; i--)
        out->line[i] = out->line[i - 1];
    out->line[i] = line;
    out->n++;
}

/* A stretch of x with the phases at its ends. */
typedef struct {
    double a, b;
    size_t phase_a, phase_b;
    int depth;
} stretch;

/* Finds the two-phase fields between two compositions with different phases. */
static dft_status search(desc_solver *solver, stretch s, desc_tielines *out, dft_error *err)
{
    const double x[2] = { 1.0 - 0.5 * (s.a + s.b), 0.5 * (s.a + s.b) };
    desc_equilibrium eq;

    if (s.b - s.a < NARROWEST || s.depth > MOST_DEPTH)
        return DFT_OK;
    dft_status status = desc_equilibrium_find(solver, solver->temperature, solver->pressure, x, &eq,
                                              err);
    if (status != DFT_OK)
        return status;
    if (!eq.converged) {
        out->complete = false;
        snprintf(out->reason, sizeof out->reason, "%s", eq.reason);
        return DFT_OK;
    }
    double left = x[1], right = x[1];
    size_t phase_left = eq.set[0].phase, phase_right = eq.set[0].phase;
    if (eq.n_sets == 2) {
        const size_t first = eq.set[0].x[1] <= eq.set[1].x[1] ? 0U : 1U;
        keep_line(out, &eq);
        left = eq.set[first].x[1];
        right = eq.set[1 - first].x[1];
        phase_left = eq.set[first].phase;
        phase_right = eq.set[1 - first].phase;
    }
    if (phase_left != s.phase_a)
        status = search(solver, (stretch){ s.a, left, s.phase_a, phase_left, s.depth + 1 }, out,
                        err);
    if (status == DFT_OK && phase_right != s.phase_b)
        status = search(solver, (stretch){ right, s.b, phase_right, s.phase_b, s.depth + 1 }, out,
                        err);
    return status;
}

/* Do two neighbours on the hull have a gap between them, or are they mesh points side by side? */
static bool has_gap(const desc_solver *solver, const mesh_point *a, const mesh_point *b)
{
    const mesh *m = &solver->mesh;

    if (a->phase != b->phase)
        return true;
    for (size_t i = 0; i < solver->system->phase[a->phase].sites.n_y; i++)
        if (fabs(m->y[a->y + i] - m->y[b->y + i]) > 1.6 * m->spacing[a->phase])
            return true;
    return false;
}

dft_status desc_binary_tielines(desc_solver *solver, double temperature, double pressure,
                                desc_tielines *out, dft_error *err)
{
    dft_status status = DFT_OK;
    size_t *hull = NULL;

    *out = (desc_tielines){ .temperature = temperature, .complete = true };
    if (solver->system->n_elements != 2)
        return dft_fail(err, DFT_EINPUT, "tie-lines against x need two elements, not %zu",
                        solver->system->n_elements);
    status = desc_solver_set(solver, temperature, pressure, err);
    if (status != DFT_OK)
        return status;
    if (!(hull = dft_alloc_sizes(solver->mesh.n_mesh)))
        return dft_fail(err, DFT_ENOMEM, "no memory for a hull");
    const size_t n = lower_hull(solver, hull);
    for (size_t i = 0; i + 1 < n && status == DFT_OK; i++) {
        const mesh_point *a = &solver->mesh.point[hull[i]], *b = &solver->mesh.point[hull[i + 1]];
        if (has_gap(solver, a, b))
            status = search(solver, (stretch){ a->x[1], b->x[1], a->phase, b->phase, 0 }, out, err);
    }
    free(hull);
    return status;
}

void desc_binary_saturation(desc_solver *solver, const desc_tielines *lines, size_t solvent,
                            size_t phase, desc_saturation *out)
{
    const desc_calphad *system = solver->system;
    size_t stable = (size_t)-1;

    *out = (desc_saturation){ .x = NAN, .partner = (size_t)-1 };
    const double g = desc_reference_gibbs(solver, solvent, &stable);
    if (isnan(g) || stable != phase) {
        snprintf(out->reason, sizeof out->reason, "%.30s is not the stable form of %.4s at %.6g K",
                 desc_calphad_phase_name(system, phase), desc_calphad_element(system, solvent),
                 lines->temperature);
    } else if (!lines->complete) {
        snprintf(out->reason, sizeof out->reason, "%s", lines->reason);
    } else if (lines->n == 0) {
        out->x = 1.0;
    } else {
        const desc_tieline *line = &lines->line[solvent == 1 ? lines->n - 1 : 0];
        const desc_phase_set *end = &line->end[solvent];
        if (end->phase == phase) {
            out->x = end->x[1 - solvent];
            out->partner = line->end[1 - solvent].phase;
        } else {
            snprintf(out->reason, sizeof out->reason, "the field of pure %.4s was not found",
                     desc_calphad_element(system, solvent));
        }
    }
}

/* Mesh points of the phase on both sides of x, of low energy: their mean is a start. */
static bool bracket(const desc_solver *solver, size_t phase, double x, double *y)
{
    const mesh *m = &solver->mesh;
    size_t side[2] = { m->n, m->n };

    /* Near x first, then low: the score is the energy plus a penalty that outweighs mixing. */
    for (int s = 0; s < 2; s++) {
        double best = INFINITY;
        for (size_t i = m->first[phase]; i < m->first[phase + 1]; i++) {
            const double d = s ? m->point[i].x[1] - x : x - m->point[i].x[1];
            const double score = m->point[i].g + 1e7 * d * d + 1e5 * d;
            if (d >= -1e-12 && score < best) {
                best = score;
                side[s] = i;
            }
        }
    }
    if (side[0] == m->n || side[1] == m->n)
        return false;
    const double xa = m->point[side[0]].x[1], xb = m->point[side[1]].x[1];
    const double w = xb > xa ? (x - xa) / (xb - xa) : 0.5;
    for (size_t i = 0; i < solver->system->phase[phase].sites.n_y; i++)
        y[i] = (1.0 - w) * m->y[m->point[side[0]].y + i] + w * m->y[m->point[side[1]].y + i];
    return true;
}

/* The lowest mesh point that is pure in one element; n when the phase has none. */
static size_t pure_point(const desc_solver *solver, size_t phase, size_t element)
{
    const mesh *m = &solver->mesh;
    size_t best = m->n;

    for (size_t i = m->first[phase]; i < m->first[phase + 1]; i++)
        if (m->point[i].x[element] > 1.0 - 1e-12
            && (best == m->n || m->point[i].g < m->point[best].g))
            best = i;
    return best;
}

/* Site fractions of the phase at x, at their best; false when it cannot have that composition. */
static bool fractions_at(desc_solver *solver, size_t phase, double x, newton_set *set)
{
    const mesh *m = &solver->mesh;
    double atoms[DESC_CALPHAD_MOST_ELEMENTS], mu[DESC_CALPHAD_MOST_ELEMENTS] = { 0.0 };
    const double overall[2] = { 1.0 - x, x };

    if (x <= 0.0 || x >= 1.0) {
        const size_t i = pure_point(solver, phase, x <= 0.0 ? 0U : 1U);
        if (i == m->n)
            return false;
        memcpy(set->y, m->y + m->point[i].y,
               solver->system->phase[phase].sites.n_y * sizeof *set->y);
        return true;
    }
    if (!bracket(solver, phase, x, set->y))
        return false;
    set->n = 1.0 / desc_calphad_atoms(solver->system, phase, set->y, atoms);
    const bool solved = newton_solve(solver, NEWTON_AMOUNTS, 1, set, mu, overall, NULL);
    const double total = desc_calphad_atoms(solver->system, phase, set->y, atoms);
    return solved || fabs(atoms[1] / total - x) < 1e-9;  /* a compound leaves mu open */
}

double desc_binary_gibbs(desc_solver *solver, size_t phase, double x, double *entropy)
{
    double atoms[DESC_CALPHAD_MOST_ELEMENTS], gradient[MODEL_FRACTIONS + 1];
    newton_set set = { .phase = phase };

    if (entropy)
        *entropy = NAN;
    if (!fractions_at(solver, phase, x, &set))
        return NAN;
    const double total = desc_calphad_atoms(solver->system, phase, set.y, atoms);
    const double g = desc_calphad_gibbs(solver->state, phase, set.y, gradient, NULL) / total;
    if (entropy)
        *entropy = -gradient[solver->system->phase[phase].sites.n_y] / total;
    return g;
}

double desc_voltage(desc_solver *solver, double mu, size_t element, size_t reference_phase)
{
    if (reference_phase >= solver->system->n_phases)
        return NAN;
    return -(mu - desc_pure_gibbs(solver, reference_phase, element)) / DESC_FARADAY;
}
