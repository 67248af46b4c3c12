/*
 * screen/calc_neb.h - `liscreen calc neb INITIAL FINAL`: a climbing-image band between two of the
 * user's structures.
 */
#ifndef SCREEN_CALC_NEB_H
#define SCREEN_CALC_NEB_H

#include "dft-lite/base/status.h"
#include "screen/app.h"
#include "screen/options.h"
#include "workflows/evaluator.h"

/* What is asked beside the calculation's settings; --json and --out are these too. */
#define SCREEN_NEB_OPTIONS \
    { "images", "N", "between the ends; default 3, usual 3, 5, 7", NULL }, \
    { "fmax-ev-per-ang", "X", "default 0.05", NULL }, \
    { "max-iterations", "N", "default 200", NULL }, \
    { "climb", "on|off", "off: no barrier comes out; default on", NULL }, \
    { "path", "idpp|linear", "the first path; default idpp", NULL }, \
    { "symmetric", "auto|off", "compute half of a path that is its own reverse; default auto", NULL }, \
    { "match", "order|nearest", "which atom is which; default order", NULL }, \
    { "wrap", "nearest|as-given", "the shortest way of each atom, or final positions as written; " \
      "default nearest", NULL }, \
    { "relax-ends", "on|off", "default on", NULL }, \
    { "fixed-layers", "N", "atomic planes at the bottom that stay, where INITIAL does not say what is fixed; " \
      "default 0", NULL }, \
    { "resume", "FILE", "go on from the path that --out left behind", NULL }, \
    { "out", "FILE", "the path as extxyz, written after every iteration", NULL }, \
    { "json", "OUT", "write the result as JSON", NULL }
#define SCREEN_N_NEB_OPTIONS 13

#define SCREEN_EXIT_NEB 4           /* no barrier came out */

/* initial, final: files.  final may be NULL with --resume.  *code: 0, SCREEN_EXIT_NEB, or
 * SCREEN_EXIT_STOPPED. Errors: DFT_EUSAGE; those of the readers, of flow_path_create and of the
 * evaluator. */
dft_status screen_calc_neb(const screen_app *app, const screen_command *command,
                           const char *initial, const char *final, const flow_evaluator *evaluator,
                           int *code, dft_error *err);

/* fixed [n_atoms][3], set to 1 for the lowest `n_planes` atomic planes along c; nothing for 0.
 * Errors: DFT_EINPUT when the crystal has no gap along c or no more planes than that; DFT_ENOMEM.
 */
dft_status screen_fix_planes(const dft_crystal *crystal, int n_planes, unsigned char (*fixed)[3],
                             dft_error *err);

#endif
