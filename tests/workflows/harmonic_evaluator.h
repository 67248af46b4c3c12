/*
 * tests/workflows/harmonic_evaluator.h - a crystal whose energy is a quadratic form of the Lagrangian
 * strain and, with two atoms, of their displacement: elastic tensors known exactly.
 *
 *     F/V0 = s0 eta + eta C eta/2,   and with an internal degree of freedom   + (u L eta + u K u/2)/V0,
 * u being the change of r2 - r1 pulled back to the reference cell.  Relaxed-ion: C - L^T K^-1 L/V0
 * (M. Born, K. Huang, Dynamical Theory of Crystal Lattices (1954), sect. 28: internal strain).
 */
#ifndef TEST_HARMONIC_EVALUATOR_H
#define TEST_HARMONIC_EVALUATOR_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator.h"
#include "workflows/strain.h"

typedef struct {
    const dft_crystal *reference;   /* borrowed */
    double c[6][6], s0[6];          /* Ha/bohr^3 */
    int internal;                   /* use the next two, with two atoms */
    double l[3][6], k[3][3];        /* Ha/bohr, Ha/bohr^2 */
    int unconverged_from;           /* evaluations from this one on do not converge; 0: all do */
    double vacuum_stress;           /* a stress on zz that a sheet must not count */
    int n_evaluations;
} harmonic_crystal;

/* F with a_i = F a_i(reference), rows. */
static inline void harmonic_gradient(const dft_crystal *reference, const dft_crystal *now, double f[3][3])
{
    for (int k = 0; k < 3; k++) {               /* column k of F: where unit vector k goes */
        const double unit[3] = { k == 0, k == 1, k == 2 };
        double frac[3], cart[3];
        dft_crystal_fractional(reference->lattice, unit, frac);
        dft_crystal_cartesian(now->lattice, frac, cart);
        for (int i = 0; i < 3; i++)
            f[i][k] = cart[i];
    }
}

static inline void harmonic_strain(const double f[3][3], double eta[6])
{
    static const int pair[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 }, { 0, 1 } };

    for (int p = 0; p < 6; p++) {
        double sum = 0.0;
        for (int k = 0; k < 3; k++)
            sum += f[k][pair[p][0]] * f[k][pair[p][1]];
        eta[p] = p < 3 ? 0.5 * (sum - 1.0) : sum;
    }
}

static inline dft_status harmonic_evaluate(void *context, const dft_crystal *crystal, int want,
                                           size_t slot, flow_evaluation *out, dft_error *err)
{
    harmonic_crystal *self = context;
    const double v0 = dft_crystal_volume(self->reference);
    double f[3][3], eta[6], s[6], u[3] = { 0.0 }, gradient[3] = { 0.0 }, energy = 0.0;
    (void)slot;
    (void)err;

    self->n_evaluations++;
    out->converged = !(self->unconverged_from && self->n_evaluations >= self->unconverged_from);
    if (!out->converged) {
        snprintf(out->message, sizeof out->message, "told not to converge");
        return DFT_OK;
    }
    harmonic_gradient(self->reference, crystal, f);
    harmonic_strain((const double (*)[3])f, eta);
    for (int i = 0; i < 6; i++) {
        s[i] = self->s0[i];
        for (int j = 0; j < 6; j++)
            s[i] += self->c[i][j] * eta[j];
        energy += 0.5 * v0 * (s[i] + self->s0[i]) * eta[i];
    }
    if (self->internal) {
        double frac[3];
        for (int c = 0; c < 3; c++) {
            frac[c] = crystal->position[1][c] - crystal->position[0][c]
                    - self->reference->position[1][c] + self->reference->position[0][c];
            frac[c] -= round(frac[c]);
        }
        dft_crystal_cartesian(self->reference->lattice, frac, u);
        for (int c = 0; c < 3; c++) {
            double strained = 0.0;
            for (int j = 0; j < 6; j++) {
                strained += self->l[c][j] * eta[j];
                s[j] += u[c] * self->l[c][j] / v0;
            }
            gradient[c] = strained;
            for (int d = 0; d < 3; d++)
                gradient[c] += self->k[c][d] * u[d];
            energy += 0.5 * u[c] * (gradient[c] + strained);
        }
    }
    out->energy = out->free_energy = energy;
    if (want & FLOW_WANT_FORCES) {
        memset(out->force, 0, crystal->n_atoms * sizeof *out->force);
        for (int c = 0; c < 3 && self->internal; c++) {     /* dE/dr = F^-T dE/du */
            double unit[3] = { c == 0, c == 1, c == 2 }, frac[3], pulled[3], slope = 0.0;
            dft_crystal_fractional(crystal->lattice, unit, frac);
            dft_crystal_cartesian(self->reference->lattice, frac, pulled);
            for (int d = 0; d < 3; d++)
                slope += pulled[d] * gradient[d];
            out->force[1][c] = -slope;
            out->force[0][c] = slope;
        }
    }
    if (want & FLOW_WANT_STRESS) {
        flow_strain_push_forward((const double (*)[3])f, s, out->stress);
        out->stress[2] += self->vacuum_stress;
    }
    return DFT_OK;
}

static inline flow_evaluator harmonic_evaluator(harmonic_crystal *crystal)
{
    return (flow_evaluator){ "harmonic", harmonic_evaluate, crystal };
}

#endif
