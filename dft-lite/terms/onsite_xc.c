#include "dft-lite/terms/onsite_xc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/harmonics.h"
#include "dft-lite/math/radial.h"

typedef struct {                        /* all-electron or pseudo */
    double sign;
    double *core, *core_slope;          /* owned, [n], 3-D density on any ray */
    double *pair, *pair_slope;          /* owned, [n_jk][n] */
} side;

struct dft_onsite_xc {
    const dft_species *species;
    const dft_xc *xc;
    size_t n, n_jk;
    const double *r;
    double *weight;                     /* owned, [n]: 4 pi r^2 dr */
    side side[2];
};

static void side_clear(side *s)
{
    free(s->core);
    free(s->core_slope);
    free(s->pair);
    free(s->pair_slope);
}

void dft_onsite_xc_free(dft_onsite_xc *onsite)
{
    if (!onsite)
        return;
    side_clear(&onsite->side[0]);
    side_clear(&onsite->side[1]);
    free(onsite->weight);
    free(onsite);
}

static int side_fill(dft_onsite_xc *self, side *s, double sign, int pseudo)
{
    const dft_setup *setup = self->species->setup;
    const double *core = pseudo ? setup->core_ps : setup->core;
    const double y00 = 1.0 / sqrt(4.0 * DFT_PI);

    *s = (side){ sign, dft_alloc_doubles(self->n), dft_alloc_doubles(self->n),
                 dft_alloc_doubles(self->n_jk * self->n), dft_alloc_doubles(self->n_jk * self->n) };
    if (!s->core || !s->core_slope || !s->pair || !s->pair_slope)
        return 0;
    for (size_t i = 0; i < self->n; i++)
        s->core[i] = core[i] * y00;
    dft_radial_derivative(self->n, setup->dr, s->core, s->core_slope);
    for (size_t j = 0; j < setup->n_waves; j++)
        for (size_t k = 0; k <= j; k++) {
            const double *fj = pseudo ? setup->wave[j].phi_ps : setup->wave[j].phi;
            const double *fk = pseudo ? setup->wave[k].phi_ps : setup->wave[k].phi;
            double *pair = s->pair + dft_packed(j, k) * self->n;
            for (size_t i = 0; i < self->n; i++)
                pair[i] = fj[i] * fk[i];
            dft_radial_derivative(self->n, setup->dr, pair,
                                  s->pair_slope + dft_packed(j, k) * self->n);
        }
    return 1;
}

dft_status dft_onsite_xc_create(const dft_species *species, const dft_xc *xc, dft_onsite_xc **out,
                                dft_error *err)
{
    const dft_setup *setup = species->setup;
    dft_onsite_xc *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
    if (species->n_cut == 0) {          /* norm-conserving: nothing inside the sphere */
        free(self);
        return DFT_OK;
    }
    self->species = species;
    self->xc = xc;
    self->n = species->n_cut;
    self->n_jk = setup->n_waves * (setup->n_waves + 1) / 2;
    self->r = setup->r;
    self->weight = dft_alloc_doubles(self->n);
    if (!self->weight || !side_fill(self, &self->side[0], 1.0, 0)
        || !side_fill(self, &self->side[1], -1.0, 1)) {
        dft_onsite_xc_free(self);
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
    }
    for (size_t i = 0; i < self->n; i++)
        self->weight[i] = 4.0 * DFT_PI * setup->r[i] * setup->r[i] * setup->dr[i];
    *out = self;
    return DFT_OK;
}

/* Coefficients along one direction: the density is core + sum_jk pair_jk a[jk], and its tangential
 * gradient sum_jk pair_jk b[jk]/r.  */
static void direction_coefficients(const dft_species *s, const double *d_p, const double *y,
                                   const double (*grad_y)[3], size_t n_jk, double *a,
                                   double (*b)[3])
{
    memset(a, 0, n_jk * sizeof *a);
    memset(b, 0, n_jk * sizeof *b);
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const double d = d_p[dft_packed(i, j)];
            const size_t c = dft_packed((size_t)s->wave_of[i], (size_t)s->wave_of[j]);
            const int li = s->lm_of[i], lj = s->lm_of[j];
            a[c] += d * y[li] * y[lj];
            for (int x = 0; x < 3; x++)
                b[c][x] += d * (grad_y[li][x] * y[lj] + y[li] * grad_y[lj][x]);
        }
}

typedef struct {                        /* one ray of the radial grid */
    double *rho, *sigma, *radial, *tangential[3], *exc, *v_rho, *v_sigma, *block;
} ray;

static int ray_alloc(ray *y, size_t n)
{
    double *block = dft_alloc_doubles(9 * n);

    *y = (ray){ block, block + n, block + 2 * n, { block + 3 * n, block + 4 * n, block + 5 * n },
                block + 6 * n, block + 7 * n, block + 8 * n, block };
    return block != NULL;
}

static void ray_density(const dft_onsite_xc *self, const side *s, const double *a,
                        const double (*b)[3], ray *y)
{
    const size_t n = self->n;

    memcpy(y->rho, s->core, n * sizeof *y->rho);
    memcpy(y->radial, s->core_slope, n * sizeof *y->radial);
    memset(y->tangential[0], 0, 3 * n * sizeof *y->tangential[0]);
    for (size_t c = 0; c < self->n_jk; c++) {
        const double *pair = s->pair + c * n, *slope = s->pair_slope + c * n;
        for (size_t i = 0; i < n; i++) {
            y->rho[i] += a[c] * pair[i];
            y->radial[i] += a[c] * slope[i];
        }
        for (int x = 0; x < 3; x++)
            for (size_t i = 0; i < n; i++)
                y->tangential[x][i] += b[c][x] * pair[i];
    }
    for (size_t i = 0; i < n; i++) {
        const double inverse_r = self->r[i] > 0.0 ? 1.0 / self->r[i] : 0.0;
        for (int x = 0; x < 3; x++)
            y->tangential[x][i] *= inverse_r;
        y->sigma[i] = y->radial[i] * y->radial[i] + y->tangential[0][i] * y->tangential[0][i]
                    + y->tangential[1][i] * y->tangential[1][i]
                    + y->tangential[2][i] * y->tangential[2][i];
    }
}

/* Energy of the ray and its derivatives by a[jk] and b[jk]. */
static double ray_integrate(const dft_onsite_xc *self, const side *s, double direction_weight, ray *y,
                            double *da, double (*db)[3])
{
    const size_t n = self->n;
    const int gga = dft_xc_is_gga(self->xc);
    double energy = 0.0;

    dft_xc_eval(self->xc, n, y->rho, gga ? y->sigma : NULL, y->exc, y->v_rho,
                gga ? y->v_sigma : NULL);
    for (size_t i = 0; i < n; i++) {
        const double w = s->sign * direction_weight * self->weight[i];
        const double inverse_r = self->r[i] > 0.0 ? 1.0 / self->r[i] : 0.0;
        energy += w * y->exc[i];
        y->v_rho[i] *= w;
        y->radial[i] *= gga ? 2.0 * w * y->v_sigma[i] : 0.0;
        for (int x = 0; x < 3; x++)
            y->tangential[x][i] *= gga ? 2.0 * w * y->v_sigma[i] * inverse_r : 0.0;
    }
    for (size_t c = 0; c < self->n_jk; c++) {
        const double *pair = s->pair + c * n, *slope = s->pair_slope + c * n;
        double sum = 0.0, sum_b[3] = { 0.0, 0.0, 0.0 };
        for (size_t i = 0; i < n; i++)
            sum += y->v_rho[i] * pair[i] + y->radial[i] * slope[i];
        for (int x = 0; x < 3; x++)
            for (size_t i = 0; i < n; i++)
                sum_b[x] += y->tangential[x][i] * pair[i];
        da[c] += sum;
        for (int x = 0; x < 3; x++)
            db[c][x] += sum_b[x];
    }
    return energy;
}

#define MAX_CHANNELS (DFT_SETUP_MAX_WAVES * (DFT_SETUP_MAX_WAVES + 1) / 2)

static double add_direction(const dft_onsite_xc *self, const double point[3], double weight,
                            const double *d_p, ray *y, double *dh_p)
{
    const dft_species *s = self->species;
    double a[MAX_CHANNELS], b[MAX_CHANNELS][3], da[MAX_CHANNELS] = { 0 };
    double db[MAX_CHANNELS][3] = { { 0 } }, harmonic[DFT_N_LM], gradient[DFT_N_LM][3];
    double energy = 0.0;

    /* grad of the solid harmonic minus its radial part: r grad Y on the unit sphere */
    dft_solid_harmonics_gradient(s->lmax, point, harmonic, gradient);
    for (int l = 0; l <= s->lmax; l++)
        for (int lm = l * l; lm < (l + 1) * (l + 1); lm++)
            for (int x = 0; x < 3; x++)
                gradient[lm][x] -= l * harmonic[lm] * point[x];
    direction_coefficients(s, d_p, harmonic, (const double (*)[3])gradient, self->n_jk, a, b);
    for (int k = 0; k < 2; k++) {
        ray_density(self, &self->side[k], a, (const double (*)[3])b, y);
        energy += ray_integrate(self, &self->side[k], weight, y, da, db);
    }
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const size_t c = dft_packed((size_t)s->wave_of[i], (size_t)s->wave_of[j]);
            const int li = s->lm_of[i], lj = s->lm_of[j];
            double sum = da[c] * harmonic[li] * harmonic[lj];
            for (int x = 0; x < 3; x++)
                sum += db[c][x] * (gradient[li][x] * harmonic[lj] + harmonic[li] * gradient[lj][x]);
            dh_p[dft_packed(i, j)] += sum;
        }
    return energy;
}

dft_status dft_onsite_xc_add(const dft_onsite_xc *onsite, const double *d_p, double *energy,
                             double *dh_p, dft_error *err)
{
    const dft_sphere_rule rule = dft_lebedev_50();
    ray y;

    if (!onsite)
        return DFT_OK;
    if (!ray_alloc(&y, onsite->n))
        return dft_fail(err, DFT_ENOMEM, "one-centre exchange-correlation: out of memory");
    for (size_t k = 0; k < rule.n; k++)
        *energy += add_direction(onsite, rule.point[k], rule.weight[k], d_p, &y, dh_p);
    free(y.block);
    return DFT_OK;
}
