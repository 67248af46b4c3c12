/* Chooses the phases of a few elements from a database and builds their models. */

#include "descriptors/calphad_system.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_model.h"
#include "dft-lite/base/alloc.h"

static dft_status no_memory(dft_error *err)
{
    return dft_fail(err, DFT_ENOMEM, "no memory for a thermodynamic system");
}

/* Species made of the system's elements alone, and vacancies. */
static bool belongs(const desc_calphad *system, size_t species)
{
    const tdb_species *s = &system->tdb->species[species];

    for (size_t k = 0; k < s->n_elements; k++) {
        size_t e = 0;
        while (e < system->n_elements && system->element[e] != s->element[k])
            e++;
        if (e == system->n_elements)
            return false;
    }
    return true;
}

/* The constituents that stay.  *filled is false when a sublattice is empty, or all are vacant. */
static dft_status keep_sites(const desc_calphad *system, size_t phase, model_sites *out,
                             bool *filled, dft_error *err)
{
    const tdb_phase *p = &system->tdb->phases[phase];
    bool matter = false;

    *out = (model_sites){ .tdb_phase = phase, .n_sublattices = p->n_sublattices };
    *filled = true;
    for (size_t s = 0; s < p->n_sublattices; s++) {
        for (size_t i = 0; i < p->n_constituents[s]; i++) {
            if (!belongs(system, p->constituent[s][i]))
                continue;
            if (out->n_y == MODEL_FRACTIONS)
                return model_refuse(system, p, "more site fractions than 40", err);
            matter = matter || system->tdb->species[p->constituent[s][i]].n_elements > 0;
            out->species[out->n_y++] = p->constituent[s][i];
        }
        out->first[s + 1] = out->n_y;
        *filled = *filled && out->first[s + 1] > out->first[s];
    }
    *filled = *filled && matter;
    return DFT_OK;
}

static void set_atoms(const desc_calphad *system, model_phase *phase)
{
    const tdb_phase *p = &system->tdb->phases[phase->sites.tdb_phase];

    for (size_t s = 0; s < p->n_sublattices; s++) {
        phase->ratio[s] = p->sites[s];
        for (size_t i = phase->sites.first[s]; i < phase->sites.first[s + 1]; i++) {
            const tdb_species *species = &system->tdb->species[phase->sites.species[i]];
            for (size_t k = 0; k < species->n_elements; k++)
                for (size_t e = 0; e < system->n_elements; e++)
                    if (system->element[e] == species->element[k])
                        phase->atoms[i * system->n_elements + e] += p->sites[s]
                                                                    * species->count[k];
        }
    }
}

static dft_status add_disordered(desc_calphad *system, model_phase *phase, dft_error *err)
{
    const tdb_phase *p = &system->tdb->phases[phase->sites.tdb_phase];
    const tdb_phase *d = &system->tdb->phases[p->disordered];
    model_sites sites;
    bool filled;
    dft_status status = keep_sites(system, p->disordered, &sites, &filled, err);

    phase->disordered_name = d->name;
    if (status == DFT_OK && d->unsupported[0])
        status = model_refuse(system, d, d->unsupported, err);
    if (status == DFT_OK && !filled)
        status = model_refuse(system, p, "a disordered part without its constituents", err);
    if (status == DFT_OK && (phase->sum[SUM_TC].n > 0 || phase->sum[SUM_BMAGN].n > 0))
        status = model_refuse(system, p, "magnetic parameters of its own beside a disordered part",
                              err);
    if (status == DFT_OK)
        status = model_collect(system, &sites, TDB_G, &phase->sum[SUM_DISORDERED], err);
    if (status == DFT_OK)
        status = model_check_end_members(system, &sites, &phase->sum[SUM_DISORDERED], err);
    if (status == DFT_OK)
        status = model_collect(system, &sites, TDB_TC, &phase->sum[SUM_TC], err);
    if (status == DFT_OK)
        status = model_collect(system, &sites, TDB_BMAGN, &phase->sum[SUM_BMAGN], err);
    phase->magnetic = d->magnetic;
    phase->antiferro = d->antiferro;
    phase->structure = d->structure;
    return status == DFT_OK ? model_order(system, phase, &sites, err) : status;
}

static dft_status build_phase(desc_calphad *system, model_phase *phase, dft_error *err)
{
    const tdb_phase *p = &system->tdb->phases[phase->sites.tdb_phase];
    dft_status status = DFT_OK;

    phase->name = p->name;
    phase->magnetic = p->magnetic;
    phase->antiferro = p->antiferro;
    phase->structure = p->structure;
    phase->magnetic_map = MAP_NONE;
    phase->magnetic_scale = 1.0;
    phase->block[0] = (model_block){ SUM_OWN, MAP_NONE, 1.0 };
    phase->n_blocks = 1;
    if (p->unsupported[0])
        return model_refuse(system, p, p->unsupported, err);
    set_atoms(system, phase);
    status = model_collect(system, &phase->sites, TDB_G, &phase->sum[SUM_OWN], err);
    if (status == DFT_OK)
        status = model_collect(system, &phase->sites, TDB_TC, &phase->sum[SUM_TC], err);
    if (status == DFT_OK)
        status = model_collect(system, &phase->sites, TDB_BMAGN, &phase->sum[SUM_BMAGN], err);
    if (status == DFT_OK && p->disordered != TDB_NONE)
        status = add_disordered(system, phase, err);
    else if (status == DFT_OK)
        status = model_check_end_members(system, &phase->sites, &phase->sum[SUM_OWN], err);
    if (status == DFT_OK && phase->sum[SUM_TC].n > 0 && !phase->magnetic)
        status = model_refuse(system, p, "TC parameters without a MAGNETIC type definition",
                              err);
    phase->magnetic = phase->magnetic && phase->sum[SUM_TC].n > 0 && phase->sum[SUM_BMAGN].n > 0;
    return status;
}

static bool is_chosen(const char *name, size_t n, const char *const *names)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return n == 0;
}

/* An ordered phase that is chosen too stands for this one. */
static bool is_covered(const desc_tdb *db, size_t phase, size_t n, const char *const *names)
{
    for (size_t i = 0; i < db->n_phases; i++)
        if (db->phases[i].disordered == phase && is_chosen(db->phases[i].name, n, names))
            return true;
    return false;
}

static dft_status add_phases(desc_calphad *system, size_t n, const char *const *names,
                             dft_error *err)
{
    const desc_tdb *db = system->tdb;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < n; i++)
        if (tdb_find_phase(db, names[i]) == TDB_NONE)
            return dft_fail(err, DFT_EINPUT, "%s: there is no phase %s", db->path, names[i]);
    for (size_t i = 0; i < db->n_phases && status == DFT_OK; i++) {
        model_phase phase = { .n_blocks = 0 };
        bool filled;
        if (!is_chosen(db->phases[i].name, n, names) || is_covered(db, i, n, names))
            continue;
        status = keep_sites(system, i, &phase.sites, &filled, err);
        if (status != DFT_OK || !filled)
            continue;
        if (!tdb_grow((void **)&system->phase, system->n_phases, sizeof *system->phase))
            return no_memory(err);
        system->phase[system->n_phases++] = phase;
        status = build_phase(system, &system->phase[system->n_phases - 1], err);
    }
    if (status == DFT_OK && system->n_phases == 0)
        status = dft_fail(err, DFT_EINPUT, "%s: none of its phases can be filled with these "
                          "elements alone", db->path);
    return status;
}

static dft_status find_elements(desc_calphad *system, size_t n, const char *const *elements,
                                dft_error *err)
{
    const desc_tdb *db = system->tdb;

    if (n == 0 || n > DESC_CALPHAD_MOST_ELEMENTS)
        return dft_fail(err, DFT_EINPUT, "%s: 1 to %d elements can be computed, %zu are given",
                        db->path, DESC_CALPHAD_MOST_ELEMENTS, n);
    for (size_t i = 0; i < n; i++) {
        char upper[TDB_NAME] = "";
        size_t k = 0;
        for (; elements[i][k] && k + 1 < TDB_NAME; k++)
            upper[k] = (char)toupper((unsigned char)elements[i][k]);
        for (k = 0; k < db->n_elements && strcmp(db->elements[k], upper) != 0;)
            k++;
        if (k == db->n_elements)
            return dft_fail(err, DFT_EINPUT, "%s: there is no element %.20s in this file", db->path,
                            elements[i]);
        for (size_t e = 0; e < i; e++)
            if (system->element[e] == k)
                return dft_fail(err, DFT_EINPUT, "element %.20s is given twice", elements[i]);
        system->element[system->n_elements++] = k;
    }
    return DFT_OK;
}

static void narrow(const expr_piecewise *value, double *lowest, double *highest)
{
    *lowest = fmax(*lowest, value->limit[0]);
    *highest = fmin(*highest, value->limit[value->n_pieces]);
}

static void mark_functions(desc_calphad *system, const expr_piecewise *value)
{
    for (size_t p = 0; p < value->n_pieces; p++)
        for (size_t k = 0; k < value->piece[p].n_steps; k++)
            if (value->piece[p].step[k].op == EXPR_FUNCTION)
                system->function_used[value->piece[p].step[k].name] = 1;
}

/* Which functions the parameters need, and where all of them are defined. */
static dft_status find_range(desc_calphad *system, dft_error *err)
{
    const desc_tdb *db = system->tdb;

    system->lowest = 0.0;
    system->highest = INFINITY;
    if (!(system->function_used = dft_alloc(db->n_functions, 1)))
        return no_memory(err);
    for (size_t i = 0; i < system->n_parameters; i++) {
        narrow(&db->parameters[system->parameter[i]].value, &system->lowest, &system->highest);
        mark_functions(system, &db->parameters[system->parameter[i]].value);
    }
    for (size_t k = db->n_functions; k-- > 0;) {         /* users stand behind what they use */
        const size_t i = db->function_order[k];
        if (!system->function_used[i])
            continue;
        narrow(&db->functions[i].value, &system->lowest, &system->highest);
        mark_functions(system, &db->functions[i].value);
    }
    return DFT_OK;
}

dft_status desc_calphad_create(const desc_tdb *tdb, size_t n_elements, const char *const *elements,
                               size_t n_phases, const char *const *phases, desc_calphad **out,
                               dft_error *err)
{
    desc_calphad *system = dft_alloc(1, sizeof *system);
    dft_status status;

    *out = NULL;
    if (!system)
        return no_memory(err);
    system->tdb = tdb;
    status = find_elements(system, n_elements, elements, err);
    if (status == DFT_OK)
        status = add_phases(system, phases ? n_phases : 0, phases, err);
    if (status == DFT_OK)
        status = find_range(system, err);
    if (status == DFT_OK)
        *out = system;
    else
        desc_calphad_free(system);
    return status;
}

void desc_calphad_free(desc_calphad *system)
{
    if (!system)
        return;
    for (size_t p = 0; p < system->n_phases; p++) {
        for (size_t s = 0; s < sizeof system->phase[p].sum / sizeof(model_sum); s++)
            free(system->phase[p].sum[s].term);
        for (size_t m = 0; m < 2; m++) {
            free(system->phase[p].map[m].column);
            free(system->phase[p].map[m].weight);
        }
    }
    free(system->phase);
    free(system->parameter);
    free(system->function_used);
    free(system);
}
