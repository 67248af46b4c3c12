#include "dft-lite/crystal/read_cifops.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/groups.h"

#define MOST_OPS 384 /* twice the 192 of the largest groups: non-standard centrings */
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
        if (!(fabs(op->translation[i]) < 100.0))
            return 0;
        op->translation[i] -= floor(op->translation[i]);
    }
    return abs(determinant((const int(*)[3])op->rotation)) == 1;
}

/* A group's name, [size]; "" when the file does not give it. */
static dft_status find_text(const dft_cif *cif, const char *const *names, size_t n_names, char *out,
                            size_t size, const dft_cif_token **where, dft_error *err)
{
    out[0] = '\0';
    for (size_t i = 0; i < n_names; i++) {
        dft_cif_column column;
        const dft_status status = dft_cif_find(cif, names[i], &column, err);
        const dft_cif_token *token = dft_cif_row(&column, 0);
        if (status)
            return status;
        if (out[0] || dft_cif_is_missing(token))
            continue;
        snprintf(out, size, "%.*s", (int)(token->word.length < size ? token->word.length : size - 1),
                 token->word.begin);
        *where = token;
    }
    return DFT_OK;
}

/* The setting that the file names; 0 when it names none, which is P 1. */
static dft_status find_group(const dft_cif *cif, const double lattice[3][3], int *hall_number,
                             dft_error *err)
{
    static const char *const hermann_mauguin[] = { "_space_group_name_H-M_alt",
                                                   "_symmetry_space_group_name_H-M" };
    static const char *const hall[] = { "_space_group_name_Hall",
                                        "_symmetry_space_group_name_Hall" };
    static const char *const number[] = { "_space_group_IT_number", "_symmetry_Int_Tables_number" };
    char hm_text[64], hall_text[64], number_text[8], why[160];
    const dft_cif_token *where = NULL;
    dft_status status = find_text(cif, number, 2, number_text, sizeof number_text, &where, err);

    if (!status)
        status = find_text(cif, hall, 2, hall_text, sizeof hall_text, &where, err);
    if (!status)
        status = find_text(cif, hermann_mauguin, 2, hm_text, sizeof hm_text, &where, err);
    *hall_number = 0;
    if (status || !where)
        return status;
    const dft_group_name name = { hm_text, hall_text, atoi(number_text) };
    *hall_number = dft_group_find(&name, lattice, why, sizeof why);
    if (*hall_number)
        return DFT_OK;
    return dft_text_fail(cif->text, where->line, where->word.begin, err,
                         "space group \"%.*s\" is named but its operations are not listed, and %s",
                         dft_word_shown(where->word), where->word.begin, why);
}

static dft_status find_operations(const dft_cif *cif, dft_cif_column *column, dft_error *err)
{
    static const char *const names[] = { "_space_group_symop_operation_xyz",
                                         "_symmetry_equiv_pos_as_xyz" };
    dft_status status = DFT_OK;

    *column = (dft_cif_column){ 0 };
    for (size_t i = 0; !status && !column->first && i < 2; i++)
        status = dft_cif_find(cif, names[i], column, err);
    if (!status && dft_cif_is_missing(column->first))
        *column = (dft_cif_column){ 0 };
    return status;
}

static dft_status parse_operations(const dft_cif *cif, const dft_cif_column *column, dft_symop *op,
                                   dft_error *err)
{
    for (size_t i = 0; i < column->n_rows; i++) {
        const dft_cif_token *token = dft_cif_row(column, i);
        if (!parse_operation(token->word, &op[i]))
            return dft_text_fail(cif->text, token->line, token->word.begin, err,
                                 "symmetry operation \"%.*s\": expected something like -x,y+1/2,z",
                                 dft_word_shown(token->word), token->word.begin);
    }
    return DFT_OK;
}

dft_status dft_cif_operations(const dft_cif *cif, const double lattice[3][3], size_t *n_ops,
                              dft_symop **op, dft_error *err)
{
    dft_cif_column column;
    int hall_number = 0;
    dft_status status = find_operations(cif, &column, err);

    *op = NULL;
    if (!status && !column.first)
        status = find_group(cif, lattice, &hall_number, err);
    if (!status && column.n_rows > MOST_OPS)
        status = dft_text_fail(cif->text, column.name_line, NULL, err,
                               "%zu symmetry operations; no setting has more than %d",
                               column.n_rows, MOST_OPS);
    if (status)
        return status;
    *op = dft_alloc(MOST_OPS, sizeof **op);
    if (!*op)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for its operations", cif->text->path);
    *n_ops = column.n_rows;
    if (column.first)
        status = parse_operations(cif, &column, *op, err);
    else
        *n_ops = dft_group_operations(hall_number ? hall_number : 1, *op);
    if (status) {
        free(*op);
        *op = NULL;
    }
    return status;
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
