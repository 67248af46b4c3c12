#include "tests/support/assert_close.h"

#include "tests/bench/stats.h"

static void median_ignores_the_odd_one_out(void **unused)
{
    double odd[] = { 5.0, 100.0, 4.0 }, even[] = { 4.0, 1.0, 100.0, 2.0 }, one[] = { 7.0 };
    (void)unused;

    assert_close(bench_median(3, odd), 5.0, 0.0);
    assert_close(bench_median(4, even), 3.0, 0.0);
    assert_close(bench_median(1, one), 7.0, 0.0);
    assert_true(isnan(bench_median(0, one)));
}

static void exponent_of_a_power_law_is_its_power(void **unused)
{
    const double x[] = { 8.0, 32.0, 64.0, 128.0 };
    double y[4];
    (void)unused;

    for (int i = 0; i < 4; i++)
        y[i] = 0.3 * pow(x[i], 2.6);
    assert_close(bench_exponent(4, x, y), 2.6, 1e-13);          /* rounding */
    /* Two points: ln(y2/y1)/ln(x2/x1). */
    assert_close(bench_exponent(2, (double[]){ 32.0, 128.0 }, (double[]){ 1.0, 8.0 }), 1.5, 1e-14);
}

static void one_size_has_no_exponent(void **unused)
{
    (void)unused;

    assert_true(isnan(bench_exponent(0, NULL, NULL)));
    assert_true(isnan(bench_exponent(1, (double[]){ 8.0 }, (double[]){ 1.0 })));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(median_ignores_the_odd_one_out),
        cmocka_unit_test(exponent_of_a_power_law_is_its_power),
        cmocka_unit_test(one_size_has_no_exponent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
