/*
 * dft-lite/properties/charges.h - electrons and charge of each atom, by Bader's basins.
 *
 * The density that is divided is the all-electron one, frozen core included: on the
 * exchange-correlation box, nt(r) + sum_a [ core_a + sum_p D_p (phi phi - phi_ps phi_ps)_p ].
 * Basins: bader.h.  nt is summed over the grid; the one-centre part goes to its atom analytically,
 * sqrt(4 pi) sum_p Delta_00,p D_p, and points of a sphere that lie in a neighbour's basin are
 * handed over with all that the atom has there, the tail of its core too.  Thus the sharp peaks at
 * the nuclei are never integrated on the grid, and the charges add up to zero exactly.
 *
 * charge = Z - electrons in the basin, e; positive when electrons were lost.  Equivalent atoms are
 * averaged.  Maxima that are no nucleus (known for metals such as Li) go to the nearest atom.  The
 * grid's error is some 1e-3 e at 400 eV (LiF: 0.9065 at 400 eV, 0.9048 at 600 eV; 0.9052 from
 * GPAW's all-electron density on 120^3 points and the same weights).
 */
#ifndef DFT_CHARGES_H
#define DFT_CHARGES_H

#include <complex.h>

#include "dft-lite/hamiltonian/system.h"

/* rho_g [n_g] valence pseudo density and d_p packed on-site matrices, both summed over spin;
 * writes charge [n_atoms].  Errors: DFT_EINPUT for data sets without a core (GTH): nothing would
 * mark the place of a cation; DFT_ENOMEM. */
dft_status dft_charges_compute(const dft_system *system, const double complex *rho_g,
                               const double *d_p, double *charge, dft_error *err);

#endif
