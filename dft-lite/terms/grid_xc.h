/*
 * dft-lite/terms/grid_xc.h - exchange-correlation of the pseudo density on the real-space grid.
 *
 * E = sum_r exc(n_up, n_down, gradients) volume/N on the box with twice the points of the density's;
 * gradients and the divergence in the potential
 *   v_s = v_rho_s - div(2 v_sigma_ss grad n_s + v_sigma_ud grad n_-s)
 * by Fourier transform, so that v is the exact derivative of the discrete energy (J. A. White,
 * D. M. Bird, PRB 50, 4954 (1994)).  The functional is evaluated once for each set of equivalent points.
 * Densities with spin are (total, magnetisation), potentials the derivatives by them.
 */
#ifndef DFT_GRID_XC_H
#define DFT_GRID_XC_H

#include <complex.h>

#include "dft-lite/basis/basis.h"
#include "dft-lite/basis/orbits.h"
#include "dft-lite/xc/xc.h"

/* orbits: of the exchange-correlation box, under operations that rho has.
 * rho_g [n_spin][n_g], n_spin 1 or 2: pseudo valence + pseudo core density and magnetisation.  Adds the
 * potential (Ha) to v_g [n_spin][n_g] and returns the energy in *energy (Ha).  Errors: DFT_ENOMEM. */
dft_status dft_grid_xc_add(const dft_basis *basis, const dft_orbits *orbits, const dft_xc *xc,
                           size_t n_spin, const double complex *rho_g, double *energy,
                           double complex *v_g, dft_error *err);

#endif
