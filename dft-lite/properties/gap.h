/*
 * dft-lite/properties/gap.h - band gap from the eigenvalues of a k mesh.
 *
 * A crystal is an insulator when in each spin channel the same number of bands lies below the
 * Fermi level at every k-point of the mesh and these bands hold all electrons; else a metal, gap
 * zero.
 *   indirect  lowest empty minus highest filled state, whatever their k and spin
 *   direct    the least such difference at one k and one spin
 * A mesh may miss the band edges, so that a gap is an upper bound; a metal may look like an
 * insulator on a coarse one.  Semilocal functionals underestimate gaps.
 */
#ifndef DFT_GAP_H
#define DFT_GAP_H

#include <stddef.h>

typedef struct {
    int known;                      /* 0: no empty band was computed, so that nothing can be said */
    int metal;
    double indirect, direct;        /* Ha; 0 for a metal */
    double valence_top, conduction_bottom;          /* Ha; the Fermi level for a metal */
    size_t k_valence, k_conduction, k_direct;       /* indices into the k list; 0 for a metal */
} dft_gap;

/* eigenvalue [n_spin][n_k][n_bands] ascending, Ha; n_spin 1 or 2; n_electrons of the cell. */
dft_gap dft_gap_compute(size_t n_spin, size_t n_k, size_t n_bands, const double *eigenvalue,
                        double fermi, double n_electrons);

#endif
