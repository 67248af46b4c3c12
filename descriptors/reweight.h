/*
 * descriptors/reweight.h - do measurements ask for other weights, and is that more than luck?
 *
 * A score says s_i = sum_j w0_j z_ij with terms z (0..1, more is better).  Measured values t_i (oriented
 * so that more is better) of some candidates suggest others: non-negative w that minimise
 *     sum_i (t_i - a - sum_j w_j z_ij)^2 + lambda |w - b w0|^2,
 * where a + b s is the best line through the present score (b >= 0) and lambda = 1: terms spread over 0..1 have a
 * variance of 1/12, so the present weights count as a dozen measurements.
 *
 * The check is held out and refuses luck.  Leave-one-out: each t_i is predicted by a fit without it, by the
 * present score's line and by the new weights; gain = 1 - SSE(new)/SSE(present).  Permutations
 * (D. Freedman and D. Lane, J. Bus. Econ. Stat. 1, 292 (1983)): the residuals of the present score's line
 * are dealt out anew, which is what the measurements would look like were there nothing more to learn,
 * and the gain is computed again.  p = (1 + #{gain* >= gain})/(1 + n_permutations).  An improvement is
 * claimed for gain > 0 and p <= 0.05, so pure noise is believed once in twenty times at most.
 * Thread rule: no shared state.
 */
#ifndef DESC_REWEIGHT_H
#define DESC_REWEIGHT_H

#include <stddef.h>
#include <stdint.h>

#include "dft-lite/base/status.h"

#define DESC_REWEIGHT_TERMS 8
#define DESC_REWEIGHT_LEAST 6       /* fewer measured candidates say nothing */

typedef struct {
    size_t n;                       /* measured candidates */
    size_t n_terms;                 /* <= DESC_REWEIGHT_TERMS */
    const double *z;                /* [n][n_terms], 0..1 */
    const double *score;            /* [n], the present score */
    const double *w0;               /* [n_terms], the present weights, >= 0 */
    const double *t;                /* [n], measured, more is better */
    size_t n_permutations;
    uint64_t seed;
} desc_reweight_request;

typedef struct {
    double weight[DESC_REWEIGHT_TERMS];     /* of all measurements; they add up to 1, or are all 0 */
    double sse_present, sse_new;    /* leave-one-out */
    double gain, p_value;           /* NaN: fewer than DESC_REWEIGHT_LEAST */
    int improves;                   /* 1: an improvement that holds out */
} desc_reweight_result;

/* The weights w0 that explain a score best: non-negative least squares of score [n] on z [n][n_terms],
 * without any prior.  They add up to 1, or are all 0.  Errors: as below. */
dft_status desc_reweight_present(const double *z, const double *score, size_t n, size_t n_terms,
                                 double *w0, dft_error *err);

/* Errors: DFT_EINPUT for numbers that are not finite or too many terms; DFT_ENOMEM. */
dft_status desc_reweight(const desc_reweight_request *request, desc_reweight_result *out,
                         dft_error *err);

#endif
