/*
 * workflows/plan.h - from candidates and a protocol to tasks.
 *
 * For each candidate: an equation of state of its crystal (`eos`); the clean slab at the lattice
 * constant found (`slab`); Li at each distinct site of that slab (`site:LABEL`); on demand Li between
 * neighbouring sites (`hop:LABEL>LABEL`).  With the protocol's `relax`: `rslab` and `spread` in place of these.
 * On demand `elastic`, `conduction`, `atom`, `adhesion`, `solute`.  And for each cutoff in use an equation of
 * state of bcc Li, whose minimum per atom is mu(Li): what is subtracted is computed at the same cutoff.  A
 * candidate that cannot be planned keeps its reason and costs nothing; so does one whose surface cell
 * gives the coverage that is not ranked (workflows/coverage.h).
 */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include <stddef.h>

#include "candidates/catalog.h"
#include "candidates/hops.h"
#include "candidates/library.h"
#include "descriptors/phase_data.h"
#include "dft-lite/base/status.h"
#include "workflows/calculator.h"
#include "workflows/coverage.h"
#include "workflows/graph.h"
#include "workflows/protocol.h"

#define FLOW_NO_TASK ((size_t)-1)
#define FLOW_MAX_SITES 24
#define FLOW_MAX_HOPS 48
#define FLOW_MAX_ELEMENTS 6
#define FLOW_MAX_PHASES 12
#define FLOW_MAX_TASKS 96           /* of one candidate */

/* A solute of bcc lithium and the energies that its solubility is judged by. */
typedef struct {
    size_t task;                    /* FLOW_NO_TASK: not planned */
    char solute[4];
    size_t lithium, metal;          /* equations of state of both elements at its cutoff */
    size_t n_phases, phase[FLOW_MAX_PHASES];        /* ... and of the phases richest in lithium */
    const cand_entry *entry[FLOW_MAX_PHASES];       /* borrowed */
} flow_solution_plan;

typedef struct {
    const cand_candidate *candidate;        /* borrowed */
    char reason[320];               /* why it cannot be computed; "" when it is planned */
    double ecut_ev;
    double spacing_ang;             /* from Li to its images on the surface's own cell; NaN: not asked */
    size_t eos, slab, reference, elastic, spread, adhesion, atom, conduction;   /* task indices; FLOW_NO_TASK when not planned */
    size_t n_elements, element[FLOW_MAX_ELEMENTS];  /* equations of state of the elements ... */
    int element_z[FLOW_MAX_ELEMENTS];       /* ... of a compound; none when one of them is a gas */
    size_t n_sites;
    size_t site[FLOW_MAX_SITES];
    char site_label[FLOW_MAX_SITES][64];    /* "fcc:Ag3" */
    size_t n_like_sites;            /* left out: protocol.h's like_sites */
    cand_hop_graph *hops;           /* owned; between all the sites; NULL when not planned */
    size_t hop[FLOW_MAX_HOPS];      /* task of each of its hops; FLOW_NO_TASK: goes without */
    flow_solution_plan solution;    /* of its active element */
    size_t n_tasks, task[FLOW_MAX_TASKS];   /* all that its numbers need, in the order of planning */
} flow_candidate_plan;

typedef struct {
    flow_graph graph;
    size_t n_candidates;
    flow_candidate_plan *candidate; /* owned, [n_candidates] */
    flow_coverage ranked;           /* which of the two coverages; candidates of the other keep a reason */
} flow_plan;

typedef struct {                    /* everything borrowed */
    const cand_library *library;    /* for bcc Li */
    size_t n_candidates;
    const cand_candidate *const *candidate;     /* [n_candidates] */
    const flow_protocol *protocol;
    const flow_calculator *calculator;
    const char *data_path;          /* atomic data directories; NULL: the engine's default */
    int binding;                    /* 0: equations of state only */
    int migration;                  /* 1: hops too; takes binding */
    int elastic;                    /* 1: elastic tensors too */
    int formation;                  /* 1: equations of state of a compound's elements too */
    int atom;                       /* 1: the lithium atom alone too */
    int conduction;                 /* 1: whether the bulk conducts too */
    int adhesion;                   /* 1: lithium on the surface in their common cell too */
    int solution;                   /* 1: the active element dissolved in lithium too */
    const desc_phase_data *phase_data;      /* which element that is; NULL: none */
    const unsigned char *refine;    /* [n_candidates], 1: adhesion and solution are for this one; NULL: for all */
} flow_plan_request;

/* The caller owns *out, which borrows the candidates; NULL on failure.  Errors: DFT_ENOFILE and
 * DFT_EINPUT when bcc Li cannot be planned; DFT_ENOMEM. */
dft_status flow_plan_create(const flow_plan_request *request, flow_plan **out, dft_error *err);
void flow_plan_free(flow_plan *plan);               /* NULL is accepted */

#endif
