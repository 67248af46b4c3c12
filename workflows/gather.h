/*
 * workflows/gather.h - numbers out of finished records, for workflows/assemble.h.
 */
#ifndef FLOW_GATHER_H
#define FLOW_GATHER_H

#include <jansson.h>
#include <stddef.h>

#include "descriptors/binding.h"
#include "dft-lite/base/status.h"
#include "workflows/assemble.h"

typedef struct {
    int recorded;                   /* there is a record */
    int done;                       /* ... whose numbers may be used */
    json_t *record;                 /* owned; NULL without one */
} flow_found;

void flow_gather_find(const flow_assemble_request *request, size_t task, flow_found *out);
void flow_found_clear(flow_found *found);

/* results[key] of a record that is done; NaN otherwise, and for what is not a number. */
double flow_found_number(const flow_found *found, const char *key);

typedef struct {
    double site_ev[FLOW_MAX_SITES]; /* binding per Li; NaN where it could not be had */
    size_t n_used;
    double li_coverage_ml;          /* NaN: unknown */
    desc_corrugation corrugation;   /* of site_ev */
} flow_binding;

/* Binding energies of a planned candidate.  Errors: DFT_EINPUT for infinite energies. */
dft_status flow_gather_binding(const flow_assemble_request *request,
                               const flow_candidate_plan *plan, flow_binding *out, dft_error *err);

/* Counts the candidate's tasks and those done; writes why the first that is not done is not, or "". */
void flow_gather_reason(const flow_assemble_request *request, const flow_candidate_plan *plan,
                        int *n_planned, int *n_done, char *reason, size_t size);

#endif
