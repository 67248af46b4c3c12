/*
 * workflows/session.h - the energies that one task computes, one after another.
 *
 * Each starts from the one before, which saves iterations and changes no converged number.  An energy
 * that does not converge from there is tried once more from scratch.  Everything is kept as the
 * record will show it.
 */
#ifndef FLOW_SESSION_H
#define FLOW_SESSION_H

#include <jansson.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/calculator.h"
#include "workflows/spec.h"

typedef struct {
    const flow_spec *spec;          /* borrowed */
    const flow_calculator *calculator;      /* borrowed */
    const char *data_path;          /* NULL: the engine's default */
    void (*on_step)(const dft_scf_step *step, void *context);       /* NULL: silent */
    void (*on_energy)(const char *label, const dft_scf_result *result, void *context);
    void *context;

    json_t *energies;               /* owned array, as in results/record.h */
    dft_scf_result *last;           /* owned: the start of the next */
    double peak_rss_mib;
} flow_session;

typedef struct {
    int converged;
    double energy;                  /* Ha, zero width; NaN unless converged */
    char message[256];              /* why not converged */
} flow_energy;

/* Errors: DFT_ENOMEM. */
dft_status flow_session_init(flow_session *session, const flow_spec *spec,
                             const flow_calculator *calculator, dft_error *err);
void flow_session_clear(flow_session *session);

/* The energy of a crystal with the specification's settings on `mesh` (NULL: from the spacing).
 * Errors: the calculator's; DFT_EINPUT when a data set differs from the one in the specification;
 * DFT_ENOMEM. */
dft_status flow_session_compute(flow_session *session, const dft_crystal *crystal,
                                const int mesh[3], const char *label, flow_energy *out,
                                dft_error *err);

#endif
