/*
 * descriptors/rank.h - how sure a ranking is: Monte Carlo over every error and prior.
 *
 * Candidates are ordered by their total score (score.h), ties by index.  In each sample every number
 * of every candidate is drawn from what is known of it; the ranks over the samples give intervals and
 * probabilities (propagation of distributions: JCGM 101:2008).  Numbers are drawn by name (random.h):
 * the answer does not depend on the thread count, and a candidate's draws do not depend on who else
 * is there.
 *
 * Sensitivity to weights: instead of the numbers the weights are drawn, evenly over all there are
 * (Dirichlet with all parameters 1), each axis and the total by itself; terms that are not planned
 * stay out.  Units: scores 0..1; ranks from 1.
 */
#ifndef DESC_RANK_H
#define DESC_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "descriptors/score.h"
#include "dft-lite/base/status.h"

typedef struct {                     /* everything borrowed */
    size_t n;
    const desc_judged *candidate;    /* [n], each with a score on both axes that have weight */
    const desc_score_weights *weights;
    size_t top_k;                    /* 1..n */
    size_t n_samples;                /* 0: DESC_RANK_SAMPLES, fewer beyond some thousand candidates */
    uint64_t seed;
} desc_rank_request;

#define DESC_RANK_SAMPLES 4096
size_t desc_rank_samples(size_t n_candidates);           /* what 0 stands for */

typedef struct {
    double score[3];                 /* expected: lithiophilicity, robustness, total */
    double sd[3];
    double low[3], high[3];          /* 5 % and 95 % quantiles of each score */
    size_t rank;                     /* by the expected total */
    size_t rank_low, rank_high;      /* 5 % and 95 % quantiles of the rank */
    double p_top_k;                  /* probability to be among the best k */
    double p_top_k_weights;          /* the same over all weights, numbers as expected */
    bool pareto;                     /* no other candidate is better on both axes as expected */
} desc_rank_row;

/* rows: [n].  Errors: DFT_EINPUT for top_k outside 1..n, weights that are not usable; DFT_ENOMEM. */
dft_status desc_rank(const desc_rank_request *request, desc_rank_row *rows, dft_error *err);

/* Which weights a comparison uses. */
typedef enum { DESC_AS_WEIGHED, DESC_BINDING_ALONE, DESC_SOLUBILITY_ALONE, DESC_RANDOM_WEIGHTS }
    desc_weighing;

/* Probability that a scores above b on the axis, ties counting half, over DESC_RANK_SAMPLES draws of
 * their numbers (and of the weights).  Candidates that share a number share its draw.  Errors: as
 * desc_score_of; DFT_EINPUT for DESC_BINDING_ALONE and DESC_SOLUBILITY_ALONE on another axis than
 * lithiophilicity. */
dft_status desc_rank_above(const desc_judged *a, const desc_judged *b,
                           const desc_score_weights *weights, desc_axis axis,
                           desc_weighing weighing, uint64_t seed, double *probability,
                           dft_error *err);

/* The number of either that makes the difference of their scores on the axis most uncertain: *of_b
 * tells whose, *share its part of the variance, 0..1.  A number that both share does not count.
 * False when nothing is uncertain. */
bool desc_rank_doubt(const desc_judged *a, const desc_judged *b, const desc_score_weights *weights,
                     desc_axis axis, desc_term *term, bool *of_b, double *share);

#endif
