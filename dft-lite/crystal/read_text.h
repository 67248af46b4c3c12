/*
 * dft-lite/crystal/read_text.h - a text file as numbered lines and words; shared by the readers.
 *
 * The format readers are declared here too; users call dft_crystal_read (read.h).
 */
#ifndef DFT_CRYSTAL_READ_TEXT_H
#define DFT_CRYSTAL_READ_TEXT_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    const char *path; /* borrowed, for messages */
    size_t n_lines;
    char **line; /* owned, [n_lines], without line ends; line i is number i + 1 */
    char *data;  /* owned: what the lines point into */
} dft_text;

/* A word of a line, not NUL-terminated: print with "%.*s", dft_word_shown(w), w.begin. */
typedef struct {
    const char *begin;
    size_t length;
} dft_word;

/* The caller clears *out, also after a failure.  Errors: DFT_ENOFILE; DFT_EPARSE for an empty,
 * binary or absurdly large file; DFT_ENOMEM. */
dft_status dft_text_read(const char *path, dft_text *out, dft_error *err);
void dft_text_clear(dft_text *text);

/* Splits at blanks, stores the first max words, returns how many there are. */
size_t dft_text_words(const char *line, dft_word *word, size_t max);

int dft_word_shown(dft_word word);                 /* characters to show in a message */
int dft_word_is(dft_word word, const char *text);  /* 1 when equal, case ignored */
int dft_word_number(dft_word word, double *value); /* 1 for one finite number, else 0 */
int dft_word_count(dft_word word, size_t *value);  /* 1 for one integer >= 0, else 0 */
int dft_word_element(dft_word word);               /* atomic number; 0 when unknown */

/* dft_crystal_create with the file's name before its message.  lattice in bohr, fractional
 * positions. */
dft_status dft_text_crystal(const dft_text *text, const double lattice[3][3], size_t n_atoms,
                            const int *z, const double (*position)[3], dft_crystal **out,
                            dft_error *err);

dft_status dft_read_poscar(const dft_text *text, dft_crystal **out, dft_error *err);
dft_status dft_read_extxyz(const dft_text *text, dft_crystal **out, dft_error *err);
dft_status dft_read_cif(const dft_text *text, dft_crystal **out, dft_error *err);

#endif
