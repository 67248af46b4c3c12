/*
 * tests/properties/derivatives.h - small crystals out of equilibrium and their converged solutions.
 */
#ifndef TEST_DERIVATIVES_H
#define TEST_DERIVATIVES_H

#include <stdlib.h>

#include "dft-lite/scf/scf.h"
#include "tests/terms/moved.h"

#define EV_PER_ANG (DFT_BOHR_ANG / DFT_HARTREE_EV)  /* in Ha/bohr */
#define GPA (1.0 / DFT_HA_PER_BOHR3_GPA)            /* in Ha/bohr^3 */

/* Forces and stress asked; tolerance far below what differences over 0.01 bohr resolve. */
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
    options.forces = options.stress = 1;
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
