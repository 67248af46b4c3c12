/*
 * dft-lite/hamiltonian/hamiltonian.h - H and S acting on orbitals of one k-point.
 *
 *   H = |k+G|^2/2 + v(r) + sum_a |p_i> dH_ij <p_j|       S = 1 + sum_a |p_i> dO_ij <p_j|
 *
 * (Bloechl, PRB 50, 17953, eqs. 11-13).  Hermitian; S-orthonormal eigenvectors.  Orbital blocks are
 * column-major [n_bands][n_pw].  In single precision (_s) the result is good to 1e-6 of the largest
 * kinetic energy: for search directions, not for energies.
 */
#ifndef DFT_HAMILTONIAN_H
#define DFT_HAMILTONIAN_H

#include <complex.h>

#include "dft-lite/base/phases.h"
#include "dft-lite/basis/kbasis.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/hamiltonian/system.h"
#include "dft-lite/terms/projectors.h"

typedef struct {
    const dft_system *system;           /* borrowed */
    dft_kbasis *kbasis;                 /* owned */
    size_t n_projectors;
    dft_projectors *projectors;         /* owned */
} dft_kspace;                           /* one k-point's fixed part */

dft_status dft_kspace_create(const dft_system *system, const double k[3], dft_kspace **out,
                             dft_error *err);
void dft_kspace_free(dft_kspace *kspace);           /* NULL is accepted */

#define DFT_PROJECTOR_BLOCK 1024        /* plane waves for which projectors are made at a time */
#define DFT_PROJECTOR_SUMS 8            /* blocks b, b + 8, ... of a projection are summed together */

/* Scratch of one outer thread; n_inner threads may share one application. */
typedef struct {
    size_t n_inner;
    dft_fft_work **fft;                 /* [n_inner] */
    void **block;                       /* [n_inner], [n_projectors][DFT_PROJECTOR_BLOCK] complex */
    double complex *sums;               /* [DFT_PROJECTOR_SUMS][max_bands][n_projectors] */
    dft_phases *phases;                 /* borrowed account of this thread, NULL: none is kept */
} dft_apply_work;

dft_status dft_apply_work_create(const dft_system *system, size_t max_bands, size_t n_inner,
                                 dft_apply_work **out, dft_error *err);
void dft_apply_work_free(dft_apply_work *work);     /* NULL is accepted */

/* H and S come apart into what acts on plane waves and what acts on projections:
 *   H psi = local(psi) + P dH c,  S psi = psi + P dO c,  c = P^H psi
 * so that matrix elements need neither H psi nor S psi:  <phi|H|psi> = <phi|local(psi)> + b^H dH c. */

/* local = (|k+G|^2/2 + v) psi; [n_bands][n_pw]. */
void dft_apply_local_d(const dft_kspace *kspace, const dft_spin_potential *potential, size_t n_bands,
                       const double complex *psi, double complex *local, dft_apply_work *work);
void dft_apply_local_s(const dft_kspace *kspace, const dft_spin_potential *potential, size_t n_bands,
                       const float complex *psi, float complex *local, dft_apply_work *work);

/* c[ib][i] = <p_i|psi_ib>, [n_bands][n_projectors]; n_bands at most the scratch's. */
void dft_project_d(const dft_kspace *kspace, size_t n_bands, const double complex *psi,
                   double complex *c, dft_apply_work *work);
void dft_project_s(const dft_kspace *kspace, size_t n_bands, const float complex *psi,
                   double complex *c, dft_apply_work *work);

/* dh_c = dH c and do_c = dO c, [n_bands][n_projectors]; both are diagonal in the atoms. */
void dft_apply_on_site(const dft_system *system, const double *dh, size_t n_bands, const double complex *c,
                       double complex *dh_c, double complex *do_c);

/* out += sum_i |p_i> y_i for n_bands columns y [n_bands][n_projectors]. */
void dft_back_project_d(const dft_kspace *kspace, size_t n_bands, const double complex *y,
                        double complex *out, dft_apply_work *work);
void dft_back_project_s(const dft_kspace *kspace, size_t n_bands, const float complex *y,
                        float complex *out, dft_apply_work *work);

/* h_psi = H psi, s_psi = S psi for n_bands orbitals; all [n_bands][n_pw].  Errors: DFT_ENOMEM. */
dft_status dft_hamiltonian_apply(const dft_kspace *kspace, const dft_spin_potential *potential,
                                 size_t n_bands, const double complex *psi, double complex *h_psi,
                                 double complex *s_psi, dft_apply_work *work, dft_error *err);

#endif
