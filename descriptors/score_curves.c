/* The tables of score.h: desirability.csv and errors.csv. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/score.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"

typedef struct {
    int curve;
    double sigma;
    const char *component;           /* borrowed from the table */
} error_row;

struct desc_curves {
    dft_csv *curves, *errors;        /* owned; the texts live there */
    desc_curve curve[DESC_N_CURVES];
    error_row *error;                /* owned, [n_errors] */
    size_t n_errors;
};

enum { TERM, AXIS, QUANTITY, UNIT, SCALE, ZERO_AT, ONE_AT, PRIOR_LOW, PRIOR_HIGH, LEAST, MOST, WHY,
       SOURCE, PRIOR_WHY, N_COLUMNS };
static const char *const curve_columns[N_COLUMNS] = {
    "term", "axis", "quantity", "unit", "scale", "zero_at", "one_at", "prior_low", "prior_high",
    "least", "most", "why", "source", "prior_why",
};

/* The curve that a row's first column names. */
static dft_status find_curve(const dft_csv *csv, size_t row, size_t column, int *curve,
                             dft_error *err)
{
    const char *name = dft_csv_text(csv, row, column);

    for (int i = 0; i < DESC_N_CURVES; i++)
        if (strcmp(desc_term_name(i), name) == 0) {
            *curve = i;
            return DFT_OK;
        }
    return dft_fail(err, DFT_EPARSE, "%s:%d: there is no term \"%.40s\"; terms are those of "
                    "descriptors/score.h", dft_csv_path(csv), dft_csv_line(csv, row), name);
}

static dft_status check_curve(const dft_csv *csv, size_t row, const desc_curve *c, dft_error *err)
{
    const char *what = NULL;

    if (!(fabs(c->one_at - c->zero_at) > 0.0))
        what = "zero_at and one_at must differ";
    else if (!(c->prior_high > c->prior_low))
        what = "prior_low must lie below prior_high";
    else if (!(c->most > c->least))
        what = "least must lie below most";
    else if (c->log10 && !(fmin(c->zero_at, c->one_at) > 0.0 && c->prior_low > 0.0))
        what = "on a log10 scale the ends of curve and prior are positive";
    else if (c->why[0] == '\0' || c->source[0] == '\0')
        what = "a curve needs its reason and its source";
    return what ? dft_fail(err, DFT_EPARSE, "%s:%d: %s", dft_csv_path(csv), dft_csv_line(csv, row),
                           what) : DFT_OK;
}

static dft_status read_curve(const dft_csv *csv, size_t row, const size_t *column,
                             desc_curves *to, bool *seen, dft_error *err)
{
    const char *scale = dft_csv_text(csv, row, column[SCALE]);
    int curve = 0;
    dft_status status = find_curve(csv, row, column[TERM], &curve, err);

    if (status != DFT_OK)
        return status;
    if (seen[curve] || (strcmp(scale, "linear") != 0 && strcmp(scale, "log10") != 0))
        return dft_fail(err, DFT_EPARSE, "%s:%d: %s", dft_csv_path(csv), dft_csv_line(csv, row),
                        seen[curve] ? "this term has a row already" : "scale is linear or log10");
    seen[curve] = true;
    desc_curve *c = &to->curve[curve];
    double *const number[] = { &c->zero_at, &c->one_at, &c->prior_low, &c->prior_high, &c->least,
                               &c->most };
    *c = (desc_curve){ .log10 = strcmp(scale, "log10") == 0,
                       .quantity = dft_csv_text(csv, row, column[QUANTITY]),
                       .unit = dft_csv_text(csv, row, column[UNIT]),
                       .why = dft_csv_text(csv, row, column[WHY]),
                       .source = dft_csv_text(csv, row, column[SOURCE]),
                       .prior_why = dft_csv_text(csv, row, column[PRIOR_WHY]) };
    for (int i = 0; i < 6 && status == DFT_OK; i++)
        status = dft_csv_number(csv, row, column[ZERO_AT + i], number[i], err);
    if (status == DFT_OK)
        status = check_curve(csv, row, c, err);
    if (status == DFT_OK) {
        c->zero_scaled = c->log10 ? log10(c->zero_at) : c->zero_at;
        c->per_width = 1.0 / ((c->log10 ? log10(c->one_at) : c->one_at) - c->zero_scaled);
    }
    return status;
}

static dft_status read_curves(const char *path, desc_curves *to, dft_error *err)
{
    size_t column[N_COLUMNS];
    bool seen[DESC_N_CURVES] = { false };
    dft_status status = dft_csv_read(path, &to->curves, err);

    for (int i = 0; i < N_COLUMNS && status == DFT_OK; i++)
        status = dft_csv_column(to->curves, curve_columns[i], &column[i], err);
    for (size_t row = 0; status == DFT_OK && row < dft_csv_n_rows(to->curves); row++)
        status = read_curve(to->curves, row, column, to, seen, err);
    for (int i = 0; i < DESC_N_CURVES && status == DFT_OK; i++)
        if (!seen[i])
            status = dft_fail(err, DFT_EPARSE, "%s: the row of the term \"%s\" is missing", path,
                              desc_term_name(i));
    return status;
}

static dft_status read_errors(const char *path, desc_curves *to, dft_error *err)
{
    size_t term = 0, component = 0, sigma = 0;
    dft_status status = dft_csv_read(path, &to->errors, err);

    if (status == DFT_OK)
        status = dft_csv_column(to->errors, "term", &term, err);
    if (status == DFT_OK)
        status = dft_csv_column(to->errors, "component", &component, err);
    if (status == DFT_OK)
        status = dft_csv_column(to->errors, "sigma", &sigma, err);
    if (status != DFT_OK)
        return status;
    to->n_errors = dft_csv_n_rows(to->errors);
    to->error = dft_alloc(to->n_errors, sizeof *to->error);
    if (!to->error)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu rows", path, to->n_errors);
    for (size_t row = 0; row < to->n_errors && status == DFT_OK; row++) {
        error_row *e = &to->error[row];
        e->component = dft_csv_text(to->errors, row, component);
        status = find_curve(to->errors, row, term, &e->curve, err);
        if (status == DFT_OK)
            status = dft_csv_number(to->errors, row, sigma, &e->sigma, err);
        if (status == DFT_OK && e->sigma < 0.0)
            status = dft_fail(err, DFT_EPARSE, "%s:%d: an error is not negative", path,
                              dft_csv_line(to->errors, row));
    }
    return status;
}

dft_status desc_curves_read(const char *directory, desc_curves **out, dft_error *err)
{
    desc_curves *curves = dft_alloc(1, sizeof *curves);
    char *path = dft_path_join(directory, "desirability.csv");
    char *errors = dft_path_join(directory, "errors.csv");
    dft_status status = DFT_OK;

    *out = NULL;
    if (!curves || !path || !errors)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the curves of %s", directory);
    if (status == DFT_OK)
        status = read_curves(path, curves, err);
    if (status == DFT_OK)
        status = read_errors(errors, curves, err);
    free(path);
    free(errors);
    if (status != DFT_OK) {
        desc_curves_free(curves);
        return status;
    }
    *out = curves;
    return DFT_OK;
}

void desc_curves_free(desc_curves *curves)
{
    if (!curves)
        return;
    dft_csv_free(curves->curves);
    dft_csv_free(curves->errors);
    free(curves->error);
    free(curves);
}

const desc_curve *desc_curve_of(const desc_curves *curves, int curve)
{
    return &curves->curve[curve];
}

double desc_error_sigma(const desc_curves *curves, int curve, const char *component)
{
    for (size_t i = 0; i < curves->n_errors; i++)
        if (curves->error[i].curve == curve && strcmp(curves->error[i].component, component) == 0)
            return curves->error[i].sigma;
    return 0.0;
}
