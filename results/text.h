/*
 * results/text.h - a text that grows while it is written.
 *
 * Failure to get memory is remembered in `failed` and makes later additions do nothing, so that a
 * writer checks once, at its end.  Numbers are printed in the C locale, which the programs never
 * leave.
 */
#ifndef RES_TEXT_H
#define RES_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *data;                     /* owned; zero-terminated, NULL while empty */
    size_t length;
    size_t capacity;
    bool failed;
} res_text;

void res_text_clear(res_text *text);                    /* releases; { 0 } starts a new one */
void res_text_add(res_text *text, const char *words);
void res_text_add_bytes(res_text *text, const char *bytes, size_t n);
void res_text_addf(res_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One CSV field: results/ranking.h says how text is made safe.  NULL and NaN are empty fields. */
void res_text_add_csv(res_text *text, const char *field);
void res_text_add_csv_number(res_text *text, double value, int decimals);

#endif
