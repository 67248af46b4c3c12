#include "dft-lite/crystal/read_cifops.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define SAME_ATOM_ANG 0.1 /* far above rounding of coordinates, far below any bond */

/* A number "1", "0.5" or "1/2" at *p. */
static int parse_fraction(const char **p, double *value)
{
    char *end;

    *value = strtod(*p, &end);
    if (end == *p)
        return 0;
    *p = end;
    if (**p != '/')
        return 1;
    const double below = strtod(++*p, &end);
    if (end == *p || below == 0.0)
        return 0;
    *p = end;
    *value /= below;
    return 1;
}

/* One component, "-x+y+1/2", ending at a comma or at the end; adds to row and shift. */
static int parse_component(const char **p, int row[3], double *shift)
{
    int n_terms = 0;

    for (; **p && **p != ','; n_terms++) {
        double sign = 1.0, value = 1.0;
        if (**p == '+' || **p == '-')
            sign = *(*p)++ == '-' ? -1.0 : 1.0;
        else if (n_terms)
            return 0;
        const int has_number = isdigit((unsigned char)**p) || **p == '.';
        if (has_number && !parse_fraction(p, &value))
            return 0;
        if (**p == '*')
            ++*p;
        const int axis = tolower((unsigned char)**p) - 'x';
        if (axis >= 0 && axis < 3) {
            if (value != floor(value) || fabs(value) > 9.0)
                return 0;
            row[axis] += (int)(sign * value);
            ++*p;
        } else if (has_number) {
            *shift += sign * value;
        } else {
            return 0;
        }
    }
    return n_terms > 0;
}

static int determinant(const int w[3][3])
{
    return w[0][0] * (w[1][1] * w[2][2] - w[1][2] * w[2][1])
           - w[0][1] * (w[1][0] * w[2][2] - w[1][2] * w[2][0])
           + w[0][2] * (w[1][0] * w[2][1] - w[1][1] * w[2][0]);
}

static int parse_operation(dft_word word, dft_symop *op)
{
    char compact[96];
    size_t n = 0;

    for (size_t i = 0; i < word.length; i++) {
        if (n + 1 == sizeof compact)
            return 0;
        if (!isspace((unsigned char)word.begin[i]))
            compact[n++] = word.begin[i];
    }
    compact[n] = '\0';
    *op = (dft_symop){ 0 };
    const char *p = compact;
    for (int i = 0; i < 3; i++) {
        if (!parse_component(&p, op->rotation[i], &op->translation[i])
            || *p != (i < 2 ? ',' : '\0'))
            return 0;
        p++;
        op->translation[i] -= floor(op->translation[i]);
    }
    return abs(determinant((const int(*)[3])op->rotation)) == 1;
}

/* Without operations only P 1 can be expanded: the tables of the other groups are not ours to
 * guess, since a name leaves setting and origin open. */
static dft_status check_is_p1(const dft_cif *cif, dft_error *err)
{
    static const char *const names[] = {
        "_space_group_IT_number",    "_symmetry_Int_Tables_number",
        "_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M",
        "_space_group_name_Hall",    "_symmetry_space_group_name_Hall",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dft_cif_column column;
        const dft_status status = dft_cif_find(cif, names[i], &column, err);
        const dft_cif_token *token = dft_cif_row(&column, 0);
        if (status)
            return status;
        if (dft_cif_is_missing(token) || dft_word_is(token->word, "1")
            || dft_word_is(token->word, "P1") || dft_word_is(token->word, "P 1"))
            continue;
        return dft_fail(err, DFT_EPARSE,
                        "%s:%zu: space group \"%.*s\" is named but its operations are "
                        "not listed; add the loop _space_group_symop_operation_xyz, or write the "
                        "file in"
                        " P 1",
                        cif->text->path, token->line, dft_word_shown(token->word),
                        token->word.begin);
    }
    return DFT_OK;
}

static dft_status find_operations(const dft_cif *cif, dft_cif_column *column, dft_error *err)
{
    static const char *const names[] = { "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_"
                                                                             "as_xyz" };
    dft_status status = DFT_OK;

    *column = (dft_cif_column){ 0 };
    for (size_t i = 0; !status && !column->first && i < 2; i++)
        status = dft_cif_find(cif, names[i], column, err);
    if (!status && dft_cif_is_missing(column->first)) {
        *column = (dft_cif_column){ 0 };
        status = check_is_p1(cif, err);
    }
    return status;
}

dft_status dft_cif_operations(const dft_cif *cif, size_t *n_ops, dft_symop **op, dft_error *err)
{
    static const dft_symop identity = { .rotation = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } };
    dft_cif_column column;
    const dft_status status = find_operations(cif, &column, err);

    *op = NULL;
    if (status)
        return status;
    *n_ops = column.first ? column.n_rows : 1;
    *op = dft_alloc(*n_ops, sizeof **op);
    if (!*op)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu operations", cif->text->path,
                        *n_ops);
    (*op)[0] = identity;
    for (size_t i = 0; column.first && i < *n_ops; i++) {
        const dft_cif_token *token = dft_cif_row(&column, i);
        if (parse_operation(token->word, &(*op)[i]))
            continue;
        free(*op);
        *op = NULL;
        return dft_fail(err, DFT_EPARSE,
                        "%s:%zu: symmetry operation \"%.*s\": expected something like "
                        "-x,y+1/2,z",
                        cif->text->path, token->line, dft_word_shown(token->word),
                        token->word.begin);
    }
    return DFT_OK;
}

/* The offset from `from` to the nearest image of `to`; 1 when shorter than SAME_ATOM_ANG.  Rounding
 * each fraction finds the nearest image whenever the two are that close. */
static int is_same_atom(const double lattice[3][3], const double from[3], const double to[3],
                        double offset[3])
{
    double cart[3];

    for (int c = 0; c < 3; c++) {
        offset[c] = to[c] - from[c];
        offset[c] -= round(offset[c]);
    }
    dft_crystal_cartesian(lattice, offset, cart);
    return sqrt(cart[0] * cart[0] + cart[1] * cart[1] + cart[2] * cart[2])
           < SAME_ATOM_ANG / DFT_BOHR_ANG;
}

static double wrapped(double x)
{
    x -= floor(x);
    return x >= 1.0 ? 0.0 : x; /* -1e-17 - floor is 1 */
}

static void apply(const dft_symop *op, const double site[3], double image[3])
{
    for (int i = 0; i < 3; i++)
        image[i] = op->translation[i] + op->rotation[i][0] * site[0] + op->rotation[i][1] * site[1]
                   + op->rotation[i][2] * site[2];
}

size_t dft_cif_images(const double lattice[3][3], size_t n_ops, const dft_symop *op,
                      const double site[3], double (*image)[3])
{
    size_t n = 0;

    for (size_t i = 0; i < n_ops; i++) {
        double first[3], other[3], offset[3], sum[3] = { 0.0, 0.0, 0.0 };
        size_t n_same = 0, known = 0;
        apply(&op[i], site, first);
        for (size_t j = 0; j < n_ops; j++) {
            apply(&op[j], site, other);
            if (!is_same_atom(lattice, first, other, offset))
                continue;
            n_same++;
            for (int c = 0; c < 3; c++)
                sum[c] += offset[c];
        }
        for (int c = 0; c < 3; c++)
            first[c] = wrapped(first[c] + sum[c] / (double)n_same);
        while (known < n && !is_same_atom(lattice, image[known], first, offset))
            known++;
        if (known == n)
            memcpy(image[n++], first, sizeof first);
    }
    return n;
}
