#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/layer.h"
#include "descriptors/eos.h"
#include "dft-lite/base/units.h"
#include "results/record.h"
#include "screen/calc.h"
#include "screen/calc_relax.h"
#include "screen/surface.h"
#include "screen/verbs.h"
#include "workflows/elastic.h"

static const screen_option options[] = {
    { "ions", "relaxed|clamped", "atoms at rest under each strain as well (default), or held alone", NULL },
    { "amplitude", "X", "largest strain; default 0.005", NULL },
    { "two-amplitudes", NULL, "also twice that strain, extrapolated to none", NULL },
    { "basis", "own|held", "each strained cell's plane waves (default), or the unstrained cell's in all: smooth, but "
      "far off at low cutoffs, by an amount that is then estimated", NULL },
    { "sheet", "auto|on|off", "in-plane stiffness, N/m; default auto: where there is a gap along c", NULL },
    { "force-limit-ev-per-ang", "X", "of relaxed ions; default 0.005", NULL },
    { "max-steps", "N", "of one relaxation; default 200", NULL },
};

typedef struct {
    dft_crystal *crystal;           /* owned */
    flow_elastic_options options;
    int held;
} elastic_job;

/* One of two words; *out becomes the index.  Errors: DFT_EUSAGE. */
static dft_status read_choice(const screen_command *command, const char *name, const char *first,
                              const char *second, int *out, dft_error *err)
{
    const char *value = screen_option_value(command, name);

    if (!value)
        return DFT_OK;
    if (strcmp(value, first) != 0 && strcmp(value, second) != 0)
        return dft_fail(err, DFT_EUSAGE, "--%s=%.40s: it is %s or %s", name, value, first, second);
    *out = strcmp(value, second) == 0;
    return DFT_OK;
}

static dft_status read_sheet(const screen_command *command, const dft_crystal *crystal, int *sheet,
                             dft_error *err)
{
    const char *value = screen_option_value(command, "sheet");
    int periodic[3];

    if (value && strcmp(value, "auto") != 0 && strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
        return dft_fail(err, DFT_EUSAGE, "--sheet=%.40s: it is auto, on or off", value);
    screen_calc_periodic(crystal, periodic);
    *sheet = value && strcmp(value, "auto") != 0 ? strcmp(value, "on") == 0 : !periodic[2];
    return DFT_OK;
}

static void say_progress(void *context, const char *label, size_t done, size_t planned)
{
    const screen_calc *calc = context;

    fprintf(calc->app->progress, "[%2zu/%zu] %s\n", done, planned, label);
}

static dft_status read_job(screen_calc *calc, elastic_job *job, dft_error *err)
{
    const screen_command *command = calc->command;
    double force_ev = 0.005;
    int clamped = 0, is_sheet = 0;
    dft_status status = screen_surface_structure(calc->app, command->word[0], &is_sheet, &job->crystal,
                                                 err);

    job->options = flow_elastic_defaults();
    if (status == DFT_OK)
        status = read_choice(command, "ions", "relaxed", "clamped", &clamped, err);
    if (status == DFT_OK)
        status = read_choice(command, "basis", "own", "held", &job->held, err);
    if (status == DFT_OK)
        status = read_sheet(command, job->crystal, &job->options.sheet, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "amplitude", 1e-5, 0.05, &job->options.amplitude, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "force-limit-ev-per-ang", 1e-6, 1.0, &force_ev, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "max-steps", 1, 10000, &job->options.settle.max_steps, err);
    job->options.relaxed_ions = !clamped;
    job->options.two_amplitudes = screen_option_value(command, "two-amplitudes") != NULL;
    job->options.settle.force_limit = force_ev / DFT_HARTREE_EV * DFT_BOHR_ANG;
    job->options.on_stress = say_progress;
    job->options.context = calc;
    return status;
}

/* ---- JSON ---- */

static json_t *matrix_json(int n, const double m[6][6], const int *at, double unit)
{
    json_t *rows = json_array();

    for (int i = 0; i < n; i++) {
        json_t *row = json_array();
        for (int j = 0; j < n; j++)
            json_array_append_new(row, res_number(unit * m[at[i]][at[j]]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static void add_bulk(json_t *out, const flow_elastic_tensor *t, const desc_laue *laue)
{
    static const int at[6] = { 0, 1, 2, 3, 4, 5 };
    const double gpa = DFT_HA_PER_BOHR3_GPA;
    const desc_moduli *m = &t->moduli;
    const int known = t->has_moduli;
    const struct { const char *key; double value; } rows[] = {
        { "bulk_gpa", gpa * m->bulk }, { "shear_gpa", gpa * m->shear }, { "young_gpa", gpa * m->young },
        { "poisson", m->poisson }, { "pugh", m->pugh },
        { "universal_anisotropy", m->universal_anisotropy },
        { "bulk_voigt_gpa", gpa * m->bulk_voigt }, { "bulk_reuss_gpa", gpa * m->bulk_reuss },
        { "shear_voigt_gpa", gpa * m->shear_voigt }, { "shear_reuss_gpa", gpa * m->shear_reuss },
    };
    json_t *axes = json_array();

    json_object_set_new(out, "c_gpa", t->known ? matrix_json(6, t->c, at, gpa) : json_null());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_object_set_new(out, rows[i].key, known ? res_number(rows[i].value) : json_null());
    if (!t->known) {
        json_decref(axes);
        return;
    }
    for (int i = 0; i < 3; i++)
        json_array_append_new(axes, json_pack("[fff]", t->standard_axes[i][0], t->standard_axes[i][1],
                                              t->standard_axes[i][2]));
    json_object_set_new(out, "c_standard_gpa", matrix_json(6, t->standard, at, gpa));
    json_object_set_new(out, "standard_axes", axes);
    json_object_set_new(out, "c_energy_gpa", matrix_json(6, t->c_brugger, at, gpa));
    json_object_set_new(out, "error_gpa", matrix_json(6, t->error, at, gpa));
    json_object_set_new(out, "fit_rms_gpa", res_number(gpa * t->rms));
    json_object_set_new(out, "asymmetry_gpa", res_number(gpa * t->asymmetry));
    json_object_set_new(out, "least_eigenvalue_gpa", res_number(gpa * t->eigenvalue[0]));
    json_object_set_new(out, "stable", json_boolean(t->stable));
    json_object_set_new(out, "born_conditions", t->born < 0 ? json_null() : json_boolean(t->born));
    if (laue->laue == DESC_LAUE_CUBIC || laue->laue == DESC_LAUE_CUBIC_LOW)
        json_object_set_new(out, "zener", res_number(desc_elastic_zener((const double (*)[6])t->standard)));
}

static void add_sheet(json_t *out, const flow_elastic_tensor *t)
{
    static const int at[3] = { 0, 1, 5 };
    const double unit = DESC_HA_PER_BOHR2_N_PER_M;
    const desc_sheet_moduli_result *m = &t->sheet;
    const int known = t->has_moduli;

    json_object_set_new(out, "c_n_per_m", t->known ? matrix_json(3, t->c, at, unit) : json_null());
    json_object_set_new(out, "bulk_gpa", json_null());          /* has no meaning for a sheet */
    json_object_set_new(out, "young_least_n_per_m", known ? res_number(unit * m->young_least) : json_null());
    json_object_set_new(out, "young_greatest_n_per_m",
                        known ? res_number(unit * m->young_greatest) : json_null());
    json_object_set_new(out, "shear_n_per_m", known ? res_number(unit * m->shear) : json_null());
    json_object_set_new(out, "area_modulus_n_per_m",
                        known ? res_number(unit * m->area_modulus) : json_null());
    json_object_set_new(out, "poisson", known ? res_number(m->poisson_x) : json_null());
    if (!t->known)
        return;
    json_object_set_new(out, "error_n_per_m", matrix_json(3, t->error, at, unit));
    json_object_set_new(out, "fit_rms_n_per_m", res_number(unit * t->rms));
    json_object_set_new(out, "stable", json_boolean(t->stable));
}

static void add_tensor(json_t *out, const elastic_job *job, const flow_elastic_result *r,
                       const flow_elastic_tensor *t)
{
    if (job->options.sheet)
        add_sheet(out, t);
    else
        add_bulk(out, t, &r->laue);
}

static void fill(screen_calc *calc, const elastic_job *job, const flow_elastic_result *r)
{
    json_t *out = calc->result, *residual = json_array(), *clamped = json_object();
    const int relaxed = job->options.relaxed_ions, sheet = job->options.sheet;
    const double unit = sheet ? DESC_HA_PER_BOHR2_N_PER_M : DFT_HA_PER_BOHR3_GPA;

    for (int i = 0; i < 6; i++)
        json_array_append_new(residual, res_number(unit * r->residual_stress[i]));
    json_object_set_new(out, "converged", json_boolean(r->converged));
    json_object_set_new(out, "message", json_string(r->message));
    json_object_set_new(out, "ions", json_string(relaxed ? "relaxed" : "clamped"));
    add_tensor(out, job, r, relaxed ? &r->relaxed : &r->clamped);
    if (relaxed) {
        add_tensor(clamped, job, r, &r->clamped);
        json_object_set(out, "clamped_ion", clamped);
    }
    json_decref(clamped);
    json_object_set_new(out, "ions_fixed_by_symmetry", json_boolean(r->ions_fixed_by_symmetry));
    json_object_set_new(out, "reference_relaxed", json_boolean(r->reference_relaxed));
    json_object_set_new(out, sheet ? "residual_stress_n_per_m" : "residual_stress_gpa", residual);
    json_object_set_new(out, sheet ? "pulay_stress_n_per_m" : "pulay_stress_gpa",
                        res_number(unit * r->pulay_stress));
    /* how much too large the cutoff makes them, estimated; not taken away */
    json_object_set_new(out, sheet ? "cutoff_error_c11_n_per_m" : "cutoff_error_c11_gpa",
                        res_number(3.0 * unit * r->basis_error));
    json_object_set_new(out, sheet ? "cutoff_error_c12_n_per_m" : "cutoff_error_c12_c44_gpa",
                        res_number(unit * r->basis_error));
    json_object_set_new(out, "amplitude", res_number(r->amplitude));
    json_object_set_new(out, "plane_waves", json_string(job->held ? "held" : "own"));
    json_object_set_new(out, "n_strain_patterns", json_integer(r->set.n));
    json_object_set_new(out, "n_planned", json_integer((json_int_t)r->n_planned));
    json_object_set_new(out, "n_used", json_integer((json_int_t)r->n_used));
    if (r->set.n > 0) {
        json_object_set_new(out, "laue_class", json_string(desc_laue_symbol(r->laue.laue)));
        json_object_set_new(out, "n_constants", json_integer(r->n_constants));
    }
}

/* ---- text ---- */

static void print_matrix(FILE *out, int n, const double m[6][6], const int *at, double unit)
{
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            fprintf(out, " %9.2f", unit * m[at[i]][at[j]] + 0.0);
        fputc('\n', out);
    }
}

static void print_tensor(FILE *out, const char *ions, int sheet, const flow_elastic_tensor *t)
{
    static const int bulk_at[6] = { 0, 1, 2, 3, 4, 5 }, sheet_at[3] = { 0, 1, 5 };
    const double gpa = DFT_HA_PER_BOHR3_GPA, n_per_m = DESC_HA_PER_BOHR2_N_PER_M;

    if (!t->known)
        return;
    fprintf(out, "%s-ion stiffness, %s:\n", ions, sheet ? "N/m (xx yy xy; x along a)"
                                                     : "GPa (xx yy zz yz xz xy, the file's axes)");
    if (sheet)
        print_matrix(out, 3, t->c, sheet_at, n_per_m);
    else
        print_matrix(out, 6, t->c, bulk_at, gpa);
    if (!t->has_moduli)
        fprintf(out, "  unstable: not every strain costs energy\n");
    else if (sheet)
        fprintf(out, "  Young %.2f to %.2f N/m, shear %.2f N/m, Poisson %.3f\n", n_per_m * t->sheet.young_least,
                n_per_m * t->sheet.young_greatest, n_per_m * t->sheet.shear, t->sheet.poisson_x);
    else
        fprintf(out, "  B %.2f  G %.2f  E %.2f GPa (Hill)  Poisson %.3f  B/G %.2f  anisotropy %.3f  fit rms "
                "%.2g GPa\n", gpa * t->moduli.bulk, gpa * t->moduli.shear, gpa * t->moduli.young,
                t->moduli.poisson, t->moduli.pugh, t->moduli.universal_anisotropy, gpa * t->rms);
}

/* What the cutoff does to the constants, with the remedy when it is much. */
static void print_cutoff(FILE *out, int sheet, const flow_elastic_result *r)
{
    const double unit = sheet ? DESC_HA_PER_BOHR2_N_PER_M : DFT_HA_PER_BOHR3_GPA;
    const double c11 = 3.0 * r->basis_error;

    if (!isfinite(c11) || !r->clamped.known)
        return;
    fprintf(out, "cutoff: Pulay stress %.3f %s; it makes C11 about %.2f and C12, C44 about %.2f too large (not "
            "taken away)%s\n", unit * r->pulay_stress, sheet ? "N/m" : "GPa", unit * c11,
            unit * r->basis_error,
            fabs(c11) > 0.03 * fabs(r->clamped.c[0][0]) ? ": raise --ecut-ev" : "");
}

static void print(const screen_calc *calc, const elastic_job *job, const flow_elastic_result *r)
{
    FILE *out = calc->app->out;
    const double gpa = DFT_HA_PER_BOHR3_GPA;

    if (!r->converged)
        fprintf(out, "not converged: %s\n", r->message);
    if (r->set.n == 0)
        return;
    fprintf(out, "Laue class %s, %d constants, %d strain%s, %zu of %zu stresses; residual stress %.3f %.3f "
            "%.3f %s\n", desc_laue_symbol(r->laue.laue), r->n_constants, r->set.n, r->set.n == 1 ? "" : "s",
            r->n_used, r->n_planned,
            (job->options.sheet ? DESC_HA_PER_BOHR2_N_PER_M : gpa) * r->residual_stress[0],
            (job->options.sheet ? DESC_HA_PER_BOHR2_N_PER_M : gpa) * r->residual_stress[1],
            (job->options.sheet ? DESC_HA_PER_BOHR2_N_PER_M : gpa) * r->residual_stress[2],
            job->options.sheet ? "N/m" : "GPa");
    print_cutoff(out, job->options.sheet, r);
    if (r->ions_fixed_by_symmetry)
        fprintf(out, "every atom is a centre of inversion: relaxed-ion and clamped-ion are one\n");
    else
        print_tensor(out, "clamped", job->options.sheet, &r->clamped);
    if (job->options.relaxed_ions || r->ions_fixed_by_symmetry)
        print_tensor(out, r->ions_fixed_by_symmetry ? "clamped- and relaxed" : "relaxed", job->options.sheet,
                     job->options.relaxed_ions ? &r->relaxed : &r->clamped);
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    elastic_job job = { NULL, { 0 }, 0 };
    flow_elastic_result result;
    flow_evaluator evaluator;
    flow_dftlite *engine = NULL;
    int periodic[3] = { 1, 1, 1 };
    dft_status status = read_job(calc, &job, err);

    periodic[2] = !job.options.sheet;
    if (status == DFT_OK && calc->dry_run) {
        status = screen_calc_estimate(calc, job.crystal, periodic, "2 to 12 strains", err);
    } else if (status == DFT_OK) {
        status = screen_calc_open(calc, job.crystal, periodic, &evaluator, &engine, err);
        if (status == DFT_OK && engine && job.held) {
            job.options.set_basis = screen_relax_set_basis;
            job.options.basis_context = engine;
        }
        if (status == DFT_OK)
            status = flow_elastic_run(job.crystal, &evaluator, &job.options, &result, err);
        if (status == DFT_OK) {
            fill(calc, &job, &result);
            print(calc, &job, &result);
            calc->code = result.converged ? 0 : result.ionic ? SCREEN_EXIT_IONIC : SCREEN_EXIT_SCF;
        }
    }
    dft_crystal_free(job.crystal);
    return status;
}

const screen_calc_kind screen_calc_elastic = {
    "elastic", "FILE|ID", "elastic constants of a crystal, in-plane stiffness of a sheet", 1, 1,
    sizeof options / sizeof *options, options, run
};
