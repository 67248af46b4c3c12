/*
 * workflows/assemble.h - from finished records to judged rows.
 *
 * For each candidate the records are read, turned into descriptors (descriptors/) and scored.  Only
 * records with status "done" contribute numbers.  A candidate of which any planned task has no such
 * record is not ranked, and its row says why; what is known of it is still shown.
 */
#ifndef FLOW_ASSEMBLE_H
#define FLOW_ASSEMBLE_H

#include <stddef.h>

#include "descriptors/phase_data.h"
#include "descriptors/next.h"
#include "descriptors/rank.h"
#include "descriptors/score.h"
#include "dft-lite/base/status.h"
#include "results/database.h"
#include "results/ranking.h"
#include "workflows/plan.h"

typedef struct {
    int equation_of_state, li_binding, corrugation, solubility, alloying;   /* 1: wanted */
    int migration, surface_energy, formation_energy, elastic;
    int dilute_solution, adhesion, li_atom, conduction;
} flow_descriptors;

typedef struct {                    /* everything borrowed */
    const flow_plan *plan;
    const char *run_dir;
    const desc_phase_data *phase_data;
    const desc_score_weights *weights;
    flow_descriptors wanted;
    /* Why a task without a record has none ("killed by signal 9"); NULL or "": not run yet. */
    const char *(*reason)(void *context, size_t task);
    void *context;
    const desc_curves *curves;
    const desc_calculations *calculations;  /* NULL: the column next_calculation stays empty */
} flow_assemble_request;

/* A ranked candidate with what its rank rests on. */
typedef struct {
    const char *candidate;          /* borrowed */
    desc_judged judged;             /* borrows the curves */
    desc_rank_row standing;
    double cost_scale;              /* of its slabs against the mean of those ranked */
} flow_ranked;

typedef struct flow_assembly flow_assembly;

/* The caller owns *out, which borrows the plan's candidates; NULL on failure.  Errors: DFT_EINPUT for
 * impossible scores, DFT_ENOMEM. */
dft_status flow_assembly_create(const flow_assemble_request *request, flow_assembly **out,
                                dft_error *err);
void flow_assembly_free(flow_assembly *assembly);   /* NULL is accepted */

/* The rows in the order of the table, and everything for results/database.h; borrowed. */
const res_ranked_row *flow_assembly_rows(const flow_assembly *assembly, size_t *n);
res_judgement flow_assembly_judgement(const flow_assembly *assembly);

/* The ranked candidates, best first, and the weights that counted; borrowed.  *n may be 0. */
const flow_ranked *flow_assembly_ranked(const flow_assembly *assembly, size_t *n,
                                        desc_score_weights *weights);

#endif
