/*
 * results/index.h - the outcome of every record of a run, without reading every record.
 *
 * A file's name, time and size say whether it is the one that was read before: outcomes are kept in
 * RUN/.records.index, which only saves time.  It may be deleted, and a line of it that is cut short, or
 * of a file that has changed, counts for nothing.  Where there is none, results.sqlite tells of the
 * records that are older than it.  What neither knows is read and checked (results/record.h).  Finished
 * records never change, so with more than RES_INDEX_TRUSTING of them only the others' times are compared:
 * somebody's slip in an editor is then found by whoever reads the record, not here.
 *
 * RUN/.records.index: a header line, then lines of
 *     KEY TAB outcome TAB mtime_ns TAB size TAB wall_s TAB reason
 * which are only ever appended; the last line of a key counts.  A directory that cannot be written to is
 * read as well, only slower.
 * Thread rule: no shared state; several processes may do so at once.
 */
#ifndef RES_INDEX_H
#define RES_INDEX_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define RES_INDEX_TRUSTING 20000
#define RES_INDEX_NAME ".records.index"

typedef enum {
    RES_INDEX_DONE, RES_INDEX_FAILED, RES_INDEX_UNCONVERGED,
    RES_INDEX_DAMAGED               /* a file that is no whole record; reason says why */
} res_index_outcome;

typedef struct {
    const char *key;                /* borrowed from the index, as reason */
    res_index_outcome outcome;
    double wall_s;                  /* NaN: not known */
    const char *reason;             /* "" when done */
} res_index_entry;

typedef struct res_index res_index;

/* Brings the index up to date.  The caller owns *out; NULL on failure.  A run without records/ has none.
 * Errors: DFT_ENOFILE when records/ cannot be read; DFT_ENOMEM. */
dft_status res_index_read(const char *run_dir, res_index **out, dft_error *err);
void res_index_free(res_index *index);                      /* NULL is accepted */

size_t res_index_size(const res_index *index);              /* records that are there now */
size_t res_index_n_read(const res_index *index);            /* records that had to be opened for it */

/* NULL when there is no record of this key. */
const res_index_entry *res_index_find(const res_index *index, const char *key);

/* In no particular order; i < size. */
const res_index_entry *res_index_at(const res_index *index, size_t i);

#endif
