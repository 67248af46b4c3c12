#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/hops.h"
#include "dft-lite/base/units.h"
#include "workflows/height_scan.h"
#include "workflows/hop_names.h"

/*
 * Lithium on the straight line between two neighbouring sites of a rigid face, its height free: an
 * upper bound on that hop's saddle, up to how finely the line is sampled.
 */

#define Z_LI 3

typedef struct {
    cand_site *site;                /* owned */
    size_t n_sites;
    cand_hop_graph *graph;          /* owned */
    const cand_hop *hop;
} way;

static dft_status find_way(const flow_spec *spec, const dft_crystal *slab, way *out, dft_error *err)
{
    char label[160];
    size_t i = 0;
    dft_status status = cand_sites_find(slab, Z_LI, NULL, &out->site, &out->n_sites, err);

    if (status == DFT_OK)
        status = flow_hops_find(slab, out->site, out->n_sites, &out->graph, err);
    while (status == DFT_OK && i < out->graph->n_hops) {
        flow_hop_label(out->graph, out->site, i, label, sizeof label);
        if (strcmp(label, spec->place) == 0)
            break;
        i++;
    }
    if (status == DFT_OK && i == out->graph->n_hops)
        status = dft_fail(err, DFT_EINPUT, "the hop %s of the starting lattice does not exist at the "
                          "equilibrium lattice constant", spec->place);
    else if (status == DFT_OK)
        out->hop = &out->graph->hop[i];
    return status;
}

static dft_status scan_point(flow_session *session, const dft_crystal *slab, const way *w, double t,
                             flow_height_scan *scan, flow_task_result *out, dft_error *err)
{
    const cand_hop *hop = w->hop;
    const double frac[2] = { hop->start[0] + t * (hop->end[0] - hop->start[0]),
                             hop->start[1] + t * (hop->end[1] - hop->start[1]) };
    const double first = (1.0 - t) * flow_height_scan_guess(&w->site[hop->from])
                       + t * flow_height_scan_guess(&w->site[hop->to]);
    char label[32];

    snprintf(label, sizeof label, "at %.3f of the way: ", t);
    *scan = flow_height_scan_at(session, slab, frac, first, label);
    const dft_status status = flow_height_scan_run(scan, out, err);
    scan->label = "";
    return status;
}

static json_t *describe(const flow_height_scan *scan, double t)
{
    return json_pack("{s:o, s:o, s:o}", "fraction", res_number(t),
                     "energy_ev", res_number(scan->found.energy * DFT_HARTREE_EV),
                     "height_ang", res_number(scan->found.height * DFT_BOHR_ANG));
}

static dft_status walk(flow_session *session, const dft_crystal *slab, const way *w,
                       flow_task_result *out, dft_error *err)
{
    const int n = session->spec->protocol.hop_points;
    flow_height_scan scan, highest = { .found = { .energy = -HUGE_VAL, .height = NAN } };
    json_t *points = json_array();
    dft_status status = DFT_OK;

    for (int i = 1; i <= n && status == DFT_OK && out->outcome == RES_DONE; i++) {
        const double t = (double)i / (n + 1);
        status = scan_point(session, slab, w, t, &scan, out, err);
        if (status != DFT_OK || out->outcome != RES_DONE)
            break;
        json_array_append_new(points, describe(&scan, t));
        if (scan.found.energy > highest.found.energy)
            highest = scan;
    }
    const int done = status == DFT_OK && out->outcome == RES_DONE;
    json_object_set_new(out->results, "n_used", json_integer((json_int_t)json_array_size(points)));
    json_object_set_new(out->results, "n_planned", json_integer(n));
    json_object_set_new(out->results, "points", points);
    json_object_set_new(out->results, "energy_ev",
                        res_number(done ? highest.found.energy * DFT_HARTREE_EV : NAN));
    json_object_set_new(out->results, "height_ang",
                        res_number(done ? highest.found.height * DFT_BOHR_ANG : NAN));
    return status;
}

dft_status flow_task_hop(flow_session *session, const char *run_dir, flow_task_result *out,
                         dft_error *err)
{
    dft_crystal *slab = NULL;
    way w = { NULL, 0, NULL, NULL };
    dft_status status = flow_task_cut(session->spec, run_dir, &slab, out->results, err);

    if (status == DFT_OK)
        status = find_way(session->spec, slab, &w, err);
    if (status == DFT_OK) {
        json_object_set_new(out->results, "length_ang", res_number(w.hop->length * DFT_BOHR_ANG));
        json_object_set_new(out->results, "constraint", json_string("slab rigid, Li on the straight line "
                            "between the sites, its height free"));
        status = walk(session, slab, &w, out, err);
    }
    cand_hop_graph_free(w.graph);
    free(w.site);
    dft_crystal_free(slab);
    return status;
}
