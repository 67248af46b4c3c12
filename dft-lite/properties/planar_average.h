/*
 * dft-lite/properties/planar_average.h - a field averaged over the planes of a slab.
 *
 *   f(x) = sum_l f(l b) exp(2 pi i l x)
 * with b the reciprocal vector of the lattice vector that leaves the plane and x the fractional
 * coordinate along it: the average over a plane keeps only vectors along its normal.
 */
#ifndef DFT_PLANAR_AVERAGE_H
#define DFT_PLANAR_AVERAGE_H

#include <complex.h>
#include <stddef.h>

#include "dft-lite/basis/basis.h"

/* f: [n] over the first n vectors of the basis; axis 0, 1 or 2: the lattice vector that leaves the
 * plane; x: [n_x] anywhere.  Writes value [n_x] in the unit of f.  Errors: DFT_ENOMEM. */
dft_status dft_planar_average(const dft_basis *basis, int axis, size_t n, const double complex *f,
                              size_t n_x, const double *x, double *value, dft_error *err);

#endif
