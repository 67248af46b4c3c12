/*
 * dft-lite/hamiltonian/potential.h - the effective potential of a density, and its energy.
 *
 * For the valence pseudo density nt (density sphere) and on-site matrices D, with
 *   U[nt, D] = E_H[nt + nt_c + compensation(D)] + integral (nt + nt_c) v_zero + E_xc[nt + nt_c]
 *            + sum_a dE_a[D_a]
 * this computes U, v = dU/dnt on the orbital grid, and dH_a = dU/dD_a (Rostgaard, arXiv:0910.1921,
 * eqs. 46-48).  Hartree atomic units.
 */
#ifndef DFT_POTENTIAL_H
#define DFT_POTENTIAL_H

#include "dft-lite/hamiltonian/system.h"

typedef struct {
    double hartree, xc, zero, on_site;      /* Ha; U is their sum */
    double complex *v_g;                    /* owned, [n_g], Ha */
    double *v_r;                            /* owned, [orbital grid], Ha */
    double *dh_p;                           /* owned, [p_offset end] packed, Ha */
    double *dh;                             /* owned, [ii_offset end] n_i x n_i blocks, Ha */
    double *multipole;                      /* owned, [n_atoms][9] */
} dft_potential;

dft_status dft_potential_create(const dft_system *system, dft_potential **out, dft_error *err);
void dft_potential_free(dft_potential *potential);  /* NULL is accepted */

/* rho_g [n_g] valence pseudo density; d_p packed on-site matrices.  Errors: DFT_ENOMEM. */
dft_status dft_potential_compute(const dft_system *system, const double complex *rho_g,
                                 const double *d_p, dft_potential *potential, dft_error *err);

/* Q_aL = sum_p Delta_Lp D_p (+ the core's monopole when with_core). multipole: [n_atoms][9]. */
void dft_multipoles(const dft_system *system, const double *d_p, int with_core, double *multipole);

#endif
