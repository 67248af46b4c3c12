#include "dft-lite/eigen/davidson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/math/lapack.h"

dft_status dft_davidson_work_create(const dft_system *system, size_t n_bands, size_t n_pw,
                                    size_t n_inner, dft_davidson_work **out, dft_error *err)
{
    dft_davidson_work *self = dft_alloc(1, sizeof *self);
    const size_t block = n_bands * n_pw, small = 4 * n_bands * n_bands;
    dft_status status = DFT_OK;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "eigensolver: out of memory");
    *self = (dft_davidson_work){
        n_bands, n_pw, dft_alloc_complex(block), dft_alloc_complex(block), dft_alloc_complex(block),
        dft_alloc_complex(block), dft_alloc_complex(block), dft_alloc_complex(block),
        dft_alloc_complex(small), dft_alloc_complex(small), dft_alloc_complex(small),
        dft_alloc_doubles(n_bands), dft_alloc_doubles(2 * n_bands), dft_alloc_sizes(n_bands), NULL };
    if (!self->h_psi || !self->s_psi || !self->w || !self->h_w || !self->s_w || !self->turned
        || !self->h_small || !self->s_small || !self->x || !self->norm || !self->e_small
        || !self->active)
        status = dft_fail(err, DFT_ENOMEM, "eigensolver for %zu bands of %zu plane waves: out of "
                          "memory", n_bands, n_pw);
    if (status == DFT_OK)
        status = dft_apply_work_create(system, n_bands, n_inner, &self->apply, err);
    if (status != DFT_OK) {
        dft_davidson_work_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

void dft_davidson_work_free(dft_davidson_work *work)
{
    if (!work)
        return;
    free(work->h_psi);
    free(work->s_psi);
    free(work->w);
    free(work->h_w);
    free(work->s_w);
    free(work->turned);
    free(work->h_small);
    free(work->s_small);
    free(work->x);
    free(work->norm);
    free(work->e_small);
    free(work->active);
    dft_apply_work_free(work->apply);
    free(work);
}

/* psi <- psi X_top + w X_bottom; X is [n_bands] columns of length n_bands + n_active. */
static void combine(size_t n_pw, size_t n_bands, size_t n_active, const double complex *x,
                    double complex *psi, const double complex *w, double complex *scratch)
{
    const size_t n = n_bands + n_active;

    dft_gemm('N', 'N', n_pw, n_bands, n_bands, 1.0, psi, n_pw, x, n, 0.0, scratch, n_pw);
    if (n_active)
        dft_gemm('N', 'N', n_pw, n_bands, n_active, 1.0, w, n_pw, x + n_bands, n, 1.0, scratch, n_pw);
    memcpy(psi, scratch, n_bands * n_pw * sizeof *psi);
}

static void combine_all(dft_davidson_work *work, size_t n_pw, size_t n_bands, size_t n_active,
                        double complex *psi)
{
    combine(n_pw, n_bands, n_active, work->x, psi, work->w, work->turned);
    combine(n_pw, n_bands, n_active, work->x, work->h_psi, work->h_w, work->turned);
    combine(n_pw, n_bands, n_active, work->x, work->s_psi, work->s_w, work->turned);
}

/* Diagonalises in the span of the trial orbitals alone. */
static dft_status rotate(dft_davidson_work *work, size_t n_pw, size_t n_bands, double complex *psi,
                         double *eigenvalue, dft_error *err)
{
    dft_status status;

    dft_gemm('C', 'N', n_bands, n_bands, n_pw, 1.0, psi, n_pw, work->h_psi, n_pw, 0.0,
             work->h_small, n_bands);
    dft_gemm('C', 'N', n_bands, n_bands, n_pw, 1.0, psi, n_pw, work->s_psi, n_pw, 0.0,
             work->s_small, n_bands);
    status = dft_eigen_generalized(n_bands, work->h_small, work->s_small, n_bands, eigenvalue,
                                   work->x, err);
    if (status == DFT_OK)
        combine_all(work, n_pw, n_bands, 0, psi);
    return status;
}

/* Teter-Payne-Allan: x = kinetic energy of a plane wave over that of the band. */
static void precondition(const dft_kbasis *kb, const double complex *psi, double complex *r)
{
    double band_kinetic = 0.0, band_norm = 0.0;

    for (size_t g = 0; g < kb->n_pw; g++) {
        band_kinetic += kb->kinetic[g] * dft_abs2(psi[g]);
        band_norm += dft_abs2(psi[g]);
    }
    const double scale = band_norm / (1.5 * band_kinetic + 1e-3 * band_norm);
    for (size_t g = 0; g < kb->n_pw; g++) {
        const double x = kb->kinetic[g] * scale;
        const double top = 27.0 + x * (18.0 + x * (12.0 + x * 8.0));
        r[g] *= top / (top + 16.0 * x * x * x * x);
    }
}

/* Residuals of all bands; those above tolerance are preconditioned, scaled and packed into work->w. */
static size_t expand(const dft_kspace *kspace, const dft_davidson_options *options, size_t n_bands,
                     const double complex *psi, const double *eigenvalue, double *residual,
                     dft_davidson_work *work)
{
    const size_t n_pw = kspace->kbasis->n_pw;
    size_t n_active = 0;

    for (size_t ib = 0; ib < n_bands; ib++) {
        const double complex *h = work->h_psi + ib * n_pw, *s = work->s_psi + ib * n_pw;
        double complex *r = work->w + n_active * n_pw;
        double norm2 = 0.0;
        for (size_t g = 0; g < n_pw; g++) {
            r[g] = h[g] - eigenvalue[ib] * s[g];
            norm2 += dft_abs2(r[g]);
        }
        residual[ib] = sqrt(norm2);
        if (residual[ib] <= options->tolerance * options->slack[ib])
            continue;
        precondition(kspace->kbasis, psi + ib * n_pw, r);
        norm2 = 0.0;
        for (size_t g = 0; g < n_pw; g++)
            norm2 += dft_abs2(r[g]);
        const double scale = 1.0 / sqrt(norm2);
        for (size_t g = 0; g < n_pw; g++)
            r[g] *= scale;
        n_active++;
    }
    return n_active;
}

/* Lower triangles of H and S in the space (psi, w); psi is already S-orthonormal and diagonal. */
static void small_matrices(size_t n_pw, size_t n_bands, size_t n_active, const double complex *psi,
                           const double *eigenvalue, dft_davidson_work *work)
{
    const size_t n = n_bands + n_active;

    memset(work->h_small, 0, n * n * sizeof *work->h_small);
    memset(work->s_small, 0, n * n * sizeof *work->s_small);
    for (size_t ib = 0; ib < n_bands; ib++) {
        work->h_small[ib * n + ib] = eigenvalue[ib];
        work->s_small[ib * n + ib] = 1.0;
    }
    dft_gemm('C', 'N', n_active, n_bands, n_pw, 1.0, work->h_w, n_pw, psi, n_pw, 0.0,
             work->h_small + n_bands, n);
    dft_gemm('C', 'N', n_active, n_bands, n_pw, 1.0, work->s_w, n_pw, psi, n_pw, 0.0,
             work->s_small + n_bands, n);
    dft_gemm('C', 'N', n_active, n_active, n_pw, 1.0, work->w, n_pw, work->h_w, n_pw, 0.0,
             work->h_small + n_bands * n + n_bands, n);
    dft_gemm('C', 'N', n_active, n_active, n_pw, 1.0, work->w, n_pw, work->s_w, n_pw, 0.0,
             work->s_small + n_bands * n + n_bands, n);
}

dft_status dft_davidson_solve(const dft_kspace *kspace, const dft_potential *potential,
                              const dft_davidson_options *options, size_t n_bands,
                              double complex *psi, double *eigenvalue, double *residual,
                              dft_davidson_work *work, size_t *n_applied, dft_error *err)
{
    const size_t n_pw = kspace->kbasis->n_pw;
    dft_status status;

    dft_hamiltonian_apply(kspace, potential, n_bands, psi, work->h_psi, work->s_psi, work->apply);
    *n_applied = n_bands;
    status = rotate(work, n_pw, n_bands, psi, eigenvalue, err);
    for (int sweep = 0; status == DFT_OK && sweep < options->max_sweeps; sweep++) {
        const size_t n_active = expand(kspace, options, n_bands, psi, eigenvalue, residual, work);
        if (n_active == 0)
            break;
        dft_hamiltonian_apply(kspace, potential, n_active, work->w, work->h_w, work->s_w,
                              work->apply);
        *n_applied += n_active;
        small_matrices(n_pw, n_bands, n_active, psi, eigenvalue, work);
        status = dft_eigen_generalized(n_bands + n_active, work->h_small, work->s_small, n_bands,
                                       eigenvalue, work->x, err);
        if (status == DFT_OK)
            combine_all(work, n_pw, n_bands, n_active, psi);
    }
    return status;
}

dft_status dft_subspace_start(const dft_kspace *kspace, const dft_potential *potential,
                              size_t n_trial, const double complex *trial, size_t n_bands,
                              double complex *psi, double *eigenvalue, dft_error *err)
{
    const size_t n_pw = kspace->kbasis->n_pw;
    double complex *h_trial = dft_alloc_complex(n_trial * n_pw);
    double complex *s_trial = dft_alloc_complex(n_trial * n_pw);
    double complex *h = dft_alloc_complex(n_trial * n_trial), *s = dft_alloc_complex(n_trial * n_trial);
    double complex *x = dft_alloc_complex(n_trial * n_trial);
    dft_apply_work *apply = NULL;
    dft_status status = DFT_OK;

    if (!h_trial || !s_trial || !h || !s || !x)
        status = dft_fail(err, DFT_ENOMEM, "%zu starting orbitals: out of memory", n_trial);
    if (status == DFT_OK)
        status = dft_apply_work_create(kspace->system, n_trial, 1, &apply, err);
    if (status != DFT_OK)
        goto done;
    dft_hamiltonian_apply(kspace, potential, n_trial, trial, h_trial, s_trial, apply);
    dft_gemm('C', 'N', n_trial, n_trial, n_pw, 1.0, trial, n_pw, h_trial, n_pw, 0.0, h, n_trial);
    dft_gemm('C', 'N', n_trial, n_trial, n_pw, 1.0, trial, n_pw, s_trial, n_pw, 0.0, s, n_trial);
    status = dft_eigen_generalized(n_trial, h, s, n_bands, eigenvalue, x, err);
    if (status == DFT_OK)
        dft_gemm('N', 'N', n_pw, n_bands, n_trial, 1.0, trial, n_pw, x, n_trial, 0.0, psi, n_pw);
done:
    free(h_trial);
    free(s_trial);
    free(h);
    free(s);
    free(x);
    dft_apply_work_free(apply);
    return status;
}
