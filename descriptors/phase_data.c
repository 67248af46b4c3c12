#include "descriptors/phase_data.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/lithiation_data.h"
#include "descriptors/phase_tables.h"
#include "dft-lite/crystal/elements.h"

#define ROOM_TEMPERATURE_MAX_K 320.0

void desc_solubility_in_li(const desc_phase_data *data, const char *element, desc_solubility *out)
{
    for (size_t i = 0; i < data->n_solubility; i++)
        if (strcmp(data->solubility[i].element, element) == 0) {
            *out = data->solubility[i];
            return;
        }
    *out = (desc_solubility){
        .element = "", .x = NAN, .low = NAN, .high = NAN, .origin = DESC_ORIGIN_MISSING,
        .confidence = "none", .basis = "no entry in the collected phase data", .bounds_basis = "",
        .source = "", .x_li_in_m = NAN, .li_in_m_note = "", .li_richest_phase = "", .plateaus = "",
    };
}

/* The run of rows whose element (the first member of each row struct) equals the one asked for. */
static const void *phase_run(const void *rows, size_t n_rows, size_t size, const char *element,
                             size_t *n)
{
    const char *begin = NULL;

    *n = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const char *row = (const char *)rows + i * size;
        const char *name;
        memcpy(&name, row, sizeof name);
        if (strcmp(name, element) == 0) {
            begin = begin ? begin : row;
            (*n)++;
        }
    }
    return begin;
}

const desc_solubility_point *desc_solubility_points(const desc_phase_data *data,
                                                    const char *element, size_t *n)
{
    return phase_run(data->points, data->n_points, sizeof *data->points, element, n);
}

const desc_phase *desc_phases(const desc_phase_data *data, const char *element, size_t *n)
{
    return phase_run(data->phases, data->n_phases, sizeof *data->phases, element, n);
}

const desc_plateau *desc_plateaus(const desc_phase_data *data, const char *element, size_t *n)
{
    return phase_run(data->plateaus, data->n_plateaus, sizeof *data->plateaus, element, n);
}

const desc_dilute_row *desc_dilute_data(const desc_phase_data *data, const char *element)
{
    for (size_t i = 0; i < data->n_dilutes; i++)
        if (strcmp(data->dilutes[i].element, element) == 0)
            return &data->dilutes[i];
    return NULL;
}

const desc_formation *desc_formations(const desc_phase_data *data, size_t *n)
{
    *n = data->n_formations;
    return data->formations;
}

const desc_published_voltage *desc_published_voltages(const desc_phase_data *data,
                                                      const desc_formula *formula, size_t *n)
{
    const desc_published_voltage *begin = NULL;

    *n = 0;
    for (size_t i = 0; i < data->n_voltages; i++)
        if (desc_formula_same(&data->voltages[i].composition, formula)) {
            begin = begin ? begin : &data->voltages[i];
            (*n)++;
        }
    return begin;
}

double desc_volume_ang3(const desc_phase_data *data, const desc_formula *formula)
{
    for (size_t i = 0; i < data->n_volumes; i++)
        if (desc_formula_same(&data->volumes[i].composition, formula))
            return data->volumes[i].volume_ang3 * desc_formula_atoms(formula)
                   / desc_formula_atoms(&data->volumes[i].composition);
    return NAN;
}

const desc_phase *desc_all_phases(const desc_phase_data *data, size_t *n)
{
    *n = data->n_phases;
    return data->phases;
}

static const desc_lithiation lithiation_unknown = { NAN, DESC_ORIGIN_MISSING, "", "" };

static bool lithiation_from_plateaus(const desc_phase_data *data, const char *element,
                                     desc_lithiation *out)
{
    size_t n;
    const desc_plateau *p = desc_plateaus(data, element, &n);
    const desc_plateau *first = NULL;

    for (size_t i = 0; i < n; i++)
        if (p[i].equilibrium && p[i].temperature_k < ROOM_TEMPERATURE_MAX_K && p[i].voltage_v > 0.0
            && (!first || p[i].voltage_v > first->voltage_v))
            first = &p[i];
    if (first)
        *out = (desc_lithiation){ first->voltage_v, first->origin, first->reaction, first->source };
    return first != NULL;
}

/* On the hull seen from pure M the first phase to form has the largest -dHf/x_Li (per Li). */
static bool lithiation_from_enthalpies(const desc_phase_data *data, const char *element, bool dft,
                                       desc_lithiation *out)
{
    size_t n;
    const desc_phase *p = desc_phases(data, element, &n);
    bool found = false;

    for (size_t i = 0; i < n; i++) {
        const double driving_ev = -p[i].dhf_kj_per_mol_atoms / p[i].x_li / PHASE_EV_KJ_PER_MOL;
        if (isnan(driving_ev) || (p[i].origin == DESC_ORIGIN_DFT) != dft)
            continue;
        if (!found || driving_ev > out->driving_ev)
            *out = (desc_lithiation){ fmax(driving_ev, 0.0), p[i].origin, p[i].formula,
                                      p[i].source };
        found = true;
    }
    return found;
}

/* Te + 2 Li -> Li2Te: elements whose Li compounds stand among the salts. */
static bool lithiation_from_salts(const desc_phase_data *data, const char *element,
                                  desc_lithiation *out)
{
    const int z = dft_element_number(element);
    bool found = false;

    for (size_t i = 0; i < data->n_formations; i++) {
        const desc_formation *row = &data->formations[i];
        const double n_li = desc_formula_count(&row->composition, 3);
        if (z == 0 || z == 3 || row->composition.n != 2 || n_li == 0.0
            || desc_formula_count(&row->composition, z) == 0.0)
            continue;
        const double driving_ev = -row->dhf_kj_per_mol / n_li / PHASE_EV_KJ_PER_MOL;
        if (!found || driving_ev > out->driving_ev)
            *out = (desc_lithiation){ fmax(driving_ev, 0.0), row->origin, row->formula,
                                      row->source };
        found = true;
    }
    return found;
}

void desc_first_lithiation(const desc_phase_data *data, const char *element, desc_lithiation *out)
{
    size_t n;
    const desc_phase *p = desc_phases(data, element, &n);

    *out = lithiation_unknown;
    if (lithiation_from_plateaus(data, element, out)
        || lithiation_from_enthalpies(data, element, true, out)
        || lithiation_from_enthalpies(data, element, false, out)
        || lithiation_from_salts(data, element, out))
        return;
    if (n == 1 && strcmp(p[0].formula, "none") == 0)
        *out = (desc_lithiation){ 0.0, DESC_ORIGIN_NONE, "", p[0].source };
}

static bool element_is_known(const desc_phase_data *data, const char *element)
{
    for (size_t i = 0; i < data->n_solubility; i++)
        if (strcmp(data->solubility[i].element, element) == 0)
            return true;
    return false;
}

static const phase_conversion *conversion_of(const desc_phase_data *data, const char *text,
                                             const desc_formula *formula)
{
    for (size_t i = 0; i < data->n_conversions; i++) {
        const phase_conversion *c = &data->conversions[i];
        if (strcmp(c->formula, text) == 0
            || (c->composition.n > 0 && desc_formula_same(&c->composition, formula)))
            return c;
    }
    return NULL;
}

dft_status desc_alloying_element(const desc_phase_data *data, const char *formula,
                                 desc_active_element *out, dft_error *err)
{
    desc_formula parsed;
    const dft_status status = desc_formula_parse(formula, &parsed, err);
    const phase_conversion *conversion;
    const int metal = desc_formula_metal(&parsed);
    bool has_li;

    if (status != DFT_OK)
        return status;
    *out = (desc_active_element){ "", DESC_STATE_UNKNOWN, NAN,
                                  "no entry in the collected phase data", "" };
    conversion = conversion_of(data, formula, &parsed);
    if (conversion) {
        out->state = conversion->state;
        out->conversion_ev = conversion->conversion_ev;
        out->note = conversion->note;
        out->source = conversion->source;
        snprintf(out->element, sizeof out->element, "%s", conversion->element);
        return DFT_OK;
    }
    /* Elements and Li-M phases of metals that alloy with Li. */
    has_li = desc_formula_count(&parsed, 3) > 0.0;
    const int other = parsed.n == 1 ? parsed.z[0] : metal;
    if (other == 3)
        out->note = "lithium itself";
    if (parsed.n > 1 + (size_t)has_li || other == 3 || other == 0
        || (has_li && !element_is_known(data, dft_element_symbol(other))))
        return DFT_OK;
    snprintf(out->element, sizeof out->element, "%s", dft_element_symbol(other));
    out->state = has_li ? DESC_STATE_LITHIATED : DESC_STATE_PRISTINE;
    out->note = has_li ? "a Li-M phase: its metal counts" : "the element itself";
    return DFT_OK;
}

dft_status desc_candidate_phase(const desc_phase_data *data, const char *formula,
                                desc_active_element *active, desc_solubility *solubility,
                                desc_lithiation *lithiation, dft_error *err)
{
    const dft_status status = desc_alloying_element(data, formula, active, err);

    if (status != DFT_OK)
        return status;
    desc_solubility_in_li(data, active->element, solubility);
    *lithiation = lithiation_unknown;
    if (active->state == DESC_STATE_UNKNOWN)
        solubility->basis = active->note;        /* why nobody can tell */
    if (active->state == DESC_STATE_CONVERTED) {
        *lithiation = (desc_lithiation){ -active->conversion_ev, DESC_ORIGIN_MEASURED, active->note,
                                         active->source };
    } else if (active->element[0]) {
        desc_first_lithiation(data, active->element, lithiation);
    } else if (active->state == DESC_STATE_PRISTINE) {
        solubility->x = 0.0;
        solubility->origin = DESC_ORIGIN_NONE;
        solubility->confidence = "";
        solubility->basis = active->note;
        solubility->source = active->source;
        if (active->conversion_ev >= 0.0)
            *lithiation = (desc_lithiation){ 0.0, DESC_ORIGIN_MEASURED, active->note,
                                             active->source };
    }
    return DFT_OK;
}
