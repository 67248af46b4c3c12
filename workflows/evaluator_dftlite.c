#include "workflows/evaluator_dftlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/basis/kpoints.h"
#include "dft-lite/properties/result_gradients.h"
#include "dft-lite/scf/ground.h"

struct flow_dftlite {
    flow_dftlite_options options;
    dft_scf_result **last;              /* owned [n_slots]: the start of the next, without its ground */
    int mesh_is_chosen, basis_is_held;
    double chooser[3][3];
    flow_dftlite_report report;
};

flow_dftlite_options flow_dftlite_defaults(void)
{
    return (flow_dftlite_options){ .scf = dft_scf_defaults(), .n_slots = 1 };
}

dft_status flow_dftlite_create(const flow_dftlite_options *options, flow_dftlite **out,
                               dft_error *err)
{
    *out = NULL;
    if (!(options->k_spacing >= 0.0))
        return dft_fail(err, DFT_EINPUT, "a spacing of k points of %g per bohr; give a positive one",
                        options->k_spacing);
    flow_dftlite *self = dft_alloc(1, sizeof *self);
    dft_scf_result **last = dft_alloc(options->n_slots, sizeof *last);
    if (!self || !last) {
        free(self);
        free(last);
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu remembered results", options->n_slots);
    }
    self->options = *options;
    self->options.scf.for_forces = 1;
    self->last = last;
    *out = self;
    return DFT_OK;
}

void flow_dftlite_free(flow_dftlite *engine)
{
    if (!engine)
        return;
    for (size_t i = 0; i < engine->options.n_slots; i++)
        dft_scf_result_free(engine->last[i]);
    free(engine->last);
    free(engine);
}

void flow_dftlite_hold_basis(flow_dftlite *engine, const double (*lattice)[3])
{
    engine->basis_is_held = lattice != NULL;
    if (lattice)
        memcpy(engine->chooser, lattice, sizeof engine->chooser);
}

const flow_dftlite_report *flow_dftlite_report_of(const flow_dftlite *engine)
{
    return &engine->report;
}

static void choose_mesh(flow_dftlite *self, const dft_crystal *crystal)
{
    dft_scf_options *scf = &self->options.scf;

    if (self->mesh_is_chosen)
        return;
    if (self->options.k_spacing > 0.0)
        dft_kpoints_mesh_for_spacing(crystal->lattice, self->options.k_spacing, self->options.one_k,
                                     scf->kmesh);
    memcpy(self->report.kmesh, scf->kmesh, sizeof self->report.kmesh);
    self->mesh_is_chosen = 1;
}

static void note_data(flow_dftlite_report *report, const dft_scf_result *result)
{
    for (size_t i = 0; i < result->n_data; i++) {
        size_t j = 0;
        while (j < report->n_data && strcmp(report->data[j].name, result->data[i].name) != 0)
            j++;
        if (j == report->n_data && j < DFT_SYSTEM_MAX_SPECIES)
            report->data[report->n_data++] = result->data[i];
    }
}

static void note(flow_dftlite_report *report, const dft_scf_result *result)
{
    report->n_evaluations++;
    report->n_k = result->n_k;
    report->n_bands = result->n_bands;
    report->n_plane_waves = result->n_plane_waves;
    report->magnetic_moment = result->magnetic_moment;
    report->dipole_moment = result->dipole_moment;
    report->wall_s += result->wall_s;
    report->stopped = result->stopped;
    if (result->peak_rss_mib > report->peak_rss_mib)
        report->peak_rss_mib = result->peak_rss_mib;
    note_data(report, result);
}

/* A linear-algebra breakdown (an overlap that rounding or close atoms made indefinite) is one geometry's
 * misfortune like an SCF that does not converge: *out stays NULL, and why says what happened. */
static dft_status run_once(const dft_crystal *crystal, const dft_scf_options *scf,
                           const dft_scf_result *start, dft_scf_result **out, dft_error *why,
                           dft_error *err)
{
    const dft_status status = dft_scf_run(crystal, scf, start, out, why);

    if (status == DFT_OK || status == DFT_ENUMERIC)
        return DFT_OK;
    return dft_fail(err, status, "%s", why->message);
}

/* From the slot's last result, and once more from scratch where that does not converge. */
static dft_status solve(flow_dftlite *self, const dft_crystal *crystal, const dft_scf_options *scf,
                        const dft_scf_result *start, dft_scf_result **out, int *n_steps,
                        dft_error *why, dft_error *err)
{
    dft_status status = run_once(crystal, scf, start, out, why, err);

    *n_steps = *out ? (*out)->scf_iterations : 0;
    if (status != DFT_OK || !start || (*out && ((*out)->converged || (*out)->stopped)))
        return status;
    dft_scf_result_free(*out);
    *out = NULL;
    self->report.n_scratch++;
    status = run_once(crystal, scf, NULL, out, why, err);
    *n_steps += *out ? (*out)->scf_iterations : 0;
    return status;
}

/* Forces come with the stress at no great price, so the rows are always there to be filled. */
static dft_status gradients(const dft_scf_result *result, int want, flow_evaluation *out,
                            dft_error *err)
{
    double (*spare)[3] = NULL;
    dft_status status;

    if (!(want & FLOW_WANT_FORCES)) {
        spare = dft_alloc(result->n_atoms, sizeof *spare);
        if (!spare)
            return dft_fail(err, DFT_ENOMEM, "no memory for %zu forces", result->n_atoms);
    }
    status = dft_result_gradients(result, spare ? spare : out->force,
                                  want & FLOW_WANT_STRESS ? out->stress : NULL, err);
    free(spare);
    return status;
}

/* Takes the result over: into the slot, or away.  A bad state is a bad start. */
static void remember(flow_dftlite *self, size_t slot, dft_scf_result *result)
{
    if (result && slot < self->options.n_slots && result->converged) {
        dft_ground_free(result->ground);
        result->ground = NULL;
        dft_scf_result_free(self->last[slot]);
        self->last[slot] = result;
    } else {
        dft_scf_result_free(result);
    }
}

static dft_status starting_moments(const flow_dftlite *self, const dft_crystal *crystal,
                                   dft_scf_options *scf, double **moments, dft_error *err)
{
    *moments = NULL;
    if (!self->options.moment_of)
        return DFT_OK;
    *moments = dft_alloc_doubles(crystal->n_atoms);
    if (!*moments)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu moments", crystal->n_atoms);
    for (size_t a = 0; a < crystal->n_atoms; a++)
        (*moments)[a] = self->options.moment_of[crystal->z[a]];
    scf->moments = *moments;
    scf->n_moments = crystal->n_atoms;
    return DFT_OK;
}

/* What a slot starts from: its own last result, or the nearest slot's of as many atoms (the neighbouring image of a
 * path: its density, moved with the atoms, is nearer than that of free atoms). */
static const dft_scf_result *start_of(const flow_dftlite *self, size_t slot, size_t n_atoms)
{
    const size_t n = self->options.n_slots;

    if (slot >= n || self->last[slot])
        return slot < n ? self->last[slot] : NULL;
    for (size_t d = 1; d < n; d++) {
        const dft_scf_result *below = slot >= d ? self->last[slot - d] : NULL;
        const dft_scf_result *above = slot + d < n ? self->last[slot + d] : NULL;
        if (below && below->n_atoms == n_atoms)
            return below;
        if (above && above->n_atoms == n_atoms)
            return above;
    }
    return NULL;
}

static dft_status evaluate(void *context, const dft_crystal *crystal, int want, size_t slot,
                           flow_evaluation *out, dft_error *err)
{
    flow_dftlite *self = context;
    dft_scf_result *result = NULL;
    double *moments = NULL;
    dft_error why = { DFT_OK, "" };
    dft_status status;

    choose_mesh(self, crystal);
    dft_scf_options scf = self->options.scf;
    scf.chooser = self->basis_is_held ? (const double (*)[3])self->chooser : scf.chooser;
    status = starting_moments(self, crystal, &scf, &moments, err);
    if (status == DFT_OK)
        status = solve(self, crystal, &scf, start_of(self, slot, crystal->n_atoms), &result, &out->n_steps, &why, err);
    free(moments);
    if (status != DFT_OK) {
        dft_scf_result_free(result);
        return status;
    }
    if (!result) {
        out->converged = out->stopped = 0;
        snprintf(out->message, sizeof out->message, "%.255s", why.message);
        return DFT_OK;
    }
    note(&self->report, result);
    out->converged = result->converged;
    out->stopped = !result->converged && result->stopped;
    out->energy = result->energy;
    out->free_energy = result->free_energy;
    snprintf(out->message, sizeof out->message, "%s", result->message);
    if (result->converged && want)
        status = gradients(result, want, out, err);
    remember(self, slot, result);
    return status;
}

flow_evaluator flow_dftlite_evaluator(flow_dftlite *engine)
{
    return (flow_evaluator){ "dft-lite", evaluate, engine };
}
