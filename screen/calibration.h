/*
 * screen/calibration.h - estimates of time and memory, corrected by what finished tasks took.
 *
 * Time: core seconds where a record has them (others that keep the machine busy do not count), else wall
 * time; actual over estimated seconds of the finished tasks of the same kind, where there are at least
 * three, else of all; 1 when nothing has finished.  Memory: the same over all tasks, but never below 1.
 */
#ifndef SCREEN_CALIBRATION_H
#define SCREEN_CALIBRATION_H

#include "screen/scheduler.h"

typedef struct {
    double time[FLOW_N_KINDS], memory;      /* factors */
    size_t n_finished;              /* tasks that they come from */
} screen_calibration;

screen_calibration screen_calibrate(const flow_graph *graph, const screen_task_status *status);

/* Seconds on one thread, and MiB at the peak. */
double screen_calibrated_s(const screen_calibration *calibration, const flow_task *task);
double screen_calibrated_mib(const screen_calibration *calibration, const flow_task *task);

#endif
