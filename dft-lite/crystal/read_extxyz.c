/* Extended XYZ, https://github.com/libAtoms/extxyz: count, comment with key=value, one line an
 * atom. */
#include "dft-lite/crystal/read_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define DEFAULT_PROPERTIES "species:S:1:pos:R:3"
#define MAX_COLUMNS 64

typedef struct {
    const dft_text *text;
    dft_error *err;
    size_t n_atoms;
    size_t n_columns;      /* of an atom's line */
    size_t species, pos;   /* their first columns, from 0 */
    double lattice[3][3];  /* bohr */
    int *z;                /* owned */
    double (*position)[3]; /* owned, fractional */
} extxyz;

static dft_status read_count(extxyz *self)
{
    const dft_text *text = self->text;
    dft_word word = { "", 0 };

    dft_text_words(text->line[0], &word, 1);
    if (!dft_word_count(word, &self->n_atoms) || self->n_atoms == 0)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:1: \"%.*s\": zero atoms; a crystal needs at least one", text->path,
                        dft_word_shown(word), word.begin);
    if (text->n_lines < 2 || self->n_atoms > text->n_lines - 2)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:1: %zu atoms are announced and only %zu lines follow "
                        "the comment",
                        text->path, self->n_atoms, text->n_lines < 2 ? 0 : text->n_lines - 2);
    for (size_t i = self->n_atoms + 2; i < text->n_lines; i++)
        if (dft_text_words(text->line[i], &word, 1))
            return dft_fail(self->err, DFT_EPARSE,
                            "%s:%zu: \"%.40s\" follows the %zu atoms; the file must"
                            " hold one structure, keep the frame you mean",
                            text->path, i + 1, text->line[i], self->n_atoms);
    return DFT_OK;
}

/* One key=value or bare key of the comment, from *p on; values may be "...", '...' or {...}.
 * Returns 0 at the end of the line. */
static int next_pair(const char **p, dft_word *key, dft_word *value)
{
    while (isspace((unsigned char)**p))
        ++*p;
    key->begin = *p;
    *p += strcspn(*p, "= \t");
    key->length = (size_t)(*p - key->begin);
    *value = (dft_word){ *p, 0 };
    if (**p != '=')
        return key->length > 0;
    ++*p;
    const char quote = **p == '{' ? '}' : **p;
    if (quote == '"' || quote == '\'' || quote == '}') {
        value->begin = ++*p;
        while (**p && **p != quote)
            ++*p;
        value->length = (size_t)(*p - value->begin);
        *p += **p != '\0';
    } else {
        value->begin = *p;
        *p += strcspn(*p, " \t");
        value->length = (size_t)(*p - value->begin);
    }
    return 1;
}

static int find_key(const char *comment, const char *name, dft_word *value)
{
    dft_word key;

    while (next_pair(&comment, &key, value))
        if (dft_word_is(key, name))
            return 1;
    return 0;
}

static dft_status read_lattice(extxyz *self)
{
    const char *comment = self->text->line[1];
    dft_word value, word[9];
    char numbers[512];

    if (!find_key(comment, "Lattice", &value))
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:2: \"%.60s\" has no Lattice=\"...\", so this is a "
                        "molecule (plain XYZ); write the cell as Lattice=\"a1x a1y a1z a2x ... "
                        "a3z\"",
                        self->text->path, comment);
    if (value.length >= sizeof numbers)
        value.length = sizeof numbers - 1;
    memcpy(numbers, value.begin, value.length);
    numbers[value.length] = '\0';
    const size_t n = dft_text_words(numbers, word, 9);
    if (n != 9)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:2: Lattice=\"%.80s\" holds %zu words; expected nine "
                        "numbers",
                        self->text->path, numbers, n);
    for (int i = 0; i < 9; i++) {
        double x;
        if (!dft_word_number(word[i], &x))
            return dft_fail(self->err, DFT_EPARSE,
                            "%s:2: \"%.*s\" in Lattice is not a finite number", self->text->path,
                            dft_word_shown(word[i]), word[i].begin);
        self->lattice[i / 3][i % 3] = x / DFT_BOHR_ANG;
    }
    return DFT_OK;
}

/* The next field of "name:type:count:name:type:count..." */
static dft_word next_field(const char **p, const char *end)
{
    const char *begin = *p;

    while (*p < end && **p != ':')
        ++*p;
    const dft_word field = { begin, (size_t)(*p - begin) };
    *p += *p < end;
    return field;
}

static dft_status read_properties(extxyz *self)
{
    dft_word value;
    int has_species = 0, has_pos = 0;

    if (!find_key(self->text->line[1], "Properties", &value))
        value = (dft_word){ DEFAULT_PROPERTIES, strlen(DEFAULT_PROPERTIES) };
    const char *p = value.begin, *end = p + value.length;
    while (p < end) {
        const dft_word name = next_field(&p, end), type = next_field(&p, end);
        const dft_word number = next_field(&p, end);
        size_t count;
        if (!dft_word_count(number, &count) || count == 0 || type.length != 1
            || self->n_columns + count > MAX_COLUMNS)
            return dft_fail(self->err, DFT_EPARSE,
                            "%s:2: property \"%.*s\" in Properties: expected "
                            "name:type:count, at most %d columns in all",
                            self->text->path, dft_word_shown(name), name.begin, MAX_COLUMNS);
        if (dft_word_is(name, "species") && count == 1) {
            has_species = 1;
            self->species = self->n_columns;
        } else if (dft_word_is(name, "pos") && count == 3) {
            has_pos = 1;
            self->pos = self->n_columns;
        }
        self->n_columns += count;
    }
    if (!has_species || !has_pos)
        return dft_fail(self->err, DFT_EPARSE, "%s:2: Properties=%.*s lacks %s", self->text->path,
                        dft_word_shown(value), value.begin,
                        has_species ? "pos:R:3" : "species:S:1");
    return DFT_OK;
}

static dft_status read_atom(extxyz *self, size_t a)
{
    const char *line = self->text->line[a + 2];
    dft_word word[MAX_COLUMNS];
    double x[3];
    const size_t n = dft_text_words(line, word, MAX_COLUMNS);

    if (n != self->n_columns)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: \"%.60s\" has %zu columns; Properties says %zu", self->text->path,
                        a + 3, line, n, self->n_columns);
    const dft_word symbol = word[self->species];
    self->z[a] = dft_word_element(symbol);
    if (self->z[a] == 0)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: unknown element \"%.*s\"; write symbols like Li "
                        "or Ag",
                        self->text->path, a + 3, dft_word_shown(symbol), symbol.begin);
    for (size_t c = 0; c < 3; c++) {
        const dft_word number = word[self->pos + c];
        if (!dft_word_number(number, &x[c]))
            return dft_fail(self->err, DFT_EPARSE,
                            "%s:%zu: coordinate \"%.*s\" is not a finite number", self->text->path,
                            a + 3, dft_word_shown(number), number.begin);
        x[c] /= DFT_BOHR_ANG;
    }
    dft_crystal_fractional((const double(*)[3])self->lattice, x, self->position[a]);
    return DFT_OK;
}

static dft_status read_atoms(extxyz *self)
{
    dft_status status = DFT_OK;

    self->z = dft_alloc_ints(self->n_atoms);
    self->position = dft_alloc(self->n_atoms, sizeof *self->position);
    if (!self->z || !self->position)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %zu atoms", self->text->path,
                        self->n_atoms);
    for (size_t a = 0; !status && a < self->n_atoms; a++)
        status = read_atom(self, a);
    return status;
}

dft_status dft_read_extxyz(const dft_text *text, dft_crystal **out, dft_error *err)
{
    extxyz self = { .text = text, .err = err };
    dft_status status = read_count(&self);

    *out = NULL;
    if (!status)
        status = read_lattice(&self);
    if (!status)
        status = read_properties(&self);
    if (!status)
        status = read_atoms(&self);
    if (!status)
        status = dft_text_crystal(text, (const double(*)[3])self.lattice, self.n_atoms, self.z,
                                  (const double(*)[3])self.position, out, err);
    free(self.z);
    free(self.position);
    return status;
}
