#include "dft-lite/scf/mixer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/lapack.h"

#define MAX_HISTORY 16
#define LEAST_BETA 0.1
#define GROWTH 1.3                      /* an error this much larger than the one before halves the step */
#define JUMP 2.0                        /* ... and this much: the history no longer holds */
#define FAST_FALL 0.3                   /* an error this much smaller than the one before lengthens steps */
#define LENGTHEN 1.4
#define METRIC_Q2 0.01                  /* 1/bohr^2 */
#define MAGNETIC_Q2 1.0                 /* the same for the magnetisation */
#define ON_SITE_WEIGHT 0.1            /* of (dD)^2 beside the electrostatic norm, Ha */

/* A density is stored as n_rho/2 complex numbers (n_g a spin) followed by the on-site matrices (n_p a
 * spin), in one array of n doubles. */
struct dft_mixer {
    const dft_basis *basis;
    size_t n_spin, n_rho, n_d, n;       /* n_rho = 2 n_spin n_g, n_d = n_spin n_p, n = n_rho + n_d */
    dft_mixer_options options;
    double beta, last_error;            /* the step now; the caller's error when it was chosen */
    double *metric;                     /* owned, [n] weights of the norm */
    int n_stored;
    int n_simple;                       /* steps left without extrapolation */
    double *input[MAX_HISTORY], *residual[MAX_HISTORY];     /* owned, newest first */
};

dft_mixer_options dft_mixer_defaults(void)
{
    return (dft_mixer_options){ .beta = 0.7, .history = 10 };
}

static void fill_metric(dft_mixer *self)
{
    const dft_basis *basis = self->basis;

    for (size_t s = 0; s < self->n_spin; s++)
        for (size_t ig = 0; ig < basis->n_g; ig++) {
            double *weight = self->metric + 2 * (s * basis->n_g + ig);
            weight[0] = weight[1] = dft_basis_multiplicity(ig) * basis->volume * 4.0 * DFT_PI
                / (basis->g2[ig] + (s == 0 ? METRIC_Q2 : MAGNETIC_Q2));
        }
    for (size_t p = 0; p < self->n_d; p++)
        self->metric[self->n_rho + p] = ON_SITE_WEIGHT;
}

dft_status dft_mixer_create(const dft_basis *basis, size_t n_spin, size_t n_p,
                            const dft_mixer_options *options, dft_mixer **out, dft_error *err)
{
    dft_mixer *self = dft_alloc(1, sizeof *self);
    int ok = self != NULL;

    *out = NULL;
    if (ok) {
        self->basis = basis;
        self->n_spin = n_spin;
        self->n_rho = 2 * n_spin * basis->n_g;
        self->n_d = n_spin * n_p;
        self->n = self->n_rho + self->n_d;
        self->options = *options;
        self->beta = options->beta;
        self->last_error = INFINITY;
        self->metric = dft_alloc_doubles(self->n);
        ok = self->metric != NULL;
        for (int i = 0; ok && i < options->history; i++) {
            self->input[i] = dft_alloc_doubles(self->n);
            self->residual[i] = dft_alloc_doubles(self->n);
            ok = self->input[i] && self->residual[i];
        }
    }
    if (!ok) {
        dft_mixer_free(self);
        return dft_fail(err, DFT_ENOMEM, "mixing history: out of memory");
    }
    fill_metric(self);
    *out = self;
    return DFT_OK;
}

void dft_mixer_free(dft_mixer *mixer)
{
    if (!mixer)
        return;
    for (int i = 0; i < MAX_HISTORY; i++) {
        free(mixer->input[i]);
        free(mixer->residual[i]);
    }
    free(mixer->metric);
    free(mixer);
}

/* A residual that grew after a step asks for shorter ones; they lengthen again while it falls fast. */
void dft_mixer_judge(dft_mixer *mixer, double error)
{
    if (error > JUMP * mixer->last_error)
        mixer->n_stored = 1;
    if (error > GROWTH * mixer->last_error)
        mixer->beta = fmax(LEAST_BETA, 0.5 * mixer->beta);
    else if (error < FAST_FALL * mixer->last_error && mixer->n_simple == 0)
        mixer->beta = fmin(mixer->options.beta, LENGTHEN * mixer->beta);
    mixer->last_error = error;
}

void dft_mixer_restart(dft_mixer *mixer, int n_simple, double beta)
{
    mixer->n_stored = 0;
    mixer->n_simple = n_simple;
    mixer->beta = fmin(beta, mixer->options.beta);
    mixer->last_error = INFINITY;
}

static void remember(dft_mixer *self, const double complex *rho, const double *d,
                     const double complex *rho_out, const double *d_out)
{
    const int last = self->options.history - 1;
    double *input = self->input[last], *residual = self->residual[last];

    for (int i = last; i > 0; i--) {
        self->input[i] = self->input[i - 1];
        self->residual[i] = self->residual[i - 1];
    }
    self->input[0] = input;
    self->residual[0] = residual;
    for (size_t ig = 0; ig < self->n_rho / 2; ig++) {
        input[2 * ig] = creal(rho[ig]);
        input[2 * ig + 1] = cimag(rho[ig]);
        residual[2 * ig] = creal(rho_out[ig] - rho[ig]);
        residual[2 * ig + 1] = cimag(rho_out[ig] - rho[ig]);
    }
    for (size_t p = 0; p < self->n_d; p++) {
        input[self->n_rho + p] = d[p];
        residual[self->n_rho + p] = d_out[p] - d[p];
    }
    if (self->n_stored <= last)
        self->n_stored++;
}

static double difference_product(const dft_mixer *self, const double *a, const double *a0,
                                 const double *b, const double *b0)
{
    double sum = 0.0;
    for (size_t i = 0; i < self->n; i++)
        sum += self->metric[i] * (a[i] - a0[i]) * (b0 ? b[i] - b0[i] : b[i]);
    return sum;
}

/* Minimises | F_0 - sum_m theta_m (F_0 - F_m) |. */
static dft_status solve_theta(const dft_mixer *self, double *theta, dft_error *err)
{
    const size_t m = (size_t)self->n_stored - 1;
    double a[MAX_HISTORY * MAX_HISTORY];
    const double *f0 = self->residual[0];

    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j <= i; j++)
            a[i * m + j] = a[j * m + i]
                = difference_product(self, f0, self->residual[i + 1], f0, self->residual[j + 1]);
        theta[i] = difference_product(self, f0, self->residual[i + 1], f0, NULL);
    }
    return m == 0 ? DFT_OK : dft_least_squares(m, a, theta, 1e-13, err);
}

dft_status dft_mixer_combine(dft_mixer *mixer, double complex *rho_g, double *d_p,
                             const double complex *rho_out, const double *d_out,
                             double complex *rho_residual, double *d_residual, dft_error *err)
{
    const size_t n_rho = mixer->n_rho;
    double *rho = (double *)rho_g, *rho_f = (double *)rho_residual, theta[MAX_HISTORY];
    dft_status status;

    if (mixer->n_simple > 0) {
        mixer->n_simple--;
        mixer->n_stored = 0;
    }
    remember(mixer, rho_g, d_p, rho_out, d_out);
    status = solve_theta(mixer, theta, err);
    if (status != DFT_OK)
        return status;
    for (size_t i = 0; i < mixer->n; i++) {
        double x = mixer->input[0][i], f = mixer->residual[0][i];
        for (int m = 1; m < mixer->n_stored; m++) {
            x -= theta[m - 1] * (mixer->input[0][i] - mixer->input[m][i]);
            f -= theta[m - 1] * (mixer->residual[0][i] - mixer->residual[m][i]);
        }
        *(i < n_rho ? &rho[i] : &d_p[i - n_rho]) = x;
        *(i < n_rho ? &rho_f[i] : &d_residual[i - n_rho]) = f;
    }
    return DFT_OK;
}

void dft_mixer_advance(const dft_mixer *mixer, double complex *rho_g, double *d_p,
                       const double complex *rho_residual, const double *d_residual)
{
    for (size_t ig = 0; ig < mixer->n_rho / 2; ig++)
        rho_g[ig] += mixer->beta * rho_residual[ig];
    for (size_t p = 0; p < mixer->n_d; p++)
        d_p[p] += mixer->beta * d_residual[p];
}
