/* The tables of descriptors/data/: reading and checking. */
#include "descriptors/phase_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define MAX_COLUMNS 13

static const char *const origin_names[] = { "missing", "none", "calphad", "measured", "dft-dilute",
                                            "dft" };
static const char *const state_names[] = { "unknown", "pristine", "lithiated", "converted" };

/* File and columns of each table, in the order in which the row readers below number them. */
static const struct {
    const char *file;
    int n_columns;
    const char *columns[MAX_COLUMNS];
} layouts[N_TABLES] = {
    { "solubility-298k.csv", 13,
      { "element", "x_m_in_li", "low", "high", "origin", "confidence", "basis", "bounds_basis",
        "x_li_in_m", "li_in_m_note", "li_richest_phase", "plateaus_v", "source" } },
    { "solubility.csv", 9,
      { "element", "solvent_phase", "solute", "temperature_k", "x", "origin", "confidence", "note",
        "source" } },
    { "intermetallics.csv", 10,
      { "element", "formula", "structure", "x_li", "dhf_kj_per_mol_atoms", "origin", "confidence",
        "kind", "t_range_k", "source" } },
    { "plateaus.csv", 9,
      { "element", "reaction", "temperature_k", "voltage_v", "equilibrium", "origin", "confidence",
        "note", "source" } },
    { "conversion.csv", 5, { "formula", "element", "state", "note", "source" } },
    { "formation.csv", 7,
      { "formula", "dhf_kj_per_mol", "dgf_kj_per_mol", "origin", "confidence", "note",
        "source" } },
    { "dilute.csv", 6, { "element", "dh_ev", "reference", "mu_ev", "note", "source" } },
    { "volumes.csv", 4, { "formula", "volume_ang3", "origin", "structure" } },
    { "voltages.csv", 6, { "formula", "voltage_v", "kind", "confidence", "note", "source" } },
};

/* A row under reading.  The first fault stays in status; later fields are then not looked at. */
typedef struct {
    const dft_csv *csv;
    size_t row;
    size_t columns[MAX_COLUMNS];
    dft_status status;
    dft_error *err;
} row_reader;

const char *desc_origin_name(desc_origin origin) { return origin_names[origin]; }
const char *desc_state_name(desc_state state)    { return state_names[state]; }

static const char *row_text(const row_reader *at, int column)
{
    return dft_csv_text(at->csv, at->row, at->columns[column]);
}

static void row_fault(row_reader *at, int column, const char *remedy)
{
    if (at->status == DFT_OK)
        at->status = dft_fail(at->err, DFT_EPARSE, "%s:%d: column \"%s\" holds \"%.80s\"; %s",
                              dft_csv_path(at->csv), dft_csv_line(at->csv, at->row),
                              dft_csv_header(at->csv, at->columns[column]), row_text(at, column),
                              remedy);
}

static double row_number(row_reader *at, int column)
{
    double value = NAN;

    if (at->status == DFT_OK)
        at->status = dft_csv_optional_number(at->csv, at->row, at->columns[column], &value,
                                             at->err);
    return value;
}

static double row_fraction(row_reader *at, int column)
{
    const double value = row_number(at, column);

    if (value < 0.0 || value > 1.0)
        row_fault(at, column, "a mole fraction lies between 0 and 1");
    return value;
}

static size_t row_word(row_reader *at, int column, const char *const *words, size_t n,
                       const char *remedy)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(row_text(at, column), words[i]) == 0)
            return i;
    row_fault(at, column, remedy);
    return 0;
}

static desc_origin row_origin(row_reader *at, int column)
{
    return (desc_origin)row_word(at, column, origin_names,
                                 sizeof origin_names / sizeof *origin_names,
                                 "use missing, none, calphad, measured, dft-dilute or dft");
}

/* A number without an origin, or an origin without a number, is a slip of the pen. */
static void row_check_origin(row_reader *at, int column, desc_origin origin, bool has_number)
{
    if ((origin == DESC_ORIGIN_MISSING) == has_number)
        row_fault(at, column, has_number ? "a number needs an origin"
                                         : "without a number the origin is missing");
}

static void solubility_row(row_reader *at, desc_solubility *out)
{
    *out = (desc_solubility){
        .element = row_text(at, 0), .x = row_fraction(at, 1), .low = row_fraction(at, 2),
        .high = row_fraction(at, 3), .origin = row_origin(at, 4), .confidence = row_text(at, 5),
        .basis = row_text(at, 6), .bounds_basis = row_text(at, 7), .x_li_in_m = row_fraction(at, 8),
        .li_in_m_note = row_text(at, 9), .li_richest_phase = row_text(at, 10),
        .plateaus = row_text(at, 11), .source = row_text(at, 12),
    };
    row_check_origin(at, 4, out->origin, !isnan(out->x) || !isnan(out->high));
    if (out->origin == DESC_ORIGIN_NONE ? !(out->x < DESC_SOLUBILITY_NONE)
                                        : out->x < DESC_SOLUBILITY_NONE)
        row_fault(at, 1, "the origin none belongs to x below 1e-6, and only to it");
    if (out->low > out->high || out->x < out->low || out->x > out->high)
        row_fault(at, 1, "low <= x <= high is needed");
}

static void point_row(row_reader *at, desc_solubility_point *out)
{
    *out = (desc_solubility_point){
        .element = row_text(at, 0), .solvent_phase = row_text(at, 1), .solute = row_text(at, 2),
        .temperature_k = row_number(at, 3), .x = row_fraction(at, 4), .origin = row_origin(at, 5),
        .confidence = row_text(at, 6), .note = row_text(at, 7), .source = row_text(at, 8),
    };
    row_check_origin(at, 5, out->origin, !isnan(out->x));
}

static desc_formula row_formula(row_reader *at, int column)
{
    desc_formula formula = { .n = 0 };

    if (at->status == DFT_OK && desc_formula_parse(row_text(at, column), &formula, NULL) != DFT_OK)
        row_fault(at, column, "a formula like Li15Au4 is needed");
    return formula;
}

/* An enthalpy belongs to a composition, and that to its x_li. */
static void phase_check_formula(row_reader *at, desc_phase *phase)
{
    if (phase->origin == DESC_ORIGIN_MISSING)
        return;
    phase->composition = row_formula(at, 1);
    if (at->status == DFT_OK
        && fabs(desc_formula_count(&phase->composition, 3) / desc_formula_atoms(&phase->composition)
                - phase->x_li) > 2e-3)
        row_fault(at, 3, "x_li does not agree with the formula");
}

static void phase_row(row_reader *at, desc_phase *out)
{
    *out = (desc_phase){
        .element = row_text(at, 0), .formula = row_text(at, 1), .structure = row_text(at, 2),
        .x_li = row_fraction(at, 3), .dhf_kj_per_mol_atoms = row_number(at, 4),
        .origin = row_origin(at, 5), .confidence = row_text(at, 6), .kind = row_text(at, 7),
        .t_range_k = row_text(at, 8), .source = row_text(at, 9),
    };
    row_check_origin(at, 5, out->origin, !isnan(out->dhf_kj_per_mol_atoms));
    if ((strcmp(out->formula, "none") == 0) != isnan(out->x_li) || out->x_li == 0.0)
        row_fault(at, 3, "a phase needs x_li > 0, and formula none an empty one");
    phase_check_formula(at, out);
}

static void plateau_row(row_reader *at, desc_plateau *out)
{
    static const char *const no_yes[] = { "no", "yes" };

    *out = (desc_plateau){
        .element = row_text(at, 0), .reaction = row_text(at, 1), .temperature_k = row_number(at, 2),
        .voltage_v = row_number(at, 3),
        .equilibrium = row_word(at, 4, no_yes, 2, "use yes or no") == 1,
        .origin = row_origin(at, 5), .confidence = row_text(at, 6), .note = row_text(at, 7),
        .source = row_text(at, 8),
    };
}

static void conversion_row(row_reader *at, phase_conversion *out)
{
    *out = (phase_conversion){
        .formula = row_text(at, 0), .element = row_text(at, 1),
        .state = (desc_state)row_word(at, 2, state_names, sizeof state_names / sizeof *state_names,
                                      "use unknown, pristine, lithiated or converted"),
        .conversion_ev = NAN, .note = row_text(at, 3), .source = row_text(at, 4),
    };
    if (strlen(out->element) > 2)
        row_fault(at, 1, "an element symbol is needed");
    if (out->state == DESC_STATE_CONVERTED)
        row_fault(at, 2, "what is converted needs energies: enter it in formation.csv");
}

static void formation_row(row_reader *at, desc_formation *out)
{
    *out = (desc_formation){
        .formula = row_text(at, 0), .composition = row_formula(at, 0),
        .dhf_kj_per_mol = row_number(at, 1), .dgf_kj_per_mol = row_number(at, 2),
        .origin = row_origin(at, 3), .confidence = row_text(at, 4), .note = row_text(at, 5),
        .source = row_text(at, 6),
    };
    if (out->origin != DESC_ORIGIN_MEASURED && out->origin != DESC_ORIGIN_DFT)
        row_fault(at, 3, "measured or dft is needed");
    if (out->origin == DESC_ORIGIN_DFT && !isnan(out->dgf_kj_per_mol))
        row_fault(at, 2, "a DFT row has no Gibbs energy");
    if (isnan(out->dhf_kj_per_mol))
        row_fault(at, 1, "an enthalpy of formation is needed");
    if (out->composition.n == 1)
        row_fault(at, 0, "a compound is needed: elements have 0 by definition");
    if (!out->source[0])
        row_fault(at, 6, "a source is needed");
}

static void volume_row(row_reader *at, phase_volume *out)
{
    *out = (phase_volume){ .formula = row_text(at, 0), .composition = row_formula(at, 0),
                           .volume_ang3 = row_number(at, 1) };
    (void)row_origin(at, 2);
    if (!(out->volume_ang3 > 0.0))
        row_fault(at, 1, "a volume above 0 is needed");
    if (!row_text(at, 3)[0])
        row_fault(at, 3, "the structure that it comes from is needed");
}

static void voltage_row(row_reader *at, desc_published_voltage *out)
{
    static const char *const kinds[] = { "theoretical", "measured", "ab initio" };

    *out = (desc_published_voltage){
        .formula = row_text(at, 0), .composition = row_formula(at, 0),
        .voltage_v = row_number(at, 1),
        .kind = kinds[row_word(at, 2, kinds, 3, "use theoretical, measured or ab initio")],
        .confidence = row_text(at, 3), .note = row_text(at, 4), .source = row_text(at, 5),
    };
    if (!(out->voltage_v > 0.0))
        row_fault(at, 1, "a voltage above 0 is needed");
    if (!out->source[0])
        row_fault(at, 5, "a source is needed");
}

static void dilute_row(row_reader *at, desc_dilute_row *out)
{
    *out = (desc_dilute_row){
        .element = row_text(at, 0), .dh_ev = row_number(at, 1), .reference = row_text(at, 2),
        .mu_ev = row_number(at, 3), .note = row_text(at, 4), .source = row_text(at, 5),
    };
    if (isnan(out->dh_ev) || isnan(out->mu_ev))
        row_fault(at, isnan(out->dh_ev) ? 1 : 3, "an energy is needed");
}

/* The rows of one element stand together, and phases rise in x_li: lookups rely on both. */
static void row_check_order(row_reader *at, int table)
{
    const char *element = row_text(at, 0);
    const size_t row = at->row;

    if (row == 0)
        return;
    if (strcmp(dft_csv_text(at->csv, row - 1, at->columns[0]), element) == 0) {
        if (table != TABLE_POINTS && table != TABLE_PHASES && table != TABLE_PLATEAUS
            && table != TABLE_FORMATION && table != TABLE_VOLTAGES)
            row_fault(at, 0, "one row each is needed");
        return;
    }
    for (size_t i = 0; i < row; i++)
        if (strcmp(dft_csv_text(at->csv, i, at->columns[0]), element) == 0)
            row_fault(at, 0, "rows of one name must stand together");
}

static void table_row(row_reader *at, int table, desc_phase_data *data)
{
    const size_t row = at->row;

    row_check_order(at, table);
    switch (table) {
    case TABLE_SOLUBILITY: solubility_row(at, &data->solubility[row]); break;
    case TABLE_POINTS:     point_row(at, &data->points[row]); break;
    case TABLE_PLATEAUS:   plateau_row(at, &data->plateaus[row]); break;
    case TABLE_CONVERSION: conversion_row(at, &data->conversions[row]); break;
    case TABLE_FORMATION:  formation_row(at, &data->formations[row]); break;
    case TABLE_DILUTE:     dilute_row(at, &data->dilutes[row]); break;
    case TABLE_VOLUMES:    volume_row(at, &data->volumes[row]); break;
    case TABLE_VOLTAGES:   voltage_row(at, &data->voltages[row]); break;
    default:
        phase_row(at, &data->phases[row]);
        if (row > 0 && strcmp(data->phases[row].element, data->phases[row - 1].element) == 0
            && data->phases[row].x_li < data->phases[row - 1].x_li)
            row_fault(at, 3, "phases of one element stand by rising x_li");
    }
}

static dft_status table_read(const char *directory, int table, desc_phase_data *data,
                             dft_error *err)
{
    char path[4096];
    row_reader at = { .status = DFT_OK, .err = err };

    if (snprintf(path, sizeof path, "%s/%s", directory, layouts[table].file) >= (int)sizeof path)
        return dft_fail(err, DFT_ENOFILE, "phase data: the path %.60s... is too long", directory);
    at.status = dft_csv_read(path, &data->tables[table], err);
    at.csv = data->tables[table];
    for (int i = 0; i < layouts[table].n_columns && at.status == DFT_OK; i++)
        at.status = dft_csv_column(at.csv, layouts[table].columns[i], &at.columns[i], err);
    if (at.status != DFT_OK)
        return at.status;

    const size_t n = dft_csv_n_rows(at.csv);
    void *rows = NULL;
    switch (table) {
    case TABLE_SOLUBILITY:
        rows = data->solubility = dft_alloc(data->n_solubility = n, sizeof *data->solubility);
        break;
    case TABLE_POINTS:
        rows = data->points = dft_alloc(data->n_points = n, sizeof *data->points);
        break;
    case TABLE_PLATEAUS:
        rows = data->plateaus = dft_alloc(data->n_plateaus = n, sizeof *data->plateaus);
        break;
    case TABLE_CONVERSION:
        rows = data->conversions = dft_alloc(data->n_conversions = n, sizeof *data->conversions);
        break;
    case TABLE_FORMATION:
        rows = data->formations = dft_alloc(data->n_formations = n, sizeof *data->formations);
        break;
    case TABLE_DILUTE:
        rows = data->dilutes = dft_alloc(data->n_dilutes = n, sizeof *data->dilutes);
        break;
    case TABLE_VOLUMES:
        rows = data->volumes = dft_alloc(data->n_volumes = n, sizeof *data->volumes);
        break;
    case TABLE_VOLTAGES:
        rows = data->voltages = dft_alloc(data->n_voltages = n, sizeof *data->voltages);
        break;
    default:
        rows = data->phases = dft_alloc(data->n_phases = n, sizeof *data->phases);
    }
    if (!rows)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu rows", path, n);
    for (at.row = 0; at.row < n && at.status == DFT_OK; at.row++)
        table_row(&at, table, data);
    return at.status;
}

/* Computed conversions follow the rows of conversion.csv. */
static dft_status room_for_conversions(desc_phase_data *data, dft_error *err)
{
    const size_t n = data->n_conversions;
    phase_conversion *longer = dft_alloc(n + data->n_formations, sizeof *longer);

    data->reaction_text = dft_alloc(data->n_formations, sizeof *data->reaction_text);
    if (!longer || !data->reaction_text) {
        free(longer);
        return dft_fail(err, DFT_ENOMEM, "phase data: no memory for %zu conversions", n);
    }
    memcpy(longer, data->conversions, n * sizeof *longer);
    free(data->conversions);
    data->conversions = longer;
    return DFT_OK;
}

dft_status desc_phase_data_read(const char *directory, desc_phase_data **out, dft_error *err)
{
    dft_status status = DFT_OK;
    desc_phase_data *data = dft_alloc(1, sizeof *data);

    *out = NULL;
    if (!data)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for the phase data", directory);
    for (int table = 0; table < N_TABLES && status == DFT_OK; table++)
        status = table_read(directory, table, data, err);
    if (status == DFT_OK)
        status = room_for_conversions(data, err);
    if (status == DFT_OK)
        status = phase_conversions_compute(data, err);
    if (status != DFT_OK) {
        desc_phase_data_free(data);
        return status;
    }
    *out = data;
    return DFT_OK;
}

void desc_phase_data_free(desc_phase_data *data)
{
    if (!data)
        return;
    free(data->solubility);
    free(data->points);
    free(data->phases);
    free(data->plateaus);
    free(data->conversions);
    free(data->formations);
    free(data->dilutes);
    free(data->volumes);
    free(data->voltages);
    free(data->reaction_text);
    for (int table = 0; table < N_TABLES; table++)
        dft_csv_free(data->tables[table]);
    free(data);
}
