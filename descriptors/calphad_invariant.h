/*
 * descriptors/calphad_invariant.h - the invariant equilibria between two rows of tie-lines.
 *
 * Not a public header; part of calphad_diagram.c.
 */
#ifndef DESC_CALPHAD_INVARIANT_H
#define DESC_CALPHAD_INVARIANT_H

#include "descriptors/calphad_diagram.h"
#include "descriptors/calphad_solver.h"

/* Adds those between two rows that are close in T and differ in their fields.  A closing gap at a
 * pure element is left to invariant_pure.  Errors: DFT_ENOMEM. */
dft_status invariant_between(desc_solver *solver, const desc_tielines *a, const desc_tielines *b,
                             desc_diagram *diagram, dft_error *err);

/* Adds melting and transformations of the two pure elements within the rows' temperatures. */
dft_status invariant_pure(desc_solver *solver, desc_diagram *diagram, dft_error *err);

#endif
