/*
 * screen/calc_migration.h - `liscreen calc migration FILE|ID --facet=...`: how lithium spreads over
 * a surface.
 */
#ifndef SCREEN_CALC_MIGRATION_H
#define SCREEN_CALC_MIGRATION_H

#include "dft-lite/base/status.h"
#include "screen/app.h"
#include "screen/options.h"
#include "workflows/evaluator.h"

/* What is asked beside the surface (SCREEN_SURFACE_OPTIONS) and the calculation's settings. */
#define SCREEN_MIGRATION_OPTIONS \
    { "hop-sites", "LABELS", "sites to hop between, comma separated, or all; default the hollows", NULL }, \
    { "images", "N", "between the ends of a hop; default 3", NULL }, \
    { "bands", "on|off", "off: the cheap looks alone, an estimate; default on", NULL }, \
    { "relax-slab", "on|off", "relax the clean slab first; default on", NULL }, \
    { "fixed-layers", "N", "atomic planes at the bottom that stay; default half of them", NULL }, \
    { "fmax-ev-per-ang", "X", "default 0.05", NULL }, \
    { "out-dir", "DIR", "a path as extxyz for each hop", NULL }, \
    { "json", "OUT", "write the result as JSON", NULL }
#define SCREEN_N_MIGRATION_OPTIONS 8

/* The surface is that of the command's first word (screen/surface.h).  *code: 0, SCREEN_EXIT_NEB
 * when there is no barrier, or SCREEN_EXIT_STOPPED.  Errors: DFT_EUSAGE; those of
 * screen_surface_cut and flow_spread_run. */
dft_status screen_calc_migration(const screen_app *app, const screen_command *command,
                                 const flow_evaluator *evaluator, int *code, dft_error *err);

#endif
