#include "dft-lite/eigen/davidson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/math/lapack.h"

#define LAGGARD 30.0                    /* times the tolerance: a band that needs more sweeps than others */

dft_status dft_davidson_work_create(const dft_system *system, size_t n_bands, size_t n_pw,
                                    int max_sweeps, size_t n_inner, dft_davidson_work **out,
                                    dft_error *err)
{
    dft_davidson_work *self = dft_alloc(1, sizeof *self);
    const size_t n_space = (size_t)(1 + max_sweeps) * n_bands, small = n_space * n_space;
    dft_status status = DFT_OK;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "eigensolver: out of memory");
    *self = (dft_davidson_work){
        n_bands, n_space, dft_alloc_complex(n_space * n_pw), dft_alloc_complex(n_space * n_pw),
        dft_alloc_complex(n_space * n_pw), dft_alloc_complex(n_bands * n_pw),
        dft_alloc_complex(small), dft_alloc_complex(small), dft_alloc_complex(small),
        dft_alloc_complex(small), dft_alloc_complex(small), dft_alloc_sizes(n_bands), NULL };
    if (!self->v || !self->h_v || !self->s_v || !self->turned || !self->h_small || !self->s_small
        || !self->h_copy || !self->s_copy || !self->x || !self->active)
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
    free(work->v);
    free(work->h_v);
    free(work->s_v);
    free(work->turned);
    free(work->h_small);
    free(work->s_small);
    free(work->h_copy);
    free(work->s_copy);
    free(work->x);
    free(work->active);
    dft_apply_work_free(work->apply);
    free(work);
}

/* Lower triangles of <v|H|v> and <v|S|v> for the rows first .. first + n_new - 1. */
static void project_new(dft_davidson_work *work, size_t n_pw, size_t first, size_t n_new)
{
    const size_t ld = work->n_space, n = first + n_new;

    dft_gemm('C', 'N', n_new, n, n_pw, 1.0, work->h_v + first * n_pw, n_pw, work->v, n_pw, 0.0,
             work->h_small + first, ld);
    dft_gemm('C', 'N', n_new, n, n_pw, 1.0, work->s_v + first * n_pw, n_pw, work->v, n_pw, 0.0,
             work->s_small + first, ld);
}

/* Lowest n_bands eigenpairs in the space of the first n vectors; x is [n_bands] columns of length n. */
static dft_status diagonalise(dft_davidson_work *work, size_t n, double *eigenvalue, dft_error *err)
{
    for (size_t j = 0; j < n; j++) {
        memcpy(work->h_copy + j * n, work->h_small + j * work->n_space, n * sizeof *work->h_copy);
        memcpy(work->s_copy + j * n, work->s_small + j * work->n_space, n * sizeof *work->s_copy);
    }
    return dft_eigen_generalized(n, work->h_copy, work->s_copy, work->n_bands, eigenvalue, work->x,
                                 err);
}

/* Teter-Payne-Allan: x = kinetic energy of a plane wave over that of the band. */
static void precondition(const dft_kbasis *kb, const double complex *psi, double complex *r)
{
    double band_kinetic = 0.0, band_norm = 0.0, norm2 = 0.0;

    for (size_t g = 0; g < kb->n_pw; g++) {
        band_kinetic += kb->kinetic[g] * dft_abs2(psi[g]);
        band_norm += dft_abs2(psi[g]);
    }
    const double scale = band_norm / (1.5 * band_kinetic + 1e-3 * band_norm);
    for (size_t g = 0; g < kb->n_pw; g++) {
        const double x = kb->kinetic[g] * scale;
        const double top = 27.0 + x * (18.0 + x * (12.0 + x * 8.0));
        r[g] *= top / (top + 16.0 * x * x * x * x);
        norm2 += dft_abs2(r[g]);
    }
    for (size_t g = 0; g < kb->n_pw; g++)       /* unit length keeps the small matrices scaled */
        r[g] /= sqrt(norm2);
}

/* Residuals of the bands in `list` from the space of n vectors, into turned; norms into residual. */
static void residuals(dft_davidson_work *work, size_t n_pw, size_t n, size_t n_list,
                      const double *eigenvalue, double complex *x_list, double *residual)
{
    for (size_t i = 0; i < n_list; i++)
        memcpy(x_list + i * n, work->x + work->active[i] * n, n * sizeof *x_list);
    dft_gemm('N', 'N', n_pw, n_list, n, 1.0, work->h_v, n_pw, x_list, n, 0.0, work->turned, n_pw);
    for (size_t i = 0; i < n_list; i++)
        for (size_t j = 0; j < n; j++)
            x_list[i * n + j] *= -eigenvalue[work->active[i]];
    dft_gemm('N', 'N', n_pw, n_list, n, 1.0, work->s_v, n_pw, x_list, n, 1.0, work->turned, n_pw);
    for (size_t i = 0; i < n_list; i++) {
        double norm2 = 0.0;
        for (size_t g = 0; g < n_pw; g++)
            norm2 += dft_abs2(work->turned[i * n_pw + g]);
        residual[work->active[i]] = sqrt(norm2);
    }
}

/* Adds the preconditioned residuals above tolerance behind the n vectors there are; returns how many. */
static size_t expand(const dft_kspace *kspace, const dft_davidson_options *options, size_t n,
                     size_t *n_active, const double *eigenvalue, const double complex *psi,
                     double *residual, dft_davidson_work *work)
{
    const size_t n_pw = kspace->kbasis->n_pw;
    size_t kept = 0;

    residuals(work, n_pw, n, *n_active, eigenvalue, work->h_copy, residual);
    for (size_t i = 0; i < *n_active; i++) {
        const size_t ib = work->active[i];
        if (residual[ib] <= options->tolerance * options->slack[ib])
            continue;
        double complex *w = work->v + (n + kept) * n_pw;
        memcpy(w, work->turned + i * n_pw, n_pw * sizeof *w);
        precondition(kspace->kbasis, psi + ib * n_pw, w);
        work->active[kept++] = ib;
    }
    *n_active = kept;
    return kept;
}

/* Bands that were far from the tolerance before the last sweep; the others are left as they are. */
static size_t keep_laggards(const dft_davidson_options *options, const double *residual, size_t n_active,
                            size_t *active)
{
    size_t kept = 0;

    for (size_t i = 0; i < n_active; i++)
        if (residual[active[i]] > LAGGARD * options->tolerance * options->slack[active[i]])
            active[kept++] = active[i];
    return kept;
}

dft_status dft_davidson_solve(const dft_kspace *kspace, const dft_spin_potential *potential,
                              const dft_davidson_options *options, size_t n_bands,
                              double complex *psi, double *eigenvalue, double *residual,
                              dft_davidson_work *work, size_t *n_applied, dft_error *err)
{
    const size_t n_pw = kspace->kbasis->n_pw;
    size_t n = n_bands, n_active = n_bands;
    dft_status status;

    memcpy(work->v, psi, n_bands * n_pw * sizeof *psi);
    dft_hamiltonian_apply(kspace, potential, n, work->v, work->h_v, work->s_v, work->apply);
    project_new(work, n_pw, 0, n);
    status = diagonalise(work, n, eigenvalue, err);
    for (size_t ib = 0; ib < n_bands; ib++)
        work->active[ib] = ib;
    *n_applied = n_bands;
    for (int sweep = 0; status == DFT_OK && sweep < options->max_sweeps + options->extra_sweeps; sweep++) {
        if (sweep >= options->max_sweeps)
            n_active = keep_laggards(options, residual, n_active, work->active);
        if (n + n_active > work->n_space)
            break;
        const size_t n_new = expand(kspace, options, n, &n_active, eigenvalue, psi, residual, work);
        if (n_new == 0)
            break;
        dft_hamiltonian_apply(kspace, potential, n_new, work->v + n * n_pw, work->h_v + n * n_pw,
                              work->s_v + n * n_pw, work->apply);
        *n_applied += n_new;
        project_new(work, n_pw, n, n_new);
        n += n_new;
        status = diagonalise(work, n, eigenvalue, err);
    }
    if (status == DFT_OK)
        dft_gemm('N', 'N', n_pw, n_bands, n, 1.0, work->v, n_pw, work->x, n, 0.0, psi, n_pw);
    return status;
}

dft_status dft_subspace_start(const dft_kspace *kspace, const dft_spin_potential *potential,
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
