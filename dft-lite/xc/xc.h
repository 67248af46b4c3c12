/*
 * dft-lite/xc/xc.h - exchange-correlation energy densities; the only door to libxc.
 *
 * Hartree atomic units.  For densities n (bohr^-3) and, for GGA, sigma = |grad n|^2:
 * exc[i] is the energy per volume (Ha/bohr^3: libxc's energy per particle times n),
 * v_rho = d exc/d n, v_sigma = d exc/d sigma.  libxc returns zero below its density threshold; so that
 * energy and potential stay derivatives of each other, n < threshold gives zero for all outputs.
 * The threshold is 1e-12 bohr^-3 for every functional, for each spin's density alone when polarised.  Immutable after creation: evaluation may run
 * concurrently.
 */
#ifndef DFT_XC_H
#define DFT_XC_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct dft_xc dft_xc;

/* name: "LDA" (Perdew-Wang 92, GPAW's LDA), "PBE", "RPBE", "revPBE", "PBEsol", or libxc names joined
 * with '+', e.g. "GGA_X_PBE+GGA_C_PBE".  Case does not matter.  Errors: DFT_EINPUT for an unknown name
 * (lists the known short names) or for functionals that are neither LDA nor GGA. */
dft_status dft_xc_create(const char *name, dft_xc **out, dft_error *err);
void dft_xc_free(dft_xc *xc);                       /* NULL is accepted */

int dft_xc_is_gga(const dft_xc *xc);
const char *dft_xc_name(const dft_xc *xc);          /* canonical: "LDA", "PBE", ... as given else */

/* The name in the PAW-XML header (<xc_functional type= name=>) that belongs to this functional is
 * compared: 1 when a data set generated with xml_name ("PBE", "PW", "LDA", "revPBE", "RPBE", ...)
 * matches. */
int dft_xc_matches(const dft_xc *xc, const char *xml_name);

/* Spin-unpolarised.  rho [n], sigma [n] (NULL for LDA); outputs [n] each; v_sigma NULL for LDA.
 * Densities and gradients at or below zero count as zero. */
void dft_xc_eval(const dft_xc *xc, size_t n, const double *rho, const double *sigma, double *exc,
                 double *v_rho, double *v_sigma);

/* Spin-polarised: index 0 is up, 1 down.  sigma and v_sigma: [0] up-up, [1] up-down, [2] down-down, the
 * products of gradients; NULL for LDA.  Each array is [n].  A spin below the threshold counts as empty:
 * its potential is zero and its gradient does not matter. */
void dft_xc_eval_spin(const dft_xc *xc, size_t n, const double *const rho[2],
                      const double *const sigma[3], double *exc, double *const v_rho[2],
                      double *const v_sigma[3]);

#endif
