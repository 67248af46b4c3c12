/*
 * candidates/names.h - "did you mean": the nearest of a list of names.
 */
#ifndef CAND_NAMES_H
#define CAND_NAMES_H

#include <stddef.h>

/* The name nearest to `wanted` (Levenshtein distance, case ignored; the first of equals) if it
 * is near enough to be a slip of the keyboard: at most one edit in every three characters, and
 * at least one allowed.  Else NULL. */
const char *cand_nearest_name(const char *wanted, const char *const *names, size_t n);

#endif
