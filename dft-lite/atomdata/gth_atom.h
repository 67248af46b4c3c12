/*
 * dft-lite/atomdata/gth_atom.h - the spherical pseudo-atom of a GTH entry: where an SCF may start.
 *
 * Radial Schroedinger equations in an even-tempered basis of Gaussians r^l exp(-a r^2), with Hartree
 * potential and the exchange of the uniform electron gas (Dirac), spin-unpolarised, electrons spread
 * evenly over m.  Good to a few percent, which is what a starting density needs; nothing that an SCF
 * converges to depends on it.  Hartree atomic units.
 */
#ifndef DFT_GTH_ATOM_H
#define DFT_GTH_ATOM_H

#include "dft-lite/atomdata/gth.h"

#define DFT_GTH_MAX_ORBITALS 12

typedef struct {
    int l, shell;                       /* shell 1 is the lowest of its l */
    double occupation, energy;          /* electrons, Ha */
    double *wave;                       /* owned, [n_r] R(r), integral R^2 r^2 dr = 1 */
} dft_gth_orbital;

/* Fills the occupied orbitals on the grid r, dr (setup.h) and their number.  On failure nothing is left
 * allocated.  Errors: DFT_EINPUT for more than DFT_GTH_MAX_ORBITALS shells; DFT_ENUMERIC; DFT_ENOMEM. */
dft_status dft_gth_atom_solve(const dft_gth *gth, size_t n_r, const double *r, const double *dr,
                              size_t *n_orbitals, dft_gth_orbital *orbital, dft_error *err);

#endif
