/*
 * candidates/derivative.h - ordered and nearly random alloys on the lattice of a parent crystal.
 *
 * Derivative structures: all superlattices of a size (Hermite forms, G. Hart, R. Forcade, Phys. Rev. B 77,
 * 224115 (2008)) with all ways to put two elements on the atoms of the parent's mixing element; what is
 * the same by the structure matcher, or repeats in a smaller cell, is taken once.
 *
 * Special quasi-random structures (A. Zunger et al., Phys. Rev. Lett. 65, 353 (1990)): the one among them,
 * at one composition, whose pair correlations are nearest to those of a random alloy.  With sigma = +1
 * for A and -1 for B the correlation of shell k is <sigma_i sigma_j> over its pairs; at random it is
 * (2x - 1)^2.  What is left of the difference is stated, and only pairs of the shells asked for count:
 * triplets and further shells are not looked at.
 *
 * Cells keep the parent's size: lattice constants are to be relaxed.  Bohr.
 */
#ifndef CAND_DERIVATIVE_H
#define CAND_DERIVATIVE_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define CAND_MAX_MIXING_SITES 20    /* in a supercell: 2^20 colourings */
#define CAND_MAX_SHELLS 6

typedef struct {
    const dft_crystal *parent;      /* borrowed; primitive, or its superlattices miss structures */
    int mixing;                     /* its atoms of this element are exchanged */
    int a, b;                       /* for these two elements */
} cand_mixing;

/* All distinct derivative structures of `size` parent cells with n_b atoms of element b (n_b < 0: any
 * number from 1 to one less than all).  The caller frees each and the array with
 * cand_derivatives_free.  Errors: DFT_EINPUT when the parent has no mixing atoms, a = b, size < 1, or
 * there are more than CAND_MAX_MIXING_SITES sites; DFT_ENOMEM. */
dft_status cand_derivatives_find(const cand_mixing *what, int size, int n_b, dft_crystal ***out,
                                 size_t *n, dft_error *err);
void cand_derivatives_free(dft_crystal **list, size_t n);               /* NULL is accepted */

typedef struct {
    int n_shells;                   /* in: pairs that count, 1..CAND_MAX_SHELLS */
    double distance[CAND_MAX_SHELLS];       /* out: of each shell, bohr */
    double correlation[CAND_MAX_SHELLS];    /* out */
    double random;                  /* out: (2x - 1)^2 */
    double worst;                   /* out: largest |correlation - random| */
} cand_quasi_random;

/* The best quasi-random structure of `size` parent cells with n_b atoms of element b: the least sum over
 * shells of |difference| / shell number, then the most compact cell.  The caller owns *out; NULL on
 * failure.  Errors: as above; DFT_EINPUT for n_b or n_shells out of range. */
dft_status cand_quasi_random_find(const cand_mixing *what, int size, int n_b, cand_quasi_random *report,
                                  dft_crystal **out, dft_error *err);

#endif
