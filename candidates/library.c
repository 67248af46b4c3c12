#include "candidates/library.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/library_parts.h"
#include "candidates/names.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

static const char *const text_columns[] = {
    "id", "formula", "class", "prototype", "hermann_mauguin", "origin", "source", "note"
};
enum { ID, FORMULA, CLASS, PROTOTYPE, HERMANN_MAUGUIN, ORIGIN, SOURCE, NOTE, N_TEXTS };

/* Numbers with the ranges that make sense; NAN allowed where `optional`. */
static const struct {
    const char *name;
    double low, high;
    bool whole, optional;
} number_columns[] = {
    { "dimension", 2, 3, true, false },
    { "space_group_number", 1, 230, true, false },
    { "hall_number", 1, 530, true, false },
    { "atoms", 1, 10000, true, false },
    { "a_ang", 1, 200, false, false },
    { "b_ang", 1, 200, false, false },
    { "c_ang", 1, 200, false, false },
    { "alpha_deg", 10, 170, false, false },
    { "beta_deg", 10, 170, false, false },
    { "gamma_deg", 10, 170, false, false },
    { "pbe_a_ang", 1, 200, false, true },
    { "pbe_c_ang", 1, 200, false, true },
};
enum { DIMENSION, SPACE_GROUP, HALL, ATOMS, A, B, C, ALPHA, BETA, GAMMA, PBE_A, PBE_C, N_NUMBERS };

static dft_status read_number(const dft_csv *csv, size_t row, size_t column, size_t kind,
                              double *out, dft_error *err)
{
    const dft_status status = number_columns[kind].optional
                              ? dft_csv_optional_number(csv, row, column, out, err)
                              : dft_csv_number(csv, row, column, out, err);

    if (status != DFT_OK || isnan(*out))
        return status;
    if (*out < number_columns[kind].low || *out > number_columns[kind].high
        || (number_columns[kind].whole && *out != floor(*out)))
        return dft_fail(err, DFT_EPARSE, "%s:%d: %s is %g; expected %s from %g to %g",
                        dft_csv_path(csv), dft_csv_line(csv, row), number_columns[kind].name, *out,
                        number_columns[kind].whole ? "a whole number" : "a number",
                        number_columns[kind].low, number_columns[kind].high);
    return DFT_OK;
}

static void fill_entry(const dft_csv *csv, size_t row, const size_t text[N_TEXTS],
                       const double number[N_NUMBERS], cand_entry *entry)
{
    const char *value[N_TEXTS];

    for (size_t k = 0; k < N_TEXTS; k++)
        value[k] = dft_csv_text(csv, row, text[k]);
    *entry = (cand_entry){
        .id = value[ID], .formula = value[FORMULA], .class_name = value[CLASS],
        .prototype = value[PROTOTYPE], .hermann_mauguin = value[HERMANN_MAUGUIN],
        .origin = value[ORIGIN], .source = value[SOURCE], .note = value[NOTE],
        .is_sheet = number[DIMENSION] == 2.0,
        .space_group_number = (int)number[SPACE_GROUP], .hall_number = (int)number[HALL],
        .cell_ang = { number[A], number[B], number[C] },
        .cell_deg = { number[ALPHA], number[BETA], number[GAMMA] },
        .pbe_a_ang = number[PBE_A], .pbe_c_ang = number[PBE_C], .n_atoms = (size_t)number[ATOMS]
    };
}

static dft_status check_texts(const dft_csv *csv, size_t row, const cand_entry *entry,
                              dft_error *err)
{
    const struct { const char *name, *value; } needed[] = {
        { "id", entry->id }, { "formula", entry->formula }, { "class", entry->class_name },
        { "origin", entry->origin }, { "source", entry->source }
    };

    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
        if (needed[k].value[0] == '\0')
            return dft_fail(err, DFT_EPARSE, "%s:%d: %s is empty; every structure needs one",
                            dft_csv_path(csv), dft_csv_line(csv, row), needed[k].name);
    if (strlen(entry->id) > CAND_LONGEST_NAME || strlen(entry->formula) > CAND_LONGEST_NAME)
        return dft_fail(err, DFT_EPARSE, "%s:%d: id and formula may have at most %d characters",
                        dft_csv_path(csv), dft_csv_line(csv, row), CAND_LONGEST_NAME);
    return DFT_OK;
}

static dft_status read_entry(const dft_csv *csv, size_t row, const size_t text[N_TEXTS],
                             const size_t column[N_NUMBERS], size_t ambient_column,
                             cand_entry *entry, dft_error *err)
{
    const char *ambient = dft_csv_text(csv, row, ambient_column);
    double number[N_NUMBERS];

    for (size_t k = 0; k < N_NUMBERS; k++) {
        const dft_status status = read_number(csv, row, column[k], k, &number[k], err);
        if (status != DFT_OK)
            return status;
    }
    if (strcmp(ambient, "yes") != 0 && strcmp(ambient, "no") != 0)
        return dft_fail(err, DFT_EPARSE, "%s:%d: ambient is '%s'; write yes or no",
                        dft_csv_path(csv), dft_csv_line(csv, row), ambient);
    fill_entry(csv, row, text, number, entry);
    entry->ambient = ambient[0] == 'y';
    return check_texts(csv, row, entry, err);
}

static dft_status find_columns(const dft_csv *csv, size_t text[N_TEXTS], size_t number[N_NUMBERS],
                               size_t *ambient, dft_error *err)
{
    dft_status status = dft_csv_column(csv, "ambient", ambient, err);

    for (size_t k = 0; k < N_TEXTS && status == DFT_OK; k++)
        status = dft_csv_column(csv, text_columns[k], &text[k], err);
    for (size_t k = 0; k < N_NUMBERS && status == DFT_OK; k++)
        status = dft_csv_column(csv, number_columns[k].name, &number[k], err);
    return status;
}

static dft_status check_unique(const cand_library *library, size_t last, dft_error *err)
{
    const cand_entry *added = &library->entry[last];
    const char *path = dft_csv_path(library->structures);
    const int line = dft_csv_line(library->structures, last);

    for (size_t i = 0; i < last; i++) {
        const cand_entry *entry = &library->entry[i];
        if (strcmp(entry->id, added->id) == 0)
            return dft_fail(err, DFT_EPARSE, "%s:%d: id '%s' is used already in line %d; choose "
                            "another", path, line, added->id, dft_csv_line(library->structures, i));
        if (entry->ambient && added->ambient && strcmp(entry->formula, added->formula) == 0)
            return dft_fail(err, DFT_EPARSE, "%s:%d: %s has two ambient phases, %s and %s; mark "
                            "one", path, line, added->formula, entry->id, added->id);
    }
    return DFT_OK;
}

static dft_status read_structures(cand_library *library, const char *path, dft_error *err)
{
    size_t text[N_TEXTS], number[N_NUMBERS], ambient;
    dft_status status = dft_csv_read(path, &library->structures, err);

    if (status != DFT_OK)
        return status;
    status = find_columns(library->structures, text, number, &ambient, err);
    if (status != DFT_OK)
        return status;
    library->n_entries = dft_csv_n_rows(library->structures);
    library->entry = dft_alloc(library->n_entries, sizeof *library->entry);
    if (!library->entry)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    for (size_t row = 0; row < library->n_entries && status == DFT_OK; row++) {
        status = read_entry(library->structures, row, text, number, ambient, &library->entry[row],
                            err);
        if (status == DFT_OK)
            status = check_unique(library, row, err);
    }
    return status;
}

const cand_entry *cand_library_by_id(const cand_library *library, const char *id)
{
    for (size_t i = 0; i < cand_library_size(library); i++)
        if (strcmp(cand_library_entry(library, i)->id, id) == 0)
            return cand_library_entry(library, i);
    return NULL;
}

static dft_status read_atom(const dft_csv *csv, size_t row, const size_t column[5], int *z,
                            double position[3], dft_error *err)
{
    const char *symbol = dft_csv_text(csv, row, column[1]);
    dft_status status = DFT_OK;

    *z = dft_element_number(symbol);
    if (*z == 0)
        return dft_fail(err, DFT_EPARSE, "%s:%d: '%s' is not an element symbol", dft_csv_path(csv),
                        dft_csv_line(csv, row), symbol);
    for (size_t c = 0; c < 3 && status == DFT_OK; c++)
        status = dft_csv_number(csv, row, column[2 + c], &position[c], err);
    return status;
}

/* Gives each entry its place in the arrays of all atoms; z stays 0 until the atom has been read. */
static dft_status reserve_atoms(cand_library *library, const char *path, dft_error *err)
{
    size_t total = 0;

    for (size_t i = 0; i < library->n_entries; i++)
        total += library->entry[i].n_atoms;
    library->z = dft_alloc_ints(total);
    library->position = dft_alloc(total, sizeof *library->position);
    if (!library->z || !library->position)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory for %zu atoms", path, total);
    total = 0;
    for (size_t i = 0; i < library->n_entries; i++) {
        library->entry[i].z = library->z + total;
        library->entry[i].position = (const double (*)[3])(library->position + total);
        total += library->entry[i].n_atoms;
    }
    return DFT_OK;
}

static dft_status store_atoms(cand_library *library, const dft_csv *csv, dft_error *err)
{
    static const char *const names[5] = { "id", "element", "x", "y", "z" };
    size_t column[5], used = 0;
    const cand_entry *current = NULL;
    dft_status status = DFT_OK;

    for (size_t k = 0; k < 5 && status == DFT_OK; k++)
        status = dft_csv_column(csv, names[k], &column[k], err);
    for (size_t row = 0; row < dft_csv_n_rows(csv) && status == DFT_OK; row++) {
        const char *id = dft_csv_text(csv, row, column[0]);
        if (!current || strcmp(current->id, id) != 0) {
            current = cand_library_by_id(library, id);
            used = 0;
        }
        if (!current)
            return dft_fail(err, DFT_EPARSE, "%s:%d: no structure has the id '%s'",
                            dft_csv_path(csv), dft_csv_line(csv, row), id);
        if (used == current->n_atoms || current->z[used] != 0)
            return dft_fail(err, DFT_EPARSE, "%s:%d: %s has more atoms than the %zu stated, or its "
                            "lines do not follow each other", dft_csv_path(csv),
                            dft_csv_line(csv, row), id, current->n_atoms);
        const size_t at = (size_t)(current->z - library->z) + used++;
        status = read_atom(csv, row, column, &library->z[at], library->position[at], err);
    }
    return status;
}

static dft_status read_atoms(cand_library *library, const char *path, dft_error *err)
{
    dft_csv *csv = NULL;
    dft_status status = reserve_atoms(library, path, err);

    if (status == DFT_OK)
        status = dft_csv_read(path, &csv, err);
    if (status == DFT_OK)
        status = store_atoms(library, csv, err);
    for (size_t i = 0; i < library->n_entries && status == DFT_OK; i++)
        if (library->entry[i].z[library->entry[i].n_atoms - 1] == 0)
            status = dft_fail(err, DFT_EPARSE, "%s: %s has fewer atoms than the %zu stated in "
                              "%s:%d", path, library->entry[i].id, library->entry[i].n_atoms,
                              dft_csv_path(library->structures),
                              dft_csv_line(library->structures, i));
    dft_csv_free(csv);
    return status;
}

dft_status cand_library_read(const char *directory, cand_library **out, dft_error *err)
{
    const size_t size = strlen(directory) + sizeof "/structures.csv";
    char *path = dft_alloc(size, 1);
    cand_library *library = dft_alloc(1, sizeof *library);
    dft_status status;

    *out = NULL;
    if (!path || !library) {
        status = dft_fail(err, DFT_ENOMEM, "structure library %s: out of memory", directory);
        goto done;
    }
    snprintf(path, size, "%s/structures.csv", directory);
    status = read_structures(library, path, err);
    if (status != DFT_OK)
        goto done;
    snprintf(path, size, "%s/atoms.csv", directory);
    status = read_atoms(library, path, err);
    if (status != DFT_OK)
        goto done;
    *out = library;
    library = NULL;
done:
    cand_library_free(library);
    free(path);
    return status;
}

void cand_library_free(cand_library *library)
{
    if (!library)
        return;
    for (size_t i = 0; i < library->n_added; i++)
        cand_added_entry_free(library->added[i]);
    free(library->added);
    free(library->position);
    free(library->z);
    free(library->entry);
    dft_csv_free(library->structures);
    free(library);
}

size_t cand_library_size(const cand_library *library)
{
    return library->n_entries + library->n_added;
}

const cand_entry *cand_library_entry(const cand_library *library, size_t i)
{
    return i < library->n_entries ? &library->entry[i]
                                  : &library->added[i - library->n_entries]->entry;
}

/* Nothing ambient: either the formula has only models, to be chosen from, or the name is
 * unknown. */
static dft_status unknown_name(const cand_library *library, const char *name, dft_error *err)
{
    const size_t n = cand_library_size(library);
    const char **names = dft_alloc(2 * n, sizeof *names);
    const char *nearest;
    char phases[256] = "";

    if (!names)
        return dft_fail(err, DFT_ENOMEM, "structure library: out of memory");
    for (size_t i = 0; i < n; i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        const size_t used = strlen(phases);
        if (strcmp(entry->formula, name) == 0)
            snprintf(phases + used, sizeof phases - used, "%s%s", used ? ", " : "", entry->id);
        names[i] = entry->id;
        names[n + i] = entry->formula;
    }
    nearest = cand_nearest_name(name, names, 2 * n);
    free(names);
    if (phases[0] != '\0')
        return dft_fail(err, DFT_EINPUT, "%s has no ambient phase in the structure library; choose "
                        "one of %s", name, phases);
    if (nearest)
        return dft_fail(err, DFT_EINPUT, "'%s' is not in the structure library; did you mean '%s'?",
                        name, nearest);
    return dft_fail(err, DFT_EINPUT, "'%s' is neither an id nor a formula of the structure "
                    "library; give one of those or a structure file", name);
}

dft_status cand_library_find(const cand_library *library, const char *id_or_formula,
                             const cand_entry **out, dft_error *err)
{
    *out = cand_library_by_id(library, id_or_formula);
    for (size_t i = 0; i < library->n_entries && !*out; i++)
        if (library->entry[i].ambient && strcmp(library->entry[i].formula, id_or_formula) == 0)
            *out = &library->entry[i];
    return *out ? DFT_OK : unknown_name(library, id_or_formula, err);
}

/* Exact zeros and halves for the usual angles, so that cubic cells have no 1e-17 left in them. */
static double cosine_deg(double angle)
{
    return angle == 90.0 ? 0.0 : angle == 120.0 ? -0.5 : angle == 60.0 ? 0.5
         : cos(angle * DFT_PI / 180.0);
}

/* a along x, b in the xy plane (International Tables A, 1.5.2, in this orientation). */
static void lattice_of(const cand_entry *entry, double lattice[3][3])
{
    const double cos_a = cosine_deg(entry->cell_deg[0]), cos_b = cosine_deg(entry->cell_deg[1]);
    const double cos_g = cosine_deg(entry->cell_deg[2]), sin_g = sqrt(1.0 - cos_g * cos_g);
    const double y = (cos_a - cos_b * cos_g) / sin_g;
    const double unit[3][3] = { { 1.0, 0.0, 0.0 }, { cos_g, sin_g, 0.0 },
                                { cos_b, y, sqrt(1.0 - cos_b * cos_b - y * y) } };

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = unit[i][c] * entry->cell_ang[i] / DFT_BOHR_ANG;
}

dft_status cand_entry_crystal(const cand_entry *entry, cand_cell cell, dft_crystal **out,
                              dft_error *err)
{
    dft_crystal *conventional = NULL;
    double lattice[3][3];
    dft_status status;

    *out = NULL;
    lattice_of(entry, lattice);
    status = dft_crystal_create((const double (*)[3])lattice, entry->n_atoms, entry->z,
                                entry->position, &conventional, err);
    if (status != DFT_OK || cell == CAND_CELL_CONVENTIONAL) {
        *out = conventional;
        return status;
    }
    status = cand_crystal_primitive(conventional, CAND_CENTRING_TOLERANCE, out, err);
    dft_crystal_free(conventional);
    return status;
}
