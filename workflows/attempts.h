/*
 * workflows/attempts.h - one energy, tried until it converges or nothing is left to try.
 *
 * The first attempt is plain; each further one applies a remedy that the history of the one before
 * suggests (workflows/remedy.h).
 */
#ifndef FLOW_ATTEMPTS_H
#define FLOW_ATTEMPTS_H

#include <jansson.h>

#include "workflows/calculator.h"
#include "workflows/remedy.h"

typedef struct {                    /* everything borrowed */
    const flow_calculator *calculator;
    const flow_remedy_memory *memory;       /* NULL: nothing has been seen */
    flow_cell_class cell;
    int (*must_stop)(void *context);        /* NULL: never; asked between SCF steps */
    void *must_stop_context;
} flow_attempts;

/* The energy of a crystal from `start` (NULL: from scratch).  options' on_step hears of every step of
 * every attempt.  The caller owns *out, of the last attempt: it may be unconverged, or stopped.  tries is
 * an array that gets one object for each remedy (flow_remedy_json).  Errors: the calculator's, but for
 * DFT_ENUMERIC while there is a remedy left; DFT_ENOMEM. */
dft_status flow_attempts_run(const flow_attempts *attempts, const dft_crystal *crystal,
                             const dft_scf_options *options, const dft_scf_result *start,
                             dft_scf_result **out, json_t *tries, dft_error *err);

#endif
