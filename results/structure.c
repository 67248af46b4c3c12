/* Structures and numbers as JSON: what results/record.h promises about them. */
#include "results/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "results/text.h"

json_t *res_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *vector(const double v[3], double unit)
{
    return json_pack("[f, f, f]", v[0] * unit, v[1] * unit, v[2] * unit);
}

json_t *res_structure(const char *label, const dft_crystal *crystal, const bool pbc[3])
{
    json_t *lattice = json_array(), *species = json_array(), *positions = json_array();
    json_t *structure = json_object();
    int bad = 0;

    for (int i = 0; i < 3; i++)
        bad |= json_array_append_new(lattice, vector(crystal->lattice[i], DFT_BOHR_ANG));
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        const int z = crystal->z[a];
        bad |= z < 1 || z > DFT_MAX_Z;
        bad |= json_array_append_new(species, json_string(dft_element_symbol(z)));
        bad |= json_array_append_new(positions, vector(crystal->position[a], 1.0));
    }
    bad |= json_object_set_new(structure, "label", json_string(label));
    bad |= json_object_set_new(structure, "lattice_ang", lattice);
    bad |= json_object_set_new(structure, "species", species);
    bad |= json_object_set_new(structure, "positions_frac", positions);
    if (pbc)
        bad |= json_object_set_new(structure, "pbc",
                                   json_pack("[b, b, b]", pbc[0], pbc[1], pbc[2]));
    if (!bad)
        return structure;
    json_decref(structure);
    return NULL;
}

static bool is_vector(const json_t *value)
{
    if (json_array_size(value) != 3)
        return false;
    for (size_t c = 0; c < 3; c++)
        if (!json_is_number(json_array_get(value, c)))
            return false;
    return true;
}

bool res_structure_is_valid(const json_t *structure)
{
    const json_t *lattice = json_object_get(structure, "lattice_ang");
    const json_t *species = json_object_get(structure, "species");
    const json_t *positions = json_object_get(structure, "positions_frac");
    const json_t *pbc = json_object_get(structure, "pbc");
    const size_t n = json_array_size(species);

    if (json_array_size(lattice) != 3 || n == 0 || json_array_size(positions) != n)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!is_vector(json_array_get(lattice, i)))
            return false;
    for (size_t a = 0; a < n; a++) {
        const char *symbol = json_string_value(json_array_get(species, a));
        if (!symbol || !dft_element_number(symbol) || !is_vector(json_array_get(positions, a)))
            return false;
    }
    if (!pbc || json_is_null(pbc))
        return true;
    for (size_t i = 0; i < 3; i++)
        if (!json_is_boolean(json_array_get(pbc, i)))
            return false;
    return json_array_size(pbc) == 3;
}

static int compare_symbols(const void *a, const void *b)
{
    return strcmp(dft_element_symbol(*(const int *)a), dft_element_symbol(*(const int *)b));
}

char *res_structure_formula(const json_t *structure)
{
    const json_t *species = json_object_get(structure, "species");
    const size_t n = json_array_size(species);
    int *z = dft_alloc_ints(n);
    res_text formula = { 0 };

    if (!z)
        return NULL;
    for (size_t a = 0; a < n; a++)
        z[a] = dft_element_number(json_string_value(json_array_get(species, a)));
    qsort(z, n, sizeof *z, compare_symbols);
    for (size_t first = 0, next; first < n; first = next) {
        for (next = first + 1; next < n && z[next] == z[first]; next++)
            continue;
        res_text_add(&formula, dft_element_symbol(z[first]));
        if (next - first > 1)
            res_text_addf(&formula, "%zu", next - first);
    }
    free(z);
    if (formula.failed)
        res_text_clear(&formula);
    return formula.data;
}
