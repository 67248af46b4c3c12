#include "dft-lite/atomdata/gth_atom.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/lapack.h"
#include "dft-lite/math/radial.h"

#define N_BASIS 14
#define SMALLEST_EXPONENT 0.02          /* 1/bohr^2: reaches as far as the orbitals of caesium */
#define STEPS 60
#define MIXING 0.4
#define SETTLED 1e-4                    /* Ha: last change of the orbital energies */

typedef struct {
    const dft_gth *gth;
    size_t n_r;
    const double *r, *dr;
    double exponent[N_BASIS];
    double *basis;                      /* owned, [l][N_BASIS][n_r] */
    double overlap[DFT_GTH_MAX_L + 1][N_BASIS][N_BASIS];
    double fixed[DFT_GTH_MAX_L + 1][N_BASIS][N_BASIS];      /* kinetic + non-local */
    double *weight;                     /* owned, [n_r] r^2 dr */
    double *local, *screening;          /* owned, [n_r], Ha: of the ion, of the electrons */
    double *density, *hartree;          /* owned, [n_r]; also scratch */
    size_t n_orbitals;
    dft_gth_orbital *orbital;
} atom;

static double *basis_function(const atom *self, int l, int a)
{
    return self->basis + ((size_t)l * N_BASIS + (size_t)a) * self->n_r;
}

/* Exponents from those of the sharpest function of the entry, twice over, down to the smallest. */
static void choose_exponents(atom *self)
{
    double sharpest = self->gth->r_loc;

    for (int l = 0; l <= DFT_GTH_MAX_L; l++)
        if (self->gth->channel[l].n > 0)
            sharpest = fmin(sharpest, self->gth->channel[l].r);
    const double largest = 1.0 / (sharpest * sharpest);
    for (int a = 0; a < N_BASIS; a++)
        self->exponent[a] = SMALLEST_EXPONENT
                          * pow(largest / SMALLEST_EXPONENT, (double)a / (N_BASIS - 1));
}

/* sum_i f g w; the weights hold r^2 dr. */
static double braket(const atom *self, const double *f, const double *g, const double *w)
{
    double sum = 0.0;

    for (size_t i = 0; i < self->n_r; i++)
        sum += f[i] * g[i] * w[i];
    return sum;
}

/* Overlap Gamma(l+3/2)/(2 p^(l+3/2)) with p = a + b, kinetic energy (2l+3) a b/p times it. */
static void fill_overlap_and_kinetic(atom *self, int l)
{
    for (int a = 0; a < N_BASIS; a++)
        for (int b = 0; b < N_BASIS; b++) {
            const double p = self->exponent[a] + self->exponent[b];
            self->overlap[l][a][b] = tgamma(l + 1.5) / (2.0 * pow(p, l + 1.5));
            self->fixed[l][a][b] = (2 * l + 3) * self->exponent[a] * self->exponent[b] / p
                                 * self->overlap[l][a][b];
        }
}

static void add_nonlocal(atom *self, int l, double *projector)
{
    const dft_gth_channel *channel = &self->gth->channel[l];
    double c[DFT_GTH_MAX_PROJECTORS][N_BASIS];

    for (int i = 0; i < channel->n; i++) {
        for (size_t k = 0; k < self->n_r; k++)
            projector[k] = dft_gth_projector(l, i + 1, channel->r, self->r[k]);
        for (int a = 0; a < N_BASIS; a++)
            c[i][a] = braket(self, basis_function(self, l, a), projector, self->weight);
    }
    for (int i = 0; i < channel->n; i++)
        for (int j = 0; j < channel->n; j++)
            for (int a = 0; a < N_BASIS; a++)
                for (int b = 0; b < N_BASIS; b++)
                    self->fixed[l][a][b] += c[i][a] * channel->h[i][j] * c[j][b];
}

static void fill_tables(atom *self)
{
    const double r_loc = self->gth->r_loc, z = self->gth->n_valence;

    for (size_t k = 0; k < self->n_r; k++)
        self->weight[k] = self->r[k] * self->r[k] * self->dr[k];
    choose_exponents(self);
    for (int l = 0; l <= DFT_GTH_MAX_L; l++) {
        if (self->gth->electrons[l] == 0.0)
            continue;
        for (int a = 0; a < N_BASIS; a++)
            for (size_t k = 0; k < self->n_r; k++)
                basis_function(self, l, a)[k] = pow(self->r[k], l)
                    * exp(-self->exponent[a] * self->r[k] * self->r[k]);
        fill_overlap_and_kinetic(self, l);
        add_nonlocal(self, l, self->density);
    }
    for (size_t k = 0; k < self->n_r; k++) {
        const double r = self->r[k];
        self->local[k] = dft_gth_short_range(self->gth, r)
            - (r > 0.0 ? z * erf(r / (sqrt(2.0) * r_loc)) / r : z * sqrt(2.0 / DFT_PI) / r_loc);
        /* to start from: the electrons as a Gaussian of 1 bohr */
        self->screening[k] = r > 0.0 ? z * erf(r) / r : 2.0 * z / sqrt(DFT_PI);
    }
}

/* Orbitals of one l in the potential whose weighted values are in self->hartree; returns the largest change of an energy in *change. */
static dft_status solve_l(atom *self, int l, double *change, dft_error *err)
{
    double complex h[N_BASIS * N_BASIS] = { 0 }, s[N_BASIS * N_BASIS] = { 0 };
    double complex x[N_BASIS * N_BASIS];
    double e[N_BASIS];
    size_t n_shells = 0;

    for (size_t o = 0; o < self->n_orbitals; o++)
        n_shells += self->orbital[o].l == l;
    for (int a = 0; a < N_BASIS; a++)
        for (int b = a; b < N_BASIS; b++) {         /* the lower triangle by columns */
            s[a * N_BASIS + b] = self->overlap[l][a][b];
            h[a * N_BASIS + b] = self->fixed[l][a][b]
                + braket(self, basis_function(self, l, a), basis_function(self, l, b),
                         self->hartree);
        }
    const dft_status status = dft_eigen_generalized(N_BASIS, h, s, DFT_NOISE_DOUBLE, n_shells, e, x, err);
    for (size_t o = 0; status == DFT_OK && o < self->n_orbitals; o++) {
        dft_gth_orbital *orbital = &self->orbital[o];
        if (orbital->l != l)
            continue;
        const size_t shell = (size_t)orbital->shell - 1;
        *change = fmax(*change, fabs(e[shell] - orbital->energy));
        orbital->energy = e[shell];
        memset(orbital->wave, 0, self->n_r * sizeof *orbital->wave);
        for (int a = 0; a < N_BASIS; a++)
            for (size_t k = 0; k < self->n_r; k++)
                orbital->wave[k] += creal(x[shell * N_BASIS + (size_t)a])
                                  * basis_function(self, l, a)[k];
    }
    return status;
}

/* Moves `screening` towards Hartree plus Dirac exchange of the orbitals' density. */
static void update_screening(atom *self)
{
    memset(self->density, 0, self->n_r * sizeof *self->density);
    for (size_t o = 0; o < self->n_orbitals; o++)
        for (size_t k = 0; k < self->n_r; k++)
            self->density[k] += self->orbital[o].occupation * self->orbital[o].wave[k]
                              * self->orbital[o].wave[k] / (4.0 * DFT_PI);
    dft_radial_poisson(self->n_r, self->r, self->dr, 0, self->density, self->hartree);
    for (size_t k = 0; k < self->n_r; k++) {
        const double v = self->hartree[k] - cbrt(3.0 * self->density[k] / DFT_PI);
        self->screening[k] += MIXING * (v - self->screening[k]);
    }
}

static dft_status iterate(atom *self, dft_error *err)
{
    double change = 1.0;
    dft_status status = DFT_OK;

    for (int step = 0; status == DFT_OK && step < STEPS && change > SETTLED; step++) {
        change = 0.0;
        for (size_t k = 0; k < self->n_r; k++)
            self->hartree[k] = self->weight[k] * (self->local[k] + self->screening[k]);
        for (int l = 0; status == DFT_OK && l <= DFT_GTH_MAX_L; l++)
            if (self->gth->electrons[l] > 0.0)
                status = solve_l(self, l, &change, err);
        update_screening(self);
    }
    return status;
}

/* Shells of each l, filled from below. */
static dft_status list_shells(atom *self, dft_error *err)
{
    const dft_gth *gth = self->gth;

    for (int l = 0; l <= DFT_GTH_MAX_L; l++) {
        double left = gth->electrons[l];
        for (int shell = 1; left > 0.0; shell++) {
            if (self->n_orbitals == DFT_GTH_MAX_ORBITALS)
                return dft_fail(err, DFT_EINPUT, "%s %s: more than %d shells of valence electrons",
                                gth->symbol, gth->name, DFT_GTH_MAX_ORBITALS);
            double *wave = dft_alloc_doubles(self->n_r);
            if (!wave)
                return dft_fail(err, DFT_ENOMEM, "%s %s: out of memory", gth->symbol, gth->name);
            const double room = 2.0 * (2 * l + 1);
            self->orbital[self->n_orbitals++] =
                (dft_gth_orbital){ l, shell, left < room ? left : room, 0.0, wave };
            left -= room;
        }
    }
    return DFT_OK;
}

dft_status dft_gth_atom_solve(const dft_gth *gth, size_t n_r, const double *r, const double *dr,
                              size_t *n_orbitals, dft_gth_orbital *orbital, dft_error *err)
{
    atom self = { .gth = gth, .n_r = n_r, .r = r, .dr = dr, .orbital = orbital };
    dft_status status;

    self.basis = dft_alloc_doubles((DFT_GTH_MAX_L + 1) * N_BASIS * n_r);
    self.weight = dft_alloc_doubles(n_r);
    self.local = dft_alloc_doubles(n_r);
    self.screening = dft_alloc_doubles(n_r);
    self.density = dft_alloc_doubles(n_r);
    self.hartree = dft_alloc_doubles(n_r);
    if (!self.basis || !self.weight || !self.local || !self.screening || !self.density
        || !self.hartree)
        status = dft_fail(err, DFT_ENOMEM, "%s %s: out of memory", gth->symbol, gth->name);
    else
        status = list_shells(&self, err);
    if (status == DFT_OK) {
        fill_tables(&self);
        status = iterate(&self, err);
    }
    for (size_t o = 0; status != DFT_OK && o < self.n_orbitals; o++) {
        free(orbital[o].wave);
        orbital[o].wave = NULL;
    }
    *n_orbitals = status == DFT_OK ? self.n_orbitals : 0;
    free(self.basis);
    free(self.weight);
    free(self.local);
    free(self.screening);
    free(self.density);
    free(self.hartree);
    return status;
}
