/*
 * screen/glance.h - a run at a glance: counts, what runs, what failed; in a tenth of a second.
 *
 * `liscreen run` leaves RUN/plan.tsv, so that nobody has to plan again to know what there is to do: a
 * header line with the campaign's name, then a line for each task in the order of the graph,
 *     KEY TAB subject TAB step TAB cost_s TAB upstream (places in this list, from 0, comma separated)
 * and a line "!" TAB candidate TAB reason for each candidate that could not be planned.  Outcomes come
 * from results/index.h, what runs from RUN/state.json, how far it is from RUN/logs/KEY.log.
 */
#ifndef SCREEN_GLANCE_H
#define SCREEN_GLANCE_H

#include <stddef.h>
#include <stdio.h>

#include "dft-lite/base/status.h"
#include "screen/app.h"
#include "workflows/plan.h"

/* Writes RUN/plan.tsv.  Errors: DFT_EIO, DFT_ENOMEM. */
dft_status screen_glance_write_plan(const char *run_dir, const char *campaign, const flow_plan *plan,
                                    dft_error *err);

#define SCREEN_MOST_RUNNING 256
#define SCREEN_MOST_REASONS 64

typedef struct {                    /* a process at work */
    char subject[64], step[48];
    int n_energies;                 /* finished in this task */
    int iteration;                  /* of the present SCF; 0: not begun */
    double change_ev, density_ev;   /* its last energy change and density error; NaN: unknown */
    double wall_s;                  /* of the present SCF */
} screen_glance_task;

typedef struct {                    /* tasks without a usable number, by what is said of them */
    char state[16];                 /* failed, unconverged, crashed, skipped, damaged, ... */
    char reason[320];
    char subject[64], step[48];     /* the first of them */
    size_t n;
} screen_glance_reason;

typedef struct {
    char campaign[128];
    size_t n_total, n_done, n_failed, n_unconverged, n_crashed, n_skipped, n_running, n_waiting;
    int is_running;                 /* a program holds the lock */
    double time_left_s;             /* from now; NaN: unknown */
    double core_h;                  /* of all records */
    size_t n_tasks_running;
    screen_glance_task task[SCREEN_MOST_RUNNING];
    size_t n_reasons;               /* the frequent ones first; more than there is room for: the first */
    screen_glance_reason reason[SCREEN_MOST_REASONS];
    size_t n_unplanned;
    char unplanned[SCREEN_MOST_REASONS][400];       /* "CANDIDATE: reason" */
} screen_glance;

/* Looks at a run.  Without RUN/plan.tsv, or with one older than RUN/campaign.yaml, the campaign is planned
 * anew, which takes longer, and the plan is kept for the next look.  Errors: those of screen_project_open_run and res_index_read; DFT_EPARSE for
 * a plan.tsv that is damaged (naming file and line). */
dft_status screen_glance_make(const screen_app *app, const char *run_dir, screen_glance *out,
                              dft_error *err);

/* For people.  width: of the terminal; 0: no limit. */
void screen_glance_print(FILE *out, const screen_glance *glance, int width);

/* One line, for logs and pipes: "quick: 57 of 112 tasks done, 1 without a usable number, ...". */
void screen_glance_line(FILE *out, const screen_glance *glance);

#endif
