#include "workflows/planner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/defects.h"
#include "dft-lite/basis/kpoints.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/symmetry.h"
#include "workflows/cost.h"

/* ---- data sets ---- */

/* A candidate's own choice, "Ag=Ag.11,Mg=Mg.2", for one symbol. */
static void find_choice(const char *choices, const char *symbol, char *out, size_t size)
{
    const size_t length = strlen(symbol);

    for (const char *at = choices; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        if (strncmp(at, symbol, length) == 0 && at[length] == '=') {
            const char *name = at + length + 1;
            snprintf(out, size, "%.*s", (int)strcspn(name, ","), name);
            return;
        }
    }
}

/* The campaign's choice goes before the candidate's, and that before the default. */
static void choose(const flow_planner *p, const cand_candidate *candidate, const char *symbol, char *out,
                   size_t size)
{
    const flow_protocol *protocol = p->request->protocol;

    out[0] = '\0';
    if (candidate)
        find_choice(candidate->data_sets, symbol, out, size);
    for (size_t i = 0; i < protocol->n_data; i++)
        if (strcmp(protocol->data[i].symbol, symbol) == 0)
            snprintf(out, size, "%s", protocol->data[i].name);
}

static dft_status add_data_set(const flow_planner *p, const cand_candidate *candidate, int z,
                               flow_spec *spec, dft_error *err)
{
    const char *symbol = dft_element_symbol(z);
    flow_data_sets *sets = &spec->data_sets;
    const flow_calculator *calculator = p->request->calculator;
    dft_scf_options options;

    for (size_t i = 0; i < sets->n; i++)
        if (strcmp(sets->item[i].symbol, symbol) == 0)
            return DFT_OK;
    if (sets->n == DFT_SYSTEM_MAX_SPECIES)
        return dft_fail(err, DFT_EINPUT, "more than %d elements in one cell", DFT_SYSTEM_MAX_SPECIES);
    snprintf(sets->item[sets->n].symbol, sizeof sets->item[0].symbol, "%s", symbol);
    choose(p, candidate, symbol, sets->item[sets->n].choice, sizeof sets->item[0].choice);
    sets->n++;
    options = flow_spec_scf_options(spec, spec->structure->lattice, p->request->data_path);
    return calculator->data_set(calculator->context, symbol, &options,
                                &sets->item[sets->n - 1].set, err);
}

dft_status flow_planner_data_sets(const flow_planner *p, const cand_candidate *candidate, int with_li,
                                  flow_spec *spec, dft_error *err)
{
    cand_defect defect = { .z = 0 };
    dft_status status = DFT_OK;

    for (size_t i = 0; i < spec->structure->n_atoms && status == DFT_OK; i++)
        status = add_data_set(p, candidate, spec->structure->z[i], spec, err);
    for (size_t i = 0; spec->film && i < spec->film->n_atoms && status == DFT_OK; i++)
        status = add_data_set(p, candidate, spec->film->z[i], spec, err);
    if (status == DFT_OK && spec->defect[0])
        status = cand_defect_parse(spec->defect, &defect, err);
    if (status == DFT_OK && defect.z > 0)
        status = add_data_set(p, candidate, defect.z, spec, err);
    if (status == DFT_OK && with_li)
        status = add_data_set(p, candidate, FLOW_Z_LI, spec, err);
    return status;
}

/* ---- estimates ---- */

typedef struct {
    double electrons, projectors;
} contents;

static contents count_contents(const flow_data_sets *sets, const dft_crystal *crystal)
{
    contents all = { 0.0, 0.0 };

    for (size_t i = 0; i < crystal->n_atoms; i++) {
        size_t k = 0;
        while (k < sets->n && strcmp(sets->item[k].symbol, dft_element_symbol(crystal->z[i])) != 0)
            k++;
        if (k < sets->n) {
            all.electrons += sets->item[k].set.n_valence;
            all.projectors += sets->item[k].set.n_projectors;
        }
    }
    return all;
}

/* Points of the irreducible mesh; the whole mesh where symmetry cannot tell. */
static size_t count_k(const dft_crystal *crystal, const dft_scf_options *options)
{
    dft_symmetry *symmetry = NULL;
    dft_kpoints *kpoints = NULL;
    size_t n = (size_t)options->kmesh[0] * (size_t)options->kmesh[1] * (size_t)options->kmesh[2];

    if (dft_symmetry_create(crystal, options->symmetry_tolerance, &symmetry, NULL) == DFT_OK
        && dft_kpoints_create(symmetry, options->kmesh, options->kshift, 1, &kpoints, NULL) == DFT_OK)
        n = kpoints->n_k;
    dft_kpoints_free(kpoints);
    dft_symmetry_free(symmetry);
    return n;
}

void flow_planner_estimate(const flow_spec *spec, const dft_crystal *crystal, double n_energies,
                           flow_task *task)
{
    const dft_scf_options options = flow_spec_scf_options(spec, crystal->lattice, NULL);
    const contents inside = count_contents(&spec->data_sets, crystal);
    flow_cost_cell cell = { inside.electrons, inside.projectors, dft_crystal_volume(crystal),
                                  options.ecut, count_k(crystal, &options) };

    const int moved = spec->kind != FLOW_EOS && spec->kind != FLOW_ELASTIC;
    const double tol_ev = spec->protocol.energy_tol_ev;
    task->cost_s = flow_cost_step_s(&cell) * (flow_cost_steps(1, moved, tol_ev) + (n_energies - 1.0)
                                              * flow_cost_steps(0, moved, tol_ev));
    if (spec->kind == FLOW_ELASTIC)
        cell.n_k *= 4;              /* what shear leaves of the symmetry of a cubic or hexagonal crystal */
    task->memory_mib = flow_cost_memory_mib(&cell);
}

dft_status flow_planner_add(flow_planner *p, const flow_spec *spec, flow_task *task, size_t *index,
                            dft_error *err)
{
    dft_status status = flow_spec_write(spec, &task->spec, err);

    if (status == DFT_OK)
        status = flow_graph_add(&p->plan->graph, task, index, err);
    free(task->spec);
    task->spec = NULL;
    return status;
}

void flow_planner_note(flow_candidate_plan *to, size_t task)
{
    if (to->n_tasks < FLOW_MAX_TASKS)
        to->task[to->n_tasks++] = task;
}
