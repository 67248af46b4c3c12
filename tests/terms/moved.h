/*
 * tests/terms/moved.h - crystals with an atom displaced or the cell strained, and differences of
 * them.
 */
#ifndef TEST_MOVED_H
#define TEST_MOVED_H

#include <string.h>

#include "dft-lite/base/alloc.h"
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

/* The vectors that `crystal` has, in the cell `strained`. */
static inline dft_basis *test_basis_like(const dft_crystal *strained, const dft_basis *basis,
                                         const dft_symmetry *symmetry)
{
    dft_basis *other = NULL;

    assert_int_equal(dft_basis_create_like(strained, (const double (*)[3])basis->lattice, basis->ecut,
                                           symmetry, &other, NULL), DFT_OK);
    assert_int_equal(other->n_g, basis->n_g);
    assert_int_equal(other->n_fine, basis->n_fine);
    return other;
}

/* scale * field of the first n vectors of one basis, in the order of the other, whose cell is
 * strained a little and orders them by its own lengths. */
static inline double complex *test_carry(const dft_basis *from, const dft_basis *to, size_t n,
                                         double scale, const double complex *field)
{
    double complex *carried = dft_alloc_complex(n);

    for (size_t ig = 0; ig < n; ig++) {
        size_t at = ig;                 /* near the same place: look on both sides, further and further */
        for (size_t step = 1; memcmp(to->hkl[ig], from->hkl[at], sizeof to->hkl[ig]) != 0; step++) {
            assert_true(step <= 2 * n);
            at = step % 2 ? (ig + (step + 1) / 2) % n : (ig + n - step / 2 % n) % n;
        }
        carried[ig] = scale * field[at];
    }
    return carried;
}

/* Slope from energies at -2h, -h, h, 2h: error h^4/30 times the fifth derivative. */
static inline double test_slope(const double e[4], double h)
{
    return (8.0 * (e[2] - e[1]) - (e[3] - e[0])) / (12.0 * h);
}

static const double test_steps[4] = { -2.0, -1.0, 1.0, 2.0 };

#endif
