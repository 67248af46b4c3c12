/*
 * candidates/recipe.h - a surface as a candidate describes it: a slab or sheet, perhaps with a coating on
 * top or a defect in its face.
 *
 * A coating lies in the common cell with the least strain (candidates/film.h): of at most 30 A^2 and 4.5 %
 * strain (norm of both principal strains), else 60 A^2, else 30 A^2 and 9 %; it bears the strain.  A defect
 * sits in the roundest cell of four copies.  Bohr.
 */
#ifndef CAND_RECIPE_H
#define CAND_RECIPE_H

#include "candidates/slab.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    int is_sheet;                   /* the crystal is one: miller and termination do not count */
    int miller[3], termination;
    int film_layers;                /* of the coating; 0: none */
    int film_miller[3];             /* of its conventional cell */
    char defect[32];                /* candidates/defects.h: "substitution:N"; "": none */
} cand_recipe;

/* The surface, cut from `conventional` (sheets: the sheet), its coating from `film` (NULL without one).
 * film_strain (NULL allowed): the larger principal strain of the coating, 0 without one.  The caller owns
 * *out; NULL on failure.  info (NULL allowed) is that of the slab, with the area and the top of the whole.
 * Errors: those of slab, film and defects. */
dft_status cand_recipe_build(const cand_recipe *recipe, const dft_crystal *conventional,
                             const dft_crystal *film, int n_layers, double vacuum, dft_crystal **out,
                             cand_slab_info *info, double *film_strain, dft_error *err);

#endif
