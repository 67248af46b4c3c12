#include "dft-lite/terms/projectors_force.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/math/harmonics.h"

#define N_LM 16                         /* l <= 3 */

void dft_projectors_add_force(const dft_kbasis *kbasis, size_t n_i, const double complex *p,
                              const double complex *b, double force[3])
{
    const size_t n_pw = kbasis->n_pw;

    /* -2 Re[-iq p conj(b)] = -2 q Im[p conj(b)] */
    for (size_t i = 0; i < n_i; i++)
        for (size_t g = 0; g < n_pw; g++) {
            const double complex x = p[i * n_pw + g], y = b[i * n_pw + g];
            const double w = -2.0 * (cimag(x) * creal(y) - creal(x) * cimag(y));
            for (int c = 0; c < 3; c++)
                force[c] += w * kbasis->kg[g][c];
        }
}

struct dft_directions {
    double *length;                     /* owned, [n_pw] |k+G| */
    double (*unit)[3];                  /* owned, [n_pw]; zero where |k+G| is */
    double (*harmonic)[N_LM];           /* owned, [n_pw] Y */
    double (*gradient)[N_LM][3];        /* owned, [n_pw] grad S at the unit vector */
};

dft_status dft_directions_create(const dft_kbasis *kb, dft_directions **out, dft_error *err)
{
    dft_directions *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self)
        *self = (dft_directions){ dft_alloc_doubles(kb->n_pw),
                                  dft_alloc(kb->n_pw, sizeof *self->unit),
                                  dft_alloc(kb->n_pw, sizeof *self->harmonic),
                                  dft_alloc(kb->n_pw, sizeof *self->gradient) };
    if (!self || !self->length || !self->unit || !self->harmonic || !self->gradient) {
        dft_directions_free(self);
        return dft_fail(err, DFT_ENOMEM, "harmonics of %zu plane waves: out of memory", kb->n_pw);
    }
    for (size_t g = 0; g < kb->n_pw; g++) {
        self->length[g] = sqrt(2.0 * kb->kinetic[g]);
        if (self->length[g] > 0.0)
            for (int c = 0; c < 3; c++)
                self->unit[g][c] = kb->kg[g][c] / self->length[g];
        const double z_axis[3] = { 0.0, 0.0, 1.0 };
        dft_solid_harmonics_gradient(3, self->length[g] > 0.0 ? self->unit[g] : z_axis,
                                     self->harmonic[g], self->gradient[g]);
    }
    *out = self;
    return DFT_OK;
}

void dft_directions_free(dft_directions *directions)
{
    if (!directions)
        return;
    free(directions->length);
    free(directions->unit);
    free(directions->harmonic);
    free(directions->gradient);
    free(directions);
}

/* Projectors of one wave, all m.  f Y = (f/q^l) S, whose gradient is
 * ((f' - l f/q) Y u + (f/q) grad S(u)) with u = q/|q|; at q = 0 nothing but the volume changes. */
static void wave_strain(const dft_kbasis *kb, const dft_directions *d, const dft_spline *spline,
                        int l, double scale, const double complex *b,
                        const double complex *phase, double strain[DFT_N_STRAIN])
{
    static const double complex minus_i_to[4] = { 1.0, -I, -1.0, I };
    const double complex factor = 2.0 * scale * minus_i_to[l];

    for (size_t g = 0; g < kb->n_pw; g++) {
        const double complex z = factor * phase[g];
        const double q = d->length[g], f = dft_spline_value(spline, q);
        const double stretch = q * dft_spline_slope(spline, q) - l * f;
        double y = 0.0, s[3] = { 0.0 }, change[3];
        for (int m = 0, lm = l * l; m < 2 * l + 1; m++, lm++) {
            const double complex bm = b[(size_t)m * kb->n_pw + g];
            const double w = creal(z) * creal(bm) + cimag(z) * cimag(bm);       /* Re z conj(b) */
            y += w * d->harmonic[g][lm];
            for (int c = 0; c < 3; c++)
                s[c] += w * d->gradient[g][lm][c];
        }
        for (int c = 0; c < 3; c++)
            change[c] = stretch * y * d->unit[g][c] + f * s[c];
        dft_strain_add(-1.0, d->unit[g], change, strain);
        dft_strain_add_isotropic(-0.5 * f * y, strain);
    }
}

void dft_projectors_add_strain(const dft_ions *ions, const dft_kbasis *kbasis,
                               const dft_directions *directions, size_t atom,
                               const double complex *b, double complex *phase,
                               double strain[DFT_N_STRAIN])
{
    const dft_species *species = ions->species[ions->species_of[atom]];
    const double scale = 1.0 / sqrt(ions->basis->volume);

    dft_projectors_phase(kbasis, ions->crystal->position[atom], phase);
    for (size_t j = 0; j < species->setup->n_waves; j++) {
        const int l = species->setup->wave[j].l;
        if (species->projector_q[j].n == 0)
            continue;
        wave_strain(kbasis, directions, &species->projector_q[j], l, scale, b, phase, strain);
        b += (size_t)(2 * l + 1) * kbasis->n_pw;
    }
}
