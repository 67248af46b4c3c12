#include "results/observations.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <sqlite3.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/hash.h"
#include "results/report_source.h"

#define MOST_BYTES (64u << 20)

static const res_quantity quantities[] = {
    { "nucleation_overpotential_mv", "mV", 0.0, 2000.0, -1 },
    { "contact_angle_deg", "degree", 0.0, 180.0, -1 },
    { "plating_morphology", "0 moss or dendrites, 1 dense and flat", 0.0, 1.0, 1 },
    { "coulombic_efficiency_percent", "%", 0.0, 100.0, 1 },
    { "cycle_life_cycles", "cycles", 0.0, 1e6, 1 },
};
#define N_QUANTITIES (sizeof quantities / sizeof quantities[0])

const res_quantity *res_quantities(size_t *n)
{
    *n = N_QUANTITIES;
    return quantities;
}

const res_quantity *res_quantity_find(const char *name)
{
    for (size_t i = 0; i < N_QUANTITIES; i++)
        if (strcmp(quantities[i].name, name) == 0)
            return &quantities[i];
    return NULL;
}

/* ---- one file ---- */

enum { CANDIDATE, QUANTITY, SOURCE, REMARKS, VALUE, ERROR, CURRENT, CAPACITY, PRESSURE, TEMPERATURE,
       N_COLUMNS };
static const struct { const char *name; int needed; double least, most; } columns[N_COLUMNS] = {
    [CANDIDATE] = { "candidate", 1, 0, 0 },   [QUANTITY] = { "quantity", 1, 0, 0 },
    [SOURCE] = { "source", 0, 0, 0 },         [REMARKS] = { "remarks", 0, 0, 0 },
    [VALUE] = { "value", 1, -INFINITY, INFINITY },       /* the quantity has its own range */
    [ERROR] = { "error", 0, 0.0, 1e6 },
    [CURRENT] = { "current_density_ma_per_cm2", 0, 0.0, 1e4 },
    [CAPACITY] = { "capacity_mah_per_cm2", 0, 0.0, 1e4 },
    [PRESSURE] = { "stack_pressure_mpa", 0, 0.0, 1e4 },
    [TEMPERATURE] = { "temperature_c", 0, -100.0, 1000.0 },
};

typedef struct {
    const char *path;               /* borrowed; for messages */
    dft_csv *csv;                   /* owned */
    size_t at[N_COLUMNS];           /* (size_t)-1: not there */
} sheet;

static const char *text_of(const sheet *s, size_t row, int column)
{
    const char *text = s->at[column] == (size_t)-1 ? "" : dft_csv_text(s->csv, row, s->at[column]);

    /* The apostrophe is a spreadsheet's, not the name's. */
    return text[0] == '\'' && text[1] && strchr("=+-@", text[1]) ? text + 1 : text;
}

static dft_status read_number(const sheet *s, size_t row, int column, double least, double most,
                              double *out, dft_error *err)
{
    *out = NAN;
    if (s->at[column] == (size_t)-1)
        return DFT_OK;
    const dft_status status = dft_csv_optional_number(s->csv, row, s->at[column], out, err);
    if (status != DFT_OK || isnan(*out) || (*out >= least && *out <= most))
        return status;
    return dft_fail(err, DFT_EPARSE, "%s:%d: column \"%s\" holds %g; it must lie between %g and %g",
                    s->path, dft_csv_line(s->csv, row), columns[column].name, *out, least, most);
}

static int is_utf8(const char *text)
{
    json_t *value = json_string(text);

    json_decref(value);
    return value != NULL;
}

static dft_status check_texts(const sheet *s, size_t row, dft_error *err)
{
    for (int c = CANDIDATE; c <= REMARKS; c++)
        if (!is_utf8(text_of(s, row, c)))
            return dft_fail(err, DFT_EPARSE, "%s:%d: column \"%s\" is not UTF-8; save the table as "
                            "UTF-8", s->path, dft_csv_line(s->csv, row), columns[c].name);
    return DFT_OK;
}

static dft_status read_row(const sheet *s, size_t row, res_observation *out, dft_error *err)
{
    const char *quantity = text_of(s, row, QUANTITY);
    double *const numbers[] = { &out->error, &out->current_density_ma_per_cm2,
                                &out->capacity_mah_per_cm2, &out->stack_pressure_mpa,
                                &out->temperature_c };
    dft_status status = check_texts(s, row, err);

    out->line = dft_csv_line(s->csv, row);
    out->candidate = text_of(s, row, CANDIDATE);
    out->source = text_of(s, row, SOURCE);
    out->remarks = text_of(s, row, REMARKS);
    out->quantity = res_quantity_find(quantity);
    if (status == DFT_OK && !out->quantity)
        status = dft_fail(err, DFT_EPARSE, "%s:%d: column \"quantity\" holds \"%.60s\"; known are "
                          "nucleation_overpotential_mv, contact_angle_deg, plating_morphology, "
                          "coulombic_efficiency_percent, cycle_life_cycles", s->path, out->line,
                          quantity);
    if (status == DFT_OK)
        status = read_number(s, row, VALUE, out->quantity->least, out->quantity->most, &out->value,
                             err);
    for (int c = ERROR; c < N_COLUMNS && status == DFT_OK; c++)
        status = read_number(s, row, c, columns[c].least, columns[c].most, numbers[c - ERROR], err);
    return status;
}

static dft_status open_sheet(const char *path, sheet *s, dft_error *err)
{
    dft_status status = dft_csv_read(path, &s->csv, err);

    s->path = path;
    for (int c = 0; c < N_COLUMNS && status == DFT_OK; c++) {
        s->at[c] = (size_t)-1;
        for (size_t k = 0; k < dft_csv_n_columns(s->csv); k++)
            if (strcmp(dft_csv_header(s->csv, k), columns[c].name) == 0)
                s->at[c] = k;
        if (columns[c].needed && s->at[c] == (size_t)-1)
            status = dft_csv_column(s->csv, columns[c].name, &s->at[c], err);   /* says what is missing */
    }
    return status;
}

/* Every value of a file to the visitor; n_empty may be NULL. */
static dft_status visit_sheet(const char *path, const char *file, res_observation_visit visit,
                              void *user, size_t *n_empty, dft_error *err)
{
    sheet s = { 0 };
    dft_status status = open_sheet(path, &s, err);

    for (size_t r = 0; status == DFT_OK && r < dft_csv_n_rows(s.csv); r++) {
        res_observation o = { .file = file };
        if (!*dft_csv_text(s.csv, r, s.at[VALUE])) {
            *(n_empty ? n_empty : &(size_t){ 0 }) += 1;
            continue;
        }
        status = read_row(&s, r, &o, err);
        if (status == DFT_OK)
            status = visit(user, &o, err);
    }
    dft_csv_free(s.csv);
    return status;
}

/* The bytes of a file, owned; NULL on failure. */
static dft_status read_bytes(const char *path, char **out, size_t *size, dft_error *err)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    long n = -1;

    *out = NULL;
    if (!file)
        return dft_fail(err, DFT_ENOFILE, "%s: %s; give the path of a readable CSV file", path,
                        strerror(errno));
    if (fseek(file, 0, SEEK_END) == 0)
        n = ftell(file);
    if (n >= 0 && n <= (long)MOST_BYTES)
        bytes = malloc((size_t)n + 1);
    rewind(file);
    *size = bytes ? fread(bytes, 1, (size_t)n, file) : 0;
    fclose(file);
    if (bytes && *size == (size_t)n) {
        *out = bytes;
        return DFT_OK;
    }
    free(bytes);
    return dft_fail(err, DFT_ENOFILE, "%s: cannot be read, or is larger than %u MiB", path,
                    MOST_BYTES >> 20);
}

/* ---- keeping ---- */

typedef struct {
    res_report_source *source;
    const char *path;
    size_t n;
} checking;

static dft_status check_candidate(void *user, const res_observation *o, dft_error *err)
{
    checking *c = user;
    sqlite3_stmt *query = NULL;
    dft_status status = res_report_query(c->source, "SELECT 1 FROM rankings WHERE candidate = ?1",
                                         o->candidate, &query, err);

    if (status == DFT_OK && sqlite3_step(query) != SQLITE_ROW)
        status = dft_fail(err, DFT_EPARSE, "%s:%d: column \"candidate\" holds \"%.80s\", which is no "
                          "candidate of this run; 'liscreen rank' lists them", c->path, o->line,
                          o->candidate);
    sqlite3_finalize(query);
    c->n++;
    return status;
}

static dft_status store(const char *run_dir, const char *bytes, size_t size,
                        res_observations_report *report, dft_error *err)
{
    char hash[65];
    char *directory = dft_path_join(run_dir, RES_OBSERVATIONS_DIR);
    dft_status status = directory ? dft_directory_make(directory, err)
                                  : dft_fail(err, DFT_ENOMEM, "no memory to keep the results");

    dft_sha256_hex(bytes, size, hash);
    if (status == DFT_OK) {
        snprintf(report->path, sizeof report->path, "%s/%s.csv", directory, hash);
        report->is_new = access(report->path, F_OK) != 0;
        if (report->is_new)
            status = dft_file_write(report->path, bytes, size, err);
    }
    free(directory);
    return status;
}

dft_status res_observations_keep(const char *run_dir, const char *path,
                                 res_observations_report *report, dft_error *err)
{
    checking c = { NULL, path, 0 };
    char *bytes = NULL;
    size_t size = 0;

    memset(report, 0, sizeof *report);
    dft_status status = res_report_open(run_dir, &c.source, err);
    if (status == DFT_OK)
        status = read_bytes(path, &bytes, &size, err);
    if (status == DFT_OK)
        status = visit_sheet(path, "", check_candidate, &c, &report->n_empty, err);
    report->n_values = c.n;
    if (status == DFT_OK && c.n > 0)
        status = store(run_dir, bytes, size, report, err);
    free(bytes);
    res_report_close(c.source);
    return status;
}

/* ---- reading back ---- */

static int is_kept_file(const struct dirent *item)
{
    const char *name = item->d_name;
    return strlen(name) == 68 && strspn(name, "0123456789abcdef") == 64
           && strcmp(name + 64, ".csv") == 0;
}

static dft_status visit_kept(const char *directory, const char *name, res_observation_visit visit,
                             void *user, dft_error *err)
{
    char *path = dft_path_join(directory, name), *bytes = NULL, hash[65], file[65];
    size_t size = 0;
    dft_status status = path ? read_bytes(path, &bytes, &size, err)
                             : dft_fail(err, DFT_ENOMEM, "no memory to read %s", directory);

    snprintf(file, sizeof file, "%.64s", name);
    if (status == DFT_OK)
        dft_sha256_hex(bytes, size, hash);
    if (status == DFT_OK && strcmp(hash, file) != 0)
        status = dft_fail(err, DFT_EPARSE, "%s was altered: its content does not fit its name; move it "
                          "away and give 'liscreen observe' the file that you mean", path);
    if (status == DFT_OK)
        status = visit_sheet(path, file, visit, user, NULL, err);
    free(bytes);
    free(path);
    return status;
}

dft_status res_observations_each(const char *run_dir, res_observation_visit visit, void *user,
                                 dft_error *err)
{
    char *directory = dft_path_join(run_dir, RES_OBSERVATIONS_DIR);
    struct dirent **item = NULL;
    dft_status status = DFT_OK;

    if (!directory)
        return dft_fail(err, DFT_ENOMEM, "no memory to read the results of %s", run_dir);
    const int n = scandir(directory, &item, is_kept_file, alphasort);
    for (int i = 0; i < n; i++) {
        if (status == DFT_OK)
            status = visit_kept(directory, item[i]->d_name, visit, user, err);
        free(item[i]);
    }
    free(item);
    free(directory);
    return status;
}
