#include "descriptors/adhesion.h"

#include <string.h>

#include "tests/support/assert_close.h"

static double angle(double work, double gamma, int *capped)
{
    desc_adhesion a;

    assert_int_equal(desc_adhesion_of(work, 0.0, 0.0, 1.0, gamma, &a, NULL), DFT_OK);
    assert_close(a.work, work, 1e-15);
    assert_close(a.spreading, work - 2.0 * gamma, 1e-15);
    *capped = a.capped;
    return a.contact_angle_deg;
}

/* W = 2 gamma: 0; W = gamma: 90; W = 0: 180 degrees; W = 3 gamma/2: 60. acos loses half the digits. */
static void young_dupre_has_its_limits(void **unused)
{
    int capped;
    (void)unused;

    assert_close(angle(1.0, 0.5, &capped), 0.0, 1e-6);
    assert_close(angle(0.5, 0.5, &capped), 90.0, 1e-12);
    assert_close(angle(0.75, 0.5, &capped), 60.0, 1e-12);
    assert_close(angle(0.0, 0.5, &capped), 180.0, 1e-6);
    assert_int_equal(capped, 0);
}

static void beyond_the_limits_the_angle_is_capped_and_says_so(void **unused)
{
    int capped;
    (void)unused;

    assert_close(angle(1.2, 0.5, &capped), 0.0, 0.0);
    assert_int_equal(capped, 1);
    assert_close(angle(-0.1, 0.5, &capped), 180.0, 1e-12);
    assert_int_equal(capped, -1);
}

/* Separated slabs have no work of adhesion; a bound interface has a lower energy and W > 0. */
static void a_bound_interface_has_a_positive_work(void **unused)
{
    desc_adhesion a;
    (void)unused;

    assert_int_equal(desc_adhesion_of(-10.0, -5.0, -15.4, 20.0, NAN, &a, NULL), DFT_OK);
    assert_close(a.work, 0.02, 1e-15);
    assert_true(isnan(a.spreading) && isnan(a.contact_angle_deg));
    assert_int_equal(a.capped, 0);
}

/* 4.35974465e-18 J / (5.2917721067e-11 m)^2 (CODATA 2014); 1e-3: its rounding. */
static void the_unit_is_joule_per_square_metre(void **unused)
{
    (void)unused;
    assert_close(DESC_HA_PER_BOHR2_J_PER_M2,
                 4.35974465e-18 / (5.2917721067e-11 * 5.2917721067e-11), 1e-3);
}

static void numbers_that_mean_nothing_are_refused(void **unused)
{
    desc_adhesion a;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_adhesion_of(NAN, 0.0, 0.0, 1.0, 1.0, &a, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "not a number"));
    assert_int_equal(desc_adhesion_of(0.0, 0.0, 0.0, 0.0, 1.0, &a, NULL), DFT_EINPUT);
    assert_int_equal(desc_adhesion_of(0.0, 0.0, 0.0, 1.0, -1.0, &a, NULL), DFT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(young_dupre_has_its_limits),
        cmocka_unit_test(beyond_the_limits_the_angle_is_capped_and_says_so),
        cmocka_unit_test(a_bound_interface_has_a_positive_work),
        cmocka_unit_test(the_unit_is_joule_per_square_metre),
        cmocka_unit_test(numbers_that_mean_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
