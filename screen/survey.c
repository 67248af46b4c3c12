#include "screen/survey.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "screen/progress.h"
#include "screen/run_dir.h"

static int look_up(void *context, const flow_task *task, screen_task_record *record)
{
    return screen_project_look_up(context, task, record);
}

dft_status screen_survey_make(const screen_project *project, const char *run_dir,
                              screen_survey *out, dft_error *err)
{
    const flow_graph *graph = &project->plan->graph;
    const screen_schedule_options options = { .jobs = 1, .look_up = look_up,
                                              .context = (void *)run_dir };

    out->status = dft_alloc(graph->n_tasks, sizeof *out->status);
    if (!out->status)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu tasks", graph->n_tasks);
    screen_schedule_survey(graph, &options, out->status);
    out->running = screen_run_dir_is_locked(run_dir);
    out->time_left_s = screen_state_read(run_dir, graph, out->running, out->status);
    return DFT_OK;
}

void screen_survey_clear(screen_survey *survey)
{
    free(survey->status);
    survey->status = NULL;
}
