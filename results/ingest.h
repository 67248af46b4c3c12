/*
 * results/ingest.h - what goes into the tables: a record, and the judgement.
 *
 * Private to results/.  Parts of a record that do not have the shape of results/record.h are left
 * out (NULL or no row): one odd record must not cost the database.
 */
#ifndef RES_INGEST_H
#define RES_INGEST_H

#include "results/database.h"
#include "results/insert.h"

/* Rows of tasks, data_sets, structures and energies.  Errors: those of res_insert. */
dft_status res_ingest_record(res_writer *writer, const char *key, const json_t *record,
                             dft_error *err);

/* Rows of candidates; before the records, which refer to them. */
dft_status res_ingest_candidates(res_writer *writer, const res_judgement *judgement,
                                 dft_error *err);

/* Rows of observations, from RUN/observations.  A file that was altered is left out: it must not cost the
 * database. */
dft_status res_ingest_observations(res_writer *writer, const char *run_dir, dft_error *err);

/* Rows of descriptors and rankings; after the records, to which they refer. */
dft_status res_ingest_judgement(res_writer *writer, const res_judgement *judgement,
                                dft_error *err);

#endif
