/*
 * dft-lite/base/csv.h - a strict reader of comma-separated tables (RFC 4180, one line per record).
 *
 * The first line is the header; every column has a distinct, non-empty name and every record has as
 * many fields as the header.  A field may be quoted with "...", and a quote inside is doubled; a
 * quoted field may not run over a line end.  LF and CRLF are both line ends, a UTF-8 byte-order
 * mark is skipped, and so are empty lines and lines that begin with # (notes on where the data come
 * from). Nothing is trimmed: a space is part of its field.
 *
 * An empty field means "not known" and never zero: dft_csv_number refuses it, and
 * dft_csv_optional_number turns it into NaN.
 * Thread rule: a table never changes after reading; const calls may run concurrently.
 */
#ifndef DFT_CSV_H
#define DFT_CSV_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct dft_csv dft_csv;

/* Reads the whole table.  The caller owns *out (dft_csv_free); on failure *out is NULL.
 * Errors: DFT_ENOFILE (missing, a directory, unreadable), DFT_EPARSE (file:line and what is wrong:
 * an open quote, text after a closing quote, a wrong number of fields, a header name that is empty
 * or used twice, a NUL byte, no header), DFT_ENOMEM. */
dft_status dft_csv_read(const char *path, dft_csv **out, dft_error *err);

void dft_csv_free(dft_csv *csv);                              /* NULL is accepted */

size_t dft_csv_n_rows(const dft_csv *csv);                    /* records, without the header */
size_t dft_csv_n_columns(const dft_csv *csv);
const char *dft_csv_path(const dft_csv *csv);                 /* as given; borrowed from csv */
const char *dft_csv_header(const dft_csv *csv, size_t column);

/* The column named `name`, by exact comparison.  Errors: DFT_EPARSE naming file and column. */
dft_status dft_csv_column(const dft_csv *csv, const char *name, size_t *out, dft_error *err);

/* The field, "" when empty; borrowed, it lives as long as csv. */
const char *dft_csv_text(const dft_csv *csv, size_t row, size_t column);

/* Line of the file (from 1) that holds a record: for messages about what a field means. */
int dft_csv_line(const dft_csv *csv, size_t row);

/* The field as a finite decimal number.  Errors: DFT_EPARSE for an empty field, trailing text,
 * hexadecimal, inf and nan; *out is then untouched. */
dft_status dft_csv_number(const dft_csv *csv, size_t row, size_t column, double *out,
                          dft_error *err);

/* The same, but an empty field gives NaN. */
dft_status dft_csv_optional_number(const dft_csv *csv, size_t row, size_t column, double *out,
                                   dft_error *err);

#endif
