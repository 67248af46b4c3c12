/*
 * screen/calc.h - `liscreen calc KIND FILE|ID ...`: one driver alone on a user's structure.
 *
 * The frame (verb_calc.c) reads the command line, opens evaluators, writes the JSON and chooses the exit
 * code; a kind (calc_eos.c, ...) reads its own options, runs its driver and fills the JSON object.  A new
 * kind is a screen_calc_kind, a line in the table of verb_calc.c, and nothing else.
 */
#ifndef SCREEN_CALC_H
#define SCREEN_CALC_H

#include <jansson.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "screen/app.h"
#include "screen/options.h"
#include "screen/scf_options.h"
#include "workflows/evaluator.h"
#include "workflows/evaluator_source.h"

#define SCREEN_CALC_MOST_ENGINES 32

typedef struct {
    const screen_app *app;
    const screen_command *command;      /* words: FILE|ID ... behind the kind */
    screen_scf scf;
    int dry_run;
    double spacing;                     /* 1/bohr, of k points: from --kmesh on the first cell opened */
    size_t n_engines;
    flow_dftlite *engine[SCREEN_CALC_MOST_ENGINES];     /* owned; closed ones NULL; first: the main one */
    json_t *result;                     /* owned: what --json writes, to be filled */
    int code;                           /* exit code, 0 unless the kind says otherwise */
} screen_calc;

typedef struct {
    const char *name, *words, *summary; /* as in screen_command */
    size_t n_words_needed, n_words_most;
    size_t n_options;
    const screen_option *option;        /* [n_options], beside the SCF's */
    /* Fills calc->result and calc->code.  With calc->dry_run: screen_calc_estimate and back. */
    dft_status (*run)(screen_calc *calc, dft_error *err);
} screen_calc_kind;

extern const screen_calc_kind screen_calc_eos, screen_calc_relax, screen_calc_adsorb, screen_calc_neb,
    screen_calc_migration, screen_calc_elastic, screen_calc_adhesion, screen_calc_solute;

/* An evaluator for crystals of (about) this cell under the command's settings; periodic NULL: all
 * three, periodic[i] = 0: vacuum along a_i, one k point.  The first cell opened is the one that --kmesh
 * is for; all later ones get the spacing that it means there.  engine (NULL allowed) is dft-lite behind
 * it, or NULL where a test's evaluator stands in.  Both live until the calculation ends.
 * Errors: DFT_EINTERNAL for more than SCREEN_CALC_MOST_ENGINES; DFT_ENOMEM. */
dft_status screen_calc_open(screen_calc *calc, const dft_crystal *crystal, const int periodic[3],
                            flow_evaluator *out, flow_dftlite **engine, dft_error *err);

/* The same with other options than the command's, whose spacing or mesh is taken as it is: an atom in a
 * box, several slots.  Start from calc->scf.engine. */
dft_status screen_calc_open_with(screen_calc *calc, const flow_dftlite_options *options,
                                 flow_evaluator *out, flow_dftlite **engine, dft_error *err);

/* screen_calc_open for drivers that ask for evaluators themselves; close frees. */
flow_evaluator_source screen_calc_source(screen_calc *calc);

/* Marks the axis of a slab's or sheet's vacuum (c, when there is a gap) in periodic[3]. */
void screen_calc_periodic(const dft_crystal *crystal, int periodic[3]);

/* Prints atoms, k points, memory and time of one SCF step: what --dry-run says.  n: how many such
 * energies there are, in words ("7 volumes").  Errors: those of dft_system_create; DFT_ENOMEM when it
 * would not fit. */
dft_status screen_calc_estimate(screen_calc *calc, const dft_crystal *crystal, const int periodic[3],
                                const char *n, dft_error *err);

/* The setting of the SCF, data sets and effort of an engine as JSON (an empty object for NULL). */
json_t *screen_calc_settings(const flow_dftlite *engine, const dft_scf_options *scf);

/* Adds "settings" of the main engine, "provenance", "kind" and "file": the frame calls it. */
dft_status screen_calc_write(const screen_calc *calc, const char *kind, dft_error *err);

#endif
