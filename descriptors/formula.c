#include "descriptors/formula.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/crystal/elements.h"

#define MAX_NESTING 8

typedef struct {
    const char *text, *at;
    dft_error *err;
} formula_reader;

static dft_status formula_fault(const formula_reader *r, const char *what)
{
    return dft_fail(r->err, DFT_EINPUT, "formula \"%.60s\", at \"%.12s\": %s; write symbols and "
                    "counts, like Ti2C(OH)2", r->text, r->at, what);
}

static int formula_digit(char c) { return isdigit((unsigned char)c) || c == '.'; }

/* A decimal count; 1 when none stands there. */
static dft_status formula_count(formula_reader *r, double *count)
{
    char digits[24] = "";
    size_t n = 0;
    char *end;

    *count = 1.0;
    if (!formula_digit(*r->at))
        return DFT_OK;
    while (formula_digit(r->at[n]) && n + 1 < sizeof digits)
        n++;
    memcpy(digits, r->at, n);
    *count = strtod(digits, &end);
    if (*end || !(*count > 0.0) || formula_digit(r->at[n]))
        return formula_fault(r, "a count above 0 is needed");
    r->at += n;
    return DFT_OK;
}

static dft_status formula_element(formula_reader *r, int *z)
{
    char symbol[3] = "";
    const size_t length = islower((unsigned char)r->at[1]) ? 2 : 1;

    memcpy(symbol, r->at, length);
    *z = dft_element_number(symbol);
    if (*z == 0)
        return formula_fault(r, "this is no element");
    r->at += length;
    return DFT_OK;
}

static dft_status formula_add(formula_reader *r, desc_formula *out, int z, double count)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->z[i] == z) {
            out->count[i] += count;
            return DFT_OK;
        }
    if (out->n == DESC_FORMULA_MAX)
        return formula_fault(r, "too many different elements");
    out->z[out->n] = z;
    out->count[out->n++] = count;
    return DFT_OK;
}

static dft_status formula_group(formula_reader *r, int depth, desc_formula *out);

/* An element or a parenthesis, with its count. */
static dft_status formula_piece(formula_reader *r, int depth, desc_formula *out)
{
    desc_formula piece = { .n = 0 };
    double times;
    dft_status status;

    if (*r->at == '(') {
        r->at++;
        status = depth < MAX_NESTING ? formula_group(r, depth + 1, &piece)
                                     : formula_fault(r, "the parentheses nest too deeply");
        if (status == DFT_OK && *r->at != ')')
            status = formula_fault(r, "a ) is missing");
        if (status == DFT_OK)
            r->at++;
    } else {
        piece = (desc_formula){ .n = 1, .count = { 1.0 } };
        status = formula_element(r, &piece.z[0]);
    }
    if (status == DFT_OK)
        status = formula_count(r, &times);
    for (size_t i = 0; i < piece.n && status == DFT_OK; i++)
        status = formula_add(r, out, piece.z[i], times * piece.count[i]);
    return status;
}

static dft_status formula_group(formula_reader *r, int depth, desc_formula *out)
{
    dft_status status = DFT_OK;

    if (*r->at == '\0' || *r->at == ')')
        return formula_fault(r, "an element is missing");
    while (status == DFT_OK && *r->at != '\0' && *r->at != ')')
        status = formula_piece(r, depth, out);
    return status;
}

dft_status desc_formula_parse(const char *text, desc_formula *out, dft_error *err)
{
    formula_reader r = { text, text, err };
    dft_status status;

    *out = (desc_formula){ .n = 0 };
    status = formula_group(&r, 0, out);
    if (status == DFT_OK && *r.at != '\0')
        status = formula_fault(&r, "this ) closes nothing");
    return status;
}

double desc_formula_count(const desc_formula *formula, int z)
{
    for (size_t i = 0; i < formula->n; i++)
        if (formula->z[i] == z)
            return formula->count[i];
    return 0.0;
}

double desc_formula_atoms(const desc_formula *formula)
{
    double sum = 0.0;

    for (size_t i = 0; i < formula->n; i++)
        sum += formula->count[i];
    return sum;
}

double desc_formula_mass_u(const desc_formula *formula)
{
    double sum = 0.0;

    for (size_t i = 0; i < formula->n; i++)
        sum += formula->count[i] * dft_element_mass_u(formula->z[i]);
    return sum;
}

int desc_formula_within(const desc_formula *formula, const int *z, size_t n_z)
{
    for (size_t i = 0; i < formula->n; i++) {
        size_t k = 0;
        while (k < n_z && z[k] != formula->z[i])
            k++;
        if (k == n_z)
            return 0;
    }
    return 1;
}

int desc_formula_same(const desc_formula *a, const desc_formula *b)
{
    const double atoms_a = desc_formula_atoms(a), atoms_b = desc_formula_atoms(b);

    if (a->n != b->n)
        return 0;
    for (size_t i = 0; i < a->n; i++)
        if (fabs(a->count[i] / atoms_a - desc_formula_count(b, a->z[i]) / atoms_b) > 1e-12)
            return 0;
    return 1;
}
