#include "dft-lite/crystal/read_text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define MAX_BYTES ((size_t)64 << 20)
#define FIRST_BYTES ((size_t)1 << 14)
#define LONGEST_VECTOR_ANG 1e4
#define FARTHEST_CELL 1e4

static dft_status read_bytes(FILE *file, const char *path, char **data, size_t *length,
                             dft_error *err)
{
    size_t capacity = FIRST_BYTES;

    *length = 0;
    *data = dft_alloc(capacity + 1, 1);
    while (*data) {
        *length += fread(*data + *length, 1, capacity - *length, file);
        if (ferror(file))
            return dft_fail(err, DFT_ENOFILE, "%s: cannot be read (%s)", path, strerror(errno));
        if (*length < capacity)
            return DFT_OK;
        if (capacity >= MAX_BYTES)
            return dft_fail(err, DFT_EPARSE, "%s: larger than %zu MiB, not a crystal structure",
                            path, MAX_BYTES >> 20);
        char *larger = dft_alloc(2 * capacity + 1, 1);
        if (larger)
            memcpy(larger, *data, *length);
        free(*data);
        *data = larger;
        capacity *= 2;
    }
    return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu bytes", path, capacity);
}

static dft_status split_lines(dft_text *text, size_t length, dft_error *err)
{
    size_t n = 1;

    for (size_t i = 0; i < length; i++)
        n += text->data[i] == '\n';
    text->line = dft_alloc(n, sizeof *text->line);
    if (!text->line)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu lines", text->path, n);
    for (char *p = text->data, *end = p + length; p < end;) {
        char *newline = memchr(p, '\n', (size_t)(end - p));
        char *stop = newline ? newline : end;
        *stop = '\0';
        if (stop > p && stop[-1] == '\r')
            stop[-1] = '\0';
        text->line[text->n_lines++] = p;
        p = stop + 1;
    }
    return DFT_OK;
}

dft_status dft_text_read(const char *path, dft_text *out, dft_error *err)
{
    FILE *file = fopen(path, "rb");
    size_t length = 0;

    *out = (dft_text){ .path = path };
    if (!file)
        return dft_fail(err, DFT_ENOFILE, "%s: cannot be opened (%s)", path, strerror(errno));
    dft_status status = read_bytes(file, path, &out->data, &length, err);
    fclose(file);
    if (!status && length == 0)
        status = dft_fail(err, DFT_EPARSE,
                          "%s: the file is empty; give a POSCAR, CIF or extxyz file", path);
    if (!status && memchr(out->data, '\0', length))
        status = dft_fail(err, DFT_EPARSE,
                          "%s: holds binary data; give a POSCAR, CIF or extxyz file", path);
    if (!status)
        status = split_lines(out, length, err);
    return status;
}

void dft_text_clear(dft_text *text)
{
    free(text->line);
    free(text->data);
    *text = (dft_text){ 0 };
}

dft_status dft_text_fail(const dft_text *text, size_t line, const char *at, dft_error *err,
                         const char *format, ...)
{
    char sentence[448];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    for (char *p = sentence; *p; p++) /* what a file holds must not steer a terminal */
        if (iscntrl((unsigned char)*p))
            *p = '?';
    return dft_fail(err, DFT_EPARSE, "%s:%zu:%td: %s", text->path, line,
                    at ? at - text->line[line - 1] + 1 : 1, sentence);
}

dft_status dft_text_check_vector(const dft_text *text, size_t line, const char *at,
                                 const double vector_ang[3], dft_error *err)
{
    for (int c = 0; c < 3; c++)
        if (!(fabs(vector_ang[c]) <= LONGEST_VECTOR_ANG))
            return dft_text_fail(text, line, at, err, "a cell vector of %g A; no cell is longer than "
                                 "%g A: correct the lattice or its scale", vector_ang[c],
                                 LONGEST_VECTOR_ANG);
    return DFT_OK;
}

/* The volume against that of a box of the same edges, as dft_crystal_create asks; it must be known
 * before Cartesian coordinates become fractions. */
dft_status dft_text_check_cell(const dft_text *text, size_t line, const double lattice[3][3],
                               dft_error *err)
{
    const double(*a)[3] = lattice;
    const double volume = a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
                        + a[0][1] * (a[1][2] * a[2][0] - a[1][0] * a[2][2])
                        + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    double edges = 1.0;

    for (int i = 0; i < 3; i++)
        edges *= sqrt(a[i][0] * a[i][0] + a[i][1] * a[i][1] + a[i][2] * a[i][2]);
    if (fabs(volume) > 1e-6 * edges)
        return DFT_OK;
    return dft_fail(err, DFT_EINPUT,
                    "%s:%zu:1: the lattice vectors span no volume; give three independent ones",
                    text->path, line);
}

dft_status dft_text_check_position(const dft_text *text, size_t line, const char *at,
                                   const double frac[3], dft_error *err)
{
    for (int c = 0; c < 3; c++)
        if (!(fabs(frac[c]) <= FARTHEST_CELL))
            return dft_text_fail(text, line, at, err, "the atom lies %g cells away, so far that its "
                                 "place in the cell is lost; give coordinates within the cell",
                                 frac[c]);
    return DFT_OK;
}

dft_status dft_text_check_count(const dft_text *text, size_t line, const char *at, size_t n_atoms,
                                dft_error *err)
{
    if (n_atoms <= DFT_READ_MAX_ATOMS)
        return DFT_OK;
    return dft_text_fail(text, line, at, err, "%zu atoms; give a cell of at most %d", n_atoms,
                         DFT_READ_MAX_ATOMS);
}

size_t dft_text_words(const char *line, dft_word *word, size_t max)
{
    size_t n = 0;

    for (const char *p = line;;) {
        while (isspace((unsigned char)*p))
            p++;
        if (!*p)
            return n;
        const char *begin = p;
        while (*p && !isspace((unsigned char)*p))
            p++;
        if (n < max)
            word[n] = (dft_word){ begin, (size_t)(p - begin) };
        n++;
    }
}

int dft_word_shown(dft_word word)
{
    return word.length < 40 ? (int)word.length : 40;
}

int dft_word_is(dft_word word, const char *text)
{
    return word.length == strlen(text) && strncasecmp(word.begin, text, word.length) == 0;
}

int dft_word_number(dft_word word, double *value)
{
    char digits[64], *end;

    if (word.length == 0 || word.length >= sizeof digits)
        return 0;
    for (size_t i = 0; i < word.length; i++) /* neither hexadecimal nor words like nan */
        if (!word.begin[i] || !strchr("0123456789+-.eE", word.begin[i]))
            return 0;
    memcpy(digits, word.begin, word.length);
    digits[word.length] = '\0';
    *value = strtod(digits, &end);
    return !*end && isfinite(*value);
}

int dft_word_count(dft_word word, size_t *value)
{
    if (word.length == 0 || word.length > 9)
        return 0;
    *value = 0;
    for (size_t i = 0; i < word.length; i++) {
        if (!isdigit((unsigned char)word.begin[i]))
            return 0;
        *value = 10 * *value + (size_t)(word.begin[i] - '0');
    }
    return 1;
}

int dft_word_element(dft_word word)
{
    char symbol[4] = "";

    if (word.length >= sizeof symbol)
        return 0;
    memcpy(symbol, word.begin, word.length);
    return dft_element_number(symbol);
}

dft_status dft_text_crystal(const dft_text *text, const double lattice[3][3], size_t n_atoms,
                            const int *z, const double (*position)[3], dft_crystal **out,
                            dft_error *err)
{
    dft_error why = { 0 };
    const dft_status status = dft_crystal_create(lattice, n_atoms, z, position, out, &why);

    if (status)
        return dft_fail(err, status, "%s: %s", text->path, why.message);
    return DFT_OK;
}
