/*
 * dft-lite/eigen/davidson.h - the lowest orbitals of H psi = e S psi at one k-point, blocked.
 *
 * Each sweep applies H and S to the preconditioned residuals of the bands that are not converged yet
 * and diagonalises in the space of orbitals and residuals (E. R. Davidson, J. Comput. Phys. 17, 87
 * (1975)).  Preconditioner: M. P. Teter, M. C. Payne, D. C. Allan, PRB 40, 12255 (1989).
 */
#ifndef DFT_DAVIDSON_H
#define DFT_DAVIDSON_H

#include <complex.h>

#include "dft-lite/hamiltonian/hamiltonian.h"

/* Scratch for blocks of up to n_bands orbitals on up to n_pw plane waves; one per outer thread. */
typedef struct {
    size_t n_bands, n_pw;
    double complex *h_psi, *s_psi;          /* [n_bands][n_pw] */
    double complex *w, *h_w, *s_w;          /* [n_bands][n_pw] */
    double complex *turned;                 /* [n_bands][n_pw] */
    double complex *h_small, *s_small, *x;  /* [2 n_bands]^2 */
    double *norm;                           /* [n_bands] */
    double *e_small;                        /* [2 n_bands] */
    size_t *active;                         /* [n_bands] */
    dft_apply_work *apply;                  /* owned */
} dft_davidson_work;

dft_status dft_davidson_work_create(const dft_system *system, size_t n_bands, size_t n_pw,
                                    size_t n_inner, dft_davidson_work **out, dft_error *err);
void dft_davidson_work_free(dft_davidson_work *work);       /* NULL is accepted */

typedef struct {
    double tolerance;               /* Ha, on the residual norm |H psi - e S psi| of a band ... */
    const double *slack;            /* ... times this, [n_bands]: large where a band is empty */
    int max_sweeps;
} dft_davidson_options;

/* psi [n_bands][n_pw]: trial orbitals in (any independent set), S-orthonormal eigenvectors out;
 * eigenvalue [n_bands] ascending; residual [n_bands] norms as of the last sweep's start.
 * Returns n_applied, the number of H applications in units of one band.  Errors: DFT_ENUMERIC when S is
 * not positive or trial orbitals are dependent; DFT_ENOMEM. */
dft_status dft_davidson_solve(const dft_kspace *kspace, const dft_potential *potential,
                              const dft_davidson_options *options, size_t n_bands,
                              double complex *psi, double *eigenvalue, double *residual,
                              dft_davidson_work *work, size_t *n_applied, dft_error *err);

/* Diagonalises in the span of n_trial >= n_bands independent vectors and keeps the lowest n_bands.
 * trial [n_trial][n_pw]; psi [n_bands][n_pw]. */
dft_status dft_subspace_start(const dft_kspace *kspace, const dft_potential *potential,
                              size_t n_trial, const double complex *trial, size_t n_bands,
                              double complex *psi, double *eigenvalue, dft_error *err);

#endif
