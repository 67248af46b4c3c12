/*
 * candidates/miller.h - Miller indices as people write them, and formulas for labels.
 */
#ifndef CAND_MILLER_H
#define CAND_MILLER_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"

/* Miller indices "111", "1-10", "(1 1 0)", "1,-1,0", or four for hexagonal cells, "10-10", whose
 * third must be -(h+k).  `four` (NULL allowed) tells which; miller is always the three-index
 * form of the conventional cell.  Errors: DFT_EINPUT with an example of what is understood. */
dft_status cand_miller_parse(const char *text, int miller[3], bool *four, dft_error *err);

/* "111", or "10-10" when `four`: the form used in names.  At most 31 characters. */
void cand_miller_format(const int miller[3], bool four, char text[32]);

/* Elements of z[0..n-1] with their counts, metals first, then by atomic number: "LiAg2", "ZnO",
 * "Ti3". A text that does not fit ends in "+". */
void cand_formula(const int *z, size_t n, char *text, size_t size);

#endif
