/*
 * screen/verbs.h - what liscreen can be told to do; one file for each verb.
 *
 * A verb gets the words after it, prints results on app->out and complaints on app->progress, and
 * returns the exit code of design.md section 5.
 */
#ifndef SCREEN_VERBS_H
#define SCREEN_VERBS_H

#include "screen/app.h"
#include "screen/options.h"
#include "screen/project.h"
#include "screen/runner.h"

typedef int (*screen_verb)(const screen_app *app, int argc, char **argv);

int screen_verb_run(const screen_app *app, int argc, char **argv);
int screen_verb_retry(const screen_app *app, int argc, char **argv);
int screen_verb_status(const screen_app *app, int argc, char **argv);
int screen_verb_rank(const screen_app *app, int argc, char **argv);
int screen_verb_explain(const screen_app *app, int argc, char **argv);
int screen_verb_export(const screen_app *app, int argc, char **argv);
int screen_verb_report(const screen_app *app, int argc, char **argv);
int screen_verb_propose(const screen_app *app, int argc, char **argv);
int screen_verb_observe(const screen_app *app, int argc, char **argv);
int screen_verb_collector(const screen_app *app, int argc, char **argv);
int screen_verb_slab(const screen_app *app, int argc, char **argv);
int screen_verb_facets(const screen_app *app, int argc, char **argv);
int screen_verb_sites(const screen_app *app, int argc, char **argv);
int screen_verb_candidates(const screen_app *app, int argc, char **argv);
int screen_verb_interfaces(const screen_app *app, int argc, char **argv);
int screen_verb_alloy(const screen_app *app, int argc, char **argv);
int screen_verb_phase(const screen_app *app, int argc, char **argv);
int screen_verb_calc(const screen_app *app, int argc, char **argv);
int screen_verb_task(const screen_app *app, int argc, char **argv);

#define SCREEN_EXIT_SCF 2           /* an energy did not converge */
#define SCREEN_EXIT_IONIC 3         /* a relaxation did not come to rest */
#define SCREEN_EXIT_NEB 4           /* no barrier came out */
#define SCREEN_EXIT_SOME_FAILED 10
#define SCREEN_EXIT_STOPPED 85      /* on request; what is finished is kept */

/* What a verb does once its command line is parsed.  *code is the exit code of a success, 0 unless the
 * verb says otherwise (calculations that gave no number, a run that was stopped). */
typedef dft_status (*screen_verb_body)(const screen_app *app, const screen_command *command,
                                       int *code, dft_error *err);

/* Runs a campaign in its directory and says how it ended; *code is the exit code.  Errors: screen_run's. */
dft_status screen_run_and_report(const screen_app *app, const screen_project *project,
                                 const char *campaign_path, const char *run_dir,
                                 const screen_run_options *options, int *code, dft_error *err);

/* The frame of every verb: parses, prints --help, runs the body, complains; returns the exit code. */
int screen_verb_run_body(const screen_app *app, screen_command *command, int argc, char **argv,
                         screen_verb_body body);

/* Finds the verb in argv[1] and runs it.  From here on a file that may not grow is a write that fails
 * (EFBIG, as a full disk is), not a signal that kills; and a result that could not be printed is
 * exit 75. */
int screen_main(screen_app *app, int argc, char **argv);

#endif
