#include "workflows/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/defects.h"
#include "candidates/sites.h"
#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "workflows/planner.h"
#include "workflows/remedy.h"
#include "workflows/supercell_task.h"

#define LI_REFERENCE "Li_bcc"

/* ---- equations of state ---- */

/* Where the first scan is centred: the PBE cell where one is known, else the library's.  It decides
 * how many volumes are needed, not where the minimum is. */
double flow_planner_scan_centre(const cand_entry *entry)
{
    const double a = entry->pbe_a_ang / entry->cell_ang[0];
    const double c = entry->is_sheet ? NAN : entry->pbe_c_ang / entry->cell_ang[2];

    if (!isfinite(a) || a < 0.9 || a > 1.1)
        return 1.0;
    return isfinite(c) && c > 0.9 && c < 1.1 ? cbrt(a * a * c) : a;
}

dft_status flow_planner_bulk(const flow_planner *p, const cand_entry *entry, dft_crystal **out,
                             dft_error *err)
{
    const double vacuum = flow_protocol_for(p->request->protocol, FLOW_SHEET).vacuum_ang
                        / DFT_BOHR_ANG;
    dft_crystal *cell = NULL;
    dft_status status = cand_entry_crystal(entry, entry->is_sheet ? CAND_CELL_CONVENTIONAL
                                                                  : CAND_CELL_PRIMITIVE,
                                           &cell, err);
    *out = NULL;
    if (status == DFT_OK && entry->is_sheet) {
        status = cand_sheet_create(cell, vacuum, out, NULL, err);
        dft_crystal_free(cell);
    } else if (status == DFT_OK) {
        *out = cell;
    }
    return status;
}

dft_status flow_planner_eos(flow_planner *p, double ecut_ev, const cand_entry *entry,
                            const cand_candidate *candidate, const char *step, size_t *index,
                            dft_error *err)
{
    flow_spec spec = { .kind = FLOW_EOS, .ecut_ev = ecut_ev, .sheet = entry->is_sheet,
                       .scan_centre = flow_planner_scan_centre(entry),
                       .protocol = flow_protocol_for(p->request->protocol,
                                                     entry->is_sheet ? FLOW_SHEET : FLOW_BULK) };
    flow_task task = { .kind = FLOW_EOS };
    dft_status status = flow_planner_bulk(p, entry, &spec.structure, err);

    snprintf(spec.calculator, sizeof spec.calculator, "%s", p->request->calculator->name);
    snprintf(spec.subject, sizeof spec.subject, "%.63s", entry->id);
    memcpy(task.subject, spec.subject, sizeof task.subject);
    snprintf(task.step, sizeof task.step, "%s", step);
    if (status == DFT_OK)
        status = flow_planner_data_sets(p, candidate, 0, &spec, err);
    if (status == DFT_OK) {
        flow_planner_estimate(&spec, spec.structure, spec.protocol.eos_points, &task);
        status = flow_planner_add(p, &spec, &task, index, err);
    }
    flow_spec_clear(&spec);
    return status;
}

static dft_status plan_eos(flow_planner *p, flow_candidate_plan *to, const cand_entry *entry,
                           const cand_candidate *candidate, const char *step, size_t *index,
                           dft_error *err)
{
    const dft_status status = flow_planner_eos(p, to->ecut_ev, entry, candidate, step, index, err);

    if (status == DFT_OK)
        flow_planner_note(to, *index);
    return status;
}

static dft_status plan_reference(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_entry *li = NULL;
    char step[48];
    dft_status status = cand_library_find(p->request->library, LI_REFERENCE, &li, err);

    snprintf(step, sizeof step, "eos %.0f eV", to->ecut_ev);
    if (status == DFT_OK)
        status = plan_eos(p, to, li, NULL, step, &to->reference, err);
    return status;
}

/* ---- slabs and sites ---- */

/* The slab at the centre of the scan: the same sites as at the equilibrium lattice constant. */
static dft_status preview_slab(const cand_candidate *candidate, const flow_spec *spec,
                               dft_crystal **slab, dft_error *err)
{
    const double f = spec->scan_centre;
    const double factor[3] = { f, f, spec->sheet ? 1.0 : f };
    dft_crystal *bulk = NULL;
    dft_status status = cand_crystal_scaled(spec->structure, factor, &bulk, err);

    *slab = NULL;
    if (status == DFT_OK)
        status = cand_candidate_slab(candidate, bulk, spec->protocol.layers,
                                     spec->protocol.vacuum_ang / DFT_BOHR_ANG, slab, NULL,
                                     err);
    dft_crystal_free(bulk);
    return status;
}

static dft_status plan_slab(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                            const dft_crystal *slab, dft_error *err)
{
    flow_task task = { .kind = FLOW_SLAB, .n_upstream = 1, .upstream = { to->eos },
                       .step = "slab" };

    spec->kind = FLOW_SLAB;
    memcpy(task.subject, spec->subject, sizeof task.subject);
    snprintf(spec->upstream[0], sizeof spec->upstream[0], "%s", p->plan->graph.task[to->eos].key);
    flow_planner_estimate(spec, slab, 1.0, &task);
    const dft_status status = flow_planner_add(p, spec, &task, &to->slab, err);
    if (status == DFT_OK)
        flow_planner_note(to, to->slab);
    return status;
}

static dft_status plan_sites(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                             const dft_crystal *slab, const cand_site *site, size_t n,
                             dft_error *err)
{
    flow_task task = { .kind = FLOW_SITE, .n_upstream = 2, .upstream = { to->eos, to->slab } };
    dft_status status = DFT_OK;

    if (n == 0 || n > FLOW_MAX_SITES)
        status = dft_fail(err, DFT_EINPUT, "%zu distinct sites on this face; between 1 and %d can be "
                          "computed", n, FLOW_MAX_SITES);
    spec->kind = FLOW_SITE;
    if (status == DFT_OK)
        snprintf(spec->upstream[1], sizeof spec->upstream[1], "%s",
                 p->plan->graph.task[to->slab].key);
    memcpy(task.subject, spec->subject, sizeof task.subject);
    for (size_t i = 0; i < n && status == DFT_OK; i++) {
        dft_crystal *occupied = NULL;
        status = cand_add_atom(slab, FLOW_Z_LI, site[i].frac, site[i].height, &occupied, err);
        if (status != DFT_OK)
            break;
        flow_planner_estimate(spec, occupied, spec->protocol.heights + FLOW_MORE_HEIGHTS, &task);
        dft_crystal_free(occupied);
        snprintf(spec->place, sizeof spec->place, "%s", site[i].label);
        snprintf(to->site_label[i], sizeof to->site_label[i], "%s", site[i].label);
        snprintf(task.step, sizeof task.step, "site:%.40s", site[i].label);
        status = flow_planner_add(p, spec, &task, &to->site[i], err);
        if (status != DFT_OK)
            break;
        flow_planner_note(to, to->site[i]);
        to->n_sites++;
    }
    return status;
}

/* "fcc:Ag3#2" is "fcc:Ag3" with other atoms farther away: on a coating, those below it. */
static size_t drop_like_sites(cand_site *site, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!strchr(site[i].label, '#'))
            site[kept++] = site[i];
    return kept;
}

/* The sites, and where the campaign asks for it the hops between them: not where some are left out. */
static dft_status plan_adatoms(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                               const dft_crystal *slab, dft_error *err)
{
    cand_site *site = NULL;
    size_t n = 0;
    dft_status status = cand_sites_find(slab, FLOW_Z_LI, NULL, &site, &n, err);

    const size_t kept = status == DFT_OK && spec->protocol.like_sites
                        && (spec->film || n > FLOW_MAX_SITES) ? drop_like_sites(site, n) : n;
    to->n_like_sites = n - kept;
    if (status == DFT_OK)
        status = plan_sites(p, to, spec, slab, site, kept, err);
    if (status == DFT_OK && p->request->migration && kept == n)
        status = flow_planner_hops(p, to, spec, slab, site, n, err);
    free(site);
    return status;
}

#define RELAXATIONS 12.0            /* energies to bring a slab, or an adatom on it, to rest */
#define STEPS_OF_A_LOOK 10.0        /* and one held point of a hop, or an image of a band */

/* A relaxed slab with room between adatoms, and one task for all that lithium does on it. */
static dft_status plan_relaxed(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                               const dft_crystal *slab, dft_error *err)
{
    const double spacing = spec->protocol.adatom_spacing_ang / DFT_BOHR_ANG;
    flow_task task = { .kind = FLOW_RSLAB, .n_upstream = 1, .upstream = { to->eos }, .step = "rslab" };
    dft_crystal *large = NULL;
    cand_site *site = NULL;
    size_t n = 0;
    dft_status status = flow_supercell_for(slab, spacing, &large, err);

    if (status == DFT_OK)
        status = cand_sites_find(large, FLOW_Z_LI, NULL, &site, &n, err);
    spec->kind = FLOW_RSLAB;
    memcpy(task.subject, spec->subject, sizeof task.subject);
    snprintf(spec->upstream[0], sizeof spec->upstream[0], "%s", p->plan->graph.task[to->eos].key);
    if (status == DFT_OK) {
        flow_planner_estimate(spec, large, RELAXATIONS, &task);
        status = flow_planner_add(p, spec, &task, &to->slab, err);
    }
    if (status == DFT_OK) {
        flow_planner_note(to, to->slab);
        spec->kind = FLOW_SPREAD;
        task = (flow_task){ .kind = FLOW_SPREAD, .n_upstream = 2, .upstream = { to->eos, to->slab },
                            .step = "spread" };
        memcpy(task.subject, spec->subject, sizeof task.subject);
        snprintf(spec->upstream[1], sizeof spec->upstream[1], "%s", p->plan->graph.task[to->slab].key);
        flow_planner_estimate(spec, large, (double)n * (RELAXATIONS + STEPS_OF_A_LOOK
                                                        * spec->protocol.neb_images), &task);
        status = flow_planner_add(p, spec, &task, &to->spread, err);
    }
    if (status == DFT_OK)
        flow_planner_note(to, to->spread);
    free(site);
    dft_crystal_free(large);
    return status;
}

/* The cell that a surface is cut from, and how; not yet the data sets. */
static dft_status surface_spec(const flow_planner *p, const cand_candidate *candidate, double ecut_ev,
                               flow_spec *spec, dft_error *err)
{
    const cand_entry *entry = candidate->structure;
    const flow_cell_class cell = flow_cell_class_of(entry->n_atoms, entry->z, 1, entry->is_sheet);

    *spec = (flow_spec){ .kind = FLOW_SLAB,
                         .protocol = flow_protocol_for(p->request->protocol, candidate->is_sheet
                                                       ? FLOW_SHEET : FLOW_SURFACE),
                         .ecut_ev = ecut_ev, .sheet = candidate->is_sheet,
                         .scan_centre = flow_planner_scan_centre(entry), .termination = candidate->termination };
    if (cell == FLOW_COMPOUND_SLAB && spec->protocol.compound_layers > 0)
        spec->protocol.layers = spec->protocol.compound_layers;
    dft_status status = entry->is_sheet ? flow_planner_bulk(p, entry, &spec->structure, err)
                      : cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &spec->structure, err);

    if (status == DFT_OK && candidate->film)
        status = cand_entry_crystal(candidate->film, CAND_CELL_CONVENTIONAL, &spec->film, err);
    memcpy(spec->film_miller, candidate->film_miller, sizeof spec->film_miller);
    spec->film_layers = candidate->film ? candidate->film_layers : 0;
    snprintf(spec->defect, sizeof spec->defect, "%s", candidate->defect ? candidate->defect : "");
    snprintf(spec->subject, sizeof spec->subject, "%.63s", candidate->name);
    memcpy(spec->miller, candidate->miller, sizeof spec->miller);
    snprintf(spec->calculator, sizeof spec->calculator, "%s", p->request->calculator->name);
    return status;
}

/* The slab and lithium atoms on it. */
static dft_status plan_lithium(flow_planner *p, flow_candidate_plan *to, flow_spec *spec,
                               const dft_crystal *slab, dft_error *err)
{
    if (spec->protocol.relax)
        return plan_relaxed(p, to, spec, slab, err);
    const dft_status status = plan_slab(p, to, spec, slab, err);
    return status == DFT_OK ? plan_adatoms(p, to, spec, slab, err) : status;
}

/* What costs as much as all the rest is for those that the campaign names. */
static int is_refined(const flow_planner *p, const flow_candidate_plan *to)
{
    return !p->request->refine || p->request->refine[to - p->plan->candidate];
}

static dft_status plan_surface(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_candidate *candidate = to->candidate;
    flow_spec spec;
    dft_crystal *slab = NULL;
    dft_status status = surface_spec(p, candidate, to->ecut_ev, &spec, err);

    if (status == DFT_OK)
        status = flow_planner_data_sets(p, candidate, 1, &spec, err);
    if (status == DFT_OK)
        status = preview_slab(candidate, &spec, &slab, err);
    if (status == DFT_OK && p->request->binding)
        status = plan_lithium(p, to, &spec, slab, err);
    if (status == DFT_OK && p->request->adhesion && is_refined(p, to))
        status = flow_planner_adhesion(p, to, &spec, slab, err);
    dft_crystal_free(slab);
    flow_spec_clear(&spec);
    return status;
}

/* ---- candidates ---- */

/* Energies of the unstrained cell that take as long as a tensor: itself, and one strain with both signs
 * (cubic) or two of which one keeps the symmetry (hexagonal), where shear leaves 3.5 to 4 times the k points. */
#define STRAINED_STATES 9.0

/* Cubic or hexagonal, by the space group. */
static int is_simple(const cand_entry *entry)
{
    return !entry->is_sheet && entry->space_group_number >= 168;
}

static dft_status plan_elastic(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_entry *entry = to->candidate->structure;
    flow_spec spec = { .kind = FLOW_ELASTIC, .ecut_ev = to->ecut_ev, .sheet = entry->is_sheet,
                       .scan_centre = flow_planner_scan_centre(entry),
                       .protocol = flow_protocol_for(p->request->protocol,
                                                     entry->is_sheet ? FLOW_SHEET : FLOW_STRAINED) };
    flow_task task = { .kind = FLOW_ELASTIC, .n_upstream = 1, .upstream = { to->eos },
                       .step = "elastic" };
    dft_status status = DFT_OK;

    if (!is_simple(entry) && !spec.protocol.elastic_all)
        return DFT_OK;
    status = flow_planner_bulk(p, entry, &spec.structure, err);
    snprintf(spec.calculator, sizeof spec.calculator, "%s", p->request->calculator->name);
    snprintf(spec.subject, sizeof spec.subject, "%.63s", entry->id);
    memcpy(task.subject, spec.subject, sizeof task.subject);
    snprintf(spec.upstream[0], sizeof spec.upstream[0], "%s", p->plan->graph.task[to->eos].key);
    if (status == DFT_OK)
        status = flow_planner_data_sets(p, to->candidate, 0, &spec, err);
    if (status == DFT_OK) {
        flow_planner_estimate(&spec, spec.structure, STRAINED_STATES, &task);
        status = flow_planner_add(p, &spec, &task, &to->elastic, err);
    }
    if (status == DFT_OK)
        flow_planner_note(to, to->elastic);
    flow_spec_clear(&spec);
    return status;
}

/* H, N, O, F, S, Cl: gases, and rings of eight. */
static int is_molecular(int z)
{
    return z == 1 || (z >= 7 && z <= 9) || z == 16 || z == 17;
}

/* A compound's elements in their ambient phases, at its cutoff.  The energy of a molecule of oxygen is
 * no reference that PBE should give, so compounds of such elements have none (descriptors/reaction.h). */
static dft_status plan_elements(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_entry *compound = to->candidate->structure;
    int z[FLOW_MAX_ELEMENTS];
    size_t n = 0;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < compound->n_atoms; i++) {
        size_t k = 0;
        while (k < n && z[k] != compound->z[i])
            k++;
        if (is_molecular(compound->z[i]) || (k == n && n == FLOW_MAX_ELEMENTS))
            return DFT_OK;
        if (k == n)
            z[n++] = compound->z[i];
    }
    for (size_t k = 0; k < n && n > 1 && status == DFT_OK; k++) {
        const cand_entry *entry = NULL;
        char step[48];
        status = cand_library_find(p->request->library, dft_element_symbol(z[k]), &entry, err);
        snprintf(step, sizeof step, "eos %.0f eV", to->ecut_ev);
        if (status == DFT_OK)
            status = plan_eos(p, to, entry, to->candidate, step, &to->element[k], err);
        to->element_z[k] = z[k];
        to->n_elements += status == DFT_OK;
    }
    return status;
}

/* The highest that the structure, its coating or the element in its defect asks for. */
static double cutoff_of(const flow_protocol *protocol, const cand_candidate *candidate)
{
    double ecut = flow_protocol_ecut_ev(protocol, candidate->structure->n_atoms,
                                        candidate->structure->z);
    cand_defect defect;

    if (candidate->film)
        ecut = fmax(ecut, flow_protocol_ecut_ev(protocol, candidate->film->n_atoms,
                                                candidate->film->z));
    if (candidate->defect && candidate->defect[0]
        && cand_defect_parse(candidate->defect, &defect, NULL) == DFT_OK && defect.z > 0)
        ecut = fmax(ecut, flow_protocol_ecut_ev(protocol, 1, &defect.z));
    return ecut;
}

static dft_status plan_candidate(flow_planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_entry *entry = to->candidate->structure;
    dft_status status = DFT_OK;

    to->ecut_ev = cutoff_of(p->request->protocol, to->candidate);
    status = plan_eos(p, to, entry, to->candidate, "eos", &to->eos, err);
    if (status == DFT_OK && p->request->elastic)
        status = plan_elastic(p, to, err);
    if (status == DFT_OK && p->request->formation)
        status = plan_elements(p, to, err);
    if (status == DFT_OK && (p->request->binding || (p->request->adhesion && is_refined(p, to))))
        status = plan_surface(p, to, err);
    if (status == DFT_OK && p->request->conduction)
        status = flow_planner_conduction(p, to, err);
    if (status == DFT_OK && p->request->atom)
        status = flow_planner_atom(p, to, err);
    if (status == DFT_OK && p->request->solution && is_refined(p, to))
        status = flow_planner_solute(p, to, err);
    return status;
}

/* ---- coverages ---- */

/* How far one Li on each surface cell keeps from its images, A; NaN where there is no such cell. */
static double adatom_spacing_ang(const flow_planner *p, const cand_candidate *candidate)
{
    flow_spec spec;
    dft_crystal *slab = NULL;
    double spacing = NAN;

    dft_status status = surface_spec(p, candidate, 0.0, &spec, NULL);
    spec.protocol.layers = 1;
    if (status == DFT_OK && preview_slab(candidate, &spec, &slab, NULL) == DFT_OK)
        spacing = DFT_BOHR_ANG * flow_shortest_repeat((const double (*)[3])slab->lattice);
    dft_crystal_free(slab);
    flow_spec_clear(&spec);
    return spacing;
}

/* What is ranked: adatoms apart where the protocol makes cells for them, else what most candidates have in
 * their own cells.  A candidate of the other kind keeps the reason. */
static void sort_coverages(flow_planner *p)
{
    flow_plan *plan = p->plan;
    size_t n_apart = 0, n_close = 0;

    plan->ranked = p->request->protocol->relax ? FLOW_APART : FLOW_MONOLAYER;
    if (!p->request->binding || p->request->protocol->relax)
        return;
    for (size_t i = 0; i < p->request->n_candidates; i++) {
        const double spacing = adatom_spacing_ang(p, p->request->candidate[i]);
        plan->candidate[i].spacing_ang = spacing;
        n_apart += spacing >= FLOW_APART_ANG;
        n_close += spacing < FLOW_APART_ANG;
    }
    if (n_apart > n_close)
        plan->ranked = FLOW_APART;
    for (size_t i = 0; i < p->request->n_candidates; i++)
        flow_coverage_reason(plan->ranked, plan->candidate[i].spacing_ang, FLOW_APART_ANG,
                             plan->candidate[i].reason, sizeof plan->candidate[i].reason);
}

/* What is wrong with one candidate alone becomes its reason; the rest ends the planning. */
static int is_candidates_fault(dft_status status)
{
    return status == DFT_EINPUT || status == DFT_EPARSE || status == DFT_ENOFILE
        || status == DFT_ENUMERIC;
}

static dft_status plan_all(flow_planner *p, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < p->request->n_candidates; i++)
        p->plan->candidate[i] = (flow_candidate_plan){
            .candidate = p->request->candidate[i], .eos = FLOW_NO_TASK, .slab = FLOW_NO_TASK,
            .reference = FLOW_NO_TASK, .elastic = FLOW_NO_TASK, .spread = FLOW_NO_TASK,
            .adhesion = FLOW_NO_TASK, .atom = FLOW_NO_TASK, .conduction = FLOW_NO_TASK,
            .solution = { .task = FLOW_NO_TASK }, .spacing_ang = NAN };
    sort_coverages(p);
    for (size_t i = 0; i < p->request->n_candidates && status == DFT_OK; i++) {
        flow_candidate_plan *to = &p->plan->candidate[i];
        dft_error why = { DFT_OK, "" };
        p->plan->n_candidates++;
        if (to->reason[0])          /* its coverage is not the one that is ranked */
            continue;
        status = plan_candidate(p, to, &why);
        if (is_candidates_fault(status)) {
            snprintf(to->reason, sizeof to->reason, "%.319s", why.message);
            status = DFT_OK;
        } else if (status != DFT_OK) {
            return dft_fail(err, status, "%s", why.message);
        } else if (p->request->binding) {
            status = plan_reference(p, to, err);
        }
    }
    return status;
}

dft_status flow_plan_create(const flow_plan_request *request, flow_plan **out, dft_error *err)
{
    flow_planner p = { request, dft_alloc(1, sizeof *p.plan) };
    dft_status status = DFT_OK;

    *out = NULL;
    if (p.plan)
        p.plan->candidate = dft_alloc(request->n_candidates, sizeof *p.plan->candidate);
    if (!p.plan || !p.plan->candidate) {
        free(p.plan);
        return dft_fail(err, DFT_ENOMEM, "no memory for a plan of %zu candidates",
                        request->n_candidates);
    }
    flow_graph_init(&p.plan->graph);
    status = plan_all(&p, err);
    if (status != DFT_OK)
        flow_plan_free(p.plan);
    else
        *out = p.plan;
    return status;
}

void flow_plan_free(flow_plan *plan)
{
    if (!plan)
        return;
    flow_graph_clear(&plan->graph);
    for (size_t i = 0; i < plan->n_candidates; i++)
        cand_hop_graph_free(plan->candidate[i].hops);
    free(plan->candidate);
    free(plan);
}
