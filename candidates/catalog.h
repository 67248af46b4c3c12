/*
 * candidates/catalog.h - the named candidates: which structure, which face, which data sets.
 *
 * Read from candidates.csv in the library's directory.  A candidate names a library entry, a
 * facet (or "sheet"), a termination and the atomic data sets that differ from the default.
 * Beside those of the table, every surface has a name of its own, STRUCTURE-FACET or
 * STRUCTURE-FACET-tN for termination N: "Ag_fcc-100", "Zn-10-10-t1", "LiPb_L10-110", "Ti2CS2-sheet";
 * STRUCTURE is an id or a formula of the library or the id of a structure that can be generated
 * (candidates/generate.h).  Behind any of these names a coating or a defect may stand (recipe.h):
 * "Cu-111+Ag-111x3" is three layers of silver(111) on copper(111), "Ti3C2O2-sheet+Mg-0001x1" one of
 * magnesium on an MXene, "graphene-sheet~substitution:N" nitrogen in graphene.
 */
#ifndef CAND_CATALOG_H
#define CAND_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/library.h"
#include "candidates/recipe.h"
#include "candidates/slab.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct cand_catalog cand_catalog;

typedef struct {
    const char *name;               /* "Ag-111"; texts are borrowed from the catalog */
    const char *family;             /* "metal", "alloy", "mxene", "oxide" */
    const char *facet;              /* "111", "10-10", or "sheet" */
    const char *state;              /* operating state: "pristine" */
    const char *data_sets;          /* "Ag=Ag.11", comma separated; "" means the defaults */
    const char *remark;             /* why this face, what to keep in mind */
    const cand_entry *structure;    /* borrowed from the library */
    bool is_sheet;
    bool four_indices;              /* the facet is written with four */
    int miller[3];                  /* conventional cell, three indices; 0 0 1 for sheets */
    int termination;
    const cand_entry *film;         /* the coating's structure; NULL: none.  Borrowed from the library */
    const char *film_facet;
    int film_miller[3], film_layers;
    const char *defect;             /* "substitution:N"; "": none */
} cand_candidate;

/* Reads DIRECTORY/candidates.csv against the library, which must outlive the catalog and may get
 * generated structures from it.  The caller owns *out; NULL on failure.  Errors: DFT_ENOFILE; DFT_EPARSE naming file, line and
 * value (unknown structure or family, bad facet, a name used twice, a data set for an element
 * the structure has not); DFT_ENOMEM. */
dft_status cand_catalog_read(const char *directory, cand_library *library, cand_catalog **out,
                             dft_error *err);
void cand_catalog_free(cand_catalog *catalog);                          /* NULL is accepted */

size_t cand_catalog_size(const cand_catalog *catalog);
const cand_candidate *cand_catalog_entry(const cand_catalog *catalog, size_t i);

/* By name ("Ag-111"), by library id or formula when one candidate of the table has it ("Ag_fcc", "Ag"),
 * or by STRUCTURE-FACET, which makes the candidate when it is first asked for; its data sets are those
 * that the table gives for the same elements.  *out lives as long as the catalog.  Not safe beside other
 * calls.  Errors: DFT_EINPUT with the nearest known name, with the names to choose from, or with what is
 * wrong with the facet; DFT_ENOMEM. */
dft_status cand_catalog_find(cand_catalog *catalog, const char *name,
                             const cand_candidate **out, dft_error *err);

/* What lithium meets and may react with: the coating's formula, else the structure's. */
const char *cand_candidate_formula(const cand_candidate *candidate);

/* The candidate's part of a recipe. */
cand_recipe cand_candidate_recipe(const cand_candidate *candidate);

/* The candidate's slab or sheet, cut from `conventional_bulk` (its structure's conventional
 * cell, perhaps with relaxed lattice constants; NULL means as in the library).  n_layers is
 * ignored for sheets.  Units, ownership and errors as cand_slab_create and cand_sheet_create. */
dft_status cand_candidate_slab(const cand_candidate *candidate,
                               const dft_crystal *conventional_bulk,
                               int n_layers, double vacuum, dft_crystal **slab,
                               cand_slab_info *info, dft_error *err);

#endif
