/*
 * workflows/migration.h - over which passes an adatom spreads: percolation of a hop graph by
 * energy, and which pass is worth computing next.
 *
 * An adatom that begins on its lowest site reaches what hops below some energy connect to it.  The
 * least energy at which it gets on and on in one direction, and in two, are the percolation
 * thresholds; measured from the lowest site they are the barriers of migration, and the hop whose
 * pass is the threshold limits the rate.  A pass is never lower than either of its sites.
 *
 * Passes need not be known: a lower bound (drag.h, or the sites themselves) says that a hop cannot
 * matter when enough lower ones are known.  flow_migration_next names the hop to compute next, and
 * the answer is complete when the thresholds with every bound taken as the pass, and with only the
 * known passes, agree.  A hop whose calculation gave no number counts as unknown for good: either
 * the answer does not depend on it, or there is none.
 *
 * Any one unit of energy; all from one zero.
 */
#ifndef FLOW_MIGRATION_H
#define FLOW_MIGRATION_H

#include <stdbool.h>

#include "candidates/hops.h"
#include "dft-lite/base/status.h"

typedef struct {
    double energy;                  /* of the pass, or a lower bound; -HUGE_VAL: nothing is known */
    bool is_known;                  /* a pass found, not a bound */
    bool is_given_up;               /* was computed and gave no number: energy stays a bound */
} flow_pass;

typedef struct {
    const cand_hop_graph *graph;    /* borrowed */
    const double *site_energy;      /* borrowed, [sites], indexed as the graph's places are */
    flow_pass *pass;                /* borrowed, [graph->n_hops] */
} flow_migration;

#define FLOW_NO_HOP ((size_t)-1)

/* For one (index 0) and two (index 1) directions. */
typedef struct {
    size_t lowest_site;
    double low[2], high[2];         /* between these is the barrier, above the lowest site; HUGE_VAL: not
                                       by these hops */
    double barrier[2];              /* NaN unless low and high agree; HUGE_VAL where no hops lead so far */
    size_t limiting[2];             /* the hop whose pass it is; FLOW_NO_HOP where there is no barrier */
    int along[2];                   /* the direction of the first threshold, units of a1, a2; 0 0 when both
                                       directions open at once */
} flow_spreading;

/* Errors: DFT_ENOMEM. */
dft_status flow_migration_spread(const flow_migration *migration, flow_spreading *out,
                                 dft_error *err);

/* The hop whose pass decides most: of a smallest set that would percolate at the lowest conceivable
 * threshold, the unknown one with the highest bound; first for both directions, then for one.
 * FLOW_NO_HOP when nothing that can be computed would change the answer.  Errors: DFT_ENOMEM. */
dft_status flow_migration_next(const flow_migration *migration, size_t *hop, dft_error *err);

#endif
