/*
 * descriptors/hull.h - the convex hull of formation energies in any number of elements.
 *
 * The stable state of N atoms of composition x is the cheapest mixture of phases,
 *   e_hull(x) = min sum_i e_i w_i   with   sum_i x_i w_i = x,  w_i >= 0
 * (a linear program, descriptors/hull_lp.h; its multipliers are the chemical potentials).  e_i is
 * the formation energy per atom against the elements, each of which is taken as a phase of energy
 * 0.
 *
 * Energies of one hull come from one method.  A hull therefore carries a label ("dft",
 * "calorimetric", "user"), and nothing here mixes two.
 * Units: eV; energies of entries per formula unit, results per atom.  All are formation energies or
 * Gibbs energies of formation: the hull does not know which.
 * Thread rule: a hull never changes after creation; const calls may run concurrently.
 */
#ifndef DESC_HULL_H
#define DESC_HULL_H

#include <stdbool.h>
#include <stddef.h>

#include "descriptors/formula.h"

/* A corner of the hull stands out by more than this (eV/atom); it covers the rounding of the
 * program. */
#define DESC_HULL_TOLERANCE 1e-9

typedef struct desc_hull desc_hull;

typedef struct {
    const char *name;            /* "ZnO" or "ZnO (wurtzite)": for people */
    desc_formula formula;        /* integer counts are needed for balanced reactions only */
    double energy_ev;            /* formation energy per formula unit */
    double volume_ang3;          /* per formula unit; NaN: unknown */
    const char *source;          /* "" when not stated */
} desc_hull_entry;

/* A share of a mixture of phases. */
typedef struct {
    size_t entry;
    double amount;               /* formula units of the entry in the composition that was asked */
} desc_hull_share;

/* Copies the entries.  Elements that no entry stands for at energy <= 0 join it as entries of
 * energy 0, after those given (volume unknown).  The caller owns *out; NULL on failure. Errors:
 * DFT_EINPUT for no entries or an energy that is not finite or absurd,
 * DFT_ENOMEM. */
dft_status desc_hull_create(const char *label, const desc_hull_entry *entry, size_t n,
                            desc_hull **out, dft_error *err);

void desc_hull_free(desc_hull *hull);                                    /* NULL is accepted */

const char *desc_hull_label(const desc_hull *hull);
size_t desc_hull_size(const desc_hull *hull);
const desc_hull_entry *desc_hull_entry_at(const desc_hull *hull, size_t i);       /* borrowed */

/* The lowest entry of a composition; desc_hull_size() when there is none. */
size_t desc_hull_find(const desc_hull *hull, const desc_formula *formula);

/* The stable mixture of the atoms of one formula unit.  energy_ev is that of the formula unit.
 * share may be NULL; else it has room for DESC_FORMULA_MAX, and *n_shares says how many were used
 * (amounts above 1e-9 of an atom).  skip: an entry whose composition may not be used (what a stable
 * phase would decompose into); desc_hull_size() for none. Errors: DFT_EINPUT when the hull has no
 * phases for one of the elements, DFT_ENUMERIC, DFT_ENOMEM. */
dft_status desc_hull_decompose(const desc_hull *hull, const desc_formula *formula, size_t skip,
                               double *energy_ev, desc_hull_share *share, size_t *n_shares,
                               dft_error *err);

/* Energy of an entry above the hull, eV/atom, 0 for those on it.  Errors: as decompose. */
dft_status desc_hull_above(const desc_hull *hull, size_t i, double *ev_per_atom, dft_error *err);

/* Whether an entry is stable: a corner of the hull (other compositions do not reach its energy),
 * and the first of its composition among equals.  Errors: as decompose. */
dft_status desc_hull_stable(const desc_hull *hull, size_t i, bool *stable, dft_error *err);

/* The range of the chemical potential of element z (eV, 0 for the element itself) in which a stable
 * entry exists in equilibrium; -INFINITY where nothing bounds it from below.  For an entry above
 * the hull both are NaN.  Errors: as decompose, and DFT_EINPUT when no entry contains z. */
dft_status desc_hull_mu_range(const desc_hull *hull, size_t i, int z, double *low, double *high,
                              dft_error *err);

#endif
