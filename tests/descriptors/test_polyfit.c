#include "descriptors/polyfit.h"

#include <string.h>

#include "tests/support/assert_close.h"

/* Far from the origin and with a large constant, as energies are; 1e-9: rounding of y = 1e3 (1e-13)
 * over a range of t of order one, and of the third derivative's division by half_width^3. */
static void a_cubic_comes_back_with_its_derivatives(void **unused)
{
    double x[7], y[7];
    desc_polyfit fit;
    (void)unused;

    for (int i = 0; i < 7; i++) {
        x[i] = 50.0 + i;
        const double u = x[i] - 52.0;
        y[i] = -1000.0 + 0.5 * u + 2.0 * u * u - 0.1 * u * u * u;
    }
    assert_int_equal(desc_polyfit_run(7, x, y, 3, &fit, NULL), DFT_OK);
    assert_close(desc_polyfit_value(&fit, 52.0, 0), -1000.0, 1e-10);
    assert_close(desc_polyfit_value(&fit, 52.0, 1), 0.5, 1e-10);
    assert_close(desc_polyfit_value(&fit, 52.0, 2), 4.0, 1e-9);
    assert_close(desc_polyfit_value(&fit, 52.0, 3), -0.6, 1e-9);
    assert_close(desc_polyfit_value(&fit, 52.0, 4), 0.0, 0.0);
    assert_close(fit.rms, 0.0, 1e-11);
}

static void the_residual_is_the_scatter_that_no_polynomial_can_follow(void **unused)
{
    const double x[4] = { -1, 0, 1, 2 }, y[4] = { 1, -1, 1, -1 };
    desc_polyfit fit;
    (void)unused;

    /* Degree 0: mean 0, residuals 1. */
    assert_int_equal(desc_polyfit_run(4, x, y, 0, &fit, NULL), DFT_OK);
    assert_close(fit.c[0], 0.0, 1e-15);
    assert_close(fit.rms, 1.0, 1e-15);
}

static void minima_are_found_for_either_sign_of_the_curvature_at_the_centre(void **unused)
{
    double x[5], y[5];
    desc_polyfit fit;
    (void)unused;

    /* y = u^3/3 - u has its minimum at u = 1; seen from points around u = -1.5, c2 is negative. */
    for (int i = 0; i < 5; i++) {
        x[i] = -2.5 + 0.5 * i;
        y[i] = x[i] * x[i] * x[i] / 3.0 - x[i];
    }
    assert_int_equal(desc_polyfit_run(5, x, y, 3, &fit, NULL), DFT_OK);
    assert_close(desc_polyfit_minimum(&fit), 1.0, 1e-12);
    for (int i = 0; i < 5; i++)
        y[i] = (x[i] + 0.3) * (x[i] + 0.3);
    assert_int_equal(desc_polyfit_run(5, x, y, 2, &fit, NULL), DFT_OK);
    assert_close(desc_polyfit_minimum(&fit), -0.3, 1e-13);
}

static void curves_without_a_minimum_give_nan(void **unused)
{
    const double x[4] = { 0, 1, 2, 3 };
    const double down[4] = { 0, -1, -4, -9 }, rising[4] = { 0, 2, 10, 30 };  /* -x^2, x^3 + x */
    desc_polyfit fit;
    (void)unused;

    assert_int_equal(desc_polyfit_run(4, x, down, 2, &fit, NULL), DFT_OK);
    assert_true(isnan(desc_polyfit_minimum(&fit)));
    assert_int_equal(desc_polyfit_run(4, x, rising, 3, &fit, NULL), DFT_OK);
    assert_true(isnan(desc_polyfit_minimum(&fit)));
}

static void points_that_do_not_fix_the_polynomial_are_refused(void **unused)
{
    const double x[5] = { 1, 1, 2, 2, 2 }, y[5] = { 0, 1, 2, 3, NAN };
    desc_polyfit fit;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_polyfit_run(4, x, y, 2, &fit, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "differ"));
    assert_int_equal(desc_polyfit_run(2, x, y, 2, &fit, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "at least 3"));
    assert_int_equal(desc_polyfit_run(5, x, y, 1, &fit, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "finite"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cubic_comes_back_with_its_derivatives),
        cmocka_unit_test(the_residual_is_the_scatter_that_no_polynomial_can_follow),
        cmocka_unit_test(minima_are_found_for_either_sign_of_the_curvature_at_the_centre),
        cmocka_unit_test(curves_without_a_minimum_give_nan),
        cmocka_unit_test(points_that_do_not_fix_the_polynomial_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
