/*
 * dft-lite/hamiltonian/potential.h - the effective potential of a density, and its energy.
 *
 * For the valence pseudo density nt (density sphere) and on-site matrices D, with
 *   U[nt, D] = E_H[nt + nt_c + compensation(D)] + integral (nt + nt_c) v_zero + E_xc[nt + nt_c]
 *            + sum_a dE_a[D_a]  (+ E_dipole of the same charge as E_H, where a slab asks for it)
 * this computes U, v = dU/dnt as a field of the orbital box, and dH_a = dU/dD_a (Rostgaard, arXiv:0910.1921,
 * eqs. 46-48).  Hartree atomic units.
 */
#ifndef DFT_POTENTIAL_H
#define DFT_POTENTIAL_H

#include "dft-lite/base/phases.h"
#include "dft-lite/hamiltonian/system.h"

typedef struct {
    double hartree, dipole, xc, zero, on_site;      /* Ha; U is their sum */
    double dipole_moment;                   /* of the slab, electrons x bohr; 0 without the correction */
    double complex *v_g;                    /* owned, [n_spin][n_g], Ha: dU/d(density, magnetisation) */
    double *v_d;                            /* owned, [n_spin][field], Ha: up, down (sphere_fft.h) ... */
    float *v_s;                             /* ... and in single precision */
    double *dh_p;                           /* owned, [n_spin][p_offset end] packed, Ha, like v_g */
    double *dh;                             /* owned, [n_spin][ii_offset end] n_i x n_i blocks, like v_d */
    double *multipole;                      /* owned, [n_atoms][9] scratch: dU/dQ_aL, Ha, for the first atom of
                                               each class (site_turns.h) only */
} dft_potential;

typedef struct {                            /* what acts on the orbitals of one spin */
    const double *v_d;                      /* borrowed from the potential, all three */
    const float *v_s;
    const double *dh;
} dft_spin_potential;

dft_spin_potential dft_potential_of_spin(const dft_system *system, const dft_potential *potential,
                                         size_t spin);

dft_status dft_potential_create(const dft_system *system, dft_potential **out, dft_error *err);
void dft_potential_free(dft_potential *potential);  /* NULL is accepted */

/* rho_g [n_spin][n_g] valence pseudo density and magnetisation; d_p [n_spin][p_offset end] packed on-site
 * matrices of the same.  phases: the account it goes to, or NULL.  Errors: DFT_ENOMEM. */
dft_status dft_potential_compute(const dft_system *system, const double complex *rho_g,
                                 const double *d_p, dft_potential *potential, dft_phases *phases,
                                 dft_error *err);

/* Q_aL = sum_p Delta_Lp D_p (+ the core's monopole when with_core). multipole: [n_atoms][9]. */
void dft_multipoles(const dft_system *system, const double *d_p, int with_core, double *multipole);

#endif
