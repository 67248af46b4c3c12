#include "descriptors/solubility.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/dilute.h"

#define ROOM_K 298.15
#define MAX_ANCHORS 16

/* Points of one origin, by rising temperature. */
typedef struct {
    double temperature_k[MAX_ANCHORS], x[MAX_ANCHORS];
    size_t n;
} solubility_anchors;

static void anchors_add(solubility_anchors *a, double temperature_k, double x)
{
    size_t i = a->n;

    for (size_t k = 0; k < a->n; k++)
        if (fabs(a->temperature_k[k] - temperature_k) < 1.0)
            return;                              /* the recommended value comes first and stays */
    if (a->n == MAX_ANCHORS)
        return;
    for (; i > 0 && a->temperature_k[i - 1] > temperature_k; i--) {
        a->temperature_k[i] = a->temperature_k[i - 1];
        a->x[i] = a->x[i - 1];
    }
    a->temperature_k[i] = temperature_k;
    a->x[i] = x;
    a->n++;
}

static solubility_anchors anchors_collect(const desc_phase_data *data, const char *element,
                                          const desc_solubility *row)
{
    solubility_anchors a = { .n = 0 };
    size_t n;
    const desc_solubility_point *point = desc_solubility_points(data, element, &n);

    anchors_add(&a, ROOM_K, row->x);
    for (size_t i = 0; i < n; i++)
        if (point[i].origin == row->origin && strcmp(point[i].solvent_phase, "BCC_A2") == 0
            && strcmp(point[i].solute, element) == 0 && point[i].x > 0.0
            && point[i].temperature_k < DESC_LI_MELTS_K)
            anchors_add(&a, point[i].temperature_k, point[i].x);
    return a;
}

/* ln x linear in 1/T through the two anchors around T, or the two nearest. */
static double anchors_value(const solubility_anchors *a, double temperature_k)
{
    size_t right = 1;

    if (a->n == 1)
        return pow(a->x[0], a->temperature_k[0] / temperature_k);
    while (right + 1 < a->n && a->temperature_k[right] < temperature_k)
        right++;
    const double t0 = a->temperature_k[right - 1], t1 = a->temperature_k[right];
    const double w = (1.0 / temperature_k - 1.0 / t0) / (1.0 / t1 - 1.0 / t0);
    return fmin(1.0, exp((1.0 - w) * log(a->x[right - 1]) + w * log(a->x[right])));
}

/* In the ratio that the recommended row has; what is unknown there stays so (fmin would hide
 * it). */
static void bounds_from_row(const desc_solubility *row, desc_solubility_value *out)
{
    out->low = isnan(row->low) ? NAN : fmin(out->x, row->low * out->x / row->x);
    out->high = isnan(row->high) ? NAN : fmin(1.0, fmax(out->x, row->high * out->x / row->x));
}

static void value_from_row(const desc_phase_data *data, const char *element,
                           const desc_solubility *row, desc_solubility_value *out)
{
    const solubility_anchors a = anchors_collect(data, element, row);

    out->x = anchors_value(&a, out->temperature_k);
    bounds_from_row(row, out);
    out->origin = row->origin;
    snprintf(out->basis, sizeof out->basis, "%s%s", row->basis,
             fabs(out->temperature_k - ROOM_K) < 0.01 ? ""
             : a.n > 1 ? "; ln x linear in 1/T between its points"
                       : "; from 298 K without excess entropy");
    if (out->x < DESC_SOLUBILITY_NONE) {
        out->x = out->low = 0.0;
        out->origin = DESC_ORIGIN_NONE;
    }
}

static dft_status value_from_dilute(const desc_phase_data *data, const char *element,
                                    desc_solubility_value *out, dft_error *err)
{
    desc_dilute_result dilute;
    dft_error why = { DFT_OK, "" };
    const dft_status status = desc_dilute_from_data(data, element, out->temperature_k, &dilute,
                                                    &why);

    if (status != DFT_OK && status != DFT_EINPUT)
        return dft_fail(err, status, "%s", why.message);
    if (status == DFT_EINPUT) {
        snprintf(out->basis, sizeof out->basis, "missing: %.240s", why.message);
    } else if (dilute.outcome == DESC_DILUTE_NOT_DILUTE) {
        snprintf(out->basis, sizeof out->basis, "missing: dilute-solution DFT gives x = %.2g "
                 "(excess %.3f eV), which is not dilute", dilute.x, dilute.excess_ev);
    } else {
        const bool nil = dilute.outcome == DESC_DILUTE_NIL;
        out->x = nil ? 0.0 : dilute.x;
        out->low = nil ? 0.0 : dilute.x * DESC_DILUTE_LOW;
        out->high = fmin(1.0, dilute.x * DESC_DILUTE_HIGH);
        out->origin = nil ? DESC_ORIGIN_NONE : DESC_ORIGIN_DFT_DILUTE;
        snprintf(out->basis, sizeof out->basis, "dilute-solution DFT, excess %.3f eV, no "
                 "vibrational entropy", dilute.excess_ev);
    }
    return DFT_OK;
}

dft_status desc_solubility_at(const desc_phase_data *data, const char *element,
                              double temperature_k, const desc_solubility_value *calphad,
                              desc_solubility_value *out, dft_error *err)
{
    desc_solubility row;

    *out = (desc_solubility_value){ temperature_k, NAN, NAN, NAN, DESC_ORIGIN_MISSING, "" };
    if (!(temperature_k >= DESC_SOLUBILITY_COLDEST_K && temperature_k <= DESC_LI_MELTS_K))
        return dft_fail(err, DFT_EINPUT, "solubility in bcc Li at %g K: bcc Li is considered from "
                        "%g K to its melting point, %g K", temperature_k,
                        DESC_SOLUBILITY_COLDEST_K, DESC_LI_MELTS_K);
    desc_solubility_in_li(data, element, &row);
    if (row.origin == DESC_ORIGIN_NONE) {
        out->x = out->low = 0.0;
        out->high = row.high;
        out->origin = DESC_ORIGIN_NONE;
        snprintf(out->basis, sizeof out->basis, "%s", row.basis);
        return DFT_OK;
    }
    if (calphad && isfinite(calphad->x)) {
        *out = *calphad;
        out->temperature_k = temperature_k;
        if (isnan(out->low) && isnan(out->high) && row.x > 0.0)
            bounds_from_row(&row, out);
        return DFT_OK;
    }
    if (row.x > 0.0) {
        value_from_row(data, element, &row, out);
        return DFT_OK;
    }
    if (isfinite(row.high)) {                    /* an upper bound is not a value */
        out->high = fmin(1.0, pow(row.high, ROOM_K / temperature_k));
        out->origin = row.origin;
        snprintf(out->basis, sizeof out->basis, "%s", row.basis);
        return DFT_OK;
    }
    return value_from_dilute(data, element, out, err);
}
