/*
 * screen/report.h - RUN/report.html: the one thing to open in the morning.
 *
 * One file that needs nothing else: style, script, pictures and data are inside (screen/report/ holds
 * style, script and frame; they are part of the executable), and no line of it asks the network.  All
 * data are JSON in <script type="application/json"> and reach the page as text, never as markup.
 *   report-data       results/report_data.h's summary, and `screen` (see below)
 *   report-details    one line of JSON for each candidate that has a page: results/report_data.h's
 *                     detail, with `picture` (SVG, candidates/picture.h), `sites` and `phase`
 *                     (screen/report_phase.h); read when the page is asked for
 * `screen`: {run, campaign (text of RUN/campaign.yaml), state (RUN/state.json), remedies
 * (RUN/remedies.json), n_details}; what is missing is null.
 * Equal runs give equal bytes.
 */
#ifndef SCREEN_REPORT_H
#define SCREEN_REPORT_H

#include "dft-lite/base/status.h"
#include "results/text.h"
#include "screen/app.h"

#define SCREEN_REPORT_DETAILS 500   /* candidates that get a page, unless asked otherwise */

/* The report as text, appended to an empty res_text that the caller clears.  n_details: candidates
 * that get a page of their own, from the first rank on.  Errors: those of res_report_open and of
 * desc_phase_data_read; DFT_ENOMEM. */
dft_status screen_report_text(const screen_app *app, const char *run_dir, size_t n_details,
                              res_text *text, dft_error *err);

#endif
