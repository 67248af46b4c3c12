#include "screen/observe.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/reweight.h"
#include "dft-lite/base/alloc.h"
#include "results/observations.h"
#include "results/report_data.h"
#include "screen/propose_sample.h"

#define POOL 5000
#define N_TERMS 5
#define N_PERMUTATIONS 999
#define SEED 20260

/* The weights of a campaign, the column that each stands on, and which way is better. */
static const struct { const char *weight, *column; int better; } terms[N_TERMS] = {
    { "binding", "li_binding_ev", -1 },
    { "solubility", "solubility_m_in_li", 1 },
    { "alloying", "first_lithiation_ev", 1 },
    { "barrier", "migration_barrier_ev", -1 },
    { "compliance", "bulk_modulus_gpa", -1 },
};

typedef struct {
    size_t n;
    json_t *rows;                   /* owned: the ranked candidates */
    double *z;                      /* owned, [n][N_TERMS] */
    double *score;                  /* owned, [n] */
    double w0[N_TERMS];
} ranked;

typedef struct {
    size_t n;
    double *z, *score, *t;          /* owned: of the measured ones */
    size_t *row;                    /* owned: place in ranked */
    double *value;                  /* owned: mean, as measured */
} measured;

/* ---- the present state ---- */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* (number below + half the number equal)/number known: ties share, unknown is the middle. */
static double percentile(const double *sorted, size_t n, double v)
{
    size_t below = 0, equal = 0;

    if (!isfinite(v) || n == 0)
        return 0.5;
    for (size_t i = 0; i < n && sorted[i] <= v; i++) {
        if (sorted[i] < v)
            below++;
        else
            equal++;
    }
    return ((double)below + 0.5 * (double)equal) / (double)n;
}

static double score_of(const json_t *row)
{
    const double score = screen_row_number(row, "score");

    return isfinite(score) ? score : 0.5 * (screen_row_number(row, "lithiophilicity")
                                            + screen_row_number(row, "robustness"));
}

static dft_status make_terms(ranked *r, dft_error *err)
{
    double *sorted = dft_alloc_doubles(r->n);

    r->z = dft_alloc_doubles(r->n * N_TERMS);
    r->score = dft_alloc_doubles(r->n);
    if (!sorted || !r->z || !r->score) {
        free(sorted);
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu candidates", r->n);
    }
    for (size_t i = 0; i < r->n; i++)
        r->score[i] = score_of(json_array_get(r->rows, i));
    for (size_t j = 0; j < N_TERMS; j++) {
        size_t n_known = 0;
        for (size_t i = 0; i < r->n; i++) {
            const double v = screen_row_number(json_array_get(r->rows, i), terms[j].column);
            if (isfinite(v))
                sorted[n_known++] = v;
        }
        qsort(sorted, n_known, sizeof *sorted, compare_doubles);
        for (size_t i = 0; i < r->n; i++) {
            const double p = percentile(sorted, n_known,
                                        screen_row_number(json_array_get(r->rows, i),
                                                          terms[j].column));
            r->z[i * N_TERMS + j] = terms[j].better > 0 ? p : 1.0 - p;
        }
    }
    free(sorted);
    return desc_reweight_present(r->z, r->score, r->n, N_TERMS, r->w0, err);
}

/* ---- what was measured of one quantity ---- */

static dft_status gather(const ranked *r, const json_t *all, const res_quantity *quantity,
                         measured *m, dft_error *err)
{
    m->z = dft_alloc_doubles(r->n * N_TERMS);
    m->score = dft_alloc_doubles(r->n);
    m->t = dft_alloc_doubles(r->n);
    m->value = dft_alloc_doubles(r->n);
    m->row = dft_alloc_sizes(r->n);
    if (!m->z || !m->score || !m->t || !m->value || !m->row)
        return dft_fail(err, DFT_ENOMEM, "no memory for the measured values");
    for (size_t i = 0; i < r->n; i++) {
        const char *name = screen_row_text(json_array_get(r->rows, i), "candidate");
        const json_t *values = json_object_get(json_object_get(all, name), quantity->name);
        const size_t n = json_array_size(values);
        double sum = 0.0;
        for (size_t k = 0; k < n; k++)
            sum += screen_row_number(json_array_get(values, k), "value");
        if (!n || !isfinite(r->score[i]))
            continue;
        memcpy(m->z + m->n * N_TERMS, r->z + i * N_TERMS, N_TERMS * sizeof *m->z);
        m->score[m->n] = r->score[i];
        m->value[m->n] = sum / (double)n;
        m->t[m->n] = quantity->better * m->value[m->n];
        m->row[m->n++] = i;
    }
    return DFT_OK;
}

static void measured_clear(measured *m)
{
    free(m->z);
    free(m->score);
    free(m->t);
    free(m->value);
    free(m->row);
}

/* Spearman's: of the ranks, ties sharing theirs; NaN when all are equal. */
static double rank_correlation(const double *x, const double *y, size_t n)
{
    double sxx = 0.0, syy = 0.0, sxy = 0.0;

    for (size_t i = 0; i < n; i++) {
        double rx = 0.0, ry = 0.0;              /* twice the rank, less the mean of all */
        for (size_t k = 0; k < n; k++) {
            rx += (x[k] < x[i]) - (x[k] > x[i]);
            ry += (y[k] < y[i]) - (y[k] > y[i]);
        }
        sxx += rx * rx;
        syy += ry * ry;
        sxy += rx * ry;
    }
    return sxx > 0.0 && syy > 0.0 ? sxy / sqrt(sxx * syy) : NAN;
}

/* ---- printing ---- */

static void print_verdict(FILE *out, const ranked *r, const desc_reweight_result *result)
{
    if (isnan(result->p_value)) {
        fprintf(out, "    re-weighting: needs %d measured candidates\n", DESC_REWEIGHT_LEAST);
        return;
    }
    fprintf(out, "    re-weighting: the error of what is left out changes by %+.0f %%, p = %.3f: %s\n",
            -100.0 * result->gain, result->p_value,
            result->improves ? "an improvement that holds out"
                             : "no improvement that luck would not give; the weights stay");
    if (!result->improves)
        return;
    fprintf(out, "    share of the terms now -> as measured:");
    for (size_t j = 0; j < N_TERMS; j++)
        fprintf(out, " %s %.2f -> %.2f%s", terms[j].weight, r->w0[j], result->weight[j],
                j + 1 < N_TERMS ? "," : "\n");
    fprintf(out, "    to use them, set `weights` in the campaign and run 'liscreen rank' again\n");
}

static dft_status print_quantity(FILE *out, const ranked *r, const json_t *all,
                                 const res_quantity *quantity, size_t *n_shown, dft_error *err)
{
    measured m = { 0 };
    desc_reweight_result result;
    dft_status status = gather(r, all, quantity, &m, err);

    if (status == DFT_OK && m.n > 0) {
        const desc_reweight_request request = { m.n, N_TERMS, m.z, m.score, r->w0, m.t,
                                                N_PERMUTATIONS, SEED };
        const double rho = rank_correlation(m.score, m.t, m.n);
        *n_shown += m.n;
        fprintf(out, "%s (%s), %zu candidates", quantity->name, quantity->unit, m.n);
        if (m.n > 2 && isfinite(rho))
            fprintf(out, "; rank correlation with the score %+.2f (+1: the better in the list were the "
                    "better in the cell)", rho);
        fprintf(out, "\n    %4s  %-18s %12s %8s\n", "rank", "candidate", "measured", "score");
        for (size_t i = 0; i < m.n; i++) {
            const json_t *row = json_array_get(r->rows, m.row[i]);
            fprintf(out, "    %4.0f  %-18s %12.4g %8.3f\n", screen_row_number(row, "rank"),
                    screen_row_text(row, "candidate"), m.value[i], m.score[i]);
        }
        status = desc_reweight(&request, &result, err);
        if (status == DFT_OK)
            print_verdict(out, r, &result);
    }
    measured_clear(&m);
    return status;
}

dft_status screen_observe_print(FILE *out, const char *run_dir, dft_error *err)
{
    res_report_source *source = NULL;
    ranked r = { 0 };
    json_t *all = NULL;
    size_t n_quantities, n_shown = 0;
    const res_quantity *quantity = res_quantities(&n_quantities);
    dft_status status = res_report_open(run_dir, &source, err);

    if (status == DFT_OK)
        status = res_report_ranked(source, POOL, &r.rows, err);
    if (status == DFT_OK)
        status = res_report_measured(source, &all, err);
    r.n = json_array_size(r.rows);
    if (status == DFT_OK)
        status = make_terms(&r, err);
    for (size_t i = 0; i < n_quantities && status == DFT_OK; i++)
        status = print_quantity(out, &r, all, &quantity[i], &n_shown, err);
    if (status == DFT_OK && n_shown == 0)
        fprintf(out, "nothing has been measured on the ranked candidates of %s yet\n", run_dir);
    json_decref(all);
    json_decref(r.rows);
    free(r.z);
    free(r.score);
    res_report_close(source);
    return status;
}
