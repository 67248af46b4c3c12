#include "tests/support/assert_close.h"

#include <string.h>

#include "workflows/protocol.h"

static void quick_holds_the_least_settings_of_a_ranking(void **unused)
{
    flow_protocol p;
    (void)unused;

    assert_int_equal(flow_protocol_find("quick", &p, NULL), DFT_OK);
    assert_true(p.layers >= 3 && p.vacuum_ang >= 10.0 && p.k_spacing_per_ang <= 0.35);
    assert_true(p.ecut_metal_ev >= 350.0 && p.ecut_o_c_ev >= 500.0);
    assert_true(p.eos_points >= 5 && p.heights >= 3);
    assert_int_equal(flow_protocol_check(&p, NULL), DFT_OK);
}

static void every_protocol_passes_its_own_check(void **unused)
{
    static const char *const names[] = { "quick", "fast", "balanced", "stringent" };
    flow_protocol p;
    (void)unused;

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(flow_protocol_find(names[i], &p, NULL), DFT_OK);
        assert_int_equal(flow_protocol_check(&p, NULL), DFT_OK);
    }
}

static void an_unknown_protocol_lists_the_known_ones(void **unused)
{
    flow_protocol p;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(flow_protocol_find("quik", &p, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "quick, fast, balanced"));
}

static void numbers_that_cannot_be_computed_with_are_refused(void **unused)
{
    flow_protocol p;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    flow_protocol_find("quick", &p, NULL);
    p.ecut_metal_ev = 0.0;
    assert_int_equal(flow_protocol_check(&p, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "ecut_ev: metal is 0"));
    flow_protocol_find("quick", &p, NULL);
    p.width_ev = -0.1;
    assert_int_equal(flow_protocol_check(&p, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "width_ev is -0.1"));
    flow_protocol_find("quick", &p, NULL);
    p.heights = 2;
    assert_int_equal(flow_protocol_check(&p, &err), DFT_EINPUT);
    flow_protocol_find("quick", &p, NULL);
    p.k_spacing_per_ang = NAN;
    assert_int_equal(flow_protocol_check(&p, &err), DFT_EINPUT);
    flow_protocol_find("quick", &p, NULL);
    strcpy(p.smearing, "fermi");
    assert_int_equal(flow_protocol_check(&p, &err), DFT_EINPUT);
}

static void hard_elements_get_the_higher_cutoff(void **unused)
{
    const int metal[2] = { 3, 80 }, oxide[2] = { 12, 8 }, carbide[2] = { 22, 6 };
    flow_protocol p;
    (void)unused;

    flow_protocol_find("quick", &p, NULL);
    assert_close(flow_protocol_ecut_ev(&p, 2, metal), 350.0, 0.0);
    assert_close(flow_protocol_ecut_ev(&p, 2, oxide), 500.0, 0.0);
    assert_close(flow_protocol_ecut_ev(&p, 2, carbide), 500.0, 0.0);
}

static void a_later_choice_of_data_replaces_the_earlier(void **unused)
{
    flow_protocol p;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    flow_protocol_find("quick", &p, NULL);
    const size_t before = p.n_data;
    assert_int_equal(flow_protocol_choose_data(&p, "Ag", "Ag.11", NULL), DFT_OK);
    assert_int_equal(flow_protocol_choose_data(&p, "Ag", "Ag.17", NULL), DFT_OK);
    assert_int_equal(p.n_data, before + 1);
    assert_string_equal(p.data[before].name, "Ag.17");
    assert_int_equal(flow_protocol_choose_data(&p, "Xx", "Xx.1", &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "'Xx' is not an element"));
}

static void elastic_tensors_have_a_mesh_of_their_own_and_else_that_of_bulks(void **unused)
{
    flow_protocol p;
    (void)unused;

    assert_int_equal(flow_protocol_find("fast", &p, NULL), DFT_OK);
    assert_close(flow_protocol_for(&p, FLOW_BULK).k_spacing_per_ang, 0.25, 0.0);
    assert_close(flow_protocol_for(&p, FLOW_STRAINED).k_spacing_per_ang, 0.15, 0.0);
    p.own[FLOW_STRAINED].k_spacing_per_ang = 0.0;
    assert_close(flow_protocol_for(&p, FLOW_STRAINED).k_spacing_per_ang, 0.25, 0.0);
    p.own[FLOW_BULK].k_spacing_per_ang = 0.0;
    assert_close(flow_protocol_for(&p, FLOW_STRAINED).k_spacing_per_ang, p.k_spacing_per_ang, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quick_holds_the_least_settings_of_a_ranking),
        cmocka_unit_test(every_protocol_passes_its_own_check),
        cmocka_unit_test(an_unknown_protocol_lists_the_known_ones),
        cmocka_unit_test(numbers_that_cannot_be_computed_with_are_refused),
        cmocka_unit_test(hard_elements_get_the_higher_cutoff),
        cmocka_unit_test(elastic_tensors_have_a_mesh_of_their_own_and_else_that_of_bulks),
        cmocka_unit_test(a_later_choice_of_data_replaces_the_earlier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
