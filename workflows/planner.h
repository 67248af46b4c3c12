/*
 * workflows/planner.h - planning in progress: what workflows/plan.c and the plan_*.c of single kinds share.
 */
#ifndef FLOW_PLANNER_H
#define FLOW_PLANNER_H

#include "workflows/plan.h"
#include "workflows/spec.h"

#define FLOW_Z_LI 3
#define FLOW_MORE_HEIGHTS 0.5       /* energies that a scan of heights takes beyond the first, on average */

typedef struct {
    const flow_plan_request *request;       /* borrowed */
    flow_plan *plan;
} flow_planner;

/* The data sets of a specification's elements, and of lithium: the campaign's choice goes before the
 * candidate's (NULL: none), and that before the default.  Errors: the calculator's; DFT_EINPUT for too
 * many elements. */
dft_status flow_planner_data_sets(const flow_planner *planner, const cand_candidate *candidate,
                                  int with_li, flow_spec *spec, dft_error *err);

/* Time and memory of a task that computes about n_energies of this cell, each from the one before. */
void flow_planner_estimate(const flow_spec *spec, const dft_crystal *crystal, double n_energies,
                           flow_task *task);

/* Writes the specification into the task and adds it to the graph.  Errors: flow_spec_write's and
 * flow_graph_add's. */
dft_status flow_planner_add(flow_planner *planner, const flow_spec *spec, flow_task *task,
                            size_t *index, dft_error *err);

/* Counts a task among those that the candidate's numbers need. */
void flow_planner_note(flow_candidate_plan *to, size_t task);

/* The hops between the sites of a slab that deserve a task each: plan_hops.c.  spec is the surface's.
 * Errors: those of candidates, and of flow_planner_add. */
dft_status flow_planner_hops(flow_planner *planner, flow_candidate_plan *to, flow_spec *spec,
                             const dft_crystal *slab, const cand_site *site, size_t n_sites,
                             dft_error *err);

#endif
