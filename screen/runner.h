/*
 * screen/runner.h - a campaign from start to ranked list, in one run directory.
 */
#ifndef SCREEN_RUNNER_H
#define SCREEN_RUNNER_H

#include "dft-lite/base/status.h"
#include "screen/project.h"
#include "screen/scheduler.h"

typedef struct {
    int jobs;                       /* threads at once, >= 1 */
    double max_time_s;              /* 0: no limit */
    int retry_failed;               /* 1: failed and unconverged records are computed again */
    const char *stop_dir;           /* whose STOP file ends the run; NULL: the run directory's own */
} screen_run_options;

typedef struct {
    screen_schedule_end end;
    screen_schedule_count count;
} screen_run_outcome;

/* Makes and locks the directory, sets damaged files aside (screen/repair.h), computes what has no
 * record, judges and publishes.  After an interruption what is finished is judged and published too.
 * The list is printed on app->out.  Errors: DFT_EPARSE when the directory holds another campaign;
 * DFT_EIO (locked by another, not writable, disk full), and those of the parts. */
dft_status screen_run(const screen_project *project, const char *campaign_path,
                      const char *run_dir, const screen_run_options *options,
                      screen_run_outcome *out, dft_error *err);

#endif
