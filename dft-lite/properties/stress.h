/*
 * dft-lite/properties/stress.h - the stress (1/volume) dF/de at fixed plane-wave coefficients.
 *
 *   kinetic        - sum_k w sum_b f sum_G |c_G|^2 q q,  q = k+G
 *   projectors     2 Re sum <psi|dp_i/de> (dH_ij - eps_b dO_ij) <p_j|psi>
 *   Hartree        hartree.h, at fixed volume * charge(G)
 *   zero potential - delta <n, v_zero>
 *   exchange-correlation   grid_xc_stress.h
 *   core density, zero potential, compensation charges, each atom's through |G|     ions_force.h
 *   - <v_out - v_in, valence density through |G|>       unfinished SCF
 * averaged over the space group.  One-centre energies and the entropy depend on strain through the
 * orbitals only.  Derivative at a fixed set of plane waves: at a fixed cutoff the energy also
 * changes as vectors enter and leave (Pulay stress; P. G. Dacosta, O. H. Nielsen, K. Kunc, J. Phys.
 * C 19, 3163 (1986)).  Hartree atomic units.
 */
#ifndef DFT_STRESS_H
#define DFT_STRESS_H

#include "dft-lite/properties/solved.h"

/* stress: xx yy zz yz xz xy, Ha/bohr^3, overwritten; positive when the cell wants to shrink.
 * Errors: DFT_ENOMEM. */
dft_status dft_stress_compute(const dft_solved *solved, const dft_solved_fields *fields,
                              double stress[DFT_N_STRAIN], dft_error *err);

#endif
