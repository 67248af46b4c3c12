/*
 * results/database.h - RUN/results.sqlite: the run as tables, for people with questions in SQL.
 *
 * The database is made from the records and from what was judged from them, never edited: a rebuild
 * fills a temporary file and renames it, so at any moment (kill -9 included) the file is a whole
 * database, old or new, and deleting it loses nothing.  One rebuild at a time per run: a lock file
 * makes others wait.  Tables: results/schema.c, explained in results/README.md.
 *
 * The journal is SQLite's default (rollback), not WAL: a write-ahead log beside a file that is
 * replaced by rename could be replayed into the new file, and WAL cannot be read from read-only
 * directories.  Readers that hold the old file open keep a consistent snapshot.
 *
 * Version: PRAGMA application_id is RES_APPLICATION_ID, user_version is RES_SCHEMA_VERSION.  An older
 * database is migrated by rebuilding it; a newer one, and a file of another program, is refused and
 * left as it is.  A damaged one (cut short, torn pages, no database at all) is moved aside and kept.
 * Thread rule: no shared state.
 */
#ifndef RES_DATABASE_H
#define RES_DATABASE_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "results/ranking.h"

#define RES_APPLICATION_ID 0x4c695363       /* "LiSc" */
#define RES_SCHEMA_VERSION 3
#define RES_DATABASE_NAME "results.sqlite"

/* Texts are borrowed; NULL means not known (SQL NULL). */
typedef struct {
    const char *id;                         /* required */
    const char *family;
    const char *formula;
    const char *facet;
    const char *state;
    const char *notes;
} res_candidate;

typedef struct {
    const char *candidate;                  /* required */
    const char *name;                       /* "li_binding"; required */
    double value;                           /* NaN: could not be had */
    const char *unit;                       /* "eV" */
    const char *origin;                     /* "dft", "assessed", "corrugation-estimate" */
    bool converged;
    int n_planned;
    int n_used;
    const char *const *task_keys;           /* [n_task_keys], the records it was made from */
    size_t n_task_keys;
    double error;                           /* one standard deviation; not known without its parts */
    const char *error_made_of;              /* "functional, rigid"; NULL: not known */
} res_descriptor;

/* What the records do not hold.  Candidates that only a record, descriptor or ranked row names are
 * added by their id. */
typedef struct {
    const res_candidate *candidates;    size_t n_candidates;
    const res_descriptor *descriptors;  size_t n_descriptors;
    const res_ranked_row *ranking;      size_t n_ranking;
} res_judgement;

typedef struct {
    size_t n_records;                       /* taken into the database */
    size_t n_bad;                           /* files in records/ that are no valid records */
    char first_bad[512];                    /* why, for the first of them; "" when none */
} res_rebuild_report;

/* Builds run_dir/results.sqlite anew.  judgement and report may be NULL.  Errors: DFT_EPARSE for a
 * damaged file in its place; DFT_EINPUT for a newer or foreign one, a descriptor of an unknown task
 * key, a value given twice; DFT_EIO (disk full, no permission), the old database then stays;
 * DFT_ENOMEM. */
dft_status res_database_rebuild(const char *run_dir, const res_judgement *judgement,
                                res_rebuild_report *report, dft_error *err);

/* Reads user_version of a whole database of this program.  Errors: DFT_ENOFILE when it is missing,
 * DFT_EPARSE when it is damaged, DFT_EINPUT for another program's file, and for one newer than
 * RES_SCHEMA_VERSION. */
dft_status res_database_check(const char *path, int *version, dft_error *err);

/* Moves a damaged run_dir/results.sqlite aside (results/aside.h), so that a rebuild can take its place:
 * moved [size] gets its new path, "" when there was nothing to do.  Call it with the run's lock held.
 * Errors: DFT_EIO, DFT_ENOMEM. */
dft_status res_database_set_aside(const char *run_dir, char *moved, size_t size, dft_error *err);

#endif
