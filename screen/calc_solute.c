#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/write.h"
#include "results/record.h"
#include "screen/calc.h"
#include "screen/surface.h"
#include "screen/verbs.h"
#include "workflows/solute.h"

static const screen_option options[] = {
    { "host", "FILE|ID", "the solvent; default Li", NULL },
    { "host-a-ang", "X", "scale the host's conventional cell to this a", NULL },
    { "metal-a-ang", "X", "scale the metal's conventional cell to this a (c/a kept)", NULL },
    { "most-atoms", "N", "of a supercell; default 54", NULL },
    { "skip", "LIST", "in-metal, vacancy: leave out the host dissolved in M, or the vacancies", NULL },
    { "rigid", NULL, "do not relax atoms", NULL },
    { "force-limit-ev-per-ang", "X", "default 0.02", NULL },
    { "max-steps", "N", "of one relaxation; default 200", NULL },
    { "out-initial", "FILE", "write M beside the vacancy", NULL },
    { "out-final", "FILE", "write it after the exchange: ends of a path for calc neb", NULL },
};

typedef struct {
    dft_crystal *host, *metal;      /* owned */
    flow_solute_options options;
} solute_job;

static dft_status read_skip(const screen_command *command, flow_solute_options *o, dft_error *err)
{
    const char *text = screen_option_value(command, "skip");

    while (text && *text) {
        const size_t length = strcspn(text, ",");
        if (length == 8 && strncmp(text, "in-metal", length) == 0)
            o->in_metal = 0;
        else if (length == 7 && strncmp(text, "vacancy", length) == 0)
            o->vacancy = 0;
        else
            return dft_fail(err, DFT_EUSAGE, "--skip=%.40s: in-metal, vacancy, or both with a comma", text);
        text += length + (text[length] == ',');
    }
    return DFT_OK;
}

/* A structure, its cell scaled so that a1 of the conventional cell is as long as asked for. */
static dft_status read_structure(screen_calc *calc, const char *word, const char *option, dft_crystal **out,
                                 dft_error *err)
{
    double a_ang = 0.0;
    int ignored = 0;
    dft_status status = screen_option_number(calc->command, option, 1.0, 50.0, &a_ang, err);

    if (status == DFT_OK)
        status = screen_surface_structure(calc->app, word, &ignored, out, err);
    if (status != DFT_OK || !(a_ang > 0.0))
        return status;
    const double *a = (*out)->lattice[0];
    const double factor = a_ang / DFT_BOHR_ANG / sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    for (int i = 0; i < 9; i++)
        (*out)->lattice[i / 3][i % 3] *= factor;
    return DFT_OK;
}

static void say_energy(void *context, const char *label, double energy)
{
    const screen_calc *calc = context;

    fprintf(calc->app->progress, "%-32s E = %16.6f eV\n", label, energy * DFT_HARTREE_EV);
}

static dft_status read_job(screen_calc *calc, solute_job *job, dft_error *err)
{
    const screen_command *command = calc->command;
    const char *host = screen_option_value(command, "host");
    const char *const outputs[2] = { screen_option_value(command, "out-initial"),
                                     screen_option_value(command, "out-final") };
    double force = 0.02;
    int atoms = 54;
    dft_status status = DFT_OK;

    job->options = flow_solute_defaults();
    for (int i = 0; i < 2 && status == DFT_OK; i++)
        status = outputs[i] ? dft_output_check(outputs[i], err) : DFT_OK;
    if (status == DFT_OK)
        status = read_skip(command, &job->options, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "most-atoms", 2, 1000, &atoms, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "force-limit-ev-per-ang", 1e-5, 1.0, &force, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "max-steps", 1, 10000, &job->options.settle.max_steps, err);
    if (status == DFT_OK)
        status = read_structure(calc, host ? host : "Li", "host-a-ang", &job->host, err);
    if (status == DFT_OK)
        status = read_structure(calc, command->word[0], "metal-a-ang", &job->metal, err);
    job->options.most_atoms = (size_t)atoms;
    job->options.settle.relax = screen_option_value(command, "rigid") == NULL;
    job->options.settle.force_limit = force / DFT_HARTREE_EV * DFT_BOHR_ANG;
    job->options.on_energy = say_energy;
    job->options.context = calc;
    return status;
}

/* ---- what comes out ---- */

static json_t *or_null(int known, double value)
{
    return known ? res_number(value) : json_null();
}

static json_t *energy_json(const flow_solute_energy *e)
{
    const double a = DFT_BOHR_ANG;

    return json_pack("{s:o, s:o, s:o, s:I, s:o}",
                     "energy_ev", or_null(e->known, DFT_HARTREE_EV * e->value),
                     "pressure_gpa", or_null(e->known, DFT_HA_PER_BOHR3_GPA * e->pressure),
                     "cell_volume_ang3", or_null(e->known, e->volume * a * a * a),
                     "host_atoms", (json_int_t)e->n_atoms,
                     "separation_ang", or_null(e->known, a * e->separation));
}

static void fill(screen_calc *calc, const solute_job *job, const flow_solute_result *r)
{
    json_t *out = calc->result;
    const double ev = DFT_HARTREE_EV;

    json_object_set_new(out, "converged", json_boolean(r->converged));
    json_object_set_new(out, "message", json_string(r->message));
    json_object_set_new(out, "host", json_string(dft_element_symbol(job->host->z[0])));
    json_object_set_new(out, "solute", json_string(dft_element_symbol(job->metal->z[0])));
    json_object_set_new(out, "atoms", json_string(job->options.settle.relax ? "relaxed" : "rigid"));
    json_object_set_new(out, "dh_m_in_li_ev", or_null(r->m_in_li.known, ev * r->m_in_li.value));
    json_object_set_new(out, "dh_li_in_m_ev", or_null(r->li_in_m.known, ev * r->li_in_m.value));
    json_object_set_new(out, "vacancy_formation_ev", or_null(r->vacancy.known, ev * r->vacancy.value));
    json_object_set_new(out, "solute_vacancy_binding_ev", or_null(isfinite(r->binding), ev * r->binding));
    json_object_set_new(out, "m_in_li", energy_json(&r->m_in_li));
    json_object_set_new(out, "li_in_m", energy_json(&r->li_in_m));
    json_object_set_new(out, "vacancy", energy_json(&r->vacancy));
    json_object_set_new(out, "mu_host_ev", or_null(isfinite(r->mu_host), ev * r->mu_host));
    json_object_set_new(out, "mu_metal_ev", or_null(isfinite(r->mu_metal), ev * r->mu_metal));
    json_object_set_new(out, "n_planned", json_integer((json_int_t)r->n_planned));
    json_object_set_new(out, "n_used", json_integer((json_int_t)r->n_used));
}

static void print(const screen_calc *calc, const solute_job *job, const flow_solute_result *r)
{
    FILE *out = calc->app->out;
    const char *li = dft_element_symbol(job->host->z[0]), *m = dft_element_symbol(job->metal->z[0]);
    const double ev = DFT_HARTREE_EV;

    if (!r->converged)
        fprintf(out, "not converged: %s\n", r->message);
    if (r->m_in_li.known)
        fprintf(out, "%s in %s: %+.4f eV against pure %s (cell of %zu sites, %+.2f GPa)\n", m, li,
                ev * r->m_in_li.value, m, r->m_in_li.n_atoms, DFT_HA_PER_BOHR3_GPA * r->m_in_li.pressure);
    if (r->li_in_m.known)
        fprintf(out, "%s in %s: %+.4f eV against pure %s (cell of %zu sites, %+.2f GPa)\n", li, m,
                ev * r->li_in_m.value, li, r->li_in_m.n_atoms, DFT_HA_PER_BOHR3_GPA * r->li_in_m.pressure);
    if (r->vacancy.known)
        fprintf(out, "vacancy in %s: %.4f eV\n", li, ev * r->vacancy.value);
    if (isfinite(r->binding))
        fprintf(out, "%s and a vacancy beside it: %+.4f eV (positive: they attract)\n", m, ev * r->binding);
}

static dft_status write_ends(const screen_calc *calc, const flow_solute_result *r, dft_error *err)
{
    const char *initial = screen_option_value(calc->command, "out-initial");
    const char *final = screen_option_value(calc->command, "out-final");
    dft_status status = DFT_OK;

    if (initial && r->has_endpoints)
        status = dft_crystal_write(initial, r->initial, "solute beside a vacancy", err);
    if (status == DFT_OK && final && r->has_endpoints)
        status = dft_crystal_write(final, r->final, "after the exchange", err);
    return status;
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    solute_job job = { 0 };
    flow_solute_result result = { 0 };
    dft_status status = read_job(calc, &job, err);

    if (status == DFT_OK && calc->dry_run) {
        static const int everywhere[3] = { 1, 1, 1 };
        status = screen_calc_estimate(calc, job.host, everywhere, "the host's cell, to be repeated", err);
    } else if (status == DFT_OK) {
        const flow_evaluator_source source = screen_calc_source(calc);
        status = flow_solute_run(job.host, job.metal, &source, &job.options, &result, err);
        if (status == DFT_OK)
            status = write_ends(calc, &result, err);
        if (status == DFT_OK) {
            fill(calc, &job, &result);
            print(calc, &job, &result);
            calc->code = result.converged ? 0 : result.ionic ? SCREEN_EXIT_IONIC : SCREEN_EXIT_SCF;
        }
        flow_solute_clear(&result);
    }
    dft_crystal_free(job.metal);
    dft_crystal_free(job.host);
    return status;
}

const screen_calc_kind screen_calc_solute = {
    "solute", "FILE|ID", "a metal dissolved in lithium, lithium in it, vacancies", 1, 1,
    sizeof options / sizeof *options, options, run
};
