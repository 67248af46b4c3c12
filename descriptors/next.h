/*
 * descriptors/next.h - which calculation would change the list of the best most.
 *
 * The list is ordered by expected scores (score.h).  Making one number known moves its candidate's
 * expected score; before the calculation is done that move is itself a distribution.  With x drawn
 * from what is known of the number now, and a calculation that leaves the error s of the s0 there is,
 *   new score = score + w sqrt(1 - s^2/s0^2) (d(x) - E[d])
 * (the spread of a posterior mean: H. Raiffa, R. Schlaifer, Applied Statistical Decision Theory
 * (1961), ch. 5), and p_change is the probability that the best k then read differently: others, or
 * in another order.  A number that cannot change what one would do is worth nothing, however unsure.
 * Candidates that share the number (Ag(111) and LiAg: the solubility of Ag) move together.
 * What a calculation on the surface costs goes with the size of its cell; the rest does not.
 */
#ifndef DESC_NEXT_H
#define DESC_NEXT_H

#include <stddef.h>

#include "descriptors/score.h"
#include "dft-lite/base/status.h"

typedef struct {
    char calculation[96];            /* "NEB of the hops that spread" */
    double core_h;                   /* cost, > 0 */
    double sigma_after;              /* error left, on the scale of the term's curve */
} desc_calculation;

typedef struct {
    desc_calculation of[DESC_N_TERMS];
} desc_calculations;

/* Reads calculations.csv of a directory.  Errors: DFT_ENOFILE, DFT_EPARSE (file:line). */
dft_status desc_calculations_read(const char *directory, desc_calculations *out, dft_error *err);

typedef struct {
    size_t candidate;                /* of those that share the number, the one whose rank moves most */
    desc_term term;
    size_t n_shared;                 /* candidates that the number belongs to */
    double p_change;                 /* that the list of the best k changes in any way */
    double p_others;                 /* that other candidates are in it */
    double core_h;
    double value_per_core_h;         /* p_change / core_h */
} desc_next;

/* All numbers worth anything, by falling value per core hour, then candidate, then term.  cost_scale: [n],
 * cost of a candidate's surface calculations against the usual (calculations.csv), or NULL.  The caller
 * frees *out; NULL and *n_out = 0 when nothing could change.  Errors: DFT_EINPUT as desc_score_of, and
 * for top_k outside 1..n; DFT_ENOMEM. */
dft_status desc_next_calculations(size_t n, const desc_judged *candidate,
                                  const desc_score_weights *weights, size_t top_k,
                                  const desc_calculations *calculations, const double *cost_scale,
                                  desc_next **out, size_t *n_out, dft_error *err);

#endif
