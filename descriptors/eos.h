/*
 * descriptors/eos.h - equation of state: lattice constant and stiffness from energies.
 *
 * Bulk: the third-order Birch-Murnaghan equation is a cubic polynomial in x = V^(-2/3)
 * (F. Birch, Phys. Rev. 71, 809 (1947)), so the fit is a linear least-squares problem without a
 * starting guess (A. B. Alchagirov et al., PRB 63, 224115 (2001); ASE's default):
 *     E(x) = c0 + c1 x + c2 x^2 + c3 x^3,   B = V d2E/dV2,   B' = dB/dP = -1 - V E'''/E''.
 * Sheets: the same finite-strain variable, one over a length squared, is 1/A for an area.  The
 * layer modulus gamma = A d2E/dA2 equals (C11 + C12)/2 of a sheet with C11 = C22; a bulk modulus
 * has no meaning there.
 *
 * Units: any consistent set.  The project passes bohr^3, bohr^2 and Ha; the factors below convert.
 * Pure functions, free of state.
 */
#ifndef DESC_EOS_H
#define DESC_EOS_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/base/units.h"

/* Multiply a modulus in Ha/bohr^3 by the first to get GPa, a layer modulus in Ha/bohr^2 by the
 * second to get N/m (1 GPa A = 0.1 N/m, so 1 Ha/bohr^2 is 1556.89 N/m). */
#define DESC_HA_PER_BOHR3_GPA DFT_HA_PER_BOHR3_GPA
#define DESC_HA_PER_BOHR2_N_PER_M \
    (DFT_HARTREE_EV / (DFT_BOHR_ANG * DFT_BOHR_ANG) * DFT_EV_PER_ANG3_GPA * 0.1)

/* `minimum_inside` tells whether the fitted curve has its minimum within the sampled range.  When
 * it has not, v0, e0, b0 and b0_prime are NaN, since an extrapolated modulus is no result; sample
 * again around v_lowest. */
typedef struct {
    bool minimum_inside;
    double v0;                   /* equilibrium volume, bohr^3 */
    double e0;                   /* energy there, Ha */
    double b0;                   /* bulk modulus there, Ha/bohr^3 */
    double b0_prime;             /* its pressure derivative */
    double rms;                  /* residual of the fit, Ha */
    double v_lowest;             /* the sampled volume with the lowest energy, bohr^3 */
    size_t n_points;
} desc_eos;

typedef struct {
    bool minimum_inside;         /* as above: otherwise NaN in the next four */
    double a0;                   /* equilibrium area, bohr^2 */
    double e0;                   /* energy there, Ha */
    double modulus;              /* A d2E/dA2, Ha/bohr^2 */
    double modulus_prime;        /* -d(modulus)/d(dE/dA) = -1 - A E'''/E'' */
    double rms;                  /* Ha */
    double a_lowest;             /* the sampled area with the lowest energy, bohr^2 */
    size_t n_points;
} desc_layer_eos;

/* Fits n >= 5 points (volume > 0, in any order).  volume, energy: [n].
 * Errors: DFT_EINPUT for fewer than 5 points, fewer than 4 different volumes, a volume that is not
 * positive, or a value that is not finite. */
dft_status desc_eos_fit(size_t n, const double *volume, const double *energy, desc_eos *out,
                        dft_error *err);

/* The same for a sheet: area, energy: [n].  Same errors. */
dft_status desc_layer_eos_fit(size_t n, const double *area, const double *energy,
                              desc_layer_eos *out, dft_error *err);

/* Birch-Murnaghan energy at a volume for given parameters (any consistent units). */
double desc_eos_energy(double volume, double v0, double e0, double b0, double b0_prime);

#endif
