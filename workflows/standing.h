/*
 * workflows/standing.h - from the descriptors of all candidates to scores, ranks and how sure they are.
 *
 * The last step of assemble.h, taken once everything that is known of every candidate is there.
 * Which terms count: those of the five basic descriptors that the campaign asks for, and any other
 * (wetting, adhesion, ...) as soon as one candidate has a number for it; the others have weight 0,
 * since what nobody has been given only widens all intervals alike.  A candidate without its number
 * is drawn from the prior (descriptors/score.h) and its row says so.
 */
#ifndef FLOW_STANDING_H
#define FLOW_STANDING_H

#include "descriptors/next.h"
#include "descriptors/rank.h"
#include "descriptors/score.h"
#include "workflows/assemble.h"

#define FLOW_TOP_K 5                 /* of the columns p_top_5 and next_calculation */
#define FLOW_RANK_SEED 1

/* One candidate on its way through; row and reason belong to the assembly. */
typedef struct {
    desc_score_inputs inputs;
    res_ranked_row *row;
    char *reason;                    /* [reason_size]; not "": why it cannot be ranked */
    size_t reason_size;
    char missing[160], next[160];
    double slab_cost_s;              /* estimate for its slab and sites; 0: not planned */
    double score;                    /* out: total, NaN when not ranked */
} flow_standing;

/* Scores and ranks [n] candidates: fills the judged columns of their rows, the sentence of reasons, and
 * *ranked with those ranked (flow_ranked, best first; owned by the caller, free()).  Errors:
 * DFT_EINPUT for impossible scores, DFT_ENOMEM. */
dft_status flow_stand(const flow_assemble_request *request, size_t n, flow_standing *standing,
                      desc_score_weights *effective, flow_ranked **ranked, size_t *n_ranked,
                      dft_error *err);

#endif
