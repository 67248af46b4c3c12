#include "screen/judge.h"
#include "screen/options.h"
#include "screen/progress.h"
#include "screen/rank_tables.h"
#include "screen/verbs.h"

static dft_status print_more(const screen_app *app, const screen_command *command,
                             const screen_project *project, const flow_assembly *assembly,
                             dft_error *err)
{
    const char *pairs = screen_option_value(command, "pairs");
    int top_k = 5, most = 0;
    double budget_core_h = 0.0;
    dft_status status = screen_option_integer(command, "top-k", 1, 1000000, &top_k, err);

    if (status == DFT_OK)
        status = screen_option_integer(command, "next", 1, 1000000, &most, err);
    if (status == DFT_OK)
        status = screen_print_standing(app->out, assembly, (size_t)top_k, err);
    if (status == DFT_OK && pairs)
        status = screen_print_pairs(app->out, assembly, pairs, err);
    if (status == DFT_OK && most > 0)
        status = screen_print_next(app->out, assembly, &project->calculations, (size_t)top_k,
                                   (size_t)most, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "budget-h", 0.0, 1e9, &budget_core_h, err);
    if (status == DFT_OK && screen_option_value(command, "budget-h"))
        status = screen_print_budget(app->out, assembly, &project->calculations, (size_t)top_k,
                                     budget_core_h, err);
    return status;
}

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
        status = print_more(app, command, project, assembly, err);
    }
    flow_assembly_free(assembly);
    screen_project_close(project);
    return status;
}

int screen_verb_rank(const screen_app *app, int argc, char **argv)
{
    screen_option options[] = {
        { "top-k", "K", "how many count as the best; default 5 (ranked.csv always says 5)", NULL },
        { "next", "N", "print the N calculations that would change the best K most", NULL },
        { "budget-h", "H", "print which candidates to compute better with H core hours", NULL },
        { "pairs", "A,B:C,D", "print the probability that each of A, B is above each of C, D", NULL },
    };
    screen_command command = { "rank", "RUN", "Judges the finished records of a run again, writes "
        "ranked.csv and the database, and prints the list and how sure it is.", 1, 1,
        sizeof options / sizeof options[0], options, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, rank);
}
