/*
 * dft-lite/math/harmonics.h - real spherical harmonics, their gradients, products and rotations.
 *
 * Solid harmonics S_lm(r) = |r|^l Y_lm(r/|r|), orthonormal on the unit sphere, without the
 * Condon-Shortley phase: m > 0 goes with cos(m phi), m < 0 with sin(|m| phi).  The compound index is
 * lm = l*l + l + m.  T. Helgaker et al., Molecular Electronic-Structure Theory (2000), section 6.4.
 */
#ifndef DFT_HARMONICS_H
#define DFT_HARMONICS_H

#include <stddef.h>

#define DFT_LMAX 8                                  /* products of two f functions reach l = 6 */
#define DFT_N_LM ((DFT_LMAX + 1) * (DFT_LMAX + 1))

/* solid[lm], lm < (lmax+1)^2, at r = (x, y, z); lmax <= DFT_LMAX. */
void dft_solid_harmonics(int lmax, const double r[3], double *solid);

/* The same, and gradient[lm][3] = grad S_lm. */
void dft_solid_harmonics_gradient(int lmax, const double r[3], double *solid,
                                  double (*gradient)[3]);

/* A quadrature on the unit sphere: sum_i weight_i f(point_i) = (1/4 pi) integral f. */
typedef struct {
    size_t n;
    double (*point)[3];
    double *weight;
} dft_sphere_rule;

/* Lebedev's 50 points, exact to degree 11 (V. I. Lebedev, Zh. Vychisl. Mat. Mat. Fiz. 16, 293
 * (1976)): what GPAW uses for one-centre exchange-correlation.  Static storage. */
dft_sphere_rule dft_lebedev_50(void);

/* Gaunt coefficients  integral Y_lm Y_l'm' Y_LM  for l <= l1max, l' <= l2max, L <= l3max:
 * gaunt[(lm * n2 + l'm') * n3 + LM] with n_i = (l_i max + 1)^2, by exact product quadrature
 * (Gauss-Legendre x uniform).  Returns NULL when memory is refused; free() it. */
double *dft_gaunt_table(int l1max, int l2max, int l3max);

/* Matrix T of an orthogonal map R (improper ones too) among harmonics of one l:
 * Y_lm(R r) = sum_m' T[m+l][m'+l] Y_lm'(r).  T is (2l+1) x (2l+1), row-major. */
void dft_harmonic_rotation(int l, const double rotation[3][3], double *t);

#endif
