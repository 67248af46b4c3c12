#include "screen/propose_sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/coating.h"
#include "descriptors/lithiation_data.h"
#include "dft-lite/crystal/elements.h"
#include "results/record.h"

/* Errors of a first plateau: measured and assessed ones by their scatter, DFT enthalpies by what is said in
 * descriptors/lithiation.h of energies without entropy. */
#define ERROR_MEASURED_V 0.02
#define ERROR_DFT_V 0.1

double screen_row_number(const json_t *row, const char *key)
{
    const json_t *value = json_object_get(row, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

const char *screen_row_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

/* Li per atom of the metal in its Li-richest known phase; 0: forms none; NaN: nobody knows. */
static double richest(const desc_phase_data *data, const char *element)
{
    size_t n;
    const desc_phase *phase = desc_phases(data, element, &n);
    double most = NAN;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(phase[i].formula, "none") == 0)
            return 0.0;
        if (phase[i].x_li < 1.0 && !(phase[i].x_li / (1.0 - phase[i].x_li) <= most))
            most = phase[i].x_li / (1.0 - phase[i].x_li);
    }
    return most;
}

/* What a formula unit takes up: the conversion, then the phases of the metal, less what is in it. */
static double uptake(const desc_phase_data *data, const char *formula, const desc_formula *f,
                     const desc_active_element *active)
{
    double n = 0.0;

    if (active->state == DESC_STATE_CONVERTED) {
        desc_lithiation_path path;
        if (desc_lithiation_path_find(data, formula, &path, NULL) != DFT_OK)
            return NAN;
        n = path.profile.n_steps ? path.profile.step[path.profile.n_steps - 1].n_guest : 0.0;
        desc_lithiation_path_clear(&path);
    } else if (active->state == DESC_STATE_UNKNOWN) {
        return NAN;
    }
    if (active->element[0])
        n += richest(data, active->element)
             * desc_formula_count(f, dft_element_number(active->element));
    if (active->state != DESC_STATE_CONVERTED)
        n -= desc_formula_count(f, 3);
    return n < 0.0 ? 0.0 : n;
}

static const char *form_of(const json_t *row, const desc_active_element *active, double n_li,
                           double x)
{
    if (strcmp(screen_row_text(row, "facet"), "sheet") == 0)
        return "restacked flakes on Cu foil";
    if (active->state == DESC_STATE_CONVERTED)
        return "coating on Cu foil, converted by the first lithium";
    if (active->state == DESC_STATE_LITHIATED)
        return "alloy foil, or its metal on Cu foil, lithiated";
    if (n_li > 0.0 || x > 0.0)
        return "metal film on Cu foil";
    return strcmp(screen_row_text(row, "family"), "metal") == 0 ? "foil, or film on Cu foil"
                                                               : "coating on Cu foil";
}

typedef struct {
    char form[64], basis[200], hazards[512], handling_origin[512];
    const char *price;
    desc_coating_range range;
} made_of;

static void describe(const screen_sample_data *data, const json_t *row, made_of *out)
{
    const char *formula = screen_row_text(row, "formula");
    const double x = screen_row_number(row, "solubility_m_in_li");
    desc_formula f;
    desc_active_element active;

    *out = (made_of){ .price = "", .range = { NAN, NAN, NAN, NAN, NAN, NAN } };
    if (desc_formula_parse(formula, &f, NULL) != DFT_OK
        || desc_alloying_element(data->phase_data, formula, &active, NULL) != DFT_OK)
        return;
    double n_li = uptake(data->phase_data, formula, &f, &active);
    if (!active.element[0] && isnan(screen_row_number(row, "first_lithiation_ev")))
        n_li = NAN;                         /* nobody has looked whether Li reacts with it */
    desc_coating coating = { desc_volume_ang3(data->phase_data, &f), desc_formula_atoms(&f), n_li,
                             active.element[0]
                                 ? desc_formula_count(&f, dft_element_number(active.element)) : NAN,
                             x, data->plated_mah_per_cm2 };
    desc_coating_thickness(&coating, &out->range);
    snprintf(out->form, sizeof out->form, "%s", form_of(row, &active, n_li, x));
    if (n_li > 0.0)
        snprintf(out->basis, sizeof out->basis, "from ten layers of atoms to a lithiation that takes %.0f "
                 "%% of %g mAh/cm2 (%.3g Li per %s)%s", 100.0 * DESC_COATING_SHARE,
                 data->plated_mah_per_cm2, n_li, formula,
                 isnan(out->range.low_nm) ? "; its volume is not known" : "");
    else if (active.state == DESC_STATE_LITHIATED && n_li >= 0.0)
        snprintf(out->basis, sizeof out->basis, "holds as much lithium as its metal is known to take "
                 "up: no upper end from the charge");
    else if (n_li >= 0.0 && out->range.dissolves_nm > 0.0)
        snprintf(out->basis, sizeof out->basis, "forms no compound with lithium, but dissolves in it");
    else if (n_li >= 0.0)
        snprintf(out->basis, sizeof out->basis, "takes up no lithium: only its mass speaks against "
                 "thickness");
    else
        snprintf(out->basis, sizeof out->basis, "its uptake of lithium is not known");
    desc_handling_hazards(data->handling, &f, out->hazards, sizeof out->hazards);
    desc_handling_origin(data->handling, &f, out->handling_origin, sizeof out->handling_origin);
    out->price = desc_handling_price(data->handling, &f);
}

static double error_of(const json_t *row)
{
    const char *origin = screen_row_text(row, "first_lithiation_origin");

    if (isnan(screen_row_number(row, "first_lithiation_ev")))
        return NAN;
    return strncmp(origin, "dft", 3) == 0 ? ERROR_DFT_V : ERROR_MEASURED_V;
}

static double width(const json_t *row, const char *axis)
{
    char low[64], high[64];

    snprintf(low, sizeof low, "%s_low", axis);
    snprintf(high, sizeof high, "%s_high", axis);
    return screen_row_number(row, high) - screen_row_number(row, low);
}

/* screen/propose.h says why. */
static const char *measurement(const json_t *row, const char **why)
{
    const char *missing = screen_row_text(row, "missing_terms");
    const double w_l = width(row, "lithiophilicity"), w_r = width(row, "robustness");
    const char *overpotential = "nucleation_overpotential_mv";

    if (strstr(missing, "solubility") || strstr(missing, "alloying")) {
        *why = "nobody knows whether it dissolves in or reacts with Li: about 0 mV if so, tens if not";
        return overpotential;
    }
    if (strstr(missing, "wetting") || strstr(missing, "contact")) {
        *why = "wetting is not known: the angle of molten Li tells";
        return "contact_angle_deg";
    }
    if (w_r > w_l) {
        *why = "robustness is the less certain of the two: the shape of the plated Li tells";
        return "plating_morphology";
    }
    if (w_l >= w_r) {
        *why = "lithiophilicity is the less certain of the two";
        return overpotential;
    }
    if (strstr(screen_row_text(row, "migration_barrier_origin"), "estimate")) {
        *why = "the migration barrier is an estimate: the shape of the plated Li tests it";
        return "plating_morphology";
    }
    *why = "tests what the lithiophilicity rests on";
    return overpotential;
}

static json_t *copy(const json_t *row, const char *key)
{
    json_t *value = json_object_get(row, key);
    return value ? json_incref(value) : json_null();
}

json_t *screen_propose_sample(const screen_sample_data *data, const json_t *row)
{
    static const char *const kept[] = { "lithiophilicity", "lithiophilicity_low",
        "lithiophilicity_high", "robustness", "robustness_low", "robustness_high", "rank_low",
        "rank_high" };
    const char *why = "", *quantity = measurement(row, &why);
    made_of made;

    describe(data, row, &made);
    json_t *sample = json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s}",
        "candidate", copy(row, "candidate"), "rank", copy(row, "rank"), "facet", copy(row, "facet"),
        "form", made.form, "thickness_low_nm", res_number(made.range.low_nm), "thickness_high_nm",
        res_number(made.range.high_nm), "dissolves_below_nm", res_number(made.range.dissolves_nm),
        "thickness_basis", made.basis, "first_lithiation_v",
        res_number(screen_row_number(row, "first_lithiation_ev")), "first_lithiation_error_v",
        res_number(error_of(row)), "hazards", made.hazards, "price_class_usd_per_kg", made.price,
        "handling_origin", made.handling_origin, "why", why, "quantity", quantity);
    for (size_t i = 0; sample && i < sizeof kept / sizeof kept[0]; i++)
        json_object_set_new(sample, kept[i], copy(row, kept[i]));
    return sample;
}
