#include "workflows/path_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/read_text.h"

#define HA_PER_BOHR_EV_ANG (DFT_HARTREE_EV / DFT_BOHR_ANG)
#define SAME_CELL_ANG 1e-6

/* ---- writing ---- */

static void print_comment(FILE *file, const flow_path *path, size_t image,
                          const flow_neb_result *result)
{
    fputs("Lattice=\"", file);
    for (int i = 0; i < 9; i++)
        fprintf(file, "%s%.16g", i ? " " : "", path->lattice[i / 3][i % 3] * DFT_BOHR_ANG);
    fprintf(file, "\" Properties=species:S:1:pos:R:3%s:move_mask:L:3 pbc=\"T T T\" image=%zu",
            result ? ":forces:R:3" : "", image);
    if (result && isfinite(result->energy[image]))
        fprintf(file, " energy=%.16g free_energy=%.16g", result->energy[image] * DFT_HARTREE_EV,
                result->free_energy[image] * DFT_HARTREE_EV);
    if (result && result->is_climbing)
        fputs(" climbing=1", file);
    fputc('\n', file);
}

static void print_image(FILE *file, const flow_path *path, size_t image,
                        const flow_neb_result *result)
{
    fprintf(file, "%zu\n", path->n_atoms);
    print_comment(file, path, image, result);
    for (size_t a = 0; a < path->n_atoms; a++) {
        const size_t k = image * path->n_atoms + a;
        fprintf(file, "%-2s", dft_element_symbol(path->z[a]));
        for (int c = 0; c < 3; c++)
            fprintf(file, " %.16g", path->r[k][c] * DFT_BOHR_ANG);
        for (int c = 0; c < 3 && result; c++)
            fprintf(file, " %.10g", result->force[k][c] * HA_PER_BOHR_EV_ANG);
        for (int c = 0; c < 3; c++)
            fputs(path->fixed[a][c] ? " F" : " T", file);
        fputc('\n', file);
    }
}

dft_status flow_path_write(const char *filename, const flow_path *path,
                           const flow_neb_result *result, dft_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    dft_status status;

    if (!stream)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", filename);
    for (size_t i = 0; i < path->n_images; i++)
        print_image(stream, path, i, result);
    if (fclose(stream) != 0)
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", filename);
    else
        status = dft_file_write(filename, text, size, err);
    free(text);
    return status;
}

static void print_relaxed(FILE *file, const char *name, const flow_relax_result *r, const unsigned char (*fixed)[3])
{
    const dft_crystal *c = r->crystal;
    const double (*lattice)[3] = (const double (*)[3])c->lattice;

    fprintf(file, "%zu\nLattice=\"", c->n_atoms);
    for (int i = 0; i < 9; i++)
        fprintf(file, "%s%.16g", i ? " " : "", lattice[i / 3][i % 3] * DFT_BOHR_ANG);
    fprintf(file, "\" Properties=species:S:1:pos:R:3%s:move_mask:L:3 pbc=\"T T T\"",
            r->converged ? ":forces:R:3" : "");
    if (name)
        fprintf(file, " name=%s", name);
    if (r->converged)
        fprintf(file, " energy=%.16g free_energy=%.16g\n", r->energy * DFT_HARTREE_EV,
                r->free_energy * DFT_HARTREE_EV);
    else
        fputs(" converged=F\n", file);
    for (size_t a = 0; a < c->n_atoms; a++) {
        double x[3];
        dft_crystal_cartesian(lattice, c->position[a], x);
        fprintf(file, "%-2s", dft_element_symbol(c->z[a]));
        for (int k = 0; k < 3; k++)
            fprintf(file, " %.16g", x[k] * DFT_BOHR_ANG);
        for (int k = 0; k < 3 && r->converged; k++)
            fprintf(file, " %.10g", r->force[a][k] * HA_PER_BOHR_EV_ANG);
        for (int k = 0; k < 3; k++)
            fputs(fixed && fixed[a][k] ? " F" : " T", file);
        fputc('\n', file);
    }
}

dft_status flow_relaxed_write(const char *filename, const char *name, const flow_relax_result *relaxed,
                              const unsigned char (*fixed)[3], dft_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream;
    dft_status status;

    if (name && strpbrk(name, " \t\r\n"))
        return dft_fail(err, DFT_EINPUT, "%s: the name \"%.80s\" holds blanks", filename, name);
    stream = open_memstream(&text, &size);
    if (!stream)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", filename);
    print_relaxed(stream, name, relaxed, fixed);
    if (fclose(stream) != 0)
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", filename);
    else
        status = dft_file_write(filename, text, size, err);
    free(text);
    return status;
}

/* ---- reading ---- */

typedef struct {
    size_t pos, mask, n_columns;    /* columns of an atom's line; mask 0: there is none */
    double lattice[3][3];           /* bohr */
    int is_climbing;
} frame;

/* Where Properties puts what is looked for; only the kinds that flow_path_write and ASE write. */
static int parse_properties(const char *p, frame *out)
{
    size_t column = 0;

    *out = (frame){ .pos = 0 };
    while (*p && *p != ' ' && *p != '"') {
        char name[32] = "", type = 0;
        size_t count = 0;
        int used = 0;
        if (sscanf(p, "%31[^:]:%c:%zu%n", name, &type, &count, &used) != 3 || count == 0)
            return 0;
        if (strcmp(name, "species") == 0 && column != 0)
            return 0;
        if (strcmp(name, "pos") == 0 && count == 3)
            out->pos = column;
        if (strcmp(name, "move_mask") == 0 && count == 3)
            out->mask = column;
        column += count;
        p += used;
        p += *p == ':';
    }
    out->n_columns = column;
    return out->pos == 1;           /* after the species */
}

static dft_status parse_comment(const dft_text *text, size_t line, frame *out, dft_error *err)
{
    const char *comment = text->line[line];
    const char *properties = strstr(comment, "Properties="),
               *lattice = strstr(comment, "Lattice=\"");
    double a[9];

    if (!properties || !lattice || !parse_properties(properties + 11, out))
        return dft_text_fail(text, line + 1, NULL, err, "expected Lattice=\"...\" and "
                             "Properties=species:S:1:pos:R:3..., an image of a path");
    if (sscanf(lattice + 9, "%lf %lf %lf %lf %lf %lf %lf %lf %lf", a, a + 1, a + 2, a + 3, a + 4,
               a + 5, a + 6, a + 7, a + 8)
        != 9)
        return dft_text_fail(text, line + 1, lattice, err, "expected nine numbers in Lattice");
    for (int i = 0; i < 9; i++)
        out->lattice[i / 3][i % 3] = a[i] / DFT_BOHR_ANG;
    out->is_climbing = strstr(comment, " climbing=1") != NULL;
    return DFT_OK;
}

#define MAX_COLUMNS 16

static dft_status parse_atom(const dft_text *text, size_t line, const frame *f, flow_path *path,
                             size_t image, size_t a, dft_error *err)
{
    dft_word word[MAX_COLUMNS];
    const size_t n = dft_text_words(text->line[line], word, MAX_COLUMNS);

    if (n != f->n_columns || n > MAX_COLUMNS)
        return dft_text_fail(text, line + 1, NULL, err, "%zu columns where Properties says %zu", n,
                             f->n_columns);
    const int z = dft_word_element(word[0]);
    if (z == 0 || (image > 0 && z != path->z[a]))
        return dft_text_fail(text, line + 1, NULL, err,
                             "\"%.*s\" is no element, or not that of atom "
                             "%zu in the first image",
                             dft_word_shown(word[0]), word[0].begin, a + 1);
    path->z[a] = z;
    for (size_t c = 0; c < 3; c++) {
        double x;
        if (!dft_word_number(word[f->pos + c], &x))
            return dft_text_fail(text, line + 1, word[f->pos + c].begin, err,
                                 "\"%.*s\" is no coordinate", dft_word_shown(word[f->pos + c]),
                                 word[f->pos + c].begin);
        path->r[image * path->n_atoms + a][c] = x / DFT_BOHR_ANG;
        if (image == 0 && f->mask)
            path->fixed[a][c] = dft_word_is(word[f->mask + c], "F") != 0;
    }
    return DFT_OK;
}

static dft_status parse_image(const dft_text *text, size_t image, flow_path *path, int *is_climbing,
                              dft_error *err)
{
    const size_t first = image * (path->n_atoms + 2);
    frame f;
    size_t n_atoms = 0;
    dft_word word;
    dft_status status;

    if (dft_text_words(text->line[first], &word, 1) != 1 || !dft_word_count(word, &n_atoms)
        || n_atoms != path->n_atoms)
        return dft_text_fail(text, first + 1, NULL, err, "expected %zu, the atoms of each image",
                             path->n_atoms);
    status = parse_comment(text, first + 1, &f, err);
    if (status != DFT_OK)
        return status;
    if (image == 0)
        memcpy(path->lattice, f.lattice, sizeof f.lattice);
    for (int i = 0; i < 9; i++)
        if (fabs(f.lattice[i / 3][i % 3] - path->lattice[i / 3][i % 3]) * DFT_BOHR_ANG
            > SAME_CELL_ANG)
            return dft_text_fail(text, first + 2, NULL, err,
                                 "this image has another cell than the first");
    *is_climbing = f.is_climbing;
    for (size_t a = 0; a < path->n_atoms && status == DFT_OK; a++)
        status = parse_atom(text, first + 2 + a, &f, path, image, a, err);
    return status;
}

static dft_status parse(const dft_text *text, flow_path **out, int *is_climbing, dft_error *err)
{
    static const double none[3][3] = { { 0.0 } };
    size_t n_atoms = 0, n_lines = text->n_lines, n_images;
    dft_word word;
    int *z;
    dft_status status;

    while (n_lines > 0 && dft_text_words(text->line[n_lines - 1], &word, 1) == 0)
        n_lines--;                                  /* blank lines at the end */
    if (n_lines == 0 || dft_text_words(text->line[0], &word, 1) != 1
        || !dft_word_count(word, &n_atoms) || n_atoms == 0 || n_atoms > DFT_READ_MAX_ATOMS)
        return dft_text_fail(text, 1, NULL, err, "expected the number of atoms");
    n_images = n_lines / (n_atoms + 2);
    if (n_lines % (n_atoms + 2) != 0 || n_images < 3)
        return dft_text_fail(text, n_lines, NULL, err,
                             "%zu lines are no path of three or more images "
                             "of %zu atoms; is the file complete?",
                             n_lines, n_atoms);
    z = calloc(n_atoms, sizeof *z);
    status = z ? flow_path_alloc(none, n_atoms, z, n_images, out, err)
               : dft_fail(err, DFT_ENOMEM, "%s: out of memory", text->path);
    free(z);
    for (size_t i = 0; i < n_images && status == DFT_OK; i++)
        status = parse_image(text, i, *out, is_climbing, err);
    if (status != DFT_OK) {
        flow_path_free(*out);
        *out = NULL;
    }
    return status;
}

dft_status flow_path_read(const char *filename, flow_path **out, int *is_climbing, dft_error *err)
{
    dft_text text;
    int climbing = 0;
    dft_status status = dft_text_read(filename, &text, err);

    *out = NULL;
    if (status == DFT_OK)
        status = parse(&text, out, &climbing, err);
    if (is_climbing)
        *is_climbing = status == DFT_OK && climbing;
    dft_text_clear(&text);
    return status;
}
