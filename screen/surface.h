/*
 * screen/surface.h - the surface that `slab` and `sites` speak of: FILE or ID, facet, layers, vacuum.
 */
#ifndef SCREEN_SURFACE_H
#define SCREEN_SURFACE_H

#include "candidates/slab.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "screen/app.h"
#include "screen/options.h"

/* The options both verbs share: facet, layers, vacuum-ang, termination, supercell. */
#define SCREEN_SURFACE_OPTIONS \
    { "facet", "HKL", "Miller indices of the conventional cell: 111, 1-10, 10-10", NULL }, \
    { "layers", "N", "default 4", NULL }, \
    { "vacuum-ang", "X", "total gap; default 15", NULL }, \
    { "termination", "N", "which cut, widest gap first; default 0", NULL }, \
    { "supercell", "NxM", "copies along a and b; default 1x1", NULL }
#define SCREEN_N_SURFACE_OPTIONS 5

/* The crystal of a file (by content), or of a library id or formula: its conventional cell.
 * Errors: those of the readers; DFT_ENOFILE naming both readings of the word. */
dft_status screen_surface_structure(const screen_app *app, const char *word, int *is_sheet,
                                    dft_crystal **out, dft_error *err);

/* Cuts the command's slab; a sheet, or a slab without --facet, gets its vacuum set when asked for.
 * info describes it.  The caller owns *out. */
dft_status screen_surface_cut(const screen_app *app, const screen_command *command,
                              dft_crystal **out, cand_slab_info *info, dft_error *err);

#endif
