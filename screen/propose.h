/*
 * screen/propose.h - which samples to make next, how, and what to measure on them.
 *
 * From the best ranked candidates (the first SCREEN_PROPOSE_POOL) those are taken that are good and unlike
 * each other (descriptors/diverse.h).  Quality: exp(4 s), s the score (mean of the two axes where the
 * ranking has none) plus a quarter of its 90 % interval where one is stated, since what is uncertain
 * teaches more.  Features: both axes in units of 0.2, binding in 0.3 eV, and different families and
 * different alloying elements one unit apart each; an unknown feature takes the pool's median.
 * Left out: lithium itself, what has been measured already, elements that --avoid names.
 *
 * The measurement that discriminates, and why, follows from what is least certain:
 *   solubility or alloying missing       nucleation_overpotential_mv: about 0 where the metal dissolves
 *                                        in Li, tens of mV where not (K. Yan et al., Nat. Energy 1,
 *                                        16010 (2016))
 *   wetting missing                      contact_angle_deg of molten Li
 *   else the wider interval: lithiophilicity nucleation_overpotential_mv, robustness plating_morphology;
 *   without intervals plating_morphology when the barrier is an estimate, else the overpotential
 */
#ifndef SCREEN_PROPOSE_H
#define SCREEN_PROPOSE_H

#include <jansson.h>

#include "dft-lite/base/status.h"
#include "results/text.h"
#include "screen/app.h"

#define SCREEN_PROPOSE_POOL 2000

typedef struct {
    size_t count;
    const char *avoid;              /* "Hg,Pb"; NULL: none */
    double plated_mah_per_cm2;      /* for the thickness */
} screen_propose_request;

/* An array of objects in the order in which they were chosen; keys are the columns of the CSV, numbers
 * that are not known null.  A new reference, NULL on failure.  Errors: those of res_report_open and of the
 * data files; DFT_EUSAGE for an element that there is not; DFT_ENOMEM. */
dft_status screen_propose(const screen_app *app, const char *run_dir,
                          const screen_propose_request *request, json_t **out, dft_error *err);

/* The proposals as CSV with empty columns to fill in, which `liscreen observe` reads back.
 * Errors: DFT_ENOMEM. */
dft_status screen_propose_csv(const json_t *proposals, res_text *text, dft_error *err);

#endif
