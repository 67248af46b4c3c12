/*
 * results/record.h - one finished task, one immutable JSON file: RUN/records/<key>.json.
 *
 * The records are the truth of a run; tables and database are made from them.  A record is written
 * to a temporary name, synced and renamed, so a reader sees a whole record or none, whenever the
 * machine stops.  A file that is not a whole record of this program (cut short, edited, foreign) is
 * as good as absent: res_record_read says why, and the scheduler computes the task again.
 *
 * The checksum is that of the content, not of the bytes: SHA-256 of the record without its "checksum",
 * written compactly with sorted keys and 17 digits (jansson), so that indentation may change and a
 * value may not.  It guards against a slip in an editor and a failing disk, not against malice.
 * Version 1 had no checksum: such records are read as before, with the other checks alone.
 *
 * Fields of every record (res_record_create makes them, res_record_write the checksum):
 *   format "liscreen-record", format_version, key, checksum,
 *   task_kind   what was computed: "eos", "slab", "site", "hop", ... (workflows/kinds.h)
 *   candidate   id of the candidate, "" for what all share (bulk Li)
 *   status      "done" | "failed" | "unconverged"
 *   reason      one sentence unless done, "" otherwise
 *   inputs      object: all that decides the result, as in the key.  Read by the database:
 *               "protocol" (object), "structure" (see below), "data_sets" (array of {symbol, name,
 *               sha256}).
 *   results     object, by task.  Read by the database: "energies", an array with one object for
 *               each SCF: {label, energy_ev, free_energy_ev, converged, scf_iterations, kmesh [3],
 *               n_k_irreducible, ecut_ev, n_atoms, wall_s, structure}, where structure is absent
 *               when it is inputs.structure; "structures", an array of structures that came out.
 *               All optional; null is "not known".
 *   provenance  results/provenance.h
 *   timings     {wall_s, cpu_s, peak_rss_MiB}; cpu_s: of all threads, null in records that are older
 * A structure is {label, lattice_ang [3][3] (rows are vectors), species [n], positions_frac [n][3],
 * pbc [3] (optional, all true)}; res_structure makes one.
 *
 * Thread rule: no shared state; only one process writes a given key at a time.
 */
#ifndef RES_RECORD_H
#define RES_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define RES_RECORD_FORMAT "liscreen-record"
#define RES_RECORD_VERSION 2
#define RES_KEY_MAX 128             /* letters, digits, '-', '_', '.'; not starting with '.' */

typedef enum { RES_DONE, RES_FAILED, RES_UNCONVERGED } res_outcome;

const char *res_outcome_name(res_outcome outcome);          /* "done", "failed", "unconverged" */

typedef struct {
    const char *key;
    const char *task_kind;
    const char *candidate;          /* "" when shared */
    res_outcome outcome;
    const char *reason;             /* "" when done */
    double wall_s;
    double cpu_s;                   /* of all threads; 0: not known */
    double peak_rss_mib;
} res_record_head;

/* Builds a record.  Takes over the references inputs, results and provenance (released on failure
 * too); NULL means an empty object.  The caller owns *out (json_decref); NULL on failure.
 * Errors: DFT_EINPUT for a bad key, an outcome without reason, text that is not UTF-8; DFT_ENOMEM. */
dft_status res_record_create(const res_record_head *head, json_t *inputs, json_t *results,
                             json_t *provenance, json_t **out, dft_error *err);

/* A real number; null for NaN and infinities, which JSON does not have.  New reference. */
json_t *res_number(double value);

/* The structure object described above, in Angstrom.  pbc NULL: periodic in all directions.  New
 * reference; NULL when memory is refused or an atomic number is unknown. */
json_t *res_structure(const char *label, const dft_crystal *crystal, const bool pbc[3]);

/* True for an object with the shapes above, finite numbers and at least one atom. */
bool res_structure_is_valid(const json_t *structure);

/* Formula of a valid structure, elements in alphabetical order ("Ag12Li"); owned by the caller, NULL
 * when memory is refused. */
char *res_structure_formula(const json_t *structure);

/* Writes run_dir/records/<key>.json, making run_dir/records when it is missing (not run_dir).  An
 * earlier record of the key is replaced whole (a failed task that was tried again).
 * Errors: DFT_EINPUT (bad key, not a valid record, key differs), DFT_EIO naming the path. */
dft_status res_record_write(const char *run_dir, const char *key, const json_t *record,
                            dft_error *err);

/* Reads and checks one record.  The caller owns *out; NULL on failure.  Errors: DFT_ENOFILE when
 * there is none; DFT_EIO when it may not be read; DFT_EPARSE for one that is cut short, foreign,
 * newer, of another key, or whose checksum does not fit its content. */
dft_status res_record_read(const char *run_dir, const char *key, json_t **out, dft_error *err);

/* True when a valid record of this key is there. */
bool res_record_exists(const char *run_dir, const char *key);

/* What res_record_each calls: on_record borrows the record; anything but DFT_OK ends the walk and is
 * returned.  on_bad (may be NULL) hears of files that are no valid records; the walk goes on. */
typedef struct {
    void *user;
    dft_status (*on_record)(void *user, const char *key, const json_t *record, dft_error *err);
    void (*on_bad)(void *user, const char *path, const dft_error *why);
} res_record_visitor;

/* Visits all records in the order of their keys (strcmp).  A run without records/ has none.
 * Errors: those of on_record; DFT_ENOFILE when records/ cannot be read; DFT_ENOMEM. */
dft_status res_record_each(const char *run_dir, const res_record_visitor *visitor, dft_error *err);

/* Moves a record aside (results/aside.h), so that its task can be computed again; moved [size] gets its
 * new path.  Errors: DFT_EINPUT for a bad key; DFT_EIO; DFT_ENOMEM. */
dft_status res_record_set_aside(const char *run_dir, const char *key, char *moved, size_t size,
                                dft_error *err);

/* Removes temporary files that killed processes left in records/.  Call it only while no task of
 * this run is being written.  Returns how many were removed. */
size_t res_record_sweep(const char *run_dir);

#endif
