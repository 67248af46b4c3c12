/*
 * candidates/slab_info.h - what a finished slab shows: planes, faces, dipole.
 */
#ifndef CAND_SLAB_INFO_H
#define CAND_SLAB_INFO_H

#include "candidates/slab.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* Fills n_planes, n_atoms, thickness, area, faces_equal, polar, tasker, tasker_from_charges, top
 * and bottom; the rest stays.  charge[DFT_MAX_Z + 1]: formal charges by element, or NULL when they
 * are unknown.  The cell has room above the slab.  Errors: those of cand_layer_create. */
dft_status cand_slab_describe(const dft_crystal *slab, const double *charge, cand_slab_info *info,
                              dft_error *err);

#endif
