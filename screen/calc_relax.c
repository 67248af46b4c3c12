#include "screen/calc_relax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/output.h"
#include "dft-lite/base/stop.h"
#include "dft-lite/base/units.h"
#include "results/record.h"
#include "screen/calc_structure.h"
#include "screen/surface.h"
#include "screen/verbs.h"
#include "workflows/path_file.h"

#define EV_ANG (DFT_HARTREE_EV / DFT_BOHR_ANG)

/* ---- shared ---- */

static int on_step(const flow_relax_step *s, void *context)
{
    const screen_relax_progress *p = context;

    fprintf(p->calc->app->progress, "%s  step %3d  F = %.6f eV  fmax %.4f eV/A", p->label, s->step,
            s->free_energy * DFT_HARTREE_EV, s->max_force * EV_ANG);
    if (s->max_stress > 0.0)
        fprintf(p->calc->app->progress, "  smax %.3f GPa  V %.4f A^3",
                s->max_stress * DFT_HA_PER_BOHR3_GPA,
                dft_crystal_volume(s->crystal) * DFT_BOHR_ANG * DFT_BOHR_ANG * DFT_BOHR_ANG);
    fprintf(p->calc->app->progress, "%s\n", s->taken_back ? "  (shorter)" : "");
    return dft_stop_requested() != NULL;
}

dft_status screen_relax_read(const screen_calc *calc, screen_relax_progress *progress,
                             flow_relax_options *out, dft_error *err)
{
    const screen_command *c = calc->command;
    const char *method = screen_option_value(c, "method");
    double limit = 0.01;

    *out = flow_relax_defaults();
    progress->calc = calc;
    out->on_step = on_step;
    out->context = progress;
    dft_status status = screen_option_number(c, "fmax-ev-per-ang", 1e-5, 10.0, &limit, err);
    if (status == DFT_OK)
        status = screen_option_integer(c, "max-steps", 0, 100000, &out->max_steps, err);
    if (status == DFT_OK && method && strcmp(method, "lbfgs") != 0 && strcmp(method, "fire") != 0)
        status = dft_fail(err, DFT_EUSAGE, "--method=%.40s: lbfgs or fire", method);
    out->method = method && strcmp(method, "fire") == 0 ? FLOW_FIRE : FLOW_LBFGS;
    out->max_force = limit / EV_ANG;
    /* what the SCF leaves open is no rise */
    out->energy_noise = fmax(out->energy_noise, 3.0 * calc->scf.engine.scf.energy_tolerance);
    return status;
}

int screen_relax_code(flow_relax_end end)
{
    static const int code[] = { 0, SCREEN_EXIT_SCF, SCREEN_EXIT_IONIC, SCREEN_EXIT_STOPPED };
    return code[end];
}

json_t *screen_relax_json(const flow_relax_result *r, const int periodic[3])
{
    const bool pbc[3] = { periodic[0], periodic[1], periodic[2] };
    json_t *forces = json_array();

    for (size_t a = 0; a < r->crystal->n_atoms && isfinite(r->max_force); a++)
        json_array_append_new(forces, json_pack("[ooo]", res_number(r->force[a][0] * EV_ANG),
                                                res_number(r->force[a][1] * EV_ANG),
                                                res_number(r->force[a][2] * EV_ANG)));
    return json_pack("{s:b, s:s, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:I, s:I, s:o, s:o}",
                     "converged", r->converged, "message", r->message,
                     "energy_ev", res_number(r->energy * DFT_HARTREE_EV),
                     "free_energy_ev", res_number(r->free_energy * DFT_HARTREE_EV),
                     "energy_gain_ev", res_number((r->free_energy - r->start_free_energy)
                                                  * DFT_HARTREE_EV),
                     "fmax_ev_per_ang", res_number(r->max_force * EV_ANG),
                     "n_steps", r->n_steps, "n_evaluations", r->n_evaluations,
                     "n_scf_steps", r->n_scf_steps,
                     "n_symmetry_ops_start", (json_int_t)r->n_ops_start,
                     "n_symmetry_ops_end", (json_int_t)r->n_ops_end,
                     "forces_ev_per_ang", forces,
                     "structure", res_structure("relaxed", r->crystal, pbc));
}

void screen_relax_set_basis(void *engine, const double (*lattice)[3])
{
    flow_dftlite_hold_basis(engine, lattice);
}

/* ---- the kind ---- */

static dft_status read_cell(const screen_calc *calc, const screen_calc_structure *s,
                            flow_relax_options *o, dft_error *err)
{
    static const struct { const char *name; unsigned char strain[6]; int hold; } cells[] = {
        { "fixed", { 0, 0, 0, 0, 0, 0 }, 0 }, { "full", { 1, 1, 1, 1, 1, 1 }, 0 },
        { "shape", { 1, 1, 1, 1, 1, 1 }, 1 }, { "plane", { 1, 1, 0, 0, 0, 1 }, 0 } };
    const char *cell = screen_option_value(calc->command, "cell");
    size_t i = 0;
    double smax = 0.05;
    const dft_status status = screen_option_number(calc->command, "smax-gpa", 1e-4, 100.0, &smax, err);

    if (status != DFT_OK)
        return status;
    while (cell && i < 4 && strcmp(cell, cells[i].name) != 0)
        i++;
    if (i == 4)
        return dft_fail(err, DFT_EUSAGE, "--cell=%.40s: fixed, full, shape or plane", cell);
    if (!s->periodic[2] && (i == 1 || i == 2))
        return dft_fail(err, DFT_EUSAGE, "--cell=%s: there is vacuum along c, where a stress means nothing; use "
                        "fixed or plane", cell);
    const double *a = s->crystal->lattice[0], *b = s->crystal->lattice[1];
    if (i == 3 && (fabs(a[2]) > 1e-6 || fabs(b[2]) > 1e-6))
        return dft_fail(err, DFT_EUSAGE, "--cell=plane: the first two cell vectors must lie in the xy plane");
    memcpy(o->strain, cells[i].strain, sizeof o->strain);
    o->hold_volume = cells[i].hold;
    o->max_stress = smax / DFT_HA_PER_BOHR3_GPA;
    return DFT_OK;
}

static void fill(screen_calc *calc, const screen_calc_structure *s, const flow_relax_result *r)
{
    const double gpa = DFT_HA_PER_BOHR3_GPA, a = DFT_BOHR_ANG;
    json_t *stress = json_array();

    json_decref(calc->result);
    calc->result = screen_relax_json(r, s->periodic);
    for (int v = 0; v < 6; v++)
        json_array_append_new(stress, res_number(r->stress[v] * gpa));
    json_object_set_new(calc->result, "stress_gpa", stress);
    json_object_set_new(calc->result, "residual_pressure_gpa", res_number(r->residual_pressure * gpa));
    json_object_set_new(calc->result, "pulay_pressure_gpa",
                        res_number(isfinite(r->residual_pressure) ? r->pulay_pressure * gpa : NAN));
    json_object_set_new(calc->result, "volume_ang3", res_number(dft_crystal_volume(r->crystal)
                                                                * a * a * a));
    json_object_set_new(calc->result, "n_rounds", json_integer(r->n_rounds));
    json_object_set_new(calc->result, "n_fixed_atoms", json_integer((json_int_t)s->n_fixed));
    json_object_set_new(calc->result, "fixed_by", json_string(s->fixed_by));
    fprintf(calc->app->out, "%s\n", r->message);
    if (r->converged)
        fprintf(calc->app->out, "energy (zero width)  %18.6f eV\nlargest force        %18.6f eV/A\n",
                r->energy * DFT_HARTREE_EV, r->max_force * EV_ANG);
    if (isfinite(r->residual_pressure))
        fprintf(calc->app->out, "volume               %18.6f A^3\nresidual pressure    %18.6f GPa, the basis "
                "set anew; Pulay pressure %.4f GPa taken off\n",
                dft_crystal_volume(r->crystal) * a * a * a, r->residual_pressure * gpa,
                r->pulay_pressure * gpa);
}

static dft_status write_structure(const screen_calc *calc, const screen_calc_structure *s,
                                  const flow_relax_result *r, dft_error *err)
{
    const char *path = screen_option_value(calc->command, "out");

    return path ? flow_relaxed_write(path, NULL, r, (const unsigned char (*)[3])s->fixed, err) : DFT_OK;
}

static dft_status relax(screen_calc *calc, const screen_calc_structure *s, dft_error *err)
{
    screen_relax_progress progress = { .label = "relax" };
    flow_relax_options options;
    flow_relax_result *result = NULL;
    flow_evaluator evaluator;
    flow_dftlite *engine = NULL;
    dft_status status = screen_relax_read(calc, &progress, &options, err);

    if (status == DFT_OK)
        status = read_cell(calc, s, &options, err);
    if (status == DFT_OK && calc->dry_run)
        return screen_calc_estimate(calc, s->crystal, s->periodic, "each step", err);
    if (status == DFT_OK)
        status = screen_calc_open(calc, s->crystal, s->periodic, &evaluator, &engine, err);
    options.fixed = (const unsigned char (*)[3])s->fixed;
    options.set_basis = engine ? screen_relax_set_basis : NULL;
    options.basis_context = engine;
    if (status == DFT_OK)
        status = flow_relax_run(&evaluator, s->crystal, &options, &result, err);
    if (status == DFT_OK) {
        fill(calc, s, result);
        calc->code = screen_relax_code(result->end);
        status = write_structure(calc, s, result, err);
    }
    flow_relax_free(result);
    return status;
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    return screen_calc_on_structure(calc, 1, 1, relax, err);
}

static const screen_option options_of[] = {
    SCREEN_SURFACE_OPTIONS,
    SCREEN_FIXED_OPTION,
    SCREEN_RELAX_OPTIONS,
    { "cell", "fixed|full|shape|plane", "what of the cell relaxes too: plane keeps c, shape the volume; "
      "default fixed", NULL },
    { "smax-gpa", "X", "largest stress left; default 0.05", NULL },
    { "out", "FILE", "the last geometry as extxyz", NULL },
};

const screen_calc_kind screen_calc_relax = {
    "relax", "FILE|ID", "Relaxes positions, and the cell if asked, by forces and stress.", 1, 1,
    sizeof options_of / sizeof *options_of, options_of, run
};
