/*
 * descriptors/refine.h - which candidate to compute better next, when core hours are few.
 *
 * Multi-fidelity screening as a decision and nothing else: every candidate has a score with the error
 * of the level it was computed at (`fast`, `balanced`, `stringent`), and a next level that costs hours
 * and leaves a smaller error.  Rule:
 *   1. P_i, the probability that candidate i is among the best k, over the errors of all;
 *   2. a candidate with P_i < DESC_REFINE_OUT is out, one with P_i > 1 - DESC_REFINE_OUT is in; nothing
 *      that could still win is dropped, and one that is out comes back when the others fall;
 *   3. of the rest, the one whose place is most undecided for its cost: largest P_i (1 - P_i)/cost,
 *      times the part of its variance that the next level takes away.
 * It ends when the best k as they stand are right with probability DESC_REFINE_SURE, or when no level
 * is left for those that are undecided.  Successive halving (K. Jamieson, A. Talwalkar,
 * AISTATS 2016) drops a fixed share at each level; here the errors decide how many.
 * Probabilities by Monte Carlo with numbers drawn by index (random.h): the same answer every time.
 */
#ifndef DESC_REFINE_H
#define DESC_REFINE_H

#include <stddef.h>
#include <stdint.h>

#include "dft-lite/base/status.h"

#define DESC_REFINE_OUT 0.01
#define DESC_REFINE_SURE 0.95
#define DESC_REFINE_SAMPLES 2048

typedef struct {
    double score, sd;                /* as known now; sd >= 0 */
    double next_sd;                  /* after the next level */
    double next_core_h;              /* what that costs, > 0; NaN: there is no further level */
} desc_refinable;

/* Index of the candidate to refine next, or n when the best k are sure enough or nothing can be done.
 * p_top_k: [n] the probabilities, or NULL.  *p_set, or NULL: that the best k as they stand are right.  Errors: DFT_EINPUT for k outside 1..n, a score or error
 * that is not finite, a cost that is not positive; DFT_ENOMEM. */
dft_status desc_refine_next(size_t n, const desc_refinable *candidate, size_t k, uint64_t seed,
                            size_t *next, double *p_top_k, double *p_set, dft_error *err);

#endif
