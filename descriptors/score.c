#include "descriptors/score.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"

/* 0 at `bad`, 1 at `good`, straight in between, flat outside; NaN stays NaN. */
static double desirability_ramp(double value, double bad, double good)
{
    const double t = (value - bad) / (good - bad);

    return isnan(t) ? NAN : fmin(fmax(t, 0.0), 1.0);
}

/* Against bulk Li, E_b < 0 is the condition for a layer before bulk Li (underpotential deposition,
 * wetting) and E_b > 0 for islands.  +0.2 eV, not 0, is the bad end, because a p(1x1) layer is
 * strained to the substrate, which costs it 0.1-0.2 eV per Li that a real layer need not pay.  -0.5
 * eV is the good end: underpotential shifts go as half the difference of the work functions (D. M.
 * Kolb, M. Przasnyski, H. Gerischer, J. Electroanal. Chem. 54, 25 (1974)), which for Li is 0.4 V on
 * Mg and 1.2 V on Au; half a volt is thus firmly wetting, and holding Li still more strongly wets
 * no better but pins it. */
double desc_desirability_binding(double binding_ev)
{
    return desirability_ramp(binding_ev, 0.2, -0.5);
}

/* Metals that dissolve in Li have no nucleation overpotential, those that do not have one (K. Yan
 * et al., Nat. Energy 1, 16010 (2016)).  What counts is the order of magnitude: log10 from 1e-6,
 * below which the number means nothing, to 1e-1, at which a film of 100 nm dissolves into the
 * first micron of Li. */
double desc_desirability_solubility(double x)
{
    return desirability_ramp(isnan(x) ? NAN : log10(fmax(x, 1e-300)), -6.0, -1.0);
}

/* A reaction with Li wets by reacting.  At 10 kT per Li at 298 K (0.257 eV) it runs to the end for
 * all practical purposes, and more driving force does not make it more complete. */
double desc_desirability_alloying(double lithiation_ev)
{
    return desirability_ramp(lithiation_ev, 0.0, 10.0 * 298.15 * DFT_KELVIN_HA * DFT_HARTREE_EV);
}

/* Harmonic transition-state hopping at 1e13/s: at 0.5 eV and 298 K an adatom moves 3.5e4 times a
 * second and islands thicken before Li spreads; near 0 the surface is flat for Li (M. Jaeckle, A.
 * Gross, J. Chem. Phys. 141, 174710 (2014): low barriers go with dendrite-free growth). */
double desc_desirability_barrier(double barrier_ev)
{
    return desirability_ramp(barrier_ev, 0.5, 0.0);
}

/* A soft film follows the volume change of Li (bulk modulus of Li itself: 11-13 GPa); one of 200
 * GPa (Ni, Pt) cannot.  Moduli act as ratios, hence log10. */
double desc_desirability_compliance(double bulk_modulus_gpa)
{
    return desirability_ramp(log10(bulk_modulus_gpa), log10(200.0), log10(10.0));
}

/* What a film of thickness t opposes to stretching is B t.  A sheet is put on the scale above as 1
 * nm of film: 10 to 200 N/m.  Wrinkling and slip between layers, which make stacks of sheets
 * compliant, are not in it; they need the bending rigidity and C44. */
double desc_desirability_layer_compliance(double layer_modulus_n_per_m)
{
    return desc_desirability_compliance(layer_modulus_n_per_m);
}

desc_score_inputs desc_score_inputs_unknown(void)
{
    return (desc_score_inputs){
        .binding_ev = NAN, .solubility_x = NAN, .solubility_high = NAN, .lithiation_ev = NAN,
        .barrier_ev = NAN, .bulk_modulus_gpa = NAN, .layer_modulus_n_per_m = NAN,
    };
}

desc_score_weights desc_score_weights_default(void)
{
    return (desc_score_weights){
        .binding = 0.5, .solubility = 0.3, .alloying = 0.2,
        .barrier = 0.6, .compliance = 0.4,
        .total_lithiophilicity = 0.5, .total_robustness = 0.5,
    };
}

/* One term of a score: what went in, what is allowed to, and what it is worth. */
typedef struct {
    const char *name, *unit;
    double input, low, high;             /* allowed range of the input */
    double desirability, weight;
} score_term;

static dft_status term_check(const score_term *term, dft_error *err)
{
    if (!(term->weight >= 0.0) || isinf(term->weight))
        return dft_fail(err, DFT_EINPUT, "score: the weight of %s is %g; weights are finite and "
                        "not negative", term->name, term->weight);
    if (isinf(term->input) || term->input < term->low || term->input > term->high)
        return dft_fail(err, DFT_EINPUT, "score: %s is %g %s; it must lie between %g and %g, or "
                        "be NaN when unknown", term->name, term->input, term->unit, term->low,
                        term->high);
    return DFT_OK;
}

static dft_status score_mean(const score_term *terms, size_t n, desc_score *out, dft_error *err)
{
    double sum = 0.0, weight = 0.0, planned_weight = 0.0;
    desc_score score = { NAN, 0, 0, "" };

    for (size_t i = 0; i < n; i++) {
        const dft_status status = term_check(&terms[i], err);
        if (status != DFT_OK)
            return status;
        planned_weight += terms[i].weight;
        if (terms[i].weight == 0.0)
            continue;
        score.n_terms_planned++;
        if (isnan(terms[i].desirability)) {
            const size_t length = strlen(score.missing);
            snprintf(score.missing + length, sizeof score.missing - length, "%s%s",
                     length ? ", " : "", terms[i].name);
            continue;
        }
        score.n_terms_used++;
        weight += terms[i].weight;
        sum += terms[i].weight * terms[i].desirability;
    }
    if (!(planned_weight > 0.0))
        return dft_fail(err, DFT_EINPUT, "score: the weights of %s and its companions are all 0; "
                        "give one a positive weight", terms[0].name);
    if (score.n_terms_used > 0)
        score.value = sum / weight;
    *out = score;
    return DFT_OK;
}

dft_status desc_score_lithiophilicity(const desc_score_inputs *in,
                                      const desc_score_weights *weights, desc_score *out,
                                      dft_error *err)
{
    const score_term terms[] = {
        { "binding", "eV", in->binding_ev, -100.0, 100.0,
          desc_desirability_binding(in->binding_ev), weights->binding },
        { "solubility", "(mole fraction)", in->solubility_x, 0.0, 1.0,
          desc_desirability_solubility(in->solubility_x), weights->solubility },
        { "alloying", "eV per Li", in->lithiation_ev, 0.0, 100.0,
          desc_desirability_alloying(in->lithiation_ev), weights->alloying },
    };

    return score_mean(terms, sizeof terms / sizeof *terms, out, err);
}

dft_status desc_score_robustness(const desc_score_inputs *in, const desc_score_weights *weights,
                                 desc_score *out, dft_error *err)
{
    const double modulus = in->sheet ? in->layer_modulus_n_per_m : in->bulk_modulus_gpa;
    const score_term terms[] = {
        { "barrier", "eV", in->barrier_ev, 0.0, 100.0,
          desc_desirability_barrier(in->barrier_ev), weights->barrier },
        { "compliance", in->sheet ? "N/m" : "GPa", modulus, 1e-6, 1e6,
          in->sheet ? desc_desirability_layer_compliance(modulus)
                    : desc_desirability_compliance(modulus), weights->compliance },
    };

    return score_mean(terms, sizeof terms / sizeof *terms, out, err);
}

dft_status desc_score_total(const desc_score *lithiophilicity, const desc_score *robustness,
                            const desc_score_weights *weights, double *out, dft_error *err)
{
    const double a = weights->total_lithiophilicity, b = weights->total_robustness;

    if (!(a >= 0.0) || !(b >= 0.0) || isinf(a) || isinf(b) || a + b == 0.0)
        return dft_fail(err, DFT_EINPUT, "score: the weights of lithiophilicity and robustness "
                        "are %g and %g; they are finite, not negative and not both 0", a, b);
    /* A weight of 0 means "not asked for": its score may then be unknown. */
    *out = (a > 0.0 ? a * lithiophilicity->value : 0.0) + (b > 0.0 ? b * robustness->value : 0.0);
    *out /= a + b;
    return DFT_OK;
}

/* A sentence that grows clause by clause. */
typedef struct {
    char *buffer;
    size_t size, length;
} reason_text;

static void reason_add(reason_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void reason_add(reason_text *text, const char *format, ...)
{
    va_list args;

    if (text->length + 1 >= text->size)
        return;
    va_start(args, format);
    const int n = vsnprintf(text->buffer + text->length, text->size - text->length, format, args);
    va_end(args);
    if (n > 0)
        text->length += (size_t)n;
}

static void reason_solubility(const desc_score_inputs *in, reason_text *text)
{
    const char *origin = in->solubility_origin ? in->solubility_origin : "";
    const char *confidence = in->solubility_confidence ? in->solubility_confidence : "";

    if (in->solubility_x < 1e-6) {
        reason_add(text, "does not dissolve in Li");
        if (confidence[0])
            reason_add(text, " (%s confidence)", confidence);
        return;
    }
    if (isnan(in->solubility_x) && isnan(in->solubility_high)) {
        reason_add(text, "solubility in Li unknown");
        return;
    }
    if (isnan(in->solubility_x))
        reason_add(text, "dissolves in Li to at most x = %.2g at 298 K", in->solubility_high);
    else
        reason_add(text, "dissolves in Li (x = %.2g at 298 K", in->solubility_x);
    const char *open = isnan(in->solubility_x) ? " (" : ", ";
    if (origin[0])
        reason_add(text, "%s%s", open, origin);
    if (confidence[0])
        reason_add(text, "%s%s confidence", origin[0] ? ", " : open, confidence);
    if (!isnan(in->solubility_x) || origin[0] || confidence[0])
        reason_add(text, ")");
}

static void reason_alloying(const desc_score_inputs *in, reason_text *text)
{
    if (isnan(in->lithiation_ev))
        reason_add(text, "; reaction with Li unknown");
    else if (in->lithiation_ev > 0.0)
        reason_add(text, "; reacts with Li (%.2f eV per Li%s%s)", in->lithiation_ev,
                   in->lithiation_origin ? ", " : "",
                   in->lithiation_origin ? in->lithiation_origin : "");
    else
        reason_add(text, "; does not react with Li");
}

static void reason_binding(const desc_score_inputs *in, reason_text *text)
{
    if (isnan(in->binding_ev))
        reason_add(text, "; Li binding not available");
    else if (in->binding_ev <= 0.0)
        reason_add(text, "; Li binds by %.2f eV", -in->binding_ev);
    else
        reason_add(text, "; Li prefers bulk Li by %.2f eV", in->binding_ev);
    if (!isnan(in->binding_ev) && in->binding_site)
        reason_add(text, " at %s", in->binding_site);
}

static void reason_compliance(const desc_score_inputs *in, reason_text *text)
{
    const double modulus = in->sheet ? in->layer_modulus_n_per_m : in->bulk_modulus_gpa;
    const double soft = in->sheet ? desc_desirability_layer_compliance(modulus)
                                  : desc_desirability_compliance(modulus);

    if (isnan(soft))
        reason_add(text, "; compliance not available");
    else
        reason_add(text, "; %s (%s %.0f %s)",
                   soft > 2.0 / 3.0 ? "soft" : soft > 1.0 / 3.0 ? "of middling stiffness" : "stiff",
                   in->sheet ? "layer modulus" : "bulk modulus", modulus,
                   in->sheet ? "N/m" : "GPa");
}

void desc_score_reason(const desc_score_inputs *in, char *buffer, size_t size)
{
    reason_text text = { buffer, size, 0 };
    const char *barrier = in->barrier_kind ? in->barrier_kind : "barrier estimate";

    if (size == 0)
        return;
    buffer[0] = '\0';
    reason_solubility(in, &text);
    reason_alloying(in, &text);
    reason_binding(in, &text);
    if (isnan(in->barrier_ev))
        reason_add(&text, "; %s not available", barrier);
    else
        reason_add(&text, "; %s %.2f eV", barrier, in->barrier_ev);
    reason_compliance(in, &text);
}
