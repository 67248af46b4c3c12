#include "dft-lite/scf/symmetrise.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

struct dft_symmetriser {
    const dft_system *system;           /* borrowed */
    int *map;                           /* owned: box cell -> 1 + list index, negative for -G */
    size_t *star_rep;                   /* owned, [n_stars] */
    size_t n_stars;
};

static size_t cell_of(const int n[3], const int h[3])
{
    const size_t i1 = (size_t)((h[0] % n[0] + n[0]) % n[0]);
    const size_t i2 = (size_t)((h[1] % n[1] + n[1]) % n[1]);
    const size_t i3 = (size_t)((h[2] % n[2] + n[2]) % n[2]);
    return (i1 * (size_t)n[1] + i2) * (size_t)n[2] + i3;
}

/* W^T h */
static void turn_index(const dft_symop *op, const int h[3], int turned[3])
{
    for (int j = 0; j < 3; j++)
        turned[j] = h[0] * op->rotation[0][j] + h[1] * op->rotation[1][j] + h[2] * op->rotation[2][j];
}

static int lookup(const dft_symmetriser *self, const int h[3])
{
    return self->map[cell_of(self->system->basis->n, h)];
}

static void fill_map(dft_symmetriser *self)
{
    const dft_basis *basis = self->system->basis;

    for (size_t ig = 0; ig < basis->n_g; ig++) {
        const int *h = basis->hkl[ig], minus[3] = { -h[0], -h[1], -h[2] };
        self->map[cell_of(basis->n, minus)] = -(int)(ig + 1);
        self->map[cell_of(basis->n, h)] = (int)(ig + 1);
    }
}

/* The first listed vector of each star. */
static int fill_stars(dft_symmetriser *self)
{
    const dft_system *system = self->system;
    const size_t n_g = system->basis->n_g;
    char *seen = dft_alloc(n_g, 1);

    if (!seen)
        return 0;
    for (size_t ig = 0; ig < n_g; ig++) {
        if (seen[ig])
            continue;
        self->star_rep[self->n_stars++] = ig;
        for (size_t op = 0; op < system->symmetry->n_ops; op++) {
            int turned[3];
            turn_index(&system->symmetry->op[op], system->basis->hkl[ig], turned);
            const int entry = lookup(self, turned);
            if (entry)
                seen[abs(entry) - 1] = 1;
        }
    }
    free(seen);
    return 1;
}

dft_status dft_symmetriser_create(const dft_system *system, dft_symmetriser **out, dft_error *err)
{
    const int *n = system->basis->n;
    dft_symmetriser *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self) {
        self->system = system;
        self->map = dft_alloc_ints((size_t)n[0] * (size_t)n[1] * (size_t)n[2]);
        self->star_rep = dft_alloc_sizes(system->basis->n_g);
    }
    if (self && self->map)
        fill_map(self);
    if (!self || !self->map || !self->star_rep || !fill_stars(self)) {
        dft_symmetriser_free(self);
        return dft_fail(err, DFT_ENOMEM, "symmetry stars: out of memory");
    }
    *out = self;
    return DFT_OK;
}

void dft_symmetriser_free(dft_symmetriser *symmetriser)
{
    if (!symmetriser)
        return;
    free(symmetriser->map);
    free(symmetriser->star_rep);
    free(symmetriser);
}

/* exp(2 pi i h.w) */
static double complex translation_phase(const int h[3], const double w[3])
{
    const double angle = 2.0 * DFT_PI * (h[0] * w[0] + h[1] * w[1] + h[2] * w[2]);
    return cos(angle) + I * sin(angle);
}

/* rho_h0 = mean over operations of rho_{W^T h0} exp(-2 pi i h0.w); the rest of the star follows.  A
 * cell that is symmetric only within the tolerance may lack a partner at the sphere's edge: the mean
 * is then over those that exist. */
static void symmetrise_star(const dft_symmetriser *self, size_t rep, double complex *rho_g)
{
    const dft_symmetry *symmetry = self->system->symmetry;
    const int *h0 = self->system->basis->hkl[rep];
    double complex mean = 0.0;
    size_t n_found = 0;

    for (size_t op = 0; op < symmetry->n_ops; op++) {
        int turned[3];
        turn_index(&symmetry->op[op], h0, turned);
        const int entry = lookup(self, turned);
        if (entry == 0)
            continue;
        const double complex value = entry > 0 ? rho_g[entry - 1] : conj(rho_g[-entry - 1]);
        mean += value * conj(translation_phase(h0, symmetry->op[op].translation));
        n_found++;
    }
    mean /= (double)n_found;
    for (size_t op = 0; op < symmetry->n_ops; op++) {
        int turned[3];
        turn_index(&symmetry->op[op], h0, turned);
        const int entry = lookup(self, turned);
        const double complex value = mean * translation_phase(h0, symmetry->op[op].translation);
        if (entry > 0)
            rho_g[entry - 1] = value;
        else if (entry < 0)
            rho_g[-entry - 1] = conj(value);
    }
}

void dft_symmetrise_density(const dft_symmetriser *symmetriser, double complex *rho_g)
{
    if (symmetriser->system->symmetry->n_ops == 1)
        return;
    #pragma omp parallel for schedule(static)
    for (size_t s = 0; s < symmetriser->n_stars; s++)
        symmetrise_star(symmetriser, symmetriser->star_rep[s], rho_g);
}

dft_status dft_symmetrise_on_site(const dft_symmetriser *symmetriser, double *d_p, dft_error *err)
{
    const dft_system *system = symmetriser->system;
    const size_t n_atoms = system->crystal->n_atoms, total = system->p_offset[n_atoms];
    const size_t n_ops = system->symmetry->n_ops;
    double *mean;

    if (n_ops == 1)
        return DFT_OK;
    mean = dft_alloc_doubles(total);
    if (!mean)
        return dft_fail(err, DFT_ENOMEM, "on-site matrices: out of memory");
    for (size_t a = 0; a < n_atoms; a++)
        for (size_t op = 0; op < n_ops; op++) {
            const size_t b = system->symmetry->atom_map[op * n_atoms + a];
            dft_site_turn_add(system->species[system->species_of[a]], system->turns->turn[op], 2.0,
                              d_p + system->p_offset[b], mean + system->p_offset[a]);
        }
    for (size_t p = 0; p < total; p++)
        d_p[p] = mean[p] / (double)n_ops;
    free(mean);
    return DFT_OK;
}

dft_status dft_symmetrise_all(const dft_symmetriser *symmetriser, double complex *rho_g, double *d_p,
                              dft_error *err)
{
    const dft_system *system = symmetriser->system;
    dft_status status = DFT_OK;

    for (size_t s = 0; status == DFT_OK && s < system->n_spin; s++) {
        dft_symmetrise_density(symmetriser, rho_g + s * system->basis->n_g);
        status = dft_symmetrise_on_site(symmetriser, d_p + s * system->p_offset[system->crystal->n_atoms], err);
    }
    return status;
}
