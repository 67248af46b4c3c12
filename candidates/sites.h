/*
 * candidates/sites.h - the distinct high-symmetry adsorption sites on the top face of a slab.
 *
 * Top atoms are those within `top_depth` of the highest, and on stepped faces those that lack bonds
 * upwards (candidates/exposed.h).  Their periodic Voronoi diagram, in the
 * plane, holds every site: each atom is `ontop`; each Voronoi edge (a pair of neighbours) is a
 * `bridge` at the middle of the pair, if no third atom is as near; each Voronoi vertex (the
 * centre of an empty circle through three or more atoms) is a hollow.  Vertices closer than
 * `merge` are one: a square of atoms has one fourfold hollow and no bridge across its diagonal.
 * Sites are then reduced by the layer group's operations that keep the face.
 *
 * Names come from coordination and what lies below.  `fcc` and `hcp`: threefold, three sides
 * equal within 8 %; hcp has an atom of the next plane right below, fcc has not (on the slope of a
 * step: below along the slope's own normal).  A plane whose atoms all stand right below atoms of the
 * top, as O under the H of hydroxyls, does not count as next.  All others: `hollow`.  Bridges: `bridge`, or
 * `shortbridge` (the shortest) and `longbridge` (the longest) where pairs of the same surface differ
 * by more than 5 %.  A label's number (`bridge:OF#2`) goes by distance, depth, what is below, and last by
 * what is around the site.  Vacuum, origin, rotation and noise well below `merge` do not change names or
 * counts (0.001 A is tried), and neither does the cell: sites that are equal on the surface are one even in a supercell
 * that lacks the operation (an adsorbate's images may differ there).
 *
 * Bohr.
 */
#ifndef CAND_SITES_H
#define CAND_SITES_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    char name[16];                  /* "ontop", "bridge", "fcc", ... */
    char elements[32];              /* coordinating top atoms, "Ag3" */
    char label[64];                 /* unique on this face: "fcc:Ag3"; "hollow:Zn2O2#2" if needed */
    char below[4];                  /* element right below the site, at most 6 A below the top, or "" */
    int coordination;               /* top atoms at the shortest distance: 1 ontop, 2 bridge, ... */
    size_t multiplicity;            /* equivalent sites per cell */
    double frac[2];                 /* lateral position in units of a1, a2, 0 <= frac < 1 */
    double position[3];             /* Cartesian, in the top plane, bohr */
    double distance;                /* lateral distance to the coordinating atoms, bohr */
    double depth;                   /* of the coordinating atoms below the top plane, mean, bohr */
    double height;                  /* where to start the adsorbate, above the top plane, bohr: it
                                       touches the nearest atoms' covalent radii */
} cand_site;

typedef struct {
    double top_depth;               /* atoms this far below the highest belong to the top, bohr */
    double merge;                   /* hollows nearer than this are one, bohr */
    double symmetry_tolerance;      /* bohr, for the layer group */
} cand_sites_options;

cand_sites_options cand_sites_defaults(void);       /* 0.6 A, 0.15 A, 0.05 A */

/* All distinct sites for an adsorbate of atomic number z_adsorbate, ordered: ontop, bridges,
 * hollows, then by elements and geometry, the same for every origin.  options NULL means
 * defaults.  The caller frees *out with free().  Errors: DFT_EINPUT when the crystal is not a
 * slab (no gap along c) or an element has no covalent radius; DFT_ENOMEM. */
dft_status cand_sites_find(const dft_crystal *slab, int z_adsorbate,
                           const cand_sites_options *options, cand_site **out, size_t *n,
                           dft_error *err);

/* The slab with one atom more, last in order, at lateral position frac (units of a1, a2) and
 * `height` above the top plane.  The cell stays: the clean slab's vacuum must have room for it.
 * The caller owns *out; NULL on failure.  Errors: DFT_EINPUT when not a slab, or atoms come too
 * close; DFT_ENOMEM. */
dft_status cand_add_atom(const dft_crystal *slab, int z, const double frac[2], double height,
                         dft_crystal **out, dft_error *err);

#endif
