/*
 * workflows/strain.h - finite strains of a crystal and the stresses that belong to them.
 *
 * A deformation gradient F takes every vector r to F r; the Lagrangian strain is
 * eta = (F^T F - 1)/2.  Voigt components xx yy zz yz xz xy, strains with engineering shear.  The second
 * Piola-Kirchhoff stress S = det F F^-1 sigma F^-T is the derivative of the free energy by eta over
 * the undeformed volume (D. C. Wallace, Thermodynamics of Crystals (1972), sect. 2).
 */
#ifndef FLOW_STRAIN_H
#define FLOW_STRAIN_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* The symmetric F with exactly this Lagrangian strain: sqrt(1 + 2 eta).  Strains up to 0.4. */
void flow_strain_stretch(const double eta[6], double f[3][3]);

/* S of a Cauchy stress sigma, and back. */
void flow_strain_pull_back(const double f[3][3], const double sigma[6], double s[6]);
void flow_strain_push_forward(const double f[3][3], const double s[6], double sigma[6]);

/* A symmetric tensor (a stress: no factor on shear) in other axes, rows in the old ones. */
void flow_strain_turn_stress(const double axes[3][3], const double sigma[6], double out[6]);

/* The crystal with lattice rows F a_i and the same fractional positions.  The caller owns *out.
 * Errors: those of dft_crystal_create. */
dft_status flow_strain_apply(const dft_crystal *crystal, const double f[3][3], dft_crystal **out,
                             dft_error *err);

#endif
