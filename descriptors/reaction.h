/*
 * descriptors/reaction.h - chemical reactions with integer coefficients, balanced element by
 * element.
 *
 * A reaction comes from amounts of phases (a vertex of a linear program, say) that already balance
 * to rounding.  It is written with the smallest integers that reproduce them and accepted only when
 * every element then balances exactly. Thread rule: no shared state.
 */
#ifndef DESC_REACTION_H
#define DESC_REACTION_H

#include <stddef.h>

#include "descriptors/formula.h"

#define DESC_REACTION_MAX (2 * DESC_FORMULA_MAX + 1)

typedef struct {
    size_t n;
    desc_formula formula[DESC_REACTION_MAX];
    char name[DESC_REACTION_MAX][32];            /* "Li2O", as it is written */
    double amount[DESC_REACTION_MAX];            /* products > 0, reactants < 0 */
    long coefficient[DESC_REACTION_MAX];         /* as integers, after desc_reaction_balance */
} desc_reaction;

/* Adds amount formula units of a phase (products > 0).  The same composition twice adds up; an
 * amount that ends below 1e-8 is no part of the reaction.  Errors: DFT_EINPUT when there are too
 * many. */
dft_status desc_reaction_add(desc_reaction *reaction, const char *name,
                             const desc_formula *formula, double amount, dft_error *err);

/* Finds the integers.  Phases that cancelled are dropped.
 * Errors: DFT_EINPUT when no integers up to 10^6 balance every element: the amounts were not a
 * reaction, or counts of a formula are not decimal fractions of a common size. */
dft_status desc_reaction_balance(desc_reaction *reaction, dft_error *err);

/* Atoms of element z made (> 0) or lost: 0 for a balanced reaction. */
double desc_reaction_surplus(const desc_reaction *reaction, int z);

/* "ZnO + 2 Li -> Li2O + Zn" into buffer, always terminated, cut at size. */
void desc_reaction_text(const desc_reaction *reaction, char *buffer, size_t size);

#endif
