/*
 * workflows/hop_names.h - the hops between all neighbouring sites of a face, and what they are called.
 *
 * Every high-symmetry site is a place (candidates/hops.h), so a hop leads from one site to the next, and
 * a way over the surface is a chain of sites and hops.  "fcc:Ag3>bridge:Ag2"; hops between the same two
 * kinds of sites that symmetry does not make one are told apart by "#2".
 */
#ifndef FLOW_HOP_NAMES_H
#define FLOW_HOP_NAMES_H

#include <stddef.h>

#include "candidates/hops.h"
#include "dft-lite/base/status.h"

/* The caller frees *out with cand_hop_graph_free.  Errors: those of cand_hops_find. */
dft_status flow_hops_find(const dft_crystal *slab, const cand_site *site, size_t n_sites,
                          cand_hop_graph **out, dft_error *err);

void flow_hop_label(const cand_hop_graph *graph, const cand_site *site, size_t hop, char *label,
                    size_t size);

#endif
