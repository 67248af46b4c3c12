/*
 * results/report_source.h - reading tables for a report.
 *
 * Private to results/.
 */
#ifndef RES_REPORT_SOURCE_H
#define RES_REPORT_SOURCE_H

#include <jansson.h>
#include <sqlite3.h>

#include "dft-lite/base/status.h"
#include "results/report_data.h"

struct res_report_source {
    sqlite3 *db;                    /* owned */
    char *path;                     /* owned */
};

/* A prepared query; `bound` (may be NULL) is its first parameter.  Errors: res_fail_sql's. */
dft_status res_report_query(const res_report_source *source, const char *sql, const char *bound,
                            sqlite3_stmt **out, dft_error *err);

/* All rows as objects, keys are the columns; columns named in `as_json` (separated by blanks, may be
 * "") hold JSON texts and become what they spell.  A new reference, NULL on failure. */
dft_status res_report_rows(const res_report_source *source, const char *sql, const char *bound,
                           const char *as_json, json_t **out, dft_error *err);

/* Every row of the table `observations`; none where a database of before has no such table. */
dft_status res_report_observations(const res_report_source *source, json_t **out, dft_error *err);

#endif
