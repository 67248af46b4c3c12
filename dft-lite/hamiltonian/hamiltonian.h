/*
 * dft-lite/hamiltonian/hamiltonian.h - H and S acting on orbitals of one k-point.
 *
 *   H = |k+G|^2/2 + v(r) + sum_a |p_i> dH_ij <p_j|       S = 1 + sum_a |p_i> dO_ij <p_j|
 *
 * (Bloechl, PRB 50, 17953, eqs. 11-13).  Hermitian; S-orthonormal eigenvectors.  Orbital blocks are
 * column-major [n_bands][n_pw].
 */
#ifndef DFT_HAMILTONIAN_H
#define DFT_HAMILTONIAN_H

#include <complex.h>

#include "dft-lite/basis/kbasis.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/hamiltonian/system.h"

typedef struct {
    const dft_system *system;           /* borrowed */
    dft_kbasis *kbasis;                 /* owned */
    size_t n_projectors;
    double complex *projector;          /* owned, [n_projectors][n_pw] */
} dft_kspace;                           /* one k-point's fixed part */

dft_status dft_kspace_create(const dft_system *system, const double k[3], dft_kspace **out,
                             dft_error *err);
void dft_kspace_free(dft_kspace *kspace);           /* NULL is accepted */

/* Scratch of one outer thread; n_inner threads may share one application. */
typedef struct {
    size_t n_inner;
    double complex **grid;              /* [n_inner][orbital grid] */
    double complex *c, *dc;             /* [max_bands][n_projectors], [2 max_bands][n_projectors] */
} dft_apply_work;

dft_status dft_apply_work_create(const dft_system *system, size_t max_bands, size_t n_inner,
                                 dft_apply_work **out, dft_error *err);
void dft_apply_work_free(dft_apply_work *work);     /* NULL is accepted */

/* h_psi = H psi, s_psi = S psi for n_bands orbitals; all [n_bands][n_pw]. */
void dft_hamiltonian_apply(const dft_kspace *kspace, const dft_spin_potential *potential, size_t n_bands,
                           const double complex *psi, double complex *h_psi, double complex *s_psi,
                           dft_apply_work *work);

/* c[ib][i] = <p_i|psi_ib>, [n_bands][n_projectors] */
void dft_project(const dft_kspace *kspace, size_t n_bands, const double complex *psi,
                 double complex *c);

#endif
