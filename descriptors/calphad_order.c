/*
 * Phases with a disordered part (Ansara, Sundman, Willemin, Acta Metall. 36, 977 (1988)):
 * G = Gdis(x) + Gord(y) - Gord(y = x).  The first sublattices of the ordered phase are averaged to
 * the first one of the disordered phase; the rest (interstitials) correspond one to one.
 */

#include <math.h>
#include <stdlib.h>

#include "descriptors/calphad_model.h"
#include "dft-lite/base/alloc.h"

static dft_status misfit(const desc_calphad *system, const model_phase *phase, const char *what,
                         dft_error *err)
{
    return dft_fail(err, DFT_EINPUT, "%s:%d: phase %s does not fit its disordered part %s: %s",
                    system->tdb->path, system->tdb->phases[phase->sites.tdb_phase].line,
                    phase->name, phase->disordered_name, what);
}

/* Sites of the averaged sublattices per site of the disordered phase; interstitials must agree. */
static dft_status scale_of(const desc_calphad *system, model_phase *phase,
                           const model_sites *disordered, double *scale, dft_error *err)
{
    const tdb_phase *d = &system->tdb->phases[disordered->tdb_phase];
    const size_t mixed = phase->n_mixed_sublattices;
    double sum = 0.0;

    for (size_t s = 0; s < mixed; s++)
        sum += phase->ratio[s];
    *scale = sum / d->sites[0];
    for (size_t s = 1; s < d->n_sublattices; s++)
        if (fabs(phase->ratio[mixed + s - 1] - *scale * d->sites[s]) > 1e-6 * *scale)
            return misfit(system, phase, "the site ratios of the interstitials differ", err);
    for (size_t s = 0; s < phase->sites.n_sublattices; s++)
        for (size_t i = phase->sites.first[s]; i < phase->sites.first[s + 1]; i++)
            if (model_place_of(disordered, s < mixed ? 0 : s - mixed + 1, phase->sites.species[i])
                == TDB_NONE)
                return misfit(system, phase, "it has a constituent that the other does not have",
                              err);
    return DFT_OK;
}

/* One row of x from y: the average over the mixed sublattices, or the same interstitial. */
static void add_row(const model_phase *phase, size_t sublattice, size_t species, model_map *map,
                    size_t *at)
{
    const size_t mixed = phase->n_mixed_sublattices;
    const size_t from = sublattice == 0 ? 0 : mixed + sublattice - 1;
    const size_t to = sublattice == 0 ? mixed : from + 1;
    double sites = 0.0;

    for (size_t s = from; s < to; s++)
        sites += phase->ratio[s];
    for (size_t s = from; s < to; s++) {
        const size_t i = model_place_of(&phase->sites, s, species);
        if (i == TDB_NONE)
            continue;
        map->column[*at] = i;
        map->weight[(*at)++] = phase->ratio[s] / sites;
    }
    map->first[++map->n_x] = *at;
}

static dft_status map_create(model_map *map, dft_error *err)
{
    const size_t most = MODEL_FRACTIONS * TDB_SUBLATTICES;

    map->column = dft_alloc_sizes(most);
    map->weight = dft_alloc_doubles(most);
    return map->column && map->weight ? DFT_OK
                                      : dft_fail(err, DFT_ENOMEM, "no memory for a phase model");
}

dft_status model_order(const desc_calphad *system, model_phase *phase,
                       const model_sites *disordered, dft_error *err)
{
    const tdb_phase *ordered = &system->tdb->phases[phase->sites.tdb_phase];
    const size_t interstitial = disordered->n_sublattices - 1;
    size_t at = 0, at_x = 0;
    double scale = 1.0;

    if (phase->sites.n_sublattices < interstitial + 2)
        return misfit(system, phase, "it needs at least two sublattices to order on", err);
    phase->n_mixed_sublattices = phase->sites.n_sublattices - interstitial;
    dft_status status = scale_of(system, phase, disordered, &scale, err);
    for (size_t m = 0; m < 2 && status == DFT_OK; m++)
        status = map_create(&phase->map[m], err);
    if (status != DFT_OK)
        return status;
    for (size_t s = 0; s < disordered->n_sublattices; s++)
        for (size_t i = disordered->first[s]; i < disordered->first[s + 1]; i++)
            add_row(phase, s, disordered->species[i], &phase->map[MAP_DISORDERED], &at);
    for (size_t s = 0; s < phase->sites.n_sublattices; s++)
        for (size_t i = phase->sites.first[s]; i < phase->sites.first[s + 1]; i++)
            add_row(phase, s < phase->n_mixed_sublattices ? 0 : s - phase->n_mixed_sublattices + 1,
                    phase->sites.species[i], &phase->map[MAP_ORDERED_AT_X], &at_x);
    phase->block[0] = (model_block){ SUM_OWN, MAP_NONE, 1.0 };
    phase->block[1] = (model_block){ SUM_DISORDERED, MAP_DISORDERED, scale };
    phase->block[2] = (model_block){ SUM_OWN, MAP_ORDERED_AT_X, -1.0 };
    phase->n_blocks = ordered->never_disorders ? 2 : 3;
    phase->magnetic_map = MAP_DISORDERED;
    phase->magnetic_scale = scale;
    return DFT_OK;
}
