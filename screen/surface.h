/*
 * screen/surface.h - the surface that `slab` and `sites` speak of: FILE or ID, facet, layers, vacuum,
 * supercell, face, defect.
 */
#ifndef SCREEN_SURFACE_H
#define SCREEN_SURFACE_H

#include "candidates/sites.h"
#include "candidates/slab.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "screen/app.h"
#include "screen/options.h"

/* The options both verbs share. */
#define SCREEN_SURFACE_OPTIONS \
    { "facet", "HKL", "Miller indices of the conventional cell: 111, 1-10, 10-10", NULL }, \
    { "as-given", NULL, "Miller indices of a file's own cell instead", NULL }, \
    { "layers", "N", "default 4", NULL }, \
    { "thickness-ang", "X", "instead of layers: as many as are at least X thick", NULL }, \
    { "vacuum-ang", "X", "total gap; default 15", NULL }, \
    { "termination", "N", "which cut, as 'liscreen facets' numbers them; default 0", NULL }, \
    { "variant", "NAME", "stoichiometric (default), or symmetric: planes added until both faces are " \
      "equal", NULL }, \
    { "supercell", "NxM", "copies along a and b; default 1x1", NULL }, \
    { "coverage", "1/N", "instead: the roundest cell of N copies, 1/3 being sqrt3 x sqrt3", NULL }, \
    { "defect", "KIND", "vacancy, divacancy, substitution:N, pyridinic:N, single-atom:Pt or m-n4:Co " \
      "in the top face of the supercell", NULL }, \
    { "face", "SIDE", "top (default) or bottom: the slab turned over", NULL }
#define SCREEN_N_SURFACE_OPTIONS 11

/* The crystal of a file (by content), or of a library id or formula: its conventional cell.
 * Errors: those of the readers; DFT_ENOFILE naming both readings of the word. */
dft_status screen_surface_structure(const screen_app *app, const char *word, int *is_sheet,
                                    dft_crystal **out, dft_error *err);

/* The command's surface.  A sheet, or a slab without --facet, gets its vacuum set; with keep_as_is
 * only when --vacuum-ang asks for it.  With --facet a file's crystal is standardised first, see
 * screen/surface_cell.h.  info describes the 1x1 cell before defects.  The caller owns
 * *out. */
dft_status screen_surface_cut(const screen_app *app, const screen_command *command, int keep_as_is,
                              dft_crystal **out, cand_slab_info *info, dft_error *err);

/* Writes the picture of the command's slab to a file, titled with its FILE or ID and facet;
 * site[n_sites] may be NULL, 0.  Errors: those of cand_picture_svg; DFT_EIO. */
dft_status screen_surface_picture(const screen_command *command, const char *path,
                                  const dft_crystal *slab, const cand_site *site, size_t n_sites,
                                  dft_error *err);

/* Can a structure be written to `path`, and does its ending say the format?  Errors: DFT_EUSAGE for an
 * ending that is none of the writer's; those of dft_output_check. */
dft_status screen_surface_check_out(const char *path, dft_error *err);

#endif
