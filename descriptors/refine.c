#include "descriptors/refine.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/random.h"
#include "dft-lite/base/alloc.h"

static dft_status check(size_t n, const desc_refinable *candidate, size_t k, dft_error *err)
{
    if (k < 1 || k > n)
        return dft_fail(err, DFT_EINPUT, "refining: the best %zu of %zu candidates were asked for", k,
                        n);
    for (size_t i = 0; i < n; i++) {
        const desc_refinable *c = &candidate[i];
        if (!isfinite(c->score) || !(c->sd >= 0.0) || isinf(c->sd))
            return dft_fail(err, DFT_EINPUT, "refining: candidate %zu has the score %g +- %g", i,
                            c->score, c->sd);
        if (!isnan(c->next_core_h) && !(c->next_core_h > 0.0 && isfinite(c->next_core_h)))
            return dft_fail(err, DFT_EINPUT, "refining: the next level of candidate %zu costs %g core "
                            "hours", i, c->next_core_h);
    }
    return DFT_OK;
}

static int fall(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* Smallest score that is among the best k; sorted: [n], scratch. */
static double threshold(size_t n, const double *score, size_t k, double *sorted)
{
    memcpy(sorted, score, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, fall);
    return sorted[k - 1];
}

/* How often each is among the best k, and how often these are the ones that are best as expected;
 * drawn, sorted, p: [n]. */
static double count_best(size_t n, const desc_refinable *candidate, size_t k, uint64_t seed,
                         double *drawn, double *sorted, double *p)
{
    size_t n_same = 0;

    for (size_t i = 0; i < n; i++)
        p[i] = 0.0, drawn[i] = candidate[i].score;
    const double expected = threshold(n, drawn, k, sorted);
    for (uint64_t s = 0; s < DESC_REFINE_SAMPLES; s++) {
        for (size_t i = 0; i < n; i++) {
            double u[4];
            desc_draw4(seed, i, s, u);
            drawn[i] = candidate[i].score + candidate[i].sd * desc_normal_quantile(u[0]);
        }
        const double last = threshold(n, drawn, k, sorted);
        bool same = true;
        for (size_t i = 0; i < n; i++) {
            p[i] += drawn[i] >= last ? 1.0 / DESC_REFINE_SAMPLES : 0.0;
            same = same && (drawn[i] >= last) == (candidate[i].score >= expected);
        }
        n_same += same;
    }
    return (double)n_same / DESC_REFINE_SAMPLES;
}

/* Part of the variance that the next level takes away. */
static double gain(const desc_refinable *c)
{
    const double left = c->sd > 0.0 ? fmin(c->next_sd / c->sd, 1.0) : 1.0;
    return 1.0 - left * left;
}

dft_status desc_refine_next(size_t n, const desc_refinable *candidate, size_t k, uint64_t seed,
                            size_t *next, double *p_top_k, double *p_set, dft_error *err)
{
    dft_status status = check(n, candidate, k, err);
    double *work = NULL, best = 0.0;

    *next = n;
    if (status == DFT_OK && !(work = dft_alloc_doubles(3 * n)))
        status = dft_fail(err, DFT_ENOMEM, "refining: no memory for %zu candidates", n);
    if (status != DFT_OK)
        return status;
    const double sure = count_best(n, candidate, k, seed, work, work + n, work + 2 * n);
    if (p_set)
        *p_set = sure;
    for (size_t i = 0; i < n; i++) {
        const double p = work[2 * n + i];
        const bool open = p >= DESC_REFINE_OUT && p <= 1.0 - DESC_REFINE_OUT;
        const double value = open && !isnan(candidate[i].next_core_h)
                             ? p * (1.0 - p) * gain(&candidate[i]) / candidate[i].next_core_h : 0.0;
        if (p_top_k)
            p_top_k[i] = p;
        if (sure < DESC_REFINE_SURE && value > best)
            best = value, *next = i;
    }
    free(work);
    return DFT_OK;
}
