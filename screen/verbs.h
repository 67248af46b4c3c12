/*
 * screen/verbs.h - what liscreen can be told to do; one file for each verb.
 *
 * A verb gets the words after it, prints results on app->out and complaints on app->progress, and
 * returns the exit code of design.md section 5.
 */
#ifndef SCREEN_VERBS_H
#define SCREEN_VERBS_H

#include "screen/app.h"

typedef int (*screen_verb)(const screen_app *app, int argc, char **argv);

int screen_verb_run(const screen_app *app, int argc, char **argv);
int screen_verb_status(const screen_app *app, int argc, char **argv);
int screen_verb_rank(const screen_app *app, int argc, char **argv);
int screen_verb_export(const screen_app *app, int argc, char **argv);
int screen_verb_slab(const screen_app *app, int argc, char **argv);
int screen_verb_sites(const screen_app *app, int argc, char **argv);
int screen_verb_task(const screen_app *app, int argc, char **argv);

#define SCREEN_EXIT_SCF 2           /* an energy did not converge */
#define SCREEN_EXIT_SOME_FAILED 10
#define SCREEN_EXIT_STOPPED 85      /* on request; what is finished is kept */

/* Finds the verb in argv[1] and runs it. */
int screen_main(screen_app *app, int argc, char **argv);

#endif
