#include "descriptors/surface_energy.h"

#include "tests/support/assert_close.h"

/* E = 2 A gamma + N E_bulk comes back; a wrong bulk energy drifts with N, the slope does not. */
static void the_slope_is_a_bulk_energy_that_does_not_drift(void **unused)
{
    const double area = 12.0, gamma = 0.003, bulk = -7.5, wrong = -7.501;
    double n[4], e[4], thin, thick;
    desc_surface_energy_line line;
    (void)unused;

    for (int i = 0; i < 4; i++) {
        n[i] = 4.0 + 2.0 * i;
        e[i] = 2.0 * area * gamma + n[i] * bulk;
    }
    assert_int_equal(desc_surface_energy_fit(4, n, e, area, &line, NULL), DFT_OK);
    assert_close(line.gamma, gamma, 1e-13);         /* rounding of 75 over 24 */
    assert_close(line.e_bulk, bulk, 1e-13);
    assert_true(line.rms < 1e-13);
    assert_int_equal(desc_surface_energy(e[0], n[0], bulk, area, &thin, NULL), DFT_OK);
    assert_close(thin, gamma, 1e-13);
    assert_int_equal(desc_surface_energy(e[0], n[0], wrong, area, &thin, NULL), DFT_OK);
    assert_int_equal(desc_surface_energy(e[3], n[3], wrong, area, &thick, NULL), DFT_OK);
    assert_close(thick - thin, 6.0 * 0.001 / 24.0, 1e-13);
}

/* Scatter +-s at the ends and middle of three slabs: the residual and the error follow by hand.  For
 * N = 1, 2, 3 and e = (s, -2 s, s): slope 0, intercept 0, sum of squares 6 s^2. */
static void scatter_becomes_an_error(void **unused)
{
    const double n[3] = { 1, 2, 3 }, e[3] = { 1e-3, -2e-3, 1e-3 };
    desc_surface_energy_line line;
    (void)unused;

    assert_int_equal(desc_surface_energy_fit(3, n, e, 0.5, &line, NULL), DFT_OK);
    assert_close(line.gamma, 0.0, 1e-15);
    assert_close(line.rms, sqrt(2.0) * 1e-3, 1e-15);
    assert_close(line.gamma_error, sqrt(6e-6 * (1.0 / 3.0 + 4.0 / 2.0)), 1e-12);
    assert_int_equal(desc_surface_energy_fit(2, n, e, 0.5, &line, NULL), DFT_OK);
    assert_true(isnan(line.gamma_error));
}

static void one_thickness_has_no_slope(void **unused)
{
    const double n[2] = { 4, 4 }, e[2] = { -1, -1 };
    desc_surface_energy_line line;
    double gamma;
    (void)unused;

    assert_int_equal(desc_surface_energy_fit(2, n, e, 1.0, &line, NULL), DFT_EINPUT);
    assert_int_equal(desc_surface_energy_fit(1, n, e, 1.0, &line, NULL), DFT_EINPUT);
    assert_int_equal(desc_surface_energy(NAN, 4.0, -1.0, 1.0, &gamma, NULL), DFT_EINPUT);
    assert_int_equal(desc_surface_energy(-1.0, 4.0, -1.0, 0.0, &gamma, NULL), DFT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slope_is_a_bulk_energy_that_does_not_drift),
        cmocka_unit_test(scatter_becomes_an_error),
        cmocka_unit_test(one_thickness_has_no_slope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
