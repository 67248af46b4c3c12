/*
 * dft-lite/terms/onsite_xc.h - one-centre exchange-correlation, all-electron minus pseudo.
 *
 * E[n_c + sum_p D_p phi phi] - E[nt_c + sum_p D_p phi_ps phi_ps] inside one augmentation sphere, on 50
 * Lebedev directions times the radial grid.  Along each direction the density is built from the radial
 * pair products and their derivatives, so no multipole expansion is cut; the angular part of the
 * gradient comes from grad Y.  The potential is the exact derivative of the discrete energy.
 */
#ifndef DFT_ONSITE_XC_H
#define DFT_ONSITE_XC_H

#include "dft-lite/terms/species.h"
#include "dft-lite/xc/xc.h"

typedef struct dft_onsite_xc dft_onsite_xc;

/* Tables of one species for one functional.  Borrows both.  *out is NULL for a norm-conserving data set,
 * which has no one-centre part; dft_onsite_xc_add then adds nothing.  Errors: DFT_ENOMEM. */
dft_status dft_onsite_xc_create(const dft_species *species, const dft_xc *xc, dft_onsite_xc **out,
                                dft_error *err);
void dft_onsite_xc_free(dft_onsite_xc *onsite);     /* NULL is accepted */

/* d_p[n_spin], each [n_p]: matrices of the density and, when n_spin is 2, of the magnetisation; the core
 * has no spin.  Adds dE/dD_p (Ha) to dh_p[n_spin], each [n_p], and the energy (Ha) to *energy.
 * Errors: DFT_ENOMEM. */
dft_status dft_onsite_xc_add(const dft_onsite_xc *onsite, size_t n_spin, const double *const *d_p,
                             double *energy, double *const *dh_p, dft_error *err);

#endif
