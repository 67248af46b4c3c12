/*
 * screen/app.h - what main knows and hands down: where things are and who computes.
 *
 * Nothing below main looks at the environment or the executable.  Tests fill this with their own
 * calculator and launcher.
 */
#ifndef SCREEN_APP_H
#define SCREEN_APP_H

#include <stdio.h>
#include <sys/types.h>

#include "dft-lite/base/status.h"
#include "workflows/calculator.h"
#include "workflows/evaluator.h"
#include "workflows/graph.h"

typedef struct screen_app screen_app;

struct screen_app {
    char program[4096];             /* path of the executable, for launching tasks */
    char candidates_dir[4096];      /* structures.csv, atoms.csv, candidates.csv */
    char descriptors_dir[4096];     /* phase data */
    const flow_calculator *calculator;      /* borrowed */
    const flow_evaluator *evaluator;        /* borrowed; NULL: dft-lite with the settings of `calc` */
    /* Starts the process of one task, as screen/scheduler.h's launch. */
    pid_t (*launch)(const screen_app *app, const char *run_dir, const char *key, int threads,
                    int error_fd);
    FILE *out, *progress;           /* results; progress and complaints */
};

/* The program as shipped: data beside the executable (build/bin/../../candidates/data), dft-lite, and
 * tasks as processes of the same executable.  Errors: DFT_EINTERNAL when /proc tells no executable. */
dft_status screen_app_init(screen_app *app, dft_error *err);

/* Data directories below `root` (candidates/data and descriptors/data).  Errors: DFT_EUSAGE for a
 * path that is too long. */
dft_status screen_app_set_data_root(screen_app *app, const char *root, dft_error *err);

/* Starts `program task RUN KEY --threads=N`. */
pid_t screen_launch_program(const screen_app *app, const char *run_dir, const char *key, int threads,
                            int error_fd);

/* Prints "liscreen VERB: sentence" on the progress stream; returns the exit code. */
int screen_complain(const screen_app *app, const char *verb, const dft_error *err);

#endif
