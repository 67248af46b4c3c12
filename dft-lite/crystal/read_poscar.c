/* POSCAR of VASP 5 and later, https://www.vasp.at/wiki/index.php/POSCAR */
#include "dft-lite/crystal/read_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define MAX_SPECIES 64

typedef struct {
    const dft_text *text;
    size_t next; /* the line to read, from 0 */
    dft_error *err;
    double lattice[3][3]; /* Angstrom, scaled */
    double scale[3];      /* per Cartesian direction */
    int is_cartesian, is_selective;
    size_t n_species, n_atoms;
    int species[MAX_SPECIES]; /* atomic numbers */
    size_t count[MAX_SPECIES];
    int *z;                /* owned, [n_atoms] */
    double (*position)[3]; /* owned, [n_atoms], fractional */
} poscar;

/* The next line, or NULL with an error that says what should have been there. */
static const char *next_line(poscar *self, const char *what)
{
    if (self->next < self->text->n_lines)
        return self->text->line[self->next++];
    dft_fail(self->err, DFT_EPARSE, "%s:%zu: the POSCAR ends here; expected %s", self->text->path,
             self->text->n_lines, what);
    return NULL;
}

static dft_status read_three(poscar *self, const char *line, const char *what, double x[3])
{
    dft_word word[3];

    if (dft_text_words(line, word, 3) < 3)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: \"%.60s\": expected the three numbers of %s", self->text->path,
                        self->next, line, what);
    for (int c = 0; c < 3; c++) {
        if (!dft_word_number(word[c], &x[c]))
            return dft_fail(self->err, DFT_EPARSE, "%s:%zu: \"%.*s\" in %s is not a finite number",
                            self->text->path, self->next, dft_word_shown(word[c]), word[c].begin,
                            what);
    }
    return DFT_OK;
}

/* One factor, or minus the cell's volume in Angstrom^3, or a factor per Cartesian direction. */
static dft_status read_scale(poscar *self, double *volume)
{
    const char *line = next_line(self, "the scale");
    dft_word word[3];
    double scale;

    *volume = 0.0;
    if (!line)
        return DFT_EPARSE;
    const size_t n = dft_text_words(line, word, 3);
    if (n == 0 || !dft_word_number(word[0], &scale) || scale == 0.0)
        return dft_fail(self->err, DFT_EPARSE, "%s:%zu: scale \"%.40s\": expected a nonzero number",
                        self->text->path, self->next, line);
    for (int c = 0; c < 3; c++)
        self->scale[c] = scale;
    if (scale < 0.0) {
        *volume = -scale;
        return DFT_OK;
    }
    double all[3];
    if (n >= 3 && dft_word_number(word[1], &all[1]) && dft_word_number(word[2], &all[2])) {
        if (all[1] <= 0.0 || all[2] <= 0.0)
            return dft_fail(self->err, DFT_EPARSE,
                            "%s:%zu: scales \"%.40s\": all three must be positive",
                            self->text->path, self->next, line);
        self->scale[1] = all[1];
        self->scale[2] = all[2];
    }
    return DFT_OK;
}

static double volume_of(const double a[3][3])
{
    return fabs(a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
                + a[0][1] * (a[1][2] * a[2][0] - a[1][0] * a[2][2])
                + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]));
}

static dft_status read_lattice(poscar *self)
{
    double volume;
    dft_status status = read_scale(self, &volume);

    for (int i = 0; !status && i < 3; i++) {
        const char *line = next_line(self, "three lattice vectors");
        if (!line)
            return DFT_EPARSE;
        status = read_three(self, line, "a lattice vector", self->lattice[i]);
    }
    if (status)
        return status;
    if (volume > 0.0) {
        const double unscaled = volume_of((const double(*)[3])self->lattice);
        if (unscaled == 0.0)
            return dft_fail(self->err, DFT_EINPUT,
                            "%s:3: the lattice vectors span no volume; correct "
                            "lines 3 to 5",
                            self->text->path);
        for (int c = 0; c < 3; c++)
            self->scale[c] = cbrt(volume / unscaled);
    }
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            self->lattice[i][c] *= self->scale[c];
    return DFT_OK;
}

/* "Ag", also "Ag_pv" and "Ag/0a1b2c" as VASP writes them. */
static dft_word bare_symbol(dft_word word)
{
    for (size_t i = 0; i < word.length; i++)
        if (word.begin[i] == '_' || word.begin[i] == '/')
            word.length = i;
    return word;
}

/* Words up to a comment. */
static size_t words_before_comment(const char *line, dft_word *word, size_t max)
{
    size_t n = dft_text_words(line, word, max);

    for (size_t i = 0; i < n && i < max; i++)
        if (*word[i].begin == '!' || *word[i].begin == '#')
            n = i;
    return n;
}

static dft_status read_symbols(poscar *self)
{
    const char *line = next_line(self, "the element symbols");
    dft_word word[MAX_SPECIES];
    size_t number;

    if (!line)
        return DFT_EPARSE;
    self->n_species = words_before_comment(line, word, MAX_SPECIES);
    if (self->n_species == 0 || self->n_species > MAX_SPECIES)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: \"%.60s\": expected 1 to %d element symbols", self->text->path,
                        self->next, line, MAX_SPECIES);
    if (dft_word_count(word[0], &number))
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: \"%.60s\": a VASP 4 POSCAR does not say which "
                        "elements it holds; insert a line with their symbols before this one",
                        self->text->path, self->next, line);
    for (size_t i = 0; i < self->n_species; i++) {
        self->species[i] = dft_word_element(bare_symbol(word[i]));
        if (self->species[i] == 0)
            return dft_fail(self->err, DFT_EPARSE,
                            "%s:%zu: unknown element \"%.*s\"; write symbols like"
                            " Li or Ag",
                            self->text->path, self->next, dft_word_shown(word[i]), word[i].begin);
    }
    return DFT_OK;
}

static dft_status read_counts(poscar *self)
{
    const char *line = next_line(self, "the number of atoms of each element");
    dft_word word[MAX_SPECIES];

    if (!line)
        return DFT_EPARSE;
    const size_t n = words_before_comment(line, word, MAX_SPECIES);
    if (n != self->n_species)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: \"%.60s\": expected %zu numbers of atoms, one per"
                        " element, found %zu",
                        self->text->path, self->next, line, self->n_species, n);
    for (size_t i = 0; i < n; i++) {
        if (!dft_word_count(word[i], &self->count[i]))
            return dft_fail(self->err, DFT_EPARSE, "%s:%zu: \"%.*s\" is not a number of atoms",
                            self->text->path, self->next, dft_word_shown(word[i]), word[i].begin);
        self->n_atoms += self->count[i];
    }
    if (self->n_atoms == 0)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: \"%.60s\": zero atoms; a crystal needs at least "
                        "one",
                        self->text->path, self->next, line);
    if (self->n_atoms > self->text->n_lines - self->next)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%zu: %zu atoms are announced and only %zu lines "
                        "follow",
                        self->text->path, self->next, self->n_atoms,
                        self->text->n_lines - self->next);
    return DFT_OK;
}

static int first_letter(const char *line)
{
    while (isspace((unsigned char)*line))
        line++;
    return tolower((unsigned char)*line);
}

static dft_status read_mode(poscar *self)
{
    const char *line = next_line(self, "Direct or Cartesian");

    if (line && first_letter(line) == 's') {
        self->is_selective = 1;
        line = next_line(self, "Direct or Cartesian");
    }
    if (!line)
        return DFT_EPARSE;
    const int letter = first_letter(line);
    if (letter != 'd' && letter != 'c' && letter != 'k')
        return dft_fail(self->err, DFT_EPARSE, "%s:%zu: \"%.40s\": expected Direct or Cartesian",
                        self->text->path, self->next, line);
    self->is_cartesian = letter != 'd';
    return DFT_OK;
}

/* Fixing atoms is the workflow's business; the flags are checked, so that a shifted column is
 * noticed, and skipped. */
static dft_status check_flags(const poscar *self, const char *line)
{
    dft_word word[6];
    const size_t n = dft_text_words(line, word, 6);

    for (size_t i = 3; i < 6; i++) {
        if (i >= n
            || (!dft_word_is(word[i], "T") && !dft_word_is(word[i], "F")
                && !dft_word_is(word[i], ".TRUE.") && !dft_word_is(word[i], ".FALSE.")))
            return dft_fail(self->err, DFT_EPARSE,
                            "%s:%zu: \"%.60s\": selective dynamics wants three "
                            "numbers and three flags T or F",
                            self->text->path, self->next, line);
    }
    return DFT_OK;
}

static dft_status read_atom(poscar *self, double position[3])
{
    const char *line = next_line(self, "the position of an atom");
    double x[3];

    if (!line)
        return DFT_EPARSE;
    dft_status status = read_three(self, line, "a position", x);
    if (!status && self->is_selective)
        status = check_flags(self, line);
    if (status)
        return status;
    for (int c = 0; self->is_cartesian && c < 3; c++)
        x[c] *= self->scale[c];
    if (self->is_cartesian)
        dft_crystal_fractional((const double(*)[3])self->lattice, x, position);
    else
        memcpy(position, x, sizeof x);
    return DFT_OK;
}

static dft_status read_atoms(poscar *self)
{
    self->z = dft_alloc_ints(self->n_atoms);
    self->position = dft_alloc(self->n_atoms, sizeof *self->position);
    if (!self->z || !self->position)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %zu atoms", self->text->path,
                        self->n_atoms);
    dft_status status = DFT_OK;
    size_t a = 0;
    for (size_t s = 0; s < self->n_species; s++) {
        for (size_t i = 0; !status && i < self->count[s]; i++, a++) {
            self->z[a] = self->species[s];
            status = read_atom(self, self->position[a]);
        }
    }
    return status;
}

dft_status dft_read_poscar(const dft_text *text, dft_crystal **out, dft_error *err)
{
    poscar self = { .text = text, .next = 1, .err = err }; /* line 1 is a title */
    dft_status status = read_lattice(&self);

    *out = NULL;
    if (!status)
        status = read_symbols(&self);
    if (!status)
        status = read_counts(&self);
    if (!status)
        status = read_mode(&self);
    if (!status)
        status = read_atoms(&self);
    if (!status) {
        double lattice[3][3];
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                lattice[i][c] = self.lattice[i][c] / DFT_BOHR_ANG;
        status = dft_text_crystal(text, (const double(*)[3])lattice, self.n_atoms, self.z,
                                  (const double(*)[3])self.position, out, err);
    }
    free(self.z);
    free(self.position);
    return status;
}
