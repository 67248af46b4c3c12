#include "workflows/attempts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define WIDER 3.0                   /* times the width, and then its square root on the way back */
#define MORE_BANDS 1.25

typedef struct {
    const flow_attempts *with;
    const dft_crystal *crystal;
    const dft_scf_options *asked;   /* with the caller's on_step */
    flow_history *history;          /* owned: of the attempt that runs */
} trial;

static void note_step(const dft_scf_step *step, void *context)
{
    trial *t = context;

    flow_history_add(t->history, step);
    if (t->asked->on_step)
        t->asked->on_step(step, t->asked->on_step_context);
}

static int between_steps(const dft_scf_state *state, void *context)
{
    const trial *t = context;

    (void)state;
    return t->with->must_stop && t->with->must_stop(t->with->must_stop_context);
}

/* One run of the calculator.  A calculation that broke down is an attempt whose history is no number. */
static dft_status run_once(trial *t, const dft_scf_options *changed, const dft_scf_result *start,
                           dft_scf_result **out, dft_error *err)
{
    const flow_calculator *calculator = t->with->calculator;
    dft_scf_options options = *changed;

    t->history->n = 0;
    options.on_step = note_step;
    options.on_step_context = t;
    options.between_steps = between_steps;
    options.between_steps_context = t;
    *out = NULL;
    const dft_status status = calculator->compute(calculator->context, t->crystal, &options, start,
                                                  out, err);
    if (status == DFT_ENUMERIC)
        flow_history_add(t->history, &(dft_scf_step){ .density_error = NAN, .eigen_error = NAN });
    return status;
}

/* Up and back down: each width starts from the one before; the last is the one asked for. */
static dft_status run_wide(trial *t, dft_scf_result **out, dft_error *err)
{
    const double factors[3] = { WIDER, sqrt(WIDER), 1.0 };
    const flow_calculator *calculator = t->with->calculator;
    dft_scf_result *last = NULL;
    dft_status status = DFT_OK;

    for (int i = 0; i < 3 && status == DFT_OK; i++) {
        dft_scf_options options = *t->asked;
        dft_scf_result *next = NULL;
        options.width *= factors[i];
        status = run_once(t, &options, last, &next, err);
        calculator->free_result(last);
        last = next;
        if (status == DFT_OK && (last->stopped || (!last->converged && i < 2)))
            break;                  /* not even so: its history says why */
    }
    *out = last;
    return status;
}

static dft_status run_remedy(trial *t, flow_remedy remedy, const dft_scf_result *failed,
                             dft_scf_result **out, dft_error *err)
{
    dft_scf_options options = *t->asked;

    if (remedy == FLOW_WIDE_SMEARING)
        return run_wide(t, out, err);
    if (remedy == FLOW_MORE_STEPS) {
        options.max_iterations *= 2;
        return run_once(t, &options, failed, out, err);
    }
    if (remedy == FLOW_MORE_BANDS && failed)
        options.n_bands = (int)ceil(MORE_BANDS * (double)failed->n_bands);
    return run_once(t, &options, NULL, out, err);
}

static int is_settled(dft_status status, const dft_scf_result *result)
{
    return status == DFT_OK ? result->converged || result->stopped : status != DFT_ENUMERIC;
}

static dft_status try_remedies(trial *t, int had_start, dft_scf_result **out, json_t *tries,
                               dft_status status, dft_error *err)
{
    static const flow_remedy_memory nothing_seen;
    const flow_attempts *with = t->with;
    const int fixed = t->asked->smearing == DFT_SMEARING_FIXED;
    int used[FLOW_N_REMEDIES] = { 0 };

    while (!is_settled(status, *out)) {
        const flow_symptom symptom = flow_history_symptom(t->history);
        flow_remedy remedy;
        dft_scf_result *next = NULL;
        if (!flow_remedy_choose(with->memory ? with->memory : &nothing_seen, with->cell, symptom, used,
                                had_start, fixed, &remedy))
            break;
        used[remedy] = 1;
        status = run_remedy(t, remedy, *out, &next, err);
        with->calculator->free_result(*out);
        *out = next;
        had_start = remedy == FLOW_MORE_STEPS && had_start;
        if (status == DFT_OK && next->stopped)
            break;
        if (json_array_append_new(tries, flow_remedy_json(with->cell, symptom, remedy,
                                                          status == DFT_OK && next->converged)) != 0)
            return dft_fail(err, DFT_ENOMEM, "no memory for the remedies of an energy");
    }
    return status;
}

dft_status flow_attempts_run(const flow_attempts *attempts, const dft_crystal *crystal,
                             const dft_scf_options *options, const dft_scf_result *start,
                             dft_scf_result **out, json_t *tries, dft_error *err)
{
    trial t = { attempts, crystal, options, dft_alloc(1, sizeof *t.history) };
    dft_status status = DFT_OK;

    *out = NULL;
    if (!t.history)
        return dft_fail(err, DFT_ENOMEM, "no memory for the history of an energy");
    status = run_once(&t, options, start, out, err);
    status = try_remedies(&t, start != NULL, out, tries, status, err);
    free(t.history);
    if (status != DFT_OK) {
        attempts->calculator->free_result(*out);
        *out = NULL;
    }
    return status;
}
