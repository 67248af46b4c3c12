#include "candidates/recipe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/defects.h"
#include "candidates/film.h"
#include "candidates/supercell.h"
#include "dft-lite/base/units.h"

#define DEFECT_COPIES 4
#define ANG2 (1.0 / (DFT_BOHR_ANG * DFT_BOHR_ANG))

static dft_status base_slab(const cand_recipe *recipe, const dft_crystal *conventional, int n_layers,
                            double vacuum, dft_crystal **out, cand_slab_info *info, dft_error *err)
{
    if (recipe->is_sheet)
        return cand_sheet_create(conventional, vacuum, out, info, err);
    return cand_slab_create(conventional, recipe->miller, n_layers, vacuum, recipe->termination, out,
                            info, err);
}

/* A small cell first, then a larger one with little strain, then a small one with more. */
static dft_status coat(const cand_recipe *recipe, const dft_crystal *slab, const dft_crystal *film,
                       double vacuum, dft_crystal **out, cand_film_info *info, dft_error *err)
{
    static const struct { double area_ang2, strain; } limits[3] = {
        { 30.0, 0.045 }, { 60.0, 0.045 }, { 30.0, 0.09 }
    };
    dft_status status = DFT_EINPUT;

    for (int i = 0; i < 3 && status == DFT_EINPUT; i++) {
        cand_film_options options = { .n_layers = recipe->film_layers,
                                      .max_area = limits[i].area_ang2 * ANG2,
                                      .max_strain = limits[i].strain, .vacuum = vacuum };
        memcpy(options.miller, recipe->film_miller, sizeof options.miller);
        status = cand_film_build(slab, film, &options, out, info, err);
    }
    return status;
}

static dft_status add_defect(const cand_recipe *recipe, const dft_crystal *slab, dft_crystal **out,
                             dft_error *err)
{
    int m[2][2];
    cand_defect defect;
    dft_crystal *large = NULL;
    dft_status status = cand_defect_parse(recipe->defect, &defect, err);

    *out = NULL;
    if (status == DFT_OK)
        status = cand_supercell_matrix(slab, DEFECT_COPIES, m, err);
    if (status == DFT_OK)
        status = cand_supercell_create(slab, (const int (*)[2])m, &large, err);
    if (status == DFT_OK)
        status = cand_defect_create(large, &defect, out, err);
    dft_crystal_free(large);
    return status;
}

dft_status cand_recipe_build(const cand_recipe *recipe, const dft_crystal *conventional,
                             const dft_crystal *film, int n_layers, double vacuum, dft_crystal **out,
                             cand_slab_info *info, double *film_strain, dft_error *err)
{
    cand_slab_info own;
    cand_film_info coated;
    dft_crystal *slab = NULL;
    dft_status status = base_slab(recipe, conventional, n_layers, vacuum, &slab, &own, err);
    const int bare = recipe->film_layers == 0 && recipe->defect[0] == '\0';

    *out = NULL;
    if (film_strain)
        *film_strain = 0.0;
    if (status == DFT_OK && recipe->film_layers > 0) {
        status = coat(recipe, slab, film, vacuum, out, &coated, err);
        if (status == DFT_OK) {
            own.area = coated.interface.area;
            own.faces_equal = own.stoichiometric = false;
            snprintf(own.top, sizeof own.top, "%s", coated.film.top);
            if (film_strain)
                *film_strain = fmax(fabs(coated.cell.principal[0]), fabs(coated.cell.principal[1]));
        }
    } else if (status == DFT_OK && recipe->defect[0]) {
        status = add_defect(recipe, slab, out, err);
        own.area *= DEFECT_COPIES;
        own.faces_equal = own.stoichiometric = false;
    }
    if (status == DFT_OK && info)
        *info = own;
    if (status == DFT_OK && bare)
        *out = slab;
    else
        dft_crystal_free(slab);
    return status;
}
