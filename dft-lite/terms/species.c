#include "dft-lite/terms/species.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/harmonics.h"
#include "dft-lite/math/radial.h"
#include "dft-lite/terms/species_coulomb.h"

#define SPLINE_STEP 0.02                /* 1/bohr: cubic interpolation error below 1e-8 */

double dft_species_compensation_q(const dft_species *species, int l, double q)
{
    static const double double_factorial[3] = { 1.0, 3.0, 15.0 };
    const double x = 0.5 * q * species->setup->shape_rc;

    return 4.0 * DFT_PI / double_factorial[l] * exp(-x * x);
}

/* Integrals stop at twice the largest augmentation radius, where all-electron and pseudo functions
 * have long become the same. */
static size_t find_cut(const dft_setup *setup)
{
    double rc = 0.0;
    size_t n = 0;

    for (size_t j = 0; j < setup->n_waves; j++)
        rc = fmax(rc, setup->wave[j].rc);
    while (n < setup->n_r && setup->r[n] < 2.0 * rc)
        n++;
    return n;
}

static dft_status list_waves(dft_species *self, dft_error *err)
{
    const dft_setup *setup = self->setup;

    for (size_t j = 0; j < setup->n_waves; j++) {
        const int l = setup->wave[j].l;
        if (!setup->wave[j].projector)
            continue;
        if (l > 3 || self->n_i + (size_t)(2 * l + 1) > DFT_SPECIES_MAX_I)
            return dft_fail(err, DFT_EINPUT, "%s: partial waves beyond l = 3 or more than %d in all "
                            "are not supported", setup->name, DFT_SPECIES_MAX_I);
        for (int m = -l; m <= l; m++) {
            self->wave_of[self->n_i] = (int)j;
            self->lm_of[self->n_i++] = l * l + l + m;
        }
        self->lmax = l > self->lmax ? l : self->lmax;
    }
    self->n_p = self->n_i * (self->n_i + 1) / 2;
    self->n_cut = setup->norm_conserving ? 0 : find_cut(setup);
    return DFT_OK;
}

/* Tabulates the transform of a radial function and splines it.  The slope at q = 0 vanishes except
 * for l = 1, where j_1(qr) ~ qr/3. */
static int transform(const dft_setup *setup, const double *f, int l, double scale, double q_max,
                     dft_spline *out)
{
    const size_t n = (size_t)(q_max / SPLINE_STEP) + 4;
    double *values = dft_alloc_doubles(n);
    int ok = 0;

    if (values) {
        for (size_t i = 0; i < n; i++)
            values[i] = scale * dft_radial_bessel(setup->n_r, setup->r, setup->dr, f, l,
                                                  (double)i * SPLINE_STEP);
        const double slope = l == 1 ? scale * 4.0 * DFT_PI / 3.0
            * dft_radial_integral(setup->n_r, setup->r, setup->dr, f, 3) : 0.0;
        ok = dft_spline_init(out, n, SPLINE_STEP, values, slope);
    }
    free(values);
    return ok;
}

/* Pseudo density of the free atom: its occupied pseudo waves, sum_j f_j phi_ps_j^2/(4 pi). */
static int transform_valence(const dft_setup *setup, double q_max, dft_spline *out)
{
    double *density = dft_alloc_doubles(setup->n_r);
    int ok = 0;

    if (density) {
        for (size_t j = 0; j < setup->n_waves; j++)
            for (size_t i = 0; setup->wave[j].phi_ps && i < setup->n_r; i++)
                density[i] += setup->wave[j].occupation * setup->wave[j].phi_ps[i]
                            * setup->wave[j].phi_ps[i] / (4.0 * DFT_PI);
        ok = transform(setup, density, 0, 1.0, q_max, out);
    }
    free(density);
    return ok;
}

static dft_status make_transforms(dft_species *self, double q_max, dft_error *err)
{
    const dft_setup *setup = self->setup;
    const double y00 = 1.0 / sqrt(4.0 * DFT_PI);
    int ok = transform(setup, setup->core_ps, 0, y00, q_max, &self->core_q)
          && transform(setup, setup->zero_potential, 0, y00, q_max, &self->zero_q);

    if (ok)
        ok = transform_valence(setup, q_max, &self->valence_q);
    for (size_t j = 0; ok && j < setup->n_waves; j++) {
        const dft_setup_wave *wave = &setup->wave[j];
        if (wave->projector)
            ok = transform(setup, wave->projector, wave->l, 1.0, q_max, &self->projector_q[j]);
        if (ok && wave->n > 0 && wave->phi_ps)
            ok = transform(setup, wave->phi_ps, wave->l, 1.0, q_max, &self->pseudo_wave_q[j]);
    }
    return ok ? DFT_OK : dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
}

/* No augmentation: what is left of the one-centre energy is sum_ij h_ij D_ij. */
static void fill_norm_conserving(dft_species *self)
{
    const dft_setup *setup = self->setup;
    const double z = setup->n_valence;

    self->delta_core = -z / sqrt(4.0 * DFT_PI);
    self->constant = -z * z / (sqrt(2.0 * DFT_PI) * setup->shape_rc);
    for (size_t i = 0; i < self->n_i; i++)
        for (size_t j = 0; j <= i; j++)
            if (self->lm_of[i] == self->lm_of[j])
                self->linear[dft_packed(i, j)] = setup->strength
                    [(size_t)self->wave_of[i] * setup->n_waves + (size_t)self->wave_of[j]];
}

dft_status dft_species_create(const dft_setup *setup, double q_max, dft_species **out,
                              dft_error *err)
{
    dft_species *self = dft_alloc(1, sizeof *self);
    dft_status status;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
    self->setup = setup;
    status = list_waves(self, err);
    if (status != DFT_OK)
        goto done;
    self->delta = dft_alloc_doubles(DFT_N_COMPENSATION * self->n_p);
    self->overlap = dft_alloc_doubles(self->n_i * self->n_i);
    self->linear = dft_alloc_doubles(self->n_p);
    self->coulomb = dft_alloc_doubles(self->n_p * self->n_p);
    if (!self->delta || !self->overlap || !self->linear || !self->coulomb) {
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
        goto done;
    }
    if (setup->norm_conserving)
        fill_norm_conserving(self);
    else
        status = dft_species_fill_coulomb(self, err);
    if (status == DFT_OK)
        status = make_transforms(self, q_max, err);
    if (status != DFT_OK)
        goto done;
    for (size_t i = 0; i < self->n_i; i++)
        for (size_t j = 0; j < self->n_i; j++)
            self->overlap[i * self->n_i + j] = sqrt(4.0 * DFT_PI) * self->delta[dft_packed(i, j)];
    *out = self;
    self = NULL;
done:
    dft_species_free(self);
    return status;
}

void dft_species_free(dft_species *species)
{
    if (!species)
        return;
    for (size_t j = 0; j < DFT_SETUP_MAX_WAVES; j++) {
        dft_spline_clear(&species->projector_q[j]);
        dft_spline_clear(&species->pseudo_wave_q[j]);
    }
    dft_spline_clear(&species->core_q);
    dft_spline_clear(&species->zero_q);
    dft_spline_clear(&species->valence_q);
    free(species->delta);
    free(species->overlap);
    free(species->linear);
    free(species->coulomb);
    free(species);
}
