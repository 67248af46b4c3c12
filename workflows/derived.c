#include "workflows/derived.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "workflows/gather.h"
#include "workflows/migration.h"

#define J_PER_M2 (0.1 * DFT_EV_PER_ANG3_GPA)        /* of 1 eV/A^2: 1 GPa A = 0.1 N/m */

/* ---- surface energy ---- */

typedef struct {
    size_t n, of_z[DFT_MAX_Z + 1];
} composition;

static int count_species(const json_t *structure, composition *out)
{
    const json_t *species = json_object_get(structure, "species");

    memset(out, 0, sizeof *out);
    out->n = json_array_size(species);
    for (size_t i = 0; i < out->n; i++) {
        const char *symbol = json_string_value(json_array_get(species, i));
        const int z = symbol ? dft_element_number(symbol) : 0;
        if (z < 1 || z > DFT_MAX_Z)
            return 0;
        out->of_z[z]++;
    }
    return out->n > 0;
}

static int same_ratio(const composition *a, const composition *b)
{
    for (int z = 1; z <= DFT_MAX_Z; z++)
        if (a->of_z[z] * b->n != b->of_z[z] * a->n)
            return 0;
    return 1;
}

double flow_derived_surface_energy_j_per_m2(const flow_assemble_request *request,
                                            const flow_candidate_plan *plan)
{
    const cand_candidate *candidate = plan->candidate;
    flow_found slab, bulk;
    composition in_slab, in_bulk;
    double gamma = NAN;

    if (plan->slab == FLOW_NO_TASK || candidate->is_sheet || candidate->film
        || (candidate->defect && candidate->defect[0]))
        return NAN;
    flow_gather_find(request, plan->slab, &slab);
    flow_gather_find(request, plan->eos, &bulk);
    const json_t *energies = json_object_get(json_object_get(slab.record, "results"), "energies");
    const json_t *inputs = json_object_get(bulk.record, "inputs");
    const double n_copies = flow_found_number(&slab, "copies");         /* of the area, in a relaxed slab */
    const double copies = isfinite(n_copies) ? n_copies : 1.0;
    if (count_species(json_object_get(json_array_get(energies, 0), "structure"), &in_slab)
        && count_species(json_object_get(inputs, "structure"), &in_bulk)
        && same_ratio(&in_slab, &in_bulk))
        gamma = (flow_found_number(&slab, "energy_ev")
                 - (double)in_slab.n * flow_found_number(&bulk, "energy_ev_per_atom"))
              / (2.0 * copies * flow_found_number(&slab, "area_ang2")) * J_PER_M2;
    flow_found_clear(&slab);
    flow_found_clear(&bulk);
    return gamma;
}

/* ---- formation energy ---- */

static double energy_per_atom(const flow_assemble_request *request, size_t task)
{
    flow_found found;

    flow_gather_find(request, task, &found);
    const double energy_ev = flow_found_number(&found, "energy_ev_per_atom");
    flow_found_clear(&found);
    return energy_ev;
}

double flow_derived_formation_energy_ev(const flow_assemble_request *request,
                                        const flow_candidate_plan *plan)
{
    const cand_entry *entry = plan->candidate->structure;
    double sum = 0.0;

    if (plan->n_elements < 2)
        return NAN;
    for (size_t k = 0; k < plan->n_elements; k++) {
        size_t n = 0;
        for (size_t i = 0; i < entry->n_atoms; i++)
            n += entry->z[i] == plan->element_z[k];
        sum += (double)n * energy_per_atom(request, plan->element[k]);
    }
    return energy_per_atom(request, plan->eos) - sum / (double)entry->n_atoms;
}

/* ---- solution ---- */

#define ROOM_K 298.15

static double record_number(const flow_assemble_request *request, size_t task, const char *key)
{
    flow_found found;

    flow_gather_find(request, task, &found);
    const double value = flow_found_number(&found, key);
    flow_found_clear(&found);
    return value;
}

/* Lithium, the element, and the phases between; 0 when one has no energy. */
static int fill_hull(const flow_assemble_request *request, const flow_solution_plan *plan, int z,
                     desc_hull_entry *entry)
{
    const double li_ev = energy_per_atom(request, plan->lithium), m_ev = energy_per_atom(request, plan->metal);
    int known = isfinite(li_ev) && isfinite(m_ev);

    entry[0] = (desc_hull_entry){ .name = "Li", .formula = { .n = 1, .z = { 3 }, .count = { 1.0 } },
                                  .volume_ang3 = NAN, .source = "" };
    entry[1] = (desc_hull_entry){ .name = plan->solute, .formula = { .n = 1, .z = { z }, .count = { 1.0 } },
                                  .volume_ang3 = NAN, .source = "" };
    for (size_t i = 0; i < plan->n_phases; i++) {
        desc_hull_entry *e = &entry[2 + i];
        *e = (desc_hull_entry){ .name = plan->entry[i]->id, .volume_ang3 = NAN, .source = "" };
        if (desc_formula_parse(plan->entry[i]->formula, &e->formula, NULL) != DFT_OK)
            return 0;
        const double n_li = desc_formula_count(&e->formula, 3), n_m = desc_formula_count(&e->formula, z);
        e->energy_ev = (n_li + n_m) * energy_per_atom(request, plan->phase[i]) - n_li * li_ev - n_m * m_ev;
        known &= isfinite(e->energy_ev);
    }
    return known;
}

/* The phase that has this energy for each atom of the element. */
static void name_reference(const desc_hull_entry *entry, size_t n, int z, double mu_ev, char *out,
                           size_t size)
{
    snprintf(out, size, "%s", entry[1].name);
    for (size_t i = 2; i < n; i++)
        if (fabs(entry[i].energy_ev / desc_formula_count(&entry[i].formula, z) - mu_ev) < 1e-6)
            snprintf(out, size, "%s", entry[i].name);
}

dft_status flow_derived_solution(const flow_assemble_request *request, const flow_candidate_plan *plan,
                                 flow_solution_found *out, dft_error *err)
{
    const flow_solution_plan *s = &plan->solution;
    const int z = s->task == FLOW_NO_TASK ? 0 : dft_element_number(s->solute);
    desc_hull_entry entry[2 + FLOW_MAX_PHASES];
    desc_hull *hull = NULL;

    *out = (flow_solution_found){ .solution_ev = NAN, .mu_ev = NAN };
    if (z == 0)
        return DFT_OK;
    out->solution_ev = record_number(request, s->task, "solution_energy_ev");
    if (!isfinite(out->solution_ev) || !fill_hull(request, s, z, entry))
        return DFT_OK;
    dft_status status = desc_hull_create("dft", entry, 2 + s->n_phases, &hull, err);
    if (status == DFT_OK)
        status = desc_dilute_tangent(hull, z, &out->mu_ev, err);
    if (status == DFT_OK)
        status = desc_dilute_solubility(out->solution_ev, out->mu_ev, 0.0, ROOM_K, &out->dilute, err);
    desc_hull_free(hull);
    if (status != DFT_OK)
        return status;
    name_reference(entry, 2 + s->n_phases, z, out->mu_ev, out->reference, sizeof out->reference);
    const size_t first[3] = { s->task, s->lithium, s->metal };
    memcpy(out->task, first, sizeof first);
    memcpy(out->task + 3, s->phase, s->n_phases * sizeof *s->phase);
    out->n_tasks = 3 + s->n_phases;
    out->known = 1;
    return DFT_OK;
}

/* ---- migration ---- */

static flow_pass pass_of(const flow_assemble_request *request, const flow_candidate_plan *plan,
                         const double *site_ev, const double *zero_ev, size_t i,
                         flow_migration_found *out)
{
    const cand_hop *hop = &plan->hops->hop[i];
    const double ends = fmax(site_ev[hop->from], site_ev[hop->to]);
    flow_pass pass = { ends, false, true };
    flow_found found;

    if (plan->hop[i] == FLOW_NO_TASK)
        return pass;
    flow_gather_find(request, plan->hop[i], &found);
    const double energy_ev = flow_found_number(&found, "energy_ev") - *zero_ev;
    flow_found_clear(&found);
    if (isfinite(energy_ev)) {
        pass = (flow_pass){ fmax(ends, energy_ev), true, false };
        out->task[out->n_tasks++] = plan->hop[i];
    }
    return pass;
}

static void name_hop(const flow_candidate_plan *plan, size_t i, char *text, size_t size)
{
    const cand_hop *hop = &plan->hops->hop[i];

    snprintf(text, size, "%s>%s", plan->site_label[hop->from], plan->site_label[hop->to]);
}

/* site_ev are binding energies: E(slab + Li) - zero, with the zero of this candidate. */
static double zero_of(const flow_assemble_request *request, const flow_candidate_plan *plan,
                      const double *site_ev)
{
    double zero_ev = NAN;

    for (size_t i = 0; i < plan->n_sites && !isfinite(zero_ev); i++) {
        flow_found found;
        flow_gather_find(request, plan->site[i], &found);
        zero_ev = flow_found_number(&found, "energy_ev") - site_ev[i];
        flow_found_clear(&found);
    }
    return zero_ev;
}

dft_status flow_derived_migration(const flow_assemble_request *request,
                                  const flow_candidate_plan *plan, const double *site_ev,
                                  flow_migration_found *out, dft_error *err)
{
    const double zero_ev = zero_of(request, plan, site_ev);
    flow_migration migration = { .graph = plan->hops, .site_energy = site_ev };
    flow_spreading spreading;
    dft_status status = DFT_OK;

    *out = (flow_migration_found){ .barrier_1d_ev = NAN, .barrier_2d_ev = NAN };
    if (!plan->hops || plan->hops->n_hops == 0 || !isfinite(zero_ev))
        return DFT_OK;
    for (size_t i = 0; i < plan->n_sites; i++)
        if (!isfinite(site_ev[i]))
            return DFT_OK;          /* the way over some sites is not the way over all */
    migration.pass = dft_alloc(plan->hops->n_hops, sizeof *migration.pass);
    if (!migration.pass)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu hops", plan->hops->n_hops);
    for (size_t i = 0; i < plan->hops->n_hops; i++)
        migration.pass[i] = pass_of(request, plan, site_ev, &zero_ev, i, out);
    status = flow_migration_spread(&migration, &spreading, err);
    free(migration.pass);
    if (status != DFT_OK)
        return status;
    out->barrier_1d_ev = isfinite(spreading.barrier[0]) ? spreading.barrier[0] : NAN;
    out->barrier_2d_ev = isfinite(spreading.barrier[1]) ? spreading.barrier[1] : NAN;
    if (isfinite(out->barrier_2d_ev) && spreading.limiting[1] != FLOW_NO_HOP)
        name_hop(plan, spreading.limiting[1], out->limiting, sizeof out->limiting);
    return DFT_OK;
}
