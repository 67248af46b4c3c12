/*
 * workflows/adsorb_outcome.h - what became of an adatom when everything was let go.
 *
 * Rules, the first that fits; distances in units of the sum of covalent radii (dft-lite/crystal/elements.h)
 * where not in Angstrom:
 *   desorbed       no atom of the slab within 1.5
 *   sank           of its neighbours (atoms within 1.25, or the nearest alone) at least half lie beside it
 *                  or above, no more than 0.5 A lower; or one lies right over it, more than 0.5 A higher and
 *                  less than 1 A aside.  It is in the surface, not on it: alloying, not an error.  (At the
 *                  foot of a step most neighbours are below and those of the step stand aside.)
 *   reconstructed  an atom of the slab moved by more than a quarter of the clean slab's nearest distance
 *                  from where it is in the relaxed clean slab
 *   moved          the nearest of all high-symmetry places belongs to another distinct site, and is
 *                  nearer by 0.3 A than any place of the site it started on
 *   kept           else
 * An adatom on a place whose symmetry cancels the lateral forces (a bridge) stays though it may be a
 * saddle; what is kept is the constrained minimum.
 */
#ifndef FLOW_ADSORB_OUTCOME_H
#define FLOW_ADSORB_OUTCOME_H

#include <stddef.h>

#include "candidates/sites.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef enum { FLOW_KEPT, FLOW_MOVED, FLOW_DESORBED, FLOW_RECONSTRUCTED, FLOW_SANK } flow_outcome;

const char *flow_outcome_name(flow_outcome outcome);        /* "kept", ... */

typedef struct {
    flow_outcome outcome;
    double height;                  /* bohr, above the mean of the slab's top atoms where these are now: those
                                       within cand_sites_defaults().top_depth of the highest when clean */
    double nearest;                 /* bohr, to an atom of the slab */
    double largest_move;            /* bohr, of an atom of the slab against the clean one */
    double shift;                   /* bohr, lateral, from the nearest place of the starting site */
    size_t final_site;              /* whose place is nearest */
} flow_adsorb_end;

/* clean: the relaxed slab; with: the same atoms in the same cell and order, the adatom last.  site
 * [n_sites]: all distinct sites of clean, started one of them.  Errors: DFT_EINPUT when the two do not
 * belong together, or clean is no slab; DFT_ENOMEM. */
dft_status flow_adsorb_classify(const dft_crystal *clean, const dft_crystal *with, const cand_site *site,
                                size_t n_sites, size_t started, flow_adsorb_end *out, dft_error *err);

#endif
