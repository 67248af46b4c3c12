/* CIF (core dictionary): cell, symmetry operations and fractional sites become a crystal. */
#include "dft-lite/crystal/read_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/read_cifops.h"
#include "dft-lite/crystal/read_ciftokens.h"

typedef struct {
    const dft_cif *cif;
    dft_error *err;
    double lattice[3][3]; /* bohr */
    size_t n_ops;
    dft_symop *op; /* owned */
    size_t n_atoms;
    int *z;                /* owned, room for n_ops x n_sites */
    double (*position)[3]; /* owned, likewise */
} cif_reader;

/* The columns of the atom_site loop that matter. */
typedef struct {
    dft_cif_column label, type, occupancy, fract[3];
} site_columns;

static const char *path_of(const cif_reader *self)
{
    return self->cif->text->path;
}

#define token_fail(self, token, ...) \
    dft_text_fail((self)->cif->text, (token)->line, (token)->word.begin, (self)->err, __VA_ARGS__)

#define MOST_CELL 1e4 /* Angstrom (and more than any angle) */

/* One cell parameter; fallback 0 means required. */
static dft_status cell_parameter(const cif_reader *self, const char *name, double fallback,
                                 double *value)
{
    dft_cif_column column;
    const dft_status status = dft_cif_find(self->cif, name, &column, self->err);
    const dft_cif_token *token = dft_cif_row(&column, 0);

    if (status)
        return status;
    *value = fallback;
    if (dft_cif_is_missing(token) && fallback > 0.0)
        return DFT_OK;
    if (dft_cif_is_missing(token))
        return dft_fail(self->err, DFT_EPARSE, "%s: no %s; a CIF needs its cell", path_of(self),
                        name);
    if (!dft_cif_number(token, value) || *value <= 0.0)
        return token_fail(self, token, "%s \"%.*s\" is not a positive number", name,
                          dft_word_shown(token->word), token->word.begin);
    if (*value > MOST_CELL)
        return token_fail(self, token, "%s \"%.*s\" is too large for a crystal", name,
                          dft_word_shown(token->word), token->word.begin);
    return DFT_OK;
}

/* Exact where symmetry makes it so: cos(90 deg) in floating point is 6e-17, which would tilt cells.
 */
static double cos_degrees(double degrees)
{
    if (degrees == 90.0)
        return 0.0;
    if (degrees == 60.0)
        return 0.5;
    if (degrees == 120.0)
        return -0.5;
    return cos(degrees * DFT_PI / 180.0);
}

/* a along x, b in the xy plane (International Tables' usual choice). */
static dft_status read_cell(cif_reader *self)
{
    static const char *const lengths[] = { "_cell_length_a", "_cell_length_b", "_cell_length_c" };
    static const char *const angles[] = { "_cell_angle_alpha", "_cell_angle_beta",
                                          "_cell_angle_gamma" };
    double a[3], cosine[3];
    dft_status status = DFT_OK;

    for (int i = 0; !status && i < 3; i++)
        status = cell_parameter(self, lengths[i], 0.0, &a[i]);
    for (int i = 0; !status && i < 3; i++) {
        double degrees = 0.0;
        status = cell_parameter(self, angles[i], 90.0, &degrees); /* the dictionary's default */
        cosine[i] = cos_degrees(degrees);
    }
    if (status)
        return status;
    const double sine = sqrt(1.0 - cosine[2] * cosine[2]);
    const double cy = (cosine[0] - cosine[1] * cosine[2]) / sine;
    const double cz_squared = 1.0 - cosine[1] * cosine[1] - cy * cy;
    if (!(cz_squared > 1e-8))
        return dft_fail(self->err, DFT_EINPUT,
                        "%s: the cell's angles span no volume; correct "
                        "_cell_angle_alpha, _beta, _gamma",
                        path_of(self));
    const double lattice[3][3] = { { a[0], 0.0, 0.0 },
                                   { a[1] * cosine[2], a[1] * sine, 0.0 },
                                   { a[2] * cosine[1], a[2] * cy, a[2] * sqrt(cz_squared) } };
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            self->lattice[i][c] = lattice[i][c] / DFT_BOHR_ANG;
    return DFT_OK;
}

static dft_status find_sites(const cif_reader *self, site_columns *site)
{
    const struct {
        const char *name;
        dft_cif_column *column;
        int required;
    } wanted[] = {
        { "_atom_site_fract_x", &site->fract[0], 1 },
        { "_atom_site_fract_y", &site->fract[1], 1 },
        { "_atom_site_fract_z", &site->fract[2], 1 },
        { "_atom_site_label", &site->label, 0 },
        { "_atom_site_type_symbol", &site->type, 0 },
        { "_atom_site_occupancy", &site->occupancy, 0 },
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const dft_status status =
            dft_cif_find(self->cif, wanted[i].name, wanted[i].column, self->err);
        if (status)
            return status;
        if (wanted[i].required && !wanted[i].column->first)
            return dft_fail(self->err, DFT_EPARSE,
                            "%s: no %s: the CIF has zero atoms with fractional "
                            "coordinates; add the atom_site loop",
                            path_of(self), wanted[i].name);
        if (wanted[i].column->first && wanted[i].column->n_rows != site->fract[0].n_rows)
            return dft_text_fail(self->cif->text, wanted[i].column->name_line, NULL, self->err,
                                 "%s has %zu rows and _atom_site_fract_x %zu", wanted[i].name,
                                 wanted[i].column->n_rows, site->fract[0].n_rows);
    }
    if (!site->label.first && !site->type.first)
        return dft_text_fail(self->cif->text, site->fract[0].name_line, NULL, self->err,
                             "the atom_site loop lacks _atom_site_label and _atom_site_type_symbol; "
                             "one must name the elements");
    return DFT_OK;
}

/* "Li", "Li1+", "O2-" and labels "Ag1", "O_a": the leading letters, all of them, so that CU is
 * refused rather than read as carbon. */
static dft_status read_element(const cif_reader *self, const site_columns *site, size_t row, int *z)
{
    const dft_cif_token *token = dft_cif_row(&site->type, row);

    if (dft_cif_is_missing(token))
        token = dft_cif_row(&site->label, row);
    if (!token)
        token = dft_cif_row(&site->type, row);
    dft_word symbol = token->word;
    for (size_t i = 0; i < symbol.length; i++)
        if (!isalpha((unsigned char)symbol.begin[i]))
            symbol.length = i;
    *z = dft_word_element(symbol);
    if (*z)
        return DFT_OK;
    return token_fail(self, token,
                      "unknown element in \"%.*s\"; write symbols like Li or Ag in "
                      "_atom_site_type_symbol",
                      dft_word_shown(token->word), token->word.begin);
}

static dft_status check_occupancy(const cif_reader *self, const site_columns *site, size_t row)
{
    const dft_cif_token *token = dft_cif_row(&site->occupancy, row);
    double occupancy;

    if (dft_cif_is_missing(token))
        return DFT_OK;
    if (dft_cif_number(token, &occupancy) && fabs(occupancy - 1.0) < 1e-6)
        return DFT_OK;
    return token_fail(self, token,
                      "occupancy \"%.*s\": disordered sites cannot be computed; give an ordered "
                      "structure with every occupancy 1",
                      dft_word_shown(token->word), token->word.begin);
}

static dft_status read_site(cif_reader *self, const site_columns *site, size_t row)
{
    double x[3];
    int z = 0;
    dft_status status = read_element(self, site, row, &z);

    if (!status)
        status = check_occupancy(self, site, row);
    for (int c = 0; !status && c < 3; c++) {
        const dft_cif_token *token = dft_cif_row(&site->fract[c], row);
        if (!dft_cif_number(token, &x[c]))
            status = token_fail(self, token, "coordinate \"%.*s\" is not a finite number",
                                dft_word_shown(token->word), token->word.begin);
        else if (c == 2)
            status = dft_text_check_position(self->cif->text, token->line, token->word.begin, x,
                                             self->err);
    }
    if (status)
        return status;
    const size_t n = dft_cif_images((const double(*)[3])self->lattice, self->n_ops, self->op, x,
                                    self->position + self->n_atoms);
    for (size_t i = 0; i < n; i++)
        self->z[self->n_atoms++] = z;
    return DFT_OK;
}

static dft_status read_sites(cif_reader *self)
{
    site_columns site;
    dft_status status = find_sites(self, &site);

    if (status)
        return status;
    const size_t n_sites = site.fract[0].n_rows, room = n_sites * self->n_ops;
    status = dft_text_check_count(self->cif->text, site.fract[0].name_line, NULL, n_sites,
                                  self->err);
    if (status)
        return status;
    self->z = dft_alloc_ints(room);
    self->position = dft_alloc(room, sizeof *self->position);
    if (!self->z || !self->position)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %zu atoms", path_of(self), room);
    for (size_t row = 0; !status && row < n_sites; row++) {
        status = read_site(self, &site, row);
        if (!status)
            status = dft_text_check_count(self->cif->text, site.fract[0].name_line, NULL,
                                          self->n_atoms, self->err);
    }
    return status;
}

/* The name behind "data_". */
static dft_status make_remarks(const cif_reader *self, dft_crystal_remarks *remarks)
{
    dft_word name = { "", 0 };

    for (size_t i = 0; i < self->cif->n_tokens && name.length == 0; i++)
        if (self->cif->token[i].kind == DFT_CIF_DATA)
            name = (dft_word){ self->cif->token[i].word.begin + 5,
                               self->cif->token[i].word.length - 5 };
    remarks->format = "CIF";
    return dft_remarks_set_comment(remarks, name.begin, name.length, self->err);
}

dft_status dft_read_cif(const dft_text *text, dft_crystal **out, dft_crystal_remarks *remarks,
                        dft_error *err)
{
    dft_cif cif;
    cif_reader self = { .cif = &cif, .err = err };
    dft_status status = dft_cif_split(text, &cif, err);

    *out = NULL;
    if (!status)
        status = read_cell(&self);
    if (!status)
        status = dft_cif_operations(&cif, (const double(*)[3])self.lattice, &self.n_ops, &self.op,
                                    err);
    if (!status)
        status = read_sites(&self);
    if (!status && remarks)
        status = make_remarks(&self, remarks);
    if (!status)
        status = dft_text_crystal(text, (const double(*)[3])self.lattice, self.n_atoms, self.z,
                                  (const double(*)[3])self.position, out, err);
    free(self.op);
    free(self.z);
    free(self.position);
    dft_cif_clear(&cif);
    return status;
}
