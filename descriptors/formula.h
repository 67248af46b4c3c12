/*
 * descriptors/formula.h - chemical formulas: "ZnO", "Li15Au4", "Ti2C(OH)2", "Fe0.95O".
 *
 * Element symbols are those of the periodic table; counts are decimal numbers; parentheses nest.
 * Thread rule: no shared state.
 */
#ifndef DESC_FORMULA_H
#define DESC_FORMULA_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define DESC_FORMULA_MAX 12                      /* different elements in one formula */

typedef struct {
    size_t n;                                    /* different elements, in order of appearance */
    int z[DESC_FORMULA_MAX];                     /* atomic numbers */
    double count[DESC_FORMULA_MAX];              /* > 0, per formula unit */
} desc_formula;

/* Errors: DFT_EINPUT with the formula, the place and what is wrong (unknown element, empty,
 * unbalanced parenthesis, a count of zero, more than DESC_FORMULA_MAX elements). */
dft_status desc_formula_parse(const char *text, desc_formula *out, dft_error *err);

double desc_formula_count(const desc_formula *formula, int z);       /* 0 when it is not in it */
double desc_formula_atoms(const desc_formula *formula);              /* per formula unit */
double desc_formula_mass_u(const desc_formula *formula);             /* g/mol */

/* Whether every element of the formula is one of z[0..n_z-1]. */
int desc_formula_within(const desc_formula *formula, const int *z, size_t n_z);

/* The same composition, whatever the size and order of the formula unit: Li2O2 and LiO. */
int desc_formula_same(const desc_formula *a, const desc_formula *b);

#endif
