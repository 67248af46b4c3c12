/*
 * dft-lite/properties/forces.h - forces on the atoms, -dF/dR at fixed occupations.
 *
 *   F_a = - 2 Re sum_k w sum_b f <psi| dp_i/dR_a> (dH_ij - eps_b dO_ij) <p_j|psi>      projectors
 *         - dU[nt, D]/dR_a at fixed nt, D      core density, zero potential, compensation charges
 *         - <v_out - v_in, d valence_a/dR_a>   unfinished SCF
 * averaged over the space group.  No net force is taken away: what remains (the
 * exchange-correlation grid's) is the derivative of the energy as computed.  Hartree atomic units.
 */
#ifndef DFT_FORCES_H
#define DFT_FORCES_H

#include "dft-lite/properties/solved.h"

/* force: [n_atoms][3], Ha/bohr, overwritten.  Errors: DFT_ENOMEM. */
dft_status dft_forces_compute(const dft_solved *solved, const dft_solved_fields *fields,
                              double (*force)[3], dft_error *err);

#endif
