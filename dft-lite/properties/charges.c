#include "dft-lite/properties/charges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/harmonics.h"
#include "dft-lite/properties/bader.h"

/* Interval of the radial grid that holds r, and how far into it r lies. */
static size_t radial_interval(const dft_setup *setup, double r, double *into)
{
    size_t low = 0, high = setup->n_r - 1;

    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (setup->r[middle] <= r)
            low = middle;
        else
            high = middle;
    }
    *into = (r - setup->r[low]) / (setup->r[high] - setup->r[low]);
    return low;
}

static double between(const double *f, size_t i, double into)
{
    return f[i] + into * (f[i + 1] - f[i]);
}

/* What one atom adds to the pseudo density at d from its nucleus, core included. */
static double one_centre_density(const dft_species *s, const double *d_p, const double d[3])
{
    const dft_setup *setup = s->setup;
    const double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    const double unit[3] = { r > 0.0 ? d[0] / r : 0.0, r > 0.0 ? d[1] / r : 0.0,
                             r > 0.0 ? d[2] / r : 1.0 };
    double y[DFT_N_LM], phi[DFT_SETUP_MAX_WAVES], phi_ps[DFT_SETUP_MAX_WAVES], into;
    const size_t at = radial_interval(setup, r, &into);
    double density = between(setup->core, at, into) / sqrt(4.0 * DFT_PI);

    dft_solid_harmonics(s->lmax, unit, y);
    for (size_t w = 0; w < setup->n_waves; w++) {
        phi[w] = between(setup->wave[w].phi, at, into);
        phi_ps[w] = between(setup->wave[w].phi_ps, at, into);
    }
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const int wi = s->wave_of[i], wj = s->wave_of[j];
            density += d_p[dft_packed(i, j)] * y[s->lm_of[i]] * y[s->lm_of[j]]
                     * (phi[wi] * phi[wj] - phi_ps[wi] * phi_ps[wj]);
        }
    return density;
}

typedef struct {
    const dft_system *system;
    const double *d_p;
    const dft_bader *bader;         /* NULL while the density is being made */
    double *density;                /* [n_r] all electrons */
    double *electrons;              /* [n_atoms] of the valence */
    double point_volume;
} job;

/* First pass: the atom's own density; second: its electrons in the basins of others. */
static void visit_point(job *j, size_t a, size_t point, const double d[3])
{
    const dft_species *s = j->system->species[j->system->species_of[a]];
    const double *d_p = j->d_p + j->system->p_offset[a];

    if (!j->bader) {
        j->density[point] += one_centre_density(s, d_p, d);
        return;
    }
    if (j->bader->label[point] == (int)a)
        return;
    const double there = one_centre_density(s, d_p, d) * j->point_volume;
    for (size_t b = 0; b < j->system->crystal->n_atoms; b++) {
        const double moved = b == a ? 0.0 : there * dft_bader_weight(j->bader, point, b);
        j->electrons[b] += moved;
        j->electrons[a] -= moved;
    }
}

/* All grid points within the reach of an atom, periodic images each for itself. */
static void visit_sphere(job *j, size_t a)
{
    const dft_basis *basis = j->system->basis;
    const dft_species *s = j->system->species[j->system->species_of[a]];
    const double *x = j->system->crystal->position[a];
    const double reach = s->n_cut > 0 ? s->setup->r[s->n_cut - 1] : 0.0;    /* 0: norm-conserving */
    const int *n = basis->n_xc;
    int low[3], high[3], i[3];

    for (int c = 0; c < 3; c++) {
        const double *b = basis->reciprocal[c];
        const double half = reach * sqrt(b[0] * b[0] + b[1] * b[1] + b[2] * b[2]) / (2.0 * DFT_PI);
        low[c] = (int)ceil((x[c] - half) * n[c]);
        high[c] = (int)floor((x[c] + half) * n[c]);
    }
    for (i[0] = low[0]; i[0] <= high[0]; i[0]++)
        for (i[1] = low[1]; i[1] <= high[1]; i[1]++)
            for (i[2] = low[2]; i[2] <= high[2]; i[2]++) {
                double frac[3], d[3];
                size_t point = 0;
                for (int c = 0; c < 3; c++) {
                    frac[c] = (double)i[c] / n[c] - x[c];
                    point = point * (size_t)n[c] + (size_t)(((i[c] % n[c]) + n[c]) % n[c]);
                }
                dft_crystal_cartesian(basis->lattice, frac, d);
                if (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < reach * reach)
                    visit_point(j, a, point, d);
            }
}

/* The atom nearest to a grid point. context: dft_system. */
static size_t nearest_atom(size_t point, const void *context)
{
    const dft_system *system = context;
    const dft_crystal *crystal = system->crystal;
    const int *n = system->basis->n_xc;
    const size_t n2 = (size_t)n[1], n3 = (size_t)n[2];
    const double x[3] = { (double)(point / (n2 * n3)) / n[0], (double)(point / n3 % n2) / n[1],
                          (double)(point % n3) / n[2] };
    double best = INFINITY;
    size_t nearest = 0;

    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (int image = 0; image < 27; image++) {
            const int shift[3] = { image / 9 - 1, image / 3 % 3 - 1, image % 3 - 1 };
            double frac[3], d[3];
            for (int c = 0; c < 3; c++) {
                frac[c] = crystal->position[a][c] - x[c];
                frac[c] += shift[c] - round(frac[c]);
            }
            dft_crystal_cartesian(crystal->lattice, frac, d);
            const double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
            if (r2 < best - 1e-9) {
                best = r2;
                nearest = a;
            }
        }
    return nearest;
}

static void average_equivalent(const dft_system *system, size_t *class_of, double *sum,
                               double *charge)
{
    const size_t n = system->crystal->n_atoms;

    dft_symmetry_atom_classes(system->symmetry, class_of);
    for (size_t a = 0; a < n; a++)
        sum[class_of[a]] += charge[a];
    for (size_t a = 0; a < n; a++) {
        size_t members = 0;
        for (size_t b = 0; b < n; b++)
            members += class_of[b] == class_of[a];
        charge[a] = sum[class_of[a]] / (double)members;
    }
}

/* Valence electrons inside each atom's basin, before averaging. */
static dft_status count_electrons(job *j, const double complex *rho_g, double *field,
                                  double complex *work, dft_error *err)
{
    const dft_system *system = j->system;
    const dft_basis *basis = system->basis;
    const size_t n = system->crystal->n_atoms;
    dft_bader *bader = NULL;

    dft_fft_real_to_real(basis->xc, rho_g, field, work);
    memcpy(j->density, field, dft_fft_real_size(basis->xc) * sizeof *field);
    for (size_t a = 0; a < n; a++)
        visit_sphere(j, a);
    const dft_status status = dft_bader_create(basis->lattice, basis->n_xc, j->density, n,
                                               nearest_atom, system, &bader, err);
    if (status != DFT_OK)
        return status;
    j->bader = bader;
    dft_bader_sum(bader, field, j->electrons);
    for (size_t a = 0; a < n; a++)
        j->electrons[a] *= j->point_volume;
    for (size_t a = 0; a < n; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        for (size_t p = 0; p < s->n_p; p++)
            j->electrons[a] += sqrt(4.0 * DFT_PI) * s->delta[p] * j->d_p[system->p_offset[a] + p];
        visit_sphere(j, a);
    }
    dft_bader_free(bader);
    return DFT_OK;
}

static dft_status check_cores(const dft_system *system, dft_error *err)
{
    for (size_t s = 0; s < system->n_species; s++)
        if (system->setup[s]->norm_conserving)
            return dft_fail(err, DFT_EINPUT, "charges of atoms need the core, and %s has none; choose a "
                            "PAW data set", system->setup[s]->name);
    return DFT_OK;
}

dft_status dft_charges_compute(const dft_system *system, const double complex *rho_g,
                               const double *d_p, double *charge, dft_error *err)
{
    const size_t n = system->crystal->n_atoms, n_r = dft_fft_real_size(system->basis->xc);
    double *field = dft_alloc_doubles(2 * n_r), *sum = dft_alloc_doubles(n);
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(system->basis->xc));
    size_t *class_of = dft_alloc_sizes(n);
    dft_status status = check_cores(system, err);

    if (status != DFT_OK)
        goto done;
    if (field && sum && work && class_of) {
        job j = { system, d_p, NULL, field + n_r, charge, system->basis->volume / (double)n_r };
        status = count_electrons(&j, rho_g, field, work, err);
    } else {
        status = dft_fail(err, DFT_ENOMEM, "charges of %zu atoms: out of memory", n);
    }
    if (status == DFT_OK) {
        for (size_t a = 0; a < n; a++)
            charge[a] = system->setup[system->species_of[a]]->n_valence - charge[a];
        average_equivalent(system, class_of, sum, charge);
    }
done:
    free(field);
    free(sum);
    free(work);
    free(class_of);
    return status;
}
