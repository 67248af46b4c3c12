/* Turns the parameters of a phase into the terms of its polynomials. */

#include <stdio.h>
#include <string.h>

#include "descriptors/calphad_model.h"

#define MOST_END_MEMBERS 20000

dft_status model_refuse(const desc_calphad *system, const tdb_phase *phase, const char *what,
                        dft_error *err)
{
    return dft_fail(err, DFT_EINPUT, "%s:%d: phase %s has %s, which is not computed here; choose "
                    "phases without it", system->tdb->path, phase->line, phase->name, what);
}

size_t model_place_of(const model_sites *sites, size_t sublattice, size_t species)
{
    for (size_t i = sites->first[sublattice]; i < sites->first[sublattice + 1]; i++)
        if (sites->species[i] == species)
            return i;
    return TDB_NONE;
}

static size_t use_parameter(desc_calphad *system, size_t parameter)
{
    if (!tdb_grow((void **)&system->parameter, system->n_parameters, sizeof(size_t)))
        return TDB_NONE;
    system->parameter[system->n_parameters] = parameter;
    return system->n_parameters++;
}

/* Is there a parameter with the same constituents and another order? */
static bool has_other_orders(const desc_tdb *db, const tdb_parameter *p, size_t n)
{
    for (size_t i = 0; i < db->n_parameters; i++) {
        const tdb_parameter *q = &db->parameters[i];
        if (q->phase == p->phase && q->property == p->property && q->order != p->order
            && memcmp(q->n_constituents, p->n_constituents, sizeof p->n_constituents) == 0
            && memcmp(q->constituent, p->constituent, n * sizeof p->constituent[0]) == 0)
            return true;
    }
    return false;
}

/* The bracket of an interaction: (y_i - y_j)^order, or a Muggianu weight of three. */
static dft_status set_bracket(const desc_calphad *system, const tdb_parameter *p, size_t n,
                              model_term *term, dft_error *err)
{
    size_t interacting = 0, widest = 0, start = 0, widest_start = 0;

    for (size_t s = 0; s < p->n_sublattices; s++) {
        interacting += p->n_constituents[s] > 1;
        if (p->n_constituents[s] > widest) {
            widest = p->n_constituents[s];
            widest_start = start;
        }
        start += p->n_constituents[s];
    }
    const bool ternary = interacting == 1 && widest == 3
                         && (p->order > 0 || has_other_orders(system->tdb, p, n));
    if (p->order == 0 && !ternary)
        return DFT_OK;
    if (interacting != 1 || widest > 3 || (widest == 3 && p->order > 2))
        return dft_fail(err, DFT_EINPUT, "%s:%d: phase %s has an interaction of order %d among "
                        "more than one pair, which is not computed here; choose phases without it",
                        system->tdb->path, p->line, system->tdb->phases[p->phase].name, p->order);
    term->power = ternary ? 1 : p->order;
    term->offset = ternary ? 1.0 / 3.0 : 0.0;
    term->n_linear = widest;
    for (size_t k = 0; k < widest; k++) {
        term->linear[k] = term->factor[widest_start + k];
        term->weight[k] = ternary ? ((int)k == p->order ? 2.0 : -1.0) / 3.0 : k == 0 ? 1.0 : -1.0;
    }
    return DFT_OK;
}

/* Turns a parameter into a term; *used is false when a constituent is not in the system. */
static dft_status make_term(const desc_calphad *system, const model_sites *sites,
                            const tdb_parameter *p, model_term *term, bool *used, dft_error *err)
{
    size_t n = 0;
    bool wild = false;

    *term = (model_term){ .n_factors = 0 };
    *used = true;
    for (size_t s = 0; s < p->n_sublattices; s++)
        for (size_t i = 0; i < p->n_constituents[s]; i++, n++) {
            if (p->constituent[n] == TDB_ANY) {
                wild = true;
                if (p->n_constituents[s] > 1)
                    return model_refuse(system, &system->tdb->phases[p->phase],
                                  "an interaction with '*'", err);
                continue;
            }
            const size_t place = model_place_of(sites, s, p->constituent[n]);
            if (place == TDB_NONE) {
                *used = false;
                return DFT_OK;
            }
            term->factor[term->n_factors++] = place;
        }
    if (wild && p->order > 0)
        return model_refuse(system, &system->tdb->phases[p->phase],
                      "an interaction of higher order with '*'", err);
    return set_bracket(system, p, n, term, err);
}

dft_status model_collect(desc_calphad *system, const model_sites *sites, tdb_property property,
                         model_sum *sum, dft_error *err)
{
    const desc_tdb *db = system->tdb;

    for (size_t i = 0; i < db->n_parameters; i++) {
        model_term term;
        bool used;
        if (db->parameters[i].phase != sites->tdb_phase || db->parameters[i].property != property)
            continue;
        const dft_status status = make_term(system, sites, &db->parameters[i], &term, &used, err);
        if (status != DFT_OK)
            return status;
        if (!used)
            continue;
        term.parameter = use_parameter(system, i);
        if (term.parameter == TDB_NONE
            || !tdb_grow((void **)&sum->term, sum->n, sizeof *sum->term))
            return dft_fail(err, DFT_ENOMEM, "no memory for a phase model");
        sum->term[sum->n++] = term;
    }
    return DFT_OK;
}

/* Does the sum give an energy to the end member with one constituent on each sublattice? */
static bool has_end_member(const model_sites *sites, const model_sum *sum, const size_t *chosen)
{
    for (size_t t = 0; t < sum->n; t++) {
        const model_term *term = &sum->term[t];
        size_t matching = 0;
        for (size_t f = 0; f < term->n_factors; f++)
            for (size_t s = 0; s < sites->n_sublattices; s++)
                matching += term->factor[f] == chosen[s];
        if (matching == term->n_factors && term->n_factors <= sites->n_sublattices)
            return true;
    }
    return false;
}

/* A missing energy is no zero: every end member needs its G. */
dft_status model_check_end_members(const desc_calphad *system, const model_sites *sites,
                                   const model_sum *sum, dft_error *err)
{
    const tdb_phase *phase = &system->tdb->phases[sites->tdb_phase];
    size_t chosen[TDB_SUBLATTICES], n = 1;

    for (size_t s = 0; s < sites->n_sublattices; s++) {
        chosen[s] = sites->first[s];
        n *= sites->first[s + 1] - sites->first[s];
        if (n > MOST_END_MEMBERS)
            return model_refuse(system, phase, "more than 20000 end members", err);
    }
    for (;;) {
        char name[200] = "";
        size_t s = 0;
        if (!has_end_member(sites, sum, chosen)) {
            for (size_t k = 0; k < sites->n_sublattices; k++)
                snprintf(name + strlen(name), sizeof name - strlen(name), "%s%.12s", k ? ":" : "",
                         system->tdb->species[sites->species[chosen[k]]].name);
            return dft_fail(err, DFT_EINPUT, "%s:%d: phase %s has no G parameter for its end "
                            "member %s; add it or choose phases without it", system->tdb->path,
                            phase->line, phase->name, name);
        }
        while (s < sites->n_sublattices && ++chosen[s] == sites->first[s + 1]) {
            chosen[s] = sites->first[s];
            s++;
        }
        if (s == sites->n_sublattices)
            return DFT_OK;
    }
}
