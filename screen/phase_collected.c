#include "screen/phase_collected.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/solubility.h"
#include "results/record.h"

int screen_phase_is_collected(const desc_phase_data *data, const char *metal)
{
    desc_solubility s;
    size_t n_points, n_phases, n_plateaus;

    desc_solubility_in_li(data, metal, &s);
    (void)desc_solubility_points(data, metal, &n_points);
    (void)desc_phases(data, metal, &n_phases);
    (void)desc_plateaus(data, metal, &n_plateaus);
    return s.origin != DESC_ORIGIN_MISSING || n_points + n_phases + n_plateaus > 0;
}

static json_t *row(const char *solute, const char *solvent, const char *phase, double temperature_k,
                   double x, double low, double high, const char *origin, const char *confidence,
                   const char *note, const char *source)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:s}", "solute", solute,
                     "solvent", solvent, "solvent_phase", phase, "temperature_k",
                     res_number(temperature_k), "x", res_number(x), "low", res_number(low), "high",
                     res_number(high), "origin", origin, "confidence", confidence, "note", note,
                     "source", source);
}

/* The value by the order of trust.  One that is the description's own takes over its source. */
static dft_status add_verdict(const desc_phase_data *data, const char *metal, double temperature_k,
                              double calphad_x, json_t *array, dft_error *err)
{
    desc_solubility_value own = { .temperature_k = temperature_k, .x = calphad_x, .low = NAN,
                                  .high = NAN, .origin = DESC_ORIGIN_CALPHAD }, value;
    desc_solubility recommended;
    const json_t *first = json_array_get(array, 0);
    const char *source = json_string_value(json_object_get(first, "source"));

    snprintf(own.basis, sizeof own.basis, "assessed description");
    if (calphad_x < DESC_SOLUBILITY_NONE) {      /* no physical meaning */
        own.x = 0.0;
        own.origin = DESC_ORIGIN_NONE;
    }
    const dft_status status = desc_solubility_at(data, metal, temperature_k,
                                                 isnan(calphad_x) ? NULL : &own, &value, err);
    if (status != DFT_OK)
        return status;
    desc_solubility_in_li(data, metal, &recommended);
    const int from_description = !isnan(calphad_x) && value.origin == own.origin;
    json_t *verdict = row(metal, "Li", "BCC_A2", temperature_k, value.x, value.low, value.high,
                          desc_origin_name(value.origin), recommended.confidence, value.basis,
                          from_description && source ? source : recommended.source);
    if (from_description && first)
        json_array_remove(array, 0);             /* the same number once */
    json_array_insert_new(array, 0, verdict);
    return DFT_OK;
}

/* Collected points; those from a description are left out where the description itself speaks. */
static void add_points(const desc_phase_data *data, const char *metal, int described, json_t *array)
{
    size_t n;
    const desc_solubility_point *point = desc_solubility_points(data, metal, &n);

    for (size_t i = 0; i < n; i++) {
        if (described && (point[i].origin == DESC_ORIGIN_CALPHAD
                          || point[i].origin == DESC_ORIGIN_NONE))
            continue;
        json_array_append_new(array, row(point[i].solute,
                                         strcmp(point[i].solute, "Li") == 0 ? metal : "Li",
                                         point[i].solvent_phase, point[i].temperature_k, point[i].x,
                                         NAN, NAN, desc_origin_name(point[i].origin),
                                         point[i].confidence, point[i].note, point[i].source));
    }
}

json_t *screen_phase_compounds(const desc_phase_data *data, const char *metal)
{
    json_t *array = json_array();
    size_t n;
    const desc_phase *phase = desc_phases(data, metal, &n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(phase[i].formula, "none") != 0)
            json_array_append_new(array, json_pack(
                "{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s}", "formula", phase[i].formula, "phase",
                phase[i].structure, "x_li", res_number(phase[i].x_li),
                "formation_energy_kj_per_mol_atoms", res_number(phase[i].dhf_kj_per_mol_atoms),
                "origin", desc_origin_name(phase[i].origin), "confidence", phase[i].confidence,
                "note", phase[i].kind, "source", phase[i].source));
    return array;
}

json_t *screen_phase_plateaus(const desc_phase_data *data, const char *metal)
{
    json_t *array = json_array();
    size_t n;
    const desc_plateau *plateau = desc_plateaus(data, metal, &n);

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_pack(
            "{s:o, s:[s], s:o, s:b, s:s, s:s, s:s, s:s}", "voltage_v",
            res_number(plateau[i].voltage_v), "phases", plateau[i].reaction, "temperature_k",
            res_number(plateau[i].temperature_k), "equilibrium", plateau[i].equilibrium, "origin",
            desc_origin_name(plateau[i].origin), "confidence", plateau[i].confidence, "note",
            plateau[i].note, "source", plateau[i].source));
    return array;
}

dft_status screen_phase_collected(const desc_phase_data *data, const char *metal,
                                  double temperature_k, double calphad_x, json_t *root,
                                  dft_error *err)
{
    json_t *array = json_object_get(root, "solubility");
    dft_status status = DFT_OK;

    if (!array) {
        array = json_array();
        json_object_set_new(root, "solubility", array);
    }
    if (temperature_k < DESC_LI_MELTS_K)         /* above, there is no bcc Li to dissolve in */
        status = add_verdict(data, metal, temperature_k, calphad_x, array, err);
    add_points(data, metal, json_object_get(root, "database") != NULL, array);
    if (!json_object_get(root, "stable_phases"))
        json_object_set_new(root, "stable_phases", screen_phase_compounds(data, metal));
    if (!json_object_get(root, "plateaus"))
        json_object_set_new(root, "plateaus", screen_phase_plateaus(data, metal));
    return status;
}
