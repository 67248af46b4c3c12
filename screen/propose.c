#include "screen/propose.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/diverse.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"
#include "results/report_data.h"
#include "screen/propose_sample.h"

#define MOST_NAMES 64               /* different families, different elements */
#define N_NUMBERS 3
#define MOST_AVOIDED 16

static const struct { const char *name; double unit; } numbers[N_NUMBERS] = {
    { "lithiophilicity", 0.2 }, { "robustness", 0.2 }, { "li_binding_ev", 0.3 },
};

typedef struct {
    size_t n;
    const json_t *row[SCREEN_PROPOSE_POOL];     /* borrowed */
    double quality[SCREEN_PROPOSE_POOL];
    double *feature;                            /* owned, [n][n_features] */
    size_t n_features;
} pool;

/* ---- who takes part ---- */

static dft_status read_avoided(const char *list, int *z, size_t *n, dft_error *err)
{
    char text[200];

    *n = 0;
    snprintf(text, sizeof text, "%s", list ? list : "");
    for (char *rest = NULL, *word = strtok_r(text, ",", &rest); word;
         word = strtok_r(NULL, ",", &rest)) {
        const int number = dft_element_number(word);
        if (!number || *n == MOST_AVOIDED)
            return dft_fail(err, DFT_EUSAGE, "--avoid=%.80s: '%.20s' is no element, or there are too "
                            "many", list, word);
        z[(*n)++] = number;
    }
    return DFT_OK;
}

static int is_feasible(const json_t *row, const json_t *measured, const int *avoided,
                       size_t n_avoided)
{
    desc_formula f;
    const char *name = screen_row_text(row, "candidate");

    if (desc_formula_parse(screen_row_text(row, "formula"), &f, NULL) != DFT_OK)
        return 0;
    if ((f.n == 1 && f.z[0] == 3) || json_object_get(measured, name))
        return 0;
    for (size_t i = 0; i < n_avoided; i++)
        if (desc_formula_count(&f, avoided[i]) > 0.0)
            return 0;
    return isfinite(screen_row_number(row, "lithiophilicity"))
           && isfinite(screen_row_number(row, "robustness"));
}

static double quality_of(const json_t *row)
{
    const double l = screen_row_number(row, "lithiophilicity");
    const double r = screen_row_number(row, "robustness"), score = screen_row_number(row, "score");
    const double spread = 0.5 * (screen_row_number(row, "lithiophilicity_high")
                                 - screen_row_number(row, "lithiophilicity_low")
                                 + screen_row_number(row, "robustness_high")
                                 - screen_row_number(row, "robustness_low"));

    return exp(4.0 * ((isfinite(score) ? score : 0.5 * (l + r))
                      + (isfinite(spread) ? 0.25 * spread : 0.0)));
}

/* ---- features ---- */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Column f of the features from a number of the rows, unknown ones at the median of the known. */
static void number_feature(pool *p, size_t f, const char *name, double unit, double *scratch)
{
    size_t n_known = 0;

    for (size_t i = 0; i < p->n; i++) {
        const double v = screen_row_number(p->row[i], name);
        if (isfinite(v))
            scratch[n_known++] = v;
    }
    qsort(scratch, n_known, sizeof *scratch, compare_doubles);
    const double median = n_known ? scratch[n_known / 2] : 0.0;
    for (size_t i = 0; i < p->n; i++) {
        const double v = screen_row_number(p->row[i], name);
        p->feature[i * p->n_features + f] = (isfinite(v) ? v : median) / unit;
    }
}

/* The columns from f on are one for each name, sqrt(1/2) where it is the row's: different names lie one
 * unit apart.  Names beyond MOST_NAMES share the last column. */
static void name_features(pool *p, size_t f, const char *(*name_of)(const json_t *row, char buffer[8]))
{
    char known[MOST_NAMES][64];
    size_t n_known = 0;

    for (size_t i = 0; i < p->n; i++) {
        char buffer[8];
        const char *name = name_of(p->row[i], buffer);
        size_t k = 0;
        while (k < n_known && strncmp(known[k], name, sizeof known[k] - 1) != 0)
            k++;
        if (k == n_known && n_known < MOST_NAMES)
            snprintf(known[n_known++], sizeof known[0], "%.63s", name);
        p->feature[i * p->n_features + f + (k < MOST_NAMES ? k : MOST_NAMES - 1)] = sqrt(0.5);
    }
}

static const char *family_of(const json_t *row, char buffer[8])
{
    (void)buffer;
    return screen_row_text(row, "family");
}

/* The heaviest element: what a candidate is called after. */
static const char *element_of(const json_t *row, char buffer[8])
{
    desc_formula f;
    int z = 0;

    if (desc_formula_parse(screen_row_text(row, "formula"), &f, NULL) == DFT_OK)
        for (size_t i = 0; i < f.n; i++)
            z = f.z[i] > z ? f.z[i] : z;
    snprintf(buffer, 8, "%s", z ? dft_element_symbol(z) : "");
    return buffer;
}

static dft_status make_features(pool *p, dft_error *err)
{
    double *scratch = dft_alloc_doubles(p->n);

    p->n_features = N_NUMBERS + 2 * MOST_NAMES;
    p->feature = dft_alloc_doubles(p->n * p->n_features);
    if (!p->feature || !scratch) {
        free(scratch);
        return dft_fail(err, DFT_ENOMEM, "no memory to compare %zu candidates", p->n);
    }
    for (size_t f = 0; f < N_NUMBERS; f++)
        number_feature(p, f, numbers[f].name, numbers[f].unit, scratch);
    name_features(p, N_NUMBERS, family_of);
    name_features(p, N_NUMBERS + MOST_NAMES, element_of);
    free(scratch);
    return DFT_OK;
}

/* ---- choosing ---- */

static dft_status fill_pool(const json_t *rows, const json_t *measured,
                            const screen_propose_request *request, pool *p, dft_error *err)
{
    int avoided[MOST_AVOIDED];
    size_t n_avoided = 0, i;
    const json_t *row;
    dft_status status = read_avoided(request->avoid, avoided, &n_avoided, err);

    if (status != DFT_OK)
        return status;
    json_array_foreach((json_t *)rows, i, row)
        if (p->n < SCREEN_PROPOSE_POOL && is_feasible(row, measured, avoided, n_avoided)) {
            p->quality[p->n] = quality_of(row);
            p->row[p->n++] = row;
        }
    return p->n ? make_features(p, err) : DFT_OK;
}

static dft_status choose(const screen_sample_data *data, const json_t *rows, const json_t *measured,
                         const screen_propose_request *request, json_t *out, dft_error *err)
{
    pool *p = dft_alloc(1, sizeof *p);
    size_t *pick = dft_alloc_sizes(request->count), n_picked = 0;
    dft_status status = p && pick ? fill_pool(rows, measured, request, p, err)
        : dft_fail(err, DFT_ENOMEM, "no memory for %zu proposals", request->count);

    if (status == DFT_OK && p->n)
        status = desc_diverse_pick(p->quality, p->feature, p->n, p->n_features, request->count, pick,
                                   &n_picked, err);
    for (size_t i = 0; i < n_picked && status == DFT_OK; i++)
        if (json_array_append_new(out, screen_propose_sample(data, p->row[pick[i]])) != 0)
            status = dft_fail(err, DFT_ENOMEM, "no memory for %zu proposals", request->count);
    if (p)
        free(p->feature);
    free(p);
    free(pick);
    return status;
}

dft_status screen_propose(const screen_app *app, const char *run_dir,
                          const screen_propose_request *request, json_t **out, dft_error *err)
{
    res_report_source *source = NULL;
    desc_phase_data *phase_data = NULL;
    desc_handling *handling = NULL;
    json_t *rows = NULL, *measured = NULL, *chosen = json_array();
    dft_status status = res_report_open(run_dir, &source, err);

    if (status == DFT_OK)
        status = res_report_ranked(source, SCREEN_PROPOSE_POOL, &rows, err);
    if (status == DFT_OK)
        status = res_report_measured(source, &measured, err);
    if (status == DFT_OK)
        status = desc_phase_data_read(app->descriptors_dir, &phase_data, err);
    if (status == DFT_OK)
        status = desc_handling_read(app->descriptors_dir, &handling, err);
    if (status == DFT_OK) {
        const screen_sample_data data = { phase_data, handling, request->plated_mah_per_cm2 };
        status = choose(&data, rows, measured, request, chosen, err);
    }
    desc_handling_free(handling);
    desc_phase_data_free(phase_data);
    json_decref(rows);
    json_decref(measured);
    res_report_close(source);
    if (status != DFT_OK) {
        json_decref(chosen);
        chosen = NULL;
    }
    *out = chosen;
    return status;
}

/* ---- CSV ---- */

static const struct { const char *name; int decimals; } csv_columns[] = {   /* -1: text */
    { "candidate", -1 }, { "rank", 0 }, { "rank_low", 0 }, { "rank_high", 0 }, { "form", -1 },
    { "facet", -1 }, { "thickness_low_nm", 1 }, { "thickness_high_nm", 0 },
    { "dissolves_below_nm", 2 }, { "thickness_basis", -1 }, { "first_lithiation_v", 3 },
    { "first_lithiation_error_v", 3 }, { "lithiophilicity", 3 }, { "lithiophilicity_low", 3 },
    { "lithiophilicity_high", 3 }, { "robustness", 3 }, { "robustness_low", 3 },
    { "robustness_high", 3 }, { "hazards", -1 }, { "price_class_usd_per_kg", -1 },
    { "handling_origin", -1 }, { "why", -1 }, { "quantity", -1 },
    /* to fill in */
    { "value", -1 }, { "error", -1 }, { "current_density_ma_per_cm2", -1 },
    { "capacity_mah_per_cm2", -1 }, { "stack_pressure_mpa", -1 }, { "temperature_c", -1 },
    { "source", -1 }, { "remarks", -1 },
};
#define N_CSV (sizeof csv_columns / sizeof csv_columns[0])

dft_status screen_propose_csv(const json_t *proposals, res_text *text, dft_error *err)
{
    size_t i;
    const json_t *row;

    for (size_t c = 0; c < N_CSV; c++)
        res_text_addf(text, "%s%s", c ? "," : "", csv_columns[c].name);
    res_text_add(text, "\n");
    json_array_foreach((json_t *)proposals, i, row) {
        for (size_t c = 0; c < N_CSV; c++) {
            res_text_add(text, c ? "," : "");
            if (csv_columns[c].decimals < 0)
                res_text_add_csv(text, screen_row_text(row, csv_columns[c].name));
            else
                res_text_add_csv_number(text, screen_row_number(row, csv_columns[c].name),
                                        csv_columns[c].decimals);
        }
        res_text_add(text, "\n");
    }
    return text->failed ? dft_fail(err, DFT_ENOMEM, "no memory for the proposals") : DFT_OK;
}
