#include "descriptors/eos.h"

#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

#define N 7

/* Cu-like: 80 bohr^3, 140 GPa, B' = 5, sampled from 0.94 to 1.06 times the centre. */
static void sample(double centre, double v0, double noise, double *v, double *e)
{
    static const double scatter[N] = { 1, -1, 0.5, -0.5, 1, -1, 0.25 };

    for (int i = 0; i < N; i++) {
        v[i] = centre * (0.94 + 0.02 * i);
        e[i] = desc_eos_energy(v[i], v0, -197.3, 140.0 / DESC_HA_PER_BOHR3_GPA, 5.0)
               + noise * scatter[i];
    }
}

/* The data are Birch-Murnaghan, so the fit is exact but for rounding: 2e-14 Ha of E against the
 * 1e-3 Ha that the samples span gives 1e-10 in B; B' takes one more difference. */
static void birch_murnaghan_data_come_back_exactly(void **unused)
{
    double v[N], e[N];
    desc_eos eos;
    (void)unused;

    sample(80.0, 80.5, 0.0, v, e);
    assert_int_equal(desc_eos_fit(N, v, e, &eos, NULL), DFT_OK);
    assert_true(eos.minimum_inside);
    assert_close(eos.v0, 80.5, 1e-7);
    assert_close(eos.e0, -197.3, 1e-12);
    assert_close(eos.b0 * DESC_HA_PER_BOHR3_GPA, 140.0, 1e-6);
    assert_close(eos.b0_prime, 5.0, 1e-5);
    assert_true(eos.rms < 1e-12);
    assert_int_equal(eos.n_points, N);
}

/* 1 microhartree of scatter on samples that span 1 mHa: B within a few per cent, and rms says so.
 * */
static void noise_shows_in_the_residual_and_little_in_the_modulus(void **unused)
{
    double v[N], e[N];
    desc_eos eos;
    (void)unused;

    sample(80.0, 80.0, 1e-6, v, e);
    assert_int_equal(desc_eos_fit(N, v, e, &eos, NULL), DFT_OK);
    assert_true(eos.rms > 1e-7 && eos.rms < 1e-6);
    assert_close(eos.v0, 80.0, 0.1);
    assert_close(eos.b0 * DESC_HA_PER_BOHR3_GPA, 140.0, 5.0);
}

static void the_order_of_the_points_does_not_matter(void **unused)
{
    double v[N], e[N], v_back[N], e_back[N];
    desc_eos one, other;
    (void)unused;

    sample(80.0, 80.5, 1e-6, v, e);
    for (int i = 0; i < N; i++) {
        v_back[i] = v[N - 1 - i];
        e_back[i] = e[N - 1 - i];
    }
    assert_int_equal(desc_eos_fit(N, v, e, &one, NULL), DFT_OK);
    assert_int_equal(desc_eos_fit(N, v_back, e_back, &other, NULL), DFT_OK);
    assert_close(one.b0, other.b0, 1e-10);
    assert_close(one.v0, other.v0, 1e-8);
}

static void a_minimum_outside_the_samples_is_flagged_and_gives_no_number(void **unused)
{
    double v[N], e[N];
    desc_eos eos;
    (void)unused;

    sample(80.0, 90.0, 0.0, v, e);
    assert_int_equal(desc_eos_fit(N, v, e, &eos, NULL), DFT_OK);
    assert_false(eos.minimum_inside);
    assert_true(isnan(eos.v0) && isnan(eos.e0) && isnan(eos.b0) && isnan(eos.b0_prime));
    assert_close(eos.v_lowest, 80.0 * 1.06, 1e-12);
}

static void energies_that_only_bend_down_have_no_minimum(void **unused)
{
    const double v[5] = { 76, 78, 80, 82, 84 }, e[5] = { 0, 3, 4, 3, 0 };
    desc_eos eos;
    (void)unused;

    assert_int_equal(desc_eos_fit(5, v, e, &eos, NULL), DFT_OK);
    assert_false(eos.minimum_inside);
}

/* E = c0 + c1/A + c2/A^2 with minimum at A0 = -2 c2/c1: A E'' = 2 c2/A0^3, -1 - A E'''/E'' = 5. */
static void a_sheet_gives_its_area_and_layer_modulus(void **unused)
{
    const double a0 = 22.0, c2 = 30.0, c1 = -2.0 * c2 / a0;
    double area[6], e[6];
    desc_layer_eos eos;
    (void)unused;

    for (int i = 0; i < 6; i++) {
        area[i] = 20.5 + 0.5 * i;
        e[i] = -50.0 + c1 / area[i] + c2 / (area[i] * area[i]);
    }
    assert_int_equal(desc_layer_eos_fit(6, area, e, &eos, NULL), DFT_OK);
    assert_true(eos.minimum_inside);
    assert_close(eos.a0, a0, 1e-8);
    assert_close(eos.modulus, 2.0 * c2 / (a0 * a0 * a0), 1e-10);
    assert_close(eos.modulus_prime, 5.0, 1e-5);         /* E''' of the 1/A^2 and 1/A terms */
}

/* 1 Ha = 4.35974465e-18 J, 1 bohr = 5.2917721067e-11 m (CODATA 2014): 1e-3 is their rounding. */
static void one_hartree_per_square_bohr_is_1556_9_newton_per_metre(void **unused)
{
    (void)unused;
    assert_close(DESC_HA_PER_BOHR2_N_PER_M, 4.35974465e-18 / (5.2917721067e-11 * 5.2917721067e-11),
                 1e-3);
    assert_close(DESC_HA_PER_BOHR3_GPA, 29421.015, 1e-2);
}

static void unusable_points_are_refused_with_their_number(void **unused)
{
    double v[N], e[N];
    desc_eos eos;
    desc_layer_eos layer;
    dft_error err;
    (void)unused;

    sample(80.0, 80.0, 0.0, v, e);
    assert_int_equal(desc_eos_fit(4, v, e, &eos, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "4 points"));
    e[2] = NAN;
    assert_int_equal(desc_eos_fit(N, v, e, &eos, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "point 3"));
    sample(80.0, 80.0, 0.0, v, e);
    v[4] = -1.0;
    assert_int_equal(desc_layer_eos_fit(N, v, e, &layer, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "area -1"));
    for (int i = 0; i < N; i++)
        v[i] = 80.0 + i % 3;
    assert_int_equal(desc_eos_fit(N, v, e, &eos, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "differ"));
}

static void refused_memory_is_reported(void **unused)
{
    double v[N], e[N];
    desc_eos eos;
    (void)unused;

    sample(80.0, 80.0, 0.0, v, e);
    dft_alloc_refuse_nth(1);
    assert_int_equal(desc_eos_fit(N, v, e, &eos, NULL), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(birch_murnaghan_data_come_back_exactly),
        cmocka_unit_test(noise_shows_in_the_residual_and_little_in_the_modulus),
        cmocka_unit_test(the_order_of_the_points_does_not_matter),
        cmocka_unit_test(a_minimum_outside_the_samples_is_flagged_and_gives_no_number),
        cmocka_unit_test(energies_that_only_bend_down_have_no_minimum),
        cmocka_unit_test(a_sheet_gives_its_area_and_layer_modulus),
        cmocka_unit_test(one_hartree_per_square_bohr_is_1556_9_newton_per_metre),
        cmocka_unit_test(unusable_points_are_refused_with_their_number),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
