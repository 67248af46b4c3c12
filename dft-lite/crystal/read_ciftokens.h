/*
 * dft-lite/crystal/read_ciftokens.h - the words of a CIF: items, loops and their values.
 *
 * CIF 1.1 syntax (Hall, Allen, Brown, Acta Cryst. A47, 655 (1991)): comments, quoted values, text
 * fields between semicolons.  Data names compare without case and with '.' equal to '_', so that
 * the spellings of CIF dictionaries 1 and 2 (_cell_length_a, _cell.length_a) are one.
 */
#ifndef DFT_CRYSTAL_READ_CIFTOKENS_H
#define DFT_CRYSTAL_READ_CIFTOKENS_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/read_text.h"

typedef enum { DFT_CIF_NAME, DFT_CIF_VALUE, DFT_CIF_LOOP, DFT_CIF_DATA } dft_cif_kind;

typedef struct {
    dft_cif_kind kind;
    dft_word word; /* without quotes; a text field gives its first line */
    size_t line;   /* from 1 */
} dft_cif_token;

typedef struct {
    const dft_text *text; /* borrowed */
    size_t n_tokens;
    dft_cif_token *token; /* owned */
} dft_cif;

/* One column of a loop, or a single item as a column of one row. */
typedef struct {
    const dft_cif_token *first; /* NULL when the name does not occur */
    size_t n_rows;
    size_t stride; /* tokens from row to row */
    size_t name_line;
} dft_cif_column;

/* Borrows text; the caller clears *out, also after a failure.  Errors: DFT_EPARSE for a quote or
 * text field that does not end; DFT_ENOMEM. */
dft_status dft_cif_split(const dft_text *text, dft_cif *out, dft_error *err);
void dft_cif_clear(dft_cif *cif);

/* Finds a data name.  Errors: DFT_EPARSE when it occurs twice (two structures in one file), has no
 * value, or its loop's values do not fill whole rows. */
dft_status dft_cif_find(const dft_cif *cif, const char *name, dft_cif_column *out, dft_error *err);

const dft_cif_token *dft_cif_row(const dft_cif_column *column, size_t row);
int dft_cif_is_missing(const dft_cif_token *token); /* NULL, "." or "?" */

/* A finite number, with or without its uncertainty: 0.333(2) is 0.333.  Returns 1, or 0. */
int dft_cif_number(const dft_cif_token *token, double *value);

#endif
