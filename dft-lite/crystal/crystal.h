/*
 * dft-lite/crystal/crystal.h - a periodic arrangement of atoms.
 *
 * lattice[i][c]: row i is vector a_i, column c Cartesian, bohr.  Positions are fractional,
 * [n_atoms][3], kept as given (not wrapped).  Immutable once made; share freely among threads.
 */
#ifndef DFT_CRYSTAL_H
#define DFT_CRYSTAL_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct {
    double lattice[3][3];           /* bohr */
    size_t n_atoms;
    int *z;                         /* owned, [n_atoms], atomic numbers */
    double (*position)[3];          /* owned, [n_atoms][3], fractional */
} dft_crystal;

/* Copies its arguments (lattice in bohr, positions fractional).  The caller owns *out; NULL on
 * failure.  Errors: DFT_EINPUT for a singular cell, no atoms, z outside 1..118, non-finite numbers,
 * or two atoms (periodic images included) closer than 0.4 bohr, naming both; DFT_ENOMEM. */
dft_status dft_crystal_create(const double lattice[3][3], size_t n_atoms, const int *z,
                              const double (*position)[3], dft_crystal **out, dft_error *err);
void dft_crystal_free(dft_crystal *crystal);                            /* NULL is accepted */

double dft_crystal_volume(const dft_crystal *crystal);                  /* bohr^3, positive */

/* Rows are b_i with a_i . b_j = 2 pi delta_ij; 1/bohr. */
void dft_crystal_reciprocal(const double lattice[3][3], double reciprocal[3][3]);

/* r_cart = sum_i frac_i a_i (bohr). */
void dft_crystal_cartesian(const double lattice[3][3], const double frac[3], double cart[3]);
void dft_crystal_fractional(const double lattice[3][3], const double cart[3], double frac[3]);

/* Shortest distance (bohr) between atoms i and j over all periodic images; i == j gives the nearest
 * own image. */
double dft_crystal_distance(const dft_crystal *crystal, size_t i, size_t j);

#endif
