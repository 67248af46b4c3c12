/*
 * dft-lite/eigen/davidson.h - the lowest orbitals of H psi = e S psi at one k-point, blocked.
 *
 * Each sweep adds the preconditioned residuals of the bands that are not converged yet to the search
 * space and diagonalises in all of it (E. R. Davidson, J. Comput. Phys. 17, 87 (1975)); nothing is
 * thrown away within a call, so convergence is that of a Krylov method, not of steepest descent.
 * Preconditioner: M. P. Teter, M. C. Payne, D. C. Allan, PRB 40, 12255 (1989).
 *
 * Neither H psi nor S psi is ever formed: with the parts of hamiltonian.h the small matrices are
 *   <v|H|v'> = <v|local(v')> + c^H dH c',   <v|S|v'> = <v|v'> + c^H dO c',   c = P^H v
 * and a residual is  local(v) x - e v x + P (dH - e dO) c x,  one back-projection for a sweep's bands.
 *
 * Two precisions.  Search directions are single, with all that is computed from them; the trial orbitals
 * and what is computed from those are double, unless `single` asks otherwise for a step whose potential
 * is not worth more.  A direction enters a Ritz vector with a coefficient x of the size of the residual,
 * its own rounding errors with 1e-7 x and the eigenvalue with x^2 of that.  What would stay is the error of
 * its matrix elements with the orbitals, 1e-6 Ha in single precision; where residuals come near that,
 * those elements are computed in double.  The answer is then the double-precision one.
 */
#ifndef DFT_DAVIDSON_H
#define DFT_DAVIDSON_H

#include <complex.h>

#include "dft-lite/hamiltonian/hamiltonian.h"

#define DFT_DAVIDSON_MAX_SWEEPS 2

/* Scratch for up to n_bands orbitals on up to n_pw plane waves; one per outer thread.  The space holds
 * the orbitals, max_sweeps blocks of residuals and half a block for bands that need more, and never fewer
 * vectors than the n_trial of a subspace start. */
typedef struct {
    size_t n_bands, n_space;
    double complex *local, *turned;         /* [n_bands][n_pw] of the orbitals; Ritz vectors, residuals */
    float complex *v_s, *local_s;           /* [n_space][n_pw] the space: orbitals first, then directions */
    double complex *c, *dh_c, *do_c;        /* [n_space][n_projectors] */
    double complex *y;                      /* [n_bands][n_projectors] */
    float complex *y_s;
    double complex *h_small, *s_small;      /* [n_space][n_space] projections, kept between sweeps */
    double complex *h_copy, *s_copy, *x;    /* [n_space]^2; eigenvectors [n_bands][space] */
    float complex *small_s;                 /* [n_space][n_bands] */
    size_t *active;                         /* [n_bands] */
    dft_apply_work *apply;                  /* owned */
} dft_davidson_work;

size_t dft_davidson_space(size_t n_bands, int max_sweeps, size_t n_trial);      /* that n_space */
dft_status dft_davidson_work_create(const dft_system *system, size_t n_bands, size_t n_pw,
                                    int max_sweeps, size_t n_trial, size_t n_inner,
                                    dft_davidson_work **out, dft_error *err);
void dft_davidson_work_free(dft_davidson_work *work);       /* NULL is accepted */

typedef struct {
    double tolerance;               /* Ha, on the residual norm |H psi - e S psi| of a band ... */
    const double *slack;            /* ... times this, [n_bands]: large where a band is empty */
    int max_sweeps;                 /* at most DFT_DAVIDSON_MAX_SWEEPS and those of the scratch */
    int extra_sweeps;               /* more, for the bands that are furthest behind, as many as there is room for */
    double behind;                  /* Ha, > 0: residual norm (times slack) above which a band counts as behind */
    int single;                     /* 1: the trial orbitals in single precision as well */
    int projected;                  /* 1, with single: projections are those of psi, as a call left them */
} dft_davidson_options;

/* psi [n_bands][n_pw]: trial orbitals in (any independent set), S-orthonormal eigenvectors out;
 * projections [n_bands][n_projectors]: <p_i|psi> of those (in as well when `projected`); eigenvalue [n_bands] ascending; residual [n_bands]
 * norms as of the last sweep's start (max_sweeps >= 1).  The space never outgrows n_pw: the lowest bands get the
 * directions there is room for.
 * Returns n_applied, the number of H applications in units of one band.  Errors: DFT_ENUMERIC when S is
 * not positive or trial orbitals are dependent; DFT_ENOMEM. */
dft_status dft_davidson_solve(const dft_kspace *kspace, const dft_spin_potential *potential,
                              const dft_davidson_options *options, size_t n_bands,
                              double complex *psi, double complex *projections, double *eigenvalue,
                              double *residual, dft_davidson_work *work, size_t *n_applied,
                              dft_error *err);

/* Diagonalises in the span of n_trial >= n_bands independent vectors, left by the caller at work->v_s
 * [n_trial][n_pw], and keeps the lowest n_bands; single precision in the products, which a start does not
 * need better.  psi [n_bands][n_pw]. */
dft_status dft_subspace_start(const dft_kspace *kspace, const dft_spin_potential *potential,
                              size_t n_trial, size_t n_bands, double complex *psi, double *eigenvalue,
                              dft_davidson_work *work, dft_error *err);

#endif
