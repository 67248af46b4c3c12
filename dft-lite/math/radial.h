/*
 * dft-lite/math/radial.h - calculus on the radial grids of atomic data sets.
 *
 * A grid is r[i], dr[i] = dr/di.  Integrals are trapezoid sums over i, the Poisson solver and the
 * derivative are second order in i: the same quadrature with which the data sets and their reference
 * energies were generated, so that its errors cancel in energies against the reference atom.
 */
#ifndef DFT_RADIAL_H
#define DFT_RADIAL_H

#include <stddef.h>

/* sum_i f(r_i) r_i^power dr_i */
double dft_radial_integral(size_t n, const double *r, const double *dr, const double *f, int power);

/* Potential of the multipole density f_l(r) Y_lm: v(r) = 4 pi/(2l+1) integral f(r') r'^2
 * r_<^l / r_>^(l+1) dr'.  r[0] = 0; v[0] is extrapolated flat. */
void dft_radial_poisson(size_t n, const double *r, const double *dr, int l, const double *f,
                        double *v);

/* df/dr by central differences in i. */
void dft_radial_derivative(size_t n, const double *dr, const double *f, double *df);

/* Spherical Bessel function j_l(x), l <= 8, x >= 0. */
double dft_bessel_j(int l, double x);

/* f_l(q) = 4 pi integral r^2 f(r) j_l(q r) dr. */
double dft_radial_bessel(size_t n, const double *r, const double *dr, const double *f, int l,
                         double q);

#endif
