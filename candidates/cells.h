/*
 * candidates/cells.h - other cells of the same crystal: primitive, scaled, reduced in the plane.
 *
 * Lengths in bohr.  Pure functions.
 */
#ifndef CAND_CELLS_H
#define CAND_CELLS_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* The primitive cell: every pure translation that maps all atoms onto atoms of the same element
 * within `tolerance` (bohr; CAND_CENTRING_TOLERANCE is usual) becomes a lattice vector.  The
 * three shortest vectors with the most equal angles are taken (fcc: 60 degrees, bcc: 109.47), so
 * that k meshes keep the symmetry.  Right-handed; Cartesian axes unchanged.  A cell that is
 * primitive already keeps its vectors.  Noise near the tolerance lets some translations pass and others
 * fail: those that do not close as a group are dropped, down to the cell as given.  The caller owns
 * *out; NULL on failure.  Errors: DFT_ENOMEM. */
dft_status cand_crystal_primitive(const dft_crystal *crystal, double tolerance, dft_crystal **out,
                                  dft_error *err);

/* bohr, 0.01 A: above the rounding of published coordinates */
#define CAND_CENTRING_TOLERANCE 0.02

/* The crystal with cell vectors a_i scaled by factor[i] (> 0), fractional positions kept: an
 * equilibrium volume from elsewhere put into the cell.  The caller owns *out; NULL on failure.
 * Errors: DFT_EINPUT for a factor that is not positive; DFT_ENOMEM. */
dft_status cand_crystal_scaled(const dft_crystal *crystal, const double factor[3],
                               dft_crystal **out, dft_error *err);

/* Lagrange-Gauss reduction in two dimensions: rows of `reduced` are the two shortest vectors,
 * shortest first, of the handedness of `lattice`; reduced = change x lattice.  The angle is 90
 * to 120 degrees except in oblique lattices, where handedness may force an acute one (60 to 90). */
void cand_reduce_2d(const double lattice[2][2], double reduced[2][2], int change[2][2]);

#endif
