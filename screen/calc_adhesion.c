#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/miller.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/write.h"
#include "results/record.h"
#include "screen/calc.h"
#include "screen/surface.h"
#include "screen/verbs.h"
#include "workflows/adhesion.h"

static const screen_option options[] = {
    SCREEN_SURFACE_OPTIONS,
    { "film", "FILE|ID", "what lies on it; default Li", NULL },
    { "film-facets", "LIST", "its faces to try; default 110,100,111", NULL },
    { "film-layers", "N", "default 4", NULL },
    { "max-atoms", "N", "of the common cell; default 80", NULL },
    { "max-strain-percent", "X", "default 3", NULL },
    { "registries", "N", "N x N places of the film over the substrate's cell; default 2", NULL },
    { "gap-step-ang", "X", "between separations; default 0.3", NULL },
    { "gamma-layers", "N,N", "slabs for the film's surface energy; default 5,7; none: leave it out", NULL },
    { "rigid", NULL, "do not relax atoms", NULL },
    { "force-limit-ev-per-ang", "X", "default 0.02", NULL },
    { "max-steps", "N", "of one relaxation; default 200", NULL },
    { "out", "FILE", "write the interface found", NULL },
};

typedef struct {
    dft_crystal *substrate, *film, *interface;      /* owned */
    flow_adhesion_options options;
} adhesion_job;

static dft_status read_faces(const screen_command *command, flow_adhesion_options *o, dft_error *err)
{
    const char *text = screen_option_value(command, "film-facets");

    if (!text)
        return DFT_OK;
    o->n_faces = 0;
    while (*text) {
        const size_t length = strcspn(text, ",");
        char one[32];
        if (o->n_faces == FLOW_MOST_FILM_FACES || length >= sizeof one)
            return dft_fail(err, DFT_EUSAGE, "--film-facets: at most %d, written like 110,100",
                            FLOW_MOST_FILM_FACES);
        snprintf(one, sizeof one, "%.*s", (int)length, text);
        const dft_status status = cand_miller_parse(one, o->face[o->n_faces], NULL, err);
        if (status != DFT_OK)
            return status;
        o->n_faces++;
        text += length + (text[length] == ',');
    }
    return o->n_faces ? DFT_OK : dft_fail(err, DFT_EUSAGE, "--film-facets: give at least one, like 110");
}

static dft_status read_gamma(const screen_command *command, int layers[2], dft_error *err)
{
    const char *text = screen_option_value(command, "gamma-layers");
    char rest;

    if (!text)
        return DFT_OK;
    if (strcmp(text, "none") == 0) {
        layers[0] = 0;
        return DFT_OK;
    }
    if (sscanf(text, "%d,%d%c", &layers[0], &layers[1], &rest) != 2 || layers[0] < 1
        || layers[1] <= layers[0] || layers[1] > CAND_MAX_LAYERS)
        return dft_fail(err, DFT_EUSAGE, "--gamma-layers=%.40s: two thicknesses, the thinner first, like 5,7; "
                        "or none", text);
    return DFT_OK;
}

static void say_energy(void *context, const char *label, double energy)
{
    const screen_calc *calc = context;

    fprintf(calc->app->progress, "%-40s E = %16.6f eV\n", label, energy * DFT_HARTREE_EV);
}

static dft_status read_numbers(const screen_command *command, flow_adhesion_options *o, dft_error *err)
{
    double strain = 3.0, step = 0.3, force = 0.02, vacuum = 12.0;
    int atoms = 80;
    dft_status status = screen_option_integer(command, "film-layers", 1, CAND_MAX_LAYERS, &o->film_layers,
                                              err);

    if (status == DFT_OK)
        status = screen_option_integer(command, "max-atoms", 2, 1000, &atoms, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "max-strain-percent", 0.001, 20.0, &strain, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "registries", 1, 12, &o->registries, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "gap-step-ang", 0.02, 1.0, &step, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "vacuum-ang", 3.0, 200.0, &vacuum, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "force-limit-ev-per-ang", 1e-5, 1.0, &force, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "max-steps", 1, 10000, &o->settle.max_steps, err);
    o->max_atoms = (size_t)atoms;
    o->max_strain = 0.01 * strain;
    o->gap_step = step / DFT_BOHR_ANG;
    o->vacuum = vacuum / DFT_BOHR_ANG;
    o->settle.force_limit = force / DFT_HARTREE_EV * DFT_BOHR_ANG;
    o->settle.relax = screen_option_value(command, "rigid") == NULL;
    return status;
}

static dft_status read_job(screen_calc *calc, adhesion_job *job, dft_error *err)
{
    const screen_command *command = calc->command;
    const char *film = screen_option_value(command, "film"), *out = screen_option_value(command, "out");
    int ignored = 0;
    cand_slab_info info;
    dft_status status = out ? dft_output_check(out, err) : DFT_OK;

    job->options = flow_adhesion_defaults();
    job->options.on_energy = say_energy;
    job->options.context = calc;
    if (status == DFT_OK)
        status = read_faces(command, &job->options, err);
    if (status == DFT_OK)
        status = read_gamma(command, job->options.gamma_layers, err);
    if (status == DFT_OK)
        status = read_numbers(command, &job->options, err);
    if (status == DFT_OK)
        status = screen_surface_cut(calc->app, command, 0, &job->substrate, &info, err);
    if (status == DFT_OK)
        status = screen_surface_structure(calc->app, film ? film : "Li", &ignored, &job->film, err);
    return status;
}

/* ---- what comes out ---- */

static json_t *or_null(int known, double value)
{
    return known ? res_number(value) : json_null();
}

static void add_adhesion(json_t *out, int known, const desc_adhesion *a, int wetting)
{
    const double unit = DESC_HA_PER_BOHR2_J_PER_M2;

    json_object_set_new(out, "work_of_adhesion_j_per_m2", or_null(known, unit * a->work));
    json_object_set_new(out, "spreading_j_per_m2", or_null(known && wetting, unit * a->spreading));
    json_object_set_new(out, "contact_angle_deg", or_null(known && wetting, a->contact_angle_deg));
    json_object_set_new(out, "contact_angle_capped", known && wetting ? json_boolean(a->capped != 0)
                                                                      : json_null());
}

static json_t *film_face(const flow_adhesion_result *r)
{
    char face[32];

    cand_miller_format(r->face, false, face);
    return json_string(face);
}

static void fill(screen_calc *calc, const adhesion_job *job, const flow_adhesion_result *r)
{
    json_t *out = calc->result, *rigid = json_object();
    const int relax = job->options.settle.relax, wetting = r->gamma.converged;
    const double unit = DESC_HA_PER_BOHR2_J_PER_M2, a = DFT_BOHR_ANG;

    json_object_set_new(out, "converged", json_boolean(r->converged));
    json_object_set_new(out, "message", json_string(r->message));
    json_object_set_new(out, "atoms", json_string(relax ? "relaxed" : "rigid"));
    /* a number that not all registries stand behind is not the interface's */
    add_adhesion(out, r->converged, relax ? &r->relaxed : &r->rigid, wetting);
    add_adhesion(rigid, r->has_rigid && r->n_used == r->n_planned, &r->rigid, wetting);
    json_object_set_new(out, "rigid", rigid);
    json_object_set_new(out, "gamma_film_j_per_m2", or_null(wetting, unit * r->gamma.gamma));
    json_object_set_new(out, "gamma_film_by_slope_j_per_m2",
                        or_null(wetting && r->gamma.has_line, unit * r->gamma.line.gamma));
    json_object_set_new(out, "film_face", film_face(r));
    json_object_set_new(out, "strain", res_number(r->cell.norm));
    json_object_set_new(out, "strain_1", res_number(r->cell.principal[0]));
    json_object_set_new(out, "strain_2", res_number(r->cell.principal[1]));
    json_object_set_new(out, "twist_deg", res_number(r->cell.twist_deg));
    json_object_set_new(out, "area_ang2", res_number(r->area * a * a));
    json_object_set_new(out, "n_atoms_substrate", json_integer((json_int_t)r->n_substrate));
    json_object_set_new(out, "n_atoms_film", json_integer((json_int_t)r->n_film));
    json_object_set_new(out, "n_cells_within_limits", json_integer((json_int_t)r->n_cells));
    json_object_set_new(out, "gap_ang", or_null(r->has_rigid, a * r->gap));
    json_object_set_new(out, "gap_relaxed_ang", or_null(r->has_relaxed, a * r->gap_relaxed));
    json_object_set_new(out, "registry", json_pack("[ff]", r->shift[0], r->shift[1]));
    json_object_set_new(out, "registry_spread_ev", or_null(isfinite(r->registry_spread),
                                                           DFT_HARTREE_EV * r->registry_spread));
    json_object_set_new(out, "n_planned", json_integer((json_int_t)r->n_planned));
    json_object_set_new(out, "n_used", json_integer((json_int_t)r->n_used));
}

static void print_one(FILE *out, const char *what, const desc_adhesion *a, int wetting)
{
    const double unit = DESC_HA_PER_BOHR2_J_PER_M2;

    fprintf(out, "%s: work of adhesion %.3f J/m^2", what, unit * a->work);
    if (wetting)
        fprintf(out, ", spreading %+.3f J/m^2, contact angle %.0f deg%s", unit * a->spreading,
                a->contact_angle_deg, a->capped ? " (capped)" : "");
    fputc('\n', out);
}

static void print(const screen_calc *calc, const flow_adhesion_result *r)
{
    FILE *out = calc->app->out;
    char face[32];

    cand_miller_format(r->face, false, face);
    fprintf(out, "film (%s), %zu + %zu atoms, %.1f A^2, strain %.2f %% (%+.2f, %+.2f), %zu cells within the "
            "limits\n", face, r->n_substrate, r->n_film, r->area * DFT_BOHR_ANG * DFT_BOHR_ANG,
            100.0 * r->cell.norm, 100.0 * r->cell.principal[0], 100.0 * r->cell.principal[1], r->n_cells);
    if (!r->converged)
        fprintf(out, "not converged: %s\n", r->message);
    if (r->has_rigid)
        fprintf(out, "gap %.3f A, registry %.2f,%.2f (%zu of %zu registries)\n", r->gap * DFT_BOHR_ANG,
                r->shift[0], r->shift[1], r->n_used, r->n_planned);
    if (r->has_rigid)
        print_one(out, "rigid", &r->rigid, r->gamma.converged);
    if (r->has_relaxed)
        print_one(out, "relaxed", &r->relaxed, r->gamma.converged);
    if (r->gamma.converged)
        fprintf(out, "film's surface energy %.3f J/m^2 (by slope %.3f)\n",
                DESC_HA_PER_BOHR2_J_PER_M2 * r->gamma.gamma,
                DESC_HA_PER_BOHR2_J_PER_M2 * r->gamma.line.gamma);
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    static const int in_plane[3] = { 1, 1, 0 };
    const char *path = screen_option_value(calc->command, "out");
    adhesion_job job = { 0 };
    flow_adhesion_result result;
    dft_status status = read_job(calc, &job, err);

    if (status == DFT_OK && calc->dry_run) {
        status = screen_calc_estimate(calc, job.substrate, in_plane, "substrate alone, one of its cells", err);
    } else if (status == DFT_OK) {
        const flow_evaluator_source source = screen_calc_source(calc);
        status = flow_adhesion_run(job.substrate, job.film, &source, &job.options, &result, &job.interface,
                                   err);
        if (status == DFT_OK && path && job.interface)
            status = dft_crystal_write(path, job.interface, "interface", err);
        if (status == DFT_OK) {
            fill(calc, &job, &result);
            print(calc, &result);
            calc->code = result.converged ? 0 : result.ionic || result.gamma.ionic ? SCREEN_EXIT_IONIC
                                                                                   : SCREEN_EXIT_SCF;
        }
    }
    dft_crystal_free(job.interface);
    dft_crystal_free(job.film);
    dft_crystal_free(job.substrate);
    return status;
}

const screen_calc_kind screen_calc_adhesion = {
    "adhesion", "FILE|ID", "work of adhesion and wetting of lithium (or --film) on a surface", 1, 1,
    sizeof options / sizeof *options, options, run
};
