/*
 * dft-lite/scf/start.h - starting orbitals from the atoms.
 *
 * The bound pseudo partial waves of all atoms, completed by smooth plane-wave noise from a seeded
 * generator where they are fewer than the bands, diagonalised in the starting potential.
 */
#ifndef DFT_START_H
#define DFT_START_H

#include "dft-lite/eigen/davidson.h"

/* psi [n_bands][n_pw] and eigenvalue [n_bands] out; work for n_bands and dft_start_trials.  Errors: as dft_subspace_start. */
dft_status dft_start_orbitals(const dft_kspace *kspace, const dft_spin_potential *potential,
                              size_t n_bands, double complex *psi, double *eigenvalue,
                              dft_davidson_work *work, dft_error *err);

/* How many trial vectors that takes: the scratch must have room for them. */
size_t dft_start_trials(const dft_ions *ions, size_t n_bands);

#endif
