#include "screen/judge.h"
#include "screen/options.h"
#include "screen/progress.h"
#include "screen/verbs.h"

static dft_status rank(const screen_app *app, const screen_command *command, int *code,
                       dft_error *err)
{
    const char *run_dir = command->word[0];
    screen_project *project = NULL;
    flow_assembly *assembly = NULL;
    size_t n = 0;
    dft_status status = screen_project_open_run(app, run_dir, &project, err);
    (void)code;

    if (status == DFT_OK)
        status = screen_judge(project, run_dir, &assembly, err);
    if (status == DFT_OK) {
        const res_ranked_row *rows = flow_assembly_rows(assembly, &n);
        screen_print_table(app->out, rows, n);
    }
    flow_assembly_free(assembly);
    screen_project_close(project);
    return status;
}

int screen_verb_rank(const screen_app *app, int argc, char **argv)
{
    screen_command command = { "rank", "RUN", "Judges the finished records of a run again, writes "
        "ranked.csv and the database, and prints the list.", 1, 1, 0, NULL, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, rank);
}
