#include "screen/options.h"
#include "screen/run_dir.h"
#include "screen/verbs.h"

static dft_status retry(const screen_app *app, const screen_command *command, int *code,
                        dft_error *err)
{
    const char *run_dir = command->word[0];
    screen_project *project = NULL;
    screen_run_options options = { .jobs = 1, .retry_failed = 1 };
    char path[4096];
    dft_status status = screen_project_open_run(app, run_dir, &project, err);

    if (status == DFT_OK) {
        options.jobs = project->campaign->jobs;
        status = screen_option_integer(command, "jobs", 1, 1024, &options.jobs, err);
    }
    if (status == DFT_OK)
        status = screen_option_number(command, "max-time-s", 0.001, 1e9, &options.max_time_s, err);
    if (status == DFT_OK)
        status = screen_run_dir_path(run_dir, "campaign.yaml", path, sizeof path, err);
    if (status == DFT_OK)
        status = screen_run_and_report(app, project, path, run_dir, &options, code, err);
    screen_project_close(project);
    return status;
}

int screen_verb_retry(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "jobs", "N", "threads at once; default from the campaign", NULL },
        { "max-time-s", "N", "stop after N seconds, keeping what is finished (exit 85)", NULL },
    };
    screen_command command = { "retry", "RUN", "Goes on with a run and computes its failed and unconverged "
        "tasks again, with what RUN/remedies.json has\nlearnt since.  RUN/campaign.yaml may be edited first: "
        "only what changes is computed.", 1, 1, sizeof option / sizeof option[0], option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, retry);
}
