/* Gibbs energies of the phases of a system at a temperature, and what the system can be asked. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_model.h"
#include "dft-lite/base/alloc.h"

#define SLACK 0.2                                /* K: "298 K" is meant by data from 298.15 K on */
#define AGREE 1e-4                               /* site fractions of a disordered state */

const desc_tdb *desc_calphad_tdb(const desc_calphad *system) { return system->tdb; }
size_t desc_calphad_n_elements(const desc_calphad *system) { return system->n_elements; }
size_t desc_calphad_n_phases(const desc_calphad *system) { return system->n_phases; }

const char *desc_calphad_element(const desc_calphad *system, size_t i)
{
    return system->tdb->elements[system->element[i]];
}

const char *desc_calphad_phase_name(const desc_calphad *system, size_t phase)
{
    return system->phase[phase].name;
}

size_t desc_calphad_find_phase(const desc_calphad *system, const char *name)
{
    for (size_t p = 0; p < system->n_phases; p++)
        if (strcmp(system->phase[p].name, name) == 0
            || (system->phase[p].disordered_name
                && strcmp(system->phase[p].disordered_name, name) == 0))
            return p;
    return (size_t)-1;
}

void desc_calphad_range(const desc_calphad *system, double *lowest, double *highest)
{
    *lowest = system->lowest;
    *highest = system->highest;
}

size_t desc_calphad_n_fractions(const desc_calphad *system, size_t phase)
{
    return system->phase[phase].sites.n_y;
}

size_t desc_calphad_sublattice(const desc_calphad *system, size_t phase, size_t i)
{
    size_t s = 0;

    while (i >= system->phase[phase].sites.first[s + 1])
        s++;
    return s;
}

const char *desc_calphad_constituent(const desc_calphad *system, size_t phase, size_t i)
{
    return system->tdb->species[system->phase[phase].sites.species[i]].name;
}

double desc_calphad_sites(const desc_calphad *system, size_t phase, size_t sublattice)
{
    return system->phase[phase].ratio[sublattice];
}

double desc_calphad_atoms(const desc_calphad *system, size_t phase, const double *y, double *out)
{
    const model_phase *p = &system->phase[phase];
    double total = 0.0;

    for (size_t e = 0; e < system->n_elements; e++) {
        out[e] = 0.0;
        for (size_t i = 0; i < p->sites.n_y; i++)
            out[e] += y[i] * p->atoms[i * system->n_elements + e];
        total += out[e];
    }
    return total;
}

const char *desc_calphad_label(const desc_calphad *system, size_t phase, const double *y)
{
    const model_phase *p = &system->phase[phase];
    const model_map *map = &p->map[MAP_ORDERED_AT_X];

    if (!p->disordered_name || p->n_blocks < 3)
        return p->name;
    for (size_t i = 0; i < p->sites.n_y; i++) {
        double x = 0.0;
        for (size_t e = map->first[i]; e < map->first[i + 1]; e++)
            x += map->weight[e] * y[map->column[e]];
        if (fabs(x - y[i]) > AGREE)
            return p->name;
    }
    return p->disordered_name;
}

/* "id: text; id: text" of the references in use, each once. */
char *desc_calphad_sources(const desc_calphad *system)
{
    const desc_tdb *db = system->tdb;
    size_t size = 1;

    for (size_t r = 0; r < db->n_references; r++)
        size += strlen(db->references[r].text) + 2;
    char *text = dft_alloc(size, 1);
    for (size_t r = 0; text && r < db->n_references; r++)
        for (size_t i = 0; i < system->n_parameters; i++)
            if (strcmp(db->parameters[system->parameter[i]].reference, db->references[r].id) == 0) {
                snprintf(text + strlen(text), size - strlen(text), "%s%s", *text ? "; " : "",
                         db->references[r].text);
                break;
            }
    return text;
}

dft_status desc_calphad_state_create(const desc_calphad *system, desc_calphad_state **out,
                                     dft_error *err)
{
    desc_calphad_state *state = dft_alloc(1, sizeof *state);

    *out = NULL;
    if (state) {
        state->system = system;
        state->function = dft_alloc(system->tdb->n_functions, sizeof *state->function);
        state->value = dft_alloc(system->n_parameters, sizeof *state->value);
    }
    if (!state || !state->function || !state->value) {
        desc_calphad_state_free(state);
        return dft_fail(err, DFT_ENOMEM, "no memory for Gibbs energies");
    }
    *out = state;
    return DFT_OK;
}

void desc_calphad_state_free(desc_calphad_state *state)
{
    if (!state)
        return;
    free(state->function);
    free(state->value);
    free(state);
}

static dft_status check_conditions(const desc_calphad *system, double temperature, double pressure,
                                   dft_error *err)
{
    if (!(temperature >= system->lowest - SLACK) || !(temperature <= system->highest))
        return dft_fail(err, DFT_EINPUT, "%s: the parameters are defined from %.6g to %.6g K, not "
                        "at %.6g K", system->tdb->path, system->lowest, system->highest,
                        temperature);
    if (!(pressure > 0.0) || !isfinite(pressure))
        return dft_fail(err, DFT_EINPUT, "a pressure of %.6g Pa; it must be above 0", pressure);
    for (size_t p = 0; p < system->n_phases; p++)
        if (system->tdb->phases[system->phase[p].sites.tdb_phase].pressure_dependent
            && fabs(pressure - DESC_CALPHAD_PRESSURE) > 2e3)
            return dft_fail(err, DFT_EINPUT, "phase %s has volume parameters, which are not "
                            "computed here; only 1e5 Pa is possible, not %.6g",
                            system->phase[p].name, pressure);
    return DFT_OK;
}

dft_status desc_calphad_state_set(desc_calphad_state *state, double temperature, double pressure,
                                  dft_error *err)
{
    const desc_calphad *system = state->system;
    const desc_tdb *db = system->tdb;
    dft_status status = check_conditions(system, temperature, pressure, err);

    if (status != DFT_OK)
        return status;
    state->temperature = temperature;
    state->pressure = pressure;
    for (size_t k = 0; k < db->n_functions; k++) {
        const size_t i = db->function_order[k];
        if (system->function_used[i])
            state->function[i] = expr_evaluate(expr_piece_at(&db->functions[i].value, temperature),
                                               temperature, pressure, state->function);
    }
    for (size_t i = 0; i < system->n_parameters; i++) {
        const tdb_parameter *p = &db->parameters[system->parameter[i]];
        const desc_jet v = expr_evaluate(expr_piece_at(&p->value, temperature), temperature,
                                         pressure, state->function);
        if (!isfinite(v.v) || !isfinite(v.t) || !isfinite(v.tt))
            return dft_fail(err, DFT_EINPUT, "%s:%d: this parameter of %s has no finite value at "
                            "%.6g K", db->path, p->line, db->phases[p->phase].name, temperature);
        state->value[i] = v;
    }
    return DFT_OK;
}

/* R T sum_s a_s sum_i y ln y; 0 ln 0 = 0 where no derivatives are asked for. */
static void add_mixing(const model_phase *phase, double temperature, const double *y,
                       model_result *out)
{
    const size_t n = phase->sites.n_y, width = n + 1;

    for (size_t s = 0; s < phase->sites.n_sublattices; s++) {
        const double ra = DESC_GAS_CONSTANT * phase->ratio[s];
        if (phase->sites.first[s + 1] - phase->sites.first[s] == 1)
            continue;                            /* y = 1 throughout */
        for (size_t i = phase->sites.first[s]; i < phase->sites.first[s + 1]; i++) {
            if (!(y[i] > 0.0))
                continue;
            const double l = log(y[i]);
            out->value += ra * temperature * y[i] * l;
            if (!out->gradient)
                continue;
            out->gradient[i] += ra * temperature * (l + 1.0);
            out->gradient[n] += ra * y[i] * l;
            out->hessian[i * width + i] += ra * temperature / y[i];
            out->hessian[i * width + n] += ra * (l + 1.0);
            out->hessian[n * width + i] += ra * (l + 1.0);
        }
    }
}

double desc_calphad_gibbs(desc_calphad_state *state, size_t phase, const double *y,
                          double *gradient, double *hessian)
{
    const model_phase *p = &state->system->phase[phase];
    const size_t width = p->sites.n_y + 1;
    double own_gradient[MODEL_FRACTIONS + 1];
    double own_hessian[(MODEL_FRACTIONS + 1) * (MODEL_FRACTIONS + 1)];
    const bool derive = gradient || hessian;
    model_result out = { p->sites.n_y, 0.0, derive ? (gradient ? gradient : own_gradient) : NULL,
                         derive ? (hessian ? hessian : own_hessian) : NULL };

    if (derive) {
        memset(out.gradient, 0, width * sizeof *out.gradient);
        memset(out.hessian, 0, width * width * sizeof *out.hessian);
    }
    for (size_t b = 0; b < p->n_blocks; b++)
        model_add_sum(&p->sum[p->block[b].sum],
                      p->block[b].map == MAP_NONE ? NULL : &p->map[p->block[b].map], state->value,
                      y, p->block[b].scale, &out);
    if (p->magnetic)
        model_add_magnetic(p, state, y, &out);
    add_mixing(p, state->temperature, y, &out);
    return out.value;
}
