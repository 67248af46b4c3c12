#include "dft-lite/scf/density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/base/threads.h"

#define N_GROUPS 8                      /* shares i, i + 8, ... are summed together */
#define EMPTY 1e-12                     /* an occupation or slope that adds nothing */

typedef struct {                        /* one group's sums */
    double *rho, *d_p;                  /* [n_spin] fields and matrices: up, down */
    double *ldos;                       /* field */
} group;

static int group_alloc(group *g, const dft_system *system, const dft_scf_state *state)
{
    const size_t n_field = dft_fft_field_size_d(system->basis->box);

    *g = (group){ dft_alloc_doubles(system->n_spin * n_field),
                  dft_alloc_doubles(system->n_spin * state->n_p), dft_alloc_doubles(n_field) };
    return g->rho && g->d_p && g->ldos;
}

static void group_clear(group *g)
{
    free(g->rho);
    free(g->d_p);
    free(g->ldos);
}

static void add_on_site(const dft_system *system, const double complex *c, double f, double *d_p)
{
    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const size_t n_i = system->species[system->species_of[a]]->n_i;
        const double complex *ca = c + system->i_offset[a];
        double *d = d_p + system->p_offset[a];
        for (size_t i = 0; i < n_i; i++)
            for (size_t j = 0; j <= i; j++)
                d[dft_packed(i, j)] += (i == j ? f : 2.0 * f)
                    * (creal(ca[i]) * creal(ca[j]) + cimag(ca[i]) * cimag(ca[j]));
    }
}

/* The bands first .. end - 1 of a channel. */
static void add_bands(const dft_system *system, const dft_kspace *kspace, const dft_scf_state *state,
                      size_t channel, size_t first, size_t end, const double *occupation,
                      const double *slope, const double complex *c, group *g, dft_fft_work *work)
{
    const size_t n_pw = kspace->kbasis->n_pw, spin = channel / system->kpoints->n_k;
    const double complex *psi = state->psi[channel];
    const double weight = dft_system_channel_weight(system, channel), volume = system->basis->volume;
    double *rho = g->rho + spin * dft_fft_field_size_d(system->basis->box);

    while (end > first && fabs(occupation[end - 1]) < EMPTY && slope[end - 1] < EMPTY)
        end--;
    for (size_t ib = first; ib < end; ib++) {
        const double f = occupation[ib] * weight;
        dft_fft_add_density(kspace->kbasis->fft, psi + ib * n_pw, f / volume, rho, slope[ib] * weight / volume,
                            slope[ib] > EMPTY ? g->ldos : NULL, work);
        add_on_site(system, c + ib * kspace->n_projectors, f, g->d_p + spin * state->n_p);
    }
}

/* A share is part of a channel's bands; there are at least N_GROUPS of them. */
static void add_share(const dft_system *system, dft_kspace *const *kspace, const dft_scf_state *state,
                      size_t share, size_t n_parts, const double *occupation, const double *slope,
                      const double complex *const *projections, group *g, dft_fft_work *work)
{
    const size_t c = share / n_parts, part = share % n_parts, n_bands = state->n_bands;

    add_bands(system, kspace[c % system->kpoints->n_k], state, c, part * n_bands / n_parts,
              (part + 1) * n_bands / n_parts, occupation + c * n_bands, slope + c * n_bands,
              projections[c], g, work);
}

static void add_to(size_t n, const double *more, double *sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += more[i];
}

/* (up, down) -> (up + down, up - down), in place. */
static void combine_spins(size_t n, double *up, double *down)
{
    for (size_t i = 0; i < n; i++) {
        const double u = up[i], d = down[i];
        up[i] = u + d;
        down[i] = u - d;
    }
}

/* A field's components on the density sphere.  grid, work: scratch. */
static void to_fourier(const dft_basis *basis, const double *field, double complex *out, double *grid,
                       double complex *work)
{
    dft_fft_field_to_grid_d(basis->box, field, grid);
    dft_fft_real_to_fourier(basis->coarse, grid, out, work);
}

/* Adds the groups in order and transforms to the density sphere. */
static dft_status collect(const dft_system *system, group *groups, size_t n_p, double complex *rho_g,
                          double *d_p, double complex *ldos_g, dft_error *err)
{
    const size_t n_field = dft_fft_field_size_d(system->basis->box), n_spin = system->n_spin;
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(system->basis->coarse));
    double *grid = dft_alloc_doubles(dft_fft_real_size(system->basis->coarse));
    dft_status status = DFT_OK;

    if (!work || !grid) {
        status = dft_fail(err, DFT_ENOMEM, "density: out of memory");
        goto done;
    }
    for (size_t ig = 1; ig < N_GROUPS; ig++) {
        add_to(n_spin * n_field, groups[ig].rho, groups[0].rho);
        add_to(n_spin * n_p, groups[ig].d_p, groups[0].d_p);
        add_to(n_field, groups[ig].ldos, groups[0].ldos);
    }
    if (n_spin == 2) {
        combine_spins(n_field, groups[0].rho, groups[0].rho + n_field);
        combine_spins(n_p, groups[0].d_p, groups[0].d_p + n_p);
    }
    memcpy(d_p, groups[0].d_p, n_spin * n_p * sizeof *d_p);
    for (size_t s = 0; s < n_spin; s++)
        to_fourier(system->basis, groups[0].rho + s * n_field, rho_g + s * system->basis->n_g, grid, work);
    to_fourier(system->basis, groups[0].ldos, ldos_g, grid, work);
done:
    free(work);
    free(grid);
    return status;
}

dft_status dft_density_compute(const dft_system *system, dft_kspace *const *kspace,
                               const dft_scf_state *state, const double *occupation,
                               const double *slope, const double complex *const *projections,
                               double complex *rho_g, double *d_p, double complex *ldos_g, dft_error *err)
{
    const size_t n_channels = dft_system_n_channels(system), n_threads = (size_t)dft_threads_max();
    const size_t n_parts = (N_GROUPS + n_channels - 1) / n_channels;
    group groups[N_GROUPS] = { { 0 } };
    dft_fft_work **work = dft_alloc(n_threads, sizeof *work);
    dft_status status = work ? DFT_OK : dft_fail(err, DFT_ENOMEM, "density: out of memory");

    for (size_t t = 0; status == DFT_OK && t < n_threads; t++)
        status = dft_fft_work_create(system->basis->box, &work[t], err);
    for (size_t ig = 0; status == DFT_OK && ig < N_GROUPS; ig++)
        if (!group_alloc(&groups[ig], system, state))
            status = dft_fail(err, DFT_ENOMEM, "density: out of memory");
    if (status == DFT_OK) {
        #pragma omp parallel for schedule(dynamic)
        for (size_t ig = 0; ig < N_GROUPS; ig++)
            for (size_t share = ig; share < n_channels * n_parts; share += N_GROUPS)
                add_share(system, kspace, state, share, n_parts, occupation, slope, projections,
                          &groups[ig], work[dft_thread_index()]);
        status = collect(system, groups, state->n_p, rho_g, d_p, ldos_g, err);
    }
    for (size_t ig = 0; ig < N_GROUPS; ig++)
        group_clear(&groups[ig]);
    for (size_t t = 0; work && t < n_threads; t++)
        dft_fft_work_free(work[t]);
    free(work);
    return status;
}
