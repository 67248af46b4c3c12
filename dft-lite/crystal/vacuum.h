/*
 * dft-lite/crystal/vacuum.h - where a slab's vacuum is.
 *
 * A slab lies in the plane of two lattice vectors; heights are measured along their common normal,
 * so the third vector may lean.  With x the fractional coordinate along the third vector and b its
 * reciprocal vector, height = x 2 pi/|b|.  The vacuum is the widest gap between the nuclei's
 * heights, periodic images included; with several of equal width (within 1e-6 of the period) the
 * one that starts lowest in [0, 1).  bohr.
 */
#ifndef DFT_VACUUM_H
#define DFT_VACUUM_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/crystal/symmetry.h"

typedef struct {
    int axis;                       /* the lattice vector that leaves the slab's plane: 0, 1, 2 */
    double normal[3];               /* unit vector, in the direction of that vector's height */
    double period;                  /* cell's extent along the normal */
    double width;                   /* of the gap, nucleus to nucleus */
    double middle;                  /* of the gap, fractional, 0 <= middle < 1 */
} dft_vacuum;

/* axis: Cartesian, 0 x, 1 y, 2 z; two lattice vectors must be perpendicular to it.  Errors:
 * DFT_EINPUT when they are not, saying what is needed. */
dft_status dft_vacuum_find(const dft_crystal *crystal, int axis, dft_vacuum *out, dft_error *err);

/* For dft_symmetry_keep: does the operation map heights onto heights and the middle of the gap onto
 * itself?  What depends on the place of the vacuum has no other symmetry.  vacuum: dft_vacuum. */
int dft_vacuum_keeps(const dft_symop *op, const void *vacuum);

#endif
