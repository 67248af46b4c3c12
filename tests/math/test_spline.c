#include "dft-lite/math/spline.h"

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

#define N 101
#define H 0.05

static void spline_of(double (*f)(double), double slope_at_0, dft_spline *spline)
{
    double y[N];

    for (int i = 0; i < N; i++)
        y[i] = f(i * H);
    assert_true(dft_spline_init(spline, N, H, y, slope_at_0));
}

static double line(double x)     { return 2.0 - 3.0 * x; }
static double gaussian(double x) { return exp(-x * x); }
static double odd(double x)      { return x * exp(-x * x); }

/* A straight line has no second derivative anywhere: every end condition is met exactly. */
static void a_straight_line_is_reproduced_exactly(void **unused)
{
    dft_spline s;
    (void)unused;

    spline_of(line, -3.0, &s);
    for (double x = 0.0; x < (N - 1) * H; x += 0.0173)
        assert_close(dft_spline_value(&s, x), line(x), 1e-13);
    dft_spline_clear(&s);
}

/* Error bound of a clamped cubic spline: 5/384 h^4 max|f''''| = 5/384 * 6.25e-6 * 12 = 1e-6 for the
 * Gaussian, 20 in place of 12 for the odd function; the far end is flat there. */
static void interpolation_error_is_fourth_order(void **unused)
{
    dft_spline even_spline, odd_spline;
    (void)unused;

    spline_of(gaussian, 0.0, &even_spline);
    spline_of(odd, 1.0, &odd_spline);
    for (double x = 0.0; x < (N - 1) * H; x += 0.0173) {
        assert_close(dft_spline_value(&even_spline, x), gaussian(x), 1e-6);
        assert_close(dft_spline_value(&odd_spline, x), odd(x), 1.7e-6);
    }
    dft_spline_clear(&even_spline);
    dft_spline_clear(&odd_spline);
}

/* A wrong slope bends the first interval by h/4 * error there: 0.05 * 0.15. */
static void the_slope_at_zero_matters(void **unused)
{
    dft_spline s;
    const double x = 0.4 * H;
    (void)unused;

    spline_of(odd, 0.0, &s);
    assert_true(fabs(dft_spline_value(&s, x) - odd(x)) > 1e-3);
    dft_spline_clear(&s);
}

static void nodes_are_hit_and_beyond_the_end_it_is_zero(void **unused)
{
    dft_spline s;
    (void)unused;

    spline_of(line, -3.0, &s);
    assert_close(dft_spline_value(&s, 0.0), 2.0, 0.0);
    assert_close(dft_spline_value(&s, 40 * H), line(40 * H), 1e-13);
    assert_close(dft_spline_value(&s, (N - 1) * H), line((N - 1) * H), 1e-13);
    assert_close(dft_spline_value(&s, (N - 1) * H + 1e-9), 0.0, 0.0);
    assert_close(dft_spline_value(&s, N * H), 0.0, 0.0);
    assert_close(dft_spline_value(&s, 1e6), 0.0, 0.0);
    dft_spline_clear(&s);
}

/* The slope is that of the interpolating cubics: fourth-order differences inside an interval are exact
 * but for rounding; one-sided at the ends. */
static void the_slope_is_the_derivative_of_the_value(void **unused)
{
    dft_spline s;
    const double d = 0.01 * H;
    (void)unused;

    spline_of(odd, 1.0, &s);
    for (double x = 0.5 * H; x < (N - 1) * H; x += H) {
        const double slope = (8.0 * (dft_spline_value(&s, x + d) - dft_spline_value(&s, x - d))
                              - (dft_spline_value(&s, x + 2 * d) - dft_spline_value(&s, x - 2 * d)))
                           / (12.0 * d);
        assert_close(dft_spline_slope(&s, x), slope, 1e-11);
    }
    assert_close(dft_spline_slope(&s, 0.0), 1.0, 1e-12);
    for (int i = 1; i < N - 1; i++)     /* no kink at a node */
        assert_close(dft_spline_slope(&s, i * H * (1 - 1e-9)), dft_spline_slope(&s, i * H * (1 + 1e-9)),
                     1e-7);
    const double end = (N - 1) * H;
    assert_close(dft_spline_slope(&s, end),
                 (dft_spline_value(&s, end) - dft_spline_value(&s, end - 1e-6)) / 1e-6, 1e-7);
    assert_close(dft_spline_slope(&s, end + 1e-9), 0.0, 0.0);
    dft_spline_clear(&s);
}

static void each_refused_allocation_leaves_nothing_behind(void **unused)
{
    const double y[3] = { 1, 2, 3 };
    (void)unused;

    for (long n = 1; n <= 3; n++) {
        dft_spline s;
        dft_alloc_refuse_nth(n);
        assert_false(dft_spline_init(&s, 3, 1.0, y, 0.0));
        assert_null(s.y);
        assert_null(s.y2);
    }
    dft_alloc_refuse_nth(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_straight_line_is_reproduced_exactly),
        cmocka_unit_test(interpolation_error_is_fourth_order),
        cmocka_unit_test(the_slope_at_zero_matters),
        cmocka_unit_test(nodes_are_hit_and_beyond_the_end_it_is_zero),
        cmocka_unit_test(the_slope_is_the_derivative_of_the_value),
        cmocka_unit_test(each_refused_allocation_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
