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
#include "dft-lite/crystal/read.h"

#define DFT_READ_MAX_ATOMS 4096     /* of a file: more are no cell that this program computes */

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

/* Fails with DFT_EPARSE and "path:line:column: sentence".  line counts from 1; `at` points into that
 * line, NULL means its first column. */
dft_status dft_text_fail(const dft_text *text, size_t line, const char *at, dft_error *err,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Splits at blanks, stores the first max words, returns how many there are. */
size_t dft_text_words(const char *line, dft_word *word, size_t max);

int dft_word_shown(dft_word word);                 /* characters to show in a message */
int dft_word_is(dft_word word, const char *text);  /* 1 when equal, case ignored */
int dft_word_number(dft_word word, double *value); /* 1 for one finite number, else 0 */
int dft_word_count(dft_word word, size_t *value);  /* 1 for one integer >= 0, else 0 */
int dft_word_element(dft_word word);               /* atomic number; 0 when unknown */

/* What no crystal of a file can have: cell vectors (Angstrom) beyond 1e4 A, and fractional
 * coordinates beyond 1e4 cells, which no longer have the digits that say where the atom is.  `line`
 * and `at` as in dft_text_fail.  Errors: DFT_EPARSE. */
dft_status dft_text_check_vector(const dft_text *text, size_t line, const char *at,
                                 const double vector_ang[3], dft_error *err);
/* A cell whose vectors (any unit) are independent; line is that of the first.  Errors: DFT_EINPUT. */
dft_status dft_text_check_cell(const dft_text *text, size_t line, const double lattice[3][3],
                               dft_error *err);
dft_status dft_text_check_position(const dft_text *text, size_t line, const char *at,
                                   const double frac[3], dft_error *err);
dft_status dft_text_check_count(const dft_text *text, size_t line, const char *at, size_t n_atoms,
                                dft_error *err);

/* dft_crystal_create with the file's name before its message.  lattice in bohr, fractional
 * positions. */
dft_status dft_text_crystal(const dft_text *text, const double lattice[3][3], size_t n_atoms,
                            const int *z, const double (*position)[3], dft_crystal **out,
                            dft_error *err);

/* remarks may be NULL; it is empty when the reader begins, and the caller clears it. */
dft_status dft_read_poscar(const dft_text *text, dft_crystal **out, dft_crystal_remarks *remarks,
                           dft_error *err);
dft_status dft_read_extxyz(const dft_text *text, dft_crystal **out, dft_crystal_remarks *remarks,
                           dft_error *err);
dft_status dft_read_cif(const dft_text *text, dft_crystal **out, dft_crystal_remarks *remarks,
                        dft_error *err);

/* Puts `length` characters of text into remarks->comment.  Errors: DFT_ENOMEM. */
dft_status dft_remarks_set_comment(dft_crystal_remarks *remarks, const char *text, size_t length,
                                   dft_error *err);

#endif
