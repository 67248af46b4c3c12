#include "tests/support/assert_close.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/memory.h"
#include "dft-lite/base/units.h"
#include "dft-lite/hamiltonian/system.h"
#include "dft-lite/scf/estimate.h"
#include "results/record.h"
#include "screen/project.h"
#include "workflows/cost.h"
#include "workflows/spec.h"

#define KEPT "results/reference/quick"

static void open_kept(screen_app *app, screen_project **project)
{
    dft_error err = { DFT_OK, "" };

    memset(app, 0, sizeof *app);
    assert_int_equal(screen_app_set_data_root(app, ".", NULL), DFT_OK);
    app->calculator = flow_calculator_dftlite();
    app->out = app->progress = stderr;
    if (screen_project_open(app, KEPT "/campaign.yaml", project, &err) != DFT_OK)
        fail_msg("%s", err.message);
}

/* New kinds of tasks and new settings of the protocol are no part of the keys of those that were there
 * before: nothing that is finished is computed again. */
static void the_kept_records_of_quick_are_those_of_its_campaign(void **unused)
{
    screen_app app;
    screen_project *project = NULL;
    (void)unused;

    open_kept(&app, &project);
    assert_int_equal(project->plan->graph.n_tasks, 112);
    for (size_t i = 0; i < project->plan->graph.n_tasks; i++)
        if (!res_record_exists(KEPT, project->plan->graph.task[i].key))
            fail_msg("%s %s has no record", project->plan->graph.task[i].subject,
                     project->plan->graph.task[i].step);
    screen_project_close(project);
}

/* What the engine counts after setting up; the planner's formula is for ordering and packing tasks. */
static double counted_mib(const flow_spec *spec)
{
    const dft_scf_options options = flow_spec_scf_options(spec, spec->structure->lattice, NULL);
    const dft_system_options chosen = dft_scf_system_options(&options);
    dft_system *system = NULL;
    dft_error err = { DFT_OK, "" };

    if (dft_system_create(spec->structure, &chosen, &system, &err) != DFT_OK)
        fail_msg("%s", err.message);
    const double memory = dft_scf_estimate_of(system, dft_scf_choose_bands(&options, system, 0),
                                              1).memory;
    dft_system_free(system);
    return memory / 1048576.0;
}

static void memory_is_estimated_as_the_engine_counts_it(void **unused)
{
    static const char *const subjects[] = { "Cu_fcc", "Al_fcc", "ZnO_wz", "MgO", "Ti2CO2", "LiZn_B32" };
    screen_app app;
    screen_project *project = NULL;
    (void)unused;

    open_kept(&app, &project);
    for (size_t k = 0; k < sizeof subjects / sizeof subjects[0]; k++) {
        const flow_graph *graph = &project->plan->graph;
        flow_spec spec;
        size_t i = 0;
        while (i < graph->n_tasks && strcmp(graph->task[i].subject, subjects[k]) != 0)
            i++;
        assert_true(i < graph->n_tasks);
        assert_int_equal(flow_spec_read("memory", graph->task[i].spec, &spec, NULL), DFT_OK);
        const double ratio = graph->task[i].memory_mib / counted_mib(&spec);
        print_message("%-10s %6.0f MiB, %.2f of the engine's count\n", subjects[k],
                      graph->task[i].memory_mib, ratio);
        assert_true(ratio > 1.0 / 1.5 && ratio < 1.5);
        flow_spec_clear(&spec);
    }
    screen_project_close(project);
}

/* Adhesion and solutions for those that 'refine' names; a name that is no candidate is refused with its line. */
static void what_is_to_be_refined_must_be_a_candidate(void **unused)
{
    static const char *const refine[2] = { "Al-111", "Cu-111" };
    char path[] = "/tmp/liscreen-refine-XXXXXX";
    const int fd = mkstemp(path);
    (void)unused;

    assert_true(fd >= 0);
    close(fd);
    for (int i = 0; i < 2; i++) {
        screen_app app;
        screen_project *project = NULL;
        dft_error err = { DFT_OK, "" };
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "name: t\ncandidates: [Al-111, Mg-0001]\ndescriptors: [equation_of_state, adhesion]\n"
                "refine: [%s]\n", refine[i]);
        fclose(file);
        memset(&app, 0, sizeof app);
        assert_int_equal(screen_app_set_data_root(&app, ".", NULL), DFT_OK);
        app.calculator = flow_calculator_dftlite();
        app.out = app.progress = stderr;
        const dft_status status = screen_project_open(&app, path, &project, &err);
        assert_int_equal(status, i ? DFT_EPARSE : DFT_OK);
        if (i) {
            assert_non_null(strstr(err.message, ":4: 'Cu-111'"));
        } else {
            assert_true(project->plan->candidate[0].adhesion != FLOW_NO_TASK);
            assert_true(project->plan->candidate[1].adhesion == FLOW_NO_TASK);
        }
        screen_project_close(project);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kept_records_of_quick_are_those_of_its_campaign),
        cmocka_unit_test(what_is_to_be_refined_must_be_a_candidate),
        cmocka_unit_test(memory_is_estimated_as_the_engine_counts_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
