#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/cells.h"
#include "dft-lite/base/units.h"
#include "workflows/task.h"

/* Tasks of one energy: the isolated atom, and whether a bulk conducts. */

static dft_status one_energy(flow_session *session, const dft_crystal *cell, const int mesh[3],
                             const char *label, flow_energy *energy, flow_task_result *out, dft_error *err)
{
    const dft_status status = flow_session_compute(session, cell, mesh, label, energy, err);

    if (status == DFT_OK && !energy->converged) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "%s did not converge: %.240s", label, energy->message);
    }
    return status;
}

/* What the session noted beside its last energy; NULL where the calculator knows nothing of it. */
static const json_t *noted(const flow_session *session, const char *key)
{
    return json_object_get(json_array_get(session->energies, json_array_size(session->energies) - 1), key);
}

dft_status flow_task_atom(flow_session *session, const char *run_dir, flow_task_result *out, dft_error *err)
{
    static const int gamma[3] = { 1, 1, 1 };
    const dft_crystal *box = session->spec->structure;
    flow_energy energy = { 0, NAN, "" };
    (void)run_dir;                  /* an atom builds on nothing */
    const dft_status status = one_energy(session, box, gamma, "the atom", &energy, out, err);

    if (status != DFT_OK)
        return status;
    json_object_set_new(out->results, "energy_ev_per_atom", res_number(energy.energy * DFT_HARTREE_EV));
    json_object_set_new(out->results, "box_ang", res_number(box->lattice[0][0] * DFT_BOHR_ANG));
    if (energy.converged && noted(session, "magnetic_moment"))
        json_object_set_new(out->results, "magnetic_moment",
                            json_deep_copy(noted(session, "magnetic_moment")));
    return DFT_OK;
}

/* A metal has the gap 0; eigenvalues of the task's own mesh. */
static void report_gap(const flow_session *session, flow_task_result *out)
{
    const json_t *gap = noted(session, "gap_ev"), *direct = noted(session, "direct_gap_ev");

    if (!json_is_number(gap)) {
        out->outcome = RES_FAILED;
        snprintf(out->reason, sizeof out->reason, "no empty band was computed, or the calculator has no "
                 "eigenvalues: whether it conducts is not known");
        return;
    }
    json_object_set_new(out->results, "conduction", json_string(json_number_value(gap) > 0.0 ? "insulator"
                                                                                             : "metal"));
    json_object_set_new(out->results, "gap_ev", json_deep_copy(gap));
    json_object_set_new(out->results, "direct_gap_ev", json_deep_copy(direct));
    json_object_set_new(out->results, "gap_of", json_string("eigenvalues on the k mesh; an upper bound of the "
                        "functional's gap, which is below the measured one"));
}

dft_status flow_task_conduction(flow_session *session, const char *run_dir, flow_task_result *out,
                                dft_error *err)
{
    const flow_spec *spec = session->spec;
    dft_crystal *crystal = NULL;
    flow_energy energy = { 0, NAN, "" };
    double scale = 1.0;
    dft_status status = flow_task_scale(spec, run_dir, &scale, err);
    const double factor[3] = { scale, scale, spec->sheet ? 1.0 : scale };

    if (status == DFT_OK)
        status = cand_crystal_scaled(spec->structure, factor, &crystal, err);
    if (status == DFT_OK)
        status = one_energy(session, crystal, NULL, "the energy at the lattice found", &energy, out, err);
    if (status == DFT_OK && energy.converged)
        report_gap(session, out);
    dft_crystal_free(crystal);
    return status;
}
