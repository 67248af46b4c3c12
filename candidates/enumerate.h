/*
 * candidates/enumerate.h - everything that could be screened: structures x facets x terminations.
 *
 * Each row is one surface: a facet of a structure with one termination, cut as a slab of at least
 * `thickness`, or a sheet as it is.  Facets and terminations are those of candidates/facets.h, distinct
 * by the crystal's symmetry.  A row that cannot be computed keeps its place with the reason.
 *
 * The table is worth storing: cand_surfaces_write and _read keep it as CSV with the key of what it was
 * made from in its first line.  Lengths in the rows are Angstrom: they are for people.
 */
#ifndef CAND_ENUMERATE_H
#define CAND_ENUMERATE_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/library.h"
#include "dft-lite/base/status.h"

#define CAND_MAX_ENUMERATED_INDEX 3

typedef struct {
    char name[96];                  /* "LiAg_B2-110", "ZnO_wz-0001-t1", "Ti2CO2-sheet" */
    char family[24], structure[64], formula[64], prototype[48], origin[64];
    char facet[32], top[32];        /* "110", "sheet"; atoms of the top plane */
    char reason[128];               /* why it cannot be computed, "" when it can */
    int termination, n_terminations, layers, n_atoms, tasker;
    double area_ang2, thickness_ang;        /* of the p(1x1) slab; 0 when it could not be cut */
    bool faces_equal, polar;
} cand_surface;

typedef struct {
    int max_index;                  /* 1..CAND_MAX_ENUMERATED_INDEX, Miller indices */
    double thickness_ang;           /* least thickness of the slabs */
    int most_atoms;                 /* larger p(1x1) slabs get a reason */
    /* Is there an atomic data set for this element?  NULL: all have one. */
    bool (*has_data)(void *context, int z);
    void *context;
} cand_enumerate_options;

cand_enumerate_options cand_enumerate_defaults(void);       /* 1, 8 A, 200 atoms, NULL */

/* All surfaces of a library's entries, in their order.  Runs on all OpenMP threads; the result does not
 * depend on their number.  The caller frees *out with free().  A structure that cannot be cut becomes a
 * row with the reason.  Errors: DFT_EINPUT for options out of range; DFT_ENOMEM. */
dft_status cand_surfaces_enumerate(const cand_library *library, const cand_enumerate_options *options,
                                   cand_surface **out, size_t *n, dft_error *err);

/* The stored table.  key: what it was made from (a hash), at most 64 characters.  Reading gives
 * DFT_ENOFILE when there is no file, and *n = 0 with *out NULL when the key differs.  Errors: those of
 * dft_file_write and dft_csv_read; DFT_EPARSE for a row that does not parse. */
dft_status cand_surfaces_write(const char *path, const char *key, const cand_surface *surface, size_t n,
                               dft_error *err);
dft_status cand_surfaces_read(const char *path, const char *key, cand_surface **out, size_t *n,
                              dft_error *err);

/* "metal", "alloy", "mxene", "oxide", or the class itself ("fluoride"): what a ranking calls it. */
const char *cand_family_of(const cand_entry *entry);

#endif
