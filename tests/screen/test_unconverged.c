/* Numbers that did not converge, with the real engine: none reaches the ranked part of the list. */

#include "tests/screen/toy_campaign.h"

#include <math.h>

#include "workflows/calculator.h"

static pid_t launch_engine(const screen_app *app, const char *run_dir, const char *key, int threads,
                           int error_fd)
{
    return launch(app, run_dir, key, threads, error_fd);
}

/* Runs a campaign of Li(110) at the least settings with one more line of protocol; returns the list. */
static char *list_of(const char *name, const char *more, screen_run_outcome *outcome)
{
    char dir[128], path[160];
    screen_app app;
    screen_project *project = NULL;
    const screen_run_options options = { .jobs = 2 };
    dft_error err = { DFT_OK, "" };

    directory(dir, sizeof dir, name);
    snprintf(path, sizeof path, "%s/%s.yaml", root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "name: %s\ncandidates: [Li-110]\nprotocol: {name: quick, ecut_ev: {metal: 150, with_o_c: 150},\n"
            "  k_spacing_per_ang: 0.8, layers: 2, vacuum_ang: 8, energy_tol_ev: 1.0e-3%s}\n", name, more);
    assert_int_equal(fclose(file), 0);
    app_init(&app);
    app.calculator = flow_calculator_dftlite();
    app.launch = launch_engine;
    if (screen_project_open(&app, path, &project, &err) != DFT_OK
        || screen_run(project, path, dir, &options, outcome, &err) != DFT_OK)
        fail_msg("%s", err.message);
    screen_project_close(project);
    fclose(app.out);
    return content(dir, "ranked.csv");
}

static void an_scf_stopped_after_three_steps_is_not_ranked(void **unused)
{
    screen_run_outcome outcome;
    (void)unused;

    char *list = list_of("three-steps", ", max_scf_iterations: 3", &outcome);
    assert_true(outcome.count.n_failed > 0);
    assert_null(strstr(list, "\n1,"));
    assert_non_null(strstr(list, "\n,Li-110"));
    assert_non_null(strstr(list, "not converge"));
    free(list);
    list = list_of("enough-steps", "", &outcome);   /* the same with steps enough is */
    assert_non_null(strstr(list, "\n1,Li-110"));
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_scf_stopped_after_three_steps_is_not_ranked),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
