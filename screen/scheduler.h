/*
 * screen/scheduler.h - one process per task, a few at a time, and nothing lost.
 *
 * The scheduler starts ready tasks (everything upstream has a usable record), the longest chain first
 * (screen/placing.h: also how many threads each gets, and whether its memory fits beside the others), and
 * waits.  It knows nothing of what a task does: a launcher starts it and a finished record, looked up
 * after the process ended, says that it is done.  A process that dies without a record costs that
 * task: it is started once more, alone in case memory was what it lacked, and after two deaths in one run
 * it counts as failed until the next run.  One whose pulse stands still for much longer than the whole
 * task should take hangs: it is killed, which is a death.  Tasks downstream of one that is not usable are
 * skipped, with the reason.
 *
 * Stopping: the children get SIGTERM, and grace_s to put down what they have; then SIGKILL, as at once
 * after a second signal.
 *
 * Runs in one thread of the parent.  SIGINT, SIGTERM, SIGUSR1 and SIGCHLD are blocked while it runs and
 * collected with sigtimedwait; children get the caller's signal mask back.
 */
#ifndef SCREEN_SCHEDULER_H
#define SCREEN_SCHEDULER_H

#include <stddef.h>
#include <sys/types.h>

#include "dft-lite/base/status.h"
#include "workflows/graph.h"

typedef enum {
    SCREEN_WAITING,                 /* for something upstream, or for its turn */
    SCREEN_RUNNING,
    SCREEN_DONE,                    /* usable record */
    SCREEN_FAILED,                  /* record that says why there is no usable number */
    SCREEN_CRASHED,                 /* no record: died, was killed, or could not start */
    SCREEN_REFUSED,                 /* no record: needs more memory than there is */
    SCREEN_SKIPPED                  /* something upstream is not usable */
} screen_task_state;

typedef struct {
    screen_task_state state;
    int reused;                     /* the record was there before this run */
    int crashes;                    /* in this run */
    pid_t pid;                      /* while running, else 0 */
    int error_fd;                   /* read end of the process's standard error, -1 if none */
    double started_s, wall_s;       /* monotonic clock; of this run */
    int threads;                    /* while running */
    double cpu_s;                   /* of a finished record, all threads; 0: not known */
    double peak_rss_mib;            /* of a finished record; 0: not known */
    long long pulse;                /* last seen ... */
    double pulse_s;                 /* ... and when it last changed, monotonic clock */
    int hung;                       /* 1: killed for want of one */
    char reason[320];               /* one sentence; "" when done */
} screen_task_status;

typedef struct {                    /* what a finished record says */
    int usable;                     /* converged, fit good: may be used */
    char reason[320];               /* otherwise why not */
    double wall_s, cpu_s, peak_rss_mib;     /* 0: not known */
} screen_task_record;

typedef struct {
    size_t n_done, n_failed, n_running, n_total;    /* failed: FAILED, CRASHED, REFUSED, SKIPPED */
    size_t n_reused;
    double time_left_s;
} screen_schedule_count;

typedef enum {
    SCREEN_ENDED_DONE,              /* nothing left that could run */
    SCREEN_ENDED_SIGNAL,            /* SIGINT, SIGTERM or SIGUSR1 */
    SCREEN_ENDED_TIME,              /* max_time_s */
    SCREEN_ENDED_STOP_FILE
} screen_schedule_end;

typedef struct {
    int jobs;                       /* threads at once, and processes at most; >= 1 */
    double max_time_s;              /* 0: no limit */
    const char *stop_file;          /* its existence ends the run; NULL: none */
    double grace_s;                 /* from SIGTERM to SIGKILL; 0: none */
    double hang_floor_s;            /* a pulse may stand still so long at least; 0: for ever */
    double memory_mib;              /* for all children together; 0: no limit */

    /* Starts a process for the task with its standard error on error_fd; -1 when it cannot. */
    pid_t (*launch)(void *context, const flow_task *task, int threads, int error_fd);
    /* Anything that changes whenever the task gets on; NULL: never asked. */
    long long (*pulse)(void *context, const flow_task *task);
    /* 1 when the task has a finished record, which it then describes. */
    int (*look_up)(void *context, const flow_task *task, screen_task_record *record);
    /* After a task changed state; NULL: silent. */
    void (*on_change)(void *context, const flow_graph *graph, const screen_task_status *status,
                      size_t task);
    void *context;
} screen_schedule_options;

/* Runs the graph to its end or to an interruption; status [n_tasks] is written throughout.  When it
 * returns, no child is left.  Errors: DFT_EIO when a task could not write (exit 75: disk full,
 * permissions), with the task's sentence; finished records stay. */
dft_status screen_schedule_run(const flow_graph *graph, const screen_schedule_options *options,
                               screen_task_status *status, screen_schedule_end *end,
                               dft_error *err);

/* Fills status from the records alone: what a run would find.  Used by status and rank. */
void screen_schedule_survey(const flow_graph *graph, const screen_schedule_options *options,
                            screen_task_status *status);

/* Counts, and the time left from the calibrated estimates. */
screen_schedule_count screen_schedule_progress(const flow_graph *graph,
                                               const screen_task_status *status, int jobs);

const char *screen_task_state_name(screen_task_state state);    /* "waiting", ... */

/* Is this the end of a task that cannot be used? */
int screen_task_is_unusable(screen_task_state state);

/* In a freshly forked child: dies with the parent, restores signals, standard error to error_fd. */
void screen_child_begin(pid_t parent, int error_fd);

#endif
