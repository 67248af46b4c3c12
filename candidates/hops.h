/*
 * candidates/hops.h - how an adatom gets from site to site: the hops of a surface and where they
 * lead.
 *
 * Two places are neighbours when their cells in the periodic Voronoi diagram of all places share an
 * edge longer than 0.15 A (CAND_RESOLUTION); the hop between them crosses that edge.  Places are
 * by default the hollows: those are the vertices of the surface atoms' own diagram, and every hop
 * crosses one bridge.  Where lithium sits on other sites, name those.  Hops that an operation of the
 * layer group carries onto each other are one.
 *
 * Percolation: with some of the hops allowed, the places of all cells form a periodic graph.  The
 * lattice translations that a walk can add up to span 0, 1 or 2 directions (the rank of the graph's
 * cycle vectors; W. E. Klee, Cryst. Res. Technol. 39, 959 (2004)): an adatom is caught, runs along
 * rows, or spreads.  Bohr, lateral.
 */
#ifndef CAND_HOPS_H
#define CAND_HOPS_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/sites.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    size_t from, to;                /* indices into the sites, from <= to */
    size_t over;                    /* the site at its middle; CAND_NO_SITE when there is none */
    double length;                  /* lateral distance, bohr */
    size_t multiplicity;            /* equivalent hops per cell, both directions counted once */
    double start[2], end[2];        /* one of them, units of a1, a2; start in the cell, end perhaps
                                       in another */
} cand_hop;

#define CAND_NO_SITE ((size_t)-1)

typedef struct {
    size_t site;
    double u[2];                    /* 0 <= u < 1 */
} cand_place;

typedef struct {
    size_t a, b;                    /* places; b in the cell shifted by `shift` */
    int shift[2];
    size_t hop;                     /* its class */
} cand_edge;

typedef struct {
    size_t n_places, n_edges, n_hops;
    cand_place *place;              /* owned */
    cand_edge *edge;                /* owned */
    cand_hop *hop;                  /* owned, ordered by from, to, length */
} cand_hop_graph;

/* `site` are the sites of the same slab (cand_sites_find); is_place[n_sites] chooses among them,
 * NULL means fcc, hcp and hollow.  options NULL means defaults.  The caller owns *out; NULL on
 * failure.  Errors: DFT_EINPUT when no site is chosen; those of cand_layer_create; DFT_ENOMEM. */
dft_status cand_hops_find(const dft_crystal *slab, const cand_site *site, size_t n_sites,
                          const bool *is_place, const cand_sites_options *options,
                          cand_hop_graph **out, dft_error *err);
void cand_hop_graph_free(cand_hop_graph *graph);                        /* NULL is accepted */

/* The number of directions (0, 1, 2) in which the hops with allowed[hop] lead on and on;
 * along (NULL allowed) is the one direction, in units of a1, a2, when there is one, else 0 0.
 * Returns -1 when memory is refused. */
int cand_hop_graph_directions(const cand_hop_graph *graph, const bool *allowed, int along[2]);

/* The same for walks that begin on a place of `site` (its places are equivalent, so any of them). */
int cand_hop_graph_directions_from(const cand_hop_graph *graph, const bool *allowed, size_t site,
                                   int along[2]);

#define CAND_MAX_WAY 4
#define CAND_MAX_TRIALS 20000       /* sets of one size */

/* A smallest set of hops that percolates: without any one of them it leads in fewer directions. */
typedef struct {
    size_t n, hop[CAND_MAX_WAY];
    int directions;                 /* 1 or 2 */
    int along[2];                   /* for 1: units of a1, a2 */
} cand_way;

/* All such sets of up to CAND_MAX_WAY hops, smallest first; of fewer hops on surfaces with so many that
 * there would be more than CAND_MAX_TRIALS sets to try (4 up to 27 hops, 3 up to 50, 2 up to 200).  The
 * caller frees *out with free().
 * Errors: DFT_ENOMEM. */
dft_status cand_hop_graph_ways(const cand_hop_graph *graph, cand_way **out, size_t *n,
                               dft_error *err);

#endif
