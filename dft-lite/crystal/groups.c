#include "dft-lite/crystal/groups.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <spglib.h>

#define N_SETTINGS 530
#define SHAPE 0.01                  /* relative, of the metric: cells are given to 3 digits or better */

/* Symbols differ by blanks, underscores and case only. */
static bool same_symbol(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " _'\"\t");
        b += strspn(b, " _'\"\t");
        if (!*a || !*b)
            return !*a && !*b;
        if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++))
            return false;
    }
}

/* "Fd-3m:2" -> "Fd-3m" and "2"; choice is "" without a colon. */
static void split_choice(const char *symbol, char base[64], char choice[8])
{
    const char *colon = strchr(symbol, ':');
    const size_t length = colon ? (size_t)(colon - symbol) : strlen(symbol);

    snprintf(base, 64, "%.*s", (int)(length < 63 ? length : 63), symbol);
    snprintf(choice, 8, "%.7s", colon ? colon + 1 : "");
}

/* spglib's `international` lists several spellings: "C 2/m = A 1 2/m 1". */
static bool in_list(const char *list, const char *symbol)
{
    char part[40];

    for (const char *at = list;; at += strlen(part) + 1) {
        snprintf(part, sizeof part, "%.*s", (int)strcspn(at, "="), at);
        if (same_symbol(part, symbol))
            return true;
        if (at[strlen(part)] == '\0')
            return false;
    }
}

static bool has_name(const SpglibSpacegroupType *type, const char *symbol)
{
    return same_symbol(type->international_short, symbol)
        || same_symbol(type->international_full, symbol) || in_list(type->international, symbol);
}

static bool is_origin_choice(const SpglibSpacegroupType *type)
{
    return type->choice[0] == '1' || type->choice[0] == '2';
}

static bool given(const char *text)
{
    return text && text[0] != '\0';
}

static bool is_meant(const dft_group_name *name, const SpglibSpacegroupType *type)
{
    char base[64], choice[8];

    if (name->number && type->number != name->number)
        return false;
    if (given(name->hall))
        return same_symbol(type->hall_symbol, name->hall);
    if (!given(name->hermann_mauguin))
        return name->number != 0;
    split_choice(name->hermann_mauguin, base, choice);
    return has_name(type, base) && (!choice[0] || same_symbol(type->choice, choice));
}

/* Do all operations keep the cell's shape, W^T G W = G? */
static bool fits_cell(int hall_number, const double lattice[3][3])
{
    dft_symop op[DFT_GROUP_MAX_OPS];
    const size_t n = dft_group_operations(hall_number, op);
    double g[3][3];

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            g[i][j] = lattice[i][0] * lattice[j][0] + lattice[i][1] * lattice[j][1]
                    + lattice[i][2] * lattice[j][2];
    for (size_t s = 0; s < n; s++)
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                double image = 0.0;
                for (int k = 0; k < 3; k++)
                    for (int l = 0; l < 3; l++)
                        image += op[s].rotation[k][i] * g[k][l] * op[s].rotation[l][j];
                if (fabs(image - g[i][j]) > SHAPE * sqrt(g[i][i] * g[j][j]))
                    return false;
            }
    return true;
}

int dft_group_find(const dft_group_name *name, const double lattice[3][3], char *why, size_t size)
{
    int found = 0, n_named = 0;
    bool found_origin = false;

    for (int hall = 1; hall <= N_SETTINGS; hall++) {
        const SpglibSpacegroupType type = spg_get_spacegroup_type(hall);
        if (!is_meant(name, &type))
            continue;
        n_named++;
        if (!fits_cell(hall, lattice))
            continue;
        if (found && found_origin && is_origin_choice(&type) && !given(name->hall)) {
            snprintf(why, size, "it has two origin choices; write :1 or :2 behind the symbol, or list "
                     "the operations");
            return 0;
        }
        if (!found) {
            found = hall;
            found_origin = is_origin_choice(&type);
        }
    }
    if (!found && n_named)
        snprintf(why, size, "its operations do not keep the cell's shape; correct one of the two");
    else if (!found)
        snprintf(why, size, "it is not among the 230 groups and their usual settings; list the "
                 "operations");
    return found;
}

int dft_group_number(int hall_number)
{
    return spg_get_spacegroup_type(hall_number).number;
}

size_t dft_group_operations(int hall_number, dft_symop op[DFT_GROUP_MAX_OPS])
{
    int rotation[DFT_GROUP_MAX_OPS][3][3];
    double translation[DFT_GROUP_MAX_OPS][3];
    const int n = spg_get_symmetry_from_database(rotation, translation, hall_number);

    for (int s = 0; s < n; s++) {
        memcpy(op[s].rotation, rotation[s], sizeof op[s].rotation);
        memcpy(op[s].translation, translation[s], sizeof op[s].translation);
    }
    return (size_t)n;
}
