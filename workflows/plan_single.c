#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "workflows/planner.h"

#define BOX_ANG 12.0                /* the least edge; the protocol's vacuum for molecules may be wider */

dft_status flow_planner_atom(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    static const double middle[1][3] = { { 0.5, 0.5, 0.5 } };
    static const int z = FLOW_Z_LI;
    flow_spec spec = { .kind = FLOW_ATOM, .subject = "Li", .ecut_ev = to->ecut_ev, .scan_centre = 1.0,
                       .protocol = flow_protocol_for(p->request->protocol, FLOW_MOLECULE) };
    flow_task task = { .kind = FLOW_ATOM, .subject = "Li" };
    const double edge = (spec.protocol.vacuum_ang > BOX_ANG ? spec.protocol.vacuum_ang : BOX_ANG) / DFT_BOHR_ANG;
    const double box[3][3] = { { edge, 0, 0 }, { 0, edge, 0 }, { 0, 0, edge } };
    dft_status status = dft_crystal_create(box, 1, &z, middle, &spec.structure, err);

    snprintf(spec.calculator, sizeof spec.calculator, "%s", p->request->calculator->name);
    snprintf(task.step, sizeof task.step, "atom %.0f eV", to->ecut_ev);
    if (status == DFT_OK)
        status = flow_planner_data_sets(p, NULL, 0, &spec, err);
    if (status == DFT_OK) {
        flow_planner_estimate(&spec, spec.structure, 2.0, &task);   /* two spins */
        status = flow_planner_add(p, &spec, &task, &to->atom, err);
    }
    flow_spec_clear(&spec);
    return status;
}

dft_status flow_planner_conduction(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_entry *entry = to->candidate->structure;
    flow_spec spec = { .kind = FLOW_CONDUCTION, .ecut_ev = to->ecut_ev, .sheet = entry->is_sheet,
                       .scan_centre = flow_planner_scan_centre(entry),
                       .protocol = flow_protocol_for(p->request->protocol,
                                                     entry->is_sheet ? FLOW_SHEET : FLOW_BULK) };
    flow_task task = { .kind = FLOW_CONDUCTION, .n_upstream = 1, .upstream = { to->eos },
                       .step = "conduction" };
    dft_status status = flow_planner_bulk(p, entry, &spec.structure, err);

    snprintf(spec.calculator, sizeof spec.calculator, "%s", p->request->calculator->name);
    snprintf(spec.subject, sizeof spec.subject, "%.63s", entry->id);
    memcpy(task.subject, spec.subject, sizeof task.subject);
    snprintf(spec.upstream[0], sizeof spec.upstream[0], "%s", p->plan->graph.task[to->eos].key);
    if (status == DFT_OK)
        status = flow_planner_data_sets(p, to->candidate, 0, &spec, err);
    if (status == DFT_OK) {
        flow_planner_estimate(&spec, spec.structure, 1.0, &task);
        status = flow_planner_add(p, &spec, &task, &to->conduction, err);
    }
    flow_spec_clear(&spec);
    return status;
}
