#include "descriptors/hull_read.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/crystal/elements.h"

#define FORMATION "formation_energy_ev_per_atom"
#define TOTAL "energy_ev_per_atom"
#define VOLUME "volume_ang3"

/* Entries as read: energy_ev holds what the file says, per formula unit. */
typedef struct {
    desc_hull_entry *entry;      /* owned; the strings belong to the file's own memory */
    size_t n;
    bool total;                  /* total energies: not yet against the elements */
} energy_list;

/* ---- CSV ---- */

static dft_status csv_row(const dft_csv *csv, size_t row, size_t formula, size_t energy,
                          const size_t *volume, desc_hull_entry *out, dft_error *err)
{
    dft_error why = { DFT_OK, "" };
    double ev_per_atom;
    dft_status status;

    *out = (desc_hull_entry){ .name = dft_csv_text(csv, row, formula), .volume_ang3 = NAN,
                              .source = dft_csv_path(csv) };
    if (desc_formula_parse(out->name, &out->formula, &why) != DFT_OK)
        return dft_fail(err, DFT_EPARSE, "%s:%d: %s", dft_csv_path(csv), dft_csv_line(csv, row),
                        why.message);
    status = dft_csv_number(csv, row, energy, &ev_per_atom, err);
    if (status == DFT_OK && volume)
        status = dft_csv_optional_number(csv, row, *volume, &out->volume_ang3, err);
    if (status == DFT_OK && out->volume_ang3 <= 0.0)
        status = dft_fail(err, DFT_EPARSE, "%s:%d: a volume of %g A^3; it must be above 0",
                          dft_csv_path(csv), dft_csv_line(csv, row), out->volume_ang3);
    if (status == DFT_OK)
        out->energy_ev = ev_per_atom * desc_formula_atoms(&out->formula);
    return status;
}

static dft_status csv_list(const dft_csv *csv, energy_list *list, dft_error *err)
{
    size_t formula, energy, formation, volume;
    const bool has_total = dft_csv_column(csv, TOTAL, &energy, NULL) == DFT_OK;
    const bool has_formation = dft_csv_column(csv, FORMATION, &formation, NULL) == DFT_OK;
    const bool has_volume = dft_csv_column(csv, VOLUME, &volume, NULL) == DFT_OK;
    dft_status status = dft_csv_column(csv, "formula", &formula, err);

    if (status == DFT_OK && has_total == has_formation)
        status = dft_fail(err, DFT_EPARSE, "%s: give one of the columns " FORMATION " and " TOTAL,
                          dft_csv_path(csv));
    list->entry = dft_alloc(dft_csv_n_rows(csv), sizeof *list->entry);
    if (status == DFT_OK && !list->entry)
        status = dft_fail(err, DFT_ENOMEM, "%s: no memory for its rows", dft_csv_path(csv));
    list->total = has_total;
    for (; list->n < dft_csv_n_rows(csv) && status == DFT_OK; list->n++)
        status = csv_row(csv, list->n, formula, has_total ? energy : formation,
                         has_volume ? &volume : NULL, &list->entry[list->n], err);
    return status;
}

/* ---- JSON ---- */

static dft_status json_entry(const char *path, size_t i, json_t *item, bool *total,
                             desc_hull_entry *out, dft_error *err)
{
    const char *formula = json_string_value(json_object_get(item, "formula"));
    json_t *sum = json_object_get(item, TOTAL), *formation = json_object_get(item, FORMATION);
    json_t *energy = sum ? sum : formation, *volume = json_object_get(item, VOLUME);
    dft_error why = { DFT_OK, "" };

    if (!formula)
        return dft_fail(err, DFT_EPARSE, "%s: entry %zu has no \"formula\"", path, i + 1);
    if (desc_formula_parse(formula, &out->formula, &why) != DFT_OK)
        return dft_fail(err, DFT_EPARSE, "%s: entry %zu: %s", path, i + 1, why.message);
    if (!json_is_number(energy) || (sum && formation))
        return dft_fail(err, DFT_EPARSE, "%s: entry %zu (%s): give one number, " FORMATION " or "
                        TOTAL, path, i + 1, formula);
    if (i > 0 && *total != (sum != NULL))
        return dft_fail(err, DFT_EPARSE, "%s: entry %zu (%s): all entries give " FORMATION
                        " or all " TOTAL, path, i + 1, formula);
    if (volume && !json_is_null(volume)
        && !(json_is_number(volume) && json_number_value(volume) > 0.0))
        return dft_fail(err, DFT_EPARSE, "%s: entry %zu (%s): " VOLUME " is a number above 0", path,
                        i + 1, formula);
    *total = sum != NULL;
    out->name = formula;
    out->source = path;
    out->energy_ev = json_number_value(energy) * desc_formula_atoms(&out->formula);
    out->volume_ang3 = json_is_number(volume) ? json_number_value(volume) : NAN;
    return DFT_OK;
}

static dft_status json_list(const char *path, json_t *root, energy_list *list, dft_error *err)
{
    json_t *phases = json_is_object(root) ? json_object_get(root, "phases") : root;
    dft_status status = DFT_OK;

    if (!json_is_array(phases))
        return dft_fail(err, DFT_EPARSE, "%s: a list of phases is needed, or an object with the "
                        "key \"phases\"", path);
    list->entry = dft_alloc(json_array_size(phases), sizeof *list->entry);
    if (!list->entry)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for its entries", path);
    for (; list->n < json_array_size(phases) && status == DFT_OK; list->n++)
        status = json_entry(path, list->n, json_array_get(phases, list->n), &list->total,
                            &list->entry[list->n], err);
    return status;
}

/* ---- both ---- */

static dft_status against_elements(const char *path, energy_list *list, dft_error *err)
{
    double element_ev[DFT_MAX_Z + 1];

    for (int z = 0; z <= DFT_MAX_Z; z++)
        element_ev[z] = INFINITY;
    for (size_t i = 0; i < list->n; i++) {
        const desc_formula *f = &list->entry[i].formula;
        if (f->n == 1)
            element_ev[f->z[0]] = fmin(element_ev[f->z[0]],
                                       list->entry[i].energy_ev / f->count[0]);
    }
    for (size_t i = 0; i < list->n; i++) {
        desc_hull_entry *e = &list->entry[i];
        for (size_t k = 0; k < e->formula.n; k++) {
            if (isinf(element_ev[e->formula.z[k]]))
                return dft_fail(err, DFT_EPARSE, "%s: %s has a total energy, but %s itself has no "
                                "row; add it or give " FORMATION, path, e->name,
                                dft_element_symbol(e->formula.z[k]));
            e->energy_ev -= e->formula.count[k] * element_ev[e->formula.z[k]];
        }
    }
    return DFT_OK;
}

static dft_status list_to_hull(const char *path, energy_list *list, desc_hull **out, dft_error *err)
{
    dft_status status = DFT_OK;

    if (list->n == 0)
        return dft_fail(err, DFT_EPARSE, "%s: there is no phase in it", path);
    if (list->total)
        status = against_elements(path, list, err);
    return status == DFT_OK ? desc_hull_create("user", list->entry, list->n, out, err) : status;
}

static dft_status looks_like_json(const char *path, bool *json, dft_error *err)
{
    FILE *file = fopen(path, "r");
    int c;

    if (!file)
        return dft_fail(err, DFT_ENOFILE, "%s: cannot be read; give a CSV or JSON file of energies",
                        path);
    while ((c = fgetc(file)) != EOF && isspace(c))
        ;
    fclose(file);
    *json = c == '[' || c == '{';
    return DFT_OK;
}

static dft_status read_json(const char *path, desc_hull **out, dft_error *err)
{
    energy_list list = { NULL, 0, false };
    json_error_t fault;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    dft_status status;

    if (!root)
        return dft_fail(err, DFT_EPARSE, "%s:%d: %s", path, fault.line, fault.text);
    status = json_list(path, root, &list, err);
    if (status == DFT_OK)
        status = list_to_hull(path, &list, out, err);
    free(list.entry);
    json_decref(root);
    return status;
}

static dft_status read_csv(const char *path, desc_hull **out, dft_error *err)
{
    energy_list list = { NULL, 0, false };
    dft_csv *csv = NULL;
    dft_status status = dft_csv_read(path, &csv, err);

    if (status == DFT_OK)
        status = csv_list(csv, &list, err);
    if (status == DFT_OK)
        status = list_to_hull(path, &list, out, err);
    free(list.entry);
    dft_csv_free(csv);
    return status;
}

dft_status desc_hull_read(const char *path, desc_hull **out, dft_error *err)
{
    bool json = false;
    dft_status status = looks_like_json(path, &json, err);

    *out = NULL;
    if (status != DFT_OK)
        return status;
    return json ? read_json(path, out, err) : read_csv(path, out, err);
}
