/*
 * tests/workflows/pair_potential.h - Lennard-Jones and Morse crystals in closed form: energy, forces, stress.
 *
 * phi(r) times the smooth end (1 - (r/rc)^2)^3, twice differentiable everywhere, so that a strain that
 * takes neighbours across rc changes nothing suddenly.  On request an artificial basis error
 * A V exp(-g) is added, g the effective cutoff (in units of the nominal one) that a held basis has in the
 * present cell: what makes plane waves pull on cells.  On request evaluations fail to converge from the
 * n-th on.
 */
#ifndef TEST_PAIR_POTENTIAL_H
#define TEST_PAIR_POTENTIAL_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator.h"

typedef enum { PAIR_LJ, PAIR_MORSE } pair_form;

typedef struct {
    int z, other;                   /* elements, either order; 0: any */
    pair_form form;
    double depth, size, slope;      /* Ha; bohr (LJ sigma, or the Morse minimum); 1/bohr, Morse only */
} pair_rule;

typedef struct {
    double cutoff;                  /* bohr */
    size_t n_rules;
    pair_rule rule[4];              /* the first that fits counts; pairs that none fits do not feel each other */
    int fails_from;                 /* evaluation number (1, 2, ...) from which on nothing converges; 0: never */
    int fails_by_request;           /* 1: that is somebody's wish to stop, not a failure */
    double basis_error;             /* A, Ha/bohr^3; 0: none */
    int is_held;
    double held_volume;             /* bohr^3, of the lattice whose basis is held */
    double zero_width;              /* energy = free_energy + this, Ha: tells the two apart */
    int n_evaluations;
} pair_potential;

/* phi and phi' at r. */
static inline void pair_phi(const pair_rule *rule, double rc, double r, double out[2])
{
    const double y = r * r / (rc * rc), w = 1.0 - y;
    double f, df;

    out[0] = out[1] = 0.0;
    if (r >= rc)
        return;
    if (rule->form == PAIR_LJ) {
        const double x6 = pow(rule->size / r, 6);
        f = 4.0 * rule->depth * (x6 * x6 - x6);
        df = 4.0 * rule->depth * (-12.0 * x6 * x6 + 6.0 * x6) / r;
    } else {
        const double e = exp(-rule->slope * (r - rule->size));
        f = rule->depth * (e * e - 2.0 * e);
        df = rule->depth * rule->slope * (-2.0 * e * e + 2.0 * e);
    }
    out[0] = f * w * w * w;
    out[1] = df * w * w * w - f * 6.0 * y / r * w * w;
}

static inline const pair_rule *pair_find(const pair_potential *p, int z1, int z2)
{
    for (size_t i = 0; i < p->n_rules; i++) {
        const pair_rule *r = &p->rule[i];
        if ((r->z == 0 || r->z == z1) && (r->other == 0 || r->other == z2))
            return r;
        if ((r->z == 0 || r->z == z2) && (r->other == 0 || r->other == z1))
            return r;
    }
    return NULL;
}

typedef struct { double energy, virial[6], (*force)[3]; } pair_sums;

static inline void pair_add_images(const pair_potential *p, const dft_crystal *c, size_t i, size_t j,
                                   const int n[3], pair_sums *sums)
{
    static const int voigt[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 }, { 0, 1 } };
    const pair_rule *rule = pair_find(p, c->z[i], c->z[j]);
    double f[3], r[3], phi[2];

    for (int a = -n[0]; rule && a <= n[0]; a++)
        for (int b = -n[1]; b <= n[1]; b++)
            for (int d = -n[2]; d <= n[2]; d++) {
                const int cell[3] = { a, b, d };
                for (int k = 0; k < 3; k++) {
                    const double u = c->position[j][k] - c->position[i][k];
                    f[k] = u - round(u) + cell[k];
                }
                dft_crystal_cartesian(c->lattice, f, r);
                const double length = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
                if (length < 1e-6 || length >= p->cutoff)
                    continue;
                pair_phi(rule, p->cutoff, length, phi);
                sums->energy += 0.5 * phi[0];
                for (int v = 0; v < 6; v++)
                    sums->virial[v] += 0.5 * phi[1] * r[voigt[v][0]] * r[voigt[v][1]] / length;
                for (int k = 0; k < 3 && sums->force; k++)
                    sums->force[i][k] += phi[1] * r[k] / length;
            }
}

static inline dft_status pair_evaluate(void *context, const dft_crystal *c, int want, size_t slot,
                                       flow_evaluation *out, dft_error *err)
{
    pair_potential *p = context;
    pair_sums sums = { .force = want & FLOW_WANT_FORCES ? out->force : NULL };
    const double volume = dft_crystal_volume(c);
    double b[3][3];
    int n[3];
    (void)slot;
    (void)err;

    p->n_evaluations++;
    out->converged = !(p->fails_from > 0 && p->n_evaluations >= p->fails_from);
    out->stopped = !out->converged && p->fails_by_request;
    snprintf(out->message, sizeof out->message, "%s", out->converged ? "closed form"
                                                                     : "told not to converge");
    if (!out->converged)
        return DFT_OK;
    if (sums.force)
        memset(sums.force, 0, c->n_atoms * sizeof *sums.force);
    dft_crystal_reciprocal(c->lattice, b);
    for (int k = 0; k < 3; k++)
        n[k] = 1 + (int)(p->cutoff / (2.0 * DFT_PI)
                         * sqrt(b[k][0] * b[k][0] + b[k][1] * b[k][1] + b[k][2] * b[k][2]));
    for (size_t i = 0; i < c->n_atoms; i++)
        for (size_t j = 0; j < c->n_atoms; j++)
            pair_add_images(p, c, i, j, n, &sums);
    /* cutoff ~ V^(-2/3) at a held number of waves; the error is a constant times atoms at fixed cutoff */
    const double g = p->is_held ? pow(p->held_volume / volume, 2.0 / 3.0) : 1.0;
    const double error = p->basis_error * (double)c->n_atoms * exp(-g);
    out->free_energy = sums.energy + error;
    out->energy = out->free_energy + p->zero_width;
    for (int v = 0; v < 6 && (want & FLOW_WANT_STRESS); v++)
        out->stress[v] = sums.virial[v] / volume + (v < 3 ? error * g * 2.0 / 3.0 / volume : 0.0);
    return DFT_OK;
}

static inline void pair_set_basis(void *context, const double (*lattice)[3])
{
    pair_potential *p = context;
    const double (*a)[3] = lattice;

    p->is_held = lattice != NULL;
    if (lattice)
        p->held_volume = fabs(a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
                              - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
                              + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]));
}

static inline flow_evaluator pair_evaluator(pair_potential *p)
{
    return (flow_evaluator){ "pair potential", pair_evaluate, p };
}

/* One element, Lennard-Jones: nearest neighbours at about 5 bohr, 0.01 Ha deep. */
static inline pair_potential pair_argon(void)
{
    return (pair_potential){ .cutoff = 11.0, .n_rules = 1, .rule = { { 0, 0, PAIR_LJ, 0.01, 4.5, 0.0 } } };
}

/* n x n x n conventional fcc cells with lattice constant a. */
static inline dft_crystal *pair_fcc(int n, double a, int z)
{
    static const double basis[4][3] = { { 0, 0, 0 }, { 0, 0.5, 0.5 }, { 0.5, 0, 0.5 }, { 0.5, 0.5, 0 } };
    const double lattice[3][3] = { { n * a, 0, 0 }, { 0, n * a, 0 }, { 0, 0, n * a } };
    double position[256][3];
    int element[256];
    size_t at = 0;
    dft_crystal *out = NULL;

    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++)
                for (int b = 0; b < 4; b++) {
                    const double cell[3] = { i, j, k };
                    for (int c = 0; c < 3; c++)
                        position[at][c] = (cell[c] + basis[b][c]) / n;
                    element[at++] = z;
                }
    dft_crystal_create(lattice, at, element, (const double (*)[3])position, &out, NULL);
    return out;
}

#endif
