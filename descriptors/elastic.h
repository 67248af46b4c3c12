/*
 * descriptors/elastic.h - elastic stiffness tensors: axes, averages, anisotropy, stability.
 *
 * Voigt matrices c[6][6], order xx yy zz yz xz xy: stress_i = sum_j c_ij strain_j with engineering
 * shear strains (2 eps_yz, ...).  J. F. Nye, Physical Properties of Crystals (1985), ch. VIII.  Any
 * unit of stress; compliances are its inverse.  Where a tensor acts on strains a second form is used
 * inside, Kelvin's (shear components times sqrt 2), in which a rotation is an orthogonal 6 x 6 matrix
 * and eigenvalues mean something: M. M. Mehrabadi, S. C. Cowin, Q. J. Mech. Appl. Math. 43, 15 (1990).
 *
 * Sheets have the 3 x 3 matrix of xx yy xy in N/m; see desc_sheet_moduli.
 * Thread rule: pure functions.
 */
#ifndef DESC_ELASTIC_H
#define DESC_ELASTIC_H

#include "dft-lite/base/status.h"

/* Components in new axes: row i of `axes` is the new i-th unit vector in the old ones.  (To turn the
 * crystal by R instead, pass R: the components in fixed axes are the same numbers.)  c and out may be
 * the same. */
void desc_elastic_rotate(const double c[6][6], const double axes[3][3], double out[6][6]);

/* The 6 x 6 matrix of a rotation in Kelvin's form: (R eps R^T) = q eps.  Voigt to Kelvin and back. */
void desc_kelvin_rotation(const double rotation[3][3], double q[6][6]);
void desc_kelvin_from_voigt(const double c[6][6], double out[6][6]);
void desc_voigt_from_kelvin(const double c[6][6], double out[6][6]);

/* Compliances s = c^-1 (Voigt).  Errors: DFT_ENUMERIC when c is singular. */
dft_status desc_elastic_compliance(const double c[6][6], double s[6][6], dft_error *err);

/* Kelvin's six moduli, ascending: the eigenvalues of the stiffness as a map of strains, the same in
 * every orientation.  The crystal is stable (Born) when all are positive.  Errors: DFT_ENUMERIC. */
dft_status desc_elastic_eigenvalues(const double c[6][6], double value[6], dft_error *err);

/* Isotropic averages of a polycrystal: Voigt (equal strain), Reuss (equal stress), Hill (their mean:
 * R. Hill, Proc. Phys. Soc. A 65, 349 (1952)); the same in every orientation. */
typedef struct {
    double bulk_voigt, bulk_reuss, bulk;        /* `bulk`, ...: Hill's */
    double shear_voigt, shear_reuss, shear;
    double young, poisson;                      /* 9BG/(3B + G), (3B - 2G)/(2(3B + G)) */
    double pugh;                                /* B/G; above 1.75 ductile: S. F. Pugh, Phil. Mag. 45,
                                                   823 (1954) */
    double universal_anisotropy;                /* 5 G_V/G_R + B_V/B_R - 6, zero when isotropic:
                                                   S. I. Ranganathan, M. Ostoja-Starzewski, PRL 101,
                                                   055504 (2008) */
} desc_moduli;

/* Errors: DFT_EINPUT for a tensor that is not positive definite (averages of an unstable crystal mean
 * nothing), saying its least eigenvalue. */
dft_status desc_elastic_moduli(const double c[6][6], desc_moduli *out, dft_error *err);

/* Zener's ratio 2 C44/(C11 - C12): cubic crystals in their own axes, 1 when isotropic. */
double desc_elastic_zener(const double c[6][6]);

/* How a stress that is already there enters the stress-strain coefficients.  `c` is the second
 * derivative of the free energy by Lagrangian strain over the volume (Brugger); a strain added to a
 * crystal under the stress `stress` (Voigt, positive when the cell wants to shrink) changes the
 * Cauchy stress by
 *   B_ijkl = C_ijkl + (d_ik s_jl + d_il s_jk + d_jk s_il + d_jl s_ik - 2 d_kl s_ij)/2,
 * which decides stability and sound (D. C. Wallace, Thermodynamics of Crystals (1972), sect. 2;
 * T. H. K. Barron, M. L. Klein, Proc. Phys. Soc. 85, 523 (1965)).  Under pressure P: C11 - P, C12 + P,
 * C44 - P.  Where the stress is not hydrostatic B lacks the symmetry ij <-> kl: its symmetric part is
 * returned and the greatest difference it had in *asymmetry (NULL allowed). */
void desc_elastic_under_stress(const double c[6][6], const double stress[6], double out[6][6],
                               double *asymmetry);

/* A sheet's in-plane stiffness c[3][3], xx yy xy, e.g. N/m.  Directional Young moduli over all
 * directions, and the isotropic (Voigt) parts: area modulus (C11 + C22 + 2 C12)/4 = A d2E/dA2, shear
 * (C11 + C22 - 2 C12 + 4 C33)/8. */
typedef struct {
    double young_least, young_greatest;         /* 1/s11 over directions (every half degree) */
    double poisson_x;                           /* -s12/s11 along the first axis */
    double area_modulus, shear;
    double least_eigenvalue;                    /* > 0: stable in the plane */
} desc_sheet_moduli_result;

/* Errors: DFT_EINPUT when c is not positive definite. */
dft_status desc_sheet_moduli(const double c[3][3], desc_sheet_moduli_result *out, dft_error *err);

#endif
