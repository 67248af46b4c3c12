#include "candidates/film.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/units.h"

/* Smallest area among cells that are about as little strained as can be. */
static const cand_coincidence *choose(const cand_coincidence *cell, size_t n, double slack)
{
    const cand_coincidence *best = NULL;
    double least = HUGE_VAL;

    for (size_t i = 0; i < n; i++)
        least = fmin(least, cell[i].norm);
    for (size_t i = 0; i < n; i++)
        if (cell[i].norm <= least + slack
            && (!best || cell[i].area < best->area * (1.0 - 1e-6)
                || (cell[i].area < best->area * (1.0 + 1e-6) && cell[i].norm < best->norm)))
            best = &cell[i];
    return best;
}

dft_status cand_film_build(const dft_crystal *collector, const dft_crystal *film_conventional,
                           const cand_film_options *options, dft_crystal **out, cand_film_info *info,
                           dft_error *err)
{
    const cand_coincidence_options limits = { .max_area = options->max_area,
                                              .max_strain = options->max_strain };
    const cand_interface_options build = { .vacuum = options->vacuum };
    const double ang2 = DFT_BOHR_ANG * DFT_BOHR_ANG;
    cand_coincidence *cell = NULL;
    dft_crystal *film = NULL;
    cand_film_info found;
    size_t n = 0;
    dft_status status = cand_slab_create(film_conventional, options->miller, options->n_layers,
                                         options->vacuum, options->termination, &film, &found.film,
                                         err);

    *out = NULL;
    if (status == DFT_OK)
        status = cand_interface_cells(collector, film, &limits, &cell, &n, err);
    if (status == DFT_OK && n == 0)
        status = dft_fail(err, DFT_EINPUT, "no common cell of film and collector below %.0f A^2 and %.1f "
                          "%% strain; allow a larger area or strain", options->max_area * ang2,
                          100.0 * options->max_strain);
    if (status == DFT_OK) {
        found.cell = *choose(cell, n, options->max_strain / 3.0);
        status = cand_interface_build(collector, film, &found.cell, &build, out, &found.interface, err);
    }
    if (status == DFT_OK && info)
        *info = found;
    free(cell);
    dft_crystal_free(film);
    return status;
}
