/* The stored table of surfaces: CSV with the key of its making in the first line. */
#include "candidates/enumerate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"

#define KEY_LINE "# surfaces; made from "

enum { NAME, FAMILY, STRUCTURE, FORMULA, PROTOTYPE, ORIGIN, FACET, TOP, REASON, N_TEXTS };
static const char *const text_columns[N_TEXTS] = {
    "name", "family", "structure", "formula", "prototype", "origin", "facet", "top", "reason"
};
enum { TERMINATION, TERMINATIONS, LAYERS, ATOMS, TASKER, AREA, THICKNESS, FACES_EQUAL, POLAR,
       N_NUMBERS };
static const char *const number_columns[N_NUMBERS] = {
    "termination", "terminations", "layers", "atoms", "tasker", "area_ang2", "thickness_ang",
    "faces_equal", "polar"
};

/* Quoted, with quotes inside doubled: prototypes hold commas. */
static void print_field(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputs("\",", file);
}

static void print_surface(FILE *file, const cand_surface *s)
{
    const char *const text[N_TEXTS] = { s->name, s->family, s->structure, s->formula, s->prototype,
                                        s->origin, s->facet, s->top, s->reason };

    for (int k = 0; k < N_TEXTS; k++)
        print_field(file, text[k]);
    fprintf(file, "%d,%d,%d,%d,%d,%.17g,%.17g,%d,%d\n", s->termination, s->n_terminations, s->layers,
            s->n_atoms, s->tasker, s->area_ang2, s->thickness_ang, s->faces_equal, s->polar);
}

dft_status cand_surfaces_write(const char *path, const char *key, const cand_surface *surface, size_t n,
                               dft_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    dft_status status;

    if (!file)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    fprintf(file, KEY_LINE "%s\n", key);
    for (int k = 0; k < N_TEXTS; k++)
        fprintf(file, "%s,", text_columns[k]);
    for (int k = 0; k < N_NUMBERS; k++)
        fprintf(file, "%s%s", number_columns[k], k + 1 < N_NUMBERS ? "," : "\n");
    for (size_t i = 0; i < n; i++)
        print_surface(file, &surface[i]);
    status = fclose(file) == 0 ? dft_file_write(path, text, size, err)
                               : dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    free(text);
    return status;
}

static bool has_key(const char *path, const char *key)
{
    char line[160] = "", wanted[160];
    FILE *file = fopen(path, "r");

    if (!file)
        return true;                /* the reader of the table will say so */
    if (!fgets(line, sizeof line, file))
        line[0] = '\0';
    fclose(file);
    snprintf(wanted, sizeof wanted, KEY_LINE "%s\n", key);
    return strcmp(line, wanted) == 0;
}

static dft_status read_surface(const dft_csv *csv, size_t row, const size_t text[N_TEXTS],
                               const size_t number[N_NUMBERS], cand_surface *s, dft_error *err)
{
    const struct { char *to; size_t size; } field[N_TEXTS] = {
        { s->name, sizeof s->name }, { s->family, sizeof s->family },
        { s->structure, sizeof s->structure }, { s->formula, sizeof s->formula },
        { s->prototype, sizeof s->prototype }, { s->origin, sizeof s->origin },
        { s->facet, sizeof s->facet }, { s->top, sizeof s->top }, { s->reason, sizeof s->reason }
    };
    double value[N_NUMBERS];

    for (int k = 0; k < N_TEXTS; k++)
        snprintf(field[k].to, field[k].size, "%s", dft_csv_text(csv, row, text[k]));
    for (int k = 0; k < N_NUMBERS; k++) {
        const dft_status status = dft_csv_number(csv, row, number[k], &value[k], err);
        if (status != DFT_OK)
            return status;
    }
    s->termination = (int)value[TERMINATION];
    s->n_terminations = (int)value[TERMINATIONS];
    s->layers = (int)value[LAYERS];
    s->n_atoms = (int)value[ATOMS];
    s->tasker = (int)value[TASKER];
    s->area_ang2 = value[AREA];
    s->thickness_ang = value[THICKNESS];
    s->faces_equal = value[FACES_EQUAL] != 0.0;
    s->polar = value[POLAR] != 0.0;
    return DFT_OK;
}

dft_status cand_surfaces_read(const char *path, const char *key, cand_surface **out, size_t *n,
                              dft_error *err)
{
    dft_csv *csv = NULL;
    size_t text[N_TEXTS], number[N_NUMBERS];
    dft_status status;

    *out = NULL;
    *n = 0;
    if (!has_key(path, key))
        return DFT_OK;
    status = dft_csv_read(path, &csv, err);
    for (int k = 0; k < N_TEXTS && status == DFT_OK; k++)
        status = dft_csv_column(csv, text_columns[k], &text[k], err);
    for (int k = 0; k < N_NUMBERS && status == DFT_OK; k++)
        status = dft_csv_column(csv, number_columns[k], &number[k], err);
    if (status == DFT_OK) {
        *n = dft_csv_n_rows(csv);
        *out = dft_alloc(*n, sizeof **out);
        if (!*out)
            status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    }
    for (size_t row = 0; status == DFT_OK && row < *n; row++)
        status = read_surface(csv, row, text, number, *out + row, err);
    if (status != DFT_OK) {
        free(*out);
        *out = NULL;
        *n = 0;
    }
    dft_csv_free(csv);
    return status;
}
