#include "candidates/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/defects.h"
#include "candidates/enumerate.h"
#include "candidates/generate.h"
#include "candidates/miller.h"
#include "candidates/names.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/crystal/elements.h"

/* A candidate that is not in the table: made from its name. */
typedef struct named_candidate {
    struct named_candidate *next;   /* owned */
    cand_candidate candidate;
    char name[96], facet[40], data_sets[128], film_facet[40], defect[32];
} named_candidate;

struct cand_catalog {
    dft_csv *csv;                   /* owned: the candidates' texts point into it */
    size_t n;
    cand_candidate *candidate;      /* owned, [n] */
    cand_library *library;          /* borrowed */
    char *directory;                /* owned */
    named_candidate *named;         /* owned */
};

static const char *const columns[] = {
    "name", "family", "structure", "facet", "termination", "state", "data_sets", "remark"
};
enum { NAME, FAMILY, STRUCTURE, FACET, TERMINATION, STATE, DATA_SETS, REMARK, N_COLUMNS };

static const char *const families[] = { "metal", "alloy", "mxene", "oxide" };
#define N_FAMILIES (sizeof families / sizeof *families)

/* A fault in one field, with file and line in front. */
static dft_status field_fail(const dft_csv *csv, size_t row, const char *why, const char *value,
                             dft_error *err)
{
    return dft_fail(err, DFT_EPARSE, "%s:%d: %s: '%s'", dft_csv_path(csv), dft_csv_line(csv, row),
                    why, value);
}

static dft_status check_family(const dft_csv *csv, size_t row, const char *family, dft_error *err)
{
    for (size_t k = 0; k < N_FAMILIES; k++)
        if (strcmp(family, families[k]) == 0)
            return DFT_OK;
    return field_fail(csv, row, "the family must be metal, alloy, mxene or oxide", family, err);
}

static bool has_element(const cand_entry *entry, int z)
{
    for (size_t a = 0; a < entry->n_atoms; a++)
        if (entry->z[a] == z)
            return true;
    return false;
}

/* "Ag=Ag.11,Mg=Mg.2": symbols of the structure's elements, each with the name of a data set. */
static dft_status check_data_sets(const dft_csv *csv, size_t row, const char *text,
                                  const cand_entry *entry, dft_error *err)
{
    const char *at = text;

    while (*at != '\0') {
        const size_t length = strcspn(at, ","), symbol_length = strcspn(at, "=,");
        char symbol[4] = "";
        if (symbol_length > 3 || symbol_length + 1 >= length)
            return field_fail(csv, row, "data sets are written like Ag=Ag.11,Mg=Mg.2", text, err);
        memcpy(symbol, at, symbol_length);
        if (!has_element(entry, dft_element_number(symbol)))
            return field_fail(csv, row, "a data set is given for an element that the structure "
                              "does not have", symbol, err);
        at += length + (at[length] == ',');
    }
    return DFT_OK;
}

static dft_status read_facet(const dft_csv *csv, size_t row, const size_t *column,
                             cand_candidate *self, dft_error *err)
{
    double termination;
    dft_error why;
    dft_status status = dft_csv_number(csv, row, column[TERMINATION], &termination, err);

    if (status != DFT_OK)
        return status;
    self->termination = (int)termination;
    if (termination < 0.0 || termination > 99.0 || self->termination != termination)
        return field_fail(csv, row, "termination must be a whole number from 0 on",
                          dft_csv_text(csv, row, column[TERMINATION]), err);
    self->is_sheet = strcmp(self->facet, "sheet") == 0;
    if (self->is_sheet != self->structure->is_sheet)
        return field_fail(csv, row, "'sheet' is the facet of two-dimensional structures, and of "
                          "those only", self->facet, err);
    self->miller[2] = 1;
    if (!self->is_sheet && cand_miller_parse(self->facet, self->miller, &self->four_indices, &why))
        return dft_fail(err, DFT_EPARSE, "%s:%d: %.400s", dft_csv_path(csv), dft_csv_line(csv, row),
                        why.message);
    return DFT_OK;
}

static dft_status read_candidate(const dft_csv *csv, size_t row, const size_t *column,
                                 const cand_library *library, cand_candidate *self, dft_error *err)
{
    dft_error why;
    dft_status status;

    *self = (cand_candidate){
        .name = dft_csv_text(csv, row, column[NAME]),
        .family = dft_csv_text(csv, row, column[FAMILY]),
        .facet = dft_csv_text(csv, row, column[FACET]),
        .state = dft_csv_text(csv, row, column[STATE]),
        .data_sets = dft_csv_text(csv, row, column[DATA_SETS]),
        .remark = dft_csv_text(csv, row, column[REMARK])
    };
    if (self->name[0] == '\0' || self->state[0] == '\0')
        return field_fail(csv, row, "name and state must not be empty", self->name, err);
    if (cand_library_find(library, dft_csv_text(csv, row, column[STRUCTURE]), &self->structure,
                          &why))
        return dft_fail(err, DFT_EPARSE, "%s:%d: %.400s", dft_csv_path(csv), dft_csv_line(csv, row),
                        why.message);
    status = check_family(csv, row, self->family, err);
    if (status == DFT_OK)
        status = read_facet(csv, row, column, self, err);
    if (status == DFT_OK)
        status = check_data_sets(csv, row, self->data_sets, self->structure, err);
    return status;
}

static dft_status read_rows(cand_catalog *self, const cand_library *library, dft_error *err)
{
    size_t column[N_COLUMNS];
    dft_status status = DFT_OK;

    for (size_t k = 0; k < N_COLUMNS && status == DFT_OK; k++)
        status = dft_csv_column(self->csv, columns[k], &column[k], err);
    for (size_t row = 0; row < self->n && status == DFT_OK; row++) {
        status = read_candidate(self->csv, row, column, library, &self->candidate[row], err);
        for (size_t i = 0; i < row && status == DFT_OK; i++)
            if (strcmp(self->candidate[i].name, self->candidate[row].name) == 0)
                status = field_fail(self->csv, row, "this name is used already; choose another",
                                    self->candidate[row].name, err);
    }
    return status;
}

dft_status cand_catalog_read(const char *directory, cand_library *library, cand_catalog **out,
                             dft_error *err)
{
    const size_t size = strlen(directory) + sizeof "/candidates.csv";
    char *path = dft_alloc(size, 1);
    cand_catalog *self = dft_alloc(1, sizeof *self);
    dft_status status;

    *out = NULL;
    if (self) {
        self->library = library;
        self->directory = dft_strdup(directory);
    }
    if (!path || !self || !self->directory) {
        status = dft_fail(err, DFT_ENOMEM, "candidates in %s: out of memory", directory);
        goto done;
    }
    snprintf(path, size, "%s/candidates.csv", directory);
    status = dft_csv_read(path, &self->csv, err);
    if (status != DFT_OK)
        goto done;
    self->n = dft_csv_n_rows(self->csv);
    self->candidate = dft_alloc(self->n, sizeof *self->candidate);
    if (!self->candidate) {
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
        goto done;
    }
    status = read_rows(self, library, err);
    if (status != DFT_OK)
        goto done;
    *out = self;
    self = NULL;
done:
    cand_catalog_free(self);
    free(path);
    return status;
}

void cand_catalog_free(cand_catalog *catalog)
{
    if (!catalog)
        return;
    for (named_candidate *next, *named = catalog->named; named; named = next) {
        next = named->next;
        free(named);
    }
    free(catalog->directory);
    free(catalog->candidate);
    dft_csv_free(catalog->csv);
    free(catalog);
}

size_t cand_catalog_size(const cand_catalog *catalog)
{
    return catalog->n;
}

const cand_candidate *cand_catalog_entry(const cand_catalog *catalog, size_t i)
{
    return &catalog->candidate[i];
}

static dft_status unknown_candidate(const cand_catalog *catalog, const char *name,
                                    const char *choices, dft_error *err)
{
    const char **names = dft_alloc(catalog->n, sizeof *names);
    const char *nearest;

    if (!names)
        return dft_fail(err, DFT_ENOMEM, "candidates: out of memory");
    for (size_t i = 0; i < catalog->n; i++)
        names[i] = catalog->candidate[i].name;
    nearest = cand_nearest_name(name, names, catalog->n);
    free(names);
    if (choices[0] != '\0')
        return dft_fail(err, DFT_EINPUT, "'%s' means several candidates; choose one of %s", name,
                        choices);
    if (nearest)
        return dft_fail(err, DFT_EINPUT, "no candidate is called '%s'; did you mean '%s'?", name,
                        nearest);
    return dft_fail(err, DFT_EINPUT, "no candidate is called '%s'; the names are in %s", name,
                    dft_csv_path(catalog->csv));
}

/* ---- candidates by the name of their surface ---- */

/* Data sets that the table chooses for elements of the structure: "Ag=Ag.11". */
static void collect_data_sets(const cand_catalog *catalog, named_candidate *named)
{
    for (size_t i = 0; i < catalog->n; i++)
        for (const char *at = catalog->candidate[i].data_sets; *at;) {
            const size_t length = strcspn(at, ","), used = strlen(named->data_sets);
            char choice[48], symbol[4] = "";
            snprintf(choice, sizeof choice, "%.*s", (int)length, at);
            snprintf(symbol, sizeof symbol, "%.*s", (int)strcspn(choice, "="), choice);
            if ((has_element(named->candidate.structure, dft_element_number(symbol))
                 || (named->candidate.film
                     && has_element(named->candidate.film, dft_element_number(symbol))))
                && !strstr(named->data_sets, choice))
                snprintf(named->data_sets + used, sizeof named->data_sets - used, "%s%s",
                         used ? "," : "", choice);
            at += length + (at[length] == ',');
        }
}

/* "10-10-t1" -> "10-10" and 1; a name without -tN is termination 0. */
static dft_status split_termination(const char *tail, named_candidate *named, dft_error *err)
{
    const char *mark = strstr(tail, "-t");
    char *end = NULL;

    snprintf(named->facet, sizeof named->facet, "%.*s",
             (int)(mark ? (size_t)(mark - tail) : strlen(tail)), tail);
    if (!mark)
        return DFT_OK;
    const long n = strtol(mark + 2, &end, 10);
    named->candidate.termination = (int)n;
    if (mark[2] >= '0' && mark[2] <= '9' && *end == '\0' && n <= 99)
        return DFT_OK;
    return dft_fail(err, DFT_EINPUT, "'%s': a termination is written as -t and its number, -t1", tail);
}

static dft_status read_surface_name(const char *tail, named_candidate *named, dft_error *err)
{
    cand_candidate *self = &named->candidate;
    dft_status status = split_termination(tail, named, err);

    if (status != DFT_OK)
        return status;
    self->facet = named->facet;
    self->is_sheet = strcmp(named->facet, "sheet") == 0;
    self->miller[2] = 1;
    if (self->is_sheet != self->structure->is_sheet)
        return dft_fail(err, DFT_EINPUT, "%s is %s: its facet is %s", self->structure->id,
                        self->is_sheet ? "no sheet" : "a sheet",
                        self->is_sheet ? "written as Miller indices" : "'sheet'");
    return self->is_sheet ? DFT_OK
                          : cand_miller_parse(named->facet, self->miller, &self->four_indices, err);
}

/* The structure that the text before the dash names; NULL when there is none. */
static dft_status find_structure(cand_catalog *catalog, const char *name, const cand_entry **out,
                                 dft_error *err)
{
    bool known;

    if (cand_library_find(catalog->library, name, out, NULL) == DFT_OK)
        return DFT_OK;
    return cand_generate_one(catalog->directory, name, catalog->library, &known, out, err);
}

/* *out stays NULL when the name does not begin with a structure. */
static dft_status make_named(cand_catalog *catalog, const char *name, const cand_candidate **out,
                             dft_error *err)
{
    const char *dash = strchr(name, '-');
    char structure[96];
    dft_status status;

    if (!dash || strlen(name) >= sizeof structure)
        return DFT_OK;
    snprintf(structure, sizeof structure, "%.*s", (int)(dash - name), name);
    named_candidate *named = dft_alloc(1, sizeof *named);
    if (!named)
        return dft_fail(err, DFT_ENOMEM, "candidates: out of memory");
    status = find_structure(catalog, structure, &named->candidate.structure, err);
    const bool found = named->candidate.structure != NULL;
    if (status == DFT_OK && found)
        status = read_surface_name(dash + 1, named, err);
    if (status != DFT_OK || !found) {
        free(named);
        return status;
    }
    snprintf(named->name, sizeof named->name, "%s", name);
    collect_data_sets(catalog, named);
    named->candidate.name = named->name;
    named->candidate.family = cand_family_of(named->candidate.structure);
    named->candidate.state = "pristine";
    named->candidate.data_sets = named->data_sets;
    named->candidate.remark = named->candidate.structure->note;
    named->next = catalog->named;
    catalog->named = named;
    *out = &named->candidate;
    return DFT_OK;
}

/* ---- coatings and defects ---- */

/* "Ag-111x3": structure, facet and layers of a coating. */
static dft_status read_film(cand_catalog *catalog, const char *text, named_candidate *named,
                            dft_error *err)
{
    cand_candidate *self = &named->candidate;
    const char *dash = strchr(text, '-'), *times = strrchr(text, 'x');
    char structure[96], *end = NULL;
    bool four = false;

    if (!dash || !times || times < dash || strlen(text) >= sizeof structure
        || (size_t)(times - dash) > sizeof named->film_facet)
        return dft_fail(err, DFT_EINPUT, "'%s': a coating is written as structure, facet and layers: "
                        "+Ag-111x3", text);
    const long layers = strtol(times + 1, &end, 10);
    if (end == times + 1 || *end || layers < 1 || layers > 20)
        return dft_fail(err, DFT_EINPUT, "'%s': a coating has 1 to 20 layers, as in +Ag-111x3", text);
    snprintf(structure, sizeof structure, "%.*s", (int)(dash - text), text);
    snprintf(named->film_facet, sizeof named->film_facet, "%.*s", (int)(times - dash - 1), dash + 1);
    self->film_layers = (int)layers;
    self->film_facet = named->film_facet;
    const dft_status status = cand_library_find(catalog->library, structure, &self->film, err);
    if (status == DFT_OK && self->film->is_sheet)
        return dft_fail(err, DFT_EINPUT, "%s is a sheet, not a coating", structure);
    return status == DFT_OK ? cand_miller_parse(named->film_facet, self->film_miller, &four, err)
                            : status;
}

static dft_status read_defect(const char *text, named_candidate *named, dft_error *err)
{
    cand_defect defect;
    dft_error why = { DFT_OK, "" };

    if (strlen(text) >= sizeof named->defect)
        return dft_fail(err, DFT_EINPUT, "'%s' is too long for a defect", text);
    snprintf(named->defect, sizeof named->defect, "%s", text);
    named->candidate.defect = named->defect;
    return cand_defect_parse(text, &defect, &why) == DFT_OK ? DFT_OK
                                                            : dft_fail(err, DFT_EINPUT, "%s", why.message);
}

/* BASE+COATING or BASE~DEFECT, of which BASE is any name of a candidate. */
static dft_status make_decorated(cand_catalog *catalog, const char *name, const cand_candidate **out,
                                 dft_error *err)
{
    const size_t length = strcspn(name, "+~");
    const cand_candidate *base = NULL;
    char text[96];
    dft_status status;

    if (strlen(name) >= sizeof text)
        return dft_fail(err, DFT_EINPUT, "the name '%.60s...' is too long", name);
    snprintf(text, sizeof text, "%.*s", (int)length, name);
    status = cand_catalog_find(catalog, text, &base, err);
    if (status != DFT_OK)
        return status;
    named_candidate *named = dft_alloc(1, sizeof *named);
    if (!named)
        return dft_fail(err, DFT_ENOMEM, "candidates: out of memory");
    named->candidate = *base;
    snprintf(named->name, sizeof named->name, "%s", name);
    named->candidate.name = named->name;
    status = name[length] == '+' ? read_film(catalog, name + length + 1, named, err)
                                 : read_defect(name + length + 1, named, err);
    if (status != DFT_OK) {
        free(named);
        return status;
    }
    collect_data_sets(catalog, named);
    named->candidate.data_sets = named->data_sets;
    if (named->candidate.film)
        named->candidate.family = "coating";
    named->next = catalog->named;
    catalog->named = named;
    *out = &named->candidate;
    return DFT_OK;
}

dft_status cand_catalog_find(cand_catalog *catalog, const char *name, const cand_candidate **out,
                             dft_error *err)
{
    const cand_candidate *found = NULL;
    char choices[256] = "";
    size_t n_found = 0;

    *out = NULL;
    for (size_t i = 0; i < catalog->n; i++) {
        const cand_candidate *candidate = &catalog->candidate[i];
        const size_t used = strlen(choices);
        if (strcmp(candidate->name, name) == 0) {
            *out = candidate;
            return DFT_OK;
        }
        if (strcmp(candidate->structure->id, name) != 0
            && strcmp(candidate->structure->formula, name) != 0)
            continue;
        snprintf(choices + used, sizeof choices - used, "%s%s", used ? ", " : "", candidate->name);
        found = candidate;
        n_found++;
    }
    for (const named_candidate *named = catalog->named; named && !*out; named = named->next)
        if (strcmp(named->name, name) == 0)
            *out = &named->candidate;
    if (*out || n_found == 1) {
        *out = *out ? *out : found;
        return DFT_OK;
    }
    if (name[strcspn(name, "+~")] != '\0')
        return make_decorated(catalog, name, out, err);
    const dft_status status = n_found ? DFT_OK : make_named(catalog, name, out, err);
    return status != DFT_OK || *out ? status : unknown_candidate(catalog, name, choices, err);
}

const char *cand_candidate_formula(const cand_candidate *candidate)
{
    return candidate->film ? candidate->film->formula : candidate->structure->formula;
}

cand_recipe cand_candidate_recipe(const cand_candidate *candidate)
{
    cand_recipe recipe = { .is_sheet = candidate->is_sheet, .termination = candidate->termination,
                           .film_layers = candidate->film ? candidate->film_layers : 0 };

    memcpy(recipe.miller, candidate->miller, sizeof recipe.miller);
    memcpy(recipe.film_miller, candidate->film_miller, sizeof recipe.film_miller);
    if (candidate->defect)
        snprintf(recipe.defect, sizeof recipe.defect, "%s", candidate->defect);
    return recipe;
}

dft_status cand_candidate_slab(const cand_candidate *candidate,
                               const dft_crystal *conventional_bulk,
                               int n_layers, double vacuum, dft_crystal **slab,
                               cand_slab_info *info, dft_error *err)
{
    const cand_recipe recipe = cand_candidate_recipe(candidate);
    dft_crystal *own = NULL, *film = NULL;
    const dft_crystal *bulk = conventional_bulk;
    dft_status status = DFT_OK;

    *slab = NULL;
    if (!bulk) {
        status = cand_entry_crystal(candidate->structure, CAND_CELL_CONVENTIONAL, &own, err);
        bulk = own;
    }
    if (status == DFT_OK && candidate->film)
        status = cand_entry_crystal(candidate->film, CAND_CELL_CONVENTIONAL, &film, err);
    if (status == DFT_OK)
        status = cand_recipe_build(&recipe, bulk, film, n_layers, vacuum, slab, info, NULL, err);
    dft_crystal_free(film);
    dft_crystal_free(own);
    return status;
}
