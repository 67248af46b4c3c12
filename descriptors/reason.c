#include "descriptors/reason.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/phase_data.h"

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

/* " (measured, medium confidence)"; the opening may have been written already. */
static void reason_origin(const desc_quantity *q, const char *open, const char *close,
                          reason_text *text)
{
    const char *origin = q->origin ? q->origin : "", *confidence = q->confidence ? q->confidence : "";

    if (origin[0])
        reason_add(text, "%s%s", open, origin);
    if (confidence[0])
        reason_add(text, "%s%s confidence", origin[0] ? ", " : open, confidence);
    if (origin[0] || confidence[0])
        reason_add(text, "%s", close);
}

static void reason_solubility(const desc_score_inputs *in, reason_text *text)
{
    const desc_quantity *q = &in->value[DESC_SOLUBILITY];
    const char *element = in->element ? in->element : "", *space = element[0] ? " " : "";

    if (strcmp(element, "Li") == 0) {
        reason_add(text, "lithium itself");
        return;
    }
    if (q->value < DESC_SOLUBILITY_NONE)
        reason_add(text, element[0] ? "%s%sdoes not dissolve in Li"
                                    : "%s%sgives nothing that dissolves in Li", element, space);
    else if (isnan(q->value) && isnan(q->high))
        reason_add(text, "%s%ssolubility in Li unknown, which leaves the rank open", element, space);
    else if (isnan(q->value))
        reason_add(text, "%s%sdissolves in Li to at most %.2g at.%% at 298 K", element, space,
                   100.0 * q->high);
    else
        reason_add(text, "%s%sdissolves in Li (%.2g at.%% at 298 K", element, space,
                   100.0 * q->value);
    if (q->value >= DESC_SOLUBILITY_NONE) {
        reason_origin(q, ", ", "", text);
        reason_add(text, ")");
    } else if (q->value < DESC_SOLUBILITY_NONE) {
        const desc_quantity only = { .confidence = q->confidence };
        reason_origin(&only, " (", ")", text);
    } else if (!isnan(q->high)) {
        reason_origin(q, " (", ")", text);
    }
}

static void reason_alloying(const desc_score_inputs *in, reason_text *text)
{
    const desc_quantity *q = &in->value[DESC_ALLOYING];

    if (in->element && strcmp(in->element, "Li") == 0)
        return;
    if (isnan(q->value))
        reason_add(text, "; reaction with Li not known");
    else if (q->value > 0.0)
        reason_add(text, "; reacts with Li (%.2f eV per Li%s%s)", q->value, q->origin ? ", " : "",
                   q->origin ? q->origin : "");
    else
        reason_add(text, "; does not react with Li");
}

static void reason_binding(const desc_score_inputs *in, reason_text *text)
{
    const desc_quantity *q = &in->value[DESC_BINDING];

    if (isnan(q->value)) {
        reason_add(text, "; Li binding not available");
        return;
    }
    reason_add(text, q->value <= 0.0 ? "; Li binds by %.2f" : "; Li prefers bulk Li by %.2f",
               fabs(q->value));
    if (q->sigma > 0.0)
        reason_add(text, " +- %.2f", q->sigma);
    reason_add(text, " eV");
    if (in->binding_site)
        reason_add(text, " at %s", in->binding_site);
}

static void reason_barrier(const desc_score_inputs *in, reason_text *text)
{
    const desc_quantity *q = &in->value[DESC_BARRIER], *d = &in->value[DESC_DIMENSIONALITY];
    const char *kind = in->barrier_kind ? in->barrier_kind : "barrier estimate";

    if (isnan(q->value))
        reason_add(text, "; %s not available", kind);
    else
        reason_add(text, "; Li moves at %.2f eV (%s)", q->value, kind);
    if (d->value > 0.05)
        reason_add(text, ", along rows first (%.2f eV less)", d->value);
}

static void reason_compliance(const desc_curves *curves, const desc_score_inputs *in,
                              reason_text *text)
{
    const double stretch = desc_desirability(desc_curve_of(curves, DESC_COMPLIANCE),
                                             in->value[DESC_COMPLIANCE].value);
    const double slip = desc_desirability(desc_curve_of(curves, DESC_SLIP),
                                          in->value[DESC_SLIP].value);
    const double soft = fmax(stretch, slip);        /* fmax leaves a NaN out */

    if (isnan(soft)) {
        reason_add(text, "; compliance not available");
        return;
    }
    reason_add(text, "; %s", soft > 2.0 / 3.0 ? "soft" : soft > 1.0 / 3.0 ? "of middling stiffness"
                                                                          : "stiff");
    if (!(slip <= stretch) && !isnan(slip))
        reason_add(text, " by slip between layers");
    if (in->compliance_basis && in->compliance_basis[0])
        reason_add(text, " (%s)", in->compliance_basis);
}

/* The rest is named when it is known. */
static void reason_rest(const desc_score_inputs *in, reason_text *text)
{
    const double wetting = in->value[DESC_WETTING].value;
    static const struct { desc_term term; const char *format; } rest[] = {
        { DESC_ADHESION, "; holds Li with %.2f J/m^2" },
        { DESC_STRAIN, "; Li strained by %.1f %% on it" },
        { DESC_MOBILITY, "; moves in Li at %.2f eV" },
        { DESC_VOLUME, "; swells by %.0f %% on full lithiation" },
    };

    if (!isnan(wetting))
        reason_add(text, "; contact angle of Li about %.0f degrees",
                   acos(fmin(fmax(wetting, -1.0), 1.0)) * 180.0 / 3.14159265358979323846);
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
        if (!isnan(in->value[rest[i].term].value)
            && !(rest[i].term == DESC_VOLUME && in->value[DESC_VOLUME].value < 0.5))
            reason_add(text, rest[i].format, in->value[rest[i].term].value);
}

void desc_score_reason(const desc_curves *curves, const desc_score_inputs *in, char *buffer,
                       size_t size)
{
    reason_text text = { buffer, size, 0 };

    if (size == 0)
        return;
    buffer[0] = '\0';
    reason_solubility(in, &text);
    reason_alloying(in, &text);
    reason_binding(in, &text);
    reason_barrier(in, &text);
    reason_compliance(curves, in, &text);
    reason_rest(in, &text);
}
