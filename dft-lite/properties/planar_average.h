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
#include "dft-lite/crystal/vacuum.h"
#include "dft-lite/terms/dipole.h"

/* f: [n] over the first n vectors of the basis; axis 0, 1 or 2: the lattice vector that leaves the
 * plane; x: [n_x] anywhere.  Writes value [n_x] in the unit of f.  Errors: DFT_ENOMEM. */
dft_status dft_planar_average(const dft_basis *basis, int axis, size_t n, const double complex *f,
                              size_t n_x, const double *x, double *value, dft_error *err);

/* Table along the normal of a slab, or of a bulk cell that could be one: height_ang from the
 * cell's origin, potential_ev of an electron (electrostatic, the dipole correction's included) in
 * the zero of the eigenvalues, density_e_per_ang3 of the valence pseudo density; as many points as
 * the exchange-correlation box has.  v_fine [n_fine] periodic potential; rho_g [n_g]; dipole NULL
 * when there is none.  Replaces the file whole.  Errors: DFT_EIO, DFT_ENOMEM. */
dft_status dft_planar_average_write(const char *path, const dft_basis *basis,
                                    const dft_vacuum *vacuum,
                                    const double complex *v_fine, const dft_dipole *dipole,
                                    double moment, const double complex *rho_g, dft_error *err);

#endif
