/*
 * screen/campaign.h - what a campaign file asks for.
 *
 * YAML (screen/CAMPAIGN.md lists every key; screen/campaigns/quick.yaml is an example):
 *
 *     name: quick                      # run directory results/runs/quick
 *     candidates: [Cu-111, Ag-111]     # names of candidates/data, or all
 *     protocol:
 *       name: quick                    # every other key overrides the protocol of that name
 *       ecut_ev: {metal: 350, with_o_c: 500}
 *     descriptors: [equation_of_state, li_binding, corrugation, solubility, alloying]
 *     refine: [Ag-111]               # adhesion and dilute_solution for these only
 *     weights: {binding: 0.5, solubility: 0.3}
 *     jobs: 2
 *     structures: my-crystals          # your own CIF, POSCAR, extxyz files: candidates NAME-FACET
 *
 * Anything else is an error that names file, line and, where one is near, the key that was meant.
 */
#ifndef SCREEN_CAMPAIGN_H
#define SCREEN_CAMPAIGN_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "descriptors/score.h"
#include "workflows/assemble.h"
#include "workflows/protocol.h"


typedef struct {
    char name[64];
    int all_candidates;
    size_t n_candidates;
    char (*candidate)[64];          /* owned, [n_candidates]; empty when all_candidates */
    int *candidate_line;            /* owned, [n_candidates]: for messages about unknown names */
    int has_refine;                 /* 1: dilute_solution and adhesion are for these alone ... */
    size_t n_refine;
    char (*refine)[64];             /* owned, [n_refine]; */
    int *refine_line;               /* owned, [n_refine] */
    flow_protocol protocol;
    flow_descriptors descriptors;
    desc_score_weights weights;
    int jobs;
    char structures[1024];          /* folder of the user's own CIF, POSCAR and extxyz files; "": none */
} screen_campaign;

/* The caller owns *out; NULL on failure.  Errors: DFT_ENOFILE, DFT_EPARSE, DFT_ENOMEM. */
dft_status screen_campaign_read(const char *path, screen_campaign **out, dft_error *err);
void screen_campaign_free(screen_campaign *campaign);       /* NULL is accepted */

#endif
