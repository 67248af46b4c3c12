#include "workflows/profile.h"

#include "tests/support/assert_close.h"

/* A cubic is its own interpolation: e = -s^3 + 3 s^2 has its top 4 at s = 2. */
static void cubics_are_followed_exactly(void **unused)
{
    static const double s[] = { 0.0, 0.5, 1.5, 2.5 };
    double e[4], slope[4], at;
    (void)unused;

    for (int i = 0; i < 4; i++) {
        e[i] = s[i] * s[i] * (3.0 - s[i]);
        slope[i] = 3.0 * s[i] * (2.0 - s[i]);
    }
    assert_close(flow_profile_top(4, s, e, slope, &at), 4.0, 1e-14);
    assert_close(at, 2.0, 1e-14);
    assert_close(flow_profile_top(3, s, e, slope, &at), e[2], 1e-14);      /* rises to the end */
    assert_close(at, 1.5, 1e-14);
}

/* Parabolas, where the cubic term is zero, and flat lines. */
static void parabolas_and_lines_divide_by_nothing(void **unused)
{
    static const double s[] = { 0.0, 1.0 }, e[] = { 0.0, 0.0 }, up[] = { 1.0, -1.0 };
    static const double down[] = { -1.0, 1.0 }, flat[] = { 0.0, 0.0 };
    double at;
    (void)unused;

    assert_close(flow_profile_top(2, s, e, up, &at), 0.25, 1e-15);
    assert_close(at, 0.5, 1e-15);
    assert_close(flow_profile_top(2, s, e, down, &at), 0.0, 1e-15);
    assert_close(flow_profile_top(2, s, e, flat, NULL), 0.0, 1e-15);
}

/* A cosine barrier by four pieces: the cubic's error is h^4/384 of its fourth derivative,
 * (pi/2)^4/384 /2. */
static void a_cosine_is_met_to_the_error_of_cubics(void **unused)
{
    double s[4], e[4], slope[4];
    (void)unused;

    for (int i = 0; i < 4; i++) {
        s[i] = 6.283185307179586 * i / 3.0;
        e[i] = 0.5 * (1.0 - cos(s[i]));
        slope[i] = 0.5 * sin(s[i]);
    }
    assert_close(flow_profile_top(4, s, e, slope, NULL), 1.0,
                 0.5 * pow(6.2831853 / 3.0, 4) / 384.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cubics_are_followed_exactly),
        cmocka_unit_test(parabolas_and_lines_divide_by_nothing),
        cmocka_unit_test(a_cosine_is_met_to_the_error_of_cubics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
