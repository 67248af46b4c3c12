#include "dft-lite/crystal/read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dft-lite/base/alloc.h"
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

static dft_status read_as(const dft_text *text, dft_crystal **out, dft_crystal_remarks *remarks,
                          dft_error *err)
{
    const int poscar = looks_like_poscar(text);

    if (poscar && has_lattice_vector(text, 2)) /* before CIF and XYZ: titles are free */
        return dft_read_poscar(text, out, remarks, err);
    if (looks_like_cif(text))
        return dft_read_cif(text, out, remarks, err);
    if (looks_like_xyz(text))
        return dft_read_extxyz(text, out, remarks, err);
    if (poscar)
        return dft_read_poscar(text, out, remarks, err);
    return dft_text_fail(text, 1, NULL, err,
                         "\"%.40s\": neither POSCAR (a scale on line 2), nor CIF (data_ first), nor "
                         "extxyz (number of atoms on line 1)",
                         text->line[0]);
}

dft_status dft_crystal_read_remarks(const char *path, dft_crystal **out,
                                    dft_crystal_remarks *remarks, dft_error *err)
{
    dft_text text;

    *out = NULL;
    if (remarks)
        *remarks = (dft_crystal_remarks){ 0 };
    dft_status status = dft_text_read(path, &text, err);
    if (!status)
        status = read_as(&text, out, remarks, err);
    dft_text_clear(&text);
    return status;
}

dft_status dft_crystal_read(const char *path, dft_crystal **out, dft_error *err)
{
    return dft_crystal_read_remarks(path, out, NULL, err);
}

void dft_crystal_remarks_clear(dft_crystal_remarks *remarks)
{
    free(remarks->comment);
    free(remarks->fixed);
    *remarks = (dft_crystal_remarks){ 0 };
}

dft_status dft_remarks_set_comment(dft_crystal_remarks *remarks, const char *text, size_t length,
                                   dft_error *err)
{
    free(remarks->comment);
    remarks->comment = dft_alloc(length + 1, 1);
    if (!remarks->comment)
        return dft_fail(err, DFT_ENOMEM, "no memory for a comment of %zu characters", length);
    memcpy(remarks->comment, text, length);
    return DFT_OK;
}
