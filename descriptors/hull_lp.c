#include "descriptors/hull_lp.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"

#define DUAL_TOLERANCE 1e-10

static dft_status lp_check(const desc_lp *lp, dft_error *err)
{
    for (size_t r = 0; r < lp->n_rows; r++)
        if (!isfinite(lp->rhs[r]))
            return dft_fail(err, DFT_EINPUT, "linear program: right-hand side %zu is %g", r,
                            lp->rhs[r]);
    for (size_t i = 0; i < lp->n_columns; i++) {
        if (!isfinite(lp->cost[i]))
            return dft_fail(err, DFT_EINPUT, "linear program: cost %zu is %g", i, lp->cost[i]);
        for (size_t r = 0; r < lp->n_rows; r++)
            if (!isfinite(lp->a[i * lp->n_rows + r]))
                return dft_fail(err, DFT_EINPUT, "linear program: coefficient %zu of column %zu is "
                                "%g", r, i, lp->a[i * lp->n_rows + r]);
    }
    return DFT_OK;
}

/* GLPK counts from 1.  index and value have room for n_rows + 1. */
static void lp_fill(const desc_lp *lp, glp_prob *problem, int *index, double *value)
{
    glp_set_obj_dir(problem, GLP_MIN);
    glp_add_rows(problem, (int)lp->n_rows);
    for (size_t r = 0; r < lp->n_rows; r++)
        glp_set_row_bnds(problem, (int)r + 1, GLP_FX, lp->rhs[r], lp->rhs[r]);
    glp_add_cols(problem, (int)lp->n_columns);
    for (size_t i = 0; i < lp->n_columns; i++) {
        const bool any_sign = lp->free_column && lp->free_column[i];
        int n = 0;
        for (size_t r = 0; r < lp->n_rows; r++)
            if (lp->a[i * lp->n_rows + r] != 0.0) {
                n++;
                index[n] = (int)r + 1;
                value[n] = lp->a[i * lp->n_rows + r];
            }
        glp_set_mat_col(problem, (int)i + 1, n, index, value);
        glp_set_obj_coef(problem, (int)i + 1, lp->cost[i]);
        glp_set_col_bnds(problem, (int)i + 1, any_sign ? GLP_FR : GLP_LO, 0.0, 0.0);
    }
}

/* The most negative reduced cost, computed here rather than taken from the solver. */
static double lp_worst_reduced_cost(const desc_lp *lp, glp_prob *problem)
{
    double worst = 0.0;

    for (size_t i = 0; i < lp->n_columns; i++) {
        double reduced = lp->cost[i];
        for (size_t r = 0; r < lp->n_rows; r++)
            reduced -= lp->a[i * lp->n_rows + r] * glp_get_row_dual(problem, (int)r + 1);
        worst = fmin(worst, lp->free_column && lp->free_column[i] ? -fabs(reduced) : reduced);
    }
    return worst;
}

static void lp_read(const desc_lp *lp, glp_prob *problem, double *minimum, double *x, double *mu)
{
    double sum = 0.0;

    for (size_t i = 0; i < lp->n_columns; i++) {
        const double value = glp_get_col_prim(problem, (int)i + 1);
        sum += lp->cost[i] * value;
        if (x)
            x[i] = value;
    }
    *minimum = sum;
    for (size_t r = 0; r < lp->n_rows && mu; r++)
        mu[r] = glp_get_row_dual(problem, (int)r + 1);
}

static int lp_run(const desc_lp *lp, glp_prob *problem)
{
    glp_smcp control;
    int code;

    glp_init_smcp(&control);
    control.msg_lev = GLP_MSG_OFF;
    control.meth = GLP_PRIMAL;
    control.tol_bnd = 1e-9;
    control.tol_dj = 1e-9;
    code = glp_simplex(problem, &control);
    if (code != 0 || (glp_get_status(problem) == GLP_OPT
                      && lp_worst_reduced_cost(lp, problem) < -DUAL_TOLERANCE))
        code = glp_exact(problem, &control);
    return code;
}

static dft_status lp_conclude(const desc_lp *lp, glp_prob *problem, int code,
                              desc_lp_outcome *outcome, double *minimum, double *x, double *mu,
                              dft_error *err)
{
    const int status = glp_get_status(problem);

    if (code == 0 && status == GLP_OPT) {
        *outcome = DESC_LP_OPTIMAL;
        lp_read(lp, problem, minimum, x, mu);
    } else if (code == 0 && (status == GLP_NOFEAS || status == GLP_INFEAS)) {
        *outcome = DESC_LP_INFEASIBLE;
    } else if (code == 0 && status == GLP_UNBND) {
        *outcome = DESC_LP_UNBOUNDED;
    } else {
        return dft_fail(err, DFT_ENUMERIC, "linear program with %zu rows and %zu columns: GLPK "
                        "gave up (code %d, status %d)", lp->n_rows, lp->n_columns, code, status);
    }
    return DFT_OK;
}

dft_status desc_lp_solve(const desc_lp *lp, desc_lp_outcome *outcome, double *minimum, double *x,
                         double *mu, dft_error *err)
{
    int *index = dft_alloc_ints(lp->n_rows + 1);
    double *value = dft_alloc_doubles(lp->n_rows + 1);
    glp_prob *problem = NULL;
    dft_status status = lp_check(lp, err);

    if (!index || !value)
        status = dft_fail(err, DFT_ENOMEM, "linear program: no memory for %zu rows", lp->n_rows);
    if (status != DFT_OK)
        goto done;
    if (lp->n_columns == 0) {                    /* GLPK wants at least one */
        *outcome = DESC_LP_INFEASIBLE;
        goto done;
    }
    glp_term_out(GLP_OFF);                       /* glp_exact talks whatever msg_lev says */
    problem = glp_create_prob();
    lp_fill(lp, problem, index, value);
    status = lp_conclude(lp, problem, lp_run(lp, problem), outcome, minimum, x, mu, err);
done:
    if (problem)
        glp_delete_prob(problem);
    free(index);
    free(value);
    return status;
}
