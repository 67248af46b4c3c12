#include <stdio.h>

#include "screen/budget_run.h"
#include "screen/options.h"
#include "screen/progress.h"
#include "screen/project.h"
#include "screen/runner.h"
#include "screen/survey.h"
#include "screen/verbs.h"

/* Candidates that could not even be planned; they have rows with reasons, and the run did not do all. */
static size_t count_unplanned(const screen_project *project)
{
    size_t n = 0;

    for (size_t i = 0; i < project->plan->n_candidates; i++)
        n += project->plan->candidate[i].reason[0] != '\0';
    return n;
}

static int report_stop(const screen_app *app, const screen_run_outcome *outcome, const char *run_dir)
{
    static const char *const why[] = { "", "a signal", "the time limit", "the STOP file" };

    fprintf(app->progress, "stopped by %s with %zu of %zu tasks done; ", why[outcome->end],
            outcome->count.n_done, outcome->count.n_total);
    if (outcome->end == SCREEN_ENDED_STOP_FILE)
        fprintf(app->progress, "remove %s/STOP, and the same command goes on from here\n", run_dir);
    else
        fprintf(app->progress, "the same command goes on from here\n");
    return SCREEN_EXIT_STOPPED;
}

static int report_end(const screen_app *app, const screen_project *project,
                      const screen_run_outcome *outcome, const char *run_dir)
{
    const size_t n_unplanned = count_unplanned(project);

    if (outcome->end != SCREEN_ENDED_DONE)
        return report_stop(app, outcome, run_dir);
    if (outcome->count.n_failed > 0) {
        fprintf(app->progress, "%zu of %zu tasks gave no usable number; 'liscreen status %s' says "
                "why\n", outcome->count.n_failed, outcome->count.n_total, run_dir);
        return SCREEN_EXIT_SOME_FAILED;
    }
    if (n_unplanned > 0) {
        fprintf(app->progress, "%zu of %zu candidates could not be planned: the ranked list says "
                "why\n", n_unplanned, project->plan->n_candidates);
        return SCREEN_EXIT_SOME_FAILED;
    }
    return 0;
}

dft_status screen_run_and_report(const screen_app *app, const screen_project *project,
                                 const char *campaign_path, const char *run_dir,
                                 const screen_run_options *options, int *code, dft_error *err)
{
    screen_run_outcome outcome;
    const dft_status status = screen_run(project, campaign_path, run_dir, options, &outcome, err);

    if (status == DFT_OK)
        *code = report_end(app, project, &outcome, run_dir);
    return status;
}

/* Nothing is written; a directory that is not there yet has nothing done. */
static dft_status show_plan(const screen_app *app, const screen_project *project, const char *run_dir,
                            int jobs, dft_error *err)
{
    screen_survey survey;
    const dft_status status = screen_survey_make(project, run_dir, &survey, err);

    if (status == DFT_OK)
        screen_print_plan(app->out, project->plan, survey.status, &project->campaign->protocol, jobs);
    screen_survey_clear(&survey);
    return status;
}

static dft_status run_budget(const screen_command *command, const screen_project *project,
                             const char *run_dir, const screen_run_options *options, int *code,
                             dft_error *err)
{
    screen_budget budget = { 0.0, 5 };
    int top_k = 5;
    dft_status status = screen_option_number(command, "budget-h", 1e-6, 1e9, &budget.core_h, err);

    if (status == DFT_OK)
        status = screen_option_integer(command, "top-k", 1, 1000000, &top_k, err);
    budget.top_k = (size_t)top_k;
    if (status == DFT_OK)
        status = screen_budget_run(project, command->word[0], run_dir, options, &budget, code, err);
    return status;
}

static dft_status run_project(const screen_app *app, const screen_command *command,
                              const screen_project *project, int *code, dft_error *err)
{
    const char *given = screen_option_value(command, "dir");
    screen_run_options options = { .jobs = project->campaign->jobs,
                                   .retry_failed = screen_option_value(command, "retry-failed") != NULL };
    char own[128];
    dft_status status = screen_option_integer(command, "jobs", 1, 1024, &options.jobs, err);

    snprintf(own, sizeof own, "results/runs/%s", project->campaign->name);

    if (status == DFT_OK)
        status = screen_option_number(command, "max-time-s", 0.001, 1e9, &options.max_time_s, err);
    if (status != DFT_OK)
        return status;
    if (screen_option_value(command, "dry-run")) {
        *code = count_unplanned(project) ? SCREEN_EXIT_SOME_FAILED : 0;
        return show_plan(app, project, given ? given : own, options.jobs, err);
    }
    if (screen_option_value(command, "budget-h"))
        return run_budget(command, project, given ? given : own, &options, code, err);
    return screen_run_and_report(app, project, command->word[0], given ? given : own, &options, code,
                                 err);
}

static dft_status run(const screen_app *app, const screen_command *command, int *code,
                      dft_error *err)
{
    screen_project *project = NULL;
    dft_status status = screen_project_open(app, command->word[0], &project, err);

    if (status == DFT_OK)
        status = run_project(app, command, project, code, err);
    screen_project_close(project);
    return status;
}

int screen_verb_run(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "dir", "RUN", "run directory; default results/runs/NAME", NULL },
        { "jobs", "N", "threads at once, one a task while there are enough; default from the campaign", NULL },
        { "max-time-s", "N", "stop after N seconds, keeping what is finished (exit 85)", NULL },
        { "budget-h", "H", "core hours in all: after the campaign, compute better whom the ranking needs", NULL },
        { "top-k", "K", "with --budget-h: how many count as the best; default 5", NULL },
        { "retry-failed", NULL, "compute failed and unconverged tasks again", NULL },
        { "dry-run", NULL, "print settings, tasks and what is done, core-hours and memory; do nothing", NULL },
    };
    screen_command command = { "run", "CAMPAIGN.yaml", "Computes a campaign and ranks its "
        "candidates.  Finished tasks are never computed again: an interrupted run goes on\nwith the "
        "same command.  RUN/STOP, SIGINT and SIGTERM stop it.", 1, 1,
        sizeof option / sizeof option[0], option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, run);
}
