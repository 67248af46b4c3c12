/*
 * tests/workflows/fake_calculator.h - a calculator whose energies are known in closed form.
 *
 * Pair potential: Morse, E = sum D [(1 - exp(-a (r - r0)))^2 - 1] over pairs nearer than 12 bohr, with
 * r0 = 1.18 (R_i + R_j) from the covalent radii, shifted to 0 at the cutoff.
 * Volume law: a Birch-Murnaghan curve per cell, whatever the atoms (fake_volume_law).
 */
#ifndef TEST_FAKE_CALCULATOR_H
#define TEST_FAKE_CALCULATOR_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/eos.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "workflows/calculator.h"

#define FAKE_CUTOFF 12.0
#define FAKE_DEPTH 0.012            /* Ha */
#define FAKE_SLOPE 0.75             /* 1/bohr */

typedef struct {
    double v0, e0, b0, b0_prime;    /* volume law when v0 > 0; bohr^3, Ha, Ha/bohr^3 */
    int unconverged_z;              /* cells with this element do not converge; 0: none */
    int unconverged_from_start;     /* 1: does not converge from a start, only from scratch */
    int has_states;                 /* 1: two bands at one point, and two electrons: */
    double gap;                     /* ... this far apart, Ha; 0: apart all the same, with one electron */
    int n_computed;
    const dft_crystal *crystal;     /* out: the last one, borrowed */
    const char *wrong_sha;          /* checksum that results report instead; NULL: the right one */
} fake_settings;

static inline double fake_morse(int zi, int zj, double r)
{
    const double r0 = 1.18 * (dft_element_covalent_radius_ang(zi)
                              + dft_element_covalent_radius_ang(zj)) / DFT_BOHR_ANG;
    const double x = 1.0 - exp(-FAKE_SLOPE * (r - r0));
    const double x_cut = 1.0 - exp(-FAKE_SLOPE * (FAKE_CUTOFF - r0));
    return FAKE_DEPTH * (x * x - x_cut * x_cut);
}

static inline double fake_pair_energy(const dft_crystal *c)
{
    double reciprocal[3][3], energy = 0.0;
    int n[3];

    dft_crystal_reciprocal(c->lattice, reciprocal);
    for (int i = 0; i < 3; i++)     /* planes are 2 pi/|b| apart */
        n[i] = 1 + (int)(FAKE_CUTOFF / (2.0 * DFT_PI)
                         * sqrt(reciprocal[i][0] * reciprocal[i][0]
                                + reciprocal[i][1] * reciprocal[i][1]
                                + reciprocal[i][2] * reciprocal[i][2]));
    for (size_t i = 0; i < c->n_atoms; i++)
        for (size_t j = 0; j < c->n_atoms; j++)
            for (int a = -n[0]; a <= n[0]; a++)
                for (int b = -n[1]; b <= n[1]; b++)
                    for (int d = -n[2]; d <= n[2]; d++) {
                        const double f[3] = { c->position[j][0] - c->position[i][0] + a,
                                              c->position[j][1] - c->position[i][1] + b,
                                              c->position[j][2] - c->position[i][2] + d };
                        double r[3];
                        dft_crystal_cartesian(c->lattice, f, r);
                        const double length = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
                        if (length > 1e-6 && length < FAKE_CUTOFF)
                            energy += 0.5 * fake_morse(c->z[i], c->z[j], length);
                    }
    return energy;
}

/* dE/dr of a pair; the shift at the cutoff has none. */
static inline double fake_morse_slope(int zi, int zj, double r)
{
    const double r0 = 1.18 * (dft_element_covalent_radius_ang(zi)
                              + dft_element_covalent_radius_ang(zj)) / DFT_BOHR_ANG;
    const double e = exp(-FAKE_SLOPE * (r - r0));
    return 2.0 * FAKE_DEPTH * FAKE_SLOPE * e * (1.0 - e);
}

/* Forces of the pair potential on the crystal that was computed last; it has no stress. */
static inline dft_status fake_gradients(void *context, dft_scf_result *result, double (*force)[3],
                                        double *stress, dft_error *err)
{
    const dft_crystal *c = ((fake_settings *)context)->crystal;
    double reciprocal[3][3];
    int n[3];
    (void)result;

    if (stress)
        return dft_fail(err, DFT_EINPUT, "the fake has no stress");
    dft_crystal_reciprocal(c->lattice, reciprocal);
    for (int i = 0; i < 3; i++)
        n[i] = 1 + (int)(FAKE_CUTOFF / (2.0 * DFT_PI)
                         * sqrt(reciprocal[i][0] * reciprocal[i][0]
                                + reciprocal[i][1] * reciprocal[i][1]
                                + reciprocal[i][2] * reciprocal[i][2]));
    memset(force, 0, c->n_atoms * sizeof *force);
    for (size_t i = 0; i < c->n_atoms; i++)
        for (size_t j = 0; j < c->n_atoms; j++)
            for (int a = -n[0]; a <= n[0]; a++)
                for (int b = -n[1]; b <= n[1]; b++)
                    for (int d = -n[2]; d <= n[2]; d++) {
                        const double f[3] = { c->position[j][0] - c->position[i][0] + a,
                                              c->position[j][1] - c->position[i][1] + b,
                                              c->position[j][2] - c->position[i][2] + d };
                        double r[3];
                        dft_crystal_cartesian(c->lattice, f, r);
                        const double length = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
                        if (length <= 1e-6 || length >= FAKE_CUTOFF)
                            continue;
                        for (int k = 0; k < 3; k++)
                            force[i][k] += fake_morse_slope(c->z[i], c->z[j], length) * r[k] / length;
                    }
    return DFT_OK;
}

static inline void fake_sha(const char *symbol, char out[65])
{
    memset(out, 'a', 64);
    memcpy(out, symbol, strlen(symbol));
    out[64] = '\0';
}

static inline dft_status fake_data_set(void *context, const char *symbol,
                                       const dft_scf_options *options, flow_data_set *out,
                                       dft_error *err)
{
    (void)context;
    (void)options;
    if (strcmp(symbol, "Pt") == 0)
        return dft_fail(err, DFT_ENOFILE, "no data set for Pt");
    snprintf(out->name, sizeof out->name, "%s.fake", symbol);
    fake_sha(symbol, out->sha256);
    out->n_valence = 1.0;
    return DFT_OK;
}

static inline void fake_free(dft_scf_result *result)
{
    if (result)
        free(result->eigenvalue);
    free(result);
}

static inline dft_status fake_compute(void *context, const dft_crystal *crystal,
                                      const dft_scf_options *options, const dft_scf_result *start,
                                      dft_scf_result **out, dft_error *err)
{
    fake_settings *fake = context;
    dft_scf_result *r = dft_alloc(1, sizeof *r);

    if (!r)
        return dft_fail(err, DFT_ENOMEM, "no memory");
    fake->n_computed++;
    fake->crystal = crystal;
    r->converged = 1;
    for (size_t i = 0; i < crystal->n_atoms; i++)
        if (crystal->z[i] == fake->unconverged_z)
            r->converged = 0;
    if (start && fake->unconverged_from_start)
        r->converged = 0;
    if (options->between_steps && options->between_steps(NULL, options->between_steps_context)) {
        r->stopped = 1;
        r->converged = 0;
    }
    if (!r->converged)
        snprintf(r->message, sizeof r->message, "the fake was told not to converge");
    r->energy = fake->v0 > 0.0 ? desc_eos_energy(dft_crystal_volume(crystal), fake->v0, fake->e0,
                                                 fake->b0, fake->b0_prime)
                               : fake_pair_energy(crystal);
    r->free_energy = r->energy;
    r->scf_iterations = 1;
    if (fake->has_states && (r->eigenvalue = dft_alloc_doubles(2))) {
        r->n_spin = r->n_k = 1;
        r->n_bands = 2;
        r->n_electrons = fake->gap > 0.0 ? 2.0 : 1.0;
        r->eigenvalue[0] = -0.5 * (fake->gap > 0.0 ? fake->gap : 0.1);
        r->eigenvalue[1] = -r->eigenvalue[0];
    }
    r->magnetic_moment = options->spin ? 1.0 : 0.0;
    r->n_data = 1;
    fake_sha(dft_element_symbol(crystal->z[0]), r->data[0].sha256);
    if (fake->wrong_sha)
        snprintf(r->data[0].sha256, sizeof r->data[0].sha256, "%s", fake->wrong_sha);
    *out = r;
    return DFT_OK;
}

static inline flow_calculator fake_calculator(fake_settings *settings)
{
    return (flow_calculator){ .name = "fake", .compute = fake_compute, .free_result = fake_free,
                              .gradients = fake_gradients, .data_set = fake_data_set,
                              .context = settings };
}

#endif
