#include <math.h>
#include <unistd.h>

#include "screen/options.h"
#include "screen/progress.h"
#include "screen/run_dir.h"
#include "screen/survey.h"
#include "screen/verbs.h"

/* While a program runs there, that program publishes; the list is only shown. */
static dft_status rank(const screen_app *app, const screen_project *project, const char *run_dir,
                       dft_error *err)
{
    screen_survey survey = { NULL, 0, NAN };
    flow_assembly *assembly = NULL;
    int lock = -1;
    dft_status status = screen_survey_make(project, run_dir, &survey, err);

    if (status == DFT_OK)
        status = screen_project_assemble(project, run_dir, survey.status, &assembly, err);
    if (status == DFT_OK && !survey.running) {
        status = screen_run_dir_lock(run_dir, &lock, err);
        if (status == DFT_OK)
            status = screen_project_publish(run_dir, assembly, err);
    }
    if (status == DFT_OK) {
        size_t n = 0;
        const res_ranked_row *rows = flow_assembly_rows(assembly, &n);
        screen_print_table(app->out, rows, n);
    }
    if (lock >= 0)
        close(lock);
    flow_assembly_free(assembly);
    screen_survey_clear(&survey);
    return status;
}

int screen_verb_rank(const screen_app *app, int argc, char **argv)
{
    screen_command command = { "rank", "RUN", "Judges the finished records of a run again, writes "
        "ranked.csv and the database, and prints the list.", 1, 1, 0, NULL, 0, { NULL }, 0 };
    screen_project *project = NULL;
    dft_error err = { DFT_OK, "" };
    dft_status status = screen_options_parse(&command, argc, argv, &err);

    if (command.help) {
        screen_options_print_help(&command, app->out);
        return 0;
    }
    if (status == DFT_OK)
        status = screen_project_open_run(app, command.word[0], &project, &err);
    if (status == DFT_OK)
        status = rank(app, project, command.word[0], &err);
    screen_project_close(project);
    return status == DFT_OK ? 0 : screen_complain(app, "rank", &err);
}
