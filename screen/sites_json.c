#include "screen/sites_json.h"

#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "results/record.h"

#define Z_LI 3

void screen_face_clear(screen_face *face)
{
    free(face->deep);
    free(face->way);
    cand_hop_graph_free(face->graph);
    free(face->site);
    *face = (screen_face){ 0 };
}

/* Whether a label is one of the comma-separated words; counts those found. */
static int is_listed(const char *label, const char *words)
{
    const size_t length = strlen(label);

    for (const char *at = words; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, label, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return 1;
    }
    return 0;
}

static dft_status choose_places(const screen_face *face, const char *words, bool *chosen,
                                dft_error *err)
{
    size_t n_words = 1, n_found = 0;

    for (const char *at = words; *at; at++)
        n_words += *at == ',';
    for (size_t i = 0; i < face->n_sites; i++) {
        chosen[i] = strcmp(words, "all") == 0 || is_listed(face->site[i].label, words);
        n_found += chosen[i];
    }
    if (strcmp(words, "all") != 0 && n_found != n_words)
        return dft_fail(err, DFT_EUSAGE, "--hop-sites=%.80s: not all of these are sites of this face; "
                        "give labels such as %s, comma separated, or all", words,
                        face->site[0].label);
    return DFT_OK;
}

dft_status screen_face_find(const dft_crystal *slab, const char *places, int with_deep,
                            screen_face *face, dft_error *err)
{
    bool *chosen = NULL;
    dft_status status;

    *face = (screen_face){ 0 };
    status = cand_sites_find(slab, Z_LI, NULL, &face->site, &face->n_sites, err);
    if (status == DFT_OK && places) {
        chosen = dft_alloc(face->n_sites, sizeof *chosen);
        status = chosen ? choose_places(face, places, chosen, err)
                        : dft_fail(err, DFT_ENOMEM, "no memory for %zu sites", face->n_sites);
    }
    if (status == DFT_OK)
        status = cand_hops_find(slab, face->site, face->n_sites, chosen, NULL, &face->graph, err);
    if (status == DFT_OK)
        status = cand_hop_graph_ways(face->graph, &face->way, &face->n_ways, err);
    if (status == DFT_OK && with_deep)
        status = cand_subsurface_find(slab, NULL, &face->deep, &face->n_deep, err);
    free(chosen);
    return status;
}

/* ---- JSON ---- */

static json_t *vector_json(const double v[3])
{
    return json_pack("[ooo]", res_number(v[0] * DFT_BOHR_ANG), res_number(v[1] * DFT_BOHR_ANG),
                     res_number(v[2] * DFT_BOHR_ANG));
}

static json_t *site_json(const cand_site *site)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:I, s:o, s:o, s:o}", "name", site->name,
                     "label", site->label, "elements", site->elements, "below", site->below,
                     "coordination", site->coordination,
                     "multiplicity", (json_int_t)site->multiplicity,
                     "position_ang", vector_json(site->position),
                     "starting_height_ang", res_number(site->height * DFT_BOHR_ANG),
                     "depth_ang", res_number(site->depth * DFT_BOHR_ANG));
}

static json_t *deep_json(const cand_subsurface_site *site)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:I, s:o, s:o, s:o}", "name", site->name,
                     "label", site->label, "elements", site->elements,
                     "coordination", site->coordination,
                     "multiplicity", (json_int_t)site->multiplicity,
                     "position_ang", vector_json(site->position),
                     "depth_ang", res_number(site->depth * DFT_BOHR_ANG),
                     "radius_ang", res_number(site->radius * DFT_BOHR_ANG));
}

static json_t *hop_json(const cand_layer *layer, const screen_face *face, const cand_hop *hop)
{
    double start[3], end[3];

    cand_layer_cartesian(layer, hop->start, layer->top, start);
    cand_layer_cartesian(layer, hop->end, layer->top, end);
    return json_pack("{s:s, s:s, s:s*, s:o, s:I, s:o, s:o}",
                     "from", face->site[hop->from].label, "to", face->site[hop->to].label,
                     "over", hop->over == CAND_NO_SITE ? NULL : face->site[hop->over].label,
                     "length_ang", res_number(hop->length * DFT_BOHR_ANG),
                     "multiplicity", (json_int_t)hop->multiplicity,
                     "start_ang", vector_json(start), "end_ang", vector_json(end));
}

static json_t *way_json(const dft_crystal *slab, const cand_way *way)
{
    json_t *hops = json_array(), *out;
    double along[3];

    for (size_t i = 0; i < way->n; i++)
        json_array_append_new(hops, json_integer((json_int_t)way->hop[i]));
    out = json_pack("{s:o, s:i}", "hops", hops, "directions", way->directions);
    for (int c = 0; c < 3; c++)
        along[c] = way->along[0] * slab->lattice[0][c] + way->along[1] * slab->lattice[1][c];
    if (way->directions == 1)
        json_object_set_new(out, "along_ang", vector_json(along));
    return out;
}

dft_status screen_face_json(const dft_crystal *slab, const screen_face *face, json_t *out,
                            dft_error *err)
{
    json_t *sites = json_array(), *hops = json_array(), *ways = json_array();
    cand_layer *layer = NULL;
    dft_status status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);

    for (size_t i = 0; i < face->n_sites && status == DFT_OK; i++)
        json_array_append_new(sites, site_json(&face->site[i]));
    for (size_t i = 0; i < face->graph->n_hops && status == DFT_OK; i++)
        json_array_append_new(hops, hop_json(layer, face, &face->graph->hop[i]));
    for (size_t i = 0; i < face->n_ways && status == DFT_OK; i++)
        json_array_append_new(ways, way_json(slab, &face->way[i]));
    if (status == DFT_OK && (json_array_size(sites) != face->n_sites
                             || json_array_size(hops) != face->graph->n_hops
                             || json_array_size(ways) != face->n_ways))
        status = dft_fail(err, DFT_ENOMEM, "no memory for the sites of a face");
    json_object_set_new(out, "sites", sites);
    json_object_set_new(out, "hops", hops);
    json_object_set_new(out, "percolation", ways);
    if (face->deep) {
        json_t *deep = json_array();
        for (size_t i = 0; i < face->n_deep; i++)
            json_array_append_new(deep, deep_json(&face->deep[i]));
        json_object_set_new(out, "subsurface", deep);
    }
    cand_layer_free(layer);
    return status;
}
