#include "results/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

void res_text_clear(res_text *text)
{
    free(text->data);
    *text = (res_text){ 0 };
}

/* Room for n more bytes and the final zero. */
static bool text_reserve(res_text *text, size_t n)
{
    if (text->failed)
        return false;
    if (text->data && n < text->capacity - text->length)
        return true;
    const size_t capacity = 2 * (text->length + n) + 256;
    char *data = dft_alloc(capacity, 1);
    if (!data) {
        text->failed = true;
        return false;
    }
    if (text->data)
        memcpy(data, text->data, text->length);
    free(text->data);
    text->data = data;
    text->capacity = capacity;
    return true;
}

void res_text_add_bytes(res_text *text, const char *bytes, size_t n)
{
    if (!text_reserve(text, n))
        return;
    memcpy(text->data + text->length, bytes, n);
    text->length += n;
    text->data[text->length] = '\0';
}

void res_text_add(res_text *text, const char *words)
{
    res_text_add_bytes(text, words, strlen(words));
}

void res_text_addf(res_text *text, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) {
        text->failed = true;
    } else if (text_reserve(text, (size_t)n)) {
        vsnprintf(text->data + text->length, (size_t)n + 1, format, again);
        text->length += (size_t)n;
    }
    va_end(again);
}

void res_text_add_csv(res_text *text, const char *field)
{
    if (!field || !*field)
        return;
    const bool formula = strchr("=+-@\t\r", field[0]) != NULL;
    const bool quoted = strpbrk(field, ",\"") != NULL || field[0] == ' '
                        || field[strlen(field) - 1] == ' ';

    if (quoted)
        res_text_add(text, "\"");
    if (formula)
        res_text_add(text, "'");
    for (const char *c = field; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte == '"')
            res_text_add(text, "\"\"");
        else if (byte < 32 || byte == 127)
            res_text_add(text, " ");
        else
            res_text_add_bytes(text, c, 1);
    }
    if (quoted)
        res_text_add(text, "\"");
}

void res_text_add_csv_number(res_text *text, double value, int decimals)
{
    if (!isfinite(value))
        return;
    const double half_a_digit = 0.5 * pow(10.0, -decimals);
    /* -0.0000001 would print as "-0.000000": zero has one spelling. */
    res_text_addf(text, "%.*f", decimals, fabs(value) < half_a_digit ? 0.0 : value);
}
