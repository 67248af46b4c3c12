/* What is in RUN/results.sqlite: ours, newer, foreign or damaged. */
#include "results/database_check.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dft-lite/base/file.h"
#include "results/aside.h"
#include "results/database.h"
#include "results/insert.h"

static dft_status damaged(const char *path, const char *how, dft_error *err)
{
    return dft_fail(err, DFT_EPARSE, "%s is damaged (%.200s); 'liscreen rank' moves it aside and "
                    "makes it anew from the records", path, how);
}

static dft_status fail_read(sqlite3 *db, const char *path, dft_error *err)
{
    const int code = sqlite3_errcode(db) & 0xff;

    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
        return damaged(path, sqlite3_errmsg(db), err);
    return res_fail_sql(err, db, "read", path);
}

/* The integer that a PRAGMA answers. */
static dft_status read_pragma(sqlite3 *db, const char *path, const char *pragma, int *value,
                              dft_error *err)
{
    sqlite3_stmt *statement = NULL;
    dft_status status = DFT_OK;

    if (sqlite3_prepare_v2(db, pragma, -1, &statement, NULL) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW)
        *value = sqlite3_column_int(statement, 0);
    else
        status = fail_read(db, path, err);
    sqlite3_finalize(statement);
    return status;
}

/* Whole pages in whole trees; what the pages say is not asked. */
static dft_status check_pages(sqlite3 *db, const char *path, dft_error *err)
{
    sqlite3_stmt *statement = NULL;
    dft_status status = DFT_OK;

    if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK
        || sqlite3_step(statement) != SQLITE_ROW) {
        status = fail_read(db, path, err);
    } else {
        const char *found = (const char *)sqlite3_column_text(statement, 0);
        if (!found || strcmp(found, "ok") != 0)
            status = damaged(path, found ? found : "unreadable", err);
    }
    sqlite3_finalize(statement);
    return status;
}

static dft_status check_open(sqlite3 *db, const char *path, int *version, dft_error *err)
{
    int application = 0;
    dft_status status = read_pragma(db, path, "PRAGMA application_id", &application, err);

    if (status == DFT_OK)
        status = read_pragma(db, path, "PRAGMA user_version", version, err);
    if (status == DFT_OK && application != RES_APPLICATION_ID)
        return dft_fail(err, DFT_EINPUT, "%s is the database of another program (application_id %d); "
                        "move it away", path, application);
    if (status == DFT_OK && *version > RES_SCHEMA_VERSION)
        return dft_fail(err, DFT_EINPUT, "%s has tables of version %d, this program knows %d; use "
                        "the newer program, or delete the file to have it made anew from the "
                        "records", path, *version, RES_SCHEMA_VERSION);
    return status == DFT_OK ? check_pages(db, path, err) : status;
}

dft_status res_database_check(const char *path, int *version, dft_error *err)
{
    sqlite3 *db = NULL;
    struct stat info;
    int found = 0;
    dft_status status;

    if (stat(path, &info) != 0)
        return dft_fail(err, DFT_ENOFILE, "%s: %s; `liscreen run` makes it", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return dft_fail(err, DFT_EINPUT, "%s is a directory; move it away", path);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
        status = check_open(db, path, &found, err);
    else
        status = res_fail_sql(err, db, "open", path);
    sqlite3_close(db);
    if (status == DFT_OK && version)
        *version = found;
    return status;
}

dft_status res_database_may_replace(const char *path, dft_error *err)
{
    struct stat info;

    if (lstat(path, &info) != 0 || (S_ISREG(info.st_mode) && info.st_size == 0))
        return DFT_OK;
    if (S_ISLNK(info.st_mode) && stat(path, &info) != 0)
        return DFT_OK;              /* a link to nowhere */
    return res_database_check(path, NULL, err);
}

dft_status res_database_set_aside(const char *run_dir, char *moved, size_t size, dft_error *err)
{
    char *path = dft_path_join(run_dir, RES_DATABASE_NAME);
    dft_error why = { DFT_OK, "" };
    dft_status status = DFT_OK;

    moved[0] = '\0';
    if (!path)
        return dft_fail(err, DFT_ENOMEM, "no memory to check the database of %s", run_dir);
    if (res_database_may_replace(path, &why) == DFT_EPARSE) {
        status = res_set_aside(path, moved, size, err);
        if (status != DFT_OK)
            moved[0] = '\0';
    }
    free(path);
    return status;
}
