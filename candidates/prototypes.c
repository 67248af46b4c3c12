#include "candidates/prototypes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/miller.h"
#include "candidates/names.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/groups.h"
#include "dft-lite/crystal/read_cifops.h"

typedef struct {
    size_t type;                    /* index of the prototype */
    int slot;
    double x[3];
} orbit;

struct cand_prototypes {
    dft_csv *types, *sites;         /* owned: texts point into types */
    size_t n_types, n_orbits;
    cand_prototype *type;           /* owned, [n_types] */
    int *hall_number;               /* owned, [n_types] */
    orbit *orbits;                  /* owned, [n_orbits] */
};

static dft_status row_fail(const dft_csv *csv, size_t row, const char *why, const char *value,
                           dft_error *err)
{
    return dft_fail(err, DFT_EPARSE, "%s:%d: %s: '%s'", dft_csv_path(csv), dft_csv_line(csv, row),
                    why, value);
}

/* "A3B" -> 3, 1. */
static int parse_formula(const char *text, int count[2])
{
    int n = 0;

    count[0] = count[1] = 0;
    while (*text && n < 2 && *text == 'A' + n) {
        char *end;
        const long number = strtol(++text, &end, 10);
        count[n++] = end == text ? 1 : (int)number;
        text = end;
    }
    return *text == '\0' && n > 0 && count[0] > 0 && (n == 1 || count[1] > 0) ? n : 0;
}

static dft_status read_type(cand_prototypes *self, size_t row, dft_error *err)
{
    static const char *const names[] = { "id", "designation", "formula", "rule", "hall_number",
                                         "c_over_a", "gamma_deg", "factor", "coordination_a",
                                         "coordination_b" };
    const dft_csv *csv = self->types;
    cand_prototype *type = &self->type[row];
    size_t column[10];
    double number[10] = { 0.0 };
    dft_status status = DFT_OK;

    for (int k = 0; k < 10 && status == DFT_OK; k++) {
        status = dft_csv_column(csv, names[k], &column[k], err);
        if (status == DFT_OK && k >= 4)
            status = k < 7 ? dft_csv_number(csv, row, column[k], &number[k], err)
                           : dft_csv_optional_number(csv, row, column[k], &number[k], err);
    }
    if (status != DFT_OK)
        return status;
    *type = (cand_prototype){ .id = dft_csv_text(csv, row, column[0]),
                              .designation = dft_csv_text(csv, row, column[1]),
                              .rule = dft_csv_text(csv, row, column[3]),
                              .c_over_a = number[5], .gamma_deg = number[6], .factor = number[7] };
    type->n_slots = parse_formula(dft_csv_text(csv, row, column[2]), type->count);
    if (type->n_slots == 0)
        return row_fail(csv, row, "a formula is written like AB or A3B",
                        dft_csv_text(csv, row, column[2]), err);
    const int is_bond = strcmp(type->rule, "bond") == 0;
    if (!is_bond && strcmp(type->rule, "volume") != 0)
        return row_fail(csv, row, "the rule is volume or bond", type->rule, err);
    if (is_bond && (type->n_slots != 2 || !(number[7] > 0.0) || !(number[8] > 0.0)
                    || !(number[9] > 0.0)))
        return row_fail(csv, row, "the bond rule needs A and B, a factor and two coordinations",
                        type->id, err);
    if (number[4] < 1.0 || number[4] > 530.0 || number[5] <= 0.0
        || (number[6] != 90.0 && number[6] != 120.0))
        return row_fail(csv, row, "hall_number is 1 to 530, c_over_a positive, gamma 90 or 120",
                        type->id, err);
    for (int k = 0; k < 2 && is_bond; k++)
        type->coordination[k] = (int)number[8 + k];
    self->hall_number[row] = (int)number[4];
    type->space_group_number = dft_group_number(self->hall_number[row]);
    return DFT_OK;
}

static dft_status read_orbit(cand_prototypes *self, size_t row, dft_error *err)
{
    static const char *const names[] = { "id", "slot", "x", "y", "z" };
    const dft_csv *csv = self->sites;
    orbit *to = &self->orbits[row];
    size_t column[5];
    dft_status status = DFT_OK;

    for (int k = 0; k < 5 && status == DFT_OK; k++) {
        status = dft_csv_column(csv, names[k], &column[k], err);
        if (status == DFT_OK && k >= 2)
            status = dft_csv_number(csv, row, column[k], &to->x[k - 2], err);
    }
    if (status != DFT_OK)
        return status;
    const char *id = dft_csv_text(csv, row, column[0]), *slot = dft_csv_text(csv, row, column[1]);
    while (to->type < self->n_types && strcmp(self->type[to->type].id, id) != 0)
        to->type++;
    if (to->type == self->n_types)
        return row_fail(csv, row, "no prototype has the id", id, err);
    to->slot = slot[0] - 'A';
    if (slot[0] == '\0' || slot[1] != '\0' || to->slot < 0
        || to->slot >= self->type[to->type].n_slots)
        return row_fail(csv, row, "the formula has no slot", slot, err);
    return DFT_OK;
}

static dft_status read_tables(cand_prototypes *self, const char *types, const char *sites,
                              dft_error *err)
{
    dft_status status = dft_csv_read(types, &self->types, err);

    if (status == DFT_OK)
        status = dft_csv_read(sites, &self->sites, err);
    if (status != DFT_OK)
        return status;
    self->n_types = dft_csv_n_rows(self->types);
    self->n_orbits = dft_csv_n_rows(self->sites);
    self->type = dft_alloc(self->n_types, sizeof *self->type);
    self->hall_number = dft_alloc_ints(self->n_types);
    self->orbits = dft_alloc(self->n_orbits, sizeof *self->orbits);
    if (!self->type || !self->hall_number || !self->orbits)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", types);
    for (size_t row = 0; row < self->n_types && status == DFT_OK; row++)
        status = read_type(self, row, err);
    for (size_t row = 0; row < self->n_orbits && status == DFT_OK; row++)
        status = read_orbit(self, row, err);
    return status;
}

dft_status cand_prototypes_read(const char *directory, cand_prototypes **out, dft_error *err)
{
    char *types = dft_path_join(directory, "prototypes.csv");
    char *sites = dft_path_join(directory, "prototype_sites.csv");
    cand_prototypes *self = dft_alloc(1, sizeof *self);
    dft_status status = DFT_OK;

    *out = NULL;
    if (!types || !sites || !self)
        status = dft_fail(err, DFT_ENOMEM, "prototypes in %s: out of memory", directory);
    if (status == DFT_OK)
        status = read_tables(self, types, sites, err);
    if (status == DFT_OK) {
        *out = self;
        self = NULL;
    }
    cand_prototypes_free(self);
    free(sites);
    free(types);
    return status;
}

void cand_prototypes_free(cand_prototypes *self)
{
    if (!self)
        return;
    free(self->orbits);
    free(self->hall_number);
    free(self->type);
    dft_csv_free(self->sites);
    dft_csv_free(self->types);
    free(self);
}

size_t cand_prototypes_size(const cand_prototypes *prototypes)
{
    return prototypes->n_types;
}

const cand_prototype *cand_prototypes_entry(const cand_prototypes *prototypes, size_t i)
{
    return &prototypes->type[i];
}

dft_status cand_prototypes_find(const cand_prototypes *prototypes, const char *id, size_t *i,
                                dft_error *err)
{
    const char **names = dft_alloc(prototypes->n_types, sizeof *names);
    const char *near;

    if (!names)
        return dft_fail(err, DFT_ENOMEM, "prototypes: out of memory");
    for (*i = 0; *i < prototypes->n_types; ++*i) {
        names[*i] = prototypes->type[*i].id;
        if (strcmp(names[*i], id) == 0) {
            free(names);
            return DFT_OK;
        }
    }
    near = cand_nearest_name(id, names, prototypes->n_types);
    free(names);
    return dft_fail(err, DFT_EINPUT, "no prototype is called '%s'%s%s%s", id,
                    near ? "; did you mean '" : "; prototypes.csv lists them", near ? near : "",
                    near ? "'?" : "");
}

/* ---- sizes ---- */

/* Volume of the cell over a^3. */
static double shape_of(const cand_prototype *type)
{
    return type->c_over_a * sin(type->gamma_deg * DFT_PI / 180.0);
}

/* The anion is the second slot, except where it is the rarer, the anti-types included: the slot whose
 * element has a listed negative charge. */
static dft_status bond_length(const cand_prototype *type, const cand_ions *ions, const int z[2],
                              double *bond, dft_error *err)
{
    for (int anion = 1; anion >= 0; anion--) {
        const int cation = 1 - anion;
        for (int charge = -1; charge >= -4; charge--) {
            const int total = -charge * type->count[anion];
            const double r = cand_ions_radius(ions, z[anion], charge, type->coordination[anion]);
            if (isnan(r) || total % type->count[cation] != 0)
                continue;
            *bond = r + cand_ions_radius(ions, z[cation], total / type->count[cation],
                                         type->coordination[cation]);
            if (!isnan(*bond))
                return DFT_OK;
        }
    }
    return dft_fail(err, DFT_EINPUT, "%s of %s and %s: no ionic radii with charges that balance",
                    type->designation, dft_element_symbol(z[0]), dft_element_symbol(z[1]));
}

/* a in bohr for a cell of n[s] atoms in slot s. */
static dft_status cell_edge(const cand_prototype *type, const cand_ions *ions, const int z[2],
                            const size_t n[2], double *a, dft_error *err)
{
    double volume = 0.0, bond = 0.0;
    dft_status status;

    if (strcmp(type->rule, "bond") == 0) {
        status = bond_length(type, ions, z, &bond, err);
        *a = type->factor * bond;
        return status;
    }
    for (int s = 0; s < type->n_slots; s++)
        volume += (double)n[s] * (type->n_slots == 1 ? cand_ions_volume(ions, z[s])
                                                     : cand_ions_alloy_volume(ions, z[s]));
    if (isnan(volume))
        return dft_fail(err, DFT_EINPUT, "%s of %s and %s: an atomic volume is not known",
                        type->designation, dft_element_symbol(z[0]), dft_element_symbol(z[1]));
    *a = cbrt(volume / shape_of(type));
    return DFT_OK;
}

static void cell_of(const cand_prototype *type, double a, double lattice[3][3])
{
    const double cosine = type->gamma_deg == 120.0 ? -0.5 : 0.0;
    const double unit[3][3] = { { 1.0, 0.0, 0.0 }, { cosine, sqrt(1.0 - cosine * cosine), 0.0 },
                                { 0.0, 0.0, type->c_over_a } };

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = a * unit[i][c];
}

/* ---- decoration ---- */

typedef struct {
    size_t n;
    int *z;                         /* owned */
    double (*position)[3];          /* owned */
} atom_list;

/* Expands the orbits in a cell of generous size: merging needs a length only. */
static dft_status expand(const cand_prototypes *self, size_t i, const int z[2], atom_list *atoms,
                         size_t n_of_slot[2], dft_error *err)
{
    dft_symop op[DFT_GROUP_MAX_OPS];
    const size_t n_ops = dft_group_operations(self->hall_number[i], op);
    double lattice[3][3];

    cell_of(&self->type[i], 10.0, lattice);
    atoms->z = dft_alloc_ints(self->n_orbits * n_ops);
    atoms->position = dft_alloc(self->n_orbits * n_ops, sizeof *atoms->position);
    if (!atoms->z || !atoms->position)
        return dft_fail(err, DFT_ENOMEM, "prototype %s: out of memory", self->type[i].id);
    n_of_slot[0] = n_of_slot[1] = 0;
    for (size_t k = 0; k < self->n_orbits; k++) {
        if (self->orbits[k].type != i)
            continue;
        const size_t n = dft_cif_images((const double (*)[3])lattice, n_ops, op, self->orbits[k].x,
                                        atoms->position + atoms->n);
        n_of_slot[self->orbits[k].slot] += n;
        for (size_t a = 0; a < n; a++)
            atoms->z[atoms->n++] = z[self->orbits[k].slot];
    }
    return DFT_OK;
}

dft_status cand_prototype_decorate(const cand_prototypes *prototypes, size_t i,
                                   const cand_ions *ions, const int z[2], dft_crystal **out,
                                   dft_error *err)
{
    const cand_prototype *type = &prototypes->type[i];
    atom_list atoms = { 0 };
    size_t n[2];
    double lattice[3][3], a = 0.0;
    dft_status status;

    *out = NULL;
    if (type->n_slots == 2 && z[0] == z[1])
        return dft_fail(err, DFT_EINPUT, "%s needs two different elements, not %s twice",
                        type->designation, dft_element_symbol(z[0]));
    status = expand(prototypes, i, z, &atoms, n, err);
    if (status == DFT_OK)
        status = cell_edge(type, ions, z, n, &a, err);
    if (status == DFT_OK) {
        cell_of(type, a, lattice);
        status = dft_crystal_create((const double (*)[3])lattice, atoms.n, atoms.z,
                                    (const double (*)[3])atoms.position, out, err);
    }
    free(atoms.position);
    free(atoms.z);
    return status;
}

void cand_prototype_formula(const cand_prototype *prototype, const int z[2], char text[32])
{
    int list[32];
    size_t n = 0;

    for (int s = 0; s < prototype->n_slots; s++)
        for (int k = 0; k < prototype->count[s] && n < 32; k++)
            list[n++] = z[s];
    cand_formula(list, n, text, 32);
}
