/*
 * workflows/graph.h - tasks and what each waits for.
 *
 * A task is one process's work and one record.  Its specification is canonical JSON (sorted keys,
 * compact, 17 digits) of everything that decides its result: structure, expanded protocol, checksums
 * of the atomic data, RES_PHYSICS_VERSION and the keys of the tasks it builds on.  The key is the
 * SHA-256 of that text, so equal work has equal keys and is done once.  Tasks are stored in an order
 * in which everything upstream comes first.
 */
#ifndef FLOW_GRAPH_H
#define FLOW_GRAPH_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define FLOW_MAX_UPSTREAM 4
#define FLOW_KEY_SIZE 65

/* What a task does; workflows/kinds.h has a row for each. */
typedef enum { FLOW_EOS, FLOW_SLAB, FLOW_SITE, FLOW_HOP, FLOW_ELASTIC, FLOW_RSLAB, FLOW_SPREAD,
               FLOW_SOLUTE, FLOW_ADHESION, FLOW_ATOM, FLOW_CONDUCTION, FLOW_N_KINDS } flow_kind;

typedef struct {
    char key[FLOW_KEY_SIZE];
    flow_kind kind;
    char subject[64];               /* what people call it: "Al_111", "Li_bcc" */
    char step[48];                  /* "eos", "slab", "site:fcc" */
    size_t n_upstream;
    size_t upstream[FLOW_MAX_UPSTREAM];     /* indices of earlier tasks */
    double cost_s;                  /* uncalibrated estimate, one thread */
    double memory_mib;              /* estimated peak */
    char *spec;                     /* owned, canonical JSON */
} flow_task;

typedef struct {
    size_t n_tasks, capacity;
    flow_task *task;                /* owned, [n_tasks] */
} flow_graph;

void flow_graph_init(flow_graph *graph);
void flow_graph_clear(flow_graph *graph);

/* Adds a task whose key is the hash of spec, or finds the one with that key, and writes its index.
 * task->spec is copied; task->key is ignored.  Errors: DFT_ENOMEM. */
dft_status flow_graph_add(flow_graph *graph, const flow_task *task, size_t *index, dft_error *err);

/* Index of a key, or n_tasks. */
size_t flow_graph_find(const flow_graph *graph, const char *key);

#endif
