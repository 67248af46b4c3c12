/*
 * screen/survey.h - the state of a run, seen from outside.
 */
#ifndef SCREEN_SURVEY_H
#define SCREEN_SURVEY_H

#include "dft-lite/base/status.h"
#include "screen/project.h"
#include "screen/scheduler.h"

typedef struct {
    screen_task_status *status;     /* owned, [n_tasks] */
    int running;                    /* a program holds the lock */
    double time_left_s;             /* its estimate; NaN when none runs */
} screen_survey;

/* Errors: DFT_ENOMEM. */
dft_status screen_survey_make(const screen_project *project, const char *run_dir,
                              screen_survey *out, dft_error *err);
void screen_survey_clear(screen_survey *survey);

#endif
