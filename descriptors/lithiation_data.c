#include "descriptors/lithiation_data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/phase_tables.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define Z_LI 3

const char *desc_energy_set_name(desc_energy_set set)
{
    static const char *const names[] = { "enthalpy", "gibbs", "dft" };
    return names[set];
}

/* H, B, C, N, O, F, P, S, Cl, As, Se, Br, I: they leave a compound as Li salts.  Te, Sb, Bi, Si, Ge
 * alloy with Li as metals do, and count as metals except Te. */
static bool is_nonmetal(int z)
{
    static const int nonmetals[] = { 1, 5, 6, 7, 8, 9, 15, 16, 17, 33, 34, 35, 52, 53 };

    for (size_t i = 0; i < sizeof nonmetals / sizeof *nonmetals; i++)
        if (nonmetals[i] == z)
            return true;
    return false;
}

int desc_formula_metal(const desc_formula *formula)
{
    int metal = 0;

    for (size_t i = 0; i < formula->n; i++) {
        if (formula->z[i] == Z_LI || is_nonmetal(formula->z[i]))
            continue;
        if (metal)
            return 0;
        metal = formula->z[i];
    }
    return metal;
}

/* ---- hulls ---- */

static bool has_assessed_phase(const desc_phase_data *data, const char *element)
{
    for (size_t i = 0; i < data->n_phases; i++)
        if (data->phases[i].origin == DESC_ORIGIN_CALPHAD
            && strcmp(data->phases[i].element, element) == 0)
            return true;
    return false;
}

static bool phase_belongs(const desc_phase_data *data, const desc_phase *phase, desc_energy_set set)
{
    switch (phase->origin) {
    case DESC_ORIGIN_DFT:     return set == DESC_SET_DFT;
    case DESC_ORIGIN_CALPHAD: return set == DESC_SET_ENTHALPY;
    case DESC_ORIGIN_MEASURED:
        return set == DESC_SET_ENTHALPY && strcmp(phase->confidence, "low") != 0
               && !has_assessed_phase(data, phase->element);
    default: return false;
    }
}

static double formation_energy_kj(const desc_formation *row, desc_energy_set set)
{
    if ((row->origin == DESC_ORIGIN_DFT) != (set == DESC_SET_DFT))
        return NAN;
    return set == DESC_SET_GIBBS ? row->dgf_kj_per_mol : row->dhf_kj_per_mol;
}

dft_status desc_hull_from_data(const desc_phase_data *data, desc_energy_set set, const int *z,
                               size_t n_z, desc_hull **out, dft_error *err)
{
    desc_hull_entry *entry = dft_alloc(data->n_formations + data->n_phases + n_z, sizeof *entry);
    size_t n = 0;
    dft_status status;

    *out = NULL;
    if (!entry)
        return dft_fail(err, DFT_ENOMEM, "no memory for a hull of the collected phases");
    for (size_t i = 0; i < data->n_formations; i++) {
        const desc_formation *row = &data->formations[i];
        const double kj = formation_energy_kj(row, set);
        if (isnan(kj) || !desc_formula_within(&row->composition, z, n_z))
            continue;
        entry[n++] = (desc_hull_entry){ row->formula, row->composition, kj / PHASE_EV_KJ_PER_MOL,
                                        desc_volume_ang3(data, &row->composition), row->source };
    }
    for (size_t i = 0; i < data->n_phases; i++) {
        const desc_phase *phase = &data->phases[i];
        if (!phase_belongs(data, phase, set)
            || !desc_formula_within(&phase->composition, z, n_z))
            continue;
        entry[n++] = (desc_hull_entry){
            phase->formula, phase->composition,
            phase->dhf_kj_per_mol_atoms * desc_formula_atoms(&phase->composition)
            / PHASE_EV_KJ_PER_MOL, desc_volume_ang3(data, &phase->composition), phase->source };
    }
    for (size_t k = 0; k < n_z; k++) {           /* elements belong to every set */
        const desc_formula element = { .n = 1, .z = { z[k] }, .count = { 1.0 } };
        entry[n++] = (desc_hull_entry){ dft_element_symbol(z[k]), element, 0.0,
                                        desc_volume_ang3(data, &element), "" };
    }
    status = n > n_z
           ? desc_hull_create(desc_energy_set_name(set), entry, n, out, err)
           : dft_fail(err, DFT_EINPUT, "the collected %s energies know no compound of these "
                      "elements; give energies", desc_energy_set_name(set));
    free(entry);
    return status;
}

dft_status desc_lithiation_check(const desc_hull *hull, const desc_formula *host, int z_guest,
                                 dft_error *err)
{
    for (size_t k = 0; k < host->n; k++) {
        const int pair[2] = { z_guest, host->z[k] };
        bool found = !is_nonmetal(host->z[k]) || host->z[k] == z_guest;
        for (size_t i = 0; i < desc_hull_size(hull) && !found; i++) {
            const desc_formula *f = &desc_hull_entry_at(hull, i)->formula;
            found = f->n == 2 && desc_formula_within(f, pair, 2);
        }
        if (!found)
            return dft_fail(err, DFT_EINPUT, "the %s energies hold no compound of %s with %s, "
                            "which decides what %s does here; give its formation energy",
                            desc_hull_label(hull), dft_element_symbol(z_guest),
                            dft_element_symbol(host->z[k]), dft_element_symbol(z_guest));
    }
    return DFT_OK;
}

/* ---- paths ---- */

static void host_elements(const desc_formula *host, int *z, size_t *n_z)
{
    *n_z = 0;
    z[(*n_z)++] = Z_LI;
    for (size_t i = 0; i < host->n; i++)
        if (host->z[i] != Z_LI)
            z[(*n_z)++] = host->z[i];
}

static dft_status path_in_set(const desc_phase_data *data, desc_energy_set set,
                              const desc_formula *host, desc_lithiation_path *out, dft_error *err)
{
    int z[DESC_FORMULA_MAX + 1];
    size_t n_z;
    dft_status status;

    *out = (desc_lithiation_path){ .set = set, .confidence = "" };
    host_elements(host, z, &n_z);
    status = desc_hull_from_data(data, set, z, n_z, &out->hull, err);
    if (status == DFT_OK)
        status = desc_lithiation_check(out->hull, host, Z_LI, err);
    if (status == DFT_OK)
        status = desc_voltage_profile_compute(out->hull, host, Z_LI, &out->profile, err);
    if (status != DFT_OK)
        desc_lithiation_path_clear(out);
    return status;
}

static const desc_formation *formation_of(const desc_phase_data *data, desc_energy_set set,
                                          const desc_formula *formula)
{
    for (size_t i = 0; i < data->n_formations; i++)
        if ((data->formations[i].origin == DESC_ORIGIN_DFT) == (set == DESC_SET_DFT)
            && desc_formula_same(&data->formations[i].composition, formula))
            return &data->formations[i];
    return NULL;
}

/* Whether every phase that takes part has a Gibbs energy. */
static bool path_has_gibbs(const desc_phase_data *data, const desc_voltage_profile *profile)
{
    for (size_t s = 0; s < profile->n_steps; s++)
        for (size_t i = 0; i < profile->step[s].reaction.n; i++) {
            const desc_formula *formula = &profile->step[s].reaction.formula[i];
            const desc_formation *row = formation_of(data, DESC_SET_GIBBS, formula);
            if (formula->n > 1 && (!row || isnan(row->dgf_kj_per_mol)))
                return false;
        }
    return true;
}

/* A host that does not react has nothing on its path: then the Li salts of the Gibbs set must be
 * able to judge, which desc_lithiation_check tells. */
static dft_status path_prefer_gibbs(const desc_phase_data *data, const desc_formula *host,
                                    desc_lithiation_path *path, dft_error *err)
{
    desc_lithiation_path gibbs;
    const dft_status status = path_in_set(data, DESC_SET_GIBBS, host, &gibbs, err);

    if (status == DFT_EINPUT)
        return DFT_OK;                           /* no Gibbs energies: the enthalpies stand */
    if (status != DFT_OK)
        return status;
    desc_lithiation_path_clear(path);
    *path = gibbs;
    return DFT_OK;
}

static int confidence_rank(const char *confidence)
{
    static const char *const names[] = { "low", "medium", "high" };

    for (int i = 0; i < 3; i++)
        if (strcmp(confidence, names[i]) == 0)
            return i;
    return 3;
}

static const char *formula_confidence(const desc_phase_data *data, const desc_lithiation_path *path,
                                      const desc_formula *formula)
{
    const desc_formation *row = formation_of(data, path->set, formula);

    if (row)
        return row->confidence;
    for (size_t i = 0; i < data->n_phases; i++)
        if (phase_belongs(data, &data->phases[i], path->set)
            && desc_formula_same(&data->phases[i].composition, formula))
            return data->phases[i].confidence;
    return "";
}

static void path_judge(const desc_phase_data *data, const desc_formula *host,
                       desc_lithiation_path *path)
{
    path->confidence = formula_confidence(data, path, host);
    for (size_t s = 0; s < path->profile.n_steps; s++) {
        const desc_reaction *r = &path->profile.step[s].reaction;
        for (size_t i = 0; i < r->n; i++) {
            const char *c = formula_confidence(data, path, &r->formula[i]);
            if (confidence_rank(c) < confidence_rank(path->confidence))
                path->confidence = c;
        }
    }
}

static bool salt_is_known(const desc_phase_data *data, const char *text, desc_energy_set set)
{
    desc_formula formula;
    const desc_formation *row;

    if (desc_formula_parse(text, &formula, NULL) != DFT_OK)
        return false;
    row = formation_of(data, set, &formula);
    return row && !isnan(formation_energy_kj(row, set));
}

/* Known phases of the host's metals without an energy in the set, Li-poor ones included. */
static void path_find_gaps(const desc_phase_data *data, const desc_formula *host,
                           desc_lithiation_path *path)
{
    for (size_t k = 0; k < host->n; k++) {
        size_t n;
        const char *symbol = dft_element_symbol(host->z[k]);
        const desc_phase *phase = desc_phases(data, symbol, &n);
        for (size_t i = 0; i < n; i++) {
            bool known = strcmp(phase[i].formula, "none") == 0
                         || salt_is_known(data, phase[i].formula, path->set);
            for (size_t j = 0; j < n && !known; j++)
                known = fabs(phase[j].x_li - phase[i].x_li) < 5e-3
                        && phase_belongs(data, &phase[j], path->set);
            if (known || strstr(path->gaps, phase[i].formula))
                continue;
            const size_t used = strlen(path->gaps);
            snprintf(path->gaps + used, sizeof path->gaps - used, "%s%s", used ? " " : "",
                     phase[i].formula);
        }
    }
}

dft_status desc_lithiation_path_find(const desc_phase_data *data, const char *formula,
                                     desc_lithiation_path *out, dft_error *err)
{
    desc_formula host;
    dft_error why = { DFT_OK, "" };
    dft_status status = desc_formula_parse(formula, &host, err);

    *out = (desc_lithiation_path){ .confidence = "" };
    if (status != DFT_OK)
        return status;
    status = path_in_set(data, DESC_SET_ENTHALPY, &host, out, &why);
    if (status == DFT_OK && host.n > 1 && path_has_gibbs(data, &out->profile))
        status = path_prefer_gibbs(data, &host, out, &why);
    if (status == DFT_EINPUT && (host.n == 1 || desc_formula_metal(&host))) {
        dft_error by_dft = { DFT_OK, "" };
        status = path_in_set(data, DESC_SET_DFT, &host, out, &by_dft);
    }
    if (status != DFT_OK) {
        desc_lithiation_path_clear(out);
        return dft_fail(err, status, "reaction of %.40s with Li: %s", formula, why.message);
    }
    path_judge(data, &host, out);
    path_find_gaps(data, &host, out);
    return DFT_OK;
}

void desc_lithiation_path_clear(desc_lithiation_path *path)
{
    desc_hull_free(path->hull);
    path->hull = NULL;
}

/* ---- the table of conversions ---- */

/* What desc_candidate_phase needs to know of a compound, from its first step. */
static phase_conversion conversion_of(const desc_formation *row, const desc_lithiation_path *path,
                                      char *text, size_t size)
{
    const desc_voltage_profile *profile = &path->profile;
    const int metal = desc_formula_metal(&row->composition);
    phase_conversion c = { row->formula, "", row->composition, DESC_STATE_PRISTINE, 0.0, text,
                           row->source };

    if (profile->n_steps == 0) {
        snprintf(text, size, "does not react with Li (%s)", desc_energy_set_name(path->set));
        return c;
    }
    desc_reaction_text(&profile->step[0].reaction, text, size);
    c.state = DESC_STATE_CONVERTED;
    c.element = metal ? dft_element_symbol(metal) : "";
    c.conversion_ev = -profile->step[0].voltage_v;
    return c;
}

dft_status phase_conversions_compute(desc_phase_data *data, dft_error *err)
{
    for (size_t i = 0; i < data->n_formations; i++) {
        const desc_formation *row = &data->formations[i];
        char *text = data->reaction_text[i];
        desc_lithiation_path path;
        dft_error why = { DFT_OK, "" };
        dft_status status;
        status = desc_lithiation_path_find(data, row->formula, &path, &why);
        if (status == DFT_EINPUT) {              /* no Li salt of its nonmetal: unknown, and why */
            snprintf(text, sizeof data->reaction_text[i], "%.199s", why.message);
            data->conversions[data->n_conversions++] = (phase_conversion){
                row->formula, "", row->composition, DESC_STATE_UNKNOWN, NAN, text, row->source };
            continue;
        }
        if (status != DFT_OK)
            return dft_fail(err, status, "%s", why.message);
        data->conversions[data->n_conversions++] = conversion_of(
            row, &path, text, sizeof data->reaction_text[i]);
        desc_lithiation_path_clear(&path);
    }
    return DFT_OK;
}
