/*
 * dft-lite/properties/result_gradients.h - forces and stress of a finished calculation.
 *
 *     opt.for_forces = 1;
 *     dft_scf_run(crystal, &opt, NULL, &result, &err);
 *     dft_result_gradients(result, force, stress, &err);
 *
 * Both together cost about one SCF step (forces alone half of that).  At the default tolerance of
 * 1e-5 eV forces are good to some 1e-4 eV/A and stress to 1e-3 GPa; without the correction for the
 * unfinished SCF (solved.h) it would be five to ten times as much.
 */
#ifndef DFT_RESULT_GRADIENTS_H
#define DFT_RESULT_GRADIENTS_H

#include "dft-lite/scf/scf.h"

/* force: [n_atoms][3], Ha/bohr.  stress: [6] xx yy zz yz xz xy, Ha/bohr^3, positive when the cell
 * wants to shrink; NULL when not wanted.  Errors: DFT_EINPUT for a result not made for_forces;
 * DFT_ENOMEM. */
dft_status dft_result_gradients(const dft_scf_result *result, double (*force)[3], double *stress,
                                dft_error *err);

#endif
