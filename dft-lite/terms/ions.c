#include "dft-lite/terms/ions.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/harmonics.h"

#define NEGLIGIBLE 1e-18                /* Gaussian factor below which fine G vectors are skipped */

static const dft_spline *pick_core(const dft_species *species) { return &species->core_q; }
static const dft_spline *pick_zero(const dft_species *species) { return &species->zero_q; }

void dft_ions_add_spherical(const dft_ions *ions,
                            const dft_spline *(*pick)(const dft_species *species),
                            double complex *field, double complex *phase)
{
    const dft_basis *basis = ions->basis;

    for (size_t a = 0; a < ions->crystal->n_atoms; a++) {
        const dft_spline *spline = pick(ions->species[ions->species_of[a]]);
        size_t last = basis->n_shells;
        double value = 0.0;
        if (!spline || spline->n == 0)
            continue;
        dft_basis_phases(basis, 0, basis->n_g, ions->power + a * ions->n_powers, phase);
        for (size_t ig = 0; ig < basis->n_g; ig++) {
            if (basis->shell[ig] != last) {
                last = basis->shell[ig];
                value = dft_spline_value(spline, basis->shell_g[last]) / basis->volume;
            }
            field[ig] += value * phase[ig];
        }
    }
}

static void fill_compensation_tables(dft_ions *self)
{
    const dft_basis *basis = self->basis;

    for (size_t ig = 0; ig < basis->n_fine; ig++)
        dft_solid_harmonics(DFT_COMPENSATION_LMAX, basis->g[ig], self->solid[ig]);
    for (size_t s = 0; s < self->n_species; s++) {
        for (int l = 0; l <= DFT_COMPENSATION_LMAX; l++)
            for (size_t shell = 0; shell < basis->n_shells; shell++)
                self->factor[(s * 3 + (size_t)l) * basis->n_shells + shell]
                    = dft_species_compensation_q(self->species[s], l, basis->shell_g[shell]);
        const double *f0 = self->factor + s * 3 * basis->n_shells;
        while (self->reach[s] < basis->n_fine && f0[basis->shell[self->reach[s]]] > NEGLIGIBLE)
            self->reach[s]++;
    }
}

dft_status dft_ions_create(const dft_basis *basis, const dft_crystal *crystal, size_t n_species,
                           const dft_species *const *species, const size_t *species_of,
                           dft_ions **out, dft_error *err)
{
    dft_ions *self = dft_alloc(1, sizeof *self);
    double complex *phase = dft_alloc_complex(basis->n_g);

    *out = NULL;
    if (self)
        *self = (dft_ions){ basis, crystal, n_species, species, species_of,
                            dft_alloc_complex(basis->n_g), dft_alloc_complex(basis->n_g),
                            dft_alloc(basis->n_fine, sizeof *self->solid),
                            dft_alloc_doubles(n_species * 3 * basis->n_shells),
                            dft_alloc_sizes(n_species), dft_basis_n_powers(basis),
                            dft_alloc_complex(crystal->n_atoms * dft_basis_n_powers(basis)) };
    if (!self || !phase || !self->core_g || !self->zero_g || !self->solid || !self->factor
        || !self->reach || !self->power) {
        dft_ions_free(self);
        free(phase);
        return dft_fail(err, DFT_ENOMEM, "fields of %zu atoms: out of memory", crystal->n_atoms);
    }
    for (size_t a = 0; a < crystal->n_atoms; a++)
        dft_basis_fill_powers(basis, crystal->position[a], self->power + a * self->n_powers);
    dft_ions_add_spherical(self, pick_core, self->core_g, phase);
    dft_ions_add_spherical(self, pick_zero, self->zero_g, phase);
    fill_compensation_tables(self);
    free(phase);
    *out = self;
    return DFT_OK;
}

void dft_ions_free(dft_ions *ions)
{
    if (!ions)
        return;
    free(ions->core_g);
    free(ions->zero_g);
    free(ions->solid);
    free(ions->factor);
    free(ions->reach);
    free(ions->power);
    free(ions);
}

/* The atom's compensation charges on the vectors first .. end - 1, volume^(-1) left out.
 * (-i)^l: l = 0 and 2 are real (+, -), l = 1 imaginary (-). */
static void add_one(const dft_ions *ions, size_t atom, const double *q, size_t first, size_t end,
                    double complex *rho_fine, double complex *phase)
{
    const dft_basis *basis = ions->basis;
    const double *f0 = ions->factor + ions->species_of[atom] * 3 * basis->n_shells;
    const double *f1 = f0 + basis->n_shells, *f2 = f1 + basis->n_shells, inverse = 1.0 / basis->volume;

    dft_basis_phases(basis, first, end, ions->power + atom * ions->n_powers, phase);
    for (size_t ig = first; ig < end; ig++) {
        const double *sl = ions->solid[ig];
        const size_t shell = basis->shell[ig];
        const double re = f0[shell] * q[0] * sl[0]
            - f2[shell] * (q[4] * sl[4] + q[5] * sl[5] + q[6] * sl[6] + q[7] * sl[7] + q[8] * sl[8]);
        const double im = -f1[shell] * (q[1] * sl[1] + q[2] * sl[2] + q[3] * sl[3]);
        const double c = creal(phase[ig - first]), s = cimag(phase[ig - first]);
        rho_fine[ig] += inverse * (re * c - im * s) + I * (inverse * (re * s + im * c));
    }
}

/* Threads share blocks of G vectors; on each the atoms come in their order. */
void dft_ions_add_compensation(const dft_ions *ions, const double *q, double complex *rho_fine,
                               double complex *phase)
{
    #pragma omp parallel for schedule(dynamic)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range block = dft_block(ions->basis->n_fine, b);
        for (size_t a = 0; a < ions->crystal->n_atoms; a++) {
            const size_t reach = ions->reach[ions->species_of[a]];
            const size_t end = block.end < reach ? block.end : reach;
            if (block.begin < end)
                add_one(ions, a, q + a * DFT_N_COMPENSATION, block.begin, end, rho_fine,
                        phase + block.begin);
        }
    }
}

static void project_one(const dft_ions *ions, size_t atom, const double complex *v_fine, size_t first,
                        size_t end, double sum[DFT_N_COMPENSATION], double complex *phase)
{
    const dft_basis *basis = ions->basis;
    const double *f0 = ions->factor + ions->species_of[atom] * 3 * basis->n_shells;
    const double *f1 = f0 + basis->n_shells, *f2 = f1 + basis->n_shells;

    dft_basis_phases(basis, first, end, ions->power + atom * ions->n_powers, phase);
    for (size_t ig = first; ig < end; ig++) {
        const double *sl = ions->solid[ig];
        const size_t shell = basis->shell[ig];
        const double m = dft_basis_multiplicity(ig), vr = creal(v_fine[ig]), vi = cimag(v_fine[ig]);
        const double c = creal(phase[ig - first]), s = cimag(phase[ig - first]);
        const double re = m * (vr * c + vi * s), im = m * (vi * c - vr * s);     /* v conj(phase) */
        const double z0 = f0[shell] * re, z1 = -f1[shell] * im, z2 = -f2[shell] * re;
        sum[0] += z0 * sl[0];
        for (int lm = 1; lm < 4; lm++)
            sum[lm] += z1 * sl[lm];
        for (int lm = 4; lm < 9; lm++)
            sum[lm] += z2 * sl[lm];
    }
}

/* Sums over blocks of G vectors, added in order. */
void dft_ions_project_compensation(const dft_ions *ions, const double complex *v_fine, const size_t *first,
                                   double *w, double complex *phase)
{
    for (size_t a = 0; a < ions->crystal->n_atoms; a++) {
        if (first && first[a] != a)
            continue;
        const size_t reach = ions->reach[ions->species_of[a]];
        double partial[DFT_N_BLOCKS][DFT_N_COMPENSATION] = { { 0.0 } };
        #pragma omp parallel for schedule(dynamic)
        for (int b = 0; b < DFT_N_BLOCKS; b++) {
            const dft_range block = dft_block(reach, b);
            project_one(ions, a, v_fine, block.begin, block.end, partial[b], phase + block.begin);
        }
        for (int lm = 0; lm < DFT_N_COMPENSATION; lm++) {
            w[a * DFT_N_COMPENSATION + (size_t)lm] = 0.0;
            for (int b = 0; b < DFT_N_BLOCKS; b++)
                w[a * DFT_N_COMPENSATION + (size_t)lm] += partial[b][lm];
        }
    }
}
