/*
 * screen/halving.h - who of a level is computed at the next one: multi-fidelity, candidate by candidate.
 *
 * All candidates have a score at one level (`fast`), some already at the next (`balanced`).  The question is
 * who would be among the best k if all were computed there.  One that is not is expected at
 *     score + shift,   shift = sum of (next - score) over the m that are known there / (m + 1)
 * (an additive correction between levels: M. C. Kennedy, A. O'Hagan, Biometrika 87, 1 (2000); a common shift
 * moves with all, and to begin with it is 0 to within one candidate's error).  Its error is the stated one
 * and that of the shift in quadrature; where the differences that are known scatter more than was stated,
 * all stated errors grow by that factor.  descriptors/refine.h then says who is next: nobody is dropped who
 * could still win.  Successive halving drops a fixed share (K. Jamieson, A. Talwalkar, AISTATS 2016); here
 * the errors decide how many.  Pure functions.
 */
#ifndef SCREEN_HALVING_H
#define SCREEN_HALVING_H

#include <stddef.h>
#include <stdint.h>

#include "dft-lite/base/status.h"

typedef struct {
    double score;                   /* at the level where all are known */
    double sd;                      /* stated error of that against the next level, >= 0 */
    double next_score;              /* at the next level; NaN: not computed there */
    double core_h;                  /* to compute it there, > 0; NaN: cannot be */
} screen_contender;

typedef struct {
    size_t next;                    /* whom to compute now; n: nobody */
    double p_set;                   /* that the best k as expected are right */
    double shift, growth;           /* of the text above; growth >= 1 */
} screen_halving;

/* Who is next with so many core hours left: what costs more is passed over.  expected, error, p_top_k: [n],
 * at the next level, or NULL.  Errors: those of desc_refine_next; DFT_ENOMEM. */
dft_status screen_halving_next(size_t n, const screen_contender *contender, size_t k, double core_h_left,
                               uint64_t seed, screen_halving *out, double *expected, double *error,
                               double *p_top_k, dft_error *err);

#endif
