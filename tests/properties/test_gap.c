#include "dft-lite/properties/gap.h"

#include "tests/support/assert_close.h"

/* Two filled bands and one empty: edges at different k. */
static const double bands[3][3] = { { -0.5, -0.20, 0.10 }, { -0.4, -0.10, 0.30 },
                                    { -0.3, -0.15, 0.05 } };

static void indirect_and_direct_gap_of_known_bands(void **unused)
{
    const dft_gap gap = dft_gap_compute(1, 3, 3, bands[0], 0.0, 4.0);
    (void)unused;

    assert_true(gap.known);
    assert_false(gap.metal);
    assert_close(gap.indirect, 0.15, 1e-15);
    assert_close(gap.direct, 0.20, 1e-15);
    assert_int_equal(gap.k_valence, 1);
    assert_int_equal(gap.k_conduction, 2);
    assert_int_equal(gap.k_direct, 2);
    assert_close(gap.valence_top, -0.10, 1e-15);
    assert_close(gap.conduction_bottom, 0.05, 1e-15);
}

/* Anywhere in the gap: the Fermi level only counts bands. */
static void the_place_of_the_fermi_level_in_the_gap_does_not_matter(void **unused)
{
    (void)unused;
    for (double fermi = -0.09; fermi < 0.05; fermi += 0.02)
        assert_close(dft_gap_compute(1, 3, 3, bands[0], fermi, 4.0).indirect, 0.15, 1e-15);
}

static void a_band_that_crosses_the_fermi_level_is_a_metal(void **unused)
{
    const dft_gap gap = dft_gap_compute(1, 3, 3, bands[0], 0.07, 4.0);
    (void)unused;

    assert_true(gap.metal);
    assert_close(gap.indirect, 0.0, 0.0);
    assert_close(gap.direct, 0.0, 0.0);
}

/* One k-point of a metal: no crossing is seen, but the bands below do not hold the electrons. */
static void an_odd_electron_count_is_a_metal_without_spin(void **unused)
{
    (void)unused;
    assert_true(dft_gap_compute(1, 1, 3, bands[0], 0.0, 3.0).metal);
}

/* Up: two filled, down: one. The indirect gap is between channels, the direct one within one. */
static void channels_of_spin_have_their_own_number_of_filled_bands(void **unused)
{
    const double spin[2][2][3] = { { { -0.5, -0.20, 0.20 }, { -0.4, -0.10, 0.30 } },
                                   { { -0.4, 0.10, 0.40 }, { -0.3, 0.08, 0.50 } } };
    const dft_gap gap = dft_gap_compute(2, 2, 3, spin[0][0], 0.0, 3.0);
    (void)unused;

    assert_false(gap.metal);
    assert_close(gap.indirect, 0.18, 1e-15);
    assert_close(gap.direct, 0.38, 1e-15);
    assert_int_equal(gap.k_conduction, 1);
}

static void without_an_empty_band_nothing_is_said(void **unused)
{
    (void)unused;
    assert_false(dft_gap_compute(1, 3, 3, bands[0], 0.5, 6.0).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indirect_and_direct_gap_of_known_bands),
        cmocka_unit_test(the_place_of_the_fermi_level_in_the_gap_does_not_matter),
        cmocka_unit_test(a_band_that_crosses_the_fermi_level_is_a_metal),
        cmocka_unit_test(an_odd_electron_count_is_a_metal_without_spin),
        cmocka_unit_test(channels_of_spin_have_their_own_number_of_filled_bands),
        cmocka_unit_test(without_an_empty_band_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
