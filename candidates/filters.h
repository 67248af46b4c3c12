/*
 * candidates/filters.h - what keeps nonsense out of an enumeration: charges and distances.
 *
 * Pure functions; bohr.
 */
#ifndef CAND_FILTERS_H
#define CAND_FILTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/ions.h"
#include "dft-lite/crystal/crystal.h"

typedef enum {
    CAND_CHARGE_METALLIC,           /* no anion: charges say nothing */
    CAND_CHARGE_NEUTRAL,            /* oxidation states of the table sum to zero */
    CAND_CHARGE_MIXED,              /* neutral when one element has two of its states at once: Fe3O4 */
    CAND_CHARGE_IMPOSSIBLE          /* no choice of states is neutral */
} cand_charge_verdict;

/* Can the atoms z[0..n-1] be neutral with one oxidation state for each element (candidates/ions.h)?
 * Only compounds of a metal with N, O, F, S, Cl, Se or Br are judged; of those, the most
 * electronegative element must be the anion.  Elements without states are taken as impossible. */
cand_charge_verdict cand_charge_judge(const cand_ions *ions, size_t n, const int *z);
bool cand_charge_is_possible(cand_charge_verdict verdict);

/* Smallest distance between atoms over the sum of their covalent radii (B. Cordero et al., Dalton
 * Trans. 2832 (2008)); NaN when a radius is unknown.  *i, *j (NULL allowed) get the pair. */
double cand_closest_contact(const dft_crystal *crystal, size_t *i, size_t *j);

/* The range of the verified structure library, with a margin: closer atoms overlap, and a structure
 * whose nearest neighbours are further apart is no solid. */
#define CAND_CONTACT_LEAST 0.70
#define CAND_CONTACT_MOST 1.50

#endif
