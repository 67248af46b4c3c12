#include <stdio.h>
#include <string.h>

#include "candidates/dilute.h"
#include "dft-lite/crystal/elements.h"
#include "workflows/planner.h"
#include "workflows/solute.h"

#define RELAXATIONS 6.0             /* energies around a solute */

/* Half lithium or more, and nothing but lithium and z. */
static int is_rich_phase(const cand_entry *entry, int z)
{
    size_t n_li = 0, n_z = 0;

    for (size_t i = 0; i < entry->n_atoms; i++) {
        n_li += entry->z[i] == FLOW_Z_LI;
        n_z += entry->z[i] == z;
    }
    return !entry->is_sheet && n_z > 0 && n_li >= n_z && n_li + n_z == entry->n_atoms;
}

static dft_status fits(const cand_entry *entry, int most_atoms, int *small, dft_error *err)
{
    dft_crystal *cell = NULL;
    const dft_status status = cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &cell, err);

    *small = status == DFT_OK && cell->n_atoms <= (size_t)most_atoms;
    dft_crystal_free(cell);
    return status;
}

static dft_status plan_phases(flow_planner *p, const cand_candidate *candidate, int z, double ecut_ev,
                              flow_solution_plan *out, dft_error *err)
{
    const cand_library *library = p->request->library;
    char step[48];
    dft_status status = DFT_OK;

    snprintf(step, sizeof step, "eos %.0f eV", ecut_ev);
    for (size_t i = 0; i < cand_library_size(library) && status == DFT_OK; i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        int small = 0;
        if (!is_rich_phase(entry, z) || entry->hall_number == 0)    /* generated: nobody has seen it */
            continue;
        status = fits(entry, p->request->protocol->phase_atoms, &small, err);
        if (status != DFT_OK || !small)
            continue;
        if (out->n_phases == FLOW_MAX_PHASES)
            return dft_fail(err, DFT_EINPUT, "more than %d lithium-rich phases of %s", FLOW_MAX_PHASES,
                            dft_element_symbol(z));
        out->entry[out->n_phases] = entry;
        status = flow_planner_eos(p, ecut_ev, entry, candidate, step, &out->phase[out->n_phases], err);
        out->n_phases += status == DFT_OK;
    }
    return status;
}

static dft_status plan_elements(flow_planner *p, const cand_candidate *candidate, int z, double ecut_ev,
                                flow_solution_plan *out, dft_error *err)
{
    const cand_entry *entry = NULL;
    char step[48];
    dft_status status = cand_library_find(p->request->library, "Li_bcc", &entry, err);

    snprintf(step, sizeof step, "eos %.0f eV", ecut_ev);
    if (status == DFT_OK)
        status = flow_planner_eos(p, ecut_ev, entry, NULL, step, &out->lithium, err);
    if (status == DFT_OK)
        status = cand_library_find(p->request->library, dft_element_symbol(z), &entry, err);
    if (status == DFT_OK)
        status = flow_planner_eos(p, ecut_ev, entry, candidate, step, &out->metal, err);
    return status;
}

/* The data sets are those of host and solute: the solute stands in for a second atom of the structure. */
static dft_status add_data_sets(const flow_planner *p, const cand_candidate *candidate, int z,
                                flow_spec *spec, dft_error *err)
{
    dft_crystal *host = spec->structure, *both = NULL;
    const int of[2] = { FLOW_Z_LI, z };
    static const double position[2][3] = { { 0.0, 0.0, 0.0 }, { 0.5, 0.5, 0.5 } };
    dft_status status = dft_crystal_create((const double (*)[3])host->lattice, 2, of, position, &both, err);

    if (status != DFT_OK)
        return status;
    spec->structure = both;
    status = flow_planner_data_sets(p, candidate, 0, spec, err);
    spec->structure = host;
    dft_crystal_free(both);
    return status;
}

static dft_status plan_solution(flow_planner *p, const cand_candidate *candidate, int z, double ecut_ev,
                                flow_solution_plan *out, dft_error *err)
{
    const cand_entry *host = NULL;
    const flow_graph *graph = &p->plan->graph;
    flow_spec spec = { .kind = FLOW_SOLUTE, .ecut_ev = ecut_ev, .scan_centre = 1.0,
                       .protocol = flow_protocol_for(p->request->protocol, FLOW_BULK) };
    spec.protocol.k_spacing_per_ang = spec.protocol.solute_k_spacing_per_ang;
    flow_task task = { .kind = FLOW_SOLUTE, .n_upstream = 2, .upstream = { out->lithium, out->metal } };
    dft_crystal *large = NULL;
    dft_status status = cand_library_find(p->request->library, "Li_bcc", &host, err);

    if (status == DFT_OK)
        status = cand_entry_crystal(host, CAND_CELL_CONVENTIONAL, &spec.structure, err);
    snprintf(spec.calculator, sizeof spec.calculator, "%s", p->request->calculator->name);
    snprintf(spec.place, sizeof spec.place, "%s", dft_element_symbol(z));
    snprintf(spec.subject, sizeof spec.subject, "%s in Li", dft_element_symbol(z));
    memcpy(task.subject, spec.subject, sizeof task.subject);
    snprintf(task.step, sizeof task.step, "solute %.0f eV", ecut_ev);
    snprintf(spec.upstream[0], sizeof spec.upstream[0], "%s", graph->task[out->lithium].key);
    snprintf(spec.upstream[1], sizeof spec.upstream[1], "%s", graph->task[out->metal].key);
    if (status == DFT_OK)
        status = add_data_sets(p, candidate, z, &spec, err);
    if (status == DFT_OK) {
        int copies[3];
        flow_solute_copies(spec.structure, (size_t)spec.protocol.solute_atoms, copies);
        status = cand_dilute_create(spec.structure, copies, 0, z, &large, NULL, err);
    }
    if (status == DFT_OK) {
        flow_planner_estimate(&spec, large, RELAXATIONS, &task);
        status = flow_planner_add(p, &spec, &task, &out->task, err);
    }
    dft_crystal_free(large);
    flow_spec_clear(&spec);
    return status;
}

dft_status flow_planner_solute(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_candidate *candidate = to->candidate;
    flow_solution_plan plan = { .task = FLOW_NO_TASK };
    desc_active_element active = { "", 0, 0.0, "", "" };

    if (!p->request->phase_data
        || desc_alloying_element(p->request->phase_data, cand_candidate_formula(candidate), &active, NULL)
           != DFT_OK)
        return DFT_OK;
    const int z = dft_element_number(active.element);
    if (z == 0 || z == FLOW_Z_LI)
        return DFT_OK;
    const int of[2] = { FLOW_Z_LI, z };
    const double ecut_ev = flow_protocol_ecut_ev(p->request->protocol, 2, of);
    snprintf(plan.solute, sizeof plan.solute, "%s", active.element);
    dft_status status = plan_elements(p, candidate, z, ecut_ev, &plan, err);
    if (status == DFT_OK)
        status = plan_phases(p, candidate, z, ecut_ev, &plan, err);
    if (status == DFT_OK)
        status = plan_solution(p, candidate, z, ecut_ev, &plan, err);
    if (status == DFT_OK)
        to->solution = plan;
    return status;
}
