/*
 * workflows/kinds.h - the kinds of tasks: one row of a table and one file each.
 *
 * All that plan, specification, task and program must know of a kind to carry it: which tasks it builds
 * on, what its specification says beyond structure and protocol, and who does the work.  A new kind is a
 * name in flow_kind (graph.h), a row in kinds.c, a file task_NAME.c, and a place in the plan.
 */
#ifndef FLOW_KINDS_H
#define FLOW_KINDS_H

#include "workflows/graph.h"
#include "workflows/session.h"
#include "workflows/task.h"

/* Groups of protocol fields that only some kinds use (spec.c says which fields). */
#define FLOW_FIELDS_HOP 1u
#define FLOW_FIELDS_ELASTIC 2u
#define FLOW_FIELDS_IONIC 4u
#define FLOW_FIELDS_ADATOM 8u
#define FLOW_FIELDS_SPREAD 16u
#define FLOW_FIELDS_SOLUTE 32u
#define FLOW_FIELDS_INTERFACE 64u

typedef struct flow_kind_entry {
    const char *name;               /* "site": task_kind of specification and record */
    int surface;                    /* 1: has a face: "surface", and one k point along its normal */
    int shared;                     /* 1: of a crystal, not of a candidate */
    int spin;                       /* 1: collinear spin, by Hund's first rule */
    const char *place;              /* what "fcc:Ag3" is called in the specification; NULL: no place */
    const char *upstream[FLOW_MAX_UPSTREAM];    /* roles of the tasks it builds on, then NULL */
    int partner;                    /* 1: a second crystal, spec.h's partner */
    unsigned fields;                /* groups of protocol fields that decide its result */
    const char *headline, *letter, *unit;       /* results[headline] in progress lines: "E", "eV" */
    /* The work.  session is fresh; run_dir for records upstream; out->results is an object to fill. */
    dft_status (*run)(flow_session *session, const char *run_dir, flow_task_result *out,
                      dft_error *err);
} flow_kind_entry;

const flow_kind_entry *flow_kind_of(flow_kind kind);
const char *flow_kind_name(flow_kind kind);         /* "eos", "slab", "site", ... */

#endif
