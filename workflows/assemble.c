#include "workflows/assemble.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/compliance.h"
#include "descriptors/lithiation_data.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "workflows/coverage.h"
#include "workflows/derived.h"
#include "workflows/gather.h"
#include "workflows/quantities.h"
#include "workflows/standing.h"

#define DESCRIPTORS_PER_CANDIDATE (24 + FLOW_MAX_SITES)

/* The texts that a row points to. */
typedef struct {
    char binding_site[64], barrier_origin[96], solubility_origin[256], phases[160], notes[320];
    char reason[640], compliance_basis[112], solution_basis[192];
    flow_error error[DESC_N_CURVES];
    desc_active_element active;
    char descriptor_name[DESCRIPTORS_PER_CANDIDATE][96];
    const char *keys[4 * FLOW_MAX_SITES + 4 * FLOW_MAX_TASKS];
} row_text;

struct flow_assembly {
    size_t n;
    res_ranked_row *row;            /* owned, [n], in the order of the table */
    double *score;                  /* owned, [n] */
    row_text *text;                 /* owned, [n], in the order of the plan */
    flow_standing *standing;        /* owned, [n], in the order of the plan */
    flow_ranked *ranked;            /* owned, [n_ranked], best first */
    size_t n_ranked;
    desc_score_weights weights;     /* that counted */
    res_candidate *candidate;       /* owned, [n] */
    res_descriptor *descriptor;     /* owned, [n_descriptors] */
    size_t n_descriptors;
};

typedef struct {                    /* one candidate on its way */
    const flow_assemble_request *request;
    const flow_candidate_plan *plan;
    flow_assembly *to;
    res_ranked_row *row;
    row_text *text;
    desc_score_inputs *inputs;
    flow_settings settings;         /* of the slab's record */
    desc_corrugation corrugation;
    size_t n_named;                 /* descriptor names used of text->descriptor_name */
    size_t n_keys;
} candidate_work;

/* ---- descriptors for the database ---- */

static void add_descriptor(candidate_work *w, const char *name, double value, const char *unit,
                           const char *origin, const char *const *keys, size_t n_keys)
{
    char *own = w->text->descriptor_name[w->n_named];

    if (!isfinite(value) || w->n_named == DESCRIPTORS_PER_CANDIDATE)
        return;
    snprintf(own, sizeof w->text->descriptor_name[0], "%s", name);
    w->n_named++;
    w->to->descriptor[w->to->n_descriptors++] = (res_descriptor){
        .candidate = w->plan->candidate->name, .name = own, .value = value, .unit = unit,
        .origin = origin, .converged = true, .n_planned = (int)(n_keys ? n_keys : 1),
        .n_used = (int)(n_keys ? n_keys : 1), .task_keys = keys, .n_task_keys = n_keys,
    };
}

/* Keys that live as long as the assembly. */
static const char *const *keep_keys(candidate_work *w, size_t n, const size_t *task)
{
    const char **first = w->text->keys + w->n_keys;

    for (size_t i = 0; i < n; i++)
        first[i] = w->request->plan->graph.task[task[i]].key;
    w->n_keys += n;
    return first;
}

/* ---- the steps ---- */

static void append(char *text, size_t size, const char *separator, const char *words)
{
    const size_t n = strlen(text);
    snprintf(text + n, size - n, "%s%s", n ? separator : "", words);
}

static int is_magnetic(int z)
{
    return z >= 24 && z <= 28;      /* Cr, Mn, Fe, Co, Ni */
}

static void add_notes(candidate_work *w)
{
    const cand_entry *entry = w->plan->candidate->structure;
    char *notes = w->text->notes;
    const size_t size = sizeof w->text->notes;
    int magnetic = 0;

    for (size_t i = 0; i < entry->n_atoms; i++)
        magnetic |= is_magnetic(entry->z[i]);
    if (magnetic)
        append(notes, size, "; ", "without spin");
    if (!entry->is_sheet && fabs(entry->cell_ang[2] - entry->cell_ang[0]) > 1e-6)
        append(notes, size, "; ", "c/a fixed");
    append(notes, size, "; ", w->plan->spread == FLOW_NO_TASK ? "atoms not relaxed" : "surface relaxed");
    if (w->plan->n_like_sites > 0)
        append(notes, size, "; ", "sites that look alike stand for each other");
    append(notes, size, "; ", w->plan->candidate->remark);
}

/* E = 2 G (1 + nu); NaN when either is not known. */
static double poisson_of(const res_ranked_row *row)
{
    return 0.5 * row->young_modulus_gpa / row->shear_modulus_gpa - 1.0;
}

/* The film as used, from whatever moduli the row has. */
static void add_compliance(candidate_work *w)
{
    const res_ranked_row *row = w->row;
    const desc_film film = {
        .sheet = w->plan->candidate->structure->is_sheet,
        .young_gpa = row->young_modulus_gpa, .bulk_modulus_gpa = row->bulk_modulus_gpa,
        .poisson = poisson_of(row), .in_plane_stiffness_n_per_m = row->in_plane_stiffness_n_per_m,
        .layer_modulus_n_per_m = row->layer_modulus_n_per_m,
        .layer_spacing_ang = row->layer_spacing_ang,
        .layer_bending_ev = row->layer_bending_rigidity_ev, .interlayer_c44_gpa = row->interlayer_c44_gpa,
    };
    desc_film_compliance compliance;

    desc_film_compliance_of(&film, &compliance);
    w->row->film_stiffness_n_per_m = compliance.stiffness_n_per_m;
    w->row->film_bending_rigidity_ev = compliance.bending_rigidity_ev;
    snprintf(w->text->compliance_basis, sizeof w->text->compliance_basis, "%s", compliance.basis);
    w->row->compliance_basis = w->text->compliance_basis;
    w->inputs->sheet = film.sheet;
    w->inputs->compliance_basis = w->text->compliance_basis;
    flow_quantity_compliance(w->request->curves, &compliance, w->inputs, w->text->error);
}

/* What else the row has been given counts as it stands there. */
static void add_plain_terms(candidate_work *w)
{
    const res_ranked_row *row = w->row;
    const struct { desc_term term; double value; } plain[] = {
        { DESC_WETTING, cos(row->contact_angle_deg * (DFT_PI / 180.0)) },
        { DESC_DIMENSIONALITY, row->spreading_anisotropy_ev },
        { DESC_ADHESION, row->work_of_adhesion_j_per_m2 },
        { DESC_STRAIN, row->interface_strain_percent },
        { DESC_MOBILITY, row->solute_barrier_ev },
    };

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        flow_quantity_plain(w->request->curves, plain[i].term, plain[i].value, "dft", w->inputs,
                            w->text->error);
}

static void add_lattice(candidate_work *w)
{
    const cand_entry *entry = w->plan->candidate->structure;
    const char *const *key = NULL;
    flow_found found;

    flow_gather_find(w->request, w->plan->eos, &found);
    if (!found.done) {
        flow_found_clear(&found);
        return;
    }
    key = keep_keys(w, 1, &w->plan->eos);
    w->row->lattice_a_ang = entry->cell_ang[0] * flow_found_number(&found, "scale");
    w->row->bulk_modulus_gpa = flow_found_number(&found, "bulk_modulus_gpa");
    w->row->layer_modulus_n_per_m = flow_found_number(&found, "layer_modulus_n_per_m");
    add_descriptor(w, "lattice_a", w->row->lattice_a_ang, "angstrom", "dft", key, 1);
    add_descriptor(w, "bulk_modulus", w->row->bulk_modulus_gpa, "GPa", "dft", key, 1);
    add_descriptor(w, "layer_modulus", w->row->layer_modulus_n_per_m, "N/m", "dft", key, 1);
    flow_found_clear(&found);
}

static void add_energies(candidate_work *w)
{
    const size_t surface[2] = { w->plan->slab, w->plan->eos };
    size_t compound[1 + FLOW_MAX_ELEMENTS] = { w->plan->eos };

    memcpy(compound + 1, w->plan->element, w->plan->n_elements * sizeof *compound);
    if (w->request->wanted.surface_energy && w->plan->slab != FLOW_NO_TASK)
        add_descriptor(w, "surface_energy", flow_derived_surface_energy_j_per_m2(w->request, w->plan),
                       "J/m^2", "dft", keep_keys(w, 2, surface), 2);
    if (w->request->wanted.formation_energy)
        add_descriptor(w, "formation_energy", flow_derived_formation_energy_ev(w->request, w->plan),
                       "eV per atom", "dft", keep_keys(w, 1 + w->plan->n_elements, compound),
                       1 + w->plan->n_elements);
}

/* The way over all sites and hops, where those were computed, in place of the estimate from the sites. */
static dft_status add_migration(candidate_work *w, const double *site_ev, dft_error *err)
{
    flow_migration_found found;
    const dft_status status = flow_derived_migration(w->request, w->plan, site_ev, &found, err);

    if (status != DFT_OK || !isfinite(found.barrier_2d_ev))
        return status;
    w->corrugation.barrier_estimate_ev = found.barrier_2d_ev;
    w->corrugation.barrier_high_ev = fmax(w->corrugation.barrier_high_ev, found.barrier_2d_ev);
    w->row->spreading_anisotropy_ev = found.barrier_2d_ev - found.barrier_1d_ev;
    snprintf(w->text->barrier_origin, sizeof w->text->barrier_origin, "constrained-path: %.60s",
             found.limiting);
    add_descriptor(w, "migration_barrier_1d", found.barrier_1d_ev, "eV", "constrained-path",
                   keep_keys(w, found.n_tasks, found.task), found.n_tasks);
    return DFT_OK;
}

/* The row's moduli decide how compliant a film is; the bulk modulus stays that of the equation of state. */
static void add_elastic(candidate_work *w)
{
    static const struct { const char *name, *key, *unit; } moduli[] = {
        { "shear_modulus", "shear_modulus_gpa", "GPa" }, { "young_modulus", "young_modulus_gpa", "GPa" },
        { "bulk_modulus_elastic", "bulk_modulus_gpa", "GPa" }, { "poisson", "poisson", "" },
        { "pugh", "pugh", "" }, { "c44", "c44_gpa", "GPa" },
        { "in_plane_stiffness", "in_plane_stiffness_n_per_m", "N/m" },
    };
    flow_found found;

    if (w->plan->elastic == FLOW_NO_TASK)
        return;
    flow_gather_find(w->request, w->plan->elastic, &found);
    if (found.done) {
        const char *const *key = keep_keys(w, 1, &w->plan->elastic);
        for (size_t i = 0; i < sizeof moduli / sizeof moduli[0]; i++)
            add_descriptor(w, moduli[i].name, flow_found_number(&found, moduli[i].key), moduli[i].unit,
                           "dft", key, 1);
        w->row->shear_modulus_gpa = flow_found_number(&found, "shear_modulus_gpa");
        w->row->young_modulus_gpa = flow_found_number(&found, "young_modulus_gpa");
        w->row->in_plane_stiffness_n_per_m = flow_found_number(&found, "in_plane_stiffness_n_per_m");
    }
    flow_found_clear(&found);
}

/* Lithium on the surface as a film: its terms are read from the row. */
static void add_adhesion(candidate_work *w)
{
    flow_found found;

    if (w->plan->adhesion == FLOW_NO_TASK)
        return;
    flow_gather_find(w->request, w->plan->adhesion, &found);
    if (found.done) {
        const char *const *key = keep_keys(w, 1, &w->plan->adhesion);
        w->row->work_of_adhesion_j_per_m2 = flow_found_number(&found, "work_of_adhesion_j_per_m2");
        w->row->contact_angle_deg = flow_found_number(&found, "contact_angle_deg");
        w->row->interface_strain_percent = flow_found_number(&found, "strain_percent");
        add_descriptor(w, "work_of_adhesion", w->row->work_of_adhesion_j_per_m2, "J/m^2", "dft", key, 1);
        add_descriptor(w, "contact_angle", w->row->contact_angle_deg, "degree", "dft", key, 1);
        add_descriptor(w, "interface_strain", w->row->interface_strain_percent, "%", "geometry", key, 1);
        add_descriptor(w, "spreading", flow_found_number(&found, "spreading_j_per_m2"), "J/m^2", "dft", key, 1);
    }
    flow_found_clear(&found);
}

/* Binding against the atom beside binding against bulk lithium, for the site of the row. */
static void add_atom(candidate_work *w)
{
    const size_t tasks[2] = { w->plan->atom, w->plan->reference };
    flow_found atom, bulk;

    if (w->plan->atom == FLOW_NO_TASK || w->plan->reference == FLOW_NO_TASK)
        return;
    flow_gather_find(w->request, w->plan->atom, &atom);
    flow_gather_find(w->request, w->plan->reference, &bulk);
    const double cohesion_ev = flow_found_number(&atom, "energy_ev_per_atom")
                             - flow_found_number(&bulk, "energy_ev_per_atom");
    const char *const *keys = keep_keys(w, 2, tasks);
    add_descriptor(w, "li_cohesion", cohesion_ev, "eV per Li", "dft", keys, 2);
    add_descriptor(w, "li_binding_vs_atom", w->row->li_binding_ev - cohesion_ev, "eV per Li", "dft", keys, 2);
    flow_found_clear(&atom);
    flow_found_clear(&bulk);
}

static void add_conduction(candidate_work *w)
{
    flow_found found;
    char words[64];

    if (w->plan->conduction == FLOW_NO_TASK)
        return;
    flow_gather_find(w->request, w->plan->conduction, &found);
    const double gap_ev = flow_found_number(&found, "gap_ev");
    const char *const *key = keep_keys(w, 1, &w->plan->conduction);
    add_descriptor(w, "band_gap", gap_ev, "eV", "dft", key, 1);
    add_descriptor(w, "direct_band_gap", flow_found_number(&found, "direct_gap_ev"), "eV", "dft", key, 1);
    if (gap_ev > 0.0) {
        snprintf(words, sizeof words, "insulator: gap %.1f eV by this functional", gap_ev);
        append(w->text->notes, sizeof w->text->notes, "; ", words);
    }
    flow_found_clear(&found);
}

/* What lithium does on the relaxed slab: sites it stays on, and the barrier of spreading. */
static void add_spread(candidate_work *w)
{
    const size_t tasks[3] = { w->plan->spread, w->plan->slab, w->plan->reference };
    const char *const *keys = keep_keys(w, 3, tasks);
    flow_found found, slab, lithium;
    double lowest_ev = HUGE_VAL;

    flow_gather_find(w->request, w->plan->spread, &found);
    flow_gather_find(w->request, w->plan->slab, &slab);
    flow_gather_find(w->request, w->plan->reference, &lithium);
    const double slab_ev = flow_found_number(&slab, "energy_ev");
    const double mu_ev = flow_found_number(&lithium, "energy_ev_per_atom");
    const json_t *sites = json_object_get(json_object_get(found.record, "results"), "sites");
    for (size_t i = 0; found.done && i < json_array_size(sites); i++) {
        const json_t *site = json_array_get(sites, i);
        const json_t *energy = json_object_get(site, "energy_ev");
        const char *label = json_string_value(json_object_get(site, "label"));
        const double binding_ev = json_is_number(energy)
                                ? desc_li_binding_ev(json_number_value(energy), slab_ev, mu_ev, 1) : NAN;
        char name[96];
        snprintf(name, sizeof name, "li_binding:%.80s", label ? label : "");
        add_descriptor(w, name, binding_ev, "eV per Li", "dft", keys, 3);
        if (isfinite(binding_ev) && binding_ev < lowest_ev) {
            lowest_ev = binding_ev;
            snprintf(w->text->binding_site, sizeof w->text->binding_site, "%s", label ? label : "");
        }
    }
    if (isfinite(lowest_ev)) {
        w->settings.relaxed = true;
        w->row->li_coverage_ml = flow_found_number(&found, "li_coverage_ml");
        w->row->li_binding_ev = lowest_ev;
        w->row->li_binding_site = w->inputs->binding_site = w->text->binding_site;
        flow_quantity_binding(w->request->curves, &w->settings, lowest_ev, w->inputs, w->text->error);
        w->row->li_binding_error_ev = w->inputs->value[DESC_BINDING].sigma;
        const double two = flow_found_number(&found, "barrier_2d_ev");
        w->corrugation = (desc_corrugation){ .barrier_estimate_ev = two, .barrier_low_ev = two,
                                             .barrier_high_ev = two, .corrugation_ev = NAN };
        w->row->spreading_anisotropy_ev = two - flow_found_number(&found, "barrier_1d_ev");
        const char *origin = json_string_value(json_object_get(json_object_get(found.record, "results"),
                                                               "barrier_origin"));
        snprintf(w->text->barrier_origin, sizeof w->text->barrier_origin, "%s", origin ? origin : "");
        add_descriptor(w, "migration_barrier_1d", flow_found_number(&found, "barrier_1d_ev"), "eV",
                       w->text->barrier_origin, keys, 3);
    }
    flow_found_clear(&found);
    flow_found_clear(&slab);
    flow_found_clear(&lithium);
}

/* Binding energies site by site, against the clean slab and bcc Li at the same cutoff. */
static dft_status add_binding(candidate_work *w, dft_error *err)
{
    flow_binding binding;
    const dft_status status = flow_gather_binding(w->request, w->plan, &binding, err);

    if (status != DFT_OK)
        return status;
    w->corrugation = binding.corrugation;
    w->row->li_coverage_ml = binding.li_coverage_ml;
    for (size_t i = 0; i < w->plan->n_sites; i++) {
        const size_t tasks[3] = { w->plan->site[i], w->plan->slab, w->plan->reference };
        char name[96];
        snprintf(name, sizeof name, "li_binding:%s", w->plan->site_label[i]);
        if (isfinite(binding.site_ev[i]))
            add_descriptor(w, name, binding.site_ev[i], "eV per Li", "dft", keep_keys(w, 3, tasks),
                           3);
    }
    if (binding.n_used < w->plan->n_sites || binding.corrugation.lowest < 0)
        return DFT_OK;              /* the lowest of some sites is not the lowest of all */
    const int lowest = binding.corrugation.lowest;
    w->row->li_binding_ev = binding.site_ev[lowest];
    snprintf(w->text->binding_site, sizeof w->text->binding_site, "%s",
             w->plan->site_label[lowest]);
    w->row->li_binding_site = w->text->binding_site;
    w->inputs->binding_site = w->text->binding_site;
    flow_quantity_binding(w->request->curves, &w->settings, w->row->li_binding_ev, w->inputs,
                          w->text->error);
    w->row->li_binding_error_ev = w->inputs->value[DESC_BINDING].sigma;
    return w->request->wanted.migration ? add_migration(w, binding.site_ev, err) : DFT_OK;
}

static void add_barrier(candidate_work *w)
{
    const desc_corrugation *c = &w->corrugation;
    const char *const *keys = NULL;

    if (!isfinite(w->row->li_binding_ev) || !isfinite(c->barrier_estimate_ev))
        return;
    keys = keep_keys(w, w->plan->n_sites, w->plan->site);
    if (w->text->barrier_origin[0] == '\0')
        snprintf(w->text->barrier_origin, sizeof w->text->barrier_origin, "corrugation-estimate: %s",
                 c->barrier_basis);
    w->row->migration_barrier_ev = c->barrier_estimate_ev;
    w->row->migration_barrier_origin = w->text->barrier_origin;
    w->row->migration_barrier_low_ev = c->barrier_low_ev;
    w->row->migration_barrier_high_ev = c->barrier_high_ev;
    w->inputs->barrier_kind = "barrier estimate";
    flow_quantity_barrier(w->request->curves, &w->settings, c, w->inputs, w->text->error);
    add_descriptor(w, "corrugation", c->corrugation_ev, "eV", "dft", keys, w->plan->n_sites);
    add_descriptor(w, "migration_barrier", c->barrier_estimate_ev, "eV", w->text->barrier_origin,
                   keys, w->plan->n_sites);
}

static void add_solubility(candidate_work *w, const desc_solubility *solubility)
{
    flow_quantity_solubility(w->request->curves, solubility, w->inputs, w->text->error);
    w->row->solubility_m_in_li = solubility->x;
    w->row->solubility_low = solubility->low;
    w->row->solubility_high = solubility->high;
    w->row->solubility_origin = desc_origin_name(solubility->origin);
    if (solubility->origin == DESC_ORIGIN_MISSING && solubility->basis[0]) {
        snprintf(w->text->solubility_origin, sizeof w->text->solubility_origin, "missing: %.240s",
                 solubility->basis);
        w->row->solubility_origin = w->text->solubility_origin;
    }
    w->row->solubility_confidence = solubility->confidence;
    add_descriptor(w, "solubility_m_in_li", solubility->x, "mole fraction",
                   desc_origin_name(solubility->origin), NULL, 0);
}

/* What full lithiation does to the volume; nothing when there is no reaction. */
static void add_volume(candidate_work *w)
{
    desc_lithiation_path path;
    double percent = NAN;

    if (w->row->first_lithiation_ev <= 0.0
        || (w->inputs->element && strcmp(w->inputs->element, "Li") == 0)) {
        percent = 0.0;
    } else if (desc_lithiation_path_find(w->request->phase_data,
                                         cand_candidate_formula(w->plan->candidate), &path, NULL)
               == DFT_OK) {
        percent = 100.0 * path.profile.volume_change;
        desc_lithiation_path_clear(&path);
    }
    flow_quantity_volume(w->request->curves, percent, w->inputs, w->text->error);
    w->row->volume_change_percent = percent;
    add_descriptor(w, "volume_change", percent, "%", "phase-data", NULL, 0);
}

static void add_alloying(candidate_work *w, const char *element, const desc_lithiation *lithiation)
{
    size_t n = 0;
    const desc_phase *phase = desc_phases(w->request->phase_data, element, &n);

    flow_quantity_alloying(w->request->curves, lithiation, w->inputs, w->text->error);
    w->row->first_lithiation_ev = lithiation->driving_ev;
    add_descriptor(w, "first_lithiation", lithiation->driving_ev, "eV per Li",
                   desc_origin_name(lithiation->origin), NULL, 0);
    add_volume(w);
    for (size_t i = 0; i < n; i++)
        if (phase[i].x_li > 0.5 && (i == 0 || strcmp(phase[i].formula, phase[i - 1].formula) != 0))
            append(w->text->phases, sizeof w->text->phases, " ", phase[i].formula);
    w->row->li_rich_phases = w->text->phases;
}

/* The active element in lithium as this run computes it: reported, and scored where nothing better is known. */
static dft_status add_solution(candidate_work *w, desc_solubility *solubility, dft_error *err)
{
    flow_solution_found found;
    const dft_status status = flow_derived_solution(w->request, w->plan, &found, err);

    if (status != DFT_OK || !found.known)
        return status;
    const char *const *keys = keep_keys(w, found.n_tasks, found.task);
    add_descriptor(w, "solution_energy_m_in_li", found.solution_ev, "eV", "dft", keys, found.n_tasks);
    add_descriptor(w, "chemical_potential_m_at_li", found.mu_ev, "eV", "dft", keys, found.n_tasks);
    if (found.dilute.outcome != DESC_DILUTE_NOT_DILUTE)
        add_descriptor(w, "dilute_solubility", found.dilute.x, "mole fraction", "dft-dilute", keys,
                       found.n_tasks);
    snprintf(w->text->solution_basis, sizeof w->text->solution_basis, "dilute-solution DFT of this run: %+.3f eV "
             "against %s, %s", found.dilute.excess_ev, found.reference,
             found.dilute.outcome == DESC_DILUTE_NOT_DILUTE ? "more than a dilute solution: a lower bound alone"
                                                            : "no vibrational entropy");
    if (desc_dilute_improves(solubility))
        desc_dilute_apply(&found.dilute, w->text->solution_basis, solubility);
    return DFT_OK;
}

static void add_phase_data(candidate_work *w)
{
    desc_active_element *active = &w->text->active;
    desc_solubility solubility;
    desc_lithiation lithiation;
    dft_error why = { DFT_OK, "" };

    if (desc_candidate_phase(w->request->phase_data, cand_candidate_formula(w->plan->candidate),
                             active, &solubility, &lithiation, &why) != DFT_OK) {
        append(w->text->notes, sizeof w->text->notes, "; ", why.message);
        return;
    }
    w->row->operating_state = desc_state_name(active->state);
    if (strcmp(cand_candidate_formula(w->plan->candidate), "Li") == 0)
        snprintf(active->element, sizeof active->element, "Li");
    if (active->element[0]) {       /* Ag(111) and LiAg rest on one solubility of Ag */
        w->inputs->element = active->element;
        w->inputs->value[DESC_SOLUBILITY].shared = active->element;
        w->inputs->value[DESC_MOBILITY].shared = active->element;
        if (active->state != DESC_STATE_CONVERTED)
            w->inputs->value[DESC_ALLOYING].shared = active->element;
    }
    if (add_solution(w, &solubility, &why) != DFT_OK)
        append(w->text->notes, sizeof w->text->notes, "; ", why.message);
    if (w->request->wanted.solubility)
        add_solubility(w, &solubility);
    if (w->request->wanted.alloying)
        add_alloying(w, active->element, &lithiation);
}

/* ---- what keeps it from being ranked ---- */

/* The coverage that was computed, as its record has it, against that of the ranking. */
static void judge_coverage(candidate_work *w)
{
    const flow_candidate_plan *plan = w->plan;
    const size_t task = plan->spread != FLOW_NO_TASK ? plan->spread
                      : plan->n_sites > 0 ? plan->site[0] : FLOW_NO_TASK;
    flow_found found;

    flow_gather_find(w->request, task, &found);
    if (found.done)
        flow_coverage_reason(w->request->plan->ranked, flow_coverage_spacing_ang(found.record),
                             flow_coverage_wanted_ang(found.record), w->text->reason,
                             sizeof w->text->reason);
    flow_found_clear(&found);
}

static void judge(candidate_work *w)
{
    char *reason = w->text->reason;
    const size_t size = sizeof w->text->reason;
    int n_planned = 0, n_used = 0;

    flow_gather_reason(w->request, w->plan, &n_planned, &n_used, reason, size);
    w->row->n_planned = n_planned;
    w->row->n_used = n_used;
    w->row->converged = n_used == n_planned && n_planned > 0;
    w->row->reason = reason;
    if (reason[0] == '\0' && w->request->wanted.li_binding && w->plan->n_sites > 0
        && !isfinite(w->row->li_binding_ev))
        snprintf(reason, size, "no Li binding energy: a finished record holds no usable number");
    if (reason[0] == '\0' && w->request->wanted.li_binding)
        judge_coverage(w);
}

static double slab_cost_s(const flow_assemble_request *request, const flow_candidate_plan *plan)
{
    double sum = 0.0;

    if (plan->slab != FLOW_NO_TASK)
        sum += request->plan->graph.task[plan->slab].cost_s;
    for (size_t i = 0; i < plan->n_sites; i++)
        sum += request->plan->graph.task[plan->site[i]].cost_s;
    return sum;
}

static dft_status assemble_candidate(const flow_assemble_request *request, size_t i,
                                     flow_assembly *to, dft_error *err)
{
    const flow_candidate_plan *plan = &request->plan->candidate[i];
    const cand_candidate *candidate = plan->candidate;
    candidate_work w = { .request = request, .plan = plan, .to = to, .row = &to->row[i],
                         .text = &to->text[i], .inputs = &to->standing[i].inputs };
    dft_status status = DFT_OK;

    to->candidate[i] = (res_candidate){ candidate->name, candidate->family,
                                        candidate->structure->formula, candidate->facet,
                                        candidate->state, w.text->notes };
    *w.row = res_ranked_row_defaults();
    *w.inputs = desc_score_inputs_unknown();
    w.inputs->candidate = candidate->name;
    to->standing[i].row = w.row;
    to->standing[i].reason = w.text->reason;
    to->standing[i].reason_size = sizeof w.text->reason;
    to->standing[i].slab_cost_s = slab_cost_s(request, plan);
    flow_settings_of(request, plan->slab, &w.settings);
    w.row->candidate = candidate->name;
    w.row->family = candidate->family;
    w.row->facet = candidate->facet;
    w.row->state = candidate->state;
    w.row->notes = w.text->notes;
    add_notes(&w);
    add_phase_data(&w);
    if (plan->eos != FLOW_NO_TASK)
        add_lattice(&w);
    if (plan->eos != FLOW_NO_TASK)
        add_energies(&w);
    if (plan->eos != FLOW_NO_TASK)
        add_elastic(&w);
    add_adhesion(&w);
    if (plan->spread != FLOW_NO_TASK)
        add_spread(&w);
    if (plan->n_sites > 0)
        status = add_binding(&w, err);
    add_atom(&w);
    add_conduction(&w);
    if (status == DFT_OK && request->wanted.corrugation)
        add_barrier(&w);
    add_compliance(&w);
    add_plain_terms(&w);
    if (status == DFT_OK)
        judge(&w);
    return status;
}

/* ---- the assembly ---- */

/* Moduli: what PBE scatters by, in decades as for the score. */
static void add_modulus_error(const desc_curves *curves, res_descriptor *descriptor)
{
    if (strcmp(descriptor->name, "bulk_modulus") != 0
        && strcmp(descriptor->name, "layer_modulus") != 0)
        return;
    descriptor->error = desc_error_sigma(curves, DESC_COMPLIANCE, "functional");
    descriptor->error_made_of = "functional";
}

/* The descriptors that are terms of a score get the error that the score gave them. */
static void add_errors(const desc_curves *curves, flow_assembly *a)
{
    static const struct { const char *name; desc_term term; } of[] = {
        { "migration_barrier", DESC_BARRIER }, { "solubility_m_in_li", DESC_SOLUBILITY },
        { "corrugation", DESC_BARRIER }, { "first_lithiation", DESC_ALLOYING }, { "volume_change", DESC_VOLUME },
        { "li_binding:", DESC_BINDING }, { "work_of_adhesion", DESC_ADHESION },
        { "interface_strain", DESC_STRAIN },
    };

    for (size_t d = 0, i = 0; d < a->n_descriptors; d++) {
        res_descriptor *descriptor = &a->descriptor[d];
        add_modulus_error(curves, descriptor);
        while (strcmp(a->candidate[i].id, descriptor->candidate) != 0)
            i++;                    /* both are in the order of the plan */
        for (size_t k = 0; k < sizeof of / sizeof of[0]; k++) {
            const desc_quantity *q = &a->standing[i].inputs.value[of[k].term];
            if (strncmp(descriptor->name, of[k].name, strlen(of[k].name)) == 0 && q->made_of)
                descriptor->error = q->sigma, descriptor->error_made_of = q->made_of;
        }
    }
}

dft_status flow_assembly_create(const flow_assemble_request *request, flow_assembly **out,
                                dft_error *err)
{
    const size_t n = request->plan->n_candidates;
    flow_assembly *a = dft_alloc(1, sizeof *a);
    dft_status status = DFT_OK;

    *out = NULL;
    if (a) {
        a->n = n;
        a->row = dft_alloc(n, sizeof *a->row);
        a->score = dft_alloc_doubles(n);
        a->text = dft_alloc(n, sizeof *a->text);
        a->standing = dft_alloc(n, sizeof *a->standing);
        a->candidate = dft_alloc(n, sizeof *a->candidate);
        a->descriptor = dft_alloc(n * DESCRIPTORS_PER_CANDIDATE, sizeof *a->descriptor);
    }
    if (!a || !a->row || !a->score || !a->text || !a->standing || !a->candidate || !a->descriptor)
        status = dft_fail(err, DFT_ENOMEM, "no memory for a table of %zu candidates", n);
    for (size_t i = 0; i < n && status == DFT_OK; i++)
        status = assemble_candidate(request, i, a, err);
    if (status == DFT_OK)
        status = flow_stand(request, n, a->standing, &a->weights, &a->ranked, &a->n_ranked, err);
    if (status != DFT_OK) {
        flow_assembly_free(a);
        return status;
    }
    for (size_t i = 0; i < n; i++)
        a->score[i] = a->standing[i].score;
    add_errors(request->curves, a);
    res_ranked_assign(a->row, a->score, n);
    *out = a;
    return DFT_OK;
}

void flow_assembly_free(flow_assembly *assembly)
{
    if (!assembly)
        return;
    free(assembly->row);
    free(assembly->score);
    free(assembly->text);
    free(assembly->standing);
    free(assembly->ranked);
    free(assembly->candidate);
    free(assembly->descriptor);
    free(assembly);
}

const res_ranked_row *flow_assembly_rows(const flow_assembly *assembly, size_t *n)
{
    *n = assembly->n;
    return assembly->row;
}

const flow_ranked *flow_assembly_ranked(const flow_assembly *assembly, size_t *n,
                                        desc_score_weights *weights)
{
    *n = assembly->n_ranked;
    if (weights)
        *weights = assembly->weights;
    return assembly->ranked;
}

res_judgement flow_assembly_judgement(const flow_assembly *assembly)
{
    return (res_judgement){ assembly->candidate, assembly->n, assembly->descriptor,
                            assembly->n_descriptors, assembly->row, assembly->n };
}
