/*
 * dft-lite/scf/density.h - density and on-site matrices of occupied orbitals.
 *
 *   nt(r) = 1/volume sum_k w_k sum_b f_b |psi_b(r)|^2     D_ij = sum_k w_k sum_b f_b <psi|p_i><p_j|psi>
 *
 * (real parts: time reversal), and the local density of states at the Fermi level,
 *   D(r) = 1/volume sum_k w_k sum_b d_b |psi_b(r)|^2,
 * not yet symmetrised.  With spin: total and magnetisation; D is the total.  Sums run over a fixed number
 * of groups of channels, so the bits do not depend on the thread count.
 */
#ifndef DFT_DENSITY_H
#define DFT_DENSITY_H

#include "dft-lite/scf/state.h"

/* kspace [n_k]; occupation [n_channels][n_bands], 0..2; slope alike: d_b, states/Ha; orbitals from
 * state->psi and their projections [n_channels][n_bands][n_projectors]; writes rho_g [n_spin][n_g], d_p [n_spin][n_p], ldos_g [n_g].  Errors: DFT_ENOMEM. */
dft_status dft_density_compute(const dft_system *system, dft_kspace *const *kspace,
                               const dft_scf_state *state, const double *occupation,
                               const double *slope, const double complex *const *projections,
                               double complex *rho_g, double *d_p, double complex *ldos_g, dft_error *err);

#endif
