#include "screen/calc.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/memory.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/basis/kpoints.h"
#include "dft-lite/hamiltonian/system.h"
#include "dft-lite/scf/estimate.h"
#include "results/provenance.h"
#include "results/record.h"

static double length_of(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* The largest |b_i|/n_i over the periodic axes. */
static double spacing_of(const double lattice[3][3], const int mesh[3], const int periodic[3])
{
    double b[3][3], largest = 0.0;

    dft_crystal_reciprocal(lattice, b);
    for (int i = 0; i < 3; i++)
        if (!periodic || periodic[i])
            largest = fmax(largest, length_of(b[i]) / mesh[i]);
    return largest;
}

static void choose_k(screen_calc *calc, const dft_crystal *crystal, const int periodic[3],
                     flow_dftlite_options *options)
{
    *options = calc->scf.engine;
    for (int i = 0; i < 3; i++)
        options->one_k[i] = periodic && !periodic[i];
    if (calc->spacing > 0.0) {
        options->k_spacing = calc->spacing;
    } else if (calc->scf.mesh_is_given) {
        options->k_spacing = 0.0;
        calc->spacing = spacing_of(crystal->lattice, options->scf.kmesh, periodic);
    } else {
        calc->spacing = options->k_spacing;
    }
    /* a hair wider, so that the cell the spacing came from gets its own mesh back */
    options->k_spacing *= 1.0 + 1e-9;
}

dft_status screen_calc_open_with(screen_calc *calc, const flow_dftlite_options *options,
                                 flow_evaluator *out, flow_dftlite **engine, dft_error *err)
{
    size_t i = 0;

    if (engine)
        *engine = NULL;
    if (calc->app->evaluator) {
        *out = *calc->app->evaluator;
        return DFT_OK;
    }
    while (i < calc->n_engines && (i == 0 || calc->engine[i]))
        i++;
    if (i == SCREEN_CALC_MOST_ENGINES)
        return dft_fail(err, DFT_EINTERNAL, "more than %d calculators at once",
                        SCREEN_CALC_MOST_ENGINES);
    const dft_status status = flow_dftlite_create(options, &calc->engine[i], err);
    if (status != DFT_OK)
        return status;
    calc->n_engines = i == calc->n_engines ? i + 1 : calc->n_engines;
    *out = flow_dftlite_evaluator(calc->engine[i]);
    if (engine)
        *engine = calc->engine[i];
    return DFT_OK;
}

dft_status screen_calc_open(screen_calc *calc, const dft_crystal *crystal, const int periodic[3],
                            flow_evaluator *out, flow_dftlite **engine, dft_error *err)
{
    flow_dftlite_options options;

    choose_k(calc, crystal, periodic, &options);
    return screen_calc_open_with(calc, &options, out, engine, err);
}

static dft_status source_open(void *context, const dft_crystal *crystal, const int periodic[3],
                              flow_evaluator *out, dft_error *err)
{
    return screen_calc_open(context, crystal, periodic, out, NULL, err);
}

/* The main engine stays: its report goes into the JSON. */
static void source_close(void *context, flow_evaluator *evaluator)
{
    screen_calc *calc = context;

    for (size_t i = 1; i < calc->n_engines; i++)
        if (calc->engine[i] && evaluator->context == (void *)calc->engine[i]) {
            flow_dftlite_free(calc->engine[i]);
            calc->engine[i] = NULL;
        }
}

flow_evaluator_source screen_calc_source(screen_calc *calc)
{
    return (flow_evaluator_source){ source_open, source_close, calc };
}

void screen_calc_periodic(const dft_crystal *crystal, int periodic[3])
{
    cand_layer *layer = NULL;

    periodic[0] = periodic[1] = 1;
    periodic[2] = cand_layer_create(crystal, CAND_LAYER_TOLERANCE, &layer, NULL) != DFT_OK;
    cand_layer_free(layer);
}

dft_status screen_calc_estimate(screen_calc *calc, const dft_crystal *crystal, const int periodic[3],
                                const char *n, dft_error *err)
{
    FILE *out = calc->app->out;
    flow_dftlite_options options;
    dft_system *system = NULL;

    choose_k(calc, crystal, periodic, &options);
    if (options.k_spacing > 0.0)
        dft_kpoints_mesh_for_spacing(crystal->lattice, options.k_spacing, options.one_k,
                                     options.scf.kmesh);
    const dft_scf_options *o = &options.scf;
    const dft_system_options system_options = dft_scf_system_options(o);
    dft_status status = dft_system_create(crystal, &system_options, &system, err);
    if (status == DFT_OK) {
        const dft_scf_estimate e = dft_scf_estimate_of(system, dft_scf_choose_bands(o, system, 0),
                                                       (size_t)dft_threads_max());
        fprintf(out, "%s: %zu atoms, %g electrons, space group %d; k mesh %dx%dx%d, %zu irreducible; about "
                "%.0f plane waves, %zu bands; memory about %.0f MiB, about %.2g s an SCF step\n", n,
                crystal->n_atoms, system->n_electrons, system->symmetry->space_group_number, o->kmesh[0],
                o->kmesh[1], o->kmesh[2], e.n_k, e.n_plane_waves, e.n_bands, e.memory / 1048576.0,
                e.step_s);
        status = dft_scf_estimate_check(&e, dft_memory_available(), err);
    }
    dft_system_free(system);
    return status;
}

/* ---- JSON ---- */

json_t *screen_calc_settings(const flow_dftlite *engine, const dft_scf_options *scf)
{
    json_t *out = json_object(), *data = json_array();

    if (!engine) {
        json_decref(data);
        return out;
    }
    const flow_dftlite_report *r = flow_dftlite_report_of(engine);
    for (size_t i = 0; i < r->n_data; i++)
        json_array_append_new(data, json_pack("{s:s, s:s}", "name", r->data[i].name, "sha256",
                                              r->data[i].sha256));
    json_object_set_new(out, "ecut_ev", res_number(scf->ecut * DFT_HARTREE_EV));
    json_object_set_new(out, "kmesh", json_pack("[iii]", r->kmesh[0], r->kmesh[1], r->kmesh[2]));
    json_object_set_new(out, "kshift", json_pack("[iii]", scf->kshift[0], scf->kshift[1],
                                                 scf->kshift[2]));
    json_object_set_new(out, "xc", json_string(scf->xc));
    json_object_set_new(out, "smearing", json_string(dft_smearing_name(scf->smearing)));
    json_object_set_new(out, "width_ev", res_number(scf->width * DFT_HARTREE_EV));
    json_object_set_new(out, "energy_tol_ev", res_number(scf->energy_tolerance * DFT_HARTREE_EV));
    json_object_set_new(out, "spin", json_string(scf->spin ? "collinear" : "none"));
    json_object_set_new(out, "dipole", scf->dipole ? json_stringn(&scf->dipole, 1)
                                                   : json_string("none"));
    json_object_set_new(out, "symmetry", json_boolean(scf->symmetry));
    json_object_set_new(out, "data_sets", data);
    json_object_set_new(out, "n_scf", json_integer((json_int_t)r->n_evaluations));
    json_object_set_new(out, "n_scf_again_from_scratch", json_integer((json_int_t)r->n_scratch));
    json_object_set_new(out, "n_k_irreducible", json_integer((json_int_t)r->n_k));
    json_object_set_new(out, "n_plane_waves", json_integer((json_int_t)r->n_plane_waves));
    json_object_set_new(out, "scf_wall_s", res_number(r->wall_s));
    json_object_set_new(out, "peak_rss_MiB", res_number(r->peak_rss_mib));
    return out;
}

dft_status screen_calc_write(const screen_calc *calc, const char *kind, dft_error *err)
{
    const char *path = screen_option_value(calc->command, "json");
    char *text = NULL;
    dft_status status;

    json_object_set_new(calc->result, "kind", json_string(kind));
    if (calc->command->n_words > 0)
        json_object_set_new(calc->result, "file", json_string(calc->command->word[0]));
    json_object_set_new(calc->result, "evaluator", json_string(calc->app->evaluator
                                                   ? calc->app->evaluator->name : "dft-lite"));
    json_object_set_new(calc->result, "settings",
                        screen_calc_settings(calc->n_engines ? calc->engine[0] : NULL,
                                             &calc->scf.engine.scf));
    json_object_set_new(calc->result, "provenance", res_provenance(NULL, 0));
    text = json_dumps(calc->result, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    status = text ? dft_file_write(path, text, strlen(text), err)
                  : dft_fail(err, DFT_ENOMEM, "%s: no memory for the result", path);
    free(text);
    return status;
}
