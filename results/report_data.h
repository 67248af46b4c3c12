/*
 * results/report_data.h - a run's database as the data of a report.
 *
 * Two parts, both made from RUN/results.sqlite, with columns taken by name, so that a ranking that
 * gets more columns needs no change here:
 *   summary   one JSON object for the whole run, small enough for 100,000 candidates: the ranking by
 *             columns, and the tasks counted by kind, outcome and reason
 *   detail    one JSON object for each candidate: descriptors, tasks with key, protocol, data sets and
 *             energies, the slab
 * The summary:
 *   {format, program_version, physics_version,
 *    n, columns: [{name, kind: "number" | "text" | "flag"}],
 *    data: [column]   a column is [n] of number or null; texts that repeat are {dict: [text], at: [i]},
 *                     at = -1 where there is none
 *    observations: [{candidate, quantity, value, error, unit, current_density_ma_per_cm2, ...}],
 *    log: {kinds: [{kind, status, n, wall_s, peak_rss_mib}], failures: [{status, reason, n, kind,
 *          example}], remedies: [{remedy, n}], slowest: [{key, kind, candidate, wall_s}]}}
 * Rows are in the order of v_ranking.  A remedy is a text in `remedies` (array of texts or of objects
 * with a `name` or `remedy`) of a task's results.
 *
 * Thread rule: no shared state.
 */
#ifndef RES_REPORT_DATA_H
#define RES_REPORT_DATA_H

#include <jansson.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "results/text.h"

typedef struct res_report_source res_report_source;

/* Opens RUN/results.sqlite for reading; one snapshot for all that follows, whoever writes meanwhile.
 * The caller owns *out; NULL on failure.  Errors: those of res_database_check; DFT_ENOMEM. */
dft_status res_report_open(const char *run_dir, res_report_source **out, dft_error *err);
void res_report_close(res_report_source *source);           /* NULL is accepted */

/* Adds the summary to a text.  Errors: DFT_EPARSE for tables that cannot be read, DFT_ENOMEM. */
dft_status res_report_summary(res_report_source *source, res_text *text, dft_error *err);

/* Called with each candidate, first rank first; `detail` is borrowed and may be added to:
 *   {candidate, formula, descriptors: [{name, value, unit, origin, converged, n_planned, n_used,
 *    tasks: [i]}], protocols: [{...}], data_sets: [{symbol, name, sha256}],
 *    tasks: [{key, kind, status, reason, wall_s, program_version, physics_version, protocol: i,
 *             data_sets: [i], results: {...}, energies: [{label, energy_ev, free_energy_ev, converged,
 *             scf_iterations, kmesh, ecut_ev, n_atoms, volume_ang3, wall_s}]}],
 *    slab: structure (results/record.h) or absent} */
typedef dft_status (*res_report_visit)(void *user, const char *candidate, json_t *detail,
                                       dft_error *err);

/* Visits at most `most` candidates.  Errors: the visitor's; as res_report_summary. */
dft_status res_report_each(res_report_source *source, size_t most, res_report_visit visit,
                           void *user, dft_error *err);

/* The first `most` ranked rows as objects, keys are the columns; `first_lithiation_ev` comes from the
 * descriptors where the ranking has no such column.  A new reference, NULL on failure. */
dft_status res_report_ranked(res_report_source *source, size_t most, json_t **rows, dft_error *err);

/* {candidate: {quantity: [{value, error, unit, ...}]}} of what was measured; a new reference. */
dft_status res_report_measured(res_report_source *source, json_t **out, dft_error *err);

/* Adds a JSON value on one line, so that it can stand inside an HTML <script> element: no '<' is left
 * unescaped, and the value reads the same.  Errors: DFT_ENOMEM. */
dft_status res_report_add_json(res_text *text, const json_t *value, dft_error *err);

#endif
