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
 * the same order, gets the finished ones back to the last bit, and computes from there on: drivers need to
 * know nothing of it.
 */
#ifndef FLOW_SESSION_H
#define FLOW_SESSION_H

#include <jansson.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/calculator.h"
#include "workflows/evaluator.h"
#include "workflows/remedy.h"
#include "workflows/spec.h"

#define FLOW_MAX_SLOTS 16           /* geometries followed at once; of others each starts from scratch */

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
    dft_scf_result *last[FLOW_MAX_SLOTS];   /* owned: the start of the next, for each geometry followed */
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

/* The session as an evaluator for drivers: every evaluation is an energy of the record, with remedies,
 * stopping and going on as above.  Everything in *of is the caller's to fill and must outlive the
 * evaluator. */
typedef struct {
    flow_session *session;
    int mesh[3];                    /* of all evaluations: energies compare only on one mesh */
    const double (*basis)[3];       /* the lattice whose plane waves serve all cells; NULL: each its own */
    const char *label;              /* in front of the evaluation's number */
    size_t n;                       /* evaluations so far */
    size_t first_slot;              /* of the session; the evaluator's slots count from there */
} flow_session_driver;

flow_evaluator flow_session_evaluator(flow_session_driver *of);

/* Writes RUN/checkpoints/KEY.json and the states KEY.state0, ....  Errors: DFT_EIO, DFT_ENOMEM. */
dft_status flow_session_save(const flow_session *session, const char *run_dir, const char *key,
                             dft_error *err);

/* Takes up what flow_session_save left, if anything; what is damaged counts as nothing. */
void flow_session_resume(flow_session *session, const char *run_dir, const char *key);

/* Takes out of the energies what only going on needs: before they are recorded. */
void flow_session_strip(flow_session *session);

/* Removes what flow_session_save left. */
void flow_session_forget(const char *run_dir, const char *key);

#endif
