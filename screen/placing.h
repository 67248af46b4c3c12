/*
 * screen/placing.h - which task to start next, and with how many threads.
 *
 * Longest first: a task's rank is its own estimated cost and that of the costliest chain waiting for it.
 * Threads: one each while there are tasks enough for all of them, since processes of one thread use the
 * machine best; what would lie idle goes to the tasks that do run.  Memory: estimates, scaled by what finished
 * tasks took if that was more, must fit beside those that run.  Pure functions of the arguments.
 */
#ifndef SCREEN_PLACING_H
#define SCREEN_PLACING_H

#include "screen/scheduler.h"

#define SCREEN_NO_TASK ((size_t)-1)

typedef struct {
    size_t task;                    /* SCREEN_NO_TASK: nothing may start now */
    int threads;
} screen_placement;

screen_placement screen_place_next(const flow_graph *graph, const screen_schedule_options *options,
                                   const screen_task_status *status);

/* Is there a task whose upstream tasks are all done? */
int screen_place_any_ready(const flow_graph *graph, const screen_task_status *status);

#endif
