#include "results/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/file.h"
#include "results/database_check.h"
#include "results/ingest.h"
#include "results/insert.h"
#include "results/provenance.h"
#include "results/record.h"
#include "results/schema.h"
#include "results/text.h"

/* Waits for its turn; the lock ends with close(*fd) or with the process. */
static dft_status take_lock(const char *path, int *fd, dft_error *err)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0)
        return dft_fail_io(err, "open the lock file", path, errno);
    while (fcntl(*fd, F_SETLKW, &whole) != 0)
        if (errno != EINTR) {
            const dft_status status = dft_fail_io(err, "lock", path, errno);
            close(*fd);
            *fd = -1;
            return status;
        }
    return DFT_OK;
}

/* Removes `path` followed by `suffix`, if it is there. */
static void remove_beside(const char *path, const char *suffix)
{
    res_text name = { 0 };

    res_text_addf(&name, "%s%s", path, suffix);
    if (name.data)
        unlink(name.data);
    res_text_clear(&name);
}

static dft_status execute(res_writer *writer, const char *sql, dft_error *err)
{
    if (sqlite3_exec(writer->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return DFT_OK;
    return res_fail_sql(err, writer->db, "write", writer->path);
}

/* An empty database with the tables, inside a transaction.  The file is synced as a whole before it
 * gets its name, so SQLite itself need not protect it meanwhile. */
static dft_status begin(res_writer *writer, const char *temporary, dft_error *err)
{
    char pragmas[256];

    snprintf(pragmas, sizeof pragmas, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
             "PRAGMA foreign_keys=ON; PRAGMA application_id=%d; PRAGMA user_version=%d; BEGIN",
             RES_APPLICATION_ID, RES_SCHEMA_VERSION);
    if (sqlite3_open_v2(temporary, &writer->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        NULL) != SQLITE_OK)
        return res_fail_sql(err, writer->db, "make", writer->path);
    dft_status status = execute(writer, pragmas, err);
    return status == DFT_OK ? execute(writer, res_schema_sql, err) : status;
}

static dft_status fill_meta(res_writer *writer, dft_error *err)
{
    const struct { const char *key; int value; } versions[] = {
        { "schema_version", RES_SCHEMA_VERSION },
        { "record_version", RES_RECORD_VERSION },
        { "physics_version", RES_PHYSICS_VERSION },
    };
    dft_status status = res_insert(writer, RES_INTO_META, err, "program_version",
                                   RES_PROGRAM_VERSION);

    for (size_t i = 0; i < sizeof versions / sizeof versions[0] && status == DFT_OK; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", versions[i].value);
        status = res_insert(writer, RES_INTO_META, err, versions[i].key, text);
    }
    return status;
}

typedef struct {
    res_writer *writer;
    res_rebuild_report *report;
} record_sink;

static dft_status take_record(void *user, const char *key, const json_t *record, dft_error *err)
{
    record_sink *sink = user;

    sink->report->n_records++;
    return res_ingest_record(sink->writer, key, record, err);
}

static void take_bad_file(void *user, const char *path, const dft_error *why)
{
    record_sink *sink = user;

    (void)path;                             /* the sentence names it */
    if (sink->report->n_bad++ == 0)
        snprintf(sink->report->first_bad, sizeof sink->report->first_bad, "%s", why->message);
}

static dft_status fill(res_writer *writer, const char *temporary, const char *run_dir,
                       const res_judgement *judgement, res_rebuild_report *report, dft_error *err)
{
    record_sink sink = { writer, report };
    const res_record_visitor visitor = { &sink, take_record, take_bad_file };
    dft_status status = begin(writer, temporary, err);

    if (status == DFT_OK)
        status = fill_meta(writer, err);
    if (status == DFT_OK)
        status = res_ingest_candidates(writer, judgement, err);
    if (status == DFT_OK)
        status = res_record_each(run_dir, &visitor, err);
    if (status == DFT_OK)
        status = res_ingest_judgement(writer, judgement, err);
    if (status == DFT_OK)
        status = res_ingest_observations(writer, run_dir, err);
    if (status == DFT_OK)
        status = execute(writer, "COMMIT", err);
    return status;
}

/* Makes the finished file durable and gives it its name. */
static dft_status put_in_place(const char *temporary, const char *path, const char *run_dir,
                               dft_error *err)
{
    const int fd = open(temporary, O_RDWR | O_CLOEXEC);
    int cause = fd < 0 ? errno : 0;

    if (!cause && fsync(fd) != 0)
        cause = errno;
    if (fd >= 0)
        close(fd);
    if (!cause) {
        /* A journal that somebody's editor left beside the old file must not meet the new one. */
        remove_beside(path, "-journal");
        remove_beside(path, "-wal");
        remove_beside(path, "-shm");
        if (rename(temporary, path) != 0)
            cause = errno;
    }
    return cause ? dft_fail_io(err, "write", path, cause) : dft_directory_sync(run_dir, err);
}

/* Under the lock: build, sync, rename; a failure leaves the old database and no temporary file. */
static dft_status rebuild(const char *run_dir, const char *path, const char *temporary,
                          const res_judgement *judgement, res_rebuild_report *report,
                          dft_error *err)
{
    res_writer writer = { .path = path };
    dft_status status = res_database_may_replace(path, err);

    if (status != DFT_OK)
        return status;
    unlink(temporary);                      /* of a process that was killed */
    status = fill(&writer, temporary, run_dir, judgement, report, err);
    const dft_status closed = res_writer_close(&writer, status == DFT_OK ? err : NULL);
    if (status == DFT_OK)
        status = closed;
    if (status == DFT_OK)
        status = put_in_place(temporary, path, run_dir, err);
    if (status != DFT_OK)
        unlink(temporary);
    return status;
}

dft_status res_database_rebuild(const char *run_dir, const res_judgement *judgement,
                                res_rebuild_report *report, dft_error *err)
{
    static const res_judgement nothing = { 0 };
    res_rebuild_report unread;
    char *path = dft_path_join(run_dir, RES_DATABASE_NAME);
    char *temporary = dft_path_join(run_dir, "." RES_DATABASE_NAME ".tmp");
    char *lock = dft_path_join(run_dir, "." RES_DATABASE_NAME ".lock");
    int fd = -1;
    dft_status status;

    report = report ? report : &unread;
    *report = (res_rebuild_report){ 0 };
    if (!path || !temporary || !lock)
        status = dft_fail(err, DFT_ENOMEM, "no memory to make the database of %s", run_dir);
    else
        status = take_lock(lock, &fd, err);
    if (status == DFT_OK)
        status = rebuild(run_dir, path, temporary, judgement ? judgement : &nothing, report, err);
    if (fd >= 0)
        close(fd);
    free(path);
    free(temporary);
    free(lock);
    return status;
}
