/*
 * dft-lite/terms/grid_xc.h - exchange-correlation of the pseudo density on the real-space grid.
 *
 * E = sum_r exc(n, |grad n|^2) volume/N on the box with twice the points of the density's; gradients
 * and the divergence in the potential v = v_rho - div(2 v_sigma grad n) by Fourier transform, so that
 * v is the exact derivative of the discrete energy (J. A. White, D. M. Bird, PRB 50, 4954 (1994)).
 * The functional is evaluated once for each set of equivalent points.
 */
#ifndef DFT_GRID_XC_H
#define DFT_GRID_XC_H

#include <complex.h>

#include "dft-lite/basis/basis.h"
#include "dft-lite/basis/orbits.h"
#include "dft-lite/xc/xc.h"

/* orbits: of the exchange-correlation box, under operations that rho has.
 * rho_g [n_g]: pseudo valence + pseudo core density.  Adds the potential (Ha) to v_g [n_g] and returns
 * the energy in *energy (Ha).  Errors: DFT_ENOMEM. */
dft_status dft_grid_xc_add(const dft_basis *basis, const dft_orbits *orbits, const dft_xc *xc,
                           const double complex *rho_g, double *energy, double complex *v_g,
                           dft_error *err);

#endif
