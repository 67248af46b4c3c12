/*
 * tests/terms/moved.h - crystals with an atom displaced or the cell strained, and differences of them.
 */
#ifndef TEST_MOVED_H
#define TEST_MOVED_H

#include "dft-lite/terms/strain.h"
#include "tests/hamiltonian/systems.h"

/* A copy with atom a moved by h (bohr) along Cartesian axis c. */
static inline dft_crystal *test_displaced(const dft_crystal *crystal, size_t a, int c, double h)
{
    dft_crystal *moved = NULL;
    double step[3] = { 0.0 }, frac[3];

    step[c] = h;
    dft_crystal_fractional((const double (*)[3])crystal->lattice, step, frac);
    assert_int_equal(dft_crystal_create((const double (*)[3])crystal->lattice, crystal->n_atoms,
                                        crystal->z, (const double (*)[3])crystal->position, &moved,
                                        NULL), DFT_OK);
    for (int i = 0; i < 3; i++)
        moved->position[a][i] += frac[i];
    return moved;
}

/* A copy strained so that dE = h T_s for component s of strain.h. */
static inline dft_crystal *test_strained(const dft_crystal *crystal, int s, double h)
{
    const int row = dft_strain_row[s], column = dft_strain_column[s];
    double lattice[3][3];
    dft_crystal *moved = NULL;

    for (int i = 0; i < 3; i++) {
        for (int c = 0; c < 3; c++)
            lattice[i][c] = crystal->lattice[i][c];
        lattice[i][row] += 0.5 * h * crystal->lattice[i][column];
        lattice[i][column] += 0.5 * h * crystal->lattice[i][row];
    }
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, crystal->n_atoms, crystal->z,
                                        (const double (*)[3])crystal->position, &moved, NULL), DFT_OK);
    return moved;
}

/* Slope from energies at -2h, -h, h, 2h: error h^4/30 times the fifth derivative. */
static inline double test_slope(const double e[4], double h)
{
    return (8.0 * (e[2] - e[1]) - (e[3] - e[0])) / (12.0 * h);
}

static const double test_steps[4] = { -2.0, -1.0, 1.0, 2.0 };

#endif
