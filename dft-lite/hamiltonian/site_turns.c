#include "dft-lite/hamiltonian/site_turns.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/math/harmonics.h"

#define AXES 1e-6                       /* of a rotation's elements: 0 or 1 to the rounding of a typed lattice */

void dft_site_turns_free(dft_site_turns *turns)
{
    if (!turns)
        return;
    free(turns->turn);
    free(turns->first);
    free(turns->op);
    free(turns);
}

/* Does the rotation only exchange and reverse the Cartesian axes? */
static int keeps_axes(const dft_symop *op, const double lattice[3][3])
{
    double rotation[3][3];

    dft_symop_cartesian(op, lattice, rotation);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (fabs(rotation[i][j]) > AXES && fabs(rotation[i][j]) < 1.0 - AXES)
                return 0;
    return 1;
}

static void find_first(const dft_symmetry *symmetry, const double lattice[3][3], dft_site_turns *self)
{
    const size_t n_atoms = symmetry->n_atoms;

    for (size_t a = 0; a < n_atoms; a++)
        self->first[a] = a;             /* operation 0 is the identity */
    for (size_t op = 1; op < symmetry->n_ops; op++)
        for (size_t a = 0; keeps_axes(&symmetry->op[op], lattice) && a < n_atoms; a++)
            if (symmetry->atom_map[op * n_atoms + a] < self->first[a]) {
                self->first[a] = symmetry->atom_map[op * n_atoms + a];
                self->op[a] = op;
            }
}

dft_status dft_site_turns_create(const dft_symmetry *symmetry, const double lattice[3][3],
                                 dft_site_turns **out, dft_error *err)
{
    dft_site_turns *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self)
        *self = (dft_site_turns){ dft_alloc(symmetry->n_ops, sizeof *self->turn),
                                  dft_alloc_sizes(symmetry->n_atoms), dft_alloc_sizes(symmetry->n_atoms) };
    if (!self || !self->turn || !self->first || !self->op) {
        dft_site_turns_free(self);
        return dft_fail(err, DFT_ENOMEM, "rotations of on-site matrices: out of memory");
    }
    for (size_t op = 0; op < symmetry->n_ops; op++) {
        double rotation[3][3];
        dft_symop_cartesian(&symmetry->op[op], lattice, rotation);
        for (int l = 0; l < DFT_SITE_L; l++)
            dft_harmonic_rotation(l, (const double (*)[3])rotation, self->turn[op][l]);
    }
    find_first(symmetry, lattice, self);
    *out = self;
    return DFT_OK;
}

void dft_site_turn_add(const dft_species *species, const dft_site_turn turn, double pair,
                       const double *packed, double *target)
{
    const dft_species *s = species;
    double full[DFT_SPECIES_MAX_I][DFT_SPECIES_MAX_I], half[DFT_SPECIES_MAX_I][DFT_SPECIES_MAX_I];

    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j < s->n_i; j++)
            full[i][j] = packed[dft_packed(i, j)] / (i == j ? 1.0 : pair);
    /* half = M T: column j turned within its own wave */
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j < s->n_i; j++) {
            const int l = s->setup->wave[s->wave_of[j]].l, m = s->lm_of[j] - l * l;
            double sum = 0.0;
            for (int k = 0; k <= 2 * l; k++)
                sum += full[i][j - (size_t)m + (size_t)k] * turn[l][k * (2 * l + 1) + m];
            half[i][j] = sum;
        }
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const int l = s->setup->wave[s->wave_of[i]].l, m = s->lm_of[i] - l * l;
            double sum = 0.0;
            for (int k = 0; k <= 2 * l; k++)
                sum += half[i - (size_t)m + (size_t)k][j] * turn[l][k * (2 * l + 1) + m];
            target[dft_packed(i, j)] += sum * (i == j ? 1.0 : pair);
        }
}
