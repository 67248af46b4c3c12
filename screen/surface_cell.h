/*
 * screen/surface_cell.h - the cell of a user's file that Miller indices refer to.
 */
#ifndef SCREEN_SURFACE_CELL_H
#define SCREEN_SURFACE_CELL_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "screen/app.h"
#include "screen/options.h"

/* Replaces the crystal of a file by its conventional cell (dft-lite/crystal/conventional.h, as for a
 * folder of structures) and says so in one line on app->progress, if `say`.  Left as they are: library
 * entries, sheets and slabs, cells that are conventional already, everything under --as-given; and, with
 * a line, crystals of which spglib makes nothing.  On failure *crystal is unchanged.
 * Errors: DFT_ENOMEM. */
dft_status screen_surface_standardise(const screen_app *app, const screen_command *command, int say,
                                      dft_crystal **crystal, dft_error *err);

#endif
