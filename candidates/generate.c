#include "candidates/generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/filters.h"
#include "candidates/matcher.h"
#include "candidates/miller.h"
#include "candidates/mxene.h"
#include "candidates/prototypes.h"
#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define MOST_ELEMENTS 40            /* in one field of decorations.csv */
#define SHEET_VACUUM (15.0 / DFT_BOHR_ANG)
#define MOST_SHAPES 4096

typedef struct {
    cand_library *library;          /* borrowed */
    cand_ions *ions;                /* owned from here */
    cand_prototypes *prototypes;
    size_t n_shapes;
    cand_shape **shape;             /* [MOST_SHAPES]: what the library holds, to be compared with */
    cand_generated count;
} generator;

/* One combination on its way into the library. */
typedef struct {
    char id[64], formula[32], source[256];
    const char *class_name, *prototype;
    bool is_sheet;
} description;

static void clear(generator *self)
{
    for (size_t i = 0; i < self->n_shapes; i++)
        cand_shape_free(self->shape[i]);
    free(self->shape);
    cand_prototypes_free(self->prototypes);
    cand_ions_free(self->ions);
}

static dft_status open(generator *self, const char *directory, dft_error *err)
{
    dft_status status = cand_ions_read(directory, &self->ions, err);

    if (status == DFT_OK)
        status = cand_prototypes_read(directory, &self->prototypes, err);
    return status;
}

/* ---- duplicates ---- */

/* Sheets are compared with one vacuum: how much of it a file has says nothing. */
static dft_status add_shape(generator *self, const dft_crystal *crystal, bool is_sheet, dft_error *err)
{
    dft_crystal *sheet = NULL;
    dft_status status = DFT_OK;

    if (self->n_shapes == MOST_SHAPES)
        return dft_fail(err, DFT_EINPUT, "more than %d structures to compare with", MOST_SHAPES);
    if (is_sheet)
        status = cand_sheet_create(crystal, SHEET_VACUUM, &sheet, NULL, err);
    if (status == DFT_OK)
        status = cand_shape_create(sheet ? sheet : crystal, &self->shape[self->n_shapes], err);
    dft_crystal_free(sheet);
    self->n_shapes += status == DFT_OK;
    return status;
}

static dft_status remember_library(generator *self, dft_error *err)
{
    dft_status status = DFT_OK;

    self->shape = dft_alloc(MOST_SHAPES, sizeof *self->shape);
    if (!self->shape)
        return dft_fail(err, DFT_ENOMEM, "no memory for %d structures", MOST_SHAPES);
    for (size_t i = 0; i < cand_library_size(self->library) && status == DFT_OK; i++) {
        const cand_entry *entry = cand_library_entry(self->library, i);
        dft_crystal *crystal = NULL;
        status = cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &crystal, err);
        if (status == DFT_OK)
            status = add_shape(self, crystal, entry->is_sheet, err);
        dft_crystal_free(crystal);
    }
    return status;
}

/* A start estimate may be far off in volume and by some in its free parameters: shape decides. */
static dft_status is_known(generator *self, const dft_crystal *crystal, bool is_sheet, bool *known,
                           dft_error *err)
{
    cand_match_options options = cand_match_defaults();
    cand_match match = { .same = false };
    dft_status status = add_shape(self, crystal, is_sheet, err);

    options.volume = 0.5;
    options.strain = is_sheet ? 0.1 : 0.02; /* ideal axial ratios; thickness and a, fixed vacuum */
    options.distance = 0.3 / DFT_BOHR_ANG;
    for (size_t i = 0; i + 1 < self->n_shapes && status == DFT_OK && !match.same; i++)
        status = cand_shapes_match(self->shape[i], self->shape[self->n_shapes - 1], &options, &match,
                                   err);
    *known = match.same;
    return status;
}

/* ---- one structure ---- */

static dft_status add_to_library(cand_library *library, const description *what,
                                 const dft_crystal *crystal, const cand_entry **out, dft_error *err)
{
    const cand_new_entry entry = { .id = what->id, .formula = what->formula,
                                   .class_name = what->class_name, .prototype = what->prototype,
                                   .origin = "estimate", .source = what->source,
                                   .note = "start estimate: relax the cell before use",
                                   .is_sheet = what->is_sheet };
    return cand_library_add(library, &entry, crystal, out, err);
}

/* Filters, then the library.  A failure to build for want of data is counted, not passed on. */
static dft_status take(generator *self, const description *what, dft_status built,
                       const dft_crystal *crystal, dft_error *err)
{
    bool known = false;
    dft_status status = DFT_OK;

    self->count.tried++;
    if (built == DFT_EINPUT) {
        self->count.no_size++;
        return DFT_OK;
    }
    if (built != DFT_OK)
        return built;
    const double contact = cand_closest_contact(crystal, NULL, NULL);
    if (!(contact >= CAND_CONTACT_LEAST && contact <= CAND_CONTACT_MOST)) {
        self->count.bad_distance++;
        return DFT_OK;
    }
    /* MXenes are metals or covalent: charges say nothing of them (Sc2CO2 is a known sheet). */
    if (!what->is_sheet && !cand_charge_is_possible(cand_charge_judge(self->ions, crystal->n_atoms, crystal->z))) {
        self->count.not_neutral++;
        return DFT_OK;
    }
    known = cand_library_by_id(self->library, what->id) != NULL;
    if (!known)
        status = is_known(self, crystal, what->is_sheet, &known, err);
    if (status != DFT_OK)
        return status;
    self->count.known += known;
    self->count.added += !known;
    return known ? DFT_OK : add_to_library(self->library, what, crystal, NULL, err);
}

static dft_status make_prototype(const generator *self, size_t type, const int z[2],
                                 description *what, dft_crystal **crystal, dft_error *err)
{
    const cand_prototype *prototype = cand_prototypes_entry(self->prototypes, type);

    cand_prototype_formula(prototype, z, what->formula);
    snprintf(what->id, sizeof what->id, "%s_%s", what->formula, prototype->id);
    what->prototype = prototype->designation;
    snprintf(what->source, sizeof what->source, "prototype %s, lattice constant from %s",
             prototype->designation, strcmp(prototype->rule, "bond") == 0
             ? "ionic radii (Shannon 1976)" : "atomic volumes of the elements");
    return cand_prototype_decorate(self->prototypes, type, self->ions, z, crystal, err);
}

static dft_status make_mxene(const generator *self, const cand_mxene *mxene, description *what,
                             dft_crystal **crystal, dft_error *err)
{
    char id[48];

    cand_mxene_formula(mxene, what->formula);
    cand_mxene_id(mxene, id);
    snprintf(what->id, sizeof what->id, "%s", id);
    what->prototype = "MXene";
    what->is_sheet = true;
    snprintf(what->source, sizeof what->source, "MXene sheet, stacking of rock salt (111), %s; bonds from "
             "radii fitted to the PBE sheets of Ontiveros et al. (2025)",
             !mxene->termination[0] ? "bare"
             : mxene->hcp ? "termination on the hcp hollow" : "termination on the fcc hollow");
    return cand_mxene_build(mxene, self->ions, SHEET_VACUUM, crystal, err);
}

/* ---- decorations.csv ---- */

typedef struct {
    const dft_csv *csv;
    size_t row;
    const char *class_name;
    size_t n[3];
    char word[3][MOST_ELEMENTS][8]; /* the words of a, b, c */
} decoration;

static dft_status split_words(decoration *d, int k, const char *text, dft_error *err)
{
    d->n[k] = 0;
    while (*(text += strspn(text, " ")) != '\0') {
        const size_t length = strcspn(text, " ");
        if (length >= sizeof d->word[k][0] || d->n[k] == MOST_ELEMENTS)
            return dft_fail(err, DFT_EPARSE, "%s:%d: '%.20s': at most %d short words",
                            dft_csv_path(d->csv), dft_csv_line(d->csv, d->row), text, MOST_ELEMENTS);
        snprintf(d->word[k][d->n[k]++], sizeof d->word[k][0], "%.*s", (int)length, text);
        text += length;
    }
    return DFT_OK;
}

static dft_status element_of(const decoration *d, const char *word, int *z, dft_error *err)
{
    *z = dft_element_number(word);
    return *z ? DFT_OK : dft_fail(err, DFT_EPARSE, "%s:%d: '%s' is not an element symbol",
                                  dft_csv_path(d->csv), dft_csv_line(d->csv, d->row), word);
}

static dft_status decorate_prototype(generator *self, const decoration *d, const char *id,
                                     dft_error *err)
{
    size_t type;
    dft_error why;
    dft_status status = DFT_OK;

    if (cand_prototypes_find(self->prototypes, id, &type, &why) != DFT_OK)
        return dft_fail(err, DFT_EPARSE, "%s:%d: %.300s", dft_csv_path(d->csv),
                        dft_csv_line(d->csv, d->row), why.message);
    const int n_slots = cand_prototypes_entry(self->prototypes, type)->n_slots;
    if (d->n[0] == 0 || (d->n[1] > 0) != (n_slots == 2))
        return dft_fail(err, DFT_EPARSE, "%s:%d: %s has %d slots; give elements for each",
                        dft_csv_path(d->csv), dft_csv_line(d->csv, d->row), id, n_slots);
    for (size_t i = 0; i < d->n[0] && status == DFT_OK; i++)
        for (size_t j = 0; j < (n_slots == 2 ? d->n[1] : 1) && status == DFT_OK; j++) {
            description what = { .class_name = d->class_name };
            dft_crystal *crystal = NULL;
            int z[2] = { 0, 0 };
            status = element_of(d, d->word[0][i], &z[0], err);
            if (status == DFT_OK && n_slots == 2)
                status = element_of(d, d->word[1][j], &z[1], err);
            if (status != DFT_OK || z[0] == z[1])
                continue;
            const dft_status built = make_prototype(self, type, z, &what, &crystal, err);
            status = take(self, &what, built, crystal, err);
            dft_crystal_free(crystal);
        }
    return status;
}

static dft_status decorate_mxene(generator *self, const decoration *d, int n_metals, dft_error *err)
{
    dft_status status = DFT_OK;

    if (n_metals < 2 || n_metals > 5 || d->n[0] == 0 || d->n[1] == 0 || d->n[2] == 0)
        return dft_fail(err, DFT_EPARSE, "%s:%d: MXene-2 to MXene-5 need metals, C or N, and "
                        "terminations", dft_csv_path(d->csv), dft_csv_line(d->csv, d->row));
    for (size_t k = 0; k < 2 * d->n[0] * d->n[1] * d->n[2] && status == DFT_OK; k++) {
        const char *termination = d->word[2][k / 2 % d->n[2]];
        cand_mxene mxene = { .n = n_metals - 1, .hcp = k % 2,
                             .termination = strcmp(termination, "-") == 0 ? "" : termination };
        description what = { .class_name = d->class_name };
        dft_crystal *crystal = NULL;
        status = element_of(d, d->word[1][k / 2 / d->n[2] % d->n[1]], &mxene.x, err);
        if (status == DFT_OK)
            status = element_of(d, d->word[0][k / 2 / d->n[2] / d->n[1]], &mxene.metal, err);
        if (status != DFT_OK || (mxene.hcp && !mxene.termination[0]))
            continue;
        const dft_status built = make_mxene(self, &mxene, &what, &crystal, err);
        status = take(self, &what, built, crystal, err);
        dft_crystal_free(crystal);
    }
    return status;
}

static dft_status decorate_row(generator *self, const dft_csv *csv, size_t row,
                               const size_t column[5], dft_error *err)
{
    static const char mxene[] = "MXene-";
    const char *id = dft_csv_text(csv, row, column[0]);
    decoration d = { .csv = csv, .row = row, .class_name = dft_csv_text(csv, row, column[1]) };
    dft_status status = DFT_OK;

    for (int k = 0; k < 3 && status == DFT_OK; k++)
        status = split_words(&d, k, dft_csv_text(csv, row, column[2 + k]), err);
    if (status != DFT_OK)
        return status;
    if (strncmp(id, mxene, strlen(mxene)) == 0)
        return decorate_mxene(self, &d, atoi(id + strlen(mxene)), err);
    return decorate_prototype(self, &d, id, err);
}

dft_status cand_generate(const char *directory, cand_library *library, cand_generated *count,
                         dft_error *err)
{
    static const char *const names[] = { "prototype", "class", "a", "b", "c" };
    generator self = { .library = library };
    char *path = dft_path_join(directory, "decorations.csv");
    dft_csv *csv = NULL;
    size_t column[5];
    dft_status status = path ? open(&self, directory, err)
                             : dft_fail(err, DFT_ENOMEM, "decorations: out of memory");

    if (status == DFT_OK)
        status = dft_csv_read(path, &csv, err);
    for (int k = 0; k < 5 && status == DFT_OK; k++)
        status = dft_csv_column(csv, names[k], &column[k], err);
    if (status == DFT_OK)
        status = remember_library(&self, err);
    for (size_t row = 0; status == DFT_OK && row < dft_csv_n_rows(csv); row++)
        status = decorate_row(&self, csv, row, column, err);
    if (count)
        *count = self.count;
    dft_csv_free(csv);
    free(path);
    clear(&self);
    return status;
}

/* ---- one by its id ---- */

/* "Ti3C2", "AlLi3": up to four elements with their counts, in order.  Returns how many, 0 when the text
 * is no formula. */
static int parse_formula(const char *text, size_t length, int z[4], int n[4])
{
    const char *end = text + length;
    int count = 0;

    while (text < end && count < 4) {
        char symbol[3] = { *text++, '\0', '\0' };
        if (text < end && *text >= 'a' && *text <= 'z')
            symbol[1] = *text++;
        z[count] = dft_element_number(symbol);
        n[count] = 0;
        while (text < end && *text >= '0' && *text <= '9' && n[count] < 100)
            n[count] = 10 * n[count] + (*text++ - '0');
        n[count] += n[count] == 0;
        if (z[count++] == 0)
            return 0;
    }
    return text == end ? count : 0;
}

/* Slots take the elements whose numbers fit; equal numbers keep the order of the formula. */
static bool fill_slots(const cand_prototype *type, int n_elements, const int *z, const int *n,
                       int slot[2])
{
    if (n_elements != type->n_slots)
        return false;
    if (n_elements == 1 || (n[0] == type->count[0] && n[1] == type->count[1])) {
        slot[0] = z[0];
        slot[1] = n_elements == 2 ? z[1] : 0;
        return true;
    }
    slot[0] = z[1];
    slot[1] = z[0];
    return n[0] == type->count[1] && n[1] == type->count[0];
}

/* "Ti3C2O2_hcp": metal, X, termination. */
static bool parse_mxene(const char *id, const char *tail, int n_elements, const int *z, const int *n,
                        char termination[8], cand_mxene *out)
{
    const bool bare = strcmp(tail, "1T") == 0;

    *out = (cand_mxene){ .n = n[0] - 1, .metal = z[0], .x = z[1], .hcp = strcmp(tail, "hcp") == 0,
                         .termination = termination };
    termination[0] = '\0';
    if (n_elements < 2 || n_elements != (bare ? 2 : strstr(id, "OH2_") ? 4 : 3))
        return false;
    if (!bare)
        snprintf(termination, 8, "%s%s", dft_element_symbol(z[2]), n_elements == 4 ? "H" : "");
    return (bare || out->hcp || strcmp(tail, "fcc") == 0) && (n[1] == n[0] - 1);
}

dft_status cand_generate_one(const char *directory, const char *id, cand_library *library, bool *known,
                             const cand_entry **out, dft_error *err)
{
    const char *tail = strrchr(id, '_');
    generator self = { .library = library };
    description what = { .class_name = "generated" };
    cand_mxene mxene;
    dft_crystal *crystal = NULL;
    int z[4] = { 0 }, n[4] = { 0 }, slot[2];
    char termination[8];
    size_t type;

    *known = false;
    *out = NULL;
    const int n_elements = tail ? parse_formula(id, (size_t)(tail - id), z, n) : 0;
    if (n_elements == 0)
        return DFT_OK;
    dft_status status = open(&self, directory, err);
    if (status == DFT_OK && parse_mxene(id, tail + 1, n_elements, z, n, termination, &mxene)) {
        *known = true;
        status = make_mxene(&self, &mxene, &what, &crystal, err);
    } else if (status == DFT_OK && cand_prototypes_find(self.prototypes, tail + 1, &type, NULL) == DFT_OK
               && fill_slots(cand_prototypes_entry(self.prototypes, type), n_elements, z, n, slot)) {
        *known = true;
        status = make_prototype(&self, type, slot, &what, &crystal, err);
    }
    if (status == DFT_OK && *known) {
        snprintf(what.id, sizeof what.id, "%.63s", id);
        status = add_to_library(library, &what, crystal, out, err);
    }
    dft_crystal_free(crystal);
    clear(&self);
    return status;
}
