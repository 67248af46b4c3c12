/*
 * dft-lite/properties/cube.h - fields as Gaussian cube files, for viewers.
 *
 * https://gaussian.com/cubegen/: two comment lines; atom count and origin; points and step vector
 * of each axis in bohr (positive counts say bohr); atomic number, charge and position of each
 * atom; values with the last axis fastest, six a line.  A periodic field is given on points i/n,
 * the last one not repeated.
 */
#ifndef DFT_CUBE_H
#define DFT_CUBE_H

#include <complex.h>

#include "dft-lite/base/status.h"
#include "dft-lite/basis/basis.h"
#include "dft-lite/crystal/crystal.h"

/* field: [n1][n2][n3]; title: one line that says what it is, with its unit.  Replaces the file
 * whole. Errors: DFT_EIO, DFT_ENOMEM. */
dft_status dft_cube_write(const char *path, const char *title, const dft_crystal *crystal,
                          const int n[3], const double *field, dft_error *err);

/* The same for a field given on the density sphere, f [n_g], on the orbital box. */
dft_status dft_cube_write_fourier(const char *path, const char *title, const dft_crystal *crystal,
                                  const dft_basis *basis, const double complex *f, dft_error *err);

#endif
