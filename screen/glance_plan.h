/*
 * screen/glance_plan.h - RUN/plan.tsv in memory, or the same from planning anew.
 *
 * Private to screen/glance.h's files.
 */
#ifndef SCREEN_GLANCE_PLAN_H
#define SCREEN_GLANCE_PLAN_H

#include "screen/glance.h"

typedef struct {
    const char *key, *subject, *step, *upstream;    /* borrowed from the plan's text */
} screen_planned_task;

typedef struct {
    char *text;                     /* owned */
    const char *campaign;
    size_t n, room;
    screen_planned_task *task;      /* owned, [n] */
    size_t n_unplanned;
    const char *unplanned[SCREEN_MOST_REASONS][2];  /* candidate, reason; the first of them */
} screen_glance_plan;

/* Reads RUN/plan.tsv where it is not older than RUN/campaign.yaml, else plans.  The caller clears *out in
 * any case.  Errors: as screen_glance_make. */
dft_status screen_glance_plan_read(const screen_app *app, const char *run_dir,
                                   screen_glance_plan *out, dft_error *err);
/* The next of a task's upstream tasks, taken from *at (first: task->upstream); plan->n: no more. */
size_t screen_glance_plan_next(const screen_glance_plan *plan, const char **at);

void screen_glance_plan_clear(screen_glance_plan *plan);

#endif
