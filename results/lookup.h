/*
 * results/lookup.h - one answer from RUN/results.sqlite, by its indices: no table is read whole, and the
 * pages are not all checked, so that it takes no longer with 100,000 candidates.
 *
 * Thread rule: no shared state.
 */
#ifndef RES_LOOKUP_H
#define RES_LOOKUP_H

#include <stdbool.h>

/* The rank of a candidate as last written: *rank from 1, 0 when it has none or is not in the list.  False
 * when there is no database to tell (missing, of another program, damaged where it was read). */
bool res_lookup_rank(const char *run_dir, const char *candidate, int *rank);

#endif
