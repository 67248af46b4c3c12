#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/eos.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/write.h"
#include "results/record.h"
#include "screen/calc_relax.h"
#include "screen/calc_structure.h"
#include "screen/verbs.h"
#include "workflows/eos.h"

static void say_point(const char *label, double energy, void *context)
{
    const screen_calc *calc = context;

    fprintf(calc->app->progress, "%s  E = %.6f eV\n", label, energy * DFT_HARTREE_EV);
}

static dft_status read_options(const screen_calc *calc, const screen_calc_structure *s,
                               screen_relax_progress *progress, flow_eos_options *o, dft_error *err)
{
    const char *relax = screen_option_value(calc->command, "relax");
    double percent = 100.0 * o->half_width;
    dft_status status = screen_relax_read(calc, progress, &o->relax, err);

    if (status == DFT_OK)
        status = screen_option_integer(calc->command, "points", 5, FLOW_EOS_MOST_POINTS, &o->n_points,
                                       err);
    if (status == DFT_OK)
        status = screen_option_number(calc->command, "range-percent", 0.5, 30.0, &percent, err);
    if (status == DFT_OK && relax && strcmp(relax, "none") != 0 && strcmp(relax, "positions") != 0
        && strcmp(relax, "shape") != 0 && strcmp(relax, "both") != 0)
        status = dft_fail(err, DFT_EUSAGE, "--relax=%.40s: none, positions, shape or both", relax);
    o->half_width = 0.01 * percent;
    o->max_points = o->n_points + 8 < FLOW_EOS_MOST_POINTS ? o->n_points + 8 : FLOW_EOS_MOST_POINTS;
    o->relax_positions = relax && (strcmp(relax, "positions") == 0 || strcmp(relax, "both") == 0);
    o->relax_shape = relax && (strcmp(relax, "shape") == 0 || strcmp(relax, "both") == 0);
    o->sheet = !s->periodic[2];
    o->on_point = say_point;
    o->context = (void *)(uintptr_t)calc;
    return status;
}

/* Only a scan with its minimum inside gives numbers; null otherwise. */
static void fill(screen_calc *calc, const flow_eos_options *o, const dft_crystal *crystal,
                 const flow_eos_result *r)
{
    const double n = (double)crystal->n_atoms, a = DFT_BOHR_ANG;
    const double unit = o->sheet ? a * a : a * a * a;
    const bool pbc[3] = { true, true, !o->sheet };
    json_t *points = json_array(), *out = calc->result;

    for (size_t i = 0; i < r->fit.n; i++)
        json_array_append_new(points, json_pack("{s:o, s:o}",
            o->sheet ? "area_ang2_per_cell" : "volume_ang3_per_atom",
            res_number(r->fit.sizes[i] * unit / (o->sheet ? 1.0 : n)), "energy_ev_per_atom",
            res_number(r->fit.energies[i] * DFT_HARTREE_EV / n)));
    json_object_set_new(out, "converged", json_boolean(r->fit.inside));
    json_object_set_new(out, "message", json_string(r->fit.inside ? "minimum inside" : r->message));
    json_object_set_new(out, o->sheet ? "a0_ang2" : "v0_ang3_per_atom",
                        res_number(r->fit.size * unit / (o->sheet ? 1.0 : n)));
    json_object_set_new(out, o->sheet ? "layer_modulus_n_per_m" : "b0_gpa",
                        res_number(r->fit.modulus * (o->sheet ? DESC_HA_PER_BOHR2_N_PER_M
                                                              : DESC_HA_PER_BOHR3_GPA)));
    json_object_set_new(out, o->sheet ? "modulus_prime" : "b0_prime", res_number(r->fit.prime));
    json_object_set_new(out, "fit_rms_mev", res_number(1e3 * r->fit.rms * DFT_HARTREE_EV / n));
    json_object_set_new(out, "e0_ev_per_atom", res_number(r->fit.energy * DFT_HARTREE_EV / n));
    json_object_set_new(out, "linear_scale", res_number(r->fit.scale));
    json_object_set_new(out, "relaxed", json_string(!o->relax_positions && !o->relax_shape ? "none"
        : !o->relax_shape ? "positions" : !o->relax_positions ? "shape" : "both"));
    json_object_set_new(out, "n_atoms", json_integer((json_int_t)crystal->n_atoms));
    json_object_set_new(out, "n_planned", json_integer(o->n_points));
    json_object_set_new(out, "n_used", json_integer((json_int_t)r->fit.n));
    json_object_set_new(out, "points", points);
    if (r->crystal)
        json_object_set_new(out, "structure", res_structure("at the minimum", r->crystal, pbc));
}

static void print(const screen_calc *calc, const flow_eos_options *o, const dft_crystal *crystal,
                  const flow_eos_result *r)
{
    const double n = (double)crystal->n_atoms, a = DFT_BOHR_ANG;

    if (!r->fit.inside)
        fprintf(calc->app->out, "no result: %s\n", r->message);
    else if (o->sheet)
        fprintf(calc->app->out, "area %.5f A^2, layer modulus %.3f N/m, fit %.4f meV per atom\n",
                r->fit.size * a * a, r->fit.modulus * DESC_HA_PER_BOHR2_N_PER_M,
                1e3 * r->fit.rms * DFT_HARTREE_EV / n);
    else
        fprintf(calc->app->out, "V0 %.5f A^3 per atom, B0 %.3f GPa, B0' %.3f, fit %.4f meV per atom\n",
                r->fit.size * a * a * a / n, r->fit.modulus * DESC_HA_PER_BOHR3_GPA, r->fit.prime,
                1e3 * r->fit.rms * DFT_HARTREE_EV / n);
}

static dft_status scan(screen_calc *calc, const screen_calc_structure *s, dft_error *err)
{
    const char *path = screen_option_value(calc->command, "out");
    screen_relax_progress progress = { .label = "  relax" };
    flow_eos_options options = flow_eos_defaults();
    flow_eos_result result = { 0 };
    flow_evaluator evaluator;
    flow_dftlite *engine = NULL;
    char count[32];
    dft_status status = read_options(calc, s, &progress, &options, err);

    snprintf(count, sizeof count, "%d sizes", options.n_points);
    if (status == DFT_OK && calc->dry_run)
        return screen_calc_estimate(calc, s->crystal, s->periodic, count, err);
    if (status == DFT_OK)
        status = screen_calc_open(calc, s->crystal, s->periodic, &evaluator, &engine, err);
    options.relax.set_basis = engine ? screen_relax_set_basis : NULL;
    options.relax.basis_context = engine;
    if (status == DFT_OK)
        status = flow_eos_run(&evaluator, s->crystal, &options, &result, err);
    if (status == DFT_OK) {
        fill(calc, &options, s->crystal, &result);
        print(calc, &options, s->crystal, &result);
        calc->code = screen_relax_code(result.end);
        if (path && result.crystal)
            status = dft_crystal_write_extxyz(path, result.crystal, NULL, err);
    }
    flow_eos_clear(&result);
    return status;
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    return screen_calc_on_structure(calc, 0, 0, scan, err);
}

static const screen_option options_of[] = {
    { "points", "N", "volumes of the first scan (areas of a sheet); default 7; more follow until the minimum "
      "lies inside", NULL },
    { "range-percent", "X", "the first scan spans this much below and above; default 6", NULL },
    { "relax", "none|positions|shape|both", "at each volume; default none: uniform scaling", NULL },
    SCREEN_RELAX_OPTIONS,
    { "out", "FILE", "the structure at the minimum as extxyz", NULL },
};

const screen_calc_kind screen_calc_eos = {
    "eos", "FILE|ID", "Equation of state: energies at several volumes, Birch-Murnaghan fit.", 1, 1,
    sizeof options_of / sizeof *options_of, options_of, run
};
