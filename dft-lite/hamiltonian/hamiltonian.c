#include "dft-lite/hamiltonian/hamiltonian.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/lapack.h"
#include "dft-lite/terms/projectors.h"

dft_status dft_kspace_create(const dft_system *system, const double k[3], dft_kspace **out,
                             dft_error *err)
{
    dft_kspace *self = dft_alloc(1, sizeof *self);
    dft_status status;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "k-point: out of memory");
    self->system = system;
    status = dft_kbasis_create(system->basis, k, &self->kbasis, err);
    if (status != DFT_OK)
        goto done;
    self->n_projectors = dft_projectors_count(system->ions);
    self->projector = dft_alloc_complex(self->n_projectors * self->kbasis->n_pw);
    if (!self->projector) {
        status = dft_fail(err, DFT_ENOMEM, "%zu projectors on %zu plane waves: out of memory",
                          self->n_projectors, self->kbasis->n_pw);
        goto done;
    }
    status = dft_projectors_fill(system->ions, self->kbasis, self->projector, err);
    if (status != DFT_OK)
        goto done;
    *out = self;
    self = NULL;
done:
    dft_kspace_free(self);
    return status;
}

void dft_kspace_free(dft_kspace *kspace)
{
    if (!kspace)
        return;
    dft_kbasis_free(kspace->kbasis);
    free(kspace->projector);
    free(kspace);
}

dft_status dft_apply_work_create(const dft_system *system, size_t max_bands, size_t n_inner,
                                 dft_apply_work **out, dft_error *err)
{
    const size_t n_projectors = system->i_offset[system->crystal->n_atoms];
    dft_apply_work *self = dft_alloc(1, sizeof *self);
    int ok = self != NULL;

    *out = NULL;
    if (ok) {
        *self = (dft_apply_work){ n_inner, dft_alloc(n_inner, sizeof *self->grid),
                                  dft_alloc_complex(max_bands * n_projectors),
                                  dft_alloc_complex(2 * max_bands * n_projectors) };
        ok = self->grid && self->c && self->dc;
        for (size_t t = 0; ok && t < n_inner; t++) {
            self->grid[t] = dft_alloc_complex(dft_fft_box_size(system->basis->box));
            ok = self->grid[t] != NULL;
        }
    }
    if (!ok) {
        dft_apply_work_free(self);
        return dft_fail(err, DFT_ENOMEM, "scratch for %zu bands: out of memory", max_bands);
    }
    *out = self;
    return DFT_OK;
}

void dft_apply_work_free(dft_apply_work *work)
{
    if (!work)
        return;
    for (size_t t = 0; work->grid && t < work->n_inner; t++)
        free(work->grid[t]);
    free(work->grid);
    free(work->c);
    free(work->dc);
    free(work);
}

static void apply_local(const dft_kspace *kspace, const double *v_r, size_t n_bands,
                        const double complex *psi, double complex *h_psi, dft_apply_work *work)
{
    const dft_kbasis *kb = kspace->kbasis;
    const size_t n_pw = kb->n_pw, n_r = dft_fft_box_size(kspace->system->basis->box);

    #pragma omp parallel for schedule(static) num_threads((int)work->n_inner)
    for (size_t ib = 0; ib < n_bands; ib++) {
        double complex *f = work->grid[dft_thread_index()], *h = h_psi + ib * n_pw;
        const double complex *c = psi + ib * n_pw;
        dft_fft_to_real(kb->fft, c, f);
        for (size_t i = 0; i < n_r; i++)
            f[i] *= v_r[i];
        dft_fft_to_fourier(kb->fft, f, h);
        for (size_t g = 0; g < n_pw; g++)
            h[g] += kb->kinetic[g] * c[g];
    }
}

void dft_project(const dft_kspace *kspace, size_t n_bands, const double complex *psi,
                 double complex *c)
{
    const size_t n_pw = kspace->kbasis->n_pw, n_proj = kspace->n_projectors;

    dft_gemm('C', 'N', n_proj, n_bands, n_pw, 1.0, kspace->projector, n_pw, psi, n_pw, 0.0, c,
             n_proj);
}

/* dh_c = dH c and do_c = dO c, atom by atom; both blocks are diagonal in the atoms. */
static void apply_on_site(const dft_system *system, const double *dh, size_t n_bands, size_t n_proj,
                          const double complex *c, double complex *dh_c, double complex *do_c)
{
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

void dft_hamiltonian_apply(const dft_kspace *kspace, const dft_spin_potential *potential, size_t n_bands,
                           const double complex *psi, double complex *h_psi, double complex *s_psi,
                           dft_apply_work *work)
{
    const size_t n_pw = kspace->kbasis->n_pw, n_proj = kspace->n_projectors;
    double complex *do_c = work->dc + n_bands * n_proj;

    apply_local(kspace, potential->v_r, n_bands, psi, h_psi, work);
    memcpy(s_psi, psi, n_bands * n_pw * sizeof *psi);
    dft_project(kspace, n_bands, psi, work->c);
    apply_on_site(kspace->system, potential->dh, n_bands, n_proj, work->c, work->dc, do_c);
    dft_gemm('N', 'N', n_pw, n_bands, n_proj, 1.0, kspace->projector, n_pw, work->dc, n_proj, 1.0,
             h_psi, n_pw);
    dft_gemm('N', 'N', n_pw, n_bands, n_proj, 1.0, kspace->projector, n_pw, do_c, n_proj, 1.0, s_psi,
             n_pw);
}
