#include "results/report_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "results/insert.h"
#include "results/provenance.h"
#include "results/report_source.h"

#define MOST_WORDS 200              /* different texts of a column that is written as a dictionary */

typedef enum { NUMBER, TEXT, FLAG } column_kind;

typedef struct {
    const char *name;               /* borrowed from the query */
    column_kind kind;
    json_t *dictionary;             /* owned array; NULL: texts as they are */
    res_text data;                  /* owned */
} column;

/* ---- the ranking by columns ---- */

/* The kinds follow from the declared types, and the one flag from its name. */
static column_kind kind_of(sqlite3_stmt *query, int i)
{
    const char *type = sqlite3_column_decltype(query, i);

    if (strcmp(sqlite3_column_name(query, i), "converged") == 0)
        return FLAG;
    return type && strcmp(type, "TEXT") == 0 ? TEXT : NUMBER;
}

/* The different texts of a column, the frequent ones first; NULL when there are too many. */
static dft_status find_dictionary(const res_report_source *source, column *c, dft_error *err)
{
    char sql[512];
    json_t *rows = NULL;

    snprintf(sql, sizeof sql, "SELECT \"%.60s\" AS word FROM v_ranking WHERE word IS NOT NULL "
             "GROUP BY word ORDER BY count(*) DESC, word LIMIT %d", c->name, MOST_WORDS + 1);
    const dft_status status = res_report_rows(source, sql, NULL, "", &rows, err);
    if (status == DFT_OK && json_array_size(rows) <= MOST_WORDS) {
        c->dictionary = json_array();
        for (size_t i = 0; i < json_array_size(rows); i++)
            json_array_append(c->dictionary,
                              json_object_get(json_array_get(rows, i), "word"));
    }
    json_decref(rows);
    return status;
}

static int word_index(const json_t *dictionary, const char *word)
{
    for (size_t i = 0; i < json_array_size(dictionary); i++)
        if (strcmp(json_string_value(json_array_get(dictionary, i)), word) == 0)
            return (int)i;
    return -1;
}

static dft_status add_value(column *c, sqlite3_stmt *query, int i, dft_error *err)
{
    const bool known = sqlite3_column_type(query, i) != SQLITE_NULL;

    if (c->data.length)
        res_text_add(&c->data, ",");
    if (c->kind == TEXT && c->dictionary) {
        res_text_addf(&c->data, "%d", known ? word_index(c->dictionary,
                                      (const char *)sqlite3_column_text(query, i)) : -1);
    } else if (!known) {
        res_text_add(&c->data, "null");
    } else if (c->kind == TEXT) {
        json_t *word = json_string((const char *)sqlite3_column_text(query, i));
        const dft_status status = word ? res_report_add_json(&c->data, word, err)
            : dft_fail(err, DFT_EPARSE, "a %s of the ranking is not UTF-8", c->name);
        json_decref(word);
        return status;
    } else {
        const double value = sqlite3_column_double(query, i);
        if (isfinite(value))
            res_text_addf(&c->data, "%.9g", value);
        else
            res_text_add(&c->data, "null");
    }
    return DFT_OK;
}

static void add_column(res_text *text, const column *c, dft_status *status, dft_error *err)
{
    if (c->dictionary && *status == DFT_OK) {
        res_text_add(text, "{\"dict\":");
        *status = res_report_add_json(text, c->dictionary, err);
        res_text_add(text, ",\"at\":");
    }
    res_text_add(text, "[");
    res_text_add_bytes(text, c->data.data ? c->data.data : "", c->data.length);
    res_text_add(text, c->dictionary ? "]}" : "]");
}

static void write_columns(res_text *text, const column *columns, size_t n_columns, size_t n_rows,
                          dft_status *status, dft_error *err)
{
    static const char *const kinds[] = { "number", "text", "flag" };

    res_text_addf(text, "\"n\":%zu,\"columns\":[", n_rows);
    for (size_t i = 0; i < n_columns; i++)
        res_text_addf(text, "%s{\"name\":\"%s\",\"kind\":\"%s\"}", i ? "," : "", columns[i].name,
                      kinds[columns[i].kind]);
    res_text_add(text, "],\"data\":[");
    for (size_t i = 0; i < n_columns; i++) {
        res_text_add(text, i ? "," : "");
        add_column(text, &columns[i], status, err);
    }
    res_text_add(text, "]");
}

static dft_status ranking(const res_report_source *source, res_text *text, dft_error *err)
{
    sqlite3_stmt *query = NULL;
    size_t n_rows = 0;
    int code = SQLITE_DONE;
    dft_status status = res_report_query(source, "SELECT * FROM v_ranking", NULL, &query, err);

    if (status != DFT_OK)
        return status;
    const size_t n_columns = (size_t)sqlite3_column_count(query);
    column *columns = dft_alloc(n_columns, sizeof *columns);
    if (!columns)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the columns of %s", source->path);
    for (size_t i = 0; i < n_columns && status == DFT_OK; i++) {
        columns[i].name = sqlite3_column_name(query, (int)i);
        columns[i].kind = kind_of(query, (int)i);
        if (columns[i].kind == TEXT)
            status = find_dictionary(source, &columns[i], err);
    }
    while (status == DFT_OK && (code = sqlite3_step(query)) == SQLITE_ROW) {
        for (size_t i = 0; i < n_columns && status == DFT_OK; i++)
            status = add_value(&columns[i], query, (int)i, err);
        n_rows++;
    }
    if (status == DFT_OK && code != SQLITE_DONE)
        status = res_fail_sql(err, source->db, "read", source->path);
    if (status == DFT_OK)
        write_columns(text, columns, n_columns, n_rows, &status, err);
    for (size_t i = 0; columns && i < n_columns; i++) {
        if (columns[i].data.failed && status == DFT_OK)
            status = dft_fail(err, DFT_ENOMEM, "no memory for the columns of %s", source->path);
        json_decref(columns[i].dictionary);
        res_text_clear(&columns[i].data);
    }
    free(columns);
    sqlite3_finalize(query);
    return status;
}

/* ---- the night ---- */

static const struct { const char *name, *sql; } log_parts[] = {
    { "kinds", "SELECT kind, status, count(*) AS n, sum(wall_s) AS wall_s, max(peak_rss_mib) AS "
               "peak_rss_mib FROM tasks GROUP BY kind, status ORDER BY wall_s DESC" },
    { "failures", "SELECT status, reason, count(*) AS n, min(kind) AS kind, min(candidate) AS example,"
                  " min(key) AS key FROM tasks WHERE status <> 'done' GROUP BY status, reason "
                  "ORDER BY n DESC, reason LIMIT 200" },
    { "remedies", "SELECT CASE type WHEN 'object' THEN coalesce(json_extract(j.value, '$.remedy'), "
                  "json_extract(j.value, '$.name')) ELSE j.value END AS remedy, count(*) AS n FROM "
                  "tasks, json_each(tasks.results, '$.remedies') AS j GROUP BY remedy ORDER BY n DESC "
                  "LIMIT 200" },
    { "slowest", "SELECT key, kind, candidate, wall_s FROM tasks WHERE wall_s IS NOT NULL ORDER BY "
                 "wall_s DESC, key LIMIT 10" },
};

static dft_status add_log(const res_report_source *source, res_text *text, dft_error *err)
{
    dft_status status = DFT_OK;

    res_text_add(text, "\"log\":{");
    for (size_t i = 0; i < sizeof log_parts / sizeof log_parts[0] && status == DFT_OK; i++) {
        json_t *rows = NULL;
        status = res_report_rows(source, log_parts[i].sql, NULL, "", &rows, err);
        res_text_addf(text, "%s\"%s\":", i ? "," : "", log_parts[i].name);
        if (status == DFT_OK)
            status = res_report_add_json(text, rows, err);
        json_decref(rows);
    }
    res_text_add(text, "}");
    return status;
}

static dft_status add_observations(const res_report_source *source, res_text *text, dft_error *err)
{
    json_t *rows = NULL;
    dft_status status = res_report_observations(source, &rows, err);

    res_text_add(text, "\"observations\":");
    if (status == DFT_OK)
        status = res_report_add_json(text, rows, err);
    json_decref(rows);
    return status;
}

dft_status res_report_summary(res_report_source *source, res_text *text, dft_error *err)
{
    res_text_addf(text, "{\"format\":\"liscreen-report\",\"program_version\":\"%s\","
                  "\"physics_version\":%d,", RES_PROGRAM_VERSION, RES_PHYSICS_VERSION);
    dft_status status = ranking(source, text, err);
    res_text_add(text, ",");
    if (status == DFT_OK)
        status = add_observations(source, text, err);
    res_text_add(text, ",");
    if (status == DFT_OK)
        status = add_log(source, text, err);
    res_text_add(text, "}");
    if (status == DFT_OK && text->failed)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the summary of %s", source->path);
    return status;
}
