/*
 * candidates/exposed.h - which atoms make up the surface that an adatom sees.
 *
 * All within `top_depth` of the highest atom; and, on stepped and rough faces, deeper ones that lack
 * bonds upwards: at least 15 % of the bonds their element has inside, counted to neighbours up to the
 * widest gap between 1.06 and 1.20 of the nearest, with more bonds below than above and nothing right
 * above them.  So the three
 * rows of fcc(211) count (7, 9 and 10 bonds of 12), and the fivefold magnesium of MgF2(110) (5 of 6),
 * but not the atom at the bottom of a hollow that misses only the one the hollow would take: fcc(110)
 * (11 of 12), bcc(111) and bcc(211) (7 of 8), CaF2(111) (7 of 8).
 *
 * What an element has inside is the most that any of its atoms in the slab has; where a slab of one
 * element is too thin to hold such an atom, twice the bonds downwards of a top atom and those in its
 * plane, if these make the 12 or 8 of a close-packed or bcc lattice, or 12 where some atom has more than
 * 8 (four planes of hcp(10-10)).  Slabs thinner than the bonds of
 * a top atom reach down cannot tell; four planes of fcc(211) still do.
 */
#ifndef CAND_EXPOSED_H
#define CAND_EXPOSED_H

#include <stdbool.h>

#include "candidates/layer.h"
#include "dft-lite/base/status.h"

/* exposed[n_atoms]: whether each atom belongs to the top face; top_depth in bohr.  Errors:
 * DFT_ENOMEM. */
dft_status cand_exposed_find(const cand_layer *layer, double top_depth, bool *exposed,
                             dft_error *err);

#endif
