#include <stdio.h>

#include "results/observations.h"
#include "screen/judge.h"
#include "screen/observe.h"
#include "screen/options.h"
#include "screen/run_dir.h"
#include "screen/tables.h"
#include "screen/verbs.h"

/* The database with the new rows; while a program runs here, it will make it. */
static dft_status renew(const screen_app *app, const char *run_dir, dft_error *err)
{
    screen_project *project = NULL;
    flow_assembly *assembly = NULL;
    dft_status status = screen_project_open_run(app, run_dir, &project, err);

    if (status == DFT_OK)
        status = screen_judge(project, run_dir, &assembly, err);
    flow_assembly_free(assembly);
    screen_project_close(project);
    if (screen_run_dir_is_locked(run_dir))
        fprintf(app->progress, "a program runs in %s; what was measured is kept, and shown once it "
                "has ended\n", run_dir);
    return status;
}

static dft_status take_file(const screen_app *app, const char *run_dir, const char *path,
                            dft_error *err)
{
    res_observations_report report;
    const dft_status status = res_observations_keep(run_dir, path, &report, err);

    if (status != DFT_OK)
        return status;
    if (report.n_empty)
        fprintf(app->progress, "%zu rows of %s have no value yet and are passed over\n",
                report.n_empty, path);
    if (!report.n_values)
        return DFT_OK;
    fprintf(app->progress, "%zu values of %s %s %s\n", report.n_values, path,
            report.is_new ? "are kept as" : "are there already, as", report.path);
    return report.is_new ? renew(app, run_dir, err) : DFT_OK;
}

static dft_status observe(const screen_app *app, const screen_command *command, int *code,
                          dft_error *err)
{
    const char *run_dir = command->word[0], *path = screen_option_value(command, "file");
    dft_status status = screen_tables_make(app, run_dir, err);
    (void)code;

    if (status == DFT_OK && path)
        status = take_file(app, run_dir, path, err);
    return status == DFT_OK ? screen_observe_print(app->out, run_dir, err) : status;
}

int screen_verb_observe(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "file", "RESULTS.csv", "the filled-in table of 'liscreen propose', or any CSV with candidate, "
          "quantity, value", NULL },
    };
    screen_command command = { "observe", "RUN", "Takes measured values into a run, shows them beside "
        "what was predicted, and says whether they ask for other\nweights: only an improvement that "
        "holds out is called one.", 1, 1, 1, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, observe);
}
