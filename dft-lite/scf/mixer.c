#include "dft-lite/scf/mixer.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/lapack.h"

#define MAX_HISTORY 16
#define MAX_PAIRS (MAX_HISTORY + DFT_RESPONSE_PAIRS)
#define DEPENDENT 1e-13                 /* relative size of an eigenvalue of the pairs' overlap that counts as none */
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
    const dft_response *earlier;        /* borrowed; NULL: none */
};

void dft_response_free(dft_response *response)
{
    if (!response)
        return;
    for (int i = 0; i < DFT_RESPONSE_PAIRS; i++) {
        free(response->input[i]);
        free(response->residual[i]);
    }
    free(response);
}

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
    if (error > JUMP * mixer->last_error) {
        mixer->n_stored = 1;
        mixer->earlier = NULL;
    }
    if (error > GROWTH * mixer->last_error)
        mixer->beta = fmax(LEAST_BETA, 0.5 * mixer->beta);
    else if (error < FAST_FALL * mixer->last_error && mixer->n_simple == 0)
        mixer->beta = fmin(mixer->options.beta, LENGTHEN * mixer->beta);
    mixer->last_error = error;
}

void dft_mixer_restart(dft_mixer *mixer, int n_simple, double beta)
{
    mixer->n_stored = 0;
    mixer->earlier = NULL;
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

void dft_mixer_learn(dft_mixer *mixer, const dft_response *earlier)
{
    mixer->earlier = earlier && earlier->n == mixer->n ? earlier : NULL;
}

static double *copy_of(size_t n, const double *values)
{
    double *copy = dft_alloc_doubles(n);

    if (copy)
        memcpy(copy, values, n * sizeof *copy);
    return copy;
}

/* Behind a run's own pairs those it had from an earlier one, as many as there is room for. */
static void append_earlier(const dft_response *earlier, dft_response *response)
{
    for (int m = 0; earlier && m < earlier->n_pairs && response->n_pairs < DFT_RESPONSE_PAIRS; m++) {
        double *x = copy_of(response->n, earlier->input[m]), *f = copy_of(response->n, earlier->residual[m]);
        if (!x || !f) {
            free(x);
            free(f);
            return;
        }
        response->input[response->n_pairs] = x;
        response->residual[response->n_pairs++] = f;
    }
}

/* Replaces what is stored by the differences to the newest, which are moved out. */
dft_response *dft_mixer_take_response(dft_mixer *mixer)
{
    const int own = mixer->n_stored - 1 < DFT_RESPONSE_PAIRS ? mixer->n_stored - 1 : DFT_RESPONSE_PAIRS;
    dft_response *response = dft_alloc(1, sizeof *response);

    if (!response)
        return NULL;
    *response = (dft_response){ .n = mixer->n, .n_pairs = own > 0 ? own : 0 };
    for (int m = 0; m < own; m++) {
        double *x = response->input[m] = mixer->input[m + 1], *f = response->residual[m] = mixer->residual[m + 1];
        for (size_t i = 0; i < mixer->n; i++) {
            x[i] = mixer->input[0][i] - x[i];
            f[i] = mixer->residual[0][i] - f[i];
        }
        mixer->input[m + 1] = mixer->residual[m + 1] = NULL;
    }
    mixer->n_stored = 0;
    append_earlier(mixer->earlier, response);
    return response;
}

/* One difference between residuals, and the inputs' that goes with it: newest - old, old NULL for one that
 * comes as a difference. */
typedef struct { const double *f, *f_old, *x, *x_old; } pair;

static int list_pairs(const dft_mixer *self, pair *list)
{
    int n = 0;

    for (int m = 1; m < self->n_stored; m++)
        list[n++] = (pair){ self->residual[0], self->residual[m], self->input[0], self->input[m] };
    for (int m = 0; self->earlier && m < self->earlier->n_pairs; m++)
        list[n++] = (pair){ self->earlier->residual[m], NULL, self->earlier->input[m], NULL };
    return n;
}

static double pair_product(const dft_mixer *self, const pair *a, const pair *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < self->n; i++)
        sum += self->metric[i] * (a->f[i] - (a->f_old ? a->f_old[i] : 0.0))
             * (b->f[i] - (b->f_old ? b->f_old[i] : 0.0));
    return sum;
}

/* Minimises | F - sum_m theta_m dF_m |, for dF of length 1 first: they differ by orders of magnitude. */
static dft_status solve_theta(const dft_mixer *self, int n, const pair *list, double *theta, dft_error *err)
{
    const size_t m = (size_t)n;
    const pair newest = { .f = self->residual[0] };
    double a[MAX_PAIRS * MAX_PAIRS], length[MAX_PAIRS];

    for (size_t i = 0; i < m; i++) {
        length[i] = sqrt(fmax(DBL_MIN, pair_product(self, &list[i], &list[i])));
        theta[i] = pair_product(self, &list[i], &newest) / length[i];
        for (size_t j = 0; j < i; j++)
            a[i * m + j] = a[j * m + i] = pair_product(self, &list[i], &list[j]) / (length[i] * length[j]);
        a[i * m + i] = 1.0;
    }
    const dft_status status = m == 0 ? DFT_OK : dft_least_squares(m, a, theta, DEPENDENT, err);
    for (size_t i = 0; i < m; i++)
        theta[i] /= length[i];
    return status;
}

dft_status dft_mixer_combine(dft_mixer *mixer, double complex *rho_g, double *d_p,
                             const double complex *rho_out, const double *d_out,
                             double complex *rho_residual, double *d_residual, dft_error *err)
{
    const size_t n_rho = mixer->n_rho;
    double *rho = (double *)rho_g, *rho_f = (double *)rho_residual, theta[MAX_PAIRS];
    pair list[MAX_PAIRS];
    dft_status status;

    if (mixer->n_simple > 0) {
        mixer->n_simple--;
        mixer->n_stored = 0;
    }
    remember(mixer, rho_g, d_p, rho_out, d_out);
    const int n = list_pairs(mixer, list);
    status = solve_theta(mixer, n, list, theta, err);
    if (status != DFT_OK)
        return status;
    for (size_t i = 0; i < mixer->n; i++) {
        double x = mixer->input[0][i], f = mixer->residual[0][i];
        for (int m = 0; m < n; m++) {
            x -= theta[m] * (list[m].x[i] - (list[m].x_old ? list[m].x_old[i] : 0.0));
            f -= theta[m] * (list[m].f[i] - (list[m].f_old ? list[m].f_old[i] : 0.0));
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
