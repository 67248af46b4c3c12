#include "dft-lite/scf/density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"

#define N_GROUPS 8                      /* channels c, c + 8, ... are summed together */
#define EMPTY 1e-12                     /* an occupation or slope that adds nothing */

typedef struct {
    double *rho_r, *d_p;                /* one group's sums, [n_spin] times: up, down */
    double *ldos_r;
    double complex *grid, *c;
} group;

static int group_alloc(group *g, const dft_system *system, const dft_scf_state *state)
{
    const size_t n_r = dft_fft_box_size(system->basis->box);

    *g = (group){ dft_alloc_doubles(system->n_spin * n_r), dft_alloc_doubles(system->n_spin * state->n_p),
                  dft_alloc_doubles(n_r), dft_alloc_complex(n_r),
                  dft_alloc_complex(state->n_bands * system->i_offset[state->n_atoms]) };
    return g->rho_r && g->ldos_r && g->d_p && g->grid && g->c;
}

static void group_clear(group *g)
{
    free(g->rho_r);
    free(g->ldos_r);
    free(g->d_p);
    free(g->grid);
    free(g->c);
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

static void add_channel(const dft_system *system, const dft_kspace *kspace, const dft_scf_state *state,
                        size_t channel, const double *occupation, const double *slope, group *g)
{
    const size_t n_pw = kspace->kbasis->n_pw, n_r = dft_fft_box_size(system->basis->box);
    const size_t spin = channel / system->kpoints->n_k;
    const double complex *psi = state->psi[channel];
    const double weight = dft_system_channel_weight(system, channel);
    double *rho_r = g->rho_r + spin * n_r, *d_p = g->d_p + spin * state->n_p;
    size_t n_filled = state->n_bands;

    while (n_filled > 0 && fabs(occupation[n_filled - 1]) < EMPTY && slope[n_filled - 1] < EMPTY)
        n_filled--;
    dft_project(kspace, n_filled, psi, g->c);
    for (size_t ib = 0; ib < n_filled; ib++) {
        const double f = occupation[ib] * weight, f_r = f / system->basis->volume;
        const double d_r = slope[ib] * weight / system->basis->volume;
        dft_fft_to_real(kspace->kbasis->fft, psi + ib * n_pw, g->grid);
        for (size_t i = 0; i < n_r; i++)
            rho_r[i] += f_r * dft_abs2(g->grid[i]);
        if (slope[ib] > EMPTY)
            for (size_t i = 0; i < n_r; i++)
                g->ldos_r[i] += d_r * dft_abs2(g->grid[i]);
        add_on_site(system, g->c + ib * kspace->n_projectors, f, d_p);
    }
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

/* Adds the groups in order and transforms to the density sphere. */
static dft_status collect(const dft_system *system, group *groups, size_t n_p, double complex *rho_g,
                          double *d_p, double complex *ldos_g, dft_error *err)
{
    const size_t n_r = dft_fft_box_size(system->basis->box), n_spin = system->n_spin;
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(system->basis->coarse));

    if (!work)
        return dft_fail(err, DFT_ENOMEM, "density: out of memory");
    for (int ig = 1; ig < N_GROUPS; ig++) {
        add_to(n_spin * n_r, groups[ig].rho_r, groups[0].rho_r);
        add_to(n_spin * n_p, groups[ig].d_p, groups[0].d_p);
        add_to(n_r, groups[ig].ldos_r, groups[0].ldos_r);
    }
    if (n_spin == 2) {
        combine_spins(n_r, groups[0].rho_r, groups[0].rho_r + n_r);
        combine_spins(n_p, groups[0].d_p, groups[0].d_p + n_p);
    }
    memcpy(d_p, groups[0].d_p, n_spin * n_p * sizeof *d_p);
    for (size_t s = 0; s < n_spin; s++)
        dft_fft_real_to_fourier(system->basis->coarse, groups[0].rho_r + s * n_r,
                                rho_g + s * system->basis->n_g, work);
    dft_fft_real_to_fourier(system->basis->coarse, groups[0].ldos_r, ldos_g, work);
    free(work);
    return DFT_OK;
}

dft_status dft_density_compute(const dft_system *system, dft_kspace *const *kspace,
                               const dft_scf_state *state, const double *occupation,
                               const double *slope, double complex *rho_g, double *d_p,
                               double complex *ldos_g, dft_error *err)
{
    group groups[N_GROUPS] = { { 0 } };
    dft_status status = DFT_OK;

    for (int ig = 0; ig < N_GROUPS; ig++)
        if (!group_alloc(&groups[ig], system, state)) {
            status = dft_fail(err, DFT_ENOMEM, "density: out of memory");
            goto done;
        }
    #pragma omp parallel for schedule(dynamic)
    for (int ig = 0; ig < N_GROUPS; ig++)
        for (size_t c = (size_t)ig; c < dft_system_n_channels(system); c += N_GROUPS)
            add_channel(system, kspace[c % system->kpoints->n_k], state, c,
                        occupation + c * state->n_bands, slope + c * state->n_bands, &groups[ig]);
    status = collect(system, groups, state->n_p, rho_g, d_p, ldos_g, err);
done:
    for (int ig = 0; ig < N_GROUPS; ig++)
        group_clear(&groups[ig]);
    return status;
}
