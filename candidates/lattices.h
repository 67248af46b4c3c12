/*
 * candidates/lattices.h - lattices in three dimensions: reduction, vectors, superlattices.
 *
 * Rows are vectors, any length unit.  Pure functions.
 */
#ifndef CAND_LATTICES_H
#define CAND_LATTICES_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* Minkowski reduction: the rows of `reduced` are three shortest vectors that span the lattice, shortest
 * first; reduced = change x lattice, det(change) = +-1 (the handedness may change).  Greedy reduction,
 * P. Nguyen, D. Stehle, ACM Trans. Algorithms 5, 46 (2009), exact in three dimensions. */
void cand_reduce_3d(const double lattice[3][3], double reduced[3][3], int change[3][3]);

/* The same crystal in the reduced cell of its lattice.  The caller owns *out; NULL on failure.
 * Errors: those of dft_crystal_create. */
dft_status cand_crystal_reduced(const dft_crystal *crystal, dft_crystal **out, dft_error *err);

/* The supercell with vectors matrix x lattice, |det(matrix)| copies of every atom; copy k of atom a is
 * atom a * |det| + k.  The caller owns *out; NULL on failure.  Errors: DFT_EINPUT for det = 0 or too
 * many atoms (CAND_MAX_CELL_ATOMS); DFT_ENOMEM. */
dft_status cand_crystal_supercell(const dft_crystal *crystal, const int matrix[3][3],
                                  dft_crystal **out, dft_error *err);
#define CAND_MAX_CELL_ATOMS 4096

int cand_determinant(const int matrix[3][3]);

/* Superlattices of index n: all Hermite normal forms (a 0 0; b c 0; d e f) of row vectors, acf = n,
 * 0 <= b, d < a, 0 <= e < c (G. Hart, R. Forcade, Phys. Rev. B 77, 224115 (2008), use columns).
 * Form i of cand_hermite_count(n) = sum over d | n of d sigma(d) ones (n = 2: 7, n = 4: 35). */
size_t cand_hermite_count(int n);
void cand_hermite_form(int n, size_t i, int form[3][3]);

#endif
