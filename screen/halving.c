#include "screen/halving.h"

#include <math.h>
#include <stdlib.h>

#include "descriptors/refine.h"
#include "dft-lite/base/alloc.h"

#define LEAST_TO_JUDGE 3            /* differences, before they speak against the stated errors */

typedef struct {
    double shift, shift_sd, growth;
} level_change;

static double difference(const screen_contender *c)
{
    return c->next_score - c->score;
}

/* Over those that are known at both levels; n >= 1. */
static level_change learn(size_t n, const screen_contender *c)
{
    level_change change = { 0.0, 0.0, 1.0 };
    double sum = 0.0, variance = 0.0, scatter = 0.0;
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        variance += c[i].sd * c[i].sd / (double)n;
        if (isnan(c[i].next_score))
            continue;
        sum += difference(&c[i]);
        m++;
    }
    change.shift = sum / (double)(m + 1);
    for (size_t i = 0; i < n && m > 0; i++) {
        const double rest = difference(&c[i]) - sum / (double)m;
        if (!isnan(c[i].next_score))
            scatter += rest * rest;
    }
    if (m >= LEAST_TO_JUDGE && variance > 0.0)
        change.growth = fmax(1.0, sqrt(scatter / (double)(m - 1) / variance));
    change.shift_sd = change.growth * sqrt(variance / (double)(m + 1));
    return change;
}

dft_status screen_halving_next(size_t n, const screen_contender *contender, size_t k, double core_h_left,
                               uint64_t seed, screen_halving *out, double *expected, double *error,
                               double *p_top_k, dft_error *err)
{
    desc_refinable *as = dft_alloc(n, sizeof *as);
    const level_change change = learn(n, contender);

    *out = (screen_halving){ n, 0.0, change.shift, change.growth };
    if (n && !as)
        return dft_fail(err, DFT_ENOMEM, "no memory to choose among %zu candidates", n);
    for (size_t i = 0; i < n; i++) {
        const screen_contender *c = &contender[i];
        if (isnan(c->next_score))
            as[i] = (desc_refinable){ c->score + change.shift,
                                      hypot(change.growth * c->sd, change.shift_sd), 0.0,
                                      c->core_h <= core_h_left ? c->core_h : NAN };
        else
            as[i] = (desc_refinable){ c->next_score, 0.0, 0.0, NAN };
        if (expected)
            expected[i] = as[i].score;
        if (error)
            error[i] = as[i].sd;
    }
    const dft_status status = desc_refine_next(n, as, k, seed, &out->next, p_top_k, &out->p_set, err);
    free(as);
    return status;
}
