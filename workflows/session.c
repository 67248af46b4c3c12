#include "workflows/session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "results/record.h"
#include "workflows/kinds.h"

dft_status flow_session_init(flow_session *session, const flow_spec *spec,
                             const flow_calculator *calculator, dft_error *err)
{
    *session = (flow_session){ .spec = spec, .calculator = calculator, .energies = json_array() };
    if (!session->energies)
        return dft_fail(err, DFT_ENOMEM, "no memory for a list of energies");
    return DFT_OK;
}

void flow_session_clear(flow_session *session)
{
    json_decref(session->energies);
    session->calculator->free_result(session->last);
    session->energies = NULL;
    session->last = NULL;
}

/* A data set replaced between planning and computing would put a number under the wrong key. */
static dft_status check_data_sets(const flow_session *session, const dft_scf_result *result,
                                  dft_error *err)
{
    const flow_data_sets *planned = &session->spec->data_sets;

    for (size_t i = 0; i < result->n_data; i++) {
        int known = 0;
        for (size_t j = 0; j < planned->n; j++)
            known |= strcmp(planned->item[j].set.sha256, result->data[i].sha256) == 0;
        if (!known)
            return dft_fail(err, DFT_EINPUT, "the data set %s is not the one that was planned with "
                            "(its checksum changed); run the campaign again",
                            result->data[i].name);
    }
    return DFT_OK;
}

static json_t *describe(const dft_crystal *crystal, int sheet, const dft_scf_options *options,
                        const dft_scf_result *r, const char *label)
{
    const bool pbc[3] = { true, true, !sheet };

    return json_pack("{s:s, s:o, s:o, s:b, s:i, s:[iii], s:I, s:o, s:I, s:o, s:o, s:I, s:I, s:o}",
                     "label", label,
                     "energy_ev", res_number(r->energy * DFT_HARTREE_EV),
                     "free_energy_ev", res_number(r->free_energy * DFT_HARTREE_EV),
                     "converged", r->converged,
                     "scf_iterations", r->scf_iterations,
                     "kmesh", options->kmesh[0], options->kmesh[1], options->kmesh[2],
                     "n_k_irreducible", (json_int_t)r->n_k,
                     "ecut_ev", res_number(options->ecut * DFT_HARTREE_EV),
                     "n_atoms", (json_int_t)crystal->n_atoms,
                     "wall_s", res_number(r->wall_s),
                     "energy_change_ev", res_number(r->energy_change * DFT_HARTREE_EV),
                     "n_bands", (json_int_t)r->n_bands,
                     "n_plane_waves", (json_int_t)r->n_plane_waves,
                     "structure", res_structure(label, crystal, pbc));
}

/* From the last result, and once more from scratch when that does not converge. */
static dft_status compute(flow_session *session, const dft_crystal *crystal,
                          const dft_scf_options *options, dft_scf_result **out, dft_error *err)
{
    const flow_calculator *calculator = session->calculator;
    dft_status status = calculator->compute(calculator->context, crystal, options, session->last,
                                            out, err);

    if (status == DFT_OK && !(*out)->converged && session->last) {
        calculator->free_result(*out);
        status = calculator->compute(calculator->context, crystal, options, NULL, out, err);
    }
    return status;
}

dft_status flow_session_compute(flow_session *session, const dft_crystal *crystal,
                                const int mesh[3], const char *label, flow_energy *out,
                                dft_error *err)
{
    const int sheet = session->spec->sheet || flow_kind_of(session->spec->kind)->surface;
    dft_scf_options options = flow_spec_scf_options(session->spec, crystal->lattice,
                                                    session->data_path);
    dft_scf_result *result = NULL;
    dft_status status = DFT_OK;

    if (mesh)
        memcpy(options.kmesh, mesh, sizeof options.kmesh);
    options.on_step = session->on_step;
    options.on_step_context = session->context;
    status = compute(session, crystal, &options, &result, err);
    if (status == DFT_OK)
        status = check_data_sets(session, result, err);
    if (status != DFT_OK) {
        session->calculator->free_result(result);
        return status;
    }
    if (json_array_append_new(session->energies,
                              describe(crystal, sheet, &options, result, label)) != 0) {
        session->calculator->free_result(result);
        return dft_fail(err, DFT_ENOMEM, "no memory for the energy of %s", label);
    }
    if (session->on_energy)
        session->on_energy(label, result, session->context);
    *out = (flow_energy){ result->converged, result->converged ? result->energy : NAN, "" };
    snprintf(out->message, sizeof out->message, "%s", result->message);
    if (result->peak_rss_mib > session->peak_rss_mib)
        session->peak_rss_mib = result->peak_rss_mib;
    session->calculator->free_result(session->last);
    session->last = NULL;
    if (result->converged)          /* a bad state is a bad start */
        session->last = result;
    else
        session->calculator->free_result(result);
    return DFT_OK;
}
