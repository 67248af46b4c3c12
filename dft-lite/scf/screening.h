/*
 * dft-lite/scf/screening.h - how the electrons will screen a density residual.
 *
 * The response to a potential is modelled by the local density of states at the Fermi level D(r),
 *   chi0 V = -D V + D (integral D V)/(integral D)
 * and a residual q of the total charge becomes (1 - chi0 v)^-1 q, v the Coulomb kernel (M. F. Herbst,
 * A. Levitt, J. Phys.: Condens. Matter 33, 085503 (2021)).  In a bulk metal this is Kerker's
 * preconditioner, in an insulator D = 0 and it does nothing, in a metal slab it acts on the metal only:
 * nobody has to say which it is.  Hartree atomic units.
 */
#ifndef DFT_SCREENING_H
#define DFT_SCREENING_H

#include <complex.h>

#include "dft-lite/basis/basis.h"

/* The correction chi0 v (1 - chi0 v)^-1 q to add to the residual.  ldos [density grid] >= 0,
 * states/(Ha bohr^3); charge [n_g]: residual of pseudo density plus compensation charges.
 * Writes correction [n_g].  Solved by conjugate gradients to 1 %.  Errors: DFT_ENOMEM. */
dft_status dft_screening_correction(const dft_basis *basis, const double *ldos,
                                    const double complex *charge, double complex *correction,
                                    dft_error *err);

#endif
