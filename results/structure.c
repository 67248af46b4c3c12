/* Structures and numbers as JSON: what results/record.h promises about them. */
#include "results/record.h"

#include <math.h>

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

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
