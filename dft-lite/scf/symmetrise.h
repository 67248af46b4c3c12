/*
 * dft-lite/scf/symmetrise.h - averaging density and on-site matrices over the space group.
 *
 * Density: invariance n(x) = n(Wx + w) means n_{W^T h} = n_h exp(2 pi i h.w); each star of h is
 * averaged.  On-site matrices: D of atom a is the mean over operations of D of the atom it lands on,
 * turned back with the harmonics' rotation matrices, improper operations included.
 */
#ifndef DFT_SYMMETRISE_H
#define DFT_SYMMETRISE_H

#include <complex.h>

#include "dft-lite/hamiltonian/system.h"

typedef struct dft_symmetriser dft_symmetriser;

dft_status dft_symmetriser_create(const dft_system *system, dft_symmetriser **out, dft_error *err);
void dft_symmetriser_free(dft_symmetriser *symmetriser);    /* NULL is accepted */

/* In place: rho_g [n_g] on the density sphere, d_p packed on-site matrices. */
void dft_symmetrise_density(const dft_symmetriser *symmetriser, double complex *rho_g);
dft_status dft_symmetrise_on_site(const dft_symmetriser *symmetriser, double *d_p, dft_error *err);

/* Both, of every spin: rho_g [n_spin][n_g], d_p [n_spin][p_offset end]. */
dft_status dft_symmetrise_all(const dft_symmetriser *symmetriser, double complex *rho_g, double *d_p,
                              dft_error *err);

#endif
