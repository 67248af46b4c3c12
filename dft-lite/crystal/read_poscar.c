/* POSCAR of VASP 4 and 5, https://www.vasp.at/wiki/index.php/POSCAR */
#include "dft-lite/crystal/read_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define MAX_SPECIES 64
#define MAX_WORDS 8 /* of an atom's line: three numbers, three flags, a symbol, and one too many */

typedef struct {
    const dft_text *text;
    size_t next; /* the line to read, from 0: the number of the line read last */
    dft_error *err;
    double lattice[3][3]; /* Angstrom, scaled */
    double scale[3];      /* per Cartesian direction */
    int is_cartesian, is_selective;
    int has_labels; /* elements stand behind the atoms: VASP 4 without a telling title */
    size_t n_species, n_atoms;
    int species[MAX_SPECIES]; /* atomic numbers */
    size_t count[MAX_SPECIES];
    int *z;                    /* owned, [n_atoms] */
    double (*position)[3];     /* owned, [n_atoms], fractional */
    unsigned char (*fixed)[3]; /* owned, [n_atoms] */
} poscar;

/* The next line, or NULL with an error that says what should have been there. */
static const char *next_line(poscar *self, const char *what)
{
    const dft_text *text = self->text;

    if (self->next < text->n_lines)
        return text->line[self->next++];
    const char *last = text->line[text->n_lines - 1];
    dft_text_fail(text, text->n_lines, last + strlen(last), self->err,
                  "the POSCAR ends here; expected %s", what);
    return NULL;
}

/* Three numbers and not a fourth: a shifted or broken line is noticed. */
static dft_status read_three(poscar *self, const char *line, const char *what, double x[3])
{
    dft_word word[4];
    double fourth;
    const size_t n = dft_text_words(line, word, 4);

    if (n < 3)
        return dft_text_fail(self->text, self->next, line + strlen(line), self->err,
                             "\"%.60s\": expected the three numbers of %s", line, what);
    for (int c = 0; c < 3; c++)
        if (!dft_word_number(word[c], &x[c]))
            return dft_text_fail(self->text, self->next, word[c].begin, self->err,
                                 "\"%.*s\" in %s is not a finite number", dft_word_shown(word[c]),
                                 word[c].begin, what);
    if (n > 3 && dft_word_number(word[3], &fourth))
        return dft_text_fail(self->text, self->next, word[3].begin, self->err,
                             "\"%.*s\" is a fourth number in %s; expected three",
                             dft_word_shown(word[3]), word[3].begin, what);
    return DFT_OK;
}

/* One factor, or minus the cell's volume in Angstrom^3, or a factor per Cartesian direction. */
static dft_status read_scale(poscar *self, double *volume)
{
    const char *line = next_line(self, "the scale");
    dft_word word[4];
    double all[4];
    size_t n = 0;

    *volume = 0.0;
    if (!line)
        return DFT_EPARSE;
    const size_t n_words = dft_text_words(line, word, 4);
    while (n < n_words && n < 4 && dft_word_number(word[n], &all[n]))
        n++;
    if (n == 0 || all[0] == 0.0)
        return dft_text_fail(self->text, self->next, line, self->err,
                             "scale \"%.40s\": expected a nonzero number", line);
    if (n != 1 && n != 3)
        return dft_text_fail(self->text, self->next, word[1].begin, self->err,
                             "scale \"%.40s\": expected one number, or three", line);
    if (n == 3 && !(all[0] > 0.0 && all[1] > 0.0 && all[2] > 0.0))
        return dft_text_fail(self->text, self->next, word[0].begin, self->err,
                             "scales \"%.40s\": all three must be positive", line);
    if (n == 1 && all[0] < 0.0)
        *volume = -all[0];
    for (int c = 0; c < 3; c++)
        self->scale[c] = n == 3 ? all[c] : all[0];
    return DFT_OK;
}

static double volume_of(const double a[3][3])
{
    return fabs(a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
                + a[0][1] * (a[1][2] * a[2][0] - a[1][0] * a[2][2])
                + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]));
}

static dft_status apply_scale(poscar *self, double volume)
{
    dft_status status =
        dft_text_check_cell(self->text, 3, (const double(*)[3])self->lattice, self->err);

    for (int c = 0; c < 3 && !status && volume > 0.0; c++)
        self->scale[c] = cbrt(volume / volume_of((const double(*)[3])self->lattice));
    for (int i = 0; i < 3 && !status; i++) {
        for (int c = 0; c < 3; c++)
            self->lattice[i][c] *= self->scale[c];
        status = dft_text_check_vector(self->text, (size_t)i + 3, NULL, self->lattice[i], self->err);
    }
    return status;
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
    return status ? status : apply_scale(self, volume);
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

/* VASP 4 has no line of symbols: the counts come at once.  Writers put the elements into the title
 * (ASE, old pymatgen) or behind each atom (pymatgen). */
static dft_status find_vasp4_symbols(poscar *self, size_t n_counts)
{
    dft_word word[MAX_SPECIES];
    const size_t n = words_before_comment(self->text->line[0], word, MAX_SPECIES);

    self->next--; /* the line is the counts' */
    self->n_species = n_counts;
    self->has_labels = n != n_counts;
    for (size_t i = 0; i < n && !self->has_labels; i++) {
        self->species[i] = dft_word_element(bare_symbol(word[i]));
        self->has_labels = self->species[i] == 0;
    }
    return DFT_OK;
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
        return dft_text_fail(self->text, self->next, NULL, self->err,
                             "\"%.60s\": expected 1 to %d element symbols", line, MAX_SPECIES);
    if (dft_word_count(word[0], &number))
        return find_vasp4_symbols(self, self->n_species);
    for (size_t i = 0; i < self->n_species; i++) {
        self->species[i] = dft_word_element(bare_symbol(word[i]));
        if (self->species[i] == 0)
            return dft_text_fail(self->text, self->next, word[i].begin, self->err,
                                 "unknown element \"%.*s\"; write symbols like Li or Ag",
                                 dft_word_shown(word[i]), word[i].begin);
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
        return dft_text_fail(self->text, self->next, NULL, self->err,
                             "\"%.60s\": expected %zu numbers of atoms, one per element, found %zu",
                             line, self->n_species, n);
    for (size_t i = 0; i < n; i++) {
        if (!dft_word_count(word[i], &self->count[i]))
            return dft_text_fail(self->text, self->next, word[i].begin, self->err,
                                 "\"%.*s\" is not a number of atoms", dft_word_shown(word[i]),
                                 word[i].begin);
        self->n_atoms += self->count[i];
    }
    if (self->n_atoms == 0)
        return dft_text_fail(self->text, self->next, word[0].begin, self->err,
                             "\"%.60s\": zero atoms; a crystal needs at least one", line);
    if (self->n_atoms > self->text->n_lines - self->next)
        return dft_text_fail(self->text, self->next, word[0].begin, self->err,
                             "%zu atoms are announced and only %zu lines follow", self->n_atoms,
                             self->text->n_lines - self->next);
    return dft_text_check_count(self->text, self->next, word[0].begin, self->n_atoms, self->err);
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
        return dft_text_fail(self->text, self->next, NULL, self->err,
                             "\"%.40s\": expected Direct or Cartesian", line);
    self->is_cartesian = letter != 'd';
    return DFT_OK;
}

/* T lets a coordinate move, F fixes it. */
static dft_status read_flags(const poscar *self, const char *line, unsigned char fixed[3])
{
    dft_word word[6];
    const size_t n = dft_text_words(line, word, 6);

    for (size_t i = 3; i < 6; i++) {
        const int is_free =
            i < n && (dft_word_is(word[i], "T") || dft_word_is(word[i], ".TRUE."));
        fixed[i - 3] = !is_free;
        if (i >= n || (!is_free && !dft_word_is(word[i], "F") && !dft_word_is(word[i], ".FALSE.")))
            return dft_text_fail(self->text, self->next,
                                 i < n ? word[i].begin : line + strlen(line), self->err,
                                 "\"%.60s\": selective dynamics wants three numbers and three flags T"
                                 " or F",
                                 line);
    }
    return DFT_OK;
}

/* The element behind an atom of a VASP 4 file; all atoms of one count have the same. */
static dft_status read_label(poscar *self, const char *line, int *species)
{
    dft_word word[MAX_WORDS];
    const size_t at = self->is_selective ? 6 : 3;
    const size_t n = dft_text_words(line, word, MAX_WORDS);
    const int z = n > at ? dft_word_element(bare_symbol(word[at])) : 0;

    if (z == 0)
        return dft_text_fail(self->text, self->next, n > at ? word[at].begin : line + strlen(line),
                             self->err,
                             "a VASP 4 POSCAR does not say which elements it holds; insert a line with"
                             " their symbols before line 6, or make them the title");
    if (*species != 0 && *species != z)
        return dft_text_fail(self->text, self->next, word[at].begin, self->err,
                             "element \"%.*s\" among the atoms of another", dft_word_shown(word[at]),
                             word[at].begin);
    *species = z;
    return DFT_OK;
}

static dft_status read_atom(poscar *self, size_t a, int *species)
{
    const char *line = next_line(self, "the position of an atom");
    double x[3];

    if (!line)
        return DFT_EPARSE;
    dft_status status = read_three(self, line, "a position", x);
    if (!status && self->is_selective)
        status = read_flags(self, line, self->fixed[a]);
    if (!status && self->has_labels)
        status = read_label(self, line, species);
    if (status)
        return status;
    self->z[a] = *species;
    for (int c = 0; self->is_cartesian && c < 3; c++)
        x[c] *= self->scale[c];
    if (self->is_cartesian)
        dft_crystal_fractional((const double(*)[3])self->lattice, x, self->position[a]);
    else
        memcpy(self->position[a], x, sizeof x);
    return dft_text_check_position(self->text, self->next, NULL, self->position[a], self->err);
}

static dft_status read_atoms(poscar *self)
{
    self->z = dft_alloc_ints(self->n_atoms);
    self->position = dft_alloc(self->n_atoms, sizeof *self->position);
    self->fixed = dft_alloc(self->n_atoms, sizeof *self->fixed);
    if (!self->z || !self->position || !self->fixed)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %zu atoms", self->text->path,
                        self->n_atoms);
    dft_status status = DFT_OK;
    size_t a = 0;
    for (size_t s = 0; s < self->n_species; s++)
        for (size_t i = 0; !status && i < self->count[s]; i++, a++)
            status = read_atom(self, a, &self->species[s]);
    return status;
}

static dft_status make_crystal(const poscar *self, dft_crystal **out)
{
    double lattice[3][3];

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = self->lattice[i][c] / DFT_BOHR_ANG;
    return dft_text_crystal(self->text, (const double(*)[3])lattice, self->n_atoms, self->z,
                            (const double(*)[3])self->position, out, self->err);
}

static dft_status make_remarks(poscar *self, dft_crystal_remarks *remarks)
{
    const char *title = self->text->line[0];

    remarks->format = "POSCAR";
    if (self->is_selective) {
        remarks->fixed = self->fixed;
        self->fixed = NULL;
    }
    return dft_remarks_set_comment(remarks, title, strlen(title), self->err);
}

dft_status dft_read_poscar(const dft_text *text, dft_crystal **out, dft_crystal_remarks *remarks,
                           dft_error *err)
{
    static dft_status (*const steps[])(poscar *) = { read_lattice, read_symbols, read_counts,
                                                     read_mode, read_atoms };
    poscar self = { .text = text, .next = 1, .err = err }; /* line 1 is a title */
    dft_status status = DFT_OK;

    *out = NULL;
    for (size_t i = 0; !status && i < sizeof steps / sizeof *steps; i++)
        status = steps[i](&self);
    if (!status && remarks)
        status = make_remarks(&self, remarks);
    if (!status)
        status = make_crystal(&self, out);
    free(self.fixed);
    free(self.z);
    free(self.position);
    return status;
}
