#include "descriptors/reweight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define LAMBDA 1.0
#define SWEEPS 200
#define SETTLED 1e-9
#define LEVEL 0.05

/* SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* ---- fits, with one measurement left out (out = n: none) ---- */

/* Least squares t = a + b s with b >= 0. */
static void fit_line(const desc_reweight_request *r, const double *t, size_t out, double *a, double *b)
{
    double n = 0.0, s = 0.0, y = 0.0, ss = 0.0, sy = 0.0;

    for (size_t i = 0; i < r->n; i++) {
        if (i == out)
            continue;
        n += 1.0;
        s += r->score[i];
        y += t[i];
        ss += r->score[i] * r->score[i];
        sy += r->score[i] * t[i];
    }
    const double variance = ss - s * s / n;
    *b = variance > 1e-12 * ss ? fmax(0.0, (sy - s * y / n) / variance) : 0.0;
    *a = (y - *b * s) / n;
}

/* The weights by coordinate descent on the centred problem, which is strictly convex. */
static void fit_weights(const desc_reweight_request *r, const double *t, size_t out, double lambda,
                        double *a, double *w)
{
    const size_t m = r->n_terms;
    double mean_z[DESC_REWEIGHT_TERMS] = { 0 }, mean_t = 0.0, n = 0.0, b, unused;
    double gram[DESC_REWEIGHT_TERMS][DESC_REWEIGHT_TERMS] = { { 0 } };
    double right[DESC_REWEIGHT_TERMS] = { 0 };

    fit_line(r, t, out, &unused, &b);
    for (size_t i = 0; i < r->n; i++) {
        if (i == out)
            continue;
        n += 1.0;
        mean_t += t[i];
        for (size_t j = 0; j < m; j++)
            mean_z[j] += r->z[i * m + j];
    }
    mean_t /= n;
    for (size_t j = 0; j < m; j++)
        mean_z[j] /= n;
    for (size_t i = 0; i < r->n; i++) {
        if (i == out)
            continue;
        for (size_t j = 0; j < m; j++) {
            const double zj = r->z[i * m + j] - mean_z[j];
            right[j] += zj * (t[i] - mean_t);
            for (size_t k = 0; k < m; k++)
                gram[j][k] += zj * (r->z[i * m + k] - mean_z[k]);
        }
    }
    for (size_t j = 0; j < m; j++) {
        w[j] = b * r->w0[j];
        right[j] += lambda * w[j];
        gram[j][j] += lambda;
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        double largest = 0.0, moved = 0.0;
        for (size_t j = 0; j < m; j++) {
            double g = right[j];
            for (size_t k = 0; k < m; k++)
                g -= k == j ? 0.0 : gram[j][k] * w[k];
            const double to = fmax(0.0, g / gram[j][j]);
            moved = fmax(moved, fabs(to - w[j]));
            largest = fmax(largest, to);
            w[j] = to;
        }
        if (moved <= SETTLED * largest)
            break;
    }
    *a = mean_t;
    for (size_t j = 0; j < m; j++)
        *a -= w[j] * mean_z[j];
}

/* ---- the held-out check ---- */

static double gain_of(const desc_reweight_request *r, const double *t, double *sse_present,
                      double *sse_new)
{
    double present = 0.0, new = 0.0;

    for (size_t i = 0; i < r->n; i++) {
        double a, b, c, w[DESC_REWEIGHT_TERMS];
        fit_line(r, t, i, &a, &b);
        fit_weights(r, t, i, LAMBDA, &c, w);
        for (size_t j = 0; j < r->n_terms; j++)
            c += w[j] * r->z[i * r->n_terms + j];
        present += pow(t[i] - a - b * r->score[i], 2.0);
        new += pow(t[i] - c, 2.0);
    }
    *sse_present = present;
    *sse_new = new;
    return present > 0.0 ? 1.0 - new / present : 0.0;
}

static void deal(double *residual, size_t n, uint64_t *state)
{
    for (size_t i = n; i-- > 1;) {
        const size_t j = (size_t)(next_random(state) % (i + 1));
        const double swap = residual[i];
        residual[i] = residual[j];
        residual[j] = swap;
    }
}

static double p_value(const desc_reweight_request *r, double gain, double *residual, double *t)
{
    uint64_t state = r->seed;
    size_t n_as_good = 0;
    double a, b, present, new;

    fit_line(r, r->t, r->n, &a, &b);
    for (size_t i = 0; i < r->n; i++)
        residual[i] = r->t[i] - a - b * r->score[i];
    for (size_t k = 0; k < r->n_permutations; k++) {
        deal(residual, r->n, &state);
        for (size_t i = 0; i < r->n; i++)
            t[i] = a + b * r->score[i] + residual[i];
        n_as_good += gain_of(r, t, &present, &new) >= gain;
    }
    return (1.0 + (double)n_as_good) / (1.0 + (double)r->n_permutations);
}

static dft_status check(const desc_reweight_request *r, dft_error *err)
{
    if (r->n_terms == 0 || r->n_terms > DESC_REWEIGHT_TERMS)
        return dft_fail(err, DFT_EINPUT, "%zu terms to weigh; there can be 1 to %d", r->n_terms,
                        DESC_REWEIGHT_TERMS);
    for (size_t i = 0; i < r->n; i++) {
        if (!isfinite(r->t[i]) || !isfinite(r->score[i]))
            return dft_fail(err, DFT_EINPUT, "measurement %zu or its score is not a number", i);
        for (size_t j = 0; j < r->n_terms; j++)
            if (!isfinite(r->z[i * r->n_terms + j]))
                return dft_fail(err, DFT_EINPUT, "term %zu of measurement %zu is not a number", j, i);
    }
    return DFT_OK;
}

static void normalise(double *w, size_t n)
{
    double total = 0.0;

    for (size_t j = 0; j < n; j++)
        total += w[j];
    for (size_t j = 0; j < n && total > 0.0; j++)
        w[j] /= total;
}

dft_status desc_reweight_present(const double *z, const double *score, size_t n, size_t n_terms,
                                 double *w0, dft_error *err)
{
    static const double none[DESC_REWEIGHT_TERMS] = { 0 };
    const desc_reweight_request request = { n, n_terms, z, score, none, score, 0, 0 };
    double a;
    const dft_status status = check(&request, err);

    if (status == DFT_OK && n > 0) {
        fit_weights(&request, score, n, 1e-6, &a, w0);
        normalise(w0, n_terms);
    }
    return status;
}

dft_status desc_reweight(const desc_reweight_request *request, desc_reweight_result *out,
                         dft_error *err)
{
    dft_status status = check(request, err);
    double a;

    memset(out, 0, sizeof *out);
    out->gain = out->p_value = out->sse_present = out->sse_new = NAN;
    if (status != DFT_OK || request->n < DESC_REWEIGHT_LEAST)
        return status;
    double *residual = dft_alloc_doubles(request->n), *t = dft_alloc_doubles(request->n);
    if (!residual || !t)
        status = dft_fail(err, DFT_ENOMEM, "no memory to weigh %zu measurements", request->n);
    if (status == DFT_OK) {
        out->gain = gain_of(request, request->t, &out->sse_present, &out->sse_new);
        out->p_value = p_value(request, out->gain, residual, t);
        out->improves = out->gain > 0.0 && out->p_value <= LEVEL;
        fit_weights(request, request->t, request->n, LAMBDA, &a, out->weight);
        normalise(out->weight, request->n_terms);
    }
    free(residual);
    free(t);
    return status;
}
