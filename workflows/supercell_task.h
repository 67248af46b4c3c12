/*
 * workflows/supercell_task.h - what the tasks with a relaxed slab share: the cell that keeps adatoms apart,
 * and which atoms are held.  Bohr.
 */
#ifndef FLOW_SUPERCELL_TASK_H
#define FLOW_SUPERCELL_TASK_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define FLOW_MAX_COPIES 16

/* Length of the shortest lattice vector in the plane of a slab, in the lattice's unit. */
double flow_shortest_repeat(const double lattice[3][3]);

/* The roundest cell with the fewest copies of the slab whose shortest repeat is at least `spacing`.  The
 * caller owns *out; NULL on failure.  Errors: DFT_EINPUT when FLOW_MAX_COPIES are not enough; those of
 * candidates/supercell.h. */
dft_status flow_supercell_for(const dft_crystal *slab, double spacing, dft_crystal **out, dft_error *err);

/* fixed [n_atoms][3]: the lower half of the planes, of a sheet the lowest.  Errors: flow_fix_planes's. */
dft_status flow_hold_lower_half(const dft_crystal *slab, int sheet, unsigned char (*fixed)[3],
                                dft_error *err);

#endif
