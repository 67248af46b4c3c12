/*
 * dft-lite/scf/ground.h - what a finished calculation leaves for forces, stress and other properties.
 *
 * The system with its own copy of the crystal, the k-points' projectors, the potential that the orbitals
 * (result->state) are eigenvectors of, and the density and on-site matrices that those orbitals make,
 * symmetrised.  Kept when dft_scf_options.keep_ground or for_forces is set; owned by the result.  Immutable.
 */
#ifndef DFT_GROUND_H
#define DFT_GROUND_H

#include <complex.h>

#include "dft-lite/hamiltonian/hamiltonian.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/hamiltonian/system.h"

typedef struct dft_ground {
    dft_crystal *crystal;               /* owned */
    dft_system *system;                 /* owned */
    dft_kspace **kspace;                /* owned, [n_k] */
    dft_potential *potential;           /* owned: of the last input density, state->rho_g and d_p */
    double complex *rho_out;            /* owned, [n_spin][n_g] */
    double *d_out;                      /* owned, [n_spin][n_p] */
    int for_forces;                     /* converged as far as those need */
} dft_ground;

void dft_ground_free(dft_ground *ground);           /* NULL is accepted */

#endif
