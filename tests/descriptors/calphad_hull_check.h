/*
 * tests/descriptors/calphad_hull_check.h - a second, brute-force look at binary equilibria.
 *
 * Samples every phase on a mesh of its own (finer at the ends, nothing shared with the program's)
 * and wraps its lower hull corner by corner.
 */
#ifndef TEST_CALPHAD_HULL_CHECK_H
#define TEST_CALPHAD_HULL_CHECK_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/descriptors/calphad_systems.h"

#define CHECK_BINS 2000

/* The lowest G in each narrow bin of x, with the x it belongs to. */
typedef struct {
    double x[CHECK_BINS + 2], g[CHECK_BINS + 2];
    size_t n;                                /* corners of the hull, after envelope_wrap */
} envelope;

static inline void envelope_add(envelope *e, double x, double g)
{
    const size_t bin = x <= 0.0 ? 0 : x >= 1.0 ? CHECK_BINS + 1 : 1 + (size_t)(x * CHECK_BINS);
    const size_t b = bin > CHECK_BINS + 1 ? CHECK_BINS + 1 : bin;

    if (g < e->g[b]) {
        e->g[b] = g;
        e->x[b] = x;
    }
}

static inline void envelope_point(opened *o, size_t phase, const double *y, envelope *e)
{
    double atoms[8];
    const double total = desc_calphad_atoms(o->system, phase, y, atoms);

    if (total > 1e-3)
        envelope_add(e, atoms[1] / total,
                     desc_calphad_gibbs(desc_solver_state(o->solver), phase, y, NULL, NULL) / total);
}

/* All phases: two free site fractions at most, as the five binaries have. */
static inline void envelope_fill(opened *o, envelope *e)
{
    for (size_t b = 0; b < CHECK_BINS + 2; b++)
        e->g[b] = INFINITY;
    for (size_t p = 0; p < desc_calphad_n_phases(o->system); p++) {
        const size_t n = desc_calphad_n_fractions(o->system, p);
        size_t free_at[2] = { n, n }, n_free = 0;
        double y[8];

        for (size_t i = 0; i < n; i++) {
            y[i] = 1.0;
            if (i + 1 < n && desc_calphad_sublattice(o->system, p, i)
                == desc_calphad_sublattice(o->system, p, i + 1))
                free_at[n_free++] = i;
        }
        const int first = n_free > 0 ? (n_free > 1 ? 150 : 1501) : 0, second = n_free > 1 ? 150 : 0;
        for (int a = 0; a <= first; a++)
            for (int b = 0; b <= second; b++) {
                /* a mesh of its own: cubic towards both ends, where the program's is a sine */
                const double u = first ? (double)a / first : 0.0;
                const double v = second ? (double)b / second : 0.0;
                if (n_free > 0)
                    y[free_at[0]] = 1.0 - (y[free_at[0] + 1] = u * u * (3.0 - 2.0 * u));
                if (n_free > 1)
                    y[free_at[1]] = 1.0 - (y[free_at[1] + 1] = v * v * (3.0 - 2.0 * v));
                envelope_point(o, p, y, e);
            }
    }
}

/* Keeps the points of the lower hull, by wrapping: from each corner on to the lowest slope. */
static inline void envelope_wrap(envelope *e)
{
    size_t at = 0, n = 0;

    while (isinf(e->g[at]))
        at++;
    for (;;) {
        size_t next = at;
        double slope = INFINITY;
        e->x[n] = e->x[at];                      /* n never overtakes at */
        e->g[n++] = e->g[at];
        for (size_t b = at + 1; b < CHECK_BINS + 2; b++) {
            if (isinf(e->g[b]) || e->x[b] <= e->x[n - 1])
                continue;
            const double s = (e->g[b] - e->g[n - 1]) / (e->x[b] - e->x[n - 1]);
            if (s <= slope) {
                slope = s;
                next = b;
            }
        }
        if (next == at)
            break;
        at = next;
    }
    e->n = n;
}

/* The hull's energy at x. */
static inline double envelope_at(const envelope *e, double x)
{
    size_t b = 1;

    while (b + 1 < e->n && e->x[b] < x)
        b++;
    const double w = (x - e->x[b - 1]) / (e->x[b] - e->x[b - 1]);
    return (1.0 - w) * e->g[b - 1] + w * e->g[b];
}

/* The farthest that any point of the hull lies below a plane. */
static inline double envelope_below(const envelope *e, const double *mu)
{
    double deepest = 0.0;

    for (size_t i = 0; i < e->n; i++)
        deepest = fmax(deepest, (1.0 - e->x[i]) * mu[0] + e->x[i] * mu[1] - e->g[i]);
    return deepest;
}

#endif
