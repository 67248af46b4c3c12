/*
 * descriptors/solubility.h - x(M in bcc Li) against temperature, by one order of trust.
 *
 *   1. calphad       an assessed description, handed in by the caller or recommended at 298 K, but
 *                    not where the recommended row calls the element nil (a placeholder parameter,
 *                    Cu; an artefact of extrapolation, Ni)
 *   2. measured      recommended at 298 K and points of solubility.csv
 *   3. dft-dilute    descriptors/dilute.h, or the recommended row that was made with it
 *   4. an upper bound without a value
 *   5. none (nil) or missing
 * Only M in Li enters the argument on nucleation.  Li in M is reported beside it (desc_solubility).
 *
 * Between the temperatures of one origin ln x is linear in 1/T (van 't Hoff); outside them the
 * nearest two set the slope; a single point takes the slope of a solution without excess entropy,
 * ln x = -H/RT. At 298.15 K the value is the recommended one.  Bounds keep their ratio to x. Bcc Li
 * ends at its melting point, 453.6 K.  Thread rule: pure functions.
 */
#ifndef DESC_SOLUBILITY_H
#define DESC_SOLUBILITY_H

#include "descriptors/phase_data.h"

#define DESC_LI_MELTS_K 453.6
#define DESC_SOLUBILITY_COLDEST_K 200.0

typedef struct {
    double temperature_k;
    double x, low, high;             /* NaN: unknown; x NaN with a high: an upper bound only */
    desc_origin origin;
    char basis[256];                 /* how x came about; the reason when it is missing */
} desc_solubility_value;

/* calphad: the value at this temperature from a description of the system, origin CALPHAD, or NULL.
 * Errors: DFT_EINPUT for a temperature outside 200 K to the melting point of Li; DFT_ENOMEM. */
dft_status desc_solubility_at(const desc_phase_data *data, const char *element,
                              double temperature_k, const desc_solubility_value *calphad,
                              desc_solubility_value *out, dft_error *err);

#endif
