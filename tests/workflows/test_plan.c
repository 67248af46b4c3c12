#include "tests/support/assert_close.h"

#include <string.h>

#include "tests/workflows/toy_run.h"

static void one_metal_facet_is_seven_tasks(void **unused)
{
    static const char *const names[] = { "Al-111" };
    toy_run toy;
    (void)unused;

    toy_run_init(&toy);
    toy_run_plan(&toy, 1, names, 1);
    /* eos, slab, ontop, bridge, fcc, hcp, and bulk lithium */
    assert_int_equal(toy.plan->graph.n_tasks, 7);
    assert_int_equal(toy.plan->candidate[0].n_sites, 4);
    assert_string_equal(toy.plan->candidate[0].reason, "");
    for (size_t i = 0; i < 7; i++)
        for (size_t u = 0; u < toy.plan->graph.task[i].n_upstream; u++)
            assert_true(toy.plan->graph.task[i].upstream[u] < i);
    toy_run_clear(&toy);
}

static void lithium_is_computed_once_for_each_cutoff(void **unused)
{
    static const char *const names[] = { "Al-111", "Cu-111", "MgO-100" };
    toy_run toy;
    (void)unused;

    toy_run_init(&toy);
    toy_run_plan(&toy, 3, names, 1);
    const flow_candidate_plan *c = toy.plan->candidate;
    assert_int_equal(c[0].reference, c[1].reference);
    assert_int_not_equal(c[0].reference, c[2].reference);
    assert_close(c[0].ecut_ev, 350.0, 0.0);
    assert_close(c[2].ecut_ev, 500.0, 0.0);
    toy_run_clear(&toy);
}

static void a_candidate_without_data_keeps_its_reason_and_spares_the_others(void **unused)
{
    static const char *const names[] = { "Pt-111", "Al-111" };
    toy_run toy;
    (void)unused;

    toy_run_init(&toy);
    toy_run_plan(&toy, 2, names, 1);
    assert_string_equal(toy.plan->candidate[0].reason, "no data set for Pt");
    assert_true(toy.plan->candidate[0].eos == FLOW_NO_TASK);
    assert_string_equal(toy.plan->candidate[1].reason, "");
    assert_int_equal(toy.plan->graph.n_tasks, 7);
    toy_run_clear(&toy);
}

/* dftlite's own options mean nothing to the reader of a campaign's table. */
static void a_missing_data_set_names_the_campaigns_keys(void **unused)
{
    static const char *const names[] = { "Ag-111", "Ag-111" };
    toy_run toy;
    (void)unused;

    toy_run_init(&toy);
    toy.calculator = *flow_calculator_dftlite();
    assert_int_equal(flow_protocol_choose_data(&toy.protocol, "Ag", "Ag.99", NULL), DFT_OK);
    for (int i = 0; i < 2; i++) {
        toy_run_plan(&toy, 1, names, 0);
        const char *reason = toy.plan->candidate[0].reason;
        assert_non_null(strstr(reason, i ? "Ag.99.HSE06" : "Ag.99.PBE"));
        assert_non_null(strstr(reason, "in the campaign's protocol choose one that is there (data: "
                                       "{Ag: NAME}) or another xc, or install Debian's gpaw-data"));
        assert_null(strstr(reason, "--"));
        strcpy(toy.protocol.xc, "HSE06");
    }
    toy_run_clear(&toy);
}

static void without_binding_only_equations_of_state_are_planned(void **unused)
{
    static const char *const names[] = { "Al-111", "Cu-111" };
    toy_run toy;
    (void)unused;

    toy_run_init(&toy);
    toy_run_plan(&toy, 2, names, 0);
    assert_int_equal(toy.plan->graph.n_tasks, 2);
    toy_run_clear(&toy);
}

static void keys_repeat_and_follow_the_protocol(void **unused)
{
    static const char *const names[] = { "Al-111" };
    toy_run toy;
    char key[FLOW_KEY_SIZE];
    (void)unused;

    toy_run_init(&toy);
    toy_run_plan(&toy, 1, names, 1);
    strcpy(key, toy.plan->graph.task[3].key);
    toy_run_plan(&toy, 1, names, 1);
    assert_string_equal(toy.plan->graph.task[3].key, key);
    toy.protocol.layers = 5;
    toy_run_plan(&toy, 1, names, 1);
    assert_int_equal(flow_graph_find(&toy.plan->graph, key), toy.plan->graph.n_tasks);
    toy_run_clear(&toy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_metal_facet_is_seven_tasks),
        cmocka_unit_test(lithium_is_computed_once_for_each_cutoff),
        cmocka_unit_test(a_candidate_without_data_keeps_its_reason_and_spares_the_others),
        cmocka_unit_test(a_missing_data_set_names_the_campaigns_keys),
        cmocka_unit_test(without_binding_only_equations_of_state_are_planned),
        cmocka_unit_test(keys_repeat_and_follow_the_protocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
