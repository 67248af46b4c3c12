/*
 * results/insert.h - filling the tables: one prepared statement for each, values by type letter.
 *
 * Private to results/ (it is the SQLite door's inside).
 */
#ifndef RES_INSERT_H
#define RES_INSERT_H

#include <jansson.h>
#include <sqlite3.h>

#include "dft-lite/base/status.h"

typedef enum {
    RES_INTO_META, RES_INTO_CANDIDATES, RES_INTO_CANDIDATE_IDS, RES_INTO_TASKS, RES_INTO_DATA_SETS,
    RES_INTO_TASK_DATA_SETS, RES_INTO_STRUCTURES, RES_INTO_ENERGIES, RES_INTO_DESCRIPTORS,
    RES_INTO_DESCRIPTOR_TASKS, RES_INTO_OBSERVATIONS, RES_N_INTO
} res_into;

typedef struct {
    sqlite3 *db;                            /* owned */
    const char *path;                       /* borrowed; for messages */
    sqlite3_stmt *statement[RES_N_INTO];    /* owned, made at first use */
} res_writer;

/* Inserts one row.  The values follow in the order of the columns in results/insert.c, by the letter
 * there:  t const char * (NULL and "" are NULL)   e const char * (NULL is "")
 *         r double (NaN is NULL)    i int    l sqlite3_int64 (0 is NULL)
 *         s json text, n json number or boolean, j any json as text: const json_t *, else NULL.
 * Errors: res_fail_sql's. */
dft_status res_insert(res_writer *writer, res_into into, dft_error *err, ...);

/* Releases the statements and closes the database.  Errors: those of the close. */
dft_status res_writer_close(res_writer *writer, dft_error *err);

/* The sentence for db's latest error: DFT_EIO when the disk is full or refuses, DFT_ENOMEM,
 * DFT_EINPUT for values that the tables refuse and for files that are no databases, and
 * DFT_EINTERNAL for the rest. */
dft_status res_fail_sql(dft_error *err, sqlite3 *db, const char *what, const char *path);

#endif
