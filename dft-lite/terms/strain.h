/*
 * dft-lite/terms/strain.h - derivatives of energies by a homogeneous strain of the crystal.
 *
 * A strain e takes every point r to (1 + e) r and every reciprocal vector G to (1 - e) G (first
 * order, e symmetric): fractional positions, Miller indices and phases exp(-iG.R) stay, and so do
 * plane-wave coefficients.  The derivative T_ab = dE/de_ab is a symmetric tensor; it is kept as six
 * numbers in the order xx yy zz yz xz xy.  Hartree.  T/volume is the stress, positive when the
 * crystal wants to shrink. Source: O. H. Nielsen, R. M. Martin, PRB 32, 3780 (1985).
 */
#ifndef DFT_STRAIN_H
#define DFT_STRAIN_H

#define DFT_N_STRAIN 6

/* Rows and columns of the six components. */
static const int dft_strain_row[DFT_N_STRAIN] = { 0, 1, 2, 1, 0, 0 };
static const int dft_strain_column[DFT_N_STRAIN] = { 0, 1, 2, 2, 2, 1 };

/* t += factor (a b + b a)/2 */
static inline void dft_strain_add(double factor, const double a[3], const double b[3],
                                  double t[DFT_N_STRAIN])
{
    for (int s = 0; s < DFT_N_STRAIN; s++) {
        const int i = dft_strain_row[s], j = dft_strain_column[s];
        t[s] += 0.5 * factor * (a[i] * b[j] + a[j] * b[i]);
    }
}

/* t += factor times the unit tensor */
static inline void dft_strain_add_isotropic(double factor, double t[DFT_N_STRAIN])
{
    for (int s = 0; s < 3; s++)
        t[s] += factor;
}

#endif
