#include "screen/report_picture.h"

#include <stdlib.h>

#include "candidates/picture.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "results/record.h"

static void read_vector(const json_t *from, double scale, double out[3])
{
    for (size_t c = 0; c < 3; c++)
        out[c] = scale * json_number_value(json_array_get(from, c));
}

static dft_crystal *crystal_of(const json_t *structure)
{
    const json_t *species = json_object_get(structure, "species");
    const size_t n = json_array_size(species);
    dft_crystal *crystal = NULL;
    double lattice[3][3];

    if (!res_structure_is_valid(structure))
        return NULL;
    int *z = dft_alloc_ints(n);
    double (*position)[3] = dft_alloc(n, sizeof *position);
    for (size_t i = 0; i < 3; i++)
        read_vector(json_array_get(json_object_get(structure, "lattice_ang"), i),
                    1.0 / DFT_BOHR_ANG, lattice[i]);
    for (size_t a = 0; z && position && a < n; a++) {
        z[a] = dft_element_number(json_string_value(json_array_get(species, a)));
        read_vector(json_array_get(json_object_get(structure, "positions_frac"), a), 1.0,
                    position[a]);
    }
    if (z && position)
        dft_crystal_create((const double (*)[3])lattice, n, z, (const double (*)[3])position, &crystal,
                           NULL);
    free(z);
    free(position);
    return crystal;
}

void screen_report_picture(const json_t *structure, const char *title, char **svg)
{
    dft_crystal *slab = crystal_of(structure);
    cand_site *site = NULL;
    size_t n = 0;

    *svg = NULL;
    if (!slab)
        return;
    if (cand_sites_find(slab, 3, NULL, &site, &n, NULL) != DFT_OK)
        n = 0;
    cand_picture_svg(slab, site, n, title, svg, NULL);
    free(site);
    dft_crystal_free(slab);
}
