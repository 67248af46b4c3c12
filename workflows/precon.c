#include "workflows/precon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define DECAY 3.0
#define STABILISER 0.1
#define REACH 2.0                       /* x nearest distance */

struct flow_precon {
    size_t n_atoms, n_more;
    double stiffness;
    unsigned char (*free_of)[3];        /* owned */
    double *factor[3];                  /* owned [n_atoms][n_atoms], lower Cholesky factors of x, y, z */
};

double flow_nearest_distance(const dft_crystal *crystal)
{
    double largest = 0.0;

    for (size_t i = 0; i < crystal->n_atoms; i++) {
        double nearest = INFINITY;
        for (size_t j = 0; j < crystal->n_atoms; j++)
            nearest = fmin(nearest, dft_crystal_distance(crystal, i, j));
        largest = fmax(largest, nearest);
    }
    return largest;
}

/* Sum over the images of j around i of the springs' stiffness in units of mu; i == j counts its own
 * images, which move along with it and pull on nothing. */
static double springs(const dft_crystal *c, size_t i, size_t j, double nearest, const int n[3])
{
    double sum = 0.0, d[3], f[3], r[3];

    for (int k = 0; k < 3; k++) {
        d[k] = c->position[j][k] - c->position[i][k];
        d[k] -= round(d[k]);
    }
    for (int p = -n[0]; p <= n[0]; p++)
        for (int q = -n[1]; q <= n[1]; q++)
            for (int s = -n[2]; s <= n[2]; s++) {
                f[0] = d[0] + p;
                f[1] = d[1] + q;
                f[2] = d[2] + s;
                dft_crystal_cartesian(c->lattice, f, r);
                const double x = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) / nearest;
                if (x < REACH)
                    sum += exp(-DECAY * (x - 1.0));
            }
    return sum;
}

static dft_status fill_springs(const dft_crystal *c, double *p, dft_error *err)
{
    const double nearest = flow_nearest_distance(c);
    double b[3][3];
    int n[3];

    if (!(nearest > 0.0 && isfinite(nearest)))
        return dft_fail(err, DFT_EINPUT, "no distances between the atoms");
    dft_crystal_reciprocal(c->lattice, b);
    for (int k = 0; k < 3; k++)
        n[k] = 1 + (int)(REACH * nearest / (2.0 * DFT_PI)
                         * sqrt(b[k][0] * b[k][0] + b[k][1] * b[k][1] + b[k][2] * b[k][2]));
    for (size_t i = 0; i < c->n_atoms; i++)
        for (size_t j = 0; j < i; j++) {
            const double s = springs(c, i, j, nearest, n);
            p[i * c->n_atoms + j] = p[j * c->n_atoms + i] = -s;
            p[i * c->n_atoms + i] += s;
            p[j * c->n_atoms + j] += s;
        }
    for (size_t i = 0; i < c->n_atoms; i++)
        p[i * c->n_atoms + i] += STABILISER;
    return DFT_OK;
}

/* Rows and columns of atoms that do not move along `axis` become those of the unit matrix; then L with
 * L L^T = P.  P is diagonally dominant, so no pivot can vanish. */
static void factorise(const flow_precon *self, int axis, const double *springs_of, double *l)
{
    const size_t n = self->n_atoms;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const int moves = self->free_of[i][axis] && self->free_of[j][axis];
            double sum = moves ? springs_of[i * n + j] : (double)(i == j);
            for (size_t k = 0; k < j; k++)
                sum -= l[i * n + k] * l[j * n + k];
            l[i * n + j] = i == j ? sqrt(sum) : sum / l[j * n + j];
        }
}

dft_status flow_precon_create(const dft_crystal *crystal, const unsigned char (*free_of)[3],
                              size_t n_more, double stiffness, flow_precon **out, dft_error *err)
{
    const size_t n = crystal->n_atoms;
    flow_precon *self = dft_alloc(1, sizeof *self);
    double *p = dft_alloc_doubles(n * n);
    dft_status status = DFT_OK;

    *out = NULL;
    if (self) {
        *self = (flow_precon){ .n_atoms = n, .n_more = n_more, .stiffness = stiffness,
                               .free_of = dft_alloc(n, sizeof *self->free_of) };
        for (int axis = 0; axis < 3; axis++)
            self->factor[axis] = dft_alloc_doubles(n * n);
    }
    if (!self || !p || !self->free_of || !self->factor[0] || !self->factor[1] || !self->factor[2])
        status = dft_fail(err, DFT_ENOMEM, "preconditioner of %zu atoms: out of memory", n);
    if (status == DFT_OK)
        status = fill_springs(crystal, p, err);
    if (status == DFT_OK) {
        memcpy(self->free_of, free_of, n * sizeof *free_of);
        for (int axis = 0; axis < 3; axis++)
            factorise(self, axis, p, self->factor[axis]);
        *out = self;
        self = NULL;
    }
    free(p);
    flow_precon_free(self);
    return status;
}

void flow_precon_free(flow_precon *precon)
{
    if (!precon)
        return;
    for (int axis = 0; axis < 3; axis++)
        free(precon->factor[axis]);
    free(precon->free_of);
    free(precon);
}

/* x_a along one axis (stride 3): L, then L^T. */
static void solve_axis(const flow_precon *self, int axis, double *x)
{
    const size_t n = self->n_atoms;
    const double *l = self->factor[axis];

    for (size_t i = 0; i < n; i++) {
        double sum = self->free_of[i][axis] ? x[3 * i + (size_t)axis] : 0.0;
        for (size_t k = 0; k < i; k++)
            sum -= l[i * n + k] * x[3 * k + (size_t)axis];
        x[3 * i + (size_t)axis] = sum / l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        double sum = x[3 * i + (size_t)axis];
        for (size_t k = i + 1; k < n; k++)
            sum -= l[k * n + i] * x[3 * k + (size_t)axis];
        x[3 * i + (size_t)axis] = sum / l[i * n + i];
    }
}

void flow_precon_solve(const flow_precon *precon, double *x)
{
    for (int axis = 0; axis < 3; axis++)
        solve_axis(precon, axis, x);
    for (size_t i = 0; i < 3 * precon->n_atoms + precon->n_more; i++)
        x[i] /= precon->stiffness;
}
