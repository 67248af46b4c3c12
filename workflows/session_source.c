#include "workflows/session_source.h"

#include <string.h>

dft_status flow_session_source_open(flow_session_source *of, const int mesh[3], flow_evaluator *out,
                                    dft_error *err)
{
    size_t i = 0;

    while (i < FLOW_SOURCE_OPEN && of->driver[i].session)
        i++;
    if (i == FLOW_SOURCE_OPEN)
        return dft_fail(err, DFT_EINTERNAL, "more than %d evaluators at once", FLOW_SOURCE_OPEN);
    of->driver[i] = (flow_session_driver){ .session = of->session, .label = of->label, .n = of->n,
                                           .first_slot = i * FLOW_SOURCE_SLOTS };
    memcpy(of->driver[i].mesh, mesh, sizeof of->driver[i].mesh);
    *out = flow_session_evaluator(&of->driver[i]);
    return DFT_OK;
}

static dft_status open_cell(void *context, const dft_crystal *crystal, const int periodic[3],
                            flow_evaluator *out, dft_error *err)
{
    flow_session_source *of = context;
    const flow_spec *spec = of->session->spec;
    int flat[3];

    for (int i = 0; i < 3; i++)     /* the cell's own: a task of a surface needs its bulk as well */
        flat[i] = periodic && !periodic[i];
    const dft_scf_options scf = flow_protocol_scf_options(&spec->protocol, spec->ecut_ev, crystal->lattice,
                                                          flat);
    return flow_session_source_open(of, scf.kmesh, out, err);
}

/* What it followed is no start for the next cell. */
static void close_cell(void *context, flow_evaluator *evaluator)
{
    flow_session_source *of = context;
    flow_session_driver *driver = evaluator->context;

    for (size_t k = driver->first_slot; k < driver->first_slot + FLOW_SOURCE_SLOTS; k++) {
        of->session->calculator->free_result(of->session->last[k]);
        of->session->last[k] = NULL;
    }
    of->n = driver->n > of->n ? driver->n : of->n;
    driver->session = NULL;
}

flow_evaluator_source flow_session_source_of(flow_session_source *of)
{
    return (flow_evaluator_source){ open_cell, close_cell, of };
}
