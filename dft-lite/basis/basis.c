#include "dft-lite/basis/basis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/memory.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/base/units.h"

#define SAME_SHELL 1e-9                 /* relative difference of |G|^2 within a shell */
#define LARGEST_DENOMINATOR 12          /* of a translation the box is made commensurate with */

static int gcd(int a, int b) { return b ? gcd(b, a % b) : abs(a); }

/* The denominator q <= 12 with q*w integer, or 1 when there is none. */
static int denominator(double w)
{
    for (int q = 1; q <= LARGEST_DENOMINATOR; q++)
        if (fabs(w * q - round(w * q)) < 1e-5 * q)
            return q;
    return 1;
}

/* The orbital box is at least large enough for the density sphere; axes that an operation mixes get
 * equal sizes; translations by w_i need n_i w_i integer on the exchange-correlation box 2n. */
static void choose_box(const dft_basis *self, double gmax_density, const dft_symmetry *symmetry,
                       int n[3])
{
    int multiple[3] = { 1, 1, 1 }, linked[3][3] = { { 0 } };

    for (size_t op = 0; op < symmetry->n_ops; op++)
        for (int i = 0; i < 3; i++) {
            int q = denominator(symmetry->op[op].translation[i]);
            q = q % 2 == 0 ? q / 2 : q;             /* the other box has 2n points */
            multiple[i] = multiple[i] / gcd(multiple[i], q) * q;
            for (int j = 0; j < 3; j++)
                linked[i][j] |= symmetry->op[op].rotation[i][j] != 0;
        }
    for (int i = 0; i < 3; i++) {
        const double *a = self->chooser[i];
        const double length = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
        n[i] = 2 * (int)floor(gmax_density * length / (2.0 * DFT_PI)) + 1;
    }
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                if (linked[i][j] || linked[j][i]) {
                    n[i] = n[j] = n[i] > n[j] ? n[i] : n[j];
                    multiple[i] = multiple[j] = multiple[i] / gcd(multiple[i], multiple[j])
                                              * multiple[j];
                }
    for (int i = 0; i < 3; i++)
        n[i] = dft_fft_good_size(n[i], multiple[i]);
}

int dft_basis_carries(const dft_symop *op, const void *basis)
{
    const int *n = ((const dft_basis *)basis)->n_xc;

    for (int i = 0; i < 3; i++) {
        const double shift = op->translation[i] * n[i];
        if (fabs(shift - round(shift)) > 1e-3)
            return 0;
        for (int j = 0; j < 3; j++)
            if ((op->rotation[i][j] * n[i]) % n[j] != 0)
                return 0;
    }
    return 1;
}

typedef struct { double g2; int outer, hkl[3]; } entry;      /* outer: beyond the density sphere */

static int by_length(const void *pa, const void *pb)
{
    const entry *a = pa, *b = pb;

    if (a->outer != b->outer)
        return a->outer - b->outer;
    if (fabs(a->g2 - b->g2) > SAME_SHELL * (a->g2 + b->g2))
        return a->g2 < b->g2 ? -1 : 1;
    for (int i = 2; i >= 0; i--)        /* a fixed order inside a shell */
        if (a->hkl[i] != b->hkl[i])
            return a->hkl[i] < b->hkl[i] ? -1 : 1;
    return 0;
}

static int in_upper_half(int h1, int h2, int h3)
{
    return h3 > 0 || (h3 == 0 && (h2 > 0 || (h2 == 0 && h1 >= 0)));
}

static void g_vector(const double b[3][3], const int hkl[3], double g[3])
{
    for (int c = 0; c < 3; c++)
        g[c] = hkl[0] * b[0][c] + hkl[1] * b[1][c] + hkl[2] * b[2][c];
}

static double length_squared(const double reciprocal[3][3], const int hkl[3])
{
    double g[3];

    g_vector(reciprocal, hkl, g);
    return g[0] * g[0] + g[1] * g[1] + g[2] * g[2];
}

/* All upper-half vectors of the fine sphere; returns their count and fills list unless it is NULL. */
static size_t collect(const dft_basis *self, double gmax_fine, double gmax_density, entry *list)
{
    const double fine2 = gmax_fine * gmax_fine * (1.0 + 1e-12);
    const double density2 = gmax_density * gmax_density * (1.0 + 1e-12);
    double chooser[3][3];
    int m[3];
    size_t count = 0;

    dft_crystal_reciprocal(self->chooser, chooser);
    for (int i = 0; i < 3; i++) {
        const double *a = self->chooser[i];
        m[i] = (int)floor(gmax_fine * sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
                          / (2.0 * DFT_PI));
    }
    for (int h1 = -m[0]; h1 <= m[0]; h1++)
        for (int h2 = -m[1]; h2 <= m[1]; h2++)
            for (int h3 = 0; h3 <= m[2]; h3++) {
                const int hkl[3] = { h1, h2, h3 };
                if (!in_upper_half(h1, h2, h3))
                    continue;
                const double chosen_by = length_squared((const double (*)[3])chooser, hkl);
                if (chosen_by > fine2)
                    continue;
                if (list)
                    list[count] = (entry){
                        length_squared((const double (*)[3])self->reciprocal, hkl),
                        chosen_by > density2, { h1, h2, h3 } };
                count++;
            }
    return count;
}

static void number_shells(dft_basis *self)
{
    double last = -1.0;

    for (size_t ig = 0; ig < self->n_fine; ig++) {
        const double difference = fabs(self->g2[ig] - last);
        if (ig == 0 || ig == self->n_g || difference > SAME_SHELL * (self->g2[ig] + last)) {
            last = self->g2[ig];
            self->shell_g[self->n_shells++] = sqrt(last);
        }
        self->shell[ig] = self->n_shells - 1;
    }
    self->n_shells_density = self->shell[self->n_g - 1] + 1;
}

static dft_status list_vectors(dft_basis *self, double gmax_orbital, dft_error *err)
{
    const double gmax_fine = 4.0 * gmax_orbital, gmax_density = 2.0 * gmax_orbital;
    entry *list = NULL;

    self->n_fine = collect(self, gmax_fine, gmax_density, NULL);
    list = dft_alloc(self->n_fine, sizeof *list);
    self->hkl = dft_alloc(self->n_fine, sizeof *self->hkl);
    self->g = dft_alloc(self->n_fine, sizeof *self->g);
    self->g2 = dft_alloc_doubles(self->n_fine);
    self->shell = dft_alloc_sizes(self->n_fine);
    self->shell_g = dft_alloc_doubles(self->n_fine);
    if (!list || !self->hkl || !self->g || !self->g2 || !self->shell || !self->shell_g) {
        free(list);
        return dft_fail(err, DFT_ENOMEM, "%zu reciprocal vectors: out of memory; lower the cutoff "
                        "or the cell", self->n_fine);
    }
    collect(self, gmax_fine, gmax_density, list);
    qsort(list, self->n_fine, sizeof *list, by_length);
    for (size_t ig = 0; ig < self->n_fine; ig++) {
        memcpy(self->hkl[ig], list[ig].hkl, sizeof self->hkl[ig]);
        g_vector(self->reciprocal, self->hkl[ig], self->g[ig]);
        self->g2[ig] = list[ig].g2;
        for (int c = 0; c < 3; c++)
            self->reach[c] = abs(self->hkl[ig][c]) > self->reach[c] ? abs(self->hkl[ig][c]) : self->reach[c];
        if (!list[ig].outer)
            self->n_g = ig + 1;
    }
    free(list);
    number_shells(self);
    return DFT_OK;
}

/* A lower bound of what a calculation with this many density points takes: the tables of G vectors, one
 * field a box, four on the exchange-correlation box. */
static double least_memory_gib(double volume, double gmax)
{
    const double n_fine = volume * pow(4.0 * gmax, 3) / (12.0 * DFT_PI * DFT_PI);
    const double n_box = volume * pow(4.0 * gmax / (2.0 * DFT_PI), 3);

    return (160.0 * n_fine + 16.0 * n_box + 8.0 * (4.0 * 8.0 * n_box)) / (1024.0 * 1024.0 * 1024.0);
}

/* Refused before anything is allocated: a machine that swaps, or grants memory it does not have, would
 * only fail later and take others with it. */
static dft_status check_memory(double volume, double gmax, dft_error *err)
{
    const double needed = least_memory_gib(volume, gmax);
    const double there = dft_memory_available() / (1024.0 * 1024.0 * 1024.0);

    if (needed < there)
        return DFT_OK;
    return dft_fail(err, DFT_ENOMEM, "a cell of %.3g bohr^3 at this cutoff needs at least %.3g GiB and "
                    "%.1f GiB are there; lower the cutoff or the vacuum", volume, needed, there);
}

dft_status dft_basis_create(const dft_crystal *crystal, double ecut, const dft_symmetry *symmetry,
                            dft_basis **out, dft_error *err)
{
    return dft_basis_create_like(crystal, crystal->lattice, ecut, symmetry, out, err);
}

dft_status dft_basis_create_like(const dft_crystal *crystal, const double chooser[3][3],
                                 double ecut, const dft_symmetry *symmetry, dft_basis **out,
                                 dft_error *err)
{
    const double gmax = sqrt(2.0 * ecut);
    dft_status status;
    dft_basis *self;

    *out = NULL;
    if (!(ecut > 0.0 && isfinite(ecut)))
        return dft_fail(err, DFT_EINPUT, "the cutoff must be a positive energy, not %g eV",
                        ecut * DFT_HARTREE_EV);
    status = check_memory(dft_crystal_volume(crystal), gmax, err);
    if (status != DFT_OK)
        return status;
    self = dft_alloc(1, sizeof *self);
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "basis: out of memory");
    memcpy(self->lattice, crystal->lattice, sizeof self->lattice);
    memcpy(self->chooser, chooser, sizeof self->chooser);
    dft_crystal_reciprocal(self->lattice, self->reciprocal);
    self->volume = dft_crystal_volume(crystal);
    self->ecut = ecut;
    choose_box(self, 2.0 * gmax, symmetry, self->n);
    for (int i = 0; i < 3; i++)
        self->n_xc[i] = 2 * self->n[i];
    status = list_vectors(self, gmax, err);
    if (status == DFT_OK)
        status = dft_fft_box_create(self->n, &self->box, err);
    if (status == DFT_OK)
        status = dft_fft_real_create(self->n, self->n_g, (const int (*)[3])self->hkl, &self->coarse,
                                     err);
    if (status == DFT_OK)
        status = dft_fft_real_create(self->n_xc, self->n_g, (const int (*)[3])self->hkl, &self->xc,
                                     err);
    if (status != DFT_OK) {
        dft_basis_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

void dft_basis_free(dft_basis *basis)
{
    if (!basis)
        return;
    free(basis->hkl);
    free(basis->g);
    free(basis->g2);
    free(basis->shell);
    free(basis->shell_g);
    dft_fft_box_free(basis->box);
    dft_fft_real_free(basis->coarse);
    dft_fft_real_free(basis->xc);
    free(basis);
}

void dft_basis_structure_factor(const dft_basis *basis, size_t first, size_t end, const double position[3],
                                double complex *phase)
{
    for (size_t ig = first; ig < end; ig++) {
        const int *h = basis->hkl[ig];
        phase[ig - first] = cexp(-2.0 * DFT_PI * I * (h[0] * position[0] + h[1] * position[1]
                                                      + h[2] * position[2]));
    }
}

size_t dft_basis_n_powers(const dft_basis *basis)
{
    return (size_t)(2 * (basis->reach[0] + basis->reach[1] + basis->reach[2]) + 3);
}

void dft_basis_fill_powers(const dft_basis *basis, const double position[3], double complex *power)
{
    for (int c = 0; c < 3; c++)
        for (int h = -basis->reach[c]; h <= basis->reach[c]; h++)
            *power++ = cexp(-2.0 * DFT_PI * I * h * position[c]);
}

/* Written out: a product of C's complex numbers looks for infinities. */
void dft_basis_phases(const dft_basis *basis, size_t first, size_t end, const double complex *power,
                      double complex *phase)
{
    const double *p[3];                 /* at power 0 of each component */
    double *out = (double *)phase;

    for (int c = 0; c < 3; c++) {
        p[c] = (const double *)(power + basis->reach[c]);
        power += 2 * basis->reach[c] + 1;
    }
    for (size_t ig = first; ig < end; ig++) {
        const int *h = basis->hkl[ig];
        const double *x = p[0] + 2 * h[0], *y = p[1] + 2 * h[1], *z = p[2] + 2 * h[2];
        const double re = x[0] * y[0] - x[1] * y[1], im = x[0] * y[1] + x[1] * y[0];
        out[2 * (ig - first)] = re * z[0] - im * z[1];
        out[2 * (ig - first) + 1] = re * z[1] + im * z[0];
    }
}

double dft_basis_inner(const dft_basis *basis, size_t n, const double complex *f,
                       const double complex *g)
{
    double partial[DFT_N_BLOCKS];

    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range block = dft_block(n, b);
        double sum = 0.0;
        for (size_t ig = block.begin; ig < block.end; ig++)
            sum += dft_basis_multiplicity(ig)
                 * (creal(f[ig]) * creal(g[ig]) + cimag(f[ig]) * cimag(g[ig]));
        partial[b] = sum;
    }
    return basis->volume * dft_sum_in_order(partial, DFT_N_BLOCKS);
}
