/*
 * workflows/spec.h - a task's specification as canonical JSON, and back.
 *
 *     {"calculator": "dft-lite", "task_kind": "site", "subject": "Ag-111", "physics_version": 2,
 *      "protocol": {"name", "xc", "ecut_ev", "k_spacing_per_ang", "layers", ...},
 *      "data_sets": [{"symbol", "choice", "name", "sha256", "n_valence"}],
 *      "structure": {results/record.h}, "sheet", "scan_centre",
 *      "partner": {results/record.h},
 *      "surface": {"miller", "termination", "film": {"structure", "miller", "layers"}, "defect"}, "site",
 *      "upstream": {"eos": KEY, "slab": KEY}}
 *
 * Which of the last three lines a kind has, and which keys of the protocol decide its result, is said in
 * its row of workflows/kinds.h.
 *
 * Canonical means: sorted keys, no spaces, real numbers with 17 digits.  "structure" is the primitive
 * cell for what is done to a bulk crystal and the conventional cell for its surfaces (Miller indices
 * refer to it); for sheets, the sheet with the protocol's vacuum.
 */
#ifndef FLOW_SPEC_H
#define FLOW_SPEC_H

#include <jansson.h>
#include <stddef.h>

#include "candidates/recipe.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/scf/scf.h"
#include "workflows/calculator.h"
#include "workflows/graph.h"
#include "workflows/protocol.h"

typedef struct {
    size_t n;
    struct {
        char symbol[4];
        char choice[32];            /* "Ag.11"; "" is the element's default */
        flow_data_set set;
    } item[DFT_SYSTEM_MAX_SPECIES];
} flow_data_sets;

typedef struct {
    flow_kind kind;
    char subject[64];               /* candidate, or library entry for equations of state */
    char calculator[32];
    flow_protocol protocol;         /* its data choices are in data_sets instead */
    double ecut_ev;                 /* the protocol's for these elements */
    flow_data_sets data_sets;
    dft_crystal *structure;         /* owned */
    int sheet;                      /* c is vacuum: only a and b are scanned */
    double scan_centre;             /* linear factor on the structure where the volume scan starts */
    int miller[3], termination;     /* slabs and sites */
    dft_crystal *film;              /* owned; conventional cell of the coating; NULL: none */
    int film_miller[3], film_layers;
    dft_crystal *partner;           /* owned; conventional cell of what is put on the surface; NULL: none */
    char defect[32];                /* candidates/defects.h; "": none */
    char place[160];                /* where on the surface: "fcc:Ag3", "fcc:Ag3>hcp:Ag3"; what
                                       is dissolved: "Ag" */
    char upstream[FLOW_MAX_UPSTREAM][FLOW_KEY_SIZE];    /* in the order of its kind's roles */
} flow_spec;

/* The surface's recipe. */
cand_recipe flow_spec_recipe(const flow_spec *spec);

/* The key of the task upstream that plays this role ("eos"); "" when the kind has none. */
const char *flow_spec_upstream(const flow_spec *spec, const char *role);

/* Canonical text; the caller frees it.  Errors: DFT_ENOMEM; DFT_EINPUT for what JSON cannot say. */
dft_status flow_spec_write(const flow_spec *spec, char **text, dft_error *err);

/* The text as JSON, for a record's inputs; a new reference, NULL when it is not JSON. */
json_t *flow_spec_json(const char *text);

/* A structure object of a record or specification as a crystal; path is for the sentence.  The caller owns
 * *out.  Errors: DFT_EPARSE, DFT_ENOMEM. */
dft_status flow_spec_structure(const char *path, const json_t *object, dft_crystal **out, dft_error *err);

/* Reads canonical text.  flow_spec_clear releases what it holds; on failure nothing is held.
 * Errors: DFT_EPARSE naming `path` and the key. */
dft_status flow_spec_read(const char *path, const char *text, flow_spec *out, dft_error *err);
void flow_spec_clear(flow_spec *spec);

/* Engine options: cutoff, data choices, and the mesh for `lattice`. */
dft_scf_options flow_spec_scf_options(const flow_spec *spec, const double lattice[3][3],
                                      const char *data_path);

#endif
