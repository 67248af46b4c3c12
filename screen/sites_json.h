/*
 * screen/sites_json.h - the sites and hops of one face, found together and written as JSON.
 */
#ifndef SCREEN_SITES_JSON_H
#define SCREEN_SITES_JSON_H

#include <jansson.h>

#include "candidates/hops.h"
#include "candidates/sites.h"
#include "candidates/subsurface.h"
#include "dft-lite/base/status.h"

typedef struct {
    size_t n_sites, n_ways, n_deep;
    cand_site *site;                /* owned */
    cand_subsurface_site *deep;     /* owned; NULL unless asked for */
    cand_hop_graph *graph;          /* owned */
    cand_way *way;                  /* owned */
} screen_face;

/* Everything about the top face of a slab for a lithium atom.  places: labels of the sites to hop
 * between, comma separated; NULL means the hollows, "all" all.  with_deep: sites below the top plane
 * too.  The caller clears *face in any case.  Errors: those of cand_sites_find and cand_hops_find;
 * DFT_EUSAGE for a label that the face has not. */
dft_status screen_face_find(const dft_crystal *slab, const char *places, int with_deep,
                            screen_face *face, dft_error *err);
void screen_face_clear(screen_face *face);

/* Puts "sites", "hops" and "percolation", and "subsurface" when asked for, into a JSON object, Angstrom, positions in the slab's
 * Cartesian frame.  Errors: DFT_ENOMEM. */
dft_status screen_face_json(const dft_crystal *slab, const screen_face *face, json_t *out,
                            dft_error *err);

#endif
