#include "descriptors/handling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"
#include "dft-lite/crystal/elements.h"

struct desc_handling {
    dft_csv *csv;                   /* owned */
    const char *price[DFT_MAX_Z + 1], *hazard[DFT_MAX_Z + 1];       /* borrowed from csv; NULL: no row */
    const char *source[DFT_MAX_Z + 1];                              /* the same; NULL: checked, or no row */
    double least[DFT_MAX_Z + 1];    /* lower end of the class; 0: none */
};

static dft_status take_row(desc_handling *h, size_t row, const size_t column[5], dft_error *err)
{
    const char *symbol = dft_csv_text(h->csv, row, column[0]);
    const char *price = dft_csv_text(h->csv, row, column[1]);
    const int z = dft_element_number(symbol);
    double low = 0.0, high = 0.0;
    char rest;

    if (!z || h->price[z])
        return dft_fail(err, DFT_EPARSE, "%s:%d: '%s' is no element, or given twice",
                        dft_csv_path(h->csv), dft_csv_line(h->csv, row), symbol);
    if (*price && (sscanf(price, "%lf-%lf%c", &low, &high, &rest) != 2 || !(0.0 < low && low < high)))
        return dft_fail(err, DFT_EPARSE, "%s:%d: price_class '%s' should read like 10-100",
                        dft_csv_path(h->csv), dft_csv_line(h->csv, row), price);
    const char *checked = dft_csv_text(h->csv, row, column[3]);
    if (strcmp(checked, "yes") != 0 && strcmp(checked, "no") != 0)
        return dft_fail(err, DFT_EPARSE, "%s:%d: checked '%s' should be yes or no",
                        dft_csv_path(h->csv), dft_csv_line(h->csv, row), checked);
    h->source[z] = checked[0] == 'n' ? dft_csv_text(h->csv, row, column[4]) : NULL;
    h->price[z] = price;
    h->least[z] = low;
    h->hazard[z] = dft_csv_text(h->csv, row, column[2]);
    return DFT_OK;
}

dft_status desc_handling_read(const char *directory, desc_handling **out, dft_error *err)
{
    static const char *const names[] = { "element", "price_class", "hazard", "checked", "source" };
    char *path = dft_path_join(directory, "handling.csv");
    desc_handling *h = dft_alloc(1, sizeof *h);
    size_t column[5];
    dft_status status = DFT_OK;

    *out = NULL;
    if (!path || !h)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the handling data of %s", directory);
    if (status == DFT_OK)
        status = dft_csv_read(path, &h->csv, err);
    for (size_t i = 0; i < 5 && status == DFT_OK; i++)
        status = dft_csv_column(h->csv, names[i], &column[i], err);
    for (size_t r = 0; status == DFT_OK && r < dft_csv_n_rows(h->csv); r++)
        status = take_row(h, r, column, err);
    free(path);
    if (status == DFT_OK)
        *out = h;
    else
        desc_handling_free(h);
    return status;
}

void desc_handling_free(desc_handling *handling)
{
    if (!handling)
        return;
    dft_csv_free(handling->csv);
    free(handling);
}

const char *desc_handling_price(const desc_handling *handling, const desc_formula *formula)
{
    int dearest = 0;

    for (size_t i = 0; i < formula->n; i++) {
        const int z = formula->z[i];
        /* Li is there in any case; N, O, F come from the air and from salts. */
        if (z == 3 || (z >= 7 && z <= 9))
            continue;
        if (!handling->price[z] || !*handling->price[z])
            return "";
        if (!dearest || handling->least[z] > handling->least[dearest])
            dearest = z;
    }
    return dearest ? handling->price[dearest] : "";
}

void desc_handling_hazards(const desc_handling *handling, const desc_formula *formula, char *buffer,
                           size_t size)
{
    size_t n = 0;

    buffer[0] = '\0';
    for (size_t i = 0; i < formula->n && n < size; i++) {
        const char *hazard = handling->hazard[formula->z[i]];
        if (hazard && *hazard)
            n += (size_t)snprintf(buffer + n, size - n, "%s%s: %s", n ? "; " : "",
                                  dft_element_symbol(formula->z[i]), hazard);
    }
}

void desc_handling_origin(const desc_handling *handling, const desc_formula *formula, char *buffer,
                          size_t size)
{
    size_t n = 0;

    buffer[0] = '\0';
    for (size_t i = 0; i < formula->n && n < size; i++) {
        const char *source = handling->source[formula->z[i]];
        if (source)
            n += (size_t)snprintf(buffer + n, size - n, "%s%s: %s", n ? "; " : "unverified; ",
                                  dft_element_symbol(formula->z[i]), source);
    }
}
