#include "tests/support/assert_close.h"

#include <string.h>

#include "workflows/coverage.h"

static json_t *record_of(double a, double b, double skew)
{
    return json_pack("{s:{s:{s:f}}, s:{s:[{s:{s:[[f,f,f],[f,f,f],[f,f,f]]}}]}}",
                     "inputs", "protocol", "adatom_spacing_ang", 8.0,
                     "results", "energies", "structure", "lattice_ang",
                     a, 0.0, 0.0, skew, b, 0.0, 0.0, 0.0, 20.0);
}

static void spacing_is_the_shortest_repeat_of_the_cell_not_a_lattice_vector(void **unused)
{
    /* a square of 3 A written with a2 = 2 a1 + the other side: 6.7 A long */
    json_t *record = record_of(3.0, 3.0, 6.0);
    (void)unused;

    assert_close(flow_coverage_spacing_ang(record), 3.0, 1e-12);
    json_decref(record);
    record = record_of(10.0, 4.0, 0.0);
    assert_close(flow_coverage_spacing_ang(record), 4.0, 1e-12);
    json_decref(record);
}

static void a_record_without_a_structure_has_no_spacing(void **unused)
{
    json_t *record = json_pack("{s:{s:[]}}", "results", "energies");
    (void)unused;

    assert_true(isnan(flow_coverage_spacing_ang(record)));
    assert_close(flow_coverage_wanted_ang(record), FLOW_APART_ANG, 0.0);
    json_decref(record);
}

static void the_protocol_may_want_more_than_five_angstrom(void **unused)
{
    json_t *record = record_of(6.0, 6.0, 0.0);
    char reason[320];
    (void)unused;

    flow_coverage_reason(FLOW_APART, flow_coverage_spacing_ang(record), flow_coverage_wanted_ang(record),
                         reason, sizeof reason);
    assert_string_equal(reason, "coverage: lithium atoms are 6.0 A apart on this cell, and those at least 8 A "
                        "apart are ranked here");
    json_decref(record);
}

static void each_ranking_keeps_the_other_coverage_out(void **unused)
{
    char reason[320];
    (void)unused;

    flow_coverage_reason(FLOW_MONOLAYER, 2.6, FLOW_APART_ANG, reason, sizeof reason);
    assert_string_equal(reason, "");
    flow_coverage_reason(FLOW_MONOLAYER, 7.4, FLOW_APART_ANG, reason, sizeof reason);
    assert_ptr_equal(strstr(reason, "coverage: lithium atoms are 7.4 A apart"), reason);
    flow_coverage_reason(FLOW_APART, 2.6, FLOW_APART_ANG, reason, sizeof reason);
    assert_ptr_equal(strstr(reason, "coverage: lithium atoms are 2.6 A apart"), reason);
    flow_coverage_reason(FLOW_APART, 5.0, FLOW_APART_ANG, reason, sizeof reason);
    assert_string_equal(reason, "");
    flow_coverage_reason(FLOW_MONOLAYER, NAN, FLOW_APART_ANG, reason, sizeof reason);
    assert_string_equal(reason, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spacing_is_the_shortest_repeat_of_the_cell_not_a_lattice_vector),
        cmocka_unit_test(a_record_without_a_structure_has_no_spacing),
        cmocka_unit_test(the_protocol_may_want_more_than_five_angstrom),
        cmocka_unit_test(each_ranking_keeps_the_other_coverage_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
