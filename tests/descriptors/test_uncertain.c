#include "descriptors/uncertain.h"

#include "descriptors/random.h"
#include "tests/support/assert_close.h"

static double identity(double value, const void *context)
{
    (void)context;
    return value;
}

static void a_uniform_number_has_the_mean_and_spread_of_its_range(void **unused)
{
    const desc_uncertain x = desc_between(-7.0, 0.0);
    double sd;
    (void)unused;

    assert_close(desc_expected(&x, identity, NULL, &sd), -3.5, 1e-12);
    assert_close(sd, 7.0 / sqrt(12.0), 2e-3);                 /* 64 quantiles */
    assert_close(desc_quantile(&x, 0.25), -5.25, 1e-12);
}

static void a_normal_number_far_from_its_ends_is_normal(void **unused)
{
    const desc_uncertain x = desc_around(0.3, 0.1, 0.1, -INFINITY, INFINITY);
    double sd;
    (void)unused;

    assert_close(desc_expected(&x, identity, NULL, &sd), 0.3, 1e-12);
    assert_close(sd, 0.1, 2e-3);                              /* 64 quantiles miss the far tails */
    assert_close(desc_quantile(&x, 0.95), 0.3 + 0.1 * 1.6448536269514722, 1e-12);
}

/* Half normal: mean sigma sqrt(2/pi). */
static void a_normal_number_is_cut_off_where_it_cannot_be(void **unused)
{
    const desc_uncertain x = desc_around(0.0, 0.1, 0.1, 0.0, INFINITY);
    (void)unused;

    assert_close(desc_expected(&x, identity, NULL, NULL), 0.1 * sqrt(2.0 / 3.14159265358979), 5e-4);
    assert_true(desc_quantile(&x, 1e-9) >= 0.0);
}

static void each_side_of_a_split_error_has_its_own_width(void **unused)
{
    const desc_uncertain x = desc_around(-3.0, 0.1, 0.9, -INFINITY, INFINITY);
    (void)unused;

    assert_close(desc_quantile(&x, 0.1), -3.0, 1e-12);        /* 0.1/(0.1 + 0.9) lies below */
    const desc_uncertain up = desc_around(-5.0, 0.0, 1.0, -INFINITY, INFINITY);
    assert_close(desc_quantile(&up, 1e-12), -5.0, 1e-9);      /* nothing below */
    assert_close(desc_quantile(&up, 0.5), -5.0 - desc_normal_quantile(0.25), 1e-12);
}

static void quantiles_rise(void **unused)
{
    const desc_uncertain x[] = { desc_around(0.2, 0.3, 0.05, 0.0, 1.0), desc_between(0.0, 1.0),
                                 desc_around(3.0, 0.1, 0.1, 0.0, 1.0), desc_exact(0.4) };
    (void)unused;

    for (size_t i = 0; i < sizeof x / sizeof x[0]; i++)
        for (double u = 0.01; u < 0.985; u += 0.01)
            assert_true(desc_quantile(&x[i], u) <= desc_quantile(&x[i], u + 0.01));
    assert_close(desc_quantile(&x[2], 0.5), 3.0, 1e-9);       /* the range was a guess */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uniform_number_has_the_mean_and_spread_of_its_range),
        cmocka_unit_test(a_normal_number_far_from_its_ends_is_normal),
        cmocka_unit_test(a_normal_number_is_cut_off_where_it_cannot_be),
        cmocka_unit_test(each_side_of_a_split_error_has_its_own_width),
        cmocka_unit_test(quantiles_rise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
