#include "screen/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 63

static int minimum(int a, int b)
{
    return a < b ? a : b;
}

static int same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

int screen_suggest_distance(const char *a, const char *b)
{
    const size_t n_a = strnlen(a, LONGEST), n_b = strnlen(b, LONGEST);
    int d[LONGEST + 1][LONGEST + 1];

    for (size_t i = 0; i <= n_a; i++)
        d[i][0] = (int)i;
    for (size_t j = 0; j <= n_b; j++)
        d[0][j] = (int)j;
    for (size_t i = 1; i <= n_a; i++) {
        for (size_t j = 1; j <= n_b; j++) {
            const int replace = d[i - 1][j - 1] + !same_letter(a[i - 1], b[j - 1]);
            d[i][j] = minimum(replace, 1 + minimum(d[i - 1][j], d[i][j - 1]));
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]))
                d[i][j] = minimum(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n_a][n_b];
}

const char *screen_suggest(const char *word, size_t n_choices, const char *const *choice)
{
    const int length = (int)strnlen(word, LONGEST);
    int best = length / 3 > 1 ? length / 3 : 1;
    const char *nearest = NULL;

    for (size_t i = 0; i < n_choices; i++) {
        const int distance = screen_suggest_distance(word, choice[i]);
        if (distance < best || (distance == best && !nearest)) {
            best = distance;
            nearest = choice[i];
        }
    }
    return nearest;
}

char *screen_suggest_phrase(const char *word, size_t n_choices, const char *const *choice,
                            char *text, size_t text_size)
{
    const char *nearest = screen_suggest(word, n_choices, choice);

    if (nearest)
        snprintf(text, text_size, " (did you mean '%s'?)", nearest);
    else
        text[0] = '\0';
    return text;
}
