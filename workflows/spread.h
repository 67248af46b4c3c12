/*
 * workflows/spread.h - how an atom spreads over a surface, from the slab to the percolating barrier.
 *
 * 1. The atom relaxes once on each distinct site that may be a place; sites it leaves are no places.
 * 2. The hops between the places that are left, distinct by symmetry (candidates/hops.h), each with
 *    its ends carried from the relaxed sites (adatom.h), folded where it is its own reverse (fold.h).
 * 3. Each hop gets a cheap look (drag.h): a lower bound of its pass.
 * 4. Bands (neb.h) run only on hops that decide a percolation threshold (migration.h), from the
 *    images that the look has relaxed.
 *
 * Without step 4 (bands = 0) the looks' interpolated profiles stand for the passes: an estimate,
 * marked as one.  What does not converge gives no number: `message` says what is missing and how
 * much is known.  Hartree atomic units.
 */
#ifndef FLOW_SPREAD_H
#define FLOW_SPREAD_H

#include "candidates/hops.h"
#include "workflows/adatom.h"
#include "workflows/migration.h"
#include "workflows/neb.h"

typedef enum {
    FLOW_SPREAD_RELAX,              /* an atom relaxes: index of the site, step */
    FLOW_SPREAD_DRAG,               /* a look: index of the hop, step */
    FLOW_SPREAD_BAND                /* a band: index of the hop, iteration */
} flow_spread_stage;

typedef struct {
    int z;                          /* of the adatom; default 3 */
    size_t n_interior;              /* images between the ends; default 3 */
    int bands;                      /* default 1; 0: looks only */
    int fold;                       /* default 1: symmetric hops are computed by halves */
    const bool *is_place;           /* borrowed, [n_sites]; NULL: the hollows */
    const unsigned char (*fixed)[3];        /* borrowed, [n_atoms + 1], the adatom last.  Something must be */
    flow_drag_options relax, drag;  /* callbacks are set by the driver */
    flow_neb_options neb;
    /* After each step; a value other than 0 stops everything.  NULL: never. */
    int (*on_step)(flow_spread_stage stage, size_t index, int step, double fmax, void *context);
    void *context;
} flow_spread_options;

flow_spread_options flow_spread_defaults(void);

typedef struct {
    int was_looked_at;              /* bound and estimate are numbers: energies of the pass, Ha */
    double bound, estimate;
    int has_pass;                   /* a confirmed saddle */
    double pass;                    /* its energy, Ha */
    double barrier_forward, barrier_reverse, curvature, fmax;      /* NaN unless has_pass */
    int is_folded;
    int n_evaluations;
    char message[512];              /* what is missing and why */
    flow_path *path;                /* owned: the last images; NULL when none were made */
} flow_spread_hop;

typedef struct {
    int is_complete;                /* spreading.barrier[] are numbers */
    int is_estimate;                /* made of looks, not of bands */
    int stopped;
    char message[512];
    size_t n_sites;
    flow_adatom *adatom;            /* owned, [n_sites]; site = NULL where the atom was not put */
    double *site_energy;            /* owned, [n_sites], Ha; NaN where not a place */
    cand_hop_graph *graph;          /* owned; NULL when no place is left */
    flow_spread_hop *hop;           /* owned, [graph->n_hops] */
    flow_spreading spreading;       /* meaningful when graph is there and every place has an energy */
    int n_evaluations, n_scf;
} flow_spread_result;

/* slab: clean and, for numbers that mean something, relaxed; site[n_sites] are its sites.  The
 * caller owns *out; NULL on failure.  Errors: DFT_EINPUT when no site may be a place or nothing is
 * fixed; the evaluator's; DFT_ENOMEM. */
dft_status flow_spread_run(const flow_evaluator *evaluator, const dft_crystal *slab,
                           const cand_site *site, size_t n_sites,
                           const flow_spread_options *options, flow_spread_result **out,
                           dft_error *err);
void flow_spread_result_free(flow_spread_result *result);               /* NULL is accepted */

#endif
