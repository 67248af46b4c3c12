/* Polynomials in site fractions with their derivatives: the reference and excess parts of G. */

#include <math.h>
#include <string.h>

#include "descriptors/calphad_model.h"

#define WIDEST (MODEL_FRACTIONS + 1)

/* Products of the factors, with one or two of them left out. */
static double product_without(const model_term *term, const double *x, size_t a, size_t b)
{
    double p = 1.0;

    for (size_t f = 0; f < term->n_factors; f++)
        if (f != a && f != b)
            p *= x[term->factor[f]];
    return p;
}

/* l^n, its first and its second derivative by l. */
static void power_of(double l, int n, double w[3])
{
    double p[3] = { 1.0, 0.0, 0.0 };             /* l^n, l^(n-1), l^(n-2) */

    for (int k = 0; k < n; k++) {
        p[2] = p[1];
        p[1] = p[0];
        p[0] *= l;
    }
    w[0] = p[0];
    w[1] = n * p[1];
    w[2] = n * (n - 1) * p[2];
}

static void bracket(const model_term *term, const double *x, double w[3])
{
    double l = term->offset;

    for (size_t k = 0; k < term->n_linear; k++)
        l += term->weight[k] * x[term->linear[k]];
    power_of(l, term->power, w);
}

/* Adds to both triangles. */
static void add_pair(double *hessian, size_t width, size_t i, size_t j, double value)
{
    hessian[i * width + j] += value;
    hessian[j * width + i] += value;
}

static void add_term(const model_term *term, desc_jet c, const double *x, size_t n,
                     double *gradient, double *hessian, double product, const double w[3])
{
    const size_t width = n + 1;

    gradient[n] += c.t * product * w[0];
    hessian[n * width + n] += c.tt * product * w[0];
    for (size_t a = 0; a < term->n_factors; a++) {
        const size_t i = term->factor[a];
        const double without = product_without(term, x, a, a);
        gradient[i] += c.v * without * w[0];
        add_pair(hessian, width, i, n, c.t * without * w[0]);
        for (size_t b = a + 1; b < term->n_factors; b++)
            add_pair(hessian, width, i, term->factor[b],
                     c.v * product_without(term, x, a, b) * w[0]);
        for (size_t k = 0; k < term->n_linear; k++)
            add_pair(hessian, width, i, term->linear[k],
                     c.v * without * w[1] * term->weight[k]);
    }
    for (size_t k = 0; k < term->n_linear; k++) {
        const size_t i = term->linear[k];
        gradient[i] += c.v * product * w[1] * term->weight[k];
        add_pair(hessian, width, i, n, c.t * product * w[1] * term->weight[k]);
        for (size_t l = 0; l < term->n_linear; l++)
            hessian[i * width + term->linear[l]] += c.v * product * w[2] * term->weight[k]
                                                    * term->weight[l];
    }
}

/* The sum in its own variables x. */
static double sum_at(const model_sum *sum, const desc_jet *value, const double *x, size_t n,
                     double *gradient, double *hessian)
{
    double total = 0.0;

    for (size_t t = 0; t < sum->n; t++) {
        const model_term *term = &sum->term[t];
        const desc_jet c = value[term->parameter];
        double w[3] = { 1.0, 0.0, 0.0 };
        const double product = product_without(term, x, TDB_NONE, TDB_NONE);

        if (term->power > 0)
            bracket(term, x, w);
        total += c.v * product * w[0];
        if (gradient)
            add_term(term, c, x, n, gradient, hessian, product, w);
    }
    return total;
}

/* Derivatives by x turn into those by y: g_y = M^T g_x, H_y = M^T H_x M; T stays as it is. */
static void pull_back(const model_map *map, double scale, const double *gradient,
                      const double *hessian, model_result *out)
{
    const size_t n_x = map->n_x, wide_x = n_x + 1, wide_y = out->n + 1;
    double row[WIDEST];

    out->gradient[out->n] += scale * gradient[n_x];
    out->hessian[out->n * wide_y + out->n] += scale * hessian[n_x * wide_x + n_x];
    for (size_t k = 0; k < n_x; k++) {
        memset(row, 0, sizeof row);
        for (size_t l = 0; l < n_x; l++)         /* row k of H_x M */
            for (size_t e = map->first[l]; e < map->first[l + 1]; e++)
                row[map->column[e]] += hessian[k * wide_x + l] * map->weight[e];
        for (size_t e = map->first[k]; e < map->first[k + 1]; e++) {
            const size_t i = map->column[e];
            const double weight = scale * map->weight[e];
            out->gradient[i] += weight * gradient[k];
            add_pair(out->hessian, wide_y, i, out->n, weight * hessian[k * wide_x + n_x]);
            for (size_t j = 0; j < out->n; j++)
                out->hessian[i * wide_y + j] += weight * row[j];
        }
    }
}

static void add_plain(const model_sum *sum, const desc_jet *value, const double *y, double scale,
                      model_result *out)
{
    double gradient[WIDEST], hessian[WIDEST * WIDEST];
    const size_t width = out->n + 1;

    if (!out->gradient) {
        out->value += scale * sum_at(sum, value, y, out->n, NULL, NULL);
        return;
    }
    if (scale == 1.0) {                          /* the usual case needs no second array */
        out->value += sum_at(sum, value, y, out->n, out->gradient, out->hessian);
        return;
    }
    memset(gradient, 0, width * sizeof *gradient);
    memset(hessian, 0, width * width * sizeof *hessian);
    out->value += scale * sum_at(sum, value, y, out->n, gradient, hessian);
    for (size_t i = 0; i < width; i++)
        out->gradient[i] += scale * gradient[i];
    for (size_t i = 0; i < width * width; i++)
        out->hessian[i] += scale * hessian[i];
}

void model_add_sum(const model_sum *sum, const model_map *map, const desc_jet *value,
                   const double *y, double scale, model_result *out)
{
    double x[WIDEST], gradient[WIDEST], hessian[WIDEST * WIDEST];

    if (!map) {
        add_plain(sum, value, y, scale, out);
        return;
    }
    for (size_t k = 0; k < map->n_x; k++) {
        x[k] = 0.0;
        for (size_t e = map->first[k]; e < map->first[k + 1]; e++)
            x[k] += map->weight[e] * y[map->column[e]];
    }
    if (!out->gradient) {
        out->value += scale * sum_at(sum, value, x, map->n_x, NULL, NULL);
        return;
    }
    const size_t width = map->n_x + 1;
    memset(gradient, 0, width * sizeof *gradient);
    memset(hessian, 0, width * width * sizeof *hessian);
    out->value += scale * sum_at(sum, value, x, map->n_x, gradient, hessian);
    pull_back(map, scale, gradient, hessian, out);
}
