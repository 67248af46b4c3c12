#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/library.h"
#include "dft-lite/base/units.h"
#include "workflows/elastic.h"
#include "workflows/task.h"

/*
 * The elastic tensor of a crystal or sheet at the equilibrium of its equation of state: stresses under
 * strain (workflows/elastic.h), all on one mesh and one set of plane waves.
 */

#define N_PER_M (DFT_HA_PER_BOHR3_GPA * DFT_BOHR_ANG * 0.1)      /* of 1 Ha/bohr^2: 1 GPa A = 0.1 N/m */

static json_t *matrix(const double c[6][6], int sheet, double unit)
{
    static const int in_plane[3] = { 0, 1, 5 };
    const int n = sheet ? 3 : 6;
    json_t *rows = json_array();

    for (int i = 0; i < n; i++) {
        json_t *row = json_array();
        for (int j = 0; j < n; j++)
            json_array_append_new(row, res_number(unit * (sheet ? c[in_plane[i]][in_plane[j]]
                                                                : c[i][j])));
        json_array_append_new(rows, row);
    }
    return rows;
}

static void report_solid(json_t *r, const flow_elastic_tensor *t)
{
    const double gpa = DFT_HA_PER_BOHR3_GPA;

    json_object_set_new(r, "c_gpa", matrix(t->standard, 0, gpa));
    if (!t->has_moduli)
        return;
    json_object_set_new(r, "bulk_modulus_gpa", res_number(gpa * t->moduli.bulk));
    json_object_set_new(r, "shear_modulus_gpa", res_number(gpa * t->moduli.shear));
    json_object_set_new(r, "young_modulus_gpa", res_number(gpa * t->moduli.young));
    json_object_set_new(r, "poisson", res_number(t->moduli.poisson));
    json_object_set_new(r, "pugh", res_number(t->moduli.pugh));
    json_object_set_new(r, "c44_gpa", res_number(gpa * t->standard[3][3]));
}

static void report_sheet(json_t *r, const flow_elastic_tensor *t)
{
    json_object_set_new(r, "c_n_per_m", matrix(t->standard, 1, N_PER_M));
    if (!t->has_moduli)
        return;
    json_object_set_new(r, "in_plane_stiffness_n_per_m", res_number(N_PER_M * t->sheet.young_least));
    json_object_set_new(r, "poisson", res_number(t->sheet.poisson_x));
}

static void report(const flow_spec *spec, const flow_elastic_result *found, flow_task_result *out)
{
    const int relaxed = found->relaxed.known;
    const flow_elastic_tensor *t = relaxed ? &found->relaxed : &found->clamped;
    json_t *r = out->results;

    json_object_set_new(r, "laue_class", json_string(desc_laue_symbol(found->laue.laue)));
    json_object_set_new(r, "n_constants", json_integer(found->n_constants));
    json_object_set_new(r, "ions", json_string(found->ions_fixed_by_symmetry ? "fixed by symmetry"
                                               : relaxed ? "relaxed-ion" : "clamped-ion"));
    json_object_set_new(r, "strain", res_number(found->amplitude));
    json_object_set_new(r, "n_planned", json_integer((json_int_t)found->n_planned));
    json_object_set_new(r, "n_used", json_integer((json_int_t)found->n_used));
    if (!found->converged)
        return;
    json_object_set_new(r, "stable", json_boolean(t->stable));
    if (spec->sheet)
        report_sheet(r, t);
    else
        report_solid(r, t);
}

dft_status flow_task_elastic(flow_session *session, const char *run_dir, flow_task_result *out,
                             dft_error *err)
{
    const flow_spec *spec = session->spec;
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result found;
    dft_crystal *crystal = NULL;
    double scale = 1.0;
    dft_status status = flow_task_scale(spec, run_dir, &scale, err);
    const double factor[3] = { scale, scale, spec->sheet ? 1.0 : scale };

    if (status == DFT_OK)
        status = cand_crystal_scaled(spec->structure, factor, &crystal, err);
    if (status != DFT_OK)
        return status;
    const dft_scf_options scf = flow_spec_scf_options(spec, crystal->lattice, NULL);
    /* Each strained cell has its own plane waves: a held set adds the second derivative of the cutoff's
     * error, a fifth of C11 for copper at 450 eV (descriptors are differences of stresses, which scatter
     * by 1-2 % instead). */
    flow_session_driver driver = { .session = session, .basis = NULL, .label = "strain" };
    memcpy(driver.mesh, scf.kmesh, sizeof driver.mesh);
    const flow_evaluator evaluator = flow_session_evaluator(&driver);
    options.amplitude = spec->protocol.elastic_strain;
    options.relaxed_ions = spec->protocol.elastic_relaxed_ions;
    options.sheet = spec->sheet;
    options.settle.force_limit = spec->protocol.force_limit_ev_per_ang / DFT_HARTREE_EV * DFT_BOHR_ANG;
    options.settle.max_steps = spec->protocol.max_ionic_steps;
    status = flow_elastic_run(crystal, &evaluator, &options, &found, err);
    if (status == DFT_OK) {
        report(spec, &found, out);
        if (!found.converged) {
            out->outcome = RES_UNCONVERGED;
            snprintf(out->reason, sizeof out->reason, "%.300s", found.message);
        }
    }
    dft_crystal_free(crystal);
    return status;
}
