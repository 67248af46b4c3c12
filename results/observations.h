/*
 * results/observations.h - what was measured on the samples: RUN/observations/SHA256.csv.
 *
 * A file of results is kept as it came, whole and never changed, under the checksum of its bytes; reading
 * it twice changes nothing.  The database has its rows in the table `observations`.  Columns by name:
 *   candidate, quantity, value                     needed; a row without a value is passed over
 *   error                                          one standard deviation
 *   current_density_ma_per_cm2, capacity_mah_per_cm2, stack_pressure_mpa, temperature_c, source, remarks
 * and any others, which are kept in the file and not read (the table of `liscreen propose` has them).
 * Quantities, and between what they must lie: res_quantities.  A leading apostrophe, which spreadsheets
 * keep before = + - @, is not part of a name.
 * Thread rule: no shared state.
 */
#ifndef RES_OBSERVATIONS_H
#define RES_OBSERVATIONS_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define RES_OBSERVATIONS_DIR "observations"

typedef struct {
    const char *name;               /* "nucleation_overpotential_mv" */
    const char *unit;
    double least, most;
    int better;                     /* 1: more is better, -1: less is */
} res_quantity;

const res_quantity *res_quantities(size_t *n);
const res_quantity *res_quantity_find(const char *name);    /* NULL: none of that name */

typedef struct {                    /* texts are borrowed for the call; numbers NaN: not given */
    const char *file;               /* checksum of the file */
    int line;
    const char *candidate;
    const res_quantity *quantity;
    double value, error;
    double current_density_ma_per_cm2, capacity_mah_per_cm2, stack_pressure_mpa, temperature_c;
    const char *source, *remarks;
} res_observation;

typedef dft_status (*res_observation_visit)(void *user, const res_observation *observation,
                                            dft_error *err);

typedef struct {
    size_t n_values, n_empty;       /* rows with and without a value */
    int is_new;                     /* 0: these bytes are there already */
    char path[4096];                /* where they are kept */
} res_observations_report;

/* Checks a file and keeps it.  Nothing is kept of one with a mistake.  Errors: DFT_ENOFILE; DFT_EPARSE with
 * file, line and column for a missing column, a number that is none or out of its range, an unknown
 * quantity, or a candidate that RUN/results.sqlite does not rank; DFT_EIO; DFT_ENOMEM. */
dft_status res_observations_keep(const char *run_dir, const char *path,
                                 res_observations_report *report, dft_error *err);

/* Visits the values of all files, in the order of their checksums and lines.  A file that was altered since
 * is an error: DFT_EPARSE naming it.  Others: those of the visitor; DFT_ENOMEM. */
dft_status res_observations_each(const char *run_dir, res_observation_visit visit, void *user,
                                 dft_error *err);

#endif
