#include "screen/phase_calphad.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_diagram.h"
#include "descriptors/phase_data.h"
#include "results/record.h"
#include "screen/plot_phase.h"

#define LI 1                                 /* the system is made as metal, Li */
#define DIAGRAM_STEP_K 10.0

typedef struct {
    const screen_phase_calphad_request *request;
    desc_tdb *tdb;
    desc_calphad *system;
    desc_solver *solver;
    desc_tielines lines;
    char *sources;
    size_t bcc, liquid, reference, ambient[2];   /* phases; ambient: of pure elements at that T */
} calphad_job;

static void job_clear(calphad_job *job)
{
    free(job->sources);
    desc_solver_free(job->solver);
    desc_calphad_free(job->system);
    desc_tdb_free(job->tdb);
}

/* "LI" -> "Li" */
static const char *proper(const char *symbol, char out[4])
{
    snprintf(out, 4, "%c%s", symbol[0], "");
    if (symbol[1]) {
        out[1] = (char)tolower((unsigned char)symbol[1]);
        out[2] = '\0';
    }
    return out;
}

static dft_status job_open(calphad_job *job, const screen_phase_calphad_request *request,
                           dft_error *err)
{
    const char *elements[2] = { request->metal, "Li" };
    dft_status status = desc_tdb_read(request->tdb_path, &job->tdb, err);

    job->request = request;
    if (status == DFT_OK)
        status = desc_calphad_create(job->tdb, 2, elements, 0, NULL, &job->system, err);
    if (status == DFT_OK)
        status = desc_solver_create(job->system, &job->solver, err);
    if (status == DFT_OK)
        status = desc_binary_tielines(job->solver, request->temperature_k, DESC_CALPHAD_PRESSURE,
                                      &job->lines, err);
    if (status != DFT_OK)
        return status;
    if (!(job->sources = desc_calphad_sources(job->system)))
        return dft_fail(err, DFT_ENOMEM, "no memory for the sources of %s", request->tdb_path);
    if (!job->lines.complete)
        return dft_fail(err, DFT_ENUMERIC, "%s: an equilibrium at %g K is missing: %s",
                        request->tdb_path, request->temperature_k, job->lines.reason);
    for (size_t e = 0; e < 2; e++)
        if (isnan(desc_reference_gibbs(job->solver, e, &job->ambient[e])))
            return dft_fail(err, DFT_EINPUT, "%s: no phase of this file can be pure %s",
                            request->tdb_path, elements[e]);
    job->bcc = desc_calphad_find_phase(job->system, "BCC_A2");
    job->liquid = desc_calphad_find_phase(job->system, "LIQUID");
    job->reference = request->reference == SCREEN_LI_BCC ? job->bcc
        : request->reference == SCREEN_LI_LIQUID ? job->liquid : job->ambient[LI];
    if (isnan(desc_voltage(job->solver, 0.0, LI, job->reference)))
        return dft_fail(err, DFT_EINPUT, "%s: the file has no %s Li for the voltage reference",
                        request->tdb_path,
                        request->reference == SCREEN_LI_LIQUID ? "liquid" : "bcc");
    return DFT_OK;
}

/* ---- solubility ---- */

static json_t *solubility_json(const calphad_job *job, size_t solvent, const desc_saturation *sat)
{
    char symbol[2][4], note[240] = "";
    const bool nil = sat->x < DESC_SOLUBILITY_NONE;
    const char *partner = sat->partner < desc_calphad_n_phases(job->system)
        ? desc_calphad_phase_name(job->system, sat->partner) : NULL;

    if (isnan(sat->x))
        snprintf(note, sizeof note, "%s", sat->reason);
    else if (nil)
        snprintf(note, sizeof note, "the description gives %.2g, below 1e-6: no physical meaning",
                 sat->x);
    else if (partner)
        snprintf(note, sizeof note, "in equilibrium with %s", partner);
    else
        snprintf(note, sizeof note, "no miscibility gap: soluble without limit");
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s}",
                     "solute", proper(desc_calphad_element(job->system, 1 - solvent), symbol[0]),
                     "solvent", proper(desc_calphad_element(job->system, solvent), symbol[1]),
                     "solvent_phase", desc_calphad_phase_name(job->system, job->ambient[solvent]),
                     "temperature_k", res_number(job->request->temperature_k),
                     "x", res_number(nil ? 0.0 : sat->x), "low", json_null(), "high", json_null(),
                     "origin", isnan(sat->x) ? "missing" : nil ? "none" : "calphad",
                     "note", note, "source", job->sources);
}

/* Metal in Li first.  Li that is not bcc leaves x_in_li missing; its own row is then that of the
 * melt. */
static void add_solubilities(const calphad_job *job, json_t *root, double *x_in_li,
                             char reason[160])
{
    json_t *array = json_array();
    desc_saturation sat;

    for (size_t k = 0; k < 2; k++) {
        const size_t solvent = k == 0 ? LI : 1 - LI;
        desc_binary_saturation(job->solver, &job->lines, solvent, job->ambient[solvent], &sat);
        if (k == 0) {
            const bool bcc = job->ambient[LI] == job->bcc;
            *x_in_li = bcc ? sat.x : NAN;
            if (bcc)
                snprintf(reason, 160, "%s", sat.reason);
            else
                snprintf(reason, 160, "Li is not bcc at %g K", job->request->temperature_k);
        }
        json_array_append_new(array, solubility_json(job, solvent, &sat));
    }
    json_object_set_new(root, "solubility", array);
}

/* ---- stable phases ---- */

/* The majority constituents of each sublattice: (AL,LI)(LI,VA) near LiAl is Al Li. */
static void formula_of(const calphad_job *job, const desc_phase_set *set, char *out, size_t size,
                       double *x_li)
{
    double count[2] = { 0.0, 0.0 };
    const desc_calphad *system = job->system;
    const size_t n = desc_calphad_n_fractions(system, set->phase);

    for (size_t i = 0; i < n; i++) {
        const size_t s = desc_calphad_sublattice(system, set->phase, i);
        bool most = true;
        for (size_t k = 0; k < n; k++)
            most = most && (desc_calphad_sublattice(system, set->phase, k) != s
                            || set->y[k] < set->y[i] || k == i
                            || (set->y[k] == set->y[i] && k > i));
        for (size_t e = 0; e < 2; e++)
            if (most && strcmp(desc_calphad_constituent(system, set->phase, i),
                               desc_calphad_element(system, e)) == 0)
                count[e] += desc_calphad_sites(system, set->phase, s);
    }
    out[0] = '\0';
    const double least = count[0] > 0.0 && (count[1] <= 0.0 || count[0] < count[1]) ? count[0]
                                                                                     : count[1];
    const bool whole = floor(count[0]) == count[0] && floor(count[1]) == count[1];
    const double unit = count[0] <= 0.0 || count[1] <= 0.0 ? fmax(count[0], count[1])
                                                           : whole ? 1.0 : least;
    const size_t first = strcmp(desc_calphad_element(system, 0), "LI") < 0 ? 0 : 1;
    for (size_t k = 0; k < 2; k++) {
        const size_t e = k == 0 ? first : 1 - first;
        const double c = count[e] / unit;
        char symbol[4], number[24] = "";
        if (count[e] <= 0.0)
            continue;
        if (fabs(c - 1.0) > 1e-9)
            snprintf(number, sizeof number, "%.6g", c);
        snprintf(out + strlen(out), size - strlen(out), "%s%s",
                 proper(desc_calphad_element(system, e), symbol), number);
    }
    *x_li = count[LI] / (count[0] + count[1]);
}

/* Gibbs energy and enthalpy of formation per mole of atoms from the elements' stable forms. */
static double formation(const calphad_job *job, size_t phase, double x, double *enthalpy)
{
    const double t = job->request->temperature_k, share[2] = { 1.0 - x, x };
    double s, s_pure, g = desc_binary_gibbs(job->solver, phase, x, &s);

    for (size_t e = 0; e < 2; e++) {
        g -= share[e] * desc_binary_gibbs(job->solver, job->ambient[e], (double)e, &s_pure);
        s -= share[e] * s_pure;
    }
    *enthalpy = g + t * s;
    return g;
}

/* A field that reaches a pure element is that element with something dissolved in it. */
static json_t *phase_json(const calphad_job *job, const desc_phase_set *set, double low,
                          double high)
{
    char formula[48];
    double x = 0.5 * (low + high), ideal, enthalpy;

    formula_of(job, set, formula, sizeof formula, &ideal);
    if (low <= 0.0 || high >= 1.0) {
        x = low <= 0.0 ? 0.0 : 1.0;
        (void)proper(desc_calphad_element(job->system, low <= 0.0? 0U : LI), formula);
    } else if (ideal >= low - 1e-9 && ideal <= high + 1e-9) {
        x = ideal;
    }
    const double gibbs = formation(job, set->phase, x, &enthalpy);
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "formula", formula,
                     "phase", desc_calphad_label(job->system, set->phase, set->y),
                     "x_li", res_number(x), "x_li_low", res_number(low),
                     "x_li_high", res_number(high), "formation_energy_kj_per_mol_atoms",
                     res_number(1e-3 * gibbs), "formation_enthalpy_kj_per_mol_atoms",
                     res_number(1e-3 * enthalpy), "origin", "calphad",
                     "source", job->sources);
}

/* The fields of one phase lie between the tie-lines. */
static void add_phases(const calphad_job *job, json_t *root)
{
    json_t *array = json_array();
    const desc_tielines *lines = &job->lines;

    for (size_t i = 0; i <= lines->n && lines->n > 0; i++) {
        const desc_phase_set *left = i > 0 ? &lines->line[i - 1].end[1] : NULL;
        const desc_phase_set *right = i < lines->n ? &lines->line[i].end[0] : NULL;
        const double low = left ? left->x[LI] : 0.0, high = right ? right->x[LI] : 1.0;
        if (left && right && left->phase != right->phase)
            continue;
        json_array_append_new(array, phase_json(job, left ? left : right, low, fmax(low, high)));
    }
    if (lines->n == 0) {
        desc_equilibrium eq;
        const double x[2] = { 0.5, 0.5 };
        if (desc_equilibrium_find(job->solver, lines->temperature, DESC_CALPHAD_PRESSURE, x, &eq,
                                  NULL) == DFT_OK && eq.converged)
            json_array_append_new(array, phase_json(job, &eq.set[0], 0.0, 1.0));
    }
    json_object_set_new(root, "stable_phases", array);
}

/* ---- plateaus, invariants ---- */

static void add_plateaus(const calphad_job *job, json_t *root)
{
    json_t *array = json_array();

    for (size_t i = 0; i < job->lines.n; i++) {
        const desc_tieline *line = &job->lines.line[i];
        const char *label[2];
        for (size_t e = 0; e < 2; e++)
            label[e] = desc_calphad_label(job->system, line->end[e].phase, line->end[e].y);
        json_array_append_new(array, json_pack(
            "{s:o, s:[ss], s:[oo], s:o, s:o, s:o, s:s, s:s}",
            "voltage_v", res_number(desc_voltage(job->solver, line->mu[LI], LI, job->reference)),
            "phases", label[0], label[1],
            "x_li", res_number(line->end[0].x[LI]), res_number(line->end[1].x[LI]),
            "voltage_vs_bcc_li_v",
            res_number(desc_voltage(job->solver, line->mu[LI], LI, job->bcc)),
            "voltage_vs_liquid_li_v",
            res_number(desc_voltage(job->solver, line->mu[LI], LI, job->liquid)),
            "temperature_k", res_number(job->request->temperature_k), "origin", "calphad",
            "source", job->sources));
    }
    json_object_set_new(root, "plateaus", array);
}

/* Solubilities against temperature, from the diagram's rows (bunched ones near invariants but
 * once). Metal in Li ends where bcc Li does. */
static dft_status add_curve(calphad_job *job, const desc_diagram *diagram, json_t *root,
                            dft_error *err)
{
    json_t *array = json_array();
    dft_status status = DFT_OK;
    double last = 0.0;

    for (size_t i = 0; i < diagram->n_rows && status == DFT_OK; i++) {
        const desc_tielines *row = &diagram->row[i];
        desc_saturation in_li = { .x = NAN }, in_metal;
        if (row->temperature < last + 0.5 * DIAGRAM_STEP_K)
            continue;
        last = row->temperature;
        status = desc_solver_set(job->solver, row->temperature, DESC_CALPHAD_PRESSURE, err);
        if (job->bcc < desc_calphad_n_phases(job->system))
            desc_binary_saturation(job->solver, row, LI, job->bcc, &in_li);
        desc_binary_saturation(job->solver, row, 1 - LI, job->ambient[1 - LI], &in_metal);
        if (!isnan(in_li.x) || !isnan(in_metal.x))
            json_array_append_new(array, json_pack("{s:o, s:o, s:o}", "temperature_k",
                                                   res_number(row->temperature),
                                                   "x_metal_in_bcc_li", res_number(in_li.x),
                                                   "x_li_in_metal", res_number(in_metal.x)));
    }
    json_object_set_new(root, "solubility_curve", array);
    return status;
}

static dft_status add_invariants(calphad_job *job, json_t *root, dft_error *err)
{
    desc_diagram *diagram = NULL;
    json_t *array = json_array();
    double lowest, highest;
    char title[160], symbol[4];
    dft_status status;

    desc_calphad_range(job->system, &lowest, &highest);
    status = desc_diagram_compute(job->solver, DESC_CALPHAD_PRESSURE, fmax(lowest, 298.15), NAN,
                                  DIAGRAM_STEP_K, &diagram, err);
    for (size_t i = 0; status == DFT_OK && i < diagram->n_invariants; i++) {
        const desc_invariant *inv = &diagram->invariant[i];
        json_t *phases = json_array(), *x = json_array();
        for (size_t k = 0; k < inv->n_sets; k++) {
            json_array_append_new(phases, json_string(desc_calphad_label(
                job->system, inv->set[k].phase, inv->set[k].y)));
            json_array_append_new(x, res_number(inv->set[k].x[LI]));
        }
        json_array_append_new(array, json_pack("{s:s, s:o, s:o, s:o}", "kind",
                                               desc_invariant_name(inv->kind), "temperature_k",
                                               res_number(inv->temperature), "phases", phases,
                                               "x_li", x));
    }
    json_object_set_new(root, "invariants", array);
    if (status == DFT_OK)
        json_object_set_new(root, "equilibria_missing",
                            json_integer((json_int_t)(diagram->n_incomplete
                                                      + diagram->n_unsolved)));
    if (status == DFT_OK)
        status = add_curve(job, diagram, root, err);
    snprintf(title, sizeof title, "%s and Li",
             proper(desc_calphad_element(job->system, 0), symbol));
    if (status == DFT_OK && job->request->plot_path)
        status = screen_plot_binary(job->request->plot_path, title, "Li", job->system, diagram,
                                    err);
    desc_diagram_free(diagram);
    return status;
}

static void add_database(const calphad_job *job, json_t *root)
{
    const char *slash = strrchr(job->request->tdb_path, '/');
    json_t *notes = json_array();

    for (size_t i = 0; i < desc_tdb_n_notes(job->tdb); i++)
        json_array_append_new(notes, json_string(desc_tdb_note(job->tdb, i)));
    json_object_set_new(root, "database", json_pack(
        "{s:s, s:s, s:s, s:o}", "file", slash ? slash + 1 : job->request->tdb_path,
        "sha256", desc_tdb_sha256(job->tdb), "sources", job->sources, "notes", notes));
    json_object_set_new(root, "li_reference",
                        json_string(desc_calphad_phase_name(job->system, job->reference)));
}

dft_status screen_phase_calphad(const screen_phase_calphad_request *request, json_t *root,
                                double *x_in_li, char reason[160], dft_error *err)
{
    calphad_job job = { .request = request };
    dft_status status = job_open(&job, request, err);

    *x_in_li = NAN;
    reason[0] = '\0';
    if (status == DFT_OK) {
        add_database(&job, root);
        add_solubilities(&job, root, x_in_li, reason);
        add_phases(&job, root);
        add_plateaus(&job, root);
        status = add_invariants(&job, root, err);
    }
    job_clear(&job);
    return status;
}
