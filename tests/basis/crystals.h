/*
 * tests/basis/crystals.h - small crystals for the engine's tests; lengths in Angstrom come out in
 * bohr.
 */
#ifndef TEST_CRYSTALS_H
#define TEST_CRYSTALS_H

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/crystal/symmetry.h"
#include "tests/support/assert_close.h"

static inline dft_crystal *test_crystal(const double lattice_ang[3][3], size_t n, const int *z,
                                        const double (*position)[3])
{
    double lattice[3][3];
    dft_crystal *crystal = NULL;

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = lattice_ang[i][c] / DFT_BOHR_ANG;
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, n, z, position, &crystal,
                                        NULL), DFT_OK);
    return crystal;
}

/* One atom, face-centred: a is the cube's edge. */
static inline dft_crystal *test_fcc(int z, double a, const double position[3])
{
    const double h = 0.5 * a, cell[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    const double x[1][3] = { { position[0], position[1], position[2] } };
    return test_crystal(cell, 1, &z, x);
}

static inline dft_crystal *test_bcc(int z, double a)
{
    const double h = 0.5 * a, cell[3][3] = { { -h, h, h }, { h, -h, h }, { h, h, -h } };
    return test_crystal(cell, 1, &z, (const double[][3]){ { 0, 0, 0 } });
}

/* Two atoms; the glide planes translate by a quarter. */
static inline dft_crystal *test_diamond(int z, double a)
{
    const double h = 0.5 * a, cell[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    return test_crystal(cell, 2, (const int[]){ z, z },
                        (const double[][3]){ { 0, 0, 0 }, { 0.25, 0.25, 0.25 } });
}

static inline dft_crystal *test_hcp(int z, double a, double c)
{
    const double cell[3][3] = { { a, 0, 0 }, { -0.5 * a, 0.5 * sqrt(3.0) * a, 0 }, { 0, 0, c } };
    const double x[2][3] = { { 1.0 / 3, 2.0 / 3, 0.25 }, { 2.0 / 3, 1.0 / 3, 0.75 } };
    return test_crystal(cell, 2, (const int[]){ z, z }, x);
}

static inline dft_crystal *test_wurtzite(int z1, int z2, double a, double c, double u)
{
    const double cell[3][3] = { { a, 0, 0 }, { -0.5 * a, 0.5 * sqrt(3.0) * a, 0 }, { 0, 0, c } };
    const double x[4][3] = { { 1.0 / 3, 2.0 / 3, 0 }, { 2.0 / 3, 1.0 / 3, 0.5 },
                             { 1.0 / 3, 2.0 / 3, u }, { 2.0 / 3, 1.0 / 3, 0.5 + u } };
    return test_crystal(cell, 4, (const int[]){ z1, z1, z2, z2 }, x);
}

/* Nothing maps it onto itself. */
static inline dft_crystal *test_triclinic(int z)
{
    const double cell[3][3] = { { 3.1, 0.2, 0 }, { 0.4, 3.4, 0.3 }, { 0.5, 0.1, 3.9 } };
    return test_crystal(cell, 1, &z, (const double[][3]){ { 0.13, 0.29, 0.41 } });
}

static inline dft_symmetry *test_symmetry(const dft_crystal *crystal)
{
    dft_symmetry *symmetry = NULL;

    assert_int_equal(dft_symmetry_create(crystal, 1e-4, &symmetry, NULL), DFT_OK);
    return symmetry;
}

/* Numbers in (-1, 1) that depend on the state alone. */
static inline double test_random(unsigned long *state)
{
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return (double)(*state >> 11) / 4503599627370496.0 - 1.0;
}

#endif
