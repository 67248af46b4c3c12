#include "workflows/coordinates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

static const int voigt[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 }, { 0, 1 } };

void flow_coordinates_of(const flow_coordinates *self, double *x)
{
    memset(x, 0, self->n * sizeof *x);
    for (size_t a = 0; a < self->start->n_atoms; a++)
        dft_crystal_cartesian(self->start->lattice, self->start->position[a], x + 3 * a);
}

static double determinant(const double m[3][3])
{
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
         - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
         + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

static void invert(const double m[3][3], double out[3][3])
{
    const double d = determinant(m);

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int r = (j + 1) % 3, s = (j + 2) % 3, p = (i + 1) % 3, q = (i + 2) % 3;
            out[i][j] = (m[r][p] * m[s][q] - m[r][q] * m[s][p]) / d;
        }
}

/* 1 + e as x says, before any normalisation. */
static void plain_deformation(const flow_coordinates *self, const double *x, double d[3][3])
{
    const double *y = x + 3 * self->start->n_atoms;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            d[i][j] = i == j;
    for (int v = 0; v < 6 && self->with_cell; v++) {
        const int i = voigt[v][0], j = voigt[v][1];
        const double e = y[v] / (self->length * (v < 3 ? 1.0 : sqrt(2.0)));
        d[i][j] += e;
        if (i != j)
            d[j][i] += e;
    }
}

static void deformation(const flow_coordinates *self, const double *x, double d[3][3])
{
    plain_deformation(self, x, d);
    if (!self->with_cell || !self->hold_volume)
        return;
    const double scale = 1.0 / cbrt(determinant((const double (*)[3])d));
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            d[i][j] *= scale;
}

dft_status flow_coordinates_crystal(const flow_coordinates *self, const double *x, dft_crystal **out,
                                    dft_error *err)
{
    const dft_crystal *c = self->start;
    double d[3][3], lattice[3][3], (*position)[3] = dft_alloc(c->n_atoms, sizeof *position);

    *out = NULL;
    if (!position)
        return dft_fail(err, DFT_ENOMEM, "positions of %zu atoms: out of memory", c->n_atoms);
    deformation(self, x, d);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            lattice[i][k] = d[k][0] * c->lattice[i][0] + d[k][1] * c->lattice[i][1]
                          + d[k][2] * c->lattice[i][2];
    for (size_t a = 0; a < c->n_atoms; a++) {
        const unsigned char *f = self->free_of[a];
        /* atoms that stay keep their bits, which a way there and back would not */
        if (f[0] || f[1] || f[2])
            dft_crystal_fractional(c->lattice, x + 3 * a, position[a]);
        else
            memcpy(position[a], c->position[a], sizeof position[a]);
    }
    const dft_status status = dft_crystal_create((const double (*)[3])lattice, c->n_atoms, c->z,
                                                 (const double (*)[3])position, out, err);
    free(position);
    return status;
}

/* -(V/L) sym(D^-1 sigma), sigma's trace taken off where the volume is held (D unnormalised then). */
static void strain_force(const flow_coordinates *self, const double *x, double volume,
                         const double stress[6], double *out)
{
    double d[3][3], inverse[3][3], sigma[3][3], product[3][3];
    const double mean = self->hold_volume ? (stress[0] + stress[1] + stress[2]) / 3.0 : 0.0;

    plain_deformation(self, x, d);
    invert((const double (*)[3])d, inverse);
    for (int v = 0; v < 6; v++)
        sigma[voigt[v][0]][voigt[v][1]] = sigma[voigt[v][1]][voigt[v][0]]
            = stress[v] - (v < 3 ? mean : 0.0);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            product[i][j] = 0.0;
            for (int k = 0; k < 3; k++)
                product[i][j] += inverse[i][k] * sigma[k][j];
        }
    for (int v = 0; v < 6; v++) {
        const int i = voigt[v][0], j = voigt[v][1];
        out[v] = !self->strain[v] ? 0.0
               : -volume / self->length * 0.5 * (product[i][j] + product[j][i])
                 * (v < 3 ? 1.0 : sqrt(2.0));
    }
}

void flow_coordinates_force(const flow_coordinates *self, const double *x, double volume,
                            const double (*force)[3], const double stress[6], double *out)
{
    double d[3][3];

    deformation(self, x, d);
    for (size_t a = 0; a < self->start->n_atoms; a++)
        for (int c = 0; c < 3; c++)
            out[3 * a + (size_t)c] = !self->free_of[a][c] ? 0.0
                : d[0][c] * force[a][0] + d[1][c] * force[a][1] + d[2][c] * force[a][2];
    if (self->with_cell)
        strain_force(self, x, volume, stress, out + 3 * self->start->n_atoms);
}
