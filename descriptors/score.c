#include "descriptors/score.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/random.h"

#define TWO_SIDED_90 1.6448536269514722          /* 90 % of a normal distribution lie within */

static const char *const term_names[DESC_N_CURVES] = {
    "binding", "solubility", "alloying", "wetting", "barrier", "dimensionality", "compliance",
    "adhesion", "strain", "mobility", "volume", "slip",
};

const char *desc_term_name(int curve)
{
    return term_names[curve];
}

desc_axis desc_term_axis(desc_term term)
{
    return term <= DESC_WETTING ? DESC_LITHIOPHILICITY : DESC_ROBUSTNESS;
}

/* ---- curves ---- */

/* Value -> scale of the curve.  Nil on a logarithmic scale lies a little below the prior range, where
 * every curve is 0 and nothing overflows. */
static double on_scale(const desc_curve *curve, double value)
{
    if (!curve->log10)
        return value;
    return log10(fmax(value, 0.1 * curve->prior_low));
}

static double ramp(double scaled, const void *context)
{
    const desc_curve *curve = context;
    const double t = (scaled - curve->zero_scaled) * curve->per_width;

    return t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;    /* NaN stays NaN */
}

double desc_desirability(const desc_curve *curve, double value)
{
    return isnan(value) ? NAN : ramp(on_scale(curve, value), curve);
}

/* ---- inputs ---- */

desc_score_inputs desc_score_inputs_unknown(void)
{
    desc_score_inputs in = { 0 };

    for (int i = 0; i < DESC_N_CURVES; i++)
        in.value[i].value = in.value[i].low = in.value[i].high = NAN;
    return in;
}

desc_score_weights desc_score_weights_default(void)
{
    return (desc_score_weights){
        .term = {
            [DESC_BINDING] = 0.5, [DESC_SOLUBILITY] = 0.3, [DESC_ALLOYING] = 0.2,
            [DESC_WETTING] = 0.3, [DESC_BARRIER] = 0.6, [DESC_DIMENSIONALITY] = 0.2,
            [DESC_COMPLIANCE] = 0.4, [DESC_ADHESION] = 0.2, [DESC_STRAIN] = 0.1,
            [DESC_MOBILITY] = 0.3, [DESC_VOLUME] = 0.2,
        },
        .axis = { 0.5, 0.5 },
    };
}

double desc_weight_of_axis(const desc_score_weights *weights, desc_axis axis)
{
    double sum = 0.0;

    for (int i = 0; i < DESC_N_TERMS; i++)
        if (desc_term_axis((desc_term)i) == axis)
            sum += weights->term[i];
    return sum;
}

/* ---- what is known of a value ---- */

static dft_status check_value(const desc_curve *curve, int term, double value, const char *what,
                              dft_error *err)
{
    if (isinf(value) || value < curve->least || value > curve->most)
        return dft_fail(err, DFT_EINPUT, "score: %s%s is %g %s; it must lie between %g and %g, or "
                        "be NaN when unknown", what, term_names[term], value, curve->unit,
                        curve->least, curve->most);
    return DFT_OK;
}

/* Standard deviation of one side: the bound read as the end of a 90 % interval, and the rest. */
static double side(double value, double bound, double sigma)
{
    const double s = isnan(bound) ? 0.0 : fmax(fabs(value - bound), 0.0) / TWO_SIDED_90;
    return sqrt(s * s + sigma * sigma);
}

/* A known nil on a logarithmic scale, with or without an upper bound. */
static desc_uncertain nil_value(const desc_curve *curve, const desc_quantity *q)
{
    const double bottom = on_scale(curve, 0.0);

    if (isnan(q->high) || on_scale(curve, q->high) <= bottom)
        return desc_exact(bottom);
    return desc_between(bottom, on_scale(curve, q->high));
}

static desc_uncertain uncertain_of(const desc_curve *curve, const desc_quantity *q)
{
    const double prior_low = on_scale(curve, curve->prior_low);
    const double prior_high = on_scale(curve, curve->prior_high);

    if (isnan(q->value)) {
        const double low = isnan(q->low) ? prior_low : on_scale(curve, q->low);
        const double high = isnan(q->high) ? prior_high : on_scale(curve, q->high);
        return desc_between(fmin(fmax(low, prior_low), prior_high), fmin(fmax(high, prior_low), prior_high));
    }
    if (curve->log10 && q->value <= 0.0)
        return nil_value(curve, q);
    const double x = on_scale(curve, q->value);
    const double low = isnan(q->low) ? NAN : on_scale(curve, fmin(q->low, q->value));
    const double high = isnan(q->high) ? NAN : on_scale(curve, fmax(q->high, q->value));
    /* A driving force or barrier of exactly 0 says "none": it has no error. */
    if (!curve->log10 && q->value <= 0.0 && curve->least >= 0.0 && q->sigma <= 0.0)
        return desc_exact(x);
    return desc_around(x, side(x, low, q->sigma), side(x, high, q->sigma),
                       curve->least > 0.0 || !curve->log10 ? on_scale(curve, curve->least)
                                                           : -INFINITY,
                       on_scale(curve, curve->most));
}

static void judge_term(const desc_curves *curves, int curve, const desc_quantity *q,
                       desc_judged *out, int term)
{
    out->curve[term] = desc_curve_of(curves, curve);
    out->value[term] = uncertain_of(out->curve[term], q);
    out->missing[term] = isnan(q->value);
    out->mean[term] = desc_expected(&out->value[term], ramp, out->curve[term], &out->sd[term]);
}

dft_status desc_judge(const desc_curves *curves, const desc_score_inputs *in, desc_judged *out,
                      dft_error *err)
{
    dft_status status = DFT_OK;
    desc_judged slip;

    for (int i = 0; i < DESC_N_CURVES && status == DFT_OK; i++) {
        const desc_curve *curve = desc_curve_of(curves, i);
        status = check_value(curve, i, in->value[i].value, "", err);
        if (status == DFT_OK)
            status = check_value(curve, i, in->value[i].high, "the upper bound of ", err);
        if (status == DFT_OK && !(in->value[i].sigma >= 0.0 && isfinite(in->value[i].sigma)))
            status = dft_fail(err, DFT_EINPUT, "score: the error of %s is %g; errors are finite and "
                              "not negative", term_names[i], in->value[i].sigma);
    }
    for (int i = 0; i < DESC_N_TERMS && status == DFT_OK; i++) {
        const char *owner = in->value[i].shared ? in->value[i].shared : in->candidate;
        char name[128];
        judge_term(curves, i, &in->value[i], out, i);
        snprintf(name, sizeof name, "%s:%s", term_names[i], owner ? owner : "");
        out->stream[i] = desc_stream(name);
    }
    if (status != DFT_OK || isnan(in->value[DESC_SLIP].value))
        return status;
    judge_term(curves, DESC_SLIP, &in->value[DESC_SLIP], &slip, DESC_COMPLIANCE);
    if (out->missing[DESC_COMPLIANCE] || slip.mean[DESC_COMPLIANCE] > out->mean[DESC_COMPLIANCE]) {
        out->curve[DESC_COMPLIANCE] = slip.curve[DESC_COMPLIANCE];
        out->value[DESC_COMPLIANCE] = slip.value[DESC_COMPLIANCE];
        out->missing[DESC_COMPLIANCE] = false;
        out->mean[DESC_COMPLIANCE] = slip.mean[DESC_COMPLIANCE];
        out->sd[DESC_COMPLIANCE] = slip.sd[DESC_COMPLIANCE];
    }
    return DFT_OK;
}

double desc_term_draw(const desc_judged *judged, desc_term term, double u)
{
    return ramp(desc_quantile(&judged->value[term], u), judged->curve[term]);
}

/* ---- scores ---- */

static dft_status check_weights(const desc_score_weights *weights, dft_error *err)
{
    for (int i = 0; i < DESC_N_TERMS + 2; i++) {
        const double w = i < DESC_N_TERMS ? weights->term[i] : weights->axis[i - DESC_N_TERMS];
        const char *name = i < DESC_N_TERMS ? term_names[i]
                           : i == DESC_N_TERMS ? "lithiophilicity" : "robustness";
        if (!(w >= 0.0) || isinf(w))
            return dft_fail(err, DFT_EINPUT, "score: the weight of %s is %g; weights are finite and "
                            "not negative", name, w);
    }
    return DFT_OK;
}

static dft_status axis_score(const desc_judged *judged, const desc_score_weights *weights,
                             desc_axis axis, desc_score *out, dft_error *err)
{
    const double total = desc_weight_of_axis(weights, axis);
    desc_score score = { 0.0, 0.0, 0, 0, "" };
    double variance = 0.0;

    if (!(total > 0.0))
        return dft_fail(err, DFT_EINPUT, "score: the weights of %s and its companions are all 0; "
                        "give one a positive weight",
                        axis == DESC_LITHIOPHILICITY ? "binding" : "barrier");
    for (int i = 0; i < DESC_N_TERMS; i++) {
        const double w = weights->term[i] / total;
        if (desc_term_axis((desc_term)i) != axis || w <= 0.0)
            continue;
        score.n_terms_planned++;
        score.value += w * judged->mean[i];
        variance += w * w * judged->sd[i] * judged->sd[i];
        if (!judged->missing[i]) {
            score.n_terms_used++;
            continue;
        }
        const size_t length = strlen(score.missing);
        snprintf(score.missing + length, sizeof score.missing - length, "%s%s", length ? ", " : "",
                 term_names[i]);
    }
    score.sd = sqrt(variance);
    if (score.n_terms_used == 0)
        score.value = score.sd = NAN;
    *out = score;
    return DFT_OK;
}

static dft_status total_score(const desc_judged *judged, const desc_score_weights *weights,
                              desc_score *out, dft_error *err)
{
    const double sum = weights->axis[0] + weights->axis[1];
    desc_score score = { 0.0, 0.0, 0, 0, "" };

    if (!(sum > 0.0))
        return dft_fail(err, DFT_EINPUT, "score: the weights of lithiophilicity and robustness are "
                        "both 0; give one a positive weight");
    for (int axis = 0; axis < 2; axis++) {
        const double w = weights->axis[axis] / sum;
        desc_score part;
        if (w <= 0.0)
            continue;
        const dft_status status = axis_score(judged, weights, (desc_axis)axis, &part, err);
        if (status != DFT_OK)
            return status;
        score.value += w * part.value;
        score.sd = hypot(score.sd, w * part.sd);
        score.n_terms_planned += part.n_terms_planned;
        score.n_terms_used += part.n_terms_used;
    }
    *out = score;
    return DFT_OK;
}

dft_status desc_score_of(const desc_judged *judged, const desc_score_weights *weights,
                         desc_axis axis, desc_score *out, dft_error *err)
{
    const dft_status status = check_weights(weights, err);

    if (status != DFT_OK)
        return status;
    return axis == DESC_TOTAL ? total_score(judged, weights, out, err)
                              : axis_score(judged, weights, axis, out, err);
}
