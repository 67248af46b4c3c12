/*
 * tests/candidates/shapes.h - bulk crystals and disturbed slabs for the tests of candidates.
 */
#ifndef TEST_CANDIDATES_SHAPES_H
#define TEST_CANDIDATES_SHAPES_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/library.h"
#include "candidates/miller.h"
#include "candidates/slab.h"
#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

#define ANG (1.0 / DFT_BOHR_ANG)

/* Conventional cell of a library entry; aborts the test when it is missing. */
static inline dft_crystal *library_crystal(const char *id)
{
    cand_library *library = NULL;
    const cand_entry *entry = NULL;
    dft_crystal *crystal = NULL;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    assert_int_equal(cand_library_find(library, id, &entry, NULL), DFT_OK);
    assert_int_equal(cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &crystal, NULL), DFT_OK);
    cand_library_free(library);
    return crystal;
}

/* A slab of a library entry, or the sheet that it is (facet "sheet"); a (NULL allowed) is the first
 * cell vector's x of the conventional cell.  Bohr. */
static inline dft_crystal *library_slab(const char *id, const char *facet, int layers, double vacuum,
                                        double *a)
{
    dft_crystal *bulk = library_crystal(id), *slab = NULL;
    int miller[3];

    if (a)
        *a = bulk->lattice[0][0];
    if (strcmp(facet, "sheet") == 0) {
        assert_int_equal(cand_sheet_create(bulk, vacuum, &slab, NULL, NULL), DFT_OK);
    } else {
        assert_int_equal(cand_miller_parse(facet, miller, NULL, NULL), DFT_OK);
        assert_int_equal(cand_slab_create(bulk, miller, layers, vacuum, 0, &slab, NULL, NULL),
                         DFT_OK);
    }
    dft_crystal_free(bulk);
    return slab;
}

/* Uniform in [0, 1), the same on every machine (a 31-bit linear congruential generator). */
static inline double uniform(unsigned *seed)
{
    *seed = (*seed * 1103515245u + 12345u) & 0x7fffffffu;
    return *seed / 2147483648.0;
}

/* The crystal turned as a whole by a random rotation in space (a unit quaternion), coordinates kept:
 * nothing lies along an axis any more. */
static inline dft_crystal *turned(const dft_crystal *crystal, unsigned *seed)
{
    double q[4], norm = 0.0, lattice[3][3];
    dft_crystal *out = NULL;

    for (int i = 0; i < 4; i++) {
        q[i] = 2.0 * uniform(seed) - 1.0;
        norm += q[i] * q[i];
    }
    for (int i = 0; i < 4; i++)
        q[i] /= sqrt(norm);
    for (int k = 0; k < 3; k++) {                /* v + 2 q0 (q x v) + 2 q x (q x v) */
        const double *v = crystal->lattice[k];
        double once[3], twice[3];
        for (int c = 0; c < 3; c++)
            once[c] = q[1 + (c + 1) % 3] * v[(c + 2) % 3] - q[1 + (c + 2) % 3] * v[(c + 1) % 3];
        for (int c = 0; c < 3; c++)
            twice[c] = q[1 + (c + 1) % 3] * once[(c + 2) % 3]
                     - q[1 + (c + 2) % 3] * once[(c + 1) % 3];
        for (int c = 0; c < 3; c++)
            lattice[k][c] = v[c] + 2.0 * q[0] * once[c] + 2.0 * twice[c];
    }
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, crystal->n_atoms, crystal->z,
                                        (const double (*)[3])crystal->position, &out, NULL), DFT_OK);
    return out;
}

/* The crystal with its origin shifted by a random vector, the cell turned by `angle` about z, and
 * every atom moved by up to `noise` (bohr) along each
 * axis. */
static inline dft_crystal *disturbed(const dft_crystal *slab, double angle, double noise,
                                     unsigned *seed)
{
    dft_crystal *out = NULL;
    double lattice[3][3], shift[3];
    double (*position)[3] = calloc(slab->n_atoms, sizeof *position);

    assert_non_null(position);
    for (int i = 0; i < 3; i++) {
        const double *a = slab->lattice[i];
        lattice[i][0] = cos(angle) * a[0] - sin(angle) * a[1];
        lattice[i][1] = sin(angle) * a[0] + cos(angle) * a[1];
        lattice[i][2] = a[2];
        shift[i] = uniform(seed);
    }
    for (size_t a = 0; a < slab->n_atoms; a++) {
        double cart[3], extra[3];
        for (int c = 0; c < 3; c++)
            cart[c] = noise * (2.0 * uniform(seed) - 1.0);
        dft_crystal_fractional((const double (*)[3])lattice, cart, extra);
        for (int c = 0; c < 3; c++)
            position[a][c] = slab->position[a][c] + shift[c] + extra[c];
    }
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, slab->n_atoms, slab->z,
                                        (const double (*)[3])position, &out, NULL), DFT_OK);
    free(position);
    return out;
}

#endif
