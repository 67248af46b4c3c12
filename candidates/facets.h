/*
 * candidates/facets.h - the distinct facets of a crystal up to a maximum index, and their
 * terminations.
 *
 * Two indices name the same facet when an operation of the crystal's own point group (not of its
 * lattice) carries one onto the other or onto its negative: a slab of (hkl) shows (-h-k-l) on its
 * other side.  Any crystal system; indices refer to the cell given, rhombohedral crystals in
 * hexagonal axes.  With W an operation on fractional coordinates, x -> W x, the plane h.x = const
 * goes to h W^-1.  Bohr.
 */
#ifndef CAND_FACETS_H
#define CAND_FACETS_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define CAND_MAX_INDEX 9            /* the list grows with its cube */

typedef struct {
    int miller[3];                  /* coprime; of the equivalent ones that with the fewest minus
                                       signs, then the largest first indices */
    size_t multiplicity;            /* of the form {hkl}, (-h-k-l) included: 8 for cubic {111} */
    bool faces_equal;               /* an operation carries (hkl) onto (-h-k-l) */
    double spacing;                 /* of equal lattice planes, bohr: the repeat along the normal of the
                                       primitive lattice, a/2 for (100) of fcc */
} cand_facet;

/* All facets with indices of at most max_index (1..CAND_MAX_INDEX), lowest indices first.  The
 * caller frees *out with free().  Errors: DFT_EINPUT for max_index; those of dft_symmetry_create;
 * DFT_ENOMEM. */
dft_status cand_facets_find(const dft_crystal *conventional, int max_index, cand_facet **out,
                            size_t *n, dft_error *err);

typedef struct {
    int index;                      /* what cand_slab_create calls termination */
    char top[32], under[32];        /* the planes beneath and above the cut: the top face of the slab
                                       and the bottom face it leaves */
    double gap;                     /* empty distance that the cut opens, bohr */
    size_t n_planes;                /* of one repeat */
    size_t layers_per_repeat;
    int reverse;                    /* the termination whose slab is this one upside down: itself when
                                       both faces are alike, another, or -1: none */
    bool symmetric;                 /* some number of planes gives two equal faces */
    bool polar;
    int tasker;                     /* of whole layers cut here, see cand_slab_info */
    bool tasker_from_charges;
} cand_termination;

/* All terminations of a facet, in the order of cand_slab_create.  The caller frees *out with
 * free().  Errors: DFT_EINPUT for 0 0 0; those of cand_planes_init; DFT_ENOMEM. */
dft_status cand_terminations_find(const dft_crystal *conventional, const int miller[3],
                                  cand_termination **out, size_t *n, dft_error *err);

#endif
