#include "dft-lite/hamiltonian/hamiltonian.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/lapack.h"

dft_status dft_kspace_create(const dft_system *system, const double k[3], dft_kspace **out,
                             dft_error *err)
{
    dft_kspace *self = dft_alloc(1, sizeof *self);
    dft_status status;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "k-point: out of memory");
    self->system = system;
    self->n_projectors = dft_projectors_count(system->ions);
    status = dft_kbasis_create(system->basis, k, &self->kbasis, err);
    if (status == DFT_OK)
        status = dft_projectors_create(system->ions, self->kbasis, &self->projectors, err);
    if (status != DFT_OK) {
        dft_kspace_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

void dft_kspace_free(dft_kspace *kspace)
{
    if (!kspace)
        return;
    dft_projectors_free(kspace->projectors);
    dft_kbasis_free(kspace->kbasis);
    free(kspace);
}

dft_status dft_apply_work_create(const dft_system *system, size_t max_bands, size_t n_inner,
                                 dft_apply_work **out, dft_error *err)
{
    const size_t n_projectors = system->i_offset[system->crystal->n_atoms];
    dft_apply_work *self = dft_alloc(1, sizeof *self);
    dft_status status = DFT_OK;
    int ok = self != NULL;

    *out = NULL;
    if (ok) {
        *self = (dft_apply_work){
            n_inner, dft_alloc(n_inner, sizeof *self->fft), dft_alloc(n_inner, sizeof *self->block),
            dft_alloc_complex(DFT_PROJECTOR_SUMS * max_bands * n_projectors), NULL };
        ok = self->fft && self->block && self->sums;
    }
    for (size_t t = 0; ok && status == DFT_OK && t < n_inner; t++) {
        status = dft_fft_work_create(system->basis->box, &self->fft[t], err);
        self->block[t] = dft_alloc_complex(n_projectors * DFT_PROJECTOR_BLOCK);
        ok = self->block[t] != NULL;
    }
    if (!ok && status == DFT_OK)
        status = dft_fail(err, DFT_ENOMEM, "scratch for %zu bands: out of memory", max_bands);
    if (status != DFT_OK) {
        dft_apply_work_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

void dft_apply_work_free(dft_apply_work *work)
{
    if (!work)
        return;
    for (size_t t = 0; t < work->n_inner; t++) {
        if (work->fft)
            dft_fft_work_free(work->fft[t]);
        if (work->block)
            free(work->block[t]);
    }
    free(work->fft);
    free(work->block);
    free(work->sums);
    free(work);
}

#define REAL double
#define GEMM dft_gemm
#define PHASE(x) (x)
#define NAME(x) x##_d
#include "dft-lite/hamiltonian/apply_body.h"
#undef REAL
#undef GEMM
#undef PHASE
#undef NAME

#define REAL float
#define GEMM dft_gemm_s
#define PHASE(x) DFT_PHASE_SINGLE(x)
#define NAME(x) x##_s
#include "dft-lite/hamiltonian/apply_body.h"

void dft_apply_on_site(const dft_system *system, const double *dh, size_t n_bands, const double complex *c,
                       double complex *dh_c, double complex *do_c)
{
    const size_t n_proj = system->i_offset[system->crystal->n_atoms];

    for (size_t ib = 0; ib < n_bands; ib++)
        for (size_t a = 0; a < system->crystal->n_atoms; a++) {
            const dft_species *s = system->species[system->species_of[a]];
            const size_t first = ib * n_proj + system->i_offset[a];
            const double *h = dh + system->ii_offset[a];
            for (size_t i = 0; i < s->n_i; i++) {
                double complex sum_h = 0.0, sum_o = 0.0;
                for (size_t j = 0; j < s->n_i; j++) {
                    sum_h += h[i * s->n_i + j] * c[first + j];
                    sum_o += s->overlap[i * s->n_i + j] * c[first + j];
                }
                dh_c[first + i] = sum_h;
                do_c[first + i] = sum_o;
            }
        }
}

dft_status dft_hamiltonian_apply(const dft_kspace *kspace, const dft_spin_potential *potential,
                                 size_t n_bands, const double complex *psi, double complex *h_psi,
                                 double complex *s_psi, dft_apply_work *work, dft_error *err)
{
    const size_t n_c = n_bands * kspace->n_projectors;
    double complex *c = dft_alloc_complex(3 * n_c);

    if (!c)
        return dft_fail(err, DFT_ENOMEM, "projections of %zu bands: out of memory", n_bands);
    dft_project_d(kspace, n_bands, psi, c, work);
    dft_apply_on_site(kspace->system, potential->dh, n_bands, c, c + n_c, c + 2 * n_c);
    dft_apply_local_d(kspace, potential, n_bands, psi, h_psi, work);
    dft_back_project_d(kspace, n_bands, c + n_c, h_psi, work);
    memcpy(s_psi, psi, n_bands * kspace->kbasis->n_pw * sizeof *psi);
    dft_back_project_d(kspace, n_bands, c + 2 * n_c, s_psi, work);
    free(c);
    return DFT_OK;
}
