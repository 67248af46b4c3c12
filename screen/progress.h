/*
 * screen/progress.h - what people see of a run: lines on a stream, RUN/state.json, the ranked table.
 *
 *     [ 12/340] Ag-111       site:fcc:Ag3   E = -41.345678 eV     41.2 s   2 running, 12 min left
 */
#ifndef SCREEN_PROGRESS_H
#define SCREEN_PROGRESS_H

#include <stdio.h>

#include "dft-lite/base/status.h"
#include "results/ranking.h"
#include "screen/scheduler.h"
#include "workflows/plan.h"

/* "12 min 5 s", "1 h 40 min"; at most 31 characters. */
void screen_format_time(double seconds, char text[32]);

/* One line for a task that has just changed into a final state, or begun again after a crash. */
void screen_print_task(FILE *out, const flow_graph *graph, const screen_task_status *status,
                       size_t task, int jobs, const char *run_dir);

/* Tasks that run, and reasons of those that left no record, so that another process can tell.
 * Errors: DFT_EIO. */
dft_status screen_state_write(const char *run_dir, const flow_graph *graph,
                              const screen_task_status *status, int jobs, dft_error *err);

/* Adds to a survey (screen_schedule_survey) what state.json knows.  running: whether a program holds
 * the lock; without it nothing runs.  Returns the time left that the program estimated, NaN if none. */
double screen_state_read(const char *run_dir, const flow_graph *graph, int running,
                         screen_task_status *status);

/* What --dry-run shows: settings; every task with what it waits for and whether it is done, else with
 * time and memory as the finished ones let expect; what cannot be planned; sums.  status [n_tasks]: a
 * survey of the run directory. */
void screen_print_plan(FILE *out, const flow_plan *plan, const screen_task_status *status,
                       const flow_protocol *protocol, int jobs);

/* The ranked list, aligned; then what could not be ranked, with reasons. */
void screen_print_table(FILE *out, const res_ranked_row *row, size_t n);

#endif
