#include "workflows/quantities.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "workflows/gather.h"

#define THIN_LAYERS 5                /* fewer show the slab's own quantum-size effects */
#define COARSE_K_PER_ANG 0.2

/* ---- errors ---- */

typedef struct {
    const desc_curves *curves;
    int curve;
    desc_quantity *quantity;
    flow_error *error;
} error_sum;

static error_sum error_start(const desc_curves *curves, int curve, desc_score_inputs *in,
                             flow_error *error)
{
    const error_sum sum = { curves, curve, &in->value[curve], &error[curve] };

    sum.quantity->sigma = 0.0;
    sum.error->made_of[0] = '\0';
    sum.quantity->made_of = sum.error->made_of;
    return sum;
}

static void error_add(const error_sum *sum, int applies, const char *component)
{
    const double sigma = desc_error_sigma(sum->curves, sum->curve, component);
    char *text = sum->error->made_of;
    const size_t length = strlen(text);

    if (!applies || sigma <= 0.0)
        return;
    sum->quantity->sigma = hypot(sum->quantity->sigma, sigma);
    snprintf(text + length, sizeof sum->error->made_of - length, "%s%s", length ? ", " : "",
             component);
}

/* ---- settings ---- */

static bool has_magnetic_element(const flow_assemble_request *request, size_t task)
{
    for (size_t i = 0; i < request->plan->n_candidates; i++) {
        const flow_candidate_plan *plan = &request->plan->candidate[i];
        if (plan->slab != task)
            continue;
        for (size_t a = 0; a < plan->candidate->structure->n_atoms; a++)
            if (plan->candidate->structure->z[a] >= 24 && plan->candidate->structure->z[a] <= 28)
                return true;        /* Cr, Mn, Fe, Co, Ni */
        return false;
    }
    return false;
}

void flow_settings_of(const flow_assemble_request *request, size_t task, flow_settings *out)
{
    flow_found found;

    *out = (flow_settings){ 0, NAN, false, false };
    flow_gather_find(request, task, &found);
    const json_t *inputs = json_object_get(found.record, "inputs");
    const json_t *protocol = json_object_get(inputs, "protocol");
    const json_t *spin = json_object_get(protocol, "spin");
    if (json_is_number(json_object_get(protocol, "layers")))
        out->layers = (int)json_number_value(json_object_get(protocol, "layers"));
    if (json_is_number(json_object_get(protocol, "k_spacing_per_ang")))
        out->k_spacing_per_ang = json_number_value(json_object_get(protocol, "k_spacing_per_ang"));
    out->lacks_spin = (!spin || (json_is_string(spin) && !strcmp(json_string_value(spin), "none")))
                      && task != FLOW_NO_TASK && has_magnetic_element(request, task);
    flow_found_clear(&found);
}

/* ---- the quantities ---- */

void flow_quantity_binding(const desc_curves *curves, const flow_settings *settings,
                           double binding_ev, desc_score_inputs *in, flow_error *error)
{
    const error_sum sum = error_start(curves, DESC_BINDING, in, error);

    sum.quantity->value = binding_ev;
    sum.quantity->origin = "dft";
    error_add(&sum, 1, "functional");
    error_add(&sum, !settings->relaxed, "rigid");
    error_add(&sum, settings->layers < THIN_LAYERS, "thin-slab");
    error_add(&sum, !(settings->k_spacing_per_ang <= COARSE_K_PER_ANG), "coarse-k");
    error_add(&sum, settings->lacks_spin, "no-spin");
}

void flow_quantity_barrier(const desc_curves *curves, const flow_settings *settings,
                           const desc_corrugation *corrugation, desc_score_inputs *in,
                           flow_error *error)
{
    const error_sum sum = error_start(curves, DESC_BARRIER, in, error);

    sum.quantity->value = corrugation->barrier_estimate_ev;
    sum.quantity->low = corrugation->barrier_low_ev;
    sum.quantity->high = corrugation->barrier_high_ev;
    sum.quantity->origin = "corrugation-estimate";
    error_add(&sum, 1, "functional");
    error_add(&sum, 1, "estimate");
    error_add(&sum, !settings->relaxed, "rigid");
}

/* A bound goes into the bounds, the trust in the way it was found into the rest. */
void flow_quantity_solubility(const desc_curves *curves, const desc_solubility *solubility,
                              desc_score_inputs *in, flow_error *error)
{
    const error_sum sum = error_start(curves, DESC_SOLUBILITY, in, error);
    const int high_confidence = strcmp(solubility->confidence, "high") == 0;

    if (in->element && strcmp(in->element, "Li") == 0) {
        sum.quantity->value = 1.0;  /* lithium mixes with itself */
        sum.quantity->sigma = 0.0;
        return;
    }
    sum.quantity->value = solubility->x;
    sum.quantity->low = solubility->low;
    sum.quantity->high = solubility->high;
    sum.quantity->origin = desc_origin_name(solubility->origin);
    sum.quantity->confidence = solubility->confidence;
    switch (solubility->origin) {
    case DESC_ORIGIN_CALPHAD:
        error_add(&sum, high_confidence, "calphad-high");
        error_add(&sum, !high_confidence && isnan(solubility->high), "calphad-low");
        error_add(&sum, !high_confidence && !isnan(solubility->high), "recommended");
        break;
    case DESC_ORIGIN_MEASURED:
        error_add(&sum, 1, "measured");
        break;
    case DESC_ORIGIN_DFT_DILUTE:
    case DESC_ORIGIN_DFT:
        error_add(&sum, 1, "dft-dilute");
        break;
    case DESC_ORIGIN_MISSING:
    case DESC_ORIGIN_NONE:
        break;
    }
}

void flow_quantity_alloying(const desc_curves *curves, const desc_lithiation *lithiation,
                            desc_score_inputs *in, flow_error *error)
{
    const error_sum sum = error_start(curves, DESC_ALLOYING, in, error);
    const char *origin = desc_origin_name(lithiation->origin);

    sum.quantity->origin = origin;
    if (in->element && strcmp(in->element, "Li") == 0) {
        sum.quantity->value = 0.0;  /* no reaction is needed, and none happens */
        return;
    }
    sum.quantity->value = lithiation->driving_ev;
    error_add(&sum, lithiation->driving_ev > 0.0, origin);
}

void flow_quantity_volume(const desc_curves *curves, double percent, desc_score_inputs *in,
                          flow_error *error)
{
    const error_sum sum = error_start(curves, DESC_VOLUME, in, error);

    sum.quantity->value = percent;
    error_add(&sum, percent > 0.0 || percent < 0.0, "tabulated");
}

void flow_quantity_compliance(const desc_curves *curves, const desc_film_compliance *compliance,
                              desc_score_inputs *in, flow_error *error)
{
    const error_sum stretch = error_start(curves, DESC_COMPLIANCE, in, error);
    const error_sum slip = error_start(curves, DESC_SLIP, in, error);

    stretch.quantity->value = compliance->stiffness_n_per_m;
    error_add(&stretch, 1, "functional");
    error_add(&stretch, compliance->poisson_assumed, "poisson");
    slip.quantity->value = compliance->slip_gpa;
    error_add(&slip, 1, "functional");
}

void flow_quantity_plain(const desc_curves *curves, desc_term term, double value,
                         const char *origin, desc_score_inputs *in, flow_error *error)
{
    const error_sum sum = error_start(curves, (int)term, in, error);

    sum.quantity->value = value;
    sum.quantity->origin = origin;
    error_add(&sum, 1, "functional");
}
