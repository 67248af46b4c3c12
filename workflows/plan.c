#include "workflows/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/sites.h"
#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/basis/kpoints.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/symmetry.h"
#include "workflows/cost.h"
#include "workflows/spec.h"

#define Z_LI 3
#define LI_REFERENCE "Li_bcc"

typedef struct {
    const flow_plan_request *request;
    flow_plan *plan;
} planner;

/* ---- data sets ---- */

/* A candidate's own choice, "Ag=Ag.11,Mg=Mg.2", for one symbol. */
static void find_choice(const char *choices, const char *symbol, char *out, size_t size)
{
    const size_t length = strlen(symbol);

    for (const char *at = choices; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        if (strncmp(at, symbol, length) == 0 && at[length] == '=') {
            const char *name = at + length + 1;
            snprintf(out, size, "%.*s", (int)strcspn(name, ","), name);
            return;
        }
    }
}

/* The campaign's choice goes before the candidate's, and that before the default. */
static void choose(const planner *p, const cand_candidate *candidate, const char *symbol, char *out,
                   size_t size)
{
    const flow_protocol *protocol = p->request->protocol;

    out[0] = '\0';
    if (candidate)
        find_choice(candidate->data_sets, symbol, out, size);
    for (size_t i = 0; i < protocol->n_data; i++)
        if (strcmp(protocol->data[i].symbol, symbol) == 0)
            snprintf(out, size, "%s", protocol->data[i].name);
}

static dft_status add_data_set(const planner *p, const cand_candidate *candidate, int z,
                               flow_spec *spec, dft_error *err)
{
    const char *symbol = dft_element_symbol(z);
    flow_data_sets *sets = &spec->data_sets;
    const flow_calculator *calculator = p->request->calculator;
    dft_scf_options options;

    for (size_t i = 0; i < sets->n; i++)
        if (strcmp(sets->item[i].symbol, symbol) == 0)
            return DFT_OK;
    if (sets->n == DFT_SYSTEM_MAX_SPECIES)
        return dft_fail(err, DFT_EINPUT, "more than %d elements in one cell", DFT_SYSTEM_MAX_SPECIES);
    snprintf(sets->item[sets->n].symbol, sizeof sets->item[0].symbol, "%s", symbol);
    choose(p, candidate, symbol, sets->item[sets->n].choice, sizeof sets->item[0].choice);
    sets->n++;
    options = flow_spec_scf_options(spec, spec->structure->lattice, p->request->data_path);
    return calculator->data_set(calculator->context, symbol, &options,
                                &sets->item[sets->n - 1].set, err);
}

static dft_status add_data_sets(const planner *p, const cand_candidate *candidate, int with_li,
                                flow_spec *spec, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < spec->structure->n_atoms && status == DFT_OK; i++)
        status = add_data_set(p, candidate, spec->structure->z[i], spec, err);
    if (status == DFT_OK && with_li)
        status = add_data_set(p, candidate, Z_LI, spec, err);
    return status;
}

/* ---- estimates ---- */

static double electrons_of(const flow_data_sets *sets, int z)
{
    for (size_t i = 0; i < sets->n; i++)
        if (strcmp(sets->item[i].symbol, dft_element_symbol(z)) == 0)
            return sets->item[i].set.n_valence;
    return 0.0;
}

/* Points of the irreducible mesh; the whole mesh where symmetry cannot tell. */
static size_t count_k(const dft_crystal *crystal, const dft_scf_options *options)
{
    dft_symmetry *symmetry = NULL;
    dft_kpoints *kpoints = NULL;
    size_t n = (size_t)options->kmesh[0] * (size_t)options->kmesh[1] * (size_t)options->kmesh[2];

    if (dft_symmetry_create(crystal, options->symmetry_tolerance, &symmetry, NULL) == DFT_OK
        && dft_kpoints_create(symmetry, options->kmesh, options->kshift, 1, &kpoints, NULL) == DFT_OK)
        n = kpoints->n_k;
    dft_kpoints_free(kpoints);
    dft_symmetry_free(symmetry);
    return n;
}

static double estimate(const flow_spec *spec, const dft_crystal *crystal)
{
    const dft_scf_options options = flow_spec_scf_options(spec, crystal->lattice, NULL);
    double electrons = 0.0;

    for (size_t i = 0; i < crystal->n_atoms; i++)
        electrons += electrons_of(&spec->data_sets, crystal->z[i]);
    return flow_cost_scf_s(electrons, dft_crystal_volume(crystal), options.ecut,
                           count_k(crystal, &options));
}

/* Later energies start from the one before and take about half as long. */
static double estimate_scan(const flow_spec *spec, const dft_crystal *crystal, int n)
{
    return 0.5 * (n + 1) * estimate(spec, crystal);
}

static dft_status add_task(planner *p, const flow_spec *spec, flow_task *task, size_t *index,
                           dft_error *err)
{
    dft_status status = flow_spec_write(spec, &task->spec, err);

    if (status == DFT_OK)
        status = flow_graph_add(&p->plan->graph, task, index, err);
    free(task->spec);
    task->spec = NULL;
    return status;
}

/* ---- equations of state ---- */

/* Where the first scan is centred: the PBE cell where one is known, else the library's.  It decides
 * how many volumes are needed, not where the minimum is. */
static double scan_centre(const cand_entry *entry)
{
    const double a = entry->pbe_a_ang / entry->cell_ang[0];
    const double c = entry->is_sheet ? NAN : entry->pbe_c_ang / entry->cell_ang[2];

    if (!isfinite(a) || a < 0.9 || a > 1.1)
        return 1.0;
    return isfinite(c) && c > 0.9 && c < 1.1 ? cbrt(a * a * c) : a;
}

static dft_status eos_structure(const planner *p, const cand_entry *entry, dft_crystal **out,
                                dft_error *err)
{
    const double vacuum = p->request->protocol->vacuum_ang / DFT_BOHR_ANG;
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

static dft_status plan_eos(planner *p, const cand_entry *entry, const cand_candidate *candidate,
                           double ecut_ev, const char *step, size_t *index, dft_error *err)
{
    flow_spec spec = { .kind = FLOW_EOS, .protocol = *p->request->protocol, .ecut_ev = ecut_ev,
                       .sheet = entry->is_sheet, .scan_centre = scan_centre(entry) };
    flow_task task = { .kind = FLOW_EOS };
    dft_status status = eos_structure(p, entry, &spec.structure, err);

    snprintf(spec.calculator, sizeof spec.calculator, "%s", p->request->calculator->name);
    snprintf(spec.subject, sizeof spec.subject, "%.63s", entry->id);
    memcpy(task.subject, spec.subject, sizeof task.subject);
    snprintf(task.step, sizeof task.step, "%s", step);
    if (status == DFT_OK)
        status = add_data_sets(p, candidate, 0, &spec, err);
    if (status == DFT_OK) {
        task.cost_s = estimate_scan(&spec, spec.structure, spec.protocol.eos_points);
        status = add_task(p, &spec, &task, index, err);
    }
    flow_spec_clear(&spec);
    return status;
}

static dft_status plan_reference(planner *p, double ecut_ev, size_t *index, dft_error *err)
{
    const cand_entry *li = NULL;
    char step[48];
    dft_status status = cand_library_find(p->request->library, LI_REFERENCE, &li, err);

    snprintf(step, sizeof step, "eos %.0f eV", ecut_ev);
    if (status == DFT_OK)
        status = plan_eos(p, li, NULL, ecut_ev, step, index, err);
    return status;
}

/* ---- slabs and sites ---- */

/* The slab at the centre of the scan: the same sites as at the equilibrium lattice constant. */
static dft_status preview_slab(const planner *p, const cand_candidate *candidate,
                               const flow_spec *spec, dft_crystal **slab, dft_error *err)
{
    const double f = spec->scan_centre;
    const double factor[3] = { f, f, spec->sheet ? 1.0 : f };
    dft_crystal *bulk = NULL;
    dft_status status = cand_crystal_scaled(spec->structure, factor, &bulk, err);

    *slab = NULL;
    if (status == DFT_OK)
        status = cand_candidate_slab(candidate, bulk, p->request->protocol->layers,
                                     p->request->protocol->vacuum_ang / DFT_BOHR_ANG, slab, NULL,
                                     err);
    dft_crystal_free(bulk);
    return status;
}

static dft_status plan_slab(planner *p, flow_candidate_plan *to, flow_spec *spec,
                            const dft_crystal *slab, dft_error *err)
{
    flow_task task = { .kind = FLOW_SLAB, .n_upstream = 1, .upstream = { to->eos },
                       .step = "slab" };

    spec->kind = FLOW_SLAB;
    memcpy(task.subject, spec->subject, sizeof task.subject);
    snprintf(spec->upstream_eos, sizeof spec->upstream_eos, "%s", p->plan->graph.task[to->eos].key);
    task.cost_s = estimate(spec, slab);
    return add_task(p, spec, &task, &to->slab, err);
}

static dft_status plan_sites(planner *p, flow_candidate_plan *to, flow_spec *spec,
                             const dft_crystal *slab, dft_error *err)
{
    flow_task task = { .kind = FLOW_SITE, .n_upstream = 2, .upstream = { to->eos, to->slab } };
    cand_site *site = NULL;
    size_t n = 0;
    dft_status status = cand_sites_find(slab, Z_LI, NULL, &site, &n, err);

    if (status == DFT_OK && (n == 0 || n > FLOW_MAX_SITES))
        status = dft_fail(err, DFT_EINPUT, "%zu distinct sites on this face; between 1 and %d can be "
                          "computed", n, FLOW_MAX_SITES);
    spec->kind = FLOW_SITE;
    if (status == DFT_OK)
        snprintf(spec->upstream_slab, sizeof spec->upstream_slab, "%s",
                 p->plan->graph.task[to->slab].key);
    memcpy(task.subject, spec->subject, sizeof task.subject);
    for (size_t i = 0; i < n && status == DFT_OK; i++) {
        dft_crystal *occupied = NULL;
        status = cand_add_atom(slab, Z_LI, site[i].frac, site[i].height, &occupied, err);
        if (status != DFT_OK)
            break;
        task.cost_s = estimate_scan(spec, occupied, spec->protocol.heights + 1);
        dft_crystal_free(occupied);
        snprintf(spec->site, sizeof spec->site, "%s", site[i].label);
        snprintf(to->site_label[i], sizeof to->site_label[i], "%s", site[i].label);
        snprintf(task.step, sizeof task.step, "site:%.40s", site[i].label);
        status = add_task(p, spec, &task, &to->site[i], err);
        to->n_sites += status == DFT_OK;
    }
    free(site);
    return status;
}

static dft_status plan_surface(planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_candidate *candidate = to->candidate;
    const cand_entry *entry = candidate->structure;
    flow_spec spec = { .kind = FLOW_SLAB, .protocol = *p->request->protocol,
                       .ecut_ev = to->ecut_ev, .sheet = candidate->is_sheet,
                       .scan_centre = scan_centre(entry), .termination = candidate->termination };
    dft_crystal *slab = NULL;
    dft_status status = entry->is_sheet ? eos_structure(p, entry, &spec.structure, err)
                      : cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &spec.structure, err);

    snprintf(spec.subject, sizeof spec.subject, "%.63s", candidate->name);
    memcpy(spec.miller, candidate->miller, sizeof spec.miller);
    snprintf(spec.calculator, sizeof spec.calculator, "%s", p->request->calculator->name);
    if (status == DFT_OK)
        status = add_data_sets(p, candidate, 1, &spec, err);
    if (status == DFT_OK)
        status = preview_slab(p, candidate, &spec, &slab, err);
    if (status == DFT_OK)
        status = plan_slab(p, to, &spec, slab, err);
    if (status == DFT_OK)
        status = plan_sites(p, to, &spec, slab, err);
    dft_crystal_free(slab);
    flow_spec_clear(&spec);
    return status;
}

/* ---- candidates ---- */

static dft_status plan_candidate(planner *p, flow_candidate_plan *to, dft_error *err)
{
    const cand_entry *entry = to->candidate->structure;
    dft_status status = DFT_OK;

    to->ecut_ev = flow_protocol_ecut_ev(p->request->protocol, entry->n_atoms, entry->z);
    status = plan_eos(p, entry, to->candidate, to->ecut_ev, "eos", &to->eos, err);
    if (status == DFT_OK && p->request->binding)
        status = plan_surface(p, to, err);
    return status;
}

/* What is wrong with one candidate alone becomes its reason; the rest ends the planning. */
static int is_candidates_fault(dft_status status)
{
    return status == DFT_EINPUT || status == DFT_EPARSE || status == DFT_ENOFILE
        || status == DFT_ENUMERIC;
}

static dft_status plan_all(planner *p, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < p->request->n_candidates && status == DFT_OK; i++) {
        flow_candidate_plan *to = &p->plan->candidate[i];
        dft_error why = { DFT_OK, "" };
        *to = (flow_candidate_plan){ .candidate = p->request->candidate[i], .eos = FLOW_NO_TASK,
                                     .slab = FLOW_NO_TASK, .reference = FLOW_NO_TASK };
        p->plan->n_candidates++;
        status = plan_candidate(p, to, &why);
        if (is_candidates_fault(status)) {
            snprintf(to->reason, sizeof to->reason, "%.319s", why.message);
            status = DFT_OK;
        } else if (status != DFT_OK) {
            return dft_fail(err, status, "%s", why.message);
        } else if (p->request->binding) {
            status = plan_reference(p, to->ecut_ev, &to->reference, err);
        }
    }
    return status;
}

dft_status flow_plan_create(const flow_plan_request *request, flow_plan **out, dft_error *err)
{
    planner p = { request, dft_alloc(1, sizeof *p.plan) };
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
    free(plan->candidate);
    free(plan);
}
