#include "dft-lite/crystal/read.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "dft-lite/crystal/read_text.h"

/* CIF: the first line that is neither blank nor comment opens a data block. */
static int looks_like_cif(const dft_text *text)
{
    for (size_t i = 0; i < text->n_lines; i++) {
        const char *p = text->line[i];
        while (isspace((unsigned char)*p))
            p++;
        if (*p && *p != '#')
            return strncasecmp(p, "data_", 5) == 0 || *p == '_' || strncasecmp(p, "loop_", 5) == 0;
    }
    return 0;
}

static int has_lattice_vector(const dft_text *text, size_t line)
{
    dft_word word[3];
    double x;

    return line < text->n_lines && dft_text_words(text->line[line], word, 3) >= 3
           && dft_word_number(word[0], &x) && dft_word_number(word[1], &x)
           && dft_word_number(word[2], &x);
}

/* POSCAR: a number, the scale, begins line 2.  Its title may look like anything. */
static int looks_like_poscar(const dft_text *text)
{
    dft_word word;
    double x;

    return text->n_lines > 1 && dft_text_words(text->line[1], &word, 1) >= 1
           && dft_word_number(word, &x);
}

/* XYZ: the number of atoms, alone on line 1. */
static int looks_like_xyz(const dft_text *text)
{
    dft_word word;
    size_t n;

    return dft_text_words(text->line[0], &word, 1) == 1 && dft_word_count(word, &n);
}

dft_status dft_crystal_read(const char *path, dft_crystal **out, dft_error *err)
{
    dft_text text;

    *out = NULL;
    dft_status status = dft_text_read(path, &text, err);
    if (!status) {
        const int poscar = looks_like_poscar(&text);
        if (poscar && has_lattice_vector(&text, 2)) /* before CIF and XYZ: titles are free */
            status = dft_read_poscar(&text, out, err);
        else if (looks_like_cif(&text))
            status = dft_read_cif(&text, out, err);
        else if (looks_like_xyz(&text))
            status = dft_read_extxyz(&text, out, err);
        else if (poscar)
            status = dft_read_poscar(&text, out, err);
        else
            status = dft_fail(err, DFT_EPARSE,
                              "%s:1: \"%.40s\": neither POSCAR (a scale on line 2), "
                              "nor CIF (data_ first), nor extxyz (number of atoms on line 1)",
                              path, text.line[0]);
    }
    dft_text_clear(&text);
    return status;
}
