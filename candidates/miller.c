#include "candidates/miller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/crystal/elements.h"

#define MAX_INDEX 99

static dft_status miller_fail(const char *text, const char *why, dft_error *err)
{
    return dft_fail(err, DFT_EINPUT, "Miller index '%s' %s; write it like 111, 1-10, 1,1,5 or, for "
                    "hexagonal cells, 10-10", text, why);
}

/* The next index: digits stand alone ("110") unless separators are used ("1,1,10").  Returns the
 * number of characters read, 0 at the end, -1 for something else. */
static int next_index(const char *text, bool separated, int *index)
{
    const char *at = text;
    int sign = 1;

    at += strspn(at, " ,()[]");
    if (*at == '\0')
        return 0;
    if (*at == '-') {
        sign = -1;
        at++;
    }
    if (*at < '0' || *at > '9')
        return -1;
    *index = *at++ - '0';
    if (separated)
        while (*at >= '0' && *at <= '9' && *index <= MAX_INDEX)
            *index = 10 * *index + (*at++ - '0');
    *index *= sign;
    return (int)(at - text);
}

dft_status cand_miller_parse(const char *text, int miller[3], bool *four, dft_error *err)
{
    const bool separated = strpbrk(text, " ,") != NULL;
    int index[5], n = 0, used;

    for (const char *at = text; (used = next_index(at, separated, &index[n])) != 0; at += used) {
        if (used < 0)
            return miller_fail(text, "has a character that is no index", err);
        if (abs(index[n]) > MAX_INDEX)
            return miller_fail(text, "has an index above 99", err);
        if (++n == 5)
            break;
    }
    if (n != 3 && n != 4)
        return miller_fail(text, "does not have three or four indices", err);
    if (n == 4 && index[2] != -(index[0] + index[1]))
        return miller_fail(text, "has a third index that is not -(h+k)", err);
    miller[0] = index[0];
    miller[1] = index[1];
    miller[2] = index[n - 1];
    if (miller[0] == 0 && miller[1] == 0 && miller[2] == 0)
        return miller_fail(text, "names no plane", err);
    if (four)
        *four = n == 4;
    return DFT_OK;
}

void cand_miller_format(const int miller[3], bool four, char text[32])
{
    const bool wide = abs(miller[0]) > 9 || abs(miller[1]) > 9 || abs(miller[2]) > 9
                    || (four && abs(miller[0] + miller[1]) > 9);
    const char *between = wide ? "," : "";

    if (four)
        snprintf(text, 32, "%d%s%d%s%d%s%d", miller[0], between, miller[1], between,
                 -(miller[0] + miller[1]), between, miller[2]);
    else
        snprintf(text, 32, "%d%s%d%s%d", miller[0], between, miller[1], between, miller[2]);
}

/* Metals first, then nonmetals, hydrogen last; each by atomic number. */
static int formula_rank(int z)
{
    static const int nonmetals[] = { 5, 6, 7, 8, 9, 14, 15, 16, 17, 33, 34, 35, 52, 53 };

    if (z == 1)
        return 3 * DFT_MAX_Z;
    for (size_t i = 0; i < sizeof nonmetals / sizeof *nonmetals; i++)
        if (z == nonmetals[i])
            return DFT_MAX_Z + z;
    return z;
}

void cand_formula(const int *z, size_t n, char *text, size_t size)
{
    int count[DFT_MAX_Z + 1] = { 0 };
    size_t used = 0;

    text[0] = '\0';
    for (size_t a = 0; a < n; a++)
        count[z[a]]++;
    for (int rank = 1; rank <= 3 * DFT_MAX_Z; rank++) {
        const int element = rank <= DFT_MAX_Z ? rank : rank == 3 * DFT_MAX_Z ? 1 : rank - DFT_MAX_Z;
        char piece[24];
        if (element > DFT_MAX_Z || count[element] == 0 || formula_rank(element) != rank)
            continue;
        if (count[element] == 1)
            snprintf(piece, sizeof piece, "%s", dft_element_symbol(element));
        else
            snprintf(piece, sizeof piece, "%s%d", dft_element_symbol(element), count[element]);
        if (used + strlen(piece) + 2 > size) {
            snprintf(text + used, size - used, "+");
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s", piece);
    }
}
