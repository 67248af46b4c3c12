#include "tests/support/assert_close.h"

#include "tests/bench/report.c"         /* its pieces are static */

static json_t *system_json(double wall_s, int is_converged, double ecut_ha)
{
    return json_pack("{s:f, s:b, s:i, s:f, s:{s:f}, s:s}", "wall_s", wall_s, "converged", is_converged,
                     "threads", 2, "free_energy_ev", -1.0, "settings", "ecut_ha", ecut_ha, "message", "done");
}

static json_t *file_json(json_t *system)
{
    return json_pack("{s:s, s:s, s:f, s:{s:o}}", "machine", "one", "date", "today", "load", 0.0, "systems",
                     "al", system);
}

static int slower(json_t *now, json_t *then)
{
    json_t *latest = file_json(now), *stored = file_json(then);
    const int n = bench_report(latest, stored);

    json_decref(latest);
    json_decref(stored);
    return n;
}

static void slower_means_by_more_than_five_percent_in_the_same_run(void **unused)
{
    (void)unused;

    assert_int_equal(slower(system_json(10.6, 1, 15.0), system_json(10.0, 1, 15.0)), 1);
    assert_int_equal(slower(system_json(10.4, 1, 15.0), system_json(10.0, 1, 15.0)), 0);
    assert_int_equal(slower(system_json(10.6, 1, 16.0), system_json(10.0, 1, 15.0)), 0);    /* other cutoff */
    assert_int_equal(slower(system_json(10.6, 0, 15.0), system_json(10.0, 1, 15.0)), 0);    /* no answer */
    assert_int_equal(slower(system_json(10.6, 1, 15.0), system_json(10.0, 0, 15.0)), 0);
}

static void operations_in_both_precisions_take_the_sum_of_their_limits(void **unused)
{
    json_t *limits = json_pack("{s:{s:f}, s:{s:f}}", "double", "fft", 10.0, "single", "fft", 20.0);
    json_t *phases = json_pack("{s:{s:{s:f, s:f}, s:{s:f, s:f}}}", "fft", "double", "flops", 30e9, "seconds",
                               4.0, "single", "flops", 20e9, "seconds", 1.5);
    (void)unused;

    /* 30 GF at 10 GF/s and 20 GF at 20 GF/s: 4 s.  1e-12: rounding. */
    assert_close(alone_s(phases, "fft", limits), 4.0, 1e-12);
    assert_close(alone_s(phases, "projection", limits), 0.0, 0.0);
    assert_close(seconds_of(phases, "fft"), 5.5, 1e-12);
    assert_close(seconds_of(phases, "local"), 0.0, 0.0);
    json_decref(limits);
    json_decref(phases);
}

static void what_is_not_there_is_no_number(void **unused)
{
    json_t *system = json_pack("{s:n, s:s}", "n_applied", "wall_s", "text");
    (void)unused;

    assert_true(isnan(number(system, "n_applied")));
    assert_true(isnan(number(system, "wall_s")));
    assert_true(isnan(number(NULL, "wall_s")));
    json_decref(system);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slower_means_by_more_than_five_percent_in_the_same_run),
        cmocka_unit_test(operations_in_both_precisions_take_the_sum_of_their_limits),
        cmocka_unit_test(what_is_not_there_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
