/*
 * dft-lite/terms/grid_xc_stress.h - strain derivative of the grid's exchange-correlation.
 *
 * For E of grid_xc.h at fixed volume * n(G), points of the grid moving with the cell:
 *   dE/de_ab = delta_ab (E - <v_rho, n> - <w, grad n>) - integral w_a d_b n
 * with w = dE/d(grad n), 2 v_sigma grad n without spin, summed over spins (A. Dal Corso, R. Resta,
 * PRB 50, 4327 (1994)).  It is the exact derivative of the discrete energy.  What the core density
 * changes through |G| is the ions' own (ions_force.h).
 */
#ifndef DFT_GRID_XC_STRESS_H
#define DFT_GRID_XC_STRESS_H

#include "dft-lite/terms/grid_xc.h"
#include "dft-lite/terms/strain.h"

/* Arguments as dft_grid_xc_add.  Adds to strain (Ha).  Errors: DFT_ENOMEM. */
dft_status dft_grid_xc_add_strain(const dft_basis *basis, const dft_orbits *orbits,
                                  const dft_xc *xc, size_t n_spin, const double complex *rho_g,
                                  double strain[DFT_N_STRAIN], dft_error *err);

#endif
