/*
 * descriptors/hull_lp.h - linear programs for phase stability: the door to GLPK.
 *
 *   minimise  sum_i cost_i x_i   subject to   sum_i a_ri x_i = rhs_r (r = 0..n_rows-1),  x_i >= 0
 *
 * Solved by the simplex method; the result is accepted only when no column has a reduced cost below
 * -1e-10 (absolute, in the unit of the costs), so the minimum is good to 1e-10 sum_i x_i.  Where
 * rounding prevents that, GLPK's exact rational simplex finishes.
 *
 * Row multipliers: mu_r = d(minimum)/d(rhs_r), and sum_r a_ri mu_r <= cost_i for every column.
 * Thread rule: concurrent calls are safe where GLPK was built with thread-local storage (Debian's
 * is).  GLPK ends the process when malloc fails.
 */
#ifndef DESC_HULL_LP_H
#define DESC_HULL_LP_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct {
    size_t n_rows, n_columns;
    const double *a;             /* [n_columns][n_rows], borrowed */
    const double *cost;          /* [n_columns], borrowed */
    const double *rhs;           /* [n_rows], borrowed */
    const bool *free_column;     /* [n_columns], true: any sign; NULL: none is */
} desc_lp;

typedef enum { DESC_LP_OPTIMAL, DESC_LP_INFEASIBLE, DESC_LP_UNBOUNDED } desc_lp_outcome;

/* x [n_columns] and mu [n_rows] may be NULL; they and *minimum are set for DESC_LP_OPTIMAL only.
 * No answer is an outcome, not an error.  Errors: DFT_ENUMERIC when GLPK breaks down, DFT_EINPUT
 * for a coefficient that is not finite, DFT_ENOMEM. */
dft_status desc_lp_solve(const desc_lp *lp, desc_lp_outcome *outcome, double *minimum, double *x,
                         double *mu, dft_error *err);

#endif
