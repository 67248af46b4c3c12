/*
 * candidates/slab.h - slabs of a crystal by Miller index, and sheets.
 *
 * Construction (e.g. W. Sun, G. Ceder, Surf. Sci. 617, 53 (2013)): the Miller index of the
 * conventional cell becomes integers h' in the primitive cell's reciprocal basis (pure
 * translations of the crystal included); two integer vectors with h'.n = 0, from the extended
 * Euclidean algorithm and then reduced, span the p(1x1) surface cell, and a third with h'.n = 1
 * carries one lattice plane to the next.
 *
 * Words.  A *plane* is a group of atoms of equal height (gaps above 0.08 A separate planes).  A
 * *layer* is what `n_layers` counts: for an element one plane; for a compound the smallest run
 * of planes, from the cut downwards, that has the bulk's composition (B2(110): one mixed plane;
 * Al2O3 (0001): Al-O3-Al; wurtzite (0001): a Zn-O double plane).  A *termination* is a place to
 * cut, those that leave no dipole first and among equals the widest gap first: wurtzite (10-10)
 * is cut between the dimer-dense double planes, Al2O3(0001) between Al and Al.  *Vacuum* is the
 * total gap between topmost and bottommost plane across the periodic boundary, of the clean
 * slab: an adsorbate takes its height from it.
 *
 * Rounding: when n layers have two different faces but a few layers more (less than one repeat
 * of the crystal) have equal ones, those are added, and info says so.  Wurtzite (10-10), three
 * layers: four.
 *
 * Slabs lie with a1 along x (shortest vector first, angle 90 to 120 degrees, or 60 to 90 where
 * an oblique lattice and the right-handed axes leave no choice), the top face towards +z, c
 * along z, the middle of the slab at z = 1/2, and an atom of the top plane at the lateral
 * origin.  Atoms are ordered from bottom to top.  Lengths in bohr.
 */
#ifndef CAND_SLAB_H
#define CAND_SLAB_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/miller.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define CAND_MAX_LAYERS 200

typedef struct {
    int layers_asked, layers;       /* layers > layers_asked after rounding */
    size_t layers_per_repeat;       /* layers until the crystal repeats */
    size_t n_terminations;          /* distinct cuts of this facet */
    int termination;                /* the one of this slab */
    size_t n_planes, n_atoms;
    double thickness;               /* bohr, topmost to bottommost plane */
    double vacuum;                  /* bohr, total gap */
    double area;                    /* bohr^2, of the surface cell */
    bool stoichiometric;            /* the bulk's composition */
    bool faces_equal;               /* an operation exchanges top and bottom */
    bool polar;                     /* the slab has a dipole along its normal: of its formal charges,
                                       or, where those are unknown, because elements have different
                                       mean heights */
    int tasker;                     /* 1: every plane neutral; 2: charged planes in a stack without
                                       dipole; 3: polar.  P. W. Tasker, J. Phys. C 12, 4977 (1979) */
    bool tasker_from_charges;       /* judged by formal charges (candidates/charges.h); false: by the
                                       stacking of the elements alone, which in a metal says nothing
                                       of charge */
    char top[32], bottom[32];       /* outermost planes' atoms, "O3" or "LiAg" */
} cand_slab_info;

typedef enum {
    CAND_SLAB_STOICHIOMETRIC,       /* whole layers, rounded up to equal faces where that is possible */
    CAND_SLAB_SYMMETRIC             /* planes are added one by one until the faces are equal, at the
                                       price of the composition: MgO(111) with oxygen on both sides */
} cand_slab_variant;

/* A p(1x1) slab.  `conventional_bulk` is the cell the indices refer to; 1 <= n_layers <=
 * CAND_MAX_LAYERS; vacuum > 0; termination 0..n_terminations-1.  info may be NULL.  The caller
 * owns *slab; NULL on failure. Errors: DFT_EINPUT for indices 0,0,0, a termination that does not
 * exist (says how many do), n_layers or vacuum out of range; DFT_ENOMEM. */
dft_status cand_slab_create(const dft_crystal *conventional_bulk, const int miller[3], int n_layers,
                            double vacuum, int termination, dft_crystal **slab,
                            cand_slab_info *info, dft_error *err);

/* The same in the variant asked for.  Further errors: DFT_EINPUT when no number of planes gives a
 * symmetric slab (wurtzite (0001)). */
dft_status cand_slab_create_variant(const dft_crystal *conventional_bulk, const int miller[3],
                                    int n_layers, double vacuum, int termination,
                                    cand_slab_variant variant, dft_crystal **slab,
                                    cand_slab_info *info, dft_error *err);

/* The fewest layers that are at least `thickness` (bohr) from topmost to bottommost plane, before
 * rounding.  Errors: as cand_slab_create; DFT_EINPUT when CAND_MAX_LAYERS are not enough. */
dft_status cand_slab_layers_for(const dft_crystal *conventional_bulk, const int miller[3],
                                int termination, double thickness, int *n_layers, dft_error *err);

/* A sheet or slab with its vacuum set anew: c along the normal, its length thickness + vacuum,
 * a1 along x, heights above each other kept, the middle at z = 1/2.  info (NULL allowed) has
 * layers = 1, stoichiometric = true.  The caller owns *out; NULL on failure.  Errors: DFT_EINPUT
 * when the crystal has no gap along c or vacuum is negative; DFT_ENOMEM. */
dft_status cand_sheet_create(const dft_crystal *sheet, double vacuum, dft_crystal **out,
                             cand_slab_info *info, dft_error *err);

/* n1 x n2 copies of a crystal along a1 and a2.  The caller owns *out; NULL on failure.
 * Errors: DFT_EINPUT for counts below 1; DFT_ENOMEM. */
dft_status cand_slab_repeat(const dft_crystal *slab, int n1, int n2, dft_crystal **out,
                            dft_error *err);

#endif
