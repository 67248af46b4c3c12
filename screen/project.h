/*
 * screen/project.h - a campaign with all that it refers to, read and planned.
 */
#ifndef SCREEN_PROJECT_H
#define SCREEN_PROJECT_H

#include "candidates/catalog.h"
#include "candidates/library.h"
#include "descriptors/phase_data.h"
#include "dft-lite/base/status.h"
#include "results/database.h"
#include "screen/app.h"
#include "screen/campaign.h"
#include "screen/scheduler.h"
#include "workflows/assemble.h"
#include "workflows/plan.h"

typedef struct {
    const screen_app *app;          /* borrowed */
    screen_campaign *campaign;      /* all owned from here */
    cand_library *library;
    cand_catalog *catalog;
    desc_phase_data *phase_data;
    desc_curves *curves;
    desc_calculations calculations;
    flow_plan *plan;
} screen_project;

/* Reads the campaign and its data and plans it.  The caller owns *out; NULL on failure.  Errors: those
 * of the readers; DFT_EPARSE with file:line for a candidate that does not exist or is named twice. */
dft_status screen_project_open(const screen_app *app, const char *campaign_path,
                               screen_project **out, dft_error *err);
void screen_project_close(screen_project *project);         /* NULL is accepted */

/* The project of a run directory, from RUN/campaign.yaml.  Errors: as above, and DFT_ENOFILE when the
 * directory is not a run. */
dft_status screen_project_open_run(const screen_app *app, const char *run_dir,
                                   screen_project **out, dft_error *err);

/* The same with one of the campaign's candidates alone, which takes a fraction of the time; NULL: all.
 * Errors: as above, and DFT_EINPUT with the nearest name. */
dft_status screen_project_open_candidate(const screen_app *app, const char *run_dir, const char *only,
                                         screen_project **out, dft_error *err);

/* The scheduler's look_up: does this task have a finished record? */
int screen_project_look_up(const char *run_dir, const flow_task *task, screen_task_record *record);

/* Judges what is recorded.  status [n_tasks] gives the reasons of tasks without a record.  The caller
 * owns *out. */
dft_status screen_project_assemble(const screen_project *project, const char *run_dir,
                                   const screen_task_status *status, flow_assembly **out,
                                   dft_error *err);

/* Writes RUN/ranked.csv and RUN/results.sqlite.  Errors: DFT_EIO and those of results/. */
dft_status screen_project_publish(const char *run_dir, const flow_assembly *assembly,
                                  dft_error *err);

#endif
