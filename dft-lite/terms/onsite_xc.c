#include "dft-lite/terms/onsite_xc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
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

#define MAX_CHANNELS (DFT_SETUP_MAX_WAVES * (DFT_SETUP_MAX_WAVES + 1) / 2)

/* Along one direction the density of a spin is share core + sum_jk pair_jk a[jk], its tangential gradient
 * sum_jk pair_jk b[jk]/r; da and db collect the energy's derivatives by a and b. */
typedef struct {
    double a[MAX_CHANNELS], b[MAX_CHANNELS][3], da[MAX_CHANNELS], db[MAX_CHANNELS][3];
} direction;

typedef struct { double y[DFT_N_LM], grad_y[DFT_N_LM][3]; } angular;

/* Matrix element p of spin s out of (total, magnetisation). */
static double spin_element(size_t n_spin, const double *const *d_p, size_t s, size_t p)
{
    return n_spin == 1 ? d_p[0][p] : 0.5 * (s == 0 ? d_p[0][p] + d_p[1][p] : d_p[0][p] - d_p[1][p]);
}

static void direction_coefficients(const dft_species *s, size_t n_spin, const double *const *d_p,
                                   size_t spin, const angular *at, direction *dir)
{
    memset(dir, 0, sizeof *dir);
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const double d = spin_element(n_spin, d_p, spin, dft_packed(i, j));
            const size_t c = dft_packed((size_t)s->wave_of[i], (size_t)s->wave_of[j]);
            const int li = s->lm_of[i], lj = s->lm_of[j];
            dir->a[c] += d * at->y[li] * at->y[lj];
            for (int x = 0; x < 3; x++)
                dir->b[c][x] += d * (at->grad_y[li][x] * at->y[lj] + at->y[li] * at->grad_y[lj][x]);
        }
}

/* One ray of the radial grid; [n] each.  sigma and v_sigma: up-up, up-down, down-down. */
typedef struct {
    struct { double *rho, *radial, *tangential[3], *v_rho; } spin[2];
    double *sigma[3], *v_sigma[3], *exc, *block;
} ray;

static int ray_alloc(ray *y, size_t n, size_t n_spin)
{
    const size_t n_sigma = 2 * n_spin - 1;
    double *next = dft_alloc_doubles((1 + 6 * n_spin + 2 * n_sigma) * n);

    *y = (ray){ .block = next, .exc = next };
    if (!next)
        return 0;
    for (size_t s = 0; s < n_spin; s++) {
        y->spin[s].rho = next += n;
        y->spin[s].radial = next += n;
        y->spin[s].v_rho = next += n;
        for (int x = 0; x < 3; x++)
            y->spin[s].tangential[x] = next += n;
    }
    for (size_t x = 0; x < n_sigma; x++) {
        y->sigma[x] = next += n;
        y->v_sigma[x] = next += n;
    }
    return 1;
}

static void ray_density(const dft_onsite_xc *self, const side *sd, const direction *dir, double share,
                        size_t s, ray *y)
{
    const size_t n = self->n;
    double *rho = y->spin[s].rho, *radial = y->spin[s].radial;

    for (size_t i = 0; i < n; i++) {
        rho[i] = share * sd->core[i];
        radial[i] = share * sd->core_slope[i];
    }
    for (int x = 0; x < 3; x++)
        memset(y->spin[s].tangential[x], 0, n * sizeof *rho);
    for (size_t c = 0; c < self->n_jk; c++) {
        const double *pair = sd->pair + c * n, *slope = sd->pair_slope + c * n, a = dir->a[c];
        for (size_t i = 0; i < n; i++) {
            rho[i] += a * pair[i];
            radial[i] += a * slope[i];
        }
        for (int x = 0; x < 3; x++)
            for (size_t i = 0; i < n; i++)
                y->spin[s].tangential[x][i] += dir->b[c][x] * pair[i];
    }
    for (int x = 0; x < 3; x++)
        for (size_t i = 0; i < n; i++)
            y->spin[s].tangential[x][i] *= self->r[i] > 0.0 ? 1.0 / self->r[i] : 0.0;
}

static void ray_sigma(size_t n, size_t n_spin, ray *y)
{
    for (size_t a = 0; a < n_spin; a++)
        for (size_t b = a; b < n_spin; b++)
            for (size_t i = 0; i < n; i++)
                y->sigma[a + b][i] = y->spin[a].radial[i] * y->spin[b].radial[i]
                    + y->spin[a].tangential[0][i] * y->spin[b].tangential[0][i]
                    + y->spin[a].tangential[1][i] * y->spin[b].tangential[1][i]
                    + y->spin[a].tangential[2][i] * y->spin[b].tangential[2][i];
}

static void ray_evaluate(const dft_onsite_xc *self, size_t n_spin, ray *y)
{
    if (n_spin == 1) {
        const int gga = dft_xc_is_gga(self->xc);
        dft_xc_eval(self->xc, self->n, y->spin[0].rho, gga ? y->sigma[0] : NULL, y->exc,
                    y->spin[0].v_rho, gga ? y->v_sigma[0] : NULL);
    } else {
        const double *const rho[2] = { y->spin[0].rho, y->spin[1].rho };
        double *const v_rho[2] = { y->spin[0].v_rho, y->spin[1].v_rho };
        dft_xc_eval_spin(self->xc, self->n, rho, (const double *const *)y->sigma, y->exc, v_rho,
                         y->v_sigma);
    }
}

/* Turns derivatives of the energy per point into those of the integral, and each spin's gradient into the
 * energy's derivative by it, in place. */
static void ray_response(const dft_onsite_xc *self, const side *sd, double direction_weight,
                         size_t n_spin, ray *y)
{
    const int gga = dft_xc_is_gga(self->xc);

    for (size_t i = 0; i < self->n; i++) {
        const double w = sd->sign * direction_weight * self->weight[i];
        const double inverse_r = self->r[i] > 0.0 ? 1.0 / self->r[i] : 0.0;
        double own[2] = { 0.0, 0.0 }, mixed = 0.0;
        for (size_t s = 0; s < n_spin; s++) {
            own[s] = gga ? 2.0 * w * y->v_sigma[2 * s][i] : 0.0;
            y->spin[s].v_rho[i] *= w;
        }
        if (gga && n_spin == 2)
            mixed = w * y->v_sigma[1][i];
        for (int x = -1; x < 3; x++) {
            double *up = x < 0 ? &y->spin[0].radial[i] : &y->spin[0].tangential[x][i];
            double *down = n_spin == 1 ? up : x < 0 ? &y->spin[1].radial[i]
                                                    : &y->spin[1].tangential[x][i];
            const double g_up = *up, g_down = *down, scale = x < 0 ? 1.0 : inverse_r;
            *up = scale * (own[0] * g_up + mixed * g_down);
            if (n_spin == 2)
                *down = scale * (own[1] * g_down + mixed * g_up);
        }
    }
}

static void ray_derivatives(const dft_onsite_xc *self, const side *sd, size_t s, const ray *y,
                            direction *dir)
{
    const size_t n = self->n;
    const double *v_rho = y->spin[s].v_rho, *radial = y->spin[s].radial;

    for (size_t c = 0; c < self->n_jk; c++) {
        const double *pair = sd->pair + c * n, *slope = sd->pair_slope + c * n;
        dir->da[c] += dft_dot(n, v_rho, pair) + dft_dot(n, radial, slope);
        for (int x = 0; x < 3; x++)
            dir->db[c][x] += dft_dot(n, y->spin[s].tangential[x], pair);
    }
}

/* Energy of one side along the ray, its derivatives into dir[n_spin]. */
static double ray_integrate(const dft_onsite_xc *self, const side *sd, double weight, size_t n_spin,
                            direction *dir, ray *y)
{
    double energy = 0.0;

    for (size_t s = 0; s < n_spin; s++)
        ray_density(self, sd, &dir[s], 1.0 / (double)n_spin, s, y);
    ray_sigma(self->n, n_spin, y);
    ray_evaluate(self, n_spin, y);
    for (size_t i = 0; i < self->n; i++)
        energy += sd->sign * weight * self->weight[i] * y->exc[i];
    ray_response(self, sd, weight, n_spin, y);
    for (size_t s = 0; s < n_spin; s++)
        ray_derivatives(self, sd, s, y, &dir[s]);
    return energy;
}

/* Y and r grad Y on the unit sphere: the solid harmonic's gradient without its radial part. */
static void fill_angular(int lmax, const double point[3], angular *at)
{
    dft_solid_harmonics_gradient(lmax, point, at->y, at->grad_y);
    for (int l = 0; l <= lmax; l++)
        for (int lm = l * l; lm < (l + 1) * (l + 1); lm++)
            for (int x = 0; x < 3; x++)
                at->grad_y[lm][x] -= l * at->y[lm] * point[x];
}

/* Derivatives by spin densities become those by total and magnetisation, n_s = (total +- m)/2. */
static void add_derivatives(const dft_species *s, size_t n_spin, size_t spin, const angular *at,
                            const direction *dir, double *const *dh_p)
{
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const size_t p = dft_packed(i, j);
            const size_t c = dft_packed((size_t)s->wave_of[i], (size_t)s->wave_of[j]);
            const int li = s->lm_of[i], lj = s->lm_of[j];
            double sum = dir->da[c] * at->y[li] * at->y[lj];
            for (int x = 0; x < 3; x++)
                sum += dir->db[c][x]
                     * (at->grad_y[li][x] * at->y[lj] + at->y[li] * at->grad_y[lj][x]);
            dh_p[0][p] += n_spin == 1 ? sum : 0.5 * sum;
            if (n_spin == 2)
                dh_p[1][p] += spin == 0 ? 0.5 * sum : -0.5 * sum;
        }
}

static double add_direction(const dft_onsite_xc *self, const double point[3], double weight,
                            size_t n_spin, const double *const *d_p, ray *y, double *const *dh_p)
{
    const dft_species *s = self->species;
    direction dir[2];
    angular at;
    double energy = 0.0;

    fill_angular(s->lmax, point, &at);
    for (size_t spin = 0; spin < n_spin; spin++)
        direction_coefficients(s, n_spin, d_p, spin, &at, &dir[spin]);
    for (int k = 0; k < 2; k++)
        energy += ray_integrate(self, &self->side[k], weight, n_spin, dir, y);
    for (size_t spin = 0; spin < n_spin; spin++)
        add_derivatives(s, n_spin, spin, &at, &dir[spin], dh_p);
    return energy;
}

dft_status dft_onsite_xc_add(const dft_onsite_xc *onsite, size_t n_spin, const double *const *d_p,
                             double *energy, double *const *dh_p, dft_error *err)
{
    const dft_sphere_rule rule = dft_lebedev_50();
    ray y;

    if (!onsite)
        return DFT_OK;
    if (!ray_alloc(&y, onsite->n, n_spin))
        return dft_fail(err, DFT_ENOMEM, "one-centre exchange-correlation: out of memory");
    for (size_t k = 0; k < rule.n; k++)
        *energy += add_direction(onsite, rule.point[k], rule.weight[k], n_spin, d_p, &y, dh_p);
    free(y.block);
    return DFT_OK;
}
