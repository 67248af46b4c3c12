/*
 * dft-lite/properties/electrostatics.h - charge and electrostatic potential of a finished
 * calculation.
 *
 * rho = valence pseudo density + pseudo core + compensation charges: outside the augmentation
 * spheres the true charge (electrons positive, nuclei negative), inside a smooth one with the same
 * multipoles, so that its potential is the true one everywhere outside.  v is the potential energy
 * of an electron, periodic, of mean zero: the zero that eigenvalues and Fermi level have.  Hartree
 * atomic units.
 */
#ifndef DFT_ELECTROSTATICS_H
#define DFT_ELECTROSTATICS_H

#include <complex.h>

#include "dft-lite/hamiltonian/system.h"

/* rho_g [n_g] valence pseudo density and d_p packed on-site matrices, both summed over spin; writes
 * rho_fine and v_fine, [n_fine] each.  Errors: DFT_ENOMEM. */
dft_status dft_electrostatics_compute(const dft_system *system, const double complex *rho_g,
                                      const double *d_p, double complex *rho_fine,
                                      double complex *v_fine, dft_error *err);

#endif
