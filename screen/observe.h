/*
 * screen/observe.h - measured values beside what was predicted, and whether they ask for other weights.
 *
 * For each quantity the values of a candidate are averaged and set against the score.  The terms that
 * weights belong to (binding, solubility, alloying, barrier, compliance) are the percentiles of their
 * columns among the ranked candidates, oriented so that more is better; a value that is not known takes
 * the middle, 0.5.  descriptors/reweight.h says what counts as an improvement and why luck is refused.
 */
#ifndef SCREEN_OBSERVE_H
#define SCREEN_OBSERVE_H

#include <stdio.h>

#include "dft-lite/base/status.h"

/* Prints what was measured beside the predictions, and the verdict for each quantity.  Errors: those of
 * res_report_open; DFT_ENOMEM. */
dft_status screen_observe_print(FILE *out, const char *run_dir, dft_error *err);

#endif
