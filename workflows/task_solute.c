#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/cells.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "workflows/session_source.h"
#include "workflows/solute.h"
#include "workflows/task.h"

/* One atom of another element in a supercell of the structure, at rest.  The solute's own energy is its
 * equation of state's.  The host's is that of its conventional cell on the folded mesh: the k points that the
 * supercell's mesh stands for there, and so the supercell's energy for a fiftieth of the work. */

static dft_status read_mu(const flow_spec *spec, const char *run_dir, double *mu, dft_error *err)
{
    const char *key = flow_spec_upstream(spec, "metal");
    json_t *record = NULL;
    const dft_status status = res_record_read(run_dir, key, &record, err);

    if (status != DFT_OK)
        return status;
    const json_t *value = json_object_get(json_object_get(record, "results"), "energy_ev_per_atom");
    *mu = json_is_number(value) ? json_number_value(value) / DFT_HARTREE_EV : NAN;
    json_decref(record);
    if (!isfinite(*mu))
        return dft_fail(err, DFT_EPARSE, "the record %s has no energy per atom; remove it and run the campaign "
                        "again", key);
    return DFT_OK;
}

static dft_status host_energy(flow_session_source *source, const dft_crystal *host, size_t most_atoms,
                              flow_task_result *out, double *mu, dft_error *err)
{
    double large[3][3];
    int copies[3], mesh[3];
    flow_evaluator evaluator;
    flow_evaluation found = { 0 };

    flow_solute_copies(host, most_atoms, copies);
    for (int i = 0; i < 9; i++)
        large[i / 3][i % 3] = copies[i / 3] * host->lattice[i / 3][i % 3];
    const dft_scf_options scf = flow_spec_scf_options(source->session->spec, (const double (*)[3])large,
                                                      NULL);
    for (int i = 0; i < 3; i++)
        mesh[i] = copies[i] * scf.kmesh[i];
    dft_status status = flow_session_source_open(source, mesh, &evaluator, err);
    if (status != DFT_OK)
        return status;
    status = evaluator.evaluate(evaluator.context, host, 0, 0, &found, err);
    flow_session_source_of(source).close(source, &evaluator);
    *mu = found.converged ? found.energy / (double)host->n_atoms : NAN;
    if (status == DFT_OK && !found.converged) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "the host's energy did not converge: %.240s", found.message);
    }
    return status;
}

static void report(const flow_spec *spec, const flow_solute_result *found, flow_task_result *out)
{
    const double ev = DFT_HARTREE_EV;
    json_t *r = out->results;

    json_object_set_new(r, "host", json_string(dft_element_symbol(spec->structure->z[0])));
    json_object_set_new(r, "solute", json_string(spec->place));
    json_object_set_new(r, "mu_host_ev", res_number(ev * found->mu_host));
    json_object_set_new(r, "mu_solute_ev", res_number(ev * found->mu_metal));
    json_object_set_new(r, "relaxation", json_string("positions, in the host's cell"));
    json_object_set_new(r, "n_planned", json_integer((json_int_t)found->n_planned + 1));
    json_object_set_new(r, "n_used", json_integer((json_int_t)found->n_used + 1));
    json_object_set_new(r, "solution_energy_ev", res_number(ev * found->m_in_li.value));
    if (!found->m_in_li.known) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "%.300s", found->message);
        return;
    }
    json_object_set_new(r, "n_sites", json_integer((json_int_t)found->m_in_li.n_atoms));
    json_object_set_new(r, "separation_ang", res_number(found->m_in_li.separation * DFT_BOHR_ANG));
}

static dft_status dissolve(flow_session_source *source, const dft_crystal *host, const dft_crystal *solute,
                           const flow_solute_options *options, flow_task_result *out, dft_error *err)
{
    const flow_evaluator_source cells = flow_session_source_of(source);
    flow_solute_result found;
    const dft_status status = flow_solute_run(host, solute, &cells, options, &found, err);

    if (status == DFT_OK)
        report(source->session->spec, &found, out);
    if (status == DFT_OK)
        flow_solute_clear(&found);
    return status;
}

dft_status flow_task_solute(flow_session *session, const char *run_dir, flow_task_result *out,
                            dft_error *err)
{
    static const double origin[1][3] = { { 0.0, 0.0, 0.0 } };
    const flow_spec *spec = session->spec;
    const int z = dft_element_number(spec->place);
    flow_session_source source = { .session = session, .label = "solution, step" };
    flow_solute_options options = flow_solute_defaults();
    dft_crystal *host = NULL, *solute = NULL;
    double scale = 1.0;
    dft_status status = flow_task_scale(spec, run_dir, &scale, err);
    const double factor[3] = { scale, scale, scale };

    options.most_atoms = (size_t)spec->protocol.solute_atoms;
    options.in_metal = options.vacancy = 0;
    options.settle.force_limit = spec->protocol.force_limit_ev_per_ang / DFT_HARTREE_EV * DFT_BOHR_ANG;
    options.settle.max_steps = spec->protocol.max_ionic_steps;
    if (status == DFT_OK && z == 0)
        status = dft_fail(err, DFT_EINPUT, "'%.20s' is no element to dissolve", spec->place);
    if (status == DFT_OK)
        status = read_mu(spec, run_dir, &options.mu_metal, err);
    if (status == DFT_OK)
        status = cand_crystal_scaled(spec->structure, factor, &host, err);
    if (status == DFT_OK)           /* its energy is known: this only names the element */
        status = dft_crystal_create((const double (*)[3])host->lattice, 1, &z, origin, &solute, err);
    if (status == DFT_OK)
        status = host_energy(&source, host, options.most_atoms, out, &options.mu_host, err);
    if (status == DFT_OK && out->outcome == RES_DONE)
        status = dissolve(&source, host, solute, &options, out, err);
    dft_crystal_free(solute);
    dft_crystal_free(host);
    return status;
}
