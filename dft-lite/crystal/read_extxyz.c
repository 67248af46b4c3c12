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
    size_t mask, n_mask;   /* move_mask: first column and number of columns, 0 when it is not there */
    double lattice[3][3];  /* bohr */
    int *z;                /* owned */
    double (*position)[3]; /* owned, fractional */
    unsigned char (*fixed)[3]; /* owned */
} extxyz;

static dft_status read_count(extxyz *self)
{
    const dft_text *text = self->text;
    dft_word word = { "", 0 };

    dft_text_words(text->line[0], &word, 1);
    if (!dft_word_count(word, &self->n_atoms) || self->n_atoms == 0)
        return dft_text_fail(text, 1, word.begin, self->err,
                             "\"%.*s\": zero atoms; a crystal needs at least one",
                             dft_word_shown(word), word.begin);
    if (text->n_lines < 2 || self->n_atoms > text->n_lines - 2)
        return dft_text_fail(text, 1, word.begin, self->err,
                             "%zu atoms are announced and only %zu lines follow the comment",
                             self->n_atoms, text->n_lines < 2 ? 0 : text->n_lines - 2);
    for (size_t i = self->n_atoms + 2; i < text->n_lines; i++)
        if (dft_text_words(text->line[i], &word, 1))
            return dft_text_fail(text, i + 1, word.begin, self->err,
                                 "\"%.40s\" follows the %zu atoms; the file must hold one structure, "
                                 "keep the frame you mean",
                                 text->line[i], self->n_atoms);
    return dft_text_check_count(text, 1, NULL, self->n_atoms, self->err);
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

/* The words of a value, which ends before the line does. */
static size_t words_of(dft_word value, dft_word *word, size_t max)
{
    const char *end = value.begin + value.length;
    size_t n = 0;

    for (const char *p = value.begin; p < end;) {
        const char *begin = p;
        while (p < end && !isspace((unsigned char)*p))
            p++;
        if (p > begin && n < max)
            word[n] = (dft_word){ begin, (size_t)(p - begin) };
        n += p > begin;
        while (p < end && isspace((unsigned char)*p))
            p++;
    }
    return n;
}

static dft_status read_lattice(extxyz *self)
{
    const char *comment = self->text->line[1];
    dft_word value, word[9];
    double vector[3];

    if (!find_key(comment, "Lattice", &value))
        return dft_text_fail(self->text, 2, NULL, self->err,
                             "\"%.60s\" has no Lattice=\"...\", so this is a molecule (plain XYZ); "
                             "write the cell as Lattice=\"a1x a1y a1z a2x ... a3z\"",
                             comment);
    const size_t n = words_of(value, word, 9);
    if (n != 9)
        return dft_text_fail(self->text, 2, value.begin, self->err,
                             "Lattice=\"%.*s\" holds %zu words; expected nine numbers",
                             value.length < 80 ? (int)value.length : 80, value.begin, n);
    for (int i = 0; i < 9; i++) {
        if (!dft_word_number(word[i], &vector[i % 3]))
            return dft_text_fail(self->text, 2, word[i].begin, self->err,
                                 "\"%.*s\" in Lattice is not a finite number",
                                 dft_word_shown(word[i]), word[i].begin);
        self->lattice[i / 3][i % 3] = vector[i % 3] / DFT_BOHR_ANG;
        if (i % 3 == 2 && dft_text_check_vector(self->text, 2, word[i].begin, vector, self->err))
            return DFT_EPARSE;
    }
    return dft_text_check_cell(self->text, 2, (const double(*)[3])self->lattice, self->err);
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

    const int has_key = find_key(self->text->line[1], "Properties", &value);
    if (!has_key)
        value = (dft_word){ DEFAULT_PROPERTIES, strlen(DEFAULT_PROPERTIES) };
    const char *p = value.begin, *end = p + value.length;
    while (p < end) {
        const dft_word name = next_field(&p, end), type = next_field(&p, end);
        const dft_word number = next_field(&p, end);
        size_t count;
        if (!dft_word_count(number, &count) || count == 0 || type.length != 1
            || self->n_columns + count > MAX_COLUMNS)
            return dft_text_fail(self->text, 2, has_key ? name.begin : NULL, self->err,
                                 "property \"%.*s\" in Properties: expected name:type:count, at most"
                                 " %d columns in all",
                                 dft_word_shown(name), name.begin, MAX_COLUMNS);
        if (dft_word_is(name, "species") && count == 1) {
            has_species = 1;
            self->species = self->n_columns;
        } else if (dft_word_is(name, "pos") && count == 3) {
            has_pos = 1;
            self->pos = self->n_columns;
        } else if (dft_word_is(name, "move_mask") && (count == 1 || count == 3)) {
            self->mask = self->n_columns;
            self->n_mask = count;
        }
        self->n_columns += count;
    }
    if (!has_species || !has_pos)
        return dft_text_fail(self->text, 2, has_key ? value.begin : NULL, self->err,
                             "Properties=%.*s lacks %s", dft_word_shown(value), value.begin,
                             has_species ? "pos:R:3" : "species:S:1");
    return DFT_OK;
}

/* ASE's move_mask: T or 1 for what may move. */
static dft_status read_mask(const extxyz *self, size_t a, const dft_word *word)
{
    for (size_t c = 0; c < 3 && self->n_mask; c++) {
        const dft_word flag = word[self->mask + (self->n_mask == 3 ? c : 0)];
        const int is_free = dft_word_is(flag, "T") || dft_word_is(flag, "True")
                          || dft_word_is(flag, "1");
        if (!is_free && !dft_word_is(flag, "F") && !dft_word_is(flag, "False")
            && !dft_word_is(flag, "0"))
            return dft_text_fail(self->text, a + 3, flag.begin, self->err,
                                 "move_mask \"%.*s\": expected T or F", dft_word_shown(flag),
                                 flag.begin);
        self->fixed[a][c] = !is_free;
    }
    return DFT_OK;
}

static dft_status read_atom(extxyz *self, size_t a)
{
    const char *line = self->text->line[a + 2];
    dft_word word[MAX_COLUMNS];
    double x[3];
    const size_t n = dft_text_words(line, word, MAX_COLUMNS);

    if (n != self->n_columns)
        return dft_text_fail(self->text, a + 3, line + strlen(line), self->err,
                             "\"%.60s\" has %zu columns; Properties says %zu", line, n,
                             self->n_columns);
    const dft_word symbol = word[self->species];
    self->z[a] = dft_word_element(symbol);
    if (self->z[a] == 0)
        return dft_text_fail(self->text, a + 3, symbol.begin, self->err,
                             "unknown element \"%.*s\"; write symbols like Li or Ag",
                             dft_word_shown(symbol), symbol.begin);
    for (size_t c = 0; c < 3; c++) {
        const dft_word number = word[self->pos + c];
        if (!dft_word_number(number, &x[c]))
            return dft_text_fail(self->text, a + 3, number.begin, self->err,
                                 "coordinate \"%.*s\" is not a finite number",
                                 dft_word_shown(number), number.begin);
        x[c] /= DFT_BOHR_ANG;
    }
    dft_crystal_fractional((const double(*)[3])self->lattice, x, self->position[a]);
    const dft_status status = dft_text_check_position(self->text, a + 3, word[self->pos].begin,
                                                      self->position[a], self->err);
    return status ? status : read_mask(self, a, word);
}

static dft_status read_atoms(extxyz *self)
{
    dft_status status = DFT_OK;

    self->z = dft_alloc_ints(self->n_atoms);
    self->position = dft_alloc(self->n_atoms, sizeof *self->position);
    self->fixed = dft_alloc(self->n_atoms, sizeof *self->fixed);
    if (!self->z || !self->position || !self->fixed)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %zu atoms", self->text->path,
                        self->n_atoms);
    for (size_t a = 0; !status && a < self->n_atoms; a++)
        status = read_atom(self, a);
    return status;
}

/* The comment without what the crystal holds already, pairs as they stand in the file. */
static dft_status make_remarks(extxyz *self, dft_crystal_remarks *remarks)
{
    const char *p = self->text->line[1], *begin;
    dft_word key, value;
    size_t n = 0;

    remarks->format = "extxyz";
    remarks->comment = dft_alloc(2 * strlen(p) + 1, 1); /* a blank between pairs that had none */
    if (!remarks->comment)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for its keys", self->text->path);
    for (begin = p; next_pair(&p, &key, &value); begin = p) {
        begin += strspn(begin, " \t");
        if (dft_word_is(key, "Lattice") || dft_word_is(key, "Properties") || dft_word_is(key, "pbc"))
            continue;
        if (n)
            remarks->comment[n++] = ' ';
        memcpy(remarks->comment + n, begin, (size_t)(p - begin));
        n += (size_t)(p - begin);
    }
    if (self->n_mask) {
        remarks->fixed = self->fixed;
        self->fixed = NULL;
    }
    return DFT_OK;
}

int dft_remark_find(const char *comment, const char *key, char *value, size_t size)
{
    dft_word found;

    if (!find_key(comment, key, &found) || found.length >= size)
        return 0;
    memcpy(value, found.begin, found.length);
    value[found.length] = '\0';
    return 1;
}

dft_status dft_read_extxyz(const dft_text *text, dft_crystal **out, dft_crystal_remarks *remarks,
                           dft_error *err)
{
    static dft_status (*const steps[])(extxyz *) = { read_count, read_lattice, read_properties,
                                                     read_atoms };
    extxyz self = { .text = text, .err = err };
    dft_status status = DFT_OK;

    *out = NULL;
    for (size_t i = 0; !status && i < sizeof steps / sizeof *steps; i++)
        status = steps[i](&self);
    if (!status && remarks)
        status = make_remarks(&self, remarks);
    if (!status)
        status = dft_text_crystal(text, (const double(*)[3])self.lattice, self.n_atoms, self.z,
                                  (const double(*)[3])self.position, out, err);
    free(self.fixed);
    free(self.z);
    free(self.position);
    return status;
}
