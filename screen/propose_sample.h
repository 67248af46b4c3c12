/*
 * screen/propose_sample.h - one proposed sample in words and numbers.
 *
 * Private to screen/propose.h's files.
 */
#ifndef SCREEN_PROPOSE_SAMPLE_H
#define SCREEN_PROPOSE_SAMPLE_H

#include <jansson.h>

#include "descriptors/handling.h"
#include "descriptors/phase_data.h"
#include "dft-lite/base/status.h"

typedef struct {                    /* borrowed */
    const desc_phase_data *phase_data;
    const desc_handling *handling;
    double plated_mah_per_cm2;
} screen_sample_data;

/* The number of a row's key, NaN when it is null or not there; the text, "" likewise. */
double screen_row_number(const json_t *row, const char *key);
const char *screen_row_text(const json_t *row, const char *key);

/* From a row of the ranking to a row of the proposal; a new reference, NULL when memory is refused. */
json_t *screen_propose_sample(const screen_sample_data *data, const json_t *row);

#endif
