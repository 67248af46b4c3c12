#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/units.h"

static dft_status bad_row(size_t row, const char *what, dft_error *err)
{
    return dft_fail(err, DFT_EPARSE, "systems.json: row %zu: %s", row + 1, what);
}

static dft_status read_three(size_t row, const json_t *list, int out[3], dft_error *err)
{
    if (!list)
        return DFT_OK;
    if (json_array_size(list) != 3)
        return bad_row(row, "kmesh and kshift are three whole numbers", err);
    for (size_t i = 0; i < 3; i++)
        out[i] = (int)json_integer_value(json_array_get(list, i));
    return DFT_OK;
}

/* {"Ag": "Ag.11"} */
static dft_status read_data(size_t row, json_t *choices, dft_scf_options *scf, dft_error *err)
{
    const char *symbol;
    json_t *name;

    json_object_foreach(choices, symbol, name) {
        dft_data_choice *choice = &scf->data[scf->n_data];
        if (scf->n_data == DFT_SYSTEM_MAX_SPECIES || strlen(symbol) >= sizeof choice->symbol
            || !json_is_string(name) || strlen(json_string_value(name)) >= sizeof choice->name)
            return bad_row(row, "data is like {\"Ag\": \"Ag.11\"}", err);
        strcpy(choice->symbol, symbol);
        strcpy(choice->name, json_string_value(name));
        scf->n_data++;
    }
    return DFT_OK;
}

static dft_status read_row(const char *directory, size_t row, json_t *from, bench_system *to,
                           dft_error *err)
{
    json_t *mesh = NULL, *shift = NULL, *data = NULL;
    const char *file = NULL;
    double ecut_ev, width_ev;
    json_error_t at;

    *to = (bench_system){ .options = dft_scf_defaults() };
    if (json_unpack_ex(from, &at, JSON_STRICT,
                       "{s:s, s:s, s:s, s:F, s:F, s:o, s?o, s?o, s?s, s?s, s?s, s?i, s?i}", "name",
                       &to->name, "group", &to->group, "what", &to->what, "ecut_ev", &ecut_ev,
                       "width_ev", &width_ev, "kmesh", &mesh, "kshift", &shift, "data", &data, "file",
                       &file, "series", &to->series, "against", &to->against, "threads", &to->threads,
                       "bands", &to->options.n_bands) != 0)
        return bad_row(row, at.text, err);
    snprintf(to->path, sizeof to->path, "%s/%s.extxyz", directory, file ? file : to->name);
    to->options.ecut = ecut_ev / DFT_HARTREE_EV;
    to->options.width = width_ev / DFT_HARTREE_EV;
    dft_status status = read_three(row, mesh, to->options.kmesh, err);
    if (status == DFT_OK)
        status = read_three(row, shift, to->options.kshift, err);
    return status == DFT_OK ? read_data(row, data, &to->options, err) : status;
}

dft_status bench_systems_read(const char *directory, json_t **root, bench_system **list, size_t *n,
                              dft_error *err)
{
    char path[512];
    json_error_t at;

    *list = NULL;
    *n = 0;
    snprintf(path, sizeof path, "%s/systems.json", directory);
    *root = json_load_file(path, JSON_REJECT_DUPLICATES, &at);
    if (!*root)
        return dft_fail(err, DFT_ENOFILE, "%s:%d: %s; give --data=DIR", path, at.line, at.text);
    json_t *rows = json_object_get(*root, "systems");
    const size_t n_rows = json_array_size(rows);
    bench_system *made = calloc(n_rows + 1, sizeof *made);
    if (!made)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu systems", path, n_rows);
    for (size_t i = 0; i < n_rows; i++) {
        const dft_status status = read_row(directory, i, json_array_get(rows, i), &made[i], err);
        if (status != DFT_OK) {
            free(made);
            return status;
        }
    }
    *list = made;
    *n = n_rows;
    return DFT_OK;
}
