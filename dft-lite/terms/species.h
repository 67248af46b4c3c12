/*
 * dft-lite/terms/species.h - everything about one element that does not depend on where its atoms are.
 *
 * From a data set: the list of partial waves with their m, multipole moments and overlaps of the
 * augmentation, the one-centre energy as a polynomial in the on-site matrix D (Coulomb, kinetic and
 * zero-potential parts; Rostgaard, arXiv:0910.1921, eqs. 29-38), and radial Fourier transforms.
 *
 *   D_p  packed on-site density matrix of an atom, p = i(i+1)/2 + j for j <= i: D_ii, and
 *        D_ij + D_ji off the diagonal, so that sums over p are sums over all i, j
 *   Delta_Lp   multipole moments  integral r^l Y_L (phi_i phi_j - phi_ps_i phi_ps_j)
 *   dE         = constant + sum_p linear_p D_p + sum_pq D_p coulomb_pq D_q   (+ exchange-correlation)
 *
 * Compensation charges g_L reach l = 2 (GPAW's choice); higher multipoles of the pair densities keep
 * their own Coulomb energy.
 *
 * A norm-conserving (GTH) species has no augmentation: Delta, overlap and coulomb are 0, n_cut is 0, linear
 * holds h_ij, and constant takes back the self-energy Z^2/(sqrt(2 pi) rc) of the compensation Gaussian that
 * stands for the ion.  Ions then repel as these Gaussians do: Z Z' erf(R/sqrt(rc^2 + rc'^2))/R instead of
 * Z Z'/R: less by Z Z' erfc(R/sqrt(rc^2 + rc'^2))/R a pair, which is 3e-6 Ha in N2, 5e-7 Ha in H2 and below
 * 1e-7 Ha between the atoms of metals, oxides and fluorides.
 *
 * Hartree atomic units.  Borrows the setup.  Immutable once made.
 */
#ifndef DFT_SPECIES_H
#define DFT_SPECIES_H

#include <stddef.h>

#include "dft-lite/atomdata/setup.h"
#include "dft-lite/base/status.h"
#include "dft-lite/math/spline.h"

#define DFT_COMPENSATION_LMAX 2
#define DFT_N_COMPENSATION 9            /* (lmax + 1)^2 */
#define DFT_SPECIES_MAX_I 64            /* partial waves counting m */

typedef struct {
    const dft_setup *setup;             /* borrowed */
    size_t n_i, n_p;                    /* projectors counting m; n_p = n_i (n_i + 1)/2 */
    int wave_of[DFT_SPECIES_MAX_I];     /* index into setup->wave */
    int lm_of[DFT_SPECIES_MAX_I];       /* compound index l*l + l + m */
    int lmax;                           /* largest l of a partial wave */
    size_t n_cut;                       /* radial points of one-centre integrals: to twice rc; GTH 0 */
    double *delta;                      /* owned, [DFT_N_COMPENSATION][n_p] */
    double delta_core;                  /* monopole of core - pseudo core - nucleus, in Y00 units */
    double *overlap;                    /* owned, [n_i][n_i] */
    double *linear;                     /* owned, [n_p], Ha */
    double *coulomb;                    /* owned, [n_p][n_p], Ha */
    double constant;                    /* Ha, the reference atom's energy subtracted; GTH: above */
    dft_spline projector_q[DFT_SETUP_MAX_WAVES];    /* 4 pi int r^2 p j_l(qr) dr; empty if none */
    dft_spline pseudo_wave_q[DFT_SETUP_MAX_WAVES];  /* the same of bound pseudo waves; else empty */
    dft_spline core_q, zero_q, valence_q;           /* l = 0, 3-D functions' transforms */
} dft_species;

/* q_max: largest |G| at which transforms are asked (the density sphere's radius).  The caller owns
 * *out.  Errors: DFT_EINPUT for data sets beyond the limits above; DFT_ENOMEM. */
dft_status dft_species_create(const dft_setup *setup, double q_max, dft_species **out,
                              dft_error *err);
void dft_species_free(dft_species *species);        /* NULL is accepted */

/* Packed index of (i, j) in any order. */
static inline size_t dft_packed(size_t i, size_t j)
{
    return i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;
}

/* Fourier transform of the compensation charge g_L: radial factor 4 pi/(2l+1)!! exp(-q^2 rc^2/4) that
 * multiplies (-i)^l S_L(q) with S_L the solid harmonic. */
double dft_species_compensation_q(const dft_species *species, int l, double q);

#endif
