/*
 * workflows/session_source.h - a task's session as a source of evaluators (workflows/evaluator_source.h).
 *
 * For drivers that need several cells: each evaluator has the k mesh of the specification's spacing on its
 * cell, one point along axes without repeat, and shares everything else with the rest of the task.  Every
 * evaluation is an energy of the record, with remedies, stopping and going on as in session.h.
 */
#ifndef FLOW_SESSION_SOURCE_H
#define FLOW_SESSION_SOURCE_H

#include "workflows/evaluator_source.h"
#include "workflows/session.h"

#define FLOW_SOURCE_OPEN 4          /* evaluators open at once */
#define FLOW_SOURCE_SLOTS (FLOW_MAX_SLOTS / FLOW_SOURCE_OPEN)   /* geometries that each follows */

typedef struct {
    flow_session *session;          /* borrowed */
    const char *label;              /* borrowed; in front of the evaluation's number */
    size_t n;                       /* evaluations of those that are closed */
    flow_session_driver driver[FLOW_SOURCE_OPEN];   /* session NULL: free */
} flow_session_source;

/* Everything borrowed, *of too.  Opening more than FLOW_SOURCE_OPEN at once is DFT_EINTERNAL. */
flow_evaluator_source flow_session_source_of(flow_session_source *of);

/* An evaluator with a mesh of the caller's.  Given back like any other.  Errors: as above. */
dft_status flow_session_source_open(flow_session_source *of, const int mesh[3], flow_evaluator *out,
                                    dft_error *err);

#endif
