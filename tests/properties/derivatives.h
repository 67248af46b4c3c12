/*
 * tests/properties/derivatives.h - small crystals out of equilibrium and their converged solutions.
 */
#ifndef TEST_DERIVATIVES_H
#define TEST_DERIVATIVES_H

#include <stdlib.h>

#include "dft-lite/properties/result_gradients.h"
#include "tests/terms/moved.h"

#define EV_PER_ANG (DFT_BOHR_ANG / DFT_HARTREE_EV)  /* in Ha/bohr */
#define GPA (1.0 / DFT_HA_PER_BOHR3_GPA)            /* in Ha/bohr^3 */

/* Tolerance far below what differences resolve; the ground is kept for forces. */
static inline dft_scf_options test_derivative_options(double ecut_ev, int n1, int n2, int n3,
                                                      double width_ev)
{
    dft_scf_options options = dft_scf_defaults();

    options.ecut = ecut_ev / DFT_HARTREE_EV;
    options.kmesh[0] = n1;
    options.kmesh[1] = n2;
    options.kmesh[2] = n3;
    options.width = width_ev / DFT_HARTREE_EV;
    options.energy_tolerance = 1e-9 / DFT_HARTREE_EV;
    options.for_forces = 1;
    return options;
}

static inline dft_scf_result *test_solve(const dft_crystal *crystal, const dft_scf_options *options,
                                         const dft_scf_result *start)
{
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    if (dft_scf_run(crystal, options, start, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    if (!result->converged)
        fail_msg("%s", result->message);
    return result;
}

#define TEST_MAX_ATOMS 8

typedef struct {
    dft_scf_result *result;             /* owned */
    double free_energy, force[TEST_MAX_ATOMS][3], stress[6];
} test_solution;

static inline test_solution test_differentiate(const dft_crystal *crystal,
                                               const dft_scf_options *options,
                                               const dft_scf_result *start)
{
    test_solution s = { .result = test_solve(crystal, options, start) };

    assert_int_equal(dft_result_gradients(s.result, s.force, s.stress, NULL), DFT_OK);
    s.free_energy = s.result->free_energy;
    return s;
}

static inline double test_free_energy(const dft_crystal *crystal, const dft_scf_options *options,
                                      const dft_scf_result *start)
{
    dft_scf_result *result = test_solve(crystal, options, start);
    const double energy = result->free_energy;

    dft_scf_result_free(result);
    return energy;
}

/* All atoms of a copy moved by h times direction [n_atoms][3] (bohr). */
static inline dft_crystal *test_moved_along(const dft_crystal *crystal, const double (*direction)[3],
                                            double h)
{
    dft_crystal *moved = test_displaced(crystal, 0, 0, 0.0);

    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (int c = 0; c < 3; c++) {
            dft_crystal *next = test_displaced(moved, a, c, h * direction[a][c]);
            dft_crystal_free(moved);
            moved = next;
        }
    return moved;
}

/* A copy strained by h times direction, components of strain.h. */
static inline dft_crystal *test_strained_along(const dft_crystal *crystal,
                                               const double direction[DFT_N_STRAIN], double h)
{
    dft_crystal *strained = test_strained(crystal, 0, 0.0);

    for (int s = 0; s < DFT_N_STRAIN; s++) {
        dft_crystal *next = test_strained(strained, s, h * direction[s]);
        dft_crystal_free(strained);
        strained = next;
    }
    return strained;
}

/* Lithium fluoride, two atoms, every angle and edge different. */
static inline dft_crystal *test_triclinic_lif(void)
{
    const double cell[3][3] = { { 2.7, 0.2, 0.1 }, { 0.3, 2.9, -0.1 }, { 1.2, 1.4, 2.1 } };
    const double x[2][3] = { { 0.02, 0.01, -0.03 }, { 0.46, 0.53, 0.51 } };
    return test_crystal(cell, 2, (const int[]){ 3, 9 }, x);
}

/* Two aluminium atoms in a tetragonal cell, the second off its site. */
static inline dft_crystal *test_displaced_aluminium(void)
{
    const double cell[3][3] = { { 2.86, 0, 0 }, { 0, 2.86, 0 }, { 0, 0, 4.05 } };
    const double x[2][3] = { { 0, 0, 0 }, { 0.53, 0.48, 0.46 } };
    return test_crystal(cell, 2, (const int[]){ 13, 13 }, x);
}

/* Silicon whose cell is sheared and stretched, atoms on the affine sites. */
static inline dft_crystal *test_strained_silicon(void)
{
    const double h = 2.715, s[3][3] = { { 1.01, 0.015, 0.0 }, { 0.015, 0.99, 0.02 }, { 0.0, 0.02, 1.0 } };
    const double fcc[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    double cell[3][3] = { { 0.0 } };

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            for (int d = 0; d < 3; d++)
                cell[i][c] += fcc[i][d] * s[d][c];
    return test_crystal((const double (*)[3])cell, 2, (const int[]){ 14, 14 },
                        (const double[][3]){ { 0, 0, 0 }, { 0.25, 0.25, 0.25 } });
}

#endif
