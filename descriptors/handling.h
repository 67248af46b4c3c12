/*
 * descriptors/handling.h - price class and hazards of what somebody is to order: descriptors/data/handling.csv.
 *
 * The class of a formula is that of its dearest element; its hazards are those of its elements, which is a
 * warning and no safety data sheet.  An element without a row says so.  Whether a row was compared with its
 * sources is a column of the data, `checked`.
 * Thread rule: never changes after reading; const calls may run concurrently.
 */
#ifndef DESC_HANDLING_H
#define DESC_HANDLING_H

#include <stddef.h>

#include "descriptors/formula.h"
#include "dft-lite/base/status.h"

typedef struct desc_handling desc_handling;

/* Reads DIRECTORY/handling.csv.  The caller owns *out; NULL on failure.  Errors: DFT_ENOFILE; DFT_EPARSE
 * naming file, line and value (unknown element, one given twice, a price class "A-B" that is none, `checked` neither yes
 * nor no);
 * DFT_ENOMEM. */
dft_status desc_handling_read(const char *directory, desc_handling **out, dft_error *err);
void desc_handling_free(desc_handling *handling);           /* NULL is accepted */

/* "10-100" USD per kg of the dearest element, borrowed; "" when one of them has no class. */
const char *desc_handling_price(const desc_handling *handling, const desc_formula *formula);

/* "" when every row that the formula rests on was compared with its sources, else "unverified; " and the
 * sources that the others name, cut at size: "unverified; Ag: USGS MCS 2024 (silver)". */
void desc_handling_origin(const desc_handling *handling, const desc_formula *formula, char *buffer,
                          size_t size);

/* "Hg: fatal if inhaled ...; Li: ..." into buffer, cut at size; "" when no element has an entry. */
void desc_handling_hazards(const desc_handling *handling, const desc_formula *formula, char *buffer,
                           size_t size);

#endif
