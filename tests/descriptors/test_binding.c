#include "descriptors/binding.h"

#include <string.h>

#include "tests/support/assert_close.h"

/* 1e-12: rounding of energies of order 1 eV. */
static void a_parabola_gives_its_minimum_exactly(void **unused)
{
    const double h[3] = { 2.5, 1.9, 2.2 };               /* in any order */
    double e[3];
    desc_height_scan scan;
    (void)unused;

    for (int i = 0; i < 3; i++)
        e[i] = -1.5 + 0.5 * 3.0 * (h[i] - 2.13) * (h[i] - 2.13);
    assert_int_equal(desc_height_scan_fit(3, h, e, &scan, NULL), DFT_OK);
    assert_true(scan.inside);
    assert_close(scan.height, 2.13, 1e-12);
    assert_close(scan.energy, -1.5, 1e-12);
    assert_close(scan.curvature, 3.0, 1e-11);
}

/* A Morse curve (depth 2 eV, width 1/A, minimum at 2 A) sampled every 0.2 A out to 3 A: the
 * parabola through the three points around the minimum misses the depth by under 5 meV (E'''d^3/6
 * of a quarter spacing and the like), whereas one through all points would miss it by tenths of an
 * eV. */
static void more_points_do_not_drag_the_minimum_of_an_anharmonic_curve(void **unused)
{
    double h[8], e[8];
    desc_height_scan scan;
    (void)unused;

    for (int i = 0; i < 8; i++) {
        h[i] = 1.55 + 0.2 * i;
        const double f = 1.0 - exp(-(h[i] - 2.0));
        e[i] = 2.0 * f * f - 2.0;
    }
    assert_int_equal(desc_height_scan_fit(8, h, e, &scan, NULL), DFT_OK);
    assert_true(scan.inside);
    assert_close(scan.height, 2.0, 0.02);
    assert_close(scan.energy, -2.0, 5e-3);
}

static void a_minimum_outside_the_heights_gives_no_number(void **unused)
{
    const double h[4] = { 1.0, 1.2, 1.4, 1.6 };
    const double rising[4] = { 1.0, 2.0, 3.5, 5.0 }, falling[4] = { 5.0, 3.0, 1.5, 0.5 };
    desc_height_scan scan;
    (void)unused;

    assert_int_equal(desc_height_scan_fit(4, h, rising, &scan, NULL), DFT_OK);
    assert_false(scan.inside);
    assert_true(isnan(scan.height) && isnan(scan.energy) && isnan(scan.curvature));
    assert_close(scan.lowest_height, 1.0, 0.0);
    assert_int_equal(desc_height_scan_fit(4, h, falling, &scan, NULL), DFT_OK);
    assert_false(scan.inside);
    assert_close(scan.lowest_height, 1.6, 0.0);
}

/* E = (h - 1.05)^2 at 1.0, 1.2, 1.4: the lowest sample is at the end, the minimum still inside. */
static void a_minimum_just_inside_the_end_is_accepted(void **unused)
{
    const double h[3] = { 1.0, 1.2, 1.4 }, e[3] = { 0.0025, 0.0225, 0.1225 };
    desc_height_scan scan;
    (void)unused;

    assert_int_equal(desc_height_scan_fit(3, h, e, &scan, NULL), DFT_OK);
    assert_true(scan.inside);
    assert_close(scan.height, 1.05, 1e-12);
}

static void unusable_scans_are_refused(void **unused)
{
    const double h[4] = { 1.0, 1.2, 1.2, NAN }, e[4] = { 0, 1, 2, 3 };
    desc_height_scan scan;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_height_scan_fit(2, h, e, &scan, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "at least 3"));
    assert_int_equal(desc_height_scan_fit(3, h, e, &scan, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "points 2 and 3"));
    assert_int_equal(desc_height_scan_fit(4, h, e, &scan, &err), DFT_EINPUT);
}

static void a_layer_of_bulk_lithium_on_bulk_lithium_binds_by_nothing(void **unused)
{
    const double mu = -1.9;
    (void)unused;

    assert_close(desc_li_binding_ev(9 * mu, 8 * mu, mu, 1), 0.0, 1e-13);
    assert_close(desc_li_binding_ev(-100.0, -95.0, -2.0, 2), -0.5, 1e-13);
}

static void on_111_the_bridge_above_the_hollows_is_the_estimate(void **unused)
{
    const desc_site sites[4] = { { "ontop", -0.10 }, { "bridge", -0.44 }, { "hcp", -0.48 },
                                 { "fcc", -0.50 } };
    desc_corrugation c;
    (void)unused;

    assert_int_equal(desc_corrugation_of_sites(4, sites, &c, NULL), DFT_OK);
    assert_close(c.corrugation_ev, 0.40, 1e-15);
    assert_close(c.barrier_estimate_ev, 0.06, 1e-15);
    assert_close(c.barrier_low_ev, 0.02, 1e-15);
    assert_close(c.barrier_high_ev, 0.40, 1e-15);
    assert_string_equal(c.barrier_basis, "bridge");
    assert_int_equal(c.lowest, 3);
    assert_int_equal(c.highest, 0);
    assert_int_equal(c.saddle, 1);
}

static void on_110_spreading_has_to_cross_both_bridges(void **unused)
{
    const desc_site sites[4] = { { "hollow", 0.0 }, { "longbridge", 0.1 }, { "shortbridge", 0.3 },
                                 { "ontop", 0.5 } };
    desc_corrugation c;
    (void)unused;

    assert_int_equal(desc_corrugation_of_sites(4, sites, &c, NULL), DFT_OK);
    assert_close(c.barrier_estimate_ev, 0.3, 1e-15);
    assert_int_equal(c.saddle, 2);
}

static void without_a_bridge_above_the_minimum_the_path_goes_around_the_maximum(void **unused)
{
    const desc_site none[3] = { { "ontop", 0.0 }, { "hollow", 0.2 }, { "top-of-mg", 0.9 } };
    const desc_site bridge_lowest[3] = { { "bridge", -1.0 }, { "hollow", -0.8 },
                                         { "ontop", -0.5 } };
    const desc_site two[2] = { { "hollow", 0.0 }, { "ontop", 0.7 } };
    desc_corrugation c;
    (void)unused;

    assert_int_equal(desc_corrugation_of_sites(3, none, &c, NULL), DFT_OK);
    assert_close(c.barrier_estimate_ev, 0.2, 1e-15);
    assert_string_equal(c.barrier_basis, "around-maximum");
    assert_int_equal(desc_corrugation_of_sites(3, bridge_lowest, &c, NULL), DFT_OK);
    assert_close(c.barrier_estimate_ev, 0.2, 1e-15);
    assert_int_equal(desc_corrugation_of_sites(2, two, &c, NULL), DFT_OK);
    assert_close(c.barrier_estimate_ev, 0.7, 1e-15);
    assert_string_equal(c.barrier_basis, "two-sites");
}

/* Three equal sites: no corrugation, whatever is called saddle. */
static void a_flat_surface_has_no_barrier(void **unused)
{
    const desc_site sites[3] = { { "fcc", -1.0 }, { "hcp", -1.0 }, { "ontop", -1.0 } };
    desc_corrugation c;
    (void)unused;

    assert_int_equal(desc_corrugation_of_sites(3, sites, &c, NULL), DFT_OK);
    assert_close(c.corrugation_ev, 0.0, 0.0);
    assert_close(c.barrier_estimate_ev, 0.0, 0.0);
}

static void sites_without_an_energy_are_counted_and_left_out(void **unused)
{
    const desc_site sites[3] = { { "fcc", -0.5 }, { "bridge", NAN }, { "ontop", -0.1 } };
    desc_corrugation c;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_corrugation_of_sites(3, sites, &c, NULL), DFT_OK);
    assert_int_equal(c.n_planned, 3);
    assert_int_equal(c.n_used, 2);
    assert_close(c.barrier_estimate_ev, 0.4, 1e-15);
    assert_int_equal(desc_corrugation_of_sites(2, sites, &c, NULL), DFT_OK);
    assert_true(isnan(c.corrugation_ev) && isnan(c.barrier_estimate_ev));
    assert_int_equal(c.lowest, 0);
    assert_int_equal(c.saddle, -1);
    assert_int_equal(desc_corrugation_of_sites(0, sites, &c, NULL), DFT_OK);
    assert_int_equal(c.lowest, -1);

    const desc_site infinite[1] = { { "fcc", INFINITY } };
    assert_int_equal(desc_corrugation_of_sites(1, infinite, &c, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "fcc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parabola_gives_its_minimum_exactly),
        cmocka_unit_test(more_points_do_not_drag_the_minimum_of_an_anharmonic_curve),
        cmocka_unit_test(a_minimum_outside_the_heights_gives_no_number),
        cmocka_unit_test(a_minimum_just_inside_the_end_is_accepted),
        cmocka_unit_test(unusable_scans_are_refused),
        cmocka_unit_test(a_layer_of_bulk_lithium_on_bulk_lithium_binds_by_nothing),
        cmocka_unit_test(on_111_the_bridge_above_the_hollows_is_the_estimate),
        cmocka_unit_test(on_110_spreading_has_to_cross_both_bridges),
        cmocka_unit_test(without_a_bridge_above_the_minimum_the_path_goes_around_the_maximum),
        cmocka_unit_test(a_flat_surface_has_no_barrier),
        cmocka_unit_test(sites_without_an_energy_are_counted_and_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
