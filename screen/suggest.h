/*
 * screen/suggest.h - "did you mean ...?" for a mistyped verb, option, key or name.
 *
 * Edit distance of F. J. Damerau, Commun. ACM 7, 171 (1964), in its restricted form: insertions,
 * deletions, replacements and swaps of neighbours, each counting one; case counts nothing.
 */
#ifndef SCREEN_SUGGEST_H
#define SCREEN_SUGGEST_H

#include <stddef.h>

/* Edits between a and b.  Only the first 63 characters of each are compared. */
int screen_suggest_distance(const char *a, const char *b);

/* The choice nearest to word, or NULL when none lies within a third of the word's length (at least
 * one edit).  Ties go to the earlier choice.  Borrows from choice. */
const char *screen_suggest(const char *word, size_t n_choices, const char *const *choice);

/* Writes " (did you mean 'x'?)" into text, or "" when nothing is near.  Returns text. */
char *screen_suggest_phrase(const char *word, size_t n_choices, const char *const *choice,
                            char *text, size_t text_size);

#endif
