#include "results/report_source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "results/database.h"
#include "results/insert.h"

dft_status res_report_open(const char *run_dir, res_report_source **out, dft_error *err)
{
    res_report_source *source = dft_alloc(1, sizeof *source);
    dft_status status = DFT_OK;

    *out = NULL;
    if (source)
        source->path = dft_path_join(run_dir, RES_DATABASE_NAME);
    if (!source || !source->path) {
        res_report_close(source);
        return dft_fail(err, DFT_ENOMEM, "no memory to report on %s", run_dir);
    }
    status = res_database_check(source->path, NULL, err);
    if (status == DFT_OK && (sqlite3_open_v2(source->path, &source->db, SQLITE_OPEN_READONLY, NULL)
                             != SQLITE_OK
                             || sqlite3_exec(source->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK))
        status = res_fail_sql(err, source->db, "open", source->path);
    if (status == DFT_OK)
        *out = source;
    else
        res_report_close(source);
    return status;
}

void res_report_close(res_report_source *source)
{
    if (!source)
        return;
    sqlite3_close(source->db);
    free(source->path);
    free(source);
}

dft_status res_report_query(const res_report_source *source, const char *sql, const char *bound,
                            sqlite3_stmt **out, dft_error *err)
{
    *out = NULL;
    if (sqlite3_prepare_v2(source->db, sql, -1, out, NULL) != SQLITE_OK
        || (bound && sqlite3_bind_text(*out, 1, bound, -1, SQLITE_TRANSIENT) != SQLITE_OK))
        return res_fail_sql(err, source->db, "read", source->path);
    return DFT_OK;
}

static int names_column(const char *list, const char *name)
{
    const size_t n = strlen(name);

    for (const char *at = strstr(list, name); at; at = strstr(at + 1, name))
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return 1;
    return 0;
}

/* A text that is no JSON although it should be one is shown as the text that it is. */
static json_t *value_of(sqlite3_stmt *query, int i, const char *as_json)
{
    const char *text;
    json_t *value = NULL;

    switch (sqlite3_column_type(query, i)) {
    case SQLITE_INTEGER:
        return json_integer(sqlite3_column_int64(query, i));
    case SQLITE_FLOAT:
        return isfinite(sqlite3_column_double(query, i))
                   ? json_real(sqlite3_column_double(query, i)) : json_null();
    case SQLITE_TEXT:
        text = (const char *)sqlite3_column_text(query, i);
        if (names_column(as_json, sqlite3_column_name(query, i)))
            value = json_loads(text, JSON_DECODE_ANY, NULL);
        return value ? value : json_string(text);
    default:
        return json_null();
    }
}

dft_status res_report_rows(const res_report_source *source, const char *sql, const char *bound,
                           const char *as_json, json_t **out, dft_error *err)
{
    sqlite3_stmt *query = NULL;
    json_t *rows = json_array();
    dft_status status = res_report_query(source, sql, bound, &query, err);
    int code = SQLITE_DONE, bad = 0;

    while (status == DFT_OK && !bad && (code = sqlite3_step(query)) == SQLITE_ROW) {
        json_t *row = json_object();
        for (int i = 0; i < sqlite3_column_count(query); i++)
            bad |= json_object_set_new(row, sqlite3_column_name(query, i),
                                       value_of(query, i, as_json));
        bad |= json_array_append_new(rows, row);
    }
    if (status == DFT_OK && bad)
        status = dft_fail(err, DFT_EPARSE, "%s holds a text that is not UTF-8; 'liscreen rank' makes "
                          "it anew from the records", source->path);
    else if (status == DFT_OK && code != SQLITE_DONE)
        status = res_fail_sql(err, source->db, "read", source->path);
    sqlite3_finalize(query);
    if (status != DFT_OK) {
        json_decref(rows);
        rows = NULL;
    }
    *out = rows;
    return status;
}

dft_status res_report_observations(const res_report_source *source, json_t **out, dft_error *err)
{
    json_t *table = NULL;
    dft_status status = res_report_rows(source, "SELECT 1 FROM sqlite_master WHERE name = "
                                        "'observations'", NULL, "", &table, err);
    const bool there = json_array_size(table) > 0;

    json_decref(table);
    *out = NULL;
    if (status != DFT_OK)
        return status;
    if (there)
        return res_report_rows(source, "SELECT * FROM observations ORDER BY candidate, quantity, file, "
                               "line", NULL, "", out, err);
    *out = json_array();
    return DFT_OK;
}

/* ---- JSON inside HTML ---- */

/* '<' occurs in JSON only inside strings, where \u003c says the same. */
static int add_safe(const char *json, size_t n, void *user)
{
    size_t begin = 0;

    for (size_t i = 0; i < n; i++) {
        if (json[i] != '<')
            continue;
        res_text_add_bytes(user, json + begin, i - begin);
        res_text_add(user, "\\u003c");
        begin = i + 1;
    }
    res_text_add_bytes(user, json + begin, n - begin);
    return 0;
}

dft_status res_report_add_json(res_text *text, const json_t *value, dft_error *err)
{
    if (json_dump_callback(value, add_safe, text,
                           JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)) != 0
        || text->failed)
        return dft_fail(err, DFT_ENOMEM, "no memory for the data of the report");
    return DFT_OK;
}
