#include <stdio.h>
#include <string.h>

#include "dft-lite/crystal/elements.h"
#include "workflows/hop_names.h"
#include "workflows/planner.h"

/* Over a metal atom lithium sits highest of all sites (every metal of results/reference/quick): ways lead
 * around it.  Over C, N, O, F, P, S, Cl and their like it may sit best. */
static int can_hold_lithium(const cand_site *site)
{
    static const char *const holders[] = { "C", "N", "O", "F", "P", "S", "Cl", "Se", "Br", "Te", "I" };

    if (site->coordination != 1)
        return 1;
    for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++)
        if (strcmp(site->elements, holders[i]) == 0)
            return 1;
    return 0;
}

static dft_status plan_hop(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                           const dft_crystal *slab, const cand_site *site, size_t i, dft_error *err)
{
    const cand_hop *hop = &to->hops->hop[i];
    const double middle[2] = { 0.5 * (hop->start[0] + hop->end[0]),
                               0.5 * (hop->start[1] + hop->end[1]) };
    flow_task task = { .kind = FLOW_HOP, .n_upstream = 2, .upstream = { to->eos, to->slab } };
    dft_crystal *occupied = NULL;
    dft_status status = cand_add_atom(slab, FLOW_Z_LI, middle, 0.5 * (site[hop->from].height
                                                                      + site[hop->to].height),
                                      &occupied, err);

    if (status != DFT_OK)
        return status;
    spec->kind = FLOW_HOP;
    flow_hop_label(to->hops, site, i, spec->place, sizeof spec->place);
    flow_planner_estimate(spec, occupied, spec->protocol.hop_points * (spec->protocol.heights + FLOW_MORE_HEIGHTS),
                          &task);
    dft_crystal_free(occupied);
    memcpy(task.subject, spec->subject, sizeof task.subject);
    snprintf(task.step, sizeof task.step, "hop:%.43s", spec->place);
    status = flow_planner_add(p, spec, &task, &to->hop[i], err);
    if (status == DFT_OK)
        flow_planner_note(to, to->hop[i]);
    return status;
}

dft_status flow_planner_hops(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                             const dft_crystal *slab, const cand_site *site, size_t n_sites,
                             dft_error *err)
{
    dft_status status = flow_hops_find(slab, site, n_sites, &to->hops, err);

    if (status == DFT_OK && to->hops->n_hops > FLOW_MAX_HOPS)
        status = dft_fail(err, DFT_EINPUT, "%zu distinct hops on this face; at most %d can be computed",
                          to->hops->n_hops, FLOW_MAX_HOPS);
    for (size_t i = 0; status == DFT_OK && i < to->hops->n_hops; i++) {
        const cand_hop *hop = &to->hops->hop[i];
        to->hop[i] = FLOW_NO_TASK;
        if (can_hold_lithium(&site[hop->from]) && can_hold_lithium(&site[hop->to]))
            status = plan_hop(p, to, spec, slab, site, i, err);
    }
    return status;
}
