#include "dft-lite/base/csv.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

struct dft_csv {
    char *path;                  /* owned */
    char *text;                  /* owned: the file, cut in place into NUL-terminated fields */
    size_t n_columns, n_rows;
    const char **fields;         /* owned, [1 + n_rows][n_columns] into text; row 0 is the header */
    int *lines;                  /* owned, [1 + n_rows]: line of the file */
};

/* Where the cutting of the text has come to. */
typedef struct {
    const char *path;
    char *next;                  /* first byte that is not cut yet */
    int line;
} csv_cursor;

static dft_status csv_load(const char *path, char **text, dft_error *err)
{
    dft_status status = DFT_OK;
    FILE *file = fopen(path, "rb");
    size_t length = 0, capacity = 1 << 16;
    char *buffer = NULL;

    if (!file)
        return dft_fail(err, DFT_ENOFILE, "%s: %s; give the path of a readable CSV file", path,
                        strerror(errno));
    for (;;) {
        char *larger = dft_alloc(capacity + 1, 1);       /* + 1: the closing NUL */
        if (!larger) {
            status = dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu bytes", path, capacity);
            goto done;
        }
        if (buffer)
            memcpy(larger, buffer, length);
        free(buffer);
        buffer = larger;
        length += fread(buffer + length, 1, capacity - length, file);
        if (length < capacity)
            break;
        capacity *= 2;
    }
    if (ferror(file)) {
        status = dft_fail(err, DFT_ENOFILE, "%s: cannot be read (%s); give the path of a CSV file",
                          path, strerror(errno));
        goto done;
    }
    if (strlen(buffer) < length) {
        status = dft_fail(err, DFT_EPARSE, "%s: byte %zu is NUL; this is not a CSV text file", path,
                          strlen(buffer) + 1);
        goto done;
    }
    *text = buffer;
    buffer = NULL;
done:
    free(buffer);
    fclose(file);
    return status;
}

/* Steps over empty lines and notes; false at the end of the text. */
static bool csv_next_record(csv_cursor *at)
{
    for (;;) {
        const size_t length = strcspn(at->next, "\n");
        const bool empty = length == 0 || (length == 1 && at->next[0] == '\r');

        if (*at->next == '\0')
            return false;
        if (!empty && at->next[0] != '#')
            return true;
        at->next += length + (at->next[length] == '\n');
        at->line++;
    }
}

/* Cuts a quoted field whose opening quote is at at->next; undoubles quotes in place. */
static dft_status csv_quoted_field(csv_cursor *at, char **end, dft_error *err)
{
    char *from = at->next + 1, *to = at->next;

    for (;; from++) {
        if (*from == '"' && from[1] == '"')
            from++;
        else if (*from == '"')
            break;
        else if (*from == '\0' || *from == '\n')
            return dft_fail(err, DFT_EPARSE, "%s:%d: a quoted field is not closed before the end "
                            "of the line; close it with \"", at->path, at->line);
        *to++ = *from;
    }
    *end = to;
    at->next = from + 1;
    if (!strchr(",\n", *at->next) && !(at->next[0] == '\r' && at->next[1] == '\n'))
        return dft_fail(err, DFT_EPARSE, "%s:%d: '%c' follows a closing quote; put the whole field "
                        "in quotes and double the quotes inside", at->path, at->line, *at->next);
    return DFT_OK;
}

static dft_status csv_plain_field(csv_cursor *at, char **end, dft_error *err)
{
    const size_t length = strcspn(at->next, ",\n\"");

    *end = at->next + length;
    if (**end == '"')
        return dft_fail(err, DFT_EPARSE, "%s:%d: a quote inside a field that does not begin with "
                        "one; put the whole field in quotes and double this one", at->path,
                        at->line);
    if (**end != ',' && length > 0 && (*end)[-1] == '\r')
        (*end)--;
    at->next += length;
    return DFT_OK;
}

/* Cuts one record into fields; those beyond n_max are counted and not stored. */
static dft_status csv_cut_record(csv_cursor *at, const char **fields, size_t n_max, size_t *n,
                                 dft_error *err)
{
    *n = 0;
    for (;;) {
        char *begin = at->next, *end = begin;
        const dft_status status = *begin == '"' ? csv_quoted_field(at, &end, err)
                                                : csv_plain_field(at, &end, err);
        if (status != DFT_OK)
            return status;
        if (*at->next == '\r')
            at->next++;
        const char separator = *at->next;
        at->next += separator != '\0';
        *end = '\0';
        if (*n < n_max)
            fields[*n] = begin;
        (*n)++;
        if (separator != ',') {
            at->line += separator == '\n';
            return DFT_OK;
        }
    }
}

/* The number of fields of the record at `at`, counting commas outside quotes; the text stays. */
static size_t csv_count_fields(const char *text)
{
    size_t n = 1;
    bool quoted = false;

    for (; *text && *text != '\n'; text++) {
        quoted ^= *text == '"';
        n += *text == ',' && !quoted;
    }
    return n;
}

static size_t csv_count_lines(const char *text)
{
    size_t n = 1;

    for (; (text = strchr(text, '\n')) != NULL; text++)
        n++;
    return n;
}

static dft_status csv_check_header(const dft_csv *csv, dft_error *err)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        if (csv->fields[i][0] == '\0')
            return dft_fail(err, DFT_EPARSE, "%s:%d: column %zu has no name; name every column",
                            csv->path, csv->lines[0], i + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(csv->fields[i], csv->fields[j]) == 0)
                return dft_fail(err, DFT_EPARSE, "%s:%d: columns %zu and %zu are both named "
                                "\"%s\"; rename one", csv->path, csv->lines[0], j + 1, i + 1,
                                csv->fields[i]);
    }
    return DFT_OK;
}

/* Cuts csv->text into csv->fields; the header comes first. */
static dft_status csv_cut(dft_csv *csv, dft_error *err)
{
    const bool marked = strncmp(csv->text, "\xef\xbb\xbf", 3) == 0;
    csv_cursor at = { csv->path, csv->text + (marked ? 3 : 0), 1 };

    if (!csv_next_record(&at))
        return dft_fail(err, DFT_EPARSE, "%s:%d: no header line; the first line names the columns",
                        csv->path, at.line);
    csv->n_columns = csv_count_fields(at.next);
    const size_t n_lines = csv_count_lines(at.next);
    csv->fields = dft_alloc(n_lines * csv->n_columns, sizeof *csv->fields);
    csv->lines = dft_alloc_ints(n_lines);
    if (!csv->fields || !csv->lines)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu records of %zu fields", csv->path,
                        n_lines, csv->n_columns);

    size_t n_records = 0;
    do {
        size_t n;
        const int line = at.line;
        const dft_status status = csv_cut_record(&at, csv->fields + n_records * csv->n_columns,
                                                 csv->n_columns, &n, err);
        if (status != DFT_OK)
            return status;
        if (n != csv->n_columns)
            return dft_fail(err, DFT_EPARSE, "%s:%d: expected %zu fields, found %zu; a field that "
                            "contains a comma needs quotes", csv->path, line, csv->n_columns, n);
        csv->lines[n_records++] = line;
    } while (csv_next_record(&at));
    csv->n_rows = n_records - 1;
    return csv_check_header(csv, err);
}

dft_status dft_csv_read(const char *path, dft_csv **out, dft_error *err)
{
    dft_status status = DFT_OK;
    dft_csv *csv = dft_alloc(1, sizeof *csv);

    *out = NULL;
    if (!csv || !(csv->path = dft_strdup(path))) {
        status = dft_fail(err, DFT_ENOMEM, "%s: no memory to read a table", path);
        goto done;
    }
    status = csv_load(path, &csv->text, err);
    if (status == DFT_OK)
        status = csv_cut(csv, err);
    if (status != DFT_OK)
        goto done;
    *out = csv;
    csv = NULL;
done:
    dft_csv_free(csv);
    return status;
}

void dft_csv_free(dft_csv *csv)
{
    if (!csv)
        return;
    free(csv->lines);
    free(csv->fields);
    free(csv->text);
    free(csv->path);
    free(csv);
}

size_t dft_csv_n_rows(const dft_csv *csv)     { return csv->n_rows; }
size_t dft_csv_n_columns(const dft_csv *csv)  { return csv->n_columns; }
const char *dft_csv_path(const dft_csv *csv)  { return csv->path; }

const char *dft_csv_header(const dft_csv *csv, size_t column)
{
    assert(column < csv->n_columns);
    return csv->fields[column];
}

dft_status dft_csv_column(const dft_csv *csv, const char *name, size_t *out, dft_error *err)
{
    for (size_t i = 0; i < csv->n_columns; i++)
        if (strcmp(csv->fields[i], name) == 0) {
            *out = i;
            return DFT_OK;
        }
    return dft_fail(err, DFT_EPARSE, "%s:%d: no column is named \"%s\"; add it to the header",
                    csv->path, csv->lines[0], name);
}

const char *dft_csv_text(const dft_csv *csv, size_t row, size_t column)
{
    assert(row < csv->n_rows && column < csv->n_columns);
    return csv->fields[(row + 1) * csv->n_columns + column];
}

int dft_csv_line(const dft_csv *csv, size_t row)
{
    assert(row < csv->n_rows);
    return csv->lines[row + 1];
}

dft_status dft_csv_number(const dft_csv *csv, size_t row, size_t column, double *out,
                          dft_error *err)
{
    const char *text = dft_csv_text(csv, row, column);
    char *end;
    const double value = strtod(text, &end);

    /* strtod alone would also take leading blanks, hexadecimal, inf and nan. */
    if (*text == '\0' || *end != '\0' || text[strspn(text, "0123456789+-.eE")] != '\0'
        || !isfinite(value))
        return dft_fail(err, DFT_EPARSE, "%s:%d: column \"%s\" holds \"%.80s\"; a decimal number "
                        "is needed", csv->path, dft_csv_line(csv, row), dft_csv_header(csv, column),
                        text);
    *out = value;
    return DFT_OK;
}

dft_status dft_csv_optional_number(const dft_csv *csv, size_t row, size_t column, double *out,
                                   dft_error *err)
{
    if (*dft_csv_text(csv, row, column) == '\0') {
        *out = NAN;
        return DFT_OK;
    }
    return dft_csv_number(csv, row, column, out, err);
}
