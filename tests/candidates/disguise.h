/*
 * tests/candidates/disguise.h - a crystal made unrecognisable: turned, in another cell, shifted, shuffled.
 */
#ifndef TEST_CANDIDATES_DISGUISE_H
#define TEST_CANDIDATES_DISGUISE_H

#include "candidates/lattices.h"
#include "tests/candidates/shapes.h"

/* A random rotation, from the unit quaternion of four numbers. */
static inline void random_rotation(double r[3][3], unsigned *seed)
{
    double q[4], norm = 0.0;

    for (int i = 0; i < 4; i++) {
        q[i] = uniform(seed) + uniform(seed) + uniform(seed) - 1.5;
        norm += q[i] * q[i];
    }
    for (int i = 0; i < 4; i++)
        q[i] /= sqrt(norm);
    const double w = q[0], x = q[1], y = q[2], z = q[3];
    const double rotation[3][3] = {
        { 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y) },
        { 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x) },
        { 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y) }
    };
    memcpy(r, rotation, sizeof rotation);
}

/* A Hermite form of index n times a few random additions of rows: skew cells. */
static inline void random_matrix(int n, int m[3][3], unsigned *seed)
{
    cand_hermite_form(n, (size_t)(uniform(seed) * (double)cand_hermite_count(n)), m);
    for (int k = 0; k < 5; k++) {
        const int i = (int)(3.0 * uniform(seed)), j = (i + 1 + (int)(2.0 * uniform(seed))) % 3;
        const int sign = uniform(seed) < 0.5 ? -1 : 1;
        for (int c = 0; c < 3; c++)
            m[i][c] += sign * m[j][c];
    }
}

/* The crystal turned, in another cell of `n` primitive ones, shifted and with its atoms shuffled. */
static inline dft_crystal *disguised(const dft_crystal *crystal, int n, unsigned *seed)
{
    dft_crystal *large = NULL, *out = NULL;
    double rotation[3][3], lattice[3][3], shift[3];
    int matrix[3][3];

    random_matrix(n, matrix, seed);
    assert_int_equal(cand_crystal_supercell(crystal, (const int (*)[3])matrix, &large, NULL), DFT_OK);
    random_rotation(rotation, seed);
    for (int i = 0; i < 3; i++) {
        shift[i] = 5.0 * uniform(seed) - 2.5;
        for (int c = 0; c < 3; c++)
            lattice[i][c] = rotation[c][0] * large->lattice[i][0] + rotation[c][1] * large->lattice[i][1]
                          + rotation[c][2] * large->lattice[i][2];
    }
    for (size_t a = large->n_atoms; a-- > 1;) {
        const size_t b = (size_t)(uniform(seed) * (double)(a + 1));
        const int z = large->z[a];
        double x[3];
        memcpy(x, large->position[a], sizeof x);
        memcpy(large->position[a], large->position[b], sizeof x);
        memcpy(large->position[b], x, sizeof x);
        large->z[a] = large->z[b];
        large->z[b] = z;
    }
    for (size_t a = 0; a < large->n_atoms; a++)
        for (int c = 0; c < 3; c++)
            large->position[a][c] += shift[c];
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, large->n_atoms, large->z,
                                        (const double (*)[3])large->position, &out, NULL), DFT_OK);
    dft_crystal_free(large);
    return out;
}

#endif
