/*
 * tests/workflows/lj_evaluator.h - Lennard-Jones atoms with a smooth end: energy, forces, stress.
 *
 * phi(r) = 4 e [(s/r)^12 - (s/r)^6] (1 - (r/rc)^2)^3 for r < rc: twice differentiable everywhere, so that a
 * strain that takes atoms across rc changes nothing suddenly.  Pair depths are geometric, sizes
 * arithmetic means of the elements'.
 */
#ifndef TEST_LJ_EVALUATOR_H
#define TEST_LJ_EVALUATOR_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator.h"
#include "workflows/evaluator_source.h"

typedef struct {
    double cutoff;                  /* bohr */
    struct { int z; double depth, size; } element[4];       /* Ha, bohr; z = 0 ends the list */
    int n_evaluations, n_opened, n_closed;
    int fails_with_z;               /* cells with this element do not converge; 0: none */
} lj_settings;

/* phi, phi' and phi'' at r for depth e and size s. */
static inline void lj_pair(double e, double s, double rc, double r, double out[3])
{
    const double x6 = pow(s / r, 6), y = r * r / (rc * rc), w = 1.0 - y;
    const double lj[3] = { 4 * e * (x6 * x6 - x6), 4 * e * (-12 * x6 * x6 + 6 * x6) / r,
                           4 * e * (156 * x6 * x6 - 42 * x6) / (r * r) };
    const double cut[3] = { w * w * w, -6.0 * y / r * w * w,
                            (-6.0 * w * w + 24.0 * y * w) / (rc * rc) };

    memset(out, 0, 3 * sizeof *out);
    if (r >= rc)
        return;
    out[0] = lj[0] * cut[0];
    out[1] = lj[1] * cut[0] + lj[0] * cut[1];
    out[2] = lj[2] * cut[0] + 2.0 * lj[1] * cut[1] + lj[0] * cut[2];
}

static inline int lj_find(const lj_settings *lj, int z)
{
    for (int i = 0; i < 4; i++)
        if (lj->element[i].z == z)
            return i;
    return 0;
}

/* Calls each(context, i, j, r vector from i to j, length) for all ordered pairs within the cutoff. */
static inline void lj_each_pair(const dft_crystal *c, double cutoff,
                                void (*each)(void *, size_t, size_t, const double[3], double), void *context)
{
    double b[3][3];
    int n[3];

    dft_crystal_reciprocal(c->lattice, b);
    for (int i = 0; i < 3; i++)
        n[i] = 1 + (int)(cutoff / (2.0 * DFT_PI) * sqrt(b[i][0] * b[i][0] + b[i][1] * b[i][1]
                                                        + b[i][2] * b[i][2]));
    for (size_t i = 0; i < c->n_atoms; i++)
        for (size_t j = 0; j < c->n_atoms; j++) {
            double f[3];
            for (int k = 0; k < 3; k++) {
                f[k] = c->position[j][k] - c->position[i][k];
                f[k] -= round(f[k]);
            }
            for (int p = -n[0]; p <= n[0]; p++)
                for (int q = -n[1]; q <= n[1]; q++)
                    for (int s = -n[2]; s <= n[2]; s++) {
                        const double g[3] = { f[0] + p, f[1] + q, f[2] + s };
                        double r[3];
                        dft_crystal_cartesian(c->lattice, g, r);
                        const double length = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
                        if (length > 1e-6 && length < cutoff)
                            each(context, i, j, r, length);
                    }
        }
}

typedef struct {
    const lj_settings *lj;
    const dft_crystal *crystal;
    double energy, virial[6], (*force)[3];
} lj_sums;

static inline void lj_add(void *context, size_t i, size_t j, const double r[3], double length)
{
    static const int pair[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 }, { 0, 1 } };
    lj_sums *sums = context;
    const int a = lj_find(sums->lj, sums->crystal->z[i]), b = lj_find(sums->lj, sums->crystal->z[j]);
    double phi[3];

    lj_pair(sqrt(sums->lj->element[a].depth * sums->lj->element[b].depth),
            0.5 * (sums->lj->element[a].size + sums->lj->element[b].size), sums->lj->cutoff, length, phi);
    sums->energy += 0.5 * phi[0];
    for (int p = 0; p < 6; p++)
        sums->virial[p] += 0.5 * phi[1] * r[pair[p][0]] * r[pair[p][1]] / length;
    for (int c = 0; c < 3 && sums->force; c++)
        sums->force[i][c] += phi[1] * r[c] / length;
}

static inline dft_status lj_evaluate(void *context, const dft_crystal *crystal, int want, size_t slot,
                                     flow_evaluation *out, dft_error *err)
{
    lj_settings *lj = context;
    lj_sums sums = { .lj = lj, .crystal = crystal, .force = want & FLOW_WANT_FORCES ? out->force : NULL };
    (void)slot;
    (void)err;

    lj->n_evaluations++;
    out->converged = 1;
    for (size_t a = 0; a < crystal->n_atoms; a++)
        out->converged = out->converged && crystal->z[a] != lj->fails_with_z;
    if (!out->converged) {
        snprintf(out->message, sizeof out->message, "told not to converge");
        return DFT_OK;
    }
    if (sums.force)
        memset(sums.force, 0, crystal->n_atoms * sizeof *sums.force);
    lj_each_pair(crystal, lj->cutoff, lj_add, &sums);
    out->energy = out->free_energy = sums.energy;
    if (want & FLOW_WANT_STRESS)
        for (int p = 0; p < 6; p++)
            out->stress[p] = sums.virial[p] / dft_crystal_volume(crystal);
    return DFT_OK;
}

static inline flow_evaluator lj_evaluator(lj_settings *lj)
{
    return (flow_evaluator){ "Lennard-Jones", lj_evaluate, lj };
}

static inline dft_status lj_open(void *context, const dft_crystal *crystal, const int periodic[3],
                                 flow_evaluator *out, dft_error *err)
{
    lj_settings *lj = context;
    (void)crystal;
    (void)periodic;
    (void)err;
    lj->n_opened++;
    *out = lj_evaluator(lj);
    return DFT_OK;
}

static inline void lj_close(void *context, flow_evaluator *evaluator)
{
    (void)evaluator;
    ((lj_settings *)context)->n_closed++;
}

static inline flow_evaluator_source lj_source(lj_settings *lj)
{
    return (flow_evaluator_source){ lj_open, lj_close, lj };
}

#endif
