/*
 * descriptors/calphad_diagram.h - the phase diagram of two elements, with its invariant equilibria.
 *
 * Rows of tie-lines at rising temperatures; between rows whose fields differ the interval is halved
 * to 0.02 K, and Newton's method with the temperature among the unknowns then finds the invariant
 * equilibrium to machine precision.  Each invariant is checked against the tangent plane.
 * Units as in calphad_binary.h.
 */
#ifndef DESC_CALPHAD_DIAGRAM_H
#define DESC_CALPHAD_DIAGRAM_H

#include "descriptors/calphad_binary.h"

typedef enum {
    DESC_EUTECTIC,               /* liquid -> two solids on cooling */
    DESC_EUTECTOID,              /* solid -> two solids */
    DESC_MONOTECTIC,             /* liquid -> liquid and solid */
    DESC_METATECTIC,             /* solid -> liquid and solid */
    DESC_PERITECTIC,             /* liquid and solid -> solid */
    DESC_PERITECTOID,            /* two solids -> solid */
    DESC_SYNTECTIC,              /* two liquids -> solid */
    DESC_CONGRUENT,              /* two phases of equal composition */
    DESC_CRITICAL,               /* a miscibility gap closes; extrapolated from its width */
    DESC_PURE                    /* a pure element melts or transforms */
} desc_invariant_kind;

typedef struct {
    desc_invariant_kind kind;
    double temperature;
    size_t n_sets;               /* 3; 2 for congruent, pure and critical ones */
    desc_phase_set set[3];       /* by rising x */
} desc_invariant;

typedef struct {
    desc_tielines *row;          /* owned, [n_rows], rising temperature */
    desc_invariant *invariant;   /* owned, [n_invariants], rising temperature */
    size_t n_rows, n_invariants;
    size_t n_incomplete;         /* rows with an equilibrium that did not converge */
    size_t n_unsolved;           /* changes of the fields for which no invariant was found */
} desc_diagram;

const char *desc_invariant_name(desc_invariant_kind kind);       /* "eutectic", ... */

/* From `lowest` to `highest` in steps of about `step`; highest NaN: up to where only one phase is
 * left, or the end of the range.  The caller owns *out (desc_diagram_free).
 * Errors: DFT_EINPUT as desc_binary_tielines, and for lowest not below highest; DFT_ENOMEM. */
dft_status desc_diagram_compute(desc_solver *solver, double pressure, double lowest, double highest,
                                double step, desc_diagram **out, dft_error *err);
void desc_diagram_free(desc_diagram *diagram);                   /* NULL is accepted */

#endif
