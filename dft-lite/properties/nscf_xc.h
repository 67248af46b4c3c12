/*
 * dft-lite/properties/nscf_xc.h - energies with other functionals on a converged density.
 *
 *   E' = E - Exc[own] + Exc[other],   Exc = grid part of nt + nt_c  +  sum of one-centre parts,
 * all on the density that the calculation's own functional made.  Since the energy is stationary
 * there, E' misses the other functional's own minimum only in second order of the difference of
 * the densities.
 *
 * Core electrons stay frozen as the data set's functional made them, and are part of the density
 * on both sides of the difference: the one-centre parts integrate core + valence inside the
 * augmentation sphere, and outside it the pseudo core is the core.  E' stays relative to the data
 * sets' reference atoms with *their* functional, so that each atom brings in a constant (the
 * change of its own Exc, some eV).  The constants are those of the elements: in a difference
 * between two systems of equal composition (volumes, sites, reactions, with E' on both sides) they
 * cancel; a single E' means nothing.
 */
#ifndef DFT_NSCF_XC_H
#define DFT_NSCF_XC_H

#include <complex.h>

#include "dft-lite/hamiltonian/system.h"

/* Exc of one functional.  rho_g [n_spin][n_g] valence pseudo density and magnetisation, d_p
 * [n_spin][p_offset end] packed on-site matrices of the same.  Errors: DFT_ENOMEM. */
dft_status dft_nscf_xc_energy(const dft_system *system, const dft_xc *xc,
                              const double complex *rho_g,
                              const double *d_p, double *energy, dft_error *err);

/* difference[i] = Exc[name[i]] - Exc[the system's own], Ha.  Errors: DFT_EINPUT for an unknown
 * name, DFT_ENOMEM. */
dft_status dft_nscf_xc_differences(const dft_system *system, const double complex *rho_g,
                                   const double *d_p, size_t n, const char *const *name,
                                   double *difference, dft_error *err);

#endif
