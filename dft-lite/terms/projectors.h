/*
 * dft-lite/terms/projectors.h - plane-wave coefficients of the atoms' projectors at one k-point.
 *
 * <k+G|p_a,nlm> = volume^(-1/2) (-i)^l f_nl(|k+G|) Y_lm(k+G) exp(-i(k+G).R_a), with f the radial
 * transform of species.h.  The same for the bound pseudo partial waves, used as starting orbitals.
 * Matrices are column-major, n_pw rows, one column per (atom, partial wave with m).
 */
#ifndef DFT_PROJECTORS_H
#define DFT_PROJECTORS_H

#include <complex.h>

#include "dft-lite/basis/kbasis.h"
#include "dft-lite/terms/ions.h"

size_t dft_projectors_count(const dft_ions *ions);
size_t dft_atomic_orbitals_count(const dft_ions *ions);     /* bound waves of all atoms, with m */

/* The projectors in factors: a real table for each species and a phase for each atom.  The whole matrix
 * would be the largest array of a calculation; made anew in blocks of plane waves that fit a cache it
 * costs a few per cent of the products it is needed for.  Immutable; borrows ions and kbasis. */
typedef struct dft_projectors dft_projectors;
dft_status dft_projectors_create(const dft_ions *ions, const dft_kbasis *kbasis, dft_projectors **out,
                                 dft_error *err);
void dft_projectors_free(dft_projectors *projectors);       /* NULL is accepted */

/* Rows first .. first + n - 1 of the whole matrix: block [count][n], in either precision. */
void dft_projectors_block_d(const dft_projectors *projectors, size_t first, size_t n,
                            double complex *block);
void dft_projectors_block_s(const dft_projectors *projectors, size_t first, size_t n,
                            float complex *block);

/* All rows of one atom's: matrix [n_i][n_pw]. */
void dft_projectors_of_atom(const dft_projectors *projectors, size_t atom, double complex *matrix);

/* matrix: [count][n_pw].  Errors: DFT_ENOMEM. */
dft_status dft_atomic_orbitals_fill(const dft_ions *ions, const dft_kbasis *kbasis,
                                    double complex *matrix, dft_error *err);

/* phase[g] = exp(-i(k+G).R), [n_pw]; position is fractional. */
void dft_projectors_phase(const dft_kbasis *kbasis, const double position[3], double complex *phase);

#endif
