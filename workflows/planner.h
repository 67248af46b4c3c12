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

/* The equation of state of a library entry at a cutoff; counted among nobody's tasks.  candidate: whose
 * choice of data sets counts (NULL: none).  Errors: those of candidates, and as above. */
dft_status flow_planner_eos(flow_planner *planner, double ecut_ev, const cand_entry *entry,
                            const cand_candidate *candidate, const char *step, size_t *index,
                            dft_error *err);

/* The linear factor on an entry at which its volume scan starts. */
double flow_planner_scan_centre(const cand_entry *entry);

/* The lithium atom alone at the candidate's cutoff, and whether its bulk conducts; neither counts among the
 * tasks that the row needs.  plan_single.c.  Errors: as flow_planner_eos. */
dft_status flow_planner_atom(flow_planner *planner, flow_candidate_plan *to, dft_error *err);
dft_status flow_planner_conduction(flow_planner *planner, flow_candidate_plan *to, dft_error *err);

/* The crystal of an entry's equation of state: the primitive cell; of a sheet, with the protocol's vacuum.
 * The caller owns *out.  Errors: those of candidates. */
dft_status flow_planner_bulk(const flow_planner *planner, const cand_entry *entry, dft_crystal **out,
                             dft_error *err);

/* Lithium on the candidate's surface: spec is the surface's, slab a preview of it.  Does not count among the
 * tasks that the row needs.  plan_interface.c.  Errors: as flow_planner_eos. */
dft_status flow_planner_adhesion(flow_planner *planner, flow_candidate_plan *to, flow_spec *spec,
                                 const dft_crystal *slab, dft_error *err);

/* The candidate's active element dissolved in bcc lithium, and what its solubility is judged by: the element,
 * bcc lithium and the lithium-rich phases of the library, at one cutoff; plan_solute.c.  Nothing where
 * the phase data name no element, or lithium.  None of it counts among the tasks that the candidate's row
 * needs: without it the term is missing.  Errors: as flow_planner_eos. */
dft_status flow_planner_solute(flow_planner *planner, flow_candidate_plan *to, dft_error *err);

/* Counts a task among those that the candidate's numbers need. */
void flow_planner_note(flow_candidate_plan *to, size_t task);

/* The hops between the sites of a slab that deserve a task each: plan_hops.c.  spec is the surface's.
 * Errors: those of candidates, and of flow_planner_add. */
dft_status flow_planner_hops(flow_planner *planner, flow_candidate_plan *to, flow_spec *spec,
                             const dft_crystal *slab, const cand_site *site, size_t n_sites,
                             dft_error *err);

#endif
