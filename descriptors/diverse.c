#include "descriptors/diverse.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"

#define LEAST_GAIN 1e-10            /* of a candidate's own weight: below, it repeats what is taken */

typedef struct {
    const double *quality, *feature;
    size_t n, n_features, k;
    double *gain;                   /* owned, [n]: d_i^2, the pivot that i would bring */
    double *row;                    /* owned, [k][n]: rows of the Cholesky factor */
} picking;

static double kernel(const picking *p, size_t i, size_t j)
{
    double d2 = 0.0;

    for (size_t f = 0; f < p->n_features; f++) {
        const double d = p->feature[i * p->n_features + f] - p->feature[j * p->n_features + f];
        d2 += d * d;
    }
    return p->quality[i] * p->quality[j] * exp(-0.5 * d2);
}

/* The candidate with the largest pivot; n when all are spent. */
static size_t best(const picking *p)
{
    size_t at = p->n;

    for (size_t i = 0; i < p->n; i++)
        if (p->gain[i] > LEAST_GAIN * p->quality[i] * p->quality[i]
            && (at == p->n || p->gain[i] > p->gain[at]))
            at = i;
    return at;
}

/* Chen et al., algorithm 1: e_i = (L_ji - <c_j, c_i>)/d_j, c_i gets e_i, d_i^2 loses e_i^2. */
static void take(picking *p, size_t j, size_t step)
{
    const double pivot = sqrt(p->gain[j]);

    for (size_t i = 0; i < p->n; i++) {
        double e = kernel(p, j, i);
        for (size_t s = 0; s < step; s++)
            e -= p->row[s * p->n + j] * p->row[s * p->n + i];
        e /= pivot;
        p->row[step * p->n + i] = e;
        p->gain[i] -= e * e;
    }
    p->gain[j] = 0.0;
}

static dft_status check(const picking *p, dft_error *err)
{
    for (size_t i = 0; i < p->n; i++) {
        if (!isfinite(p->quality[i]) || p->quality[i] <= 0.0)
            return dft_fail(err, DFT_EINPUT, "candidate %zu has the quality %g; it must be positive",
                            i, p->quality[i]);
        for (size_t f = 0; f < p->n_features; f++)
            if (!isfinite(p->feature[i * p->n_features + f]))
                return dft_fail(err, DFT_EINPUT, "feature %zu of candidate %zu is not known", f, i);
    }
    return DFT_OK;
}

dft_status desc_diverse_pick(const double *quality, const double *feature, size_t n,
                             size_t n_features, size_t k, size_t *pick, size_t *n_picked,
                             dft_error *err)
{
    picking p = { quality, feature, n, n_features, k < n ? k : n, NULL, NULL };
    dft_status status = check(&p, err);

    *n_picked = 0;
    if (status != DFT_OK || p.k == 0)
        return status;
    p.gain = dft_alloc_doubles(n);
    p.row = dft_alloc_doubles(p.k * n);
    if (!p.gain || !p.row)
        status = dft_fail(err, DFT_ENOMEM, "no memory to choose among %zu candidates", n);
    for (size_t i = 0; status == DFT_OK && i < n; i++)
        p.gain[i] = quality[i] * quality[i];
    while (status == DFT_OK && *n_picked < p.k) {
        const size_t j = best(&p);
        if (j == n)
            break;
        take(&p, j, *n_picked);
        pick[(*n_picked)++] = j;
    }
    free(p.gain);
    free(p.row);
    return status;
}
