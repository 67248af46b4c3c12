/*
 * candidates/charges.h - formal charges of the elements of a compound, from its composition.
 *
 * Every element gets one of its principal oxidation states (N. N. Greenwood, A. Earnshaw,
 * Chemistry of the Elements, 2nd ed. (1997), p. 28) such that the compound is neutral; the
 * commonest states win (data/elements.csv, compiled in, so that no caller must carry a table).  One
 * element of mixed valence gets their mean (Co3O4: Co 8/3).  Without a nonmetal as anion, as in
 * alloys, formal charges mean nothing, and none are given.
 */
#ifndef CAND_CHARGES_H
#define CAND_CHARGES_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/crystal/elements.h"

/* Fills charge[z], in |e|, for the elements of z[0..n-1] and returns true; false (all zero) for a
 * metal, an element of the table's gaps, or a composition that no states neutralise. */
bool cand_formal_charges(size_t n, const int *z, double charge[DFT_MAX_Z + 1]);

#endif
