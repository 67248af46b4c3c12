/*
 * workflows/remedy.h - what to try when an SCF does not converge, and what has helped before.
 *
 * The history of the attempt shows a symptom; each symptom has an order of remedies, which successes and
 * failures with cells of the same kind rearrange: by (helped + 2 prior)/(tried + 2), the mean of a Beta
 * distribution that starts as two observations.  No remedy is tried twice for one energy, and no more
 * than FLOW_MAX_REMEDIES are.  A history of fewer than FLOW_SHORT_HISTORY steps shows nothing: then only
 * a start from scratch is worth a try, if the attempt had another start.
 *
 * What the engine offers decides what there is: its mixing restarts itself with plain short steps, and
 * their length is no option.
 */
#ifndef FLOW_REMEDY_H
#define FLOW_REMEDY_H

#include <jansson.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/scf/scf.h"

#define FLOW_MAX_REMEDIES 3         /* for one energy */
#define FLOW_SHORT_HISTORY 8        /* steps */
#define FLOW_MAX_HISTORY 1000       /* flow_protocol_check's bound of max_scf_iterations */

typedef enum {
    FLOW_UNCLEAR,                   /* too few steps to tell */
    FLOW_SLOW,                      /* the density error still falls */
    FLOW_STUCK,                     /* it does not: sloshing, or going in circles */
    FLOW_BANDS,                     /* the orbitals themselves do not settle */
    FLOW_BLOWN,                     /* no number any more */
    FLOW_N_SYMPTOMS
} flow_symptom;

typedef enum {
    FLOW_FRESH_START,               /* from superposed atoms instead of the last geometry */
    FLOW_MORE_STEPS,                /* on from where it stopped, twice as many */
    FLOW_WIDE_SMEARING,             /* three times the width, from there half way down, and back */
    FLOW_MORE_BANDS,                /* a quarter more empty ones, from scratch */
    FLOW_N_REMEDIES
} flow_remedy;

typedef enum {
    FLOW_METAL_BULK, FLOW_METAL_SLAB, FLOW_COMPOUND_BULK, FLOW_COMPOUND_SLAB, FLOW_SHEET_CELL,
    FLOW_N_CELL_CLASSES             /* compound: with C, N, O, F, Si, P, S, Cl or their like */
} flow_cell_class;

const char *flow_symptom_name(flow_symptom symptom);
const char *flow_remedy_name(flow_remedy remedy);           /* "fresh start" */
const char *flow_cell_class_name(flow_cell_class cell);     /* "metal slab" */

flow_cell_class flow_cell_class_of(size_t n_atoms, const int *z, int surface, int sheet);

/* The steps of one attempt. */
typedef struct {
    size_t n;
    double density_error[FLOW_MAX_HISTORY], eigen_error[FLOW_MAX_HISTORY];      /* Ha */
} flow_history;

void flow_history_add(flow_history *history, const dft_scf_step *step);
flow_symptom flow_history_symptom(const flow_history *history);

typedef struct {
    struct { int tried, helped; } count[FLOW_N_CELL_CLASSES][FLOW_N_SYMPTOMS][FLOW_N_REMEDIES];
} flow_remedy_memory;

/* The remedy to try next; 0: none is left.  used[FLOW_N_REMEDIES]: those tried for this energy already;
 * had_start: the last attempt began from another geometry; fixed: fillings are fixed, so that smearing is
 * no remedy. */
int flow_remedy_choose(const flow_remedy_memory *memory, flow_cell_class cell, flow_symptom symptom,
                       const int used[FLOW_N_REMEDIES], int had_start, int fixed,
                       flow_remedy *remedy);

/* One try for a record's "remedies": {"cell", "symptom", "remedy", "helped"}; a new reference. */
json_t *flow_remedy_json(flow_cell_class cell, flow_symptom symptom, flow_remedy remedy, int helped);

/* Adds the tries of a record (results/record.h) to the counts. */
void flow_remedy_memory_add(flow_remedy_memory *memory, const json_t *record);

/* RUN/remedies.json: the counts for people and for the tasks.  Reading what is missing or damaged gives
 * empty counts.  Errors: DFT_EIO, DFT_ENOMEM. */
dft_status flow_remedy_memory_write(const flow_remedy_memory *memory, const char *run_dir,
                                    dft_error *err);
void flow_remedy_memory_read(flow_remedy_memory *memory, const char *run_dir);

#endif
