/*
 * workflows/budget.h - which candidates of a finished campaign to compute better, for so many core hours.
 *
 * The bridge from a ranked list to descriptors/refine.h.  What a better protocol changes is what was
 * computed: binding, barrier, dimensionality, wetting, compliance, adhesion, mobility; numbers from
 * phase data stay as they are.  A candidate's refinable error is that of the computed terms, what is left
 * of it and what it costs stand in descriptors/data/calculations.csv.  The question is what the list
 * would be if everything were computed better, and whether that needs everything.
 */
#ifndef FLOW_BUDGET_H
#define FLOW_BUDGET_H

#include "descriptors/next.h"
#include "descriptors/refine.h"
#include "workflows/assemble.h"

/* out: [n], in the order of ranked.  A candidate without a refinable error has next_core_h = NaN. */
void flow_refinables(size_t n, const flow_ranked *ranked, const desc_score_weights *weights,
                     const desc_calculations *calculations, desc_refinable *out);

typedef struct {
    size_t candidate;                /* index into ranked */
    double core_h, p_top_k;          /* of this step; probability to be among the best k before it */
} flow_refinement;

/* The steps in order, while the budget lasts, each taken as if the score stayed and its error fell; the
 * real scores of each step change what comes next, so take the first steps and ask again.  *steps is
 * owned by the caller (free()); *p_set: that the best k are right after all steps; *all_core_h: of
 * refining every candidate.  Errors: those of desc_refine_next. */
dft_status flow_budget_plan(size_t n, const flow_ranked *ranked, const desc_score_weights *weights,
                            const desc_calculations *calculations, size_t top_k, double budget_core_h,
                            flow_refinement **steps, size_t *n_steps, double *p_set,
                            double *all_core_h, dft_error *err);

#endif
