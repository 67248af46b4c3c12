/*
 * dft-lite/properties/symmetrise_tensors.h - forces and strain tensors averaged over the space group.
 *
 * Under r -> R r + t atom a lands on atom b: F_b = R F_a and T = R T R^T, so the average over
 * operations is F_a = mean R^T F_b(a), T = mean R^T T R.  Sums over irreducible k-points need it.
 */
#ifndef DFT_SYMMETRISE_TENSORS_H
#define DFT_SYMMETRISE_TENSORS_H

#include "dft-lite/crystal/crystal.h"
#include "dft-lite/crystal/symmetry.h"
#include "dft-lite/terms/strain.h"

/* In place; force: [n_atoms][3] Cartesian.  Errors: DFT_ENOMEM. */
dft_status dft_symmetrise_forces(const dft_crystal *crystal, const dft_symmetry *symmetry,
                                 double (*force)[3], dft_error *err);

void dft_symmetrise_strain(const dft_crystal *crystal, const dft_symmetry *symmetry,
                           double strain[DFT_N_STRAIN]);

#endif
