#include <math.h>
#include <stdio.h>

#include "screen/options.h"
#include "screen/progress.h"
#include "screen/repair.h"
#include "screen/survey.h"
#include "screen/verbs.h"

static void print_tasks(const screen_app *app, const flow_graph *graph,
                        const screen_task_status *status, screen_task_state state)
{
    for (size_t i = 0; i < graph->n_tasks; i++)
        if (status[i].state == state)
            fprintf(app->out, "%-8s %-14s %-22s %s\n", screen_task_state_name(state),
                    graph->task[i].subject, graph->task[i].step, status[i].reason);
}

static void print_survey(const screen_app *app, const screen_project *project,
                         const screen_survey *survey)
{
    const flow_graph *graph = &project->plan->graph;
    const screen_schedule_count count =
        screen_schedule_progress(graph, survey->status, project->campaign->jobs);
    char left[32];

    fprintf(app->out, "%s: %zu of %zu tasks done, %zu without a usable number, %s\n",
            project->campaign->name, count.n_done, count.n_total, count.n_failed,
            survey->running ? "a program is running" : "no program is running");
    if (survey->running && isfinite(survey->time_left_s)) {
        screen_format_time(survey->time_left_s, left);
        fprintf(app->out, "about %s left when the last task ended\n", left);
    }
    print_tasks(app, graph, survey->status, SCREEN_RUNNING);
    print_tasks(app, graph, survey->status, SCREEN_FAILED);
    print_tasks(app, graph, survey->status, SCREEN_CRASHED);
    print_tasks(app, graph, survey->status, SCREEN_REFUSED);
    print_tasks(app, graph, survey->status, SCREEN_SKIPPED);
    for (size_t i = 0; i < project->plan->n_candidates; i++)
        if (project->plan->candidate[i].reason[0])
            fprintf(app->out, "unplanned %-14s %s\n", project->plan->candidate[i].candidate->name,
                    project->plan->candidate[i].reason);
}

static dft_status tell_status(const screen_app *app, const screen_command *command, int *code,
                              dft_error *err)
{
    const char *run_dir = command->word[0];
    screen_project *project = NULL;
    screen_survey survey = { NULL, 0, NAN };
    dft_status status = screen_project_open_run(app, run_dir, &project, err);
    (void)code;

    if (status == DFT_OK)
        status = screen_survey_make(project, run_dir, &survey, err);
    if (status == DFT_OK) {
        print_survey(app, project, &survey);
        screen_repair_report(app, run_dir, &project->plan->graph);
    }
    screen_survey_clear(&survey);
    screen_project_close(project);
    return status;
}

int screen_verb_status(const screen_app *app, int argc, char **argv)
{
    screen_command command = { "status", "RUN", "What a run has done, what runs now, and what gave "
        "no usable number and why.", 1, 1, 0, NULL, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, tell_status);
}
