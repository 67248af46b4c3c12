#include "candidates/names.h"

#include <ctype.h>
#include <string.h>

#define LONGEST 63                  /* longer names are not compared */

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Insertions, deletions and substitutions that turn a into b (Levenshtein), row by row. */
static size_t edit_distance(const char *a, const char *b)
{
    const size_t n_a = strlen(a), n_b = strlen(b);
    size_t row[LONGEST + 1];

    if (n_a > LONGEST || n_b > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= n_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            const size_t above = row[j];
            const int differ = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (size_t)differ);
            diagonal = above;
        }
    }
    return row[n_b];
}

const char *cand_nearest_name(const char *wanted, const char *const *names, size_t n)
{
    const size_t allowed = strlen(wanted) < 3 ? 1 : strlen(wanted) / 3;
    const char *best = NULL;
    size_t fewest = allowed + 1;

    for (size_t i = 0; i < n; i++) {
        const size_t edits = edit_distance(wanted, names[i]);
        if (edits < fewest) {
            fewest = edits;
            best = names[i];
        }
    }
    return best;
}
