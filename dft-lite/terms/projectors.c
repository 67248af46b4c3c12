#include "dft-lite/terms/projectors.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/harmonics.h"

typedef const dft_spline *(*pick_wave)(const dft_species *species, size_t wave);

static const dft_spline *pick_projector(const dft_species *species, size_t wave)
{
    return &species->projector_q[wave];
}

static const dft_spline *pick_bound(const dft_species *species, size_t wave)
{
    return &species->pseudo_wave_q[wave];
}

static size_t count(const dft_ions *ions, pick_wave pick)
{
    size_t n = 0;

    for (size_t a = 0; a < ions->crystal->n_atoms; a++) {
        const dft_species *s = ions->species[ions->species_of[a]];
        for (size_t j = 0; j < s->setup->n_waves; j++)
            if (pick(s, j)->n > 0)
                n += (size_t)(2 * s->setup->wave[j].l + 1);
    }
    return n;
}

size_t dft_projectors_count(const dft_ions *ions)      { return count(ions, pick_projector); }
size_t dft_atomic_orbitals_count(const dft_ions *ions) { return count(ions, pick_bound); }

typedef struct {
    double *length;                     /* [n_pw] |k+G| */
    double (*harmonic)[16];             /* [n_pw] Y_lm, l <= 3 */
    double *radial;                     /* [n_pw] of one wave */
    double complex *phase;              /* [n_pw] of one atom */
} scratch;

static int scratch_fill(scratch *s, const dft_kbasis *kb)
{
    s->length = dft_alloc_doubles(kb->n_pw);
    s->harmonic = dft_alloc(kb->n_pw, sizeof *s->harmonic);
    s->radial = dft_alloc_doubles(kb->n_pw);
    s->phase = dft_alloc_complex(kb->n_pw);
    if (!s->length || !s->harmonic || !s->radial || !s->phase)
        return 0;
    for (size_t g = 0; g < kb->n_pw; g++) {
        const double q = sqrt(2.0 * kb->kinetic[g]);
        const double direction[3] = { q > 0.0 ? kb->kg[g][0] / q : 0.0,
                                      q > 0.0 ? kb->kg[g][1] / q : 0.0,
                                      q > 0.0 ? kb->kg[g][2] / q : 1.0 };
        s->length[g] = q;
        dft_solid_harmonics(3, direction, s->harmonic[g]);
    }
    return 1;
}

void dft_projectors_phase(const dft_kbasis *kb, const double position[3], double complex *phase)
{
    for (size_t g = 0; g < kb->n_pw; g++) {
        const double x = (kb->k[0] + kb->hkl[g][0]) * position[0]
                       + (kb->k[1] + kb->hkl[g][1]) * position[1]
                       + (kb->k[2] + kb->hkl[g][2]) * position[2];
        const double angle = -2.0 * DFT_PI * (x - floor(x));
        phase[g] = cos(angle) + I * sin(angle);
    }
}

static dft_status fill(const dft_ions *ions, const dft_kbasis *kb, pick_wave pick,
                       double complex *matrix, dft_error *err)
{
    static const double complex minus_i_to[4] = { 1.0, -I, -1.0, I };
    const double scale = 1.0 / sqrt(ions->basis->volume);
    scratch s = { 0 };
    dft_status status = DFT_OK;

    if (!scratch_fill(&s, kb)) {
        status = dft_fail(err, DFT_ENOMEM, "projectors: out of memory");
        goto done;
    }
    for (size_t a = 0; a < ions->crystal->n_atoms; a++) {
        const dft_species *species = ions->species[ions->species_of[a]];
        dft_projectors_phase(kb, ions->crystal->position[a], s.phase);
        for (size_t j = 0; j < species->setup->n_waves; j++) {
            const dft_spline *spline = pick(species, j);
            const int l = species->setup->wave[j].l;
            if (spline->n == 0)
                continue;
            for (size_t g = 0; g < kb->n_pw; g++)
                s.radial[g] = scale * dft_spline_value(spline, s.length[g]);
            for (int lm = l * l; lm < (l + 1) * (l + 1); lm++, matrix += kb->n_pw)
                for (size_t g = 0; g < kb->n_pw; g++)
                    matrix[g] = minus_i_to[l] * s.radial[g] * s.harmonic[g][lm] * s.phase[g];
        }
    }
done:
    free(s.length);
    free(s.harmonic);
    free(s.radial);
    free(s.phase);
    return status;
}

dft_status dft_projectors_fill(const dft_ions *ions, const dft_kbasis *kbasis,
                               double complex *matrix, dft_error *err)
{
    return fill(ions, kbasis, pick_projector, matrix, err);
}

dft_status dft_atomic_orbitals_fill(const dft_ions *ions, const dft_kbasis *kbasis,
                                    double complex *matrix, dft_error *err)
{
    return fill(ions, kbasis, pick_bound, matrix, err);
}
