#include "dft-lite/terms/species_coulomb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/harmonics.h"
#include "dft-lite/math/radial.h"

typedef struct {
    dft_species *species;
    size_t n;                           /* radial points */
    const double *r, *dr;
    size_t n_jk;                        /* wave pairs, packed */
    double *ae, *ps;                    /* [n_jk][n] phi_j phi_k and pseudo */
    double *ae_v, *ps_v;                /* [n_jk][n] scratch potentials of one l */
    double *ps_full;                    /* [n_jk][n] pseudo pair + its compensation, of one l */
    double *shape[DFT_COMPENSATION_LMAX + 1];       /* [n] g_l(r) */
    double *w;                          /* [n_jk][n_jk] of one l */
    double *gaunt;                      /* lm, lm', LM */
    size_t n_lm, n_big;
} tables;

static double integral(const tables *t, const double *f, const double *g, int power)
{
    double sum = 0.0;
    for (size_t i = 0; i < t->n; i++) {
        double rp = 1.0;
        for (int k = 0; k < power; k++)
            rp *= t->r[i];
        sum += f[i] * g[i] * rp * t->dr[i];
    }
    return sum;
}

static int allocate(tables *t)
{
    const size_t n_waves = t->species->setup->n_waves;

    t->n_jk = n_waves * (n_waves + 1) / 2;
    t->ae = dft_alloc_doubles(t->n_jk * t->n);
    t->ps = dft_alloc_doubles(t->n_jk * t->n);
    t->ae_v = dft_alloc_doubles(t->n_jk * t->n);
    t->ps_v = dft_alloc_doubles(t->n_jk * t->n);
    t->ps_full = dft_alloc_doubles(t->n_jk * t->n);
    t->w = dft_alloc_doubles(t->n_jk * t->n_jk);
    t->gaunt = dft_gaunt_table(t->species->lmax, t->species->lmax, 2 * t->species->lmax);
    t->n_lm = (size_t)((t->species->lmax + 1) * (t->species->lmax + 1));
    t->n_big = (size_t)((2 * t->species->lmax + 1) * (2 * t->species->lmax + 1));
    for (int l = 0; l <= DFT_COMPENSATION_LMAX; l++)
        t->shape[l] = dft_alloc_doubles(t->n);
    return t->ae && t->ps && t->ae_v && t->ps_v && t->ps_full && t->w && t->gaunt && t->shape[0]
        && t->shape[1] && t->shape[2];
}

static void clear(tables *t)
{
    free(t->ae);
    free(t->ps);
    free(t->ae_v);
    free(t->ps_v);
    free(t->ps_full);
    free(t->w);
    free(t->gaunt);
    for (int l = 0; l <= DFT_COMPENSATION_LMAX; l++)
        free(t->shape[l]);
}

static void fill_pairs(tables *t)
{
    const dft_setup *setup = t->species->setup;

    for (size_t j = 0; j < setup->n_waves; j++)
        for (size_t k = 0; k <= j; k++) {
            double *ae = t->ae + dft_packed(j, k) * t->n, *ps = t->ps + dft_packed(j, k) * t->n;
            for (size_t i = 0; i < t->n; i++) {
                ae[i] = setup->wave[j].phi[i] * setup->wave[k].phi[i];
                ps[i] = setup->wave[j].phi_ps[i] * setup->wave[k].phi_ps[i];
            }
        }
    for (int l = 0; l <= DFT_COMPENSATION_LMAX; l++) {
        for (size_t i = 0; i < t->n; i++) {
            const double x = t->r[i] / setup->shape_rc;
            t->shape[l][i] = pow(t->r[i], l) * exp(-x * x);
        }
        const double norm = dft_radial_integral(t->n, t->r, t->dr, t->shape[l], l + 2);
        for (size_t i = 0; i < t->n; i++)
            t->shape[l][i] /= norm;
    }
}

/* G^LM_(i j): the Gaunt coefficient of a packed pair. */
static double gaunt(const tables *t, size_t i, size_t j, size_t big)
{
    const dft_species *s = t->species;
    return t->gaunt[((size_t)s->lm_of[i] * t->n_lm + (size_t)s->lm_of[j]) * t->n_big + big];
}

static size_t channel(const dft_species *s, size_t i, size_t j)
{
    return dft_packed((size_t)s->wave_of[i], (size_t)s->wave_of[j]);
}

/* Moments of each pair channel for one l, its compensated pseudo density, and both potentials. */
static void channel_potentials(tables *t, int l, double *moment)
{
    for (size_t c = 0; c < t->n_jk; c++) {
        const double *ae = t->ae + c * t->n, *ps = t->ps + c * t->n;
        double *full = t->ps_full + c * t->n;
        memcpy(full, ps, t->n * sizeof *full);
        if (l <= DFT_COMPENSATION_LMAX) {
            moment[c] = dft_radial_integral(t->n, t->r, t->dr, ae, l + 2)
                      - dft_radial_integral(t->n, t->r, t->dr, ps, l + 2);
            for (size_t i = 0; i < t->n; i++)
                full[i] += moment[c] * t->shape[l][i];
        }
        dft_radial_poisson(t->n, t->r, t->dr, l, ae, t->ae_v + c * t->n);
        dft_radial_poisson(t->n, t->r, t->dr, l, full, t->ps_v + c * t->n);
    }
}

static void add_multipole(tables *t, int l)
{
    dft_species *s = t->species;
    double moment[DFT_SETUP_MAX_WAVES * (DFT_SETUP_MAX_WAVES + 1) / 2];

    channel_potentials(t, l, moment);
    for (size_t c = 0; c < t->n_jk; c++)
        for (size_t d = 0; d < t->n_jk; d++)
            t->w[c * t->n_jk + d] = 0.5 * (integral(t, t->ae + c * t->n, t->ae_v + d * t->n, 2)
                                           - integral(t, t->ps_full + c * t->n,
                                                      t->ps_v + d * t->n, 2));
    for (size_t big = (size_t)(l * l); big < (size_t)((l + 1) * (l + 1)); big++)
        for (size_t i = 0; i < s->n_i; i++)
            for (size_t j = 0; j <= i; j++) {
                const double gp = gaunt(t, i, j, big);
                const size_t p = dft_packed(i, j), c = channel(s, i, j);
                if (l <= DFT_COMPENSATION_LMAX)
                    s->delta[big * s->n_p + p] = gp * moment[c];
                if (fabs(gp) < 1e-14)
                    continue;
                for (size_t k = 0; k < s->n_i; k++)
                    for (size_t m = 0; m <= k; m++)
                        s->coulomb[p * s->n_p + dft_packed(k, m)] += gp * gaunt(t, k, m, big)
                            * t->w[c * t->n_jk + channel(s, k, m)];
            }
}

/* Interaction of the pairs with core and nucleus, zero potential and kinetic differences. */
static void fill_linear(tables *t, const double *v_core, const double *v_core_ps)
{
    dft_species *s = t->species;
    const dft_setup *setup = s->setup;
    const double y00 = 1.0 / sqrt(4.0 * DFT_PI);

    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const size_t p = dft_packed(i, j), c = channel(s, i, j);
            const double *ae = t->ae + c * t->n, *ps = t->ps + c * t->n;
            if (s->lm_of[i] != s->lm_of[j])
                continue;
            const double moment = dft_radial_integral(t->n, t->r, t->dr, ae, 2)
                                - dft_radial_integral(t->n, t->r, t->dr, ps, 2);
            const double ae_part = integral(t, ae, v_core, 2)
                - setup->z * sqrt(4.0 * DFT_PI) * dft_radial_integral(t->n, t->r, t->dr, ae, 1);
            const double ps_part = integral(t, ps, v_core_ps, 2)
                                 + moment * integral(t, t->shape[0], v_core_ps, 2);
            s->linear[p] = y00 * (ae_part - ps_part - integral(t, ps, setup->zero_potential, 2))
                + setup->kinetic_difference[(size_t)s->wave_of[i] * setup->n_waves
                                            + (size_t)s->wave_of[j]];
        }
}

static dft_status fill_core(tables *t, dft_error *err)
{
    dft_species *s = t->species;
    const dft_setup *setup = s->setup;
    double *v_core = dft_alloc_doubles(t->n), *v_core_ps = dft_alloc_doubles(t->n);
    double *core_ps = dft_alloc_doubles(t->n);      /* with its compensation */
    dft_status status = DFT_OK;

    if (!v_core || !v_core_ps || !core_ps) {
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
        goto done;
    }
    s->delta_core = dft_radial_integral(t->n, t->r, t->dr, setup->core, 2)
                  - dft_radial_integral(t->n, t->r, t->dr, setup->core_ps, 2)
                  - setup->z / sqrt(4.0 * DFT_PI);
    for (size_t i = 0; i < t->n; i++)
        core_ps[i] = setup->core_ps[i] + s->delta_core * t->shape[0][i];
    dft_radial_poisson(t->n, t->r, t->dr, 0, setup->core, v_core);
    dft_radial_poisson(t->n, t->r, t->dr, 0, core_ps, v_core_ps);
    s->constant = setup->energy_core_kinetic - setup->energy_total
        + 0.5 * integral(t, setup->core, v_core, 2) - 0.5 * integral(t, core_ps, v_core_ps, 2)
        - setup->z * sqrt(4.0 * DFT_PI) * dft_radial_integral(t->n, t->r, t->dr, setup->core, 1)
        - integral(t, setup->core_ps, setup->zero_potential, 2);
    fill_linear(t, v_core, v_core_ps);
done:
    free(v_core);
    free(v_core_ps);
    free(core_ps);
    return status;
}

dft_status dft_species_fill_coulomb(dft_species *species, dft_error *err)
{
    tables t = { .species = species, .n = species->n_cut, .r = species->setup->r,
                 .dr = species->setup->dr };
    dft_status status;

    if (!allocate(&t)) {
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", species->setup->name);
        goto done;
    }
    fill_pairs(&t);
    for (int l = 0; l <= 2 * species->lmax; l++)
        add_multipole(&t, l);
    status = fill_core(&t, err);
done:
    clear(&t);
    return status;
}
