#include "results/export.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <sqlite3.h>

#include "dft-lite/base/alloc.h"
#include "results/database.h"
#include "results/export_ase.h"
#include "results/export_extxyz.h"
#include "dft-lite/base/file.h"
#include "results/insert.h"
#include "results/ranking.h"
#include "results/text.h"

dft_status res_export_format_parse(const char *name, res_export_format *out, dft_error *err)
{
    static const struct { const char *name; res_export_format format; } formats[] = {
        { "csv", RES_EXPORT_CSV }, { "json", RES_EXPORT_JSON }, { "extxyz", RES_EXPORT_EXTXYZ },
        { "ase-db", RES_EXPORT_ASE_DB }, { "sqlite", RES_EXPORT_SQLITE },
    };

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(name, formats[i].name) == 0) {
            *out = formats[i].format;
            return DFT_OK;
        }
    return dft_fail(err, DFT_EUSAGE, "--format=%s: the formats are csv, json, extxyz, ase-db and sqlite",
                    name);
}

static dft_status prepare(sqlite3 *db, const char *path, const char *sql, sqlite3_stmt **out,
                          dft_error *err)
{
    if (sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK)
        return DFT_OK;
    return res_fail_sql(err, db, "read", path);
}

/* ---- csv: rows of the database back into res_ranked_row, so that ranked.csv is met exactly ---- */

typedef struct {
    res_ranked_row *row;                    /* owned, and so are the texts in it */
    size_t n;
} ranked_list;

static void ranked_list_clear(ranked_list *list)
{
    size_t n_columns;
    const res_column *columns = res_ranked_columns(&n_columns);

    for (size_t r = 0; r < list->n; r++)
        for (size_t c = 0; c < n_columns; c++)
            if (columns[c].kind == RES_TEXT)
                free(*(char **)((char *)&list->row[r] + columns[c].offset));
    free(list->row);
    *list = (ranked_list){ 0 };
}

/* False when memory is refused. */
static bool read_field(sqlite3_stmt *query, int i, const res_column *column, res_ranked_row *row)
{
    void *field = (char *)row + column->offset;

    if (sqlite3_column_type(query, i) == SQLITE_NULL)
        return true;                        /* the default already says "not known" */
    switch (column->kind) {
    case RES_TEXT:
        *(char **)field = dft_strdup((const char *)sqlite3_column_text(query, i));
        return *(char **)field != NULL;
    case RES_REAL:
        *(double *)field = sqlite3_column_double(query, i);
        return true;
    case RES_RANK:
    case RES_INTEGER:
        *(int *)field = sqlite3_column_int(query, i);
        return true;
    case RES_FLAG:
        *(bool *)field = sqlite3_column_int(query, i) != 0;
        return true;
    }
    return false;
}

static dft_status count_rows(sqlite3 *db, const char *path, size_t *n, dft_error *err)
{
    sqlite3_stmt *query = NULL;
    dft_status status = prepare(db, path, "SELECT count(*) FROM rankings", &query, err);

    if (status == DFT_OK && sqlite3_step(query) != SQLITE_ROW)
        status = res_fail_sql(err, db, "read", path);
    if (status == DFT_OK)
        *n = (size_t)sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return status;
}

static dft_status read_ranking(sqlite3 *db, const char *path, ranked_list *list, dft_error *err)
{
    size_t n_columns, room = 0;
    const res_column *columns = res_ranked_columns(&n_columns);
    sqlite3_stmt *query = NULL;
    res_text sql = { 0 };

    for (size_t c = 0; c < n_columns; c++)
        res_text_addf(&sql, "%s%s", c ? "," : "SELECT ", columns[c].name);
    res_text_add(&sql, " FROM v_ranking");
    dft_status status = count_rows(db, path, &room, err);
    if (status == DFT_OK)
        list->row = dft_alloc(room, sizeof *list->row);
    if (status == DFT_OK && (sql.failed || !list->row))
        status = dft_fail(err, DFT_ENOMEM, "no memory for the ranked list of %s", path);
    if (status == DFT_OK)
        status = prepare(db, path, sql.data, &query, err);
    while (status == DFT_OK && list->n < room && sqlite3_step(query) == SQLITE_ROW) {
        res_ranked_row *row = &list->row[list->n++];
        *row = res_ranked_row_defaults();
        for (size_t c = 0; c < n_columns; c++)
            if (!read_field(query, (int)c, &columns[c], row))
                status = dft_fail(err, DFT_ENOMEM, "no memory for the ranked list of %s", path);
    }
    if (status == DFT_OK && list->n != room)
        status = res_fail_sql(err, db, "read", path);
    sqlite3_finalize(query);
    res_text_clear(&sql);
    return status;
}

static dft_status csv_text(sqlite3 *db, const char *path, res_text *text, dft_error *err)
{
    ranked_list list = { 0 };
    dft_status status = read_ranking(db, path, &list, err);

    if (status == DFT_OK)
        status = res_ranked_csv_text(list.row, list.n, text, err);
    ranked_list_clear(&list);
    return status;
}

/* ---- json ---- */

/* A column's value; texts of the three JSON columns become the objects that they spell. */
static json_t *column_json(sqlite3_stmt *query, int i)
{
    static const char *const json_columns[] = { "libraries", "protocol", "results" };
    const char *name = sqlite3_column_name(query, i), *text;

    switch (sqlite3_column_type(query, i)) {
    case SQLITE_INTEGER:
        return json_integer(sqlite3_column_int64(query, i));
    case SQLITE_FLOAT:
        return json_real(sqlite3_column_double(query, i));
    case SQLITE_TEXT:
        text = (const char *)sqlite3_column_text(query, i);
        for (size_t k = 0; k < sizeof json_columns / sizeof json_columns[0]; k++)
            if (strcmp(name, json_columns[k]) == 0)
                return json_loads(text, JSON_DECODE_ANY, NULL);
        return json_string(text);
    default:
        return json_null();
    }
}

/* Every row of the query as an object; NULL in *out on failure. */
static dft_status query_json(sqlite3 *db, const char *path, const char *sql, json_t **out,
                             dft_error *err)
{
    sqlite3_stmt *query = NULL;
    json_t *rows = json_array();
    dft_status status = prepare(db, path, sql, &query, err);
    int code = SQLITE_DONE, bad = 0;

    while (status == DFT_OK && !bad && (code = sqlite3_step(query)) == SQLITE_ROW) {
        json_t *row = json_object();
        for (int i = 0; i < sqlite3_column_count(query); i++)
            bad |= json_object_set_new(row, sqlite3_column_name(query, i), column_json(query, i));
        bad |= json_array_append_new(rows, row);
    }
    if (status == DFT_OK && bad)
        status = dft_fail(err, DFT_EPARSE, "%s holds a text that is not UTF-8 or not JSON; delete "
                          "it, and it is made anew from the records", path);
    else if (status == DFT_OK && code != SQLITE_DONE)
        status = res_fail_sql(err, db, "read", path);
    sqlite3_finalize(query);
    if (status != DFT_OK) {
        json_decref(rows);
        rows = NULL;
    }
    *out = rows;
    return status;
}

static dft_status json_text(sqlite3 *db, const char *path, res_text *text, dft_error *err)
{
    static const struct { const char *name, *sql; } parts[] = {
        { "candidates", "SELECT * FROM candidates ORDER BY id" },
        { "ranking", "SELECT * FROM v_ranking" },
        { "descriptors", "SELECT * FROM descriptors ORDER BY candidate, name" },
        { "tasks", "SELECT * FROM tasks ORDER BY key" },
        { "energies", "SELECT * FROM energies ORDER BY id" },
    };
    json_t *all = json_pack("{s:s, s:i}", "format", "liscreen-export", "schema_version",
                            RES_SCHEMA_VERSION);
    dft_status status = DFT_OK;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == DFT_OK; i++) {
        json_t *rows;
        status = query_json(db, path, parts[i].sql, &rows, err);
        if (status == DFT_OK && json_object_set_new(all, parts[i].name, rows) != 0)
            status = dft_fail(err, DFT_ENOMEM, "no memory to export %s", path);
    }
    char *dump = status == DFT_OK ? json_dumps(all, JSON_INDENT(1)) : NULL;
    if (dump) {
        res_text_add(text, dump);
        res_text_add(text, "\n");
    }
    if (status == DFT_OK && (!dump || text->failed))
        status = dft_fail(err, DFT_ENOMEM, "no memory to export %s", path);
    free(dump);
    json_decref(all);
    return status;
}

static dft_status tables_text(const char *run_dir, res_export_format format, res_text *text,
                              dft_error *err)
{
    char *path = dft_path_join(run_dir, RES_DATABASE_NAME);
    sqlite3 *db = NULL;

    if (!path)
        return dft_fail(err, DFT_ENOMEM, "no memory to export %s", run_dir);
    dft_status status = res_database_check(path, NULL, err);
    if (status == DFT_OK && sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        status = res_fail_sql(err, db, "open", path);
    if (status == DFT_OK)
        status = format == RES_EXPORT_CSV ? csv_text(db, path, text, err)
                                          : json_text(db, path, text, err);
    sqlite3_close(db);
    free(path);
    return status;
}

/* ---- sqlite ---- */

/* A whole copy under a temporary name, then renamed; what SQLite calls VACUUM INTO reads one
 * transaction's state, whoever writes meanwhile. */
static dft_status vacuum_into(sqlite3 *db, const char *path, const char *out_path, dft_error *err)
{
    res_text temporary = { 0 };
    sqlite3_stmt *statement = NULL;
    dft_status status;

    res_text_addf(&temporary, "%s.%ld.tmp", out_path, (long)getpid());
    if (temporary.failed)
        return dft_fail(err, DFT_ENOMEM, "no memory to write %s", out_path);
    unlink(temporary.data);
    status = prepare(db, path, "VACUUM INTO ?1", &statement, err);
    if (status == DFT_OK
        && (sqlite3_bind_text(statement, 1, temporary.data, -1, SQLITE_STATIC) != SQLITE_OK
            || sqlite3_step(statement) != SQLITE_DONE))
        status = res_fail_sql(err, db, "copy", path);
    sqlite3_finalize(statement);
    if (status == DFT_OK && rename(temporary.data, out_path) != 0)
        status = dft_fail_io(err, "write", out_path, errno);
    if (status != DFT_OK)
        unlink(temporary.data);
    res_text_clear(&temporary);
    return status;
}

static dft_status snapshot(const char *run_dir, const char *out_path, dft_error *err)
{
    char *path = dft_path_join(run_dir, RES_DATABASE_NAME);
    sqlite3 *db = NULL;

    if (!path)
        return dft_fail(err, DFT_ENOMEM, "no memory to export %s", run_dir);
    dft_status status = res_database_check(path, NULL, err);
    if (status == DFT_OK && sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        status = res_fail_sql(err, db, "open", path);
    if (status == DFT_OK)
        status = vacuum_into(db, path, out_path, err);
    sqlite3_close(db);
    free(path);
    return status;
}

dft_status res_export_text(const char *run_dir, res_export_format format, res_text *text,
                           dft_error *err)
{
    if (format == RES_EXPORT_EXTXYZ)
        return res_extxyz_text(run_dir, text, err);
    if (format == RES_EXPORT_ASE_DB)
        return res_ase_bytes(run_dir, text, err);
    if (format == RES_EXPORT_SQLITE)
        return dft_fail(err, DFT_EUSAGE, "--format=sqlite needs --out=FILE");
    return tables_text(run_dir, format, text, err);
}

dft_status res_export(const char *run_dir, res_export_format format, const char *out_path,
                      dft_error *err)
{
    res_text text = { 0 };

    if (format == RES_EXPORT_SQLITE)
        return snapshot(run_dir, out_path, err);
    dft_status status = res_export_text(run_dir, format, &text, err);
    if (status == DFT_OK)
        status = dft_file_write(out_path, text.data, text.length, err);
    res_text_clear(&text);
    return status;
}
