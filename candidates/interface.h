/*
 * candidates/interface.h - a film on a substrate in a common cell: lithium on a slab, silver on copper,
 * magnesium on an MXene.
 *
 * The cells are those of candidates/coincidence.h; the film bears all of the strain, the substrate stays
 * as it is.  The film's planes keep their heights.  The gap is where the first atoms of both touch:
 * covalent radii (B. Cordero et al., Dalton Trans. 2832 (2008)), seen along the normal.  Bohr.
 */
#ifndef CAND_INTERFACE_H
#define CAND_INTERFACE_H

#include <stddef.h>

#include "candidates/coincidence.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    double shift[2];                /* of the film against the substrate, fractions of the common cell */
    double gap;                     /* top atom of the substrate to bottom atom of the film; <= 0: touch */
    double vacuum;                  /* total gap above the film */
} cand_interface_options;

typedef struct {
    double gap;                     /* as built, bohr */
    size_t n_substrate, n_film;     /* atoms: the substrate's come first */
    double area;                    /* bohr^2 */
} cand_interface_info;

/* Coincidence cells of two slabs (or sheets): the first is the substrate.  As cand_coincidence_find, areas
 * in bohr^2.  Errors: those, and of cand_layer_create. */
dft_status cand_interface_cells(const dft_crystal *substrate, const dft_crystal *film,
                                const cand_coincidence_options *options, cand_coincidence **out,
                                size_t *n, dft_error *err);

/* The film's bottom face on the substrate's top face in one of those cells.  info may be NULL.  The
 * caller owns *out; NULL on failure.  Errors: DFT_EINPUT for slabs without a gap, a vacuum that is not
 * positive, or an element without radius; DFT_ENOMEM. */
dft_status cand_interface_build(const dft_crystal *substrate, const dft_crystal *film,
                                const cand_coincidence *cell, const cand_interface_options *options,
                                dft_crystal **out, cand_interface_info *info, dft_error *err);

/* The direction [uvw] of the conventional cell, in lowest whole numbers, of the vector m[0] a1 + m[1] a2
 * of its slab's surface cell (candidates/slab.h).  Errors: those of cand_planes_init. */
dft_status cand_surface_direction(const dft_crystal *conventional, const int miller[3], const int m[2],
                                  int uvw[3], dft_error *err);

#endif
