#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/supercell.h"
#include "workflows/planner.h"

#define ENERGIES_OF_A_REGISTRY 6.0  /* gaps, walking downhill */
#define ENERGIES_BESIDE 6.0         /* both parts, the film's own surface and bulk */

/* The slab in a cell with about half of the atoms that the interface may have; the film brings the rest. */
static dft_status half_of_it(const dft_crystal *slab, size_t most_atoms, dft_crystal **out, dft_error *err)
{
    const int copies = (int)fmax(1.0, floor(0.5 * (double)most_atoms / (double)slab->n_atoms));
    int m[2][2];
    const dft_status status = cand_supercell_matrix(slab, copies, m, err);

    *out = NULL;
    return status == DFT_OK ? cand_supercell_create(slab, (const int (*)[2])m, out, err) : status;
}

dft_status flow_planner_adhesion(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                                 const dft_crystal *slab, dft_error *err)
{
    const flow_graph *graph = &p->plan->graph;
    const cand_entry *li = NULL;
    flow_task task = { .kind = FLOW_ADHESION, .n_upstream = 2, .step = "adhesion" };
    dft_crystal *large = NULL;
    char step[48];
    size_t lithium = FLOW_NO_TASK;
    dft_status status = cand_library_find(p->request->library, "Li_bcc", &li, err);

    snprintf(step, sizeof step, "eos %.0f eV", to->ecut_ev);
    if (status == DFT_OK)
        status = flow_planner_eos(p, to->ecut_ev, li, NULL, step, &lithium, err);
    if (status == DFT_OK)
        status = cand_entry_crystal(li, CAND_CELL_CONVENTIONAL, &spec->partner, err);
    if (status == DFT_OK)
        status = half_of_it(slab, (size_t)spec->protocol.interface_atoms, &large, err);
    if (status == DFT_OK) {
        const double n = spec->protocol.interface_registries;
        spec->kind = FLOW_ADHESION;
        memcpy(task.subject, spec->subject, sizeof task.subject);
        task.upstream[0] = to->eos;
        task.upstream[1] = lithium;
        snprintf(spec->upstream[0], sizeof spec->upstream[0], "%s", graph->task[to->eos].key);
        snprintf(spec->upstream[1], sizeof spec->upstream[1], "%s", graph->task[lithium].key);
        flow_planner_estimate(spec, large, ENERGIES_OF_A_REGISTRY * n * n + ENERGIES_BESIDE, &task);
        status = flow_planner_add(p, spec, &task, &to->adhesion, err);
    }
    dft_crystal_free(large);
    return status;
}
