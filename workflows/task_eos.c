#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/eos.h"
#include "dft-lite/base/units.h"
#include "workflows/eos_scan.h"
#include "workflows/task.h"

typedef struct {
    flow_session *session;
    flow_task_result *out;
    int mesh[3];
} eos_task;

static dft_status choose_mesh(void *context, const dft_crystal *smallest, int *again, dft_error *err)
{
    eos_task *self = context;
    const dft_scf_options options = flow_spec_scf_options(self->session->spec, smallest->lattice, NULL);
    (void)err;

    *again = memcmp(self->mesh, options.kmesh, sizeof self->mesh) != 0;
    memcpy(self->mesh, options.kmesh, sizeof self->mesh);
    return DFT_OK;
}

static dft_status one_energy(void *context, const dft_crystal *cell, const char *label, double *out,
                             dft_error *err)
{
    eos_task *self = context;
    flow_energy energy = { 0, NAN, "" };
    const dft_status status = flow_session_compute(self->session, cell, self->mesh, label, &energy, err);

    *out = energy.energy;
    if (status == DFT_OK && !energy.converged) {
        self->out->outcome = RES_UNCONVERGED;
        snprintf(self->out->reason, sizeof self->out->reason, "the energy at %.60s did not converge: "
                 "%.200s", label, energy.message);
    }
    return status;
}

static void report(const flow_spec *spec, const flow_eos_fit *fit, flow_task_result *out)
{
    const double n_atoms = (double)spec->structure->n_atoms;
    const double a2 = DFT_BOHR_ANG * DFT_BOHR_ANG;
    json_t *r = out->results;

    json_object_set_new(r, "scale", res_number(fit->scale));
    json_object_set_new(r, "energy_ev_per_atom", res_number(fit->energy * DFT_HARTREE_EV / n_atoms));
    json_object_set_new(r, "rms_mev_per_atom",
                        res_number(1e3 * fit->rms * DFT_HARTREE_EV / n_atoms));
    json_object_set_new(r, "modulus_prime", res_number(fit->prime));
    if (spec->sheet) {
        json_object_set_new(r, "area_ang2", res_number(fit->size * a2));
        json_object_set_new(r, "layer_modulus_n_per_m",
                            res_number(fit->modulus * DESC_HA_PER_BOHR2_N_PER_M));
    } else {
        json_object_set_new(r, "volume_ang3_per_atom",
                            res_number(fit->size * a2 * DFT_BOHR_ANG / n_atoms));
        json_object_set_new(r, "bulk_modulus_gpa",
                            res_number(fit->modulus * DESC_HA_PER_BOHR3_GPA));
    }
}

static void report_scan(const flow_spec *spec, const flow_eos_fit *fit, flow_task_result *out)
{
    json_object_set_new(out->results, "constraint", json_string(spec->sheet
        ? "in-plane scaling; thickness and vacuum fixed, atoms not relaxed"
        : "isotropic scaling: c/a and internal parameters as in the library, not relaxed"));
    json_object_set_new(out->results, "n_planned", json_integer(spec->protocol.eos_points));
    json_object_set_new(out->results, "n_used", json_integer((json_int_t)fit->n));
}

dft_status flow_task_eos(flow_session *session, const char *run_dir, flow_task_result *out,
                         dft_error *err)
{
    const flow_spec *spec = session->spec;
    eos_task self = { .session = session, .out = out };
    const flow_eos_scan scan = { .structure = spec->structure, .sheet = spec->sheet,
                                 .centre_scale = spec->scan_centre,
                                 .n_points = spec->protocol.eos_points,
                                 .max_points = spec->protocol.max_eos_points,
                                 .half_width = spec->protocol.eos_strain, .begin = choose_mesh,
                                 .energy = one_energy, .context = &self };
    flow_eos_fit fit;
    (void)run_dir;                  /* an equation of state builds on nothing */
    const dft_status status = flow_eos_scan_run(&scan, &fit, err);

    if (status != DFT_OK)
        return status;
    report_scan(spec, &fit, out);
    if (fit.inside)
        report(spec, &fit, out);
    else if (out->outcome == RES_DONE) {
        out->outcome = RES_FAILED;
        snprintf(out->reason, sizeof out->reason, "no minimum inside the %zu volumes from %.1f to "
                 "%.1f %% of the starting one", fit.n, 100.0 * fit.sizes[0] / fit.centre,
                 100.0 * fit.sizes[fit.n - 1] / fit.centre);
    }
    return DFT_OK;
}
