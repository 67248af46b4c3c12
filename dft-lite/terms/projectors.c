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
} scratch;

static int scratch_fill(scratch *s, const dft_kbasis *kb)
{
    s->length = dft_alloc_doubles(kb->n_pw);
    s->harmonic = dft_alloc(kb->n_pw, sizeof *s->harmonic);
    s->radial = dft_alloc_doubles(kb->n_pw);
    if (!s->length || !s->harmonic || !s->radial)
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

static const double complex minus_i_to[4] = { 1.0, -I, -1.0, I };

/* scale f Y of one partial wave, all m: shape [2l+1][n_pw]. */
static void fill_shape(const dft_kbasis *kb, const dft_spline *spline, int l, double scale, scratch *s,
                       double *shape)
{
    for (size_t g = 0; g < kb->n_pw; g++)
        s->radial[g] = scale * dft_spline_value(spline, s->length[g]);
    for (int lm = l * l; lm < (l + 1) * (l + 1); lm++, shape += kb->n_pw)
        for (size_t g = 0; g < kb->n_pw; g++)
            shape[g] = s->radial[g] * s->harmonic[g][lm];
}

static void scratch_clear(scratch *s)
{
    free(s->length);
    free(s->harmonic);
    free(s->radial);
}

dft_status dft_atomic_orbitals_fill(const dft_ions *ions, const dft_kbasis *kb, double complex *matrix,
                                    dft_error *err)
{
    const double scale = 1.0 / sqrt(ions->basis->volume);
    double *shape = dft_alloc_doubles(7 * kb->n_pw);
    double complex *phase = dft_alloc_complex(kb->n_pw);
    scratch s = { 0 };
    dft_status status = DFT_OK;

    if (!shape || !phase || !scratch_fill(&s, kb)) {
        status = dft_fail(err, DFT_ENOMEM, "atomic orbitals: out of memory");
        goto done;
    }
    for (size_t a = 0; a < ions->crystal->n_atoms; a++) {
        const dft_species *species = ions->species[ions->species_of[a]];
        dft_projectors_phase(kb, ions->crystal->position[a], phase);
        for (size_t j = 0; j < species->setup->n_waves; j++) {
            const int l = species->setup->wave[j].l;
            if (species->pseudo_wave_q[j].n == 0)
                continue;
            fill_shape(kb, &species->pseudo_wave_q[j], l, scale, &s, shape);
            for (int m = 0; m < 2 * l + 1; m++, matrix += kb->n_pw)
                for (size_t g = 0; g < kb->n_pw; g++)
                    matrix[g] = minus_i_to[l] * shape[(size_t)m * kb->n_pw + g] * phase[g];
        }
    }
done:
    free(shape);
    free(phase);
    scratch_clear(&s);
    return status;
}

struct dft_projectors {
    const dft_ions *ions;               /* borrowed */
    size_t n_pw;
    double **shape;                     /* owned, [n_species][n_i][n_pw]: volume^(-1/2) f Y */
    double complex *phase;              /* owned, [n_atoms][n_pw] */
};

void dft_projectors_free(dft_projectors *projectors)
{
    if (!projectors)
        return;
    for (size_t kind = 0; projectors->shape && kind < projectors->ions->n_species; kind++)
        free(projectors->shape[kind]);
    free(projectors->shape);
    free(projectors->phase);
    free(projectors);
}

static int fill_species(dft_projectors *self, const dft_kbasis *kb, size_t kind, scratch *s)
{
    const dft_species *species = self->ions->species[kind];
    const double scale = 1.0 / sqrt(self->ions->basis->volume);
    double *shape = self->shape[kind] = dft_alloc_doubles(species->n_i * kb->n_pw);

    if (!shape)
        return 0;
    for (size_t j = 0; j < species->setup->n_waves; j++) {
        const int l = species->setup->wave[j].l;
        if (species->projector_q[j].n == 0)
            continue;
        fill_shape(kb, &species->projector_q[j], l, scale, s, shape);
        shape += (size_t)(2 * l + 1) * kb->n_pw;
    }
    return 1;
}

dft_status dft_projectors_create(const dft_ions *ions, const dft_kbasis *kb, dft_projectors **out,
                                 dft_error *err)
{
    dft_projectors *self = dft_alloc(1, sizeof *self);
    scratch s = { 0 };
    int ok = self != NULL;

    *out = NULL;
    if (ok) {
        *self = (dft_projectors){ ions, kb->n_pw, dft_alloc(ions->n_species, sizeof *self->shape),
                                  dft_alloc_complex(ions->crystal->n_atoms * kb->n_pw) };
        ok = self->shape && self->phase && scratch_fill(&s, kb);
    }
    for (size_t kind = 0; ok && kind < ions->n_species; kind++)
        ok = fill_species(self, kb, kind, &s);
    for (size_t a = 0; ok && a < ions->crystal->n_atoms; a++)
        dft_projectors_phase(kb, ions->crystal->position[a], self->phase + a * kb->n_pw);
    scratch_clear(&s);
    if (!ok) {
        dft_projectors_free(self);
        return dft_fail(err, DFT_ENOMEM, "projectors: out of memory");
    }
    *out = self;
    return DFT_OK;
}

/* Rows of one atom: shape times phase, turned by (-i)^l.  Written so that the inner loops vectorise. */
#define ATOM_ROWS(NAME, REAL)                                                                       \
    static void NAME(const dft_projectors *self, size_t atom, size_t first, size_t n,               \
                     REAL complex *block)                                                           \
    {                                                                                               \
        const size_t kind = self->ions->species_of[atom];                                           \
        const dft_species *species = self->ions->species[kind];                                     \
        const double *phase = (const double *)(self->phase + atom * self->n_pw + first);            \
        const double *shape = self->shape[kind] + first;                                            \
        REAL *row = (REAL *)block;                                                                  \
        for (size_t j = 0; j < species->setup->n_waves; j++) {                                      \
            const int l = species->setup->wave[j].l;                                                \
            const int swapped = l % 2;                                                              \
            const double re = l % 4 < 2 ? 1.0 : -1.0, im = swapped ? -re : re;                      \
            if (species->projector_q[j].n == 0)                                                     \
                continue;                                                                           \
            for (int m = 0; m < 2 * l + 1; m++, shape += self->n_pw, row += 2 * n)                  \
                for (size_t g = 0; g < n; g++) {                                                    \
                    row[2 * g] = (REAL)(re * shape[g] * phase[2 * g + (size_t)swapped]);            \
                    row[2 * g + 1] = (REAL)(im * shape[g] * phase[2 * g + 1 - (size_t)swapped]);    \
                }                                                                                   \
        }                                                                                           \
    }

ATOM_ROWS(atom_rows_d, double)
ATOM_ROWS(atom_rows_s, float)

void dft_projectors_block_d(const dft_projectors *self, size_t first, size_t n, double complex *block)
{
    for (size_t a = 0; a < self->ions->crystal->n_atoms; a++) {
        atom_rows_d(self, a, first, n, block);
        block += self->ions->species[self->ions->species_of[a]]->n_i * n;
    }
}

void dft_projectors_block_s(const dft_projectors *self, size_t first, size_t n, float complex *block)
{
    for (size_t a = 0; a < self->ions->crystal->n_atoms; a++) {
        atom_rows_s(self, a, first, n, block);
        block += self->ions->species[self->ions->species_of[a]]->n_i * n;
    }
}

void dft_projectors_of_atom(const dft_projectors *self, size_t atom, double complex *matrix)
{
    atom_rows_d(self, atom, 0, self->n_pw, matrix);
}
