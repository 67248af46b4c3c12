/*
 * workflows/session.h - the energies that one task computes, one after another.
 *
 * Each starts from the one before, which saves iterations and changes no converged number.  An energy
 * that does not converge is tried again with what its history suggests (workflows/remedy.h), never twice
 * in the same way.  Everything is kept as the record will show it.
 *
 * Stopping: when must_stop says so between two SCF steps, the energy in progress is given up, `stopped`
 * is set, and what is finished can be kept (flow_session_save): the finished energies and the state that
 * the next one starts from.  The same task begun again (flow_session_resume) asks for the same energies in
 * the same order, gets the finished ones back (to rounding), and computes from there on: drivers need to
 * know nothing of it.
 */
#ifndef FLOW_SESSION_H
#define FLOW_SESSION_H

#include <jansson.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/calculator.h"
#include "workflows/remedy.h"
#include "workflows/spec.h"

typedef struct {
    const flow_spec *spec;          /* borrowed */
    const flow_calculator *calculator;      /* borrowed */
    const flow_remedy_memory *memory;       /* borrowed; NULL: nothing has been seen */
    const char *data_path;          /* NULL: the engine's default */
    void (*on_step)(const dft_scf_step *step, void *context);       /* NULL: silent */
    void (*on_energy)(const char *label, const dft_scf_result *result, void *context);
    int (*must_stop)(void *context);        /* NULL: never */
    void *context;

    json_t *energies;               /* owned array, as in results/record.h */
    json_t *finished;               /* owned array: energies of an earlier process still to be asked for */
    size_t n_replayed;
    dft_scf_result *last;           /* owned: the start of the next */
    double peak_rss_mib;
    int stopped;                    /* 1: given up on request; nothing is to be recorded */
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
 * DFT_ENOMEM; DFT_EINTERNAL with session->stopped set when it was stopped. */
dft_status flow_session_compute(flow_session *session, const dft_crystal *crystal,
                                const int mesh[3], const char *label, flow_energy *out,
                                dft_error *err);

/* Writes RUN/checkpoints/KEY.json and, where there is a state, KEY.state.  Errors: DFT_EIO, DFT_ENOMEM. */
dft_status flow_session_save(const flow_session *session, const char *run_dir, const char *key,
                             dft_error *err);

/* Takes up what flow_session_save left, if anything; what is damaged counts as nothing. */
void flow_session_resume(flow_session *session, const char *run_dir, const char *key);

/* Removes what flow_session_save left. */
void flow_session_forget(const char *run_dir, const char *key);

#endif
