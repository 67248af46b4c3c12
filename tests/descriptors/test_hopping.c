#include "descriptors/hopping.h"

#include "tests/support/assert_close.h"

/* kT = 0.0256926 eV at 298.15 K; kT/h = 6.2124e12 1/s (both by hand from CODATA 2014). */
static void the_thermal_frequency_is_six_terahertz_at_room_temperature(void **unused)
{
    (void)unused;
    assert_close(desc_thermal_frequency_hz(DESC_ROOM_TEMPERATURE_K), 6.2124e12, 1e8);
}

/* ln 10 kT = 0.0591593 eV a decade, as electrochemists know it; 5e-8 eV of rounding are 2e-6 of a
 * rate. */
static void sixty_millielectronvolts_are_a_factor_of_ten(void **unused)
{
    (void)unused;
    assert_close(desc_hop_rate_hz(0.0591593, DESC_ROOM_TEMPERATURE_K, 1e13), 1e12, 3e6);
    assert_close(desc_hop_rate_hz(0.0, DESC_ROOM_TEMPERATURE_K, 1e13), 1e13, 1.0);
    assert_close(desc_hop_anisotropy(0.1, 0.1591593, DESC_ROOM_TEMPERATURE_K), 10.0, 1e-4);
    assert_close(desc_hop_anisotropy(0.1, 0.1, DESC_ROOM_TEMPERATURE_K), 1.0, 1e-12);
}

static void missing_numbers_stay_missing(void **unused)
{
    (void)unused;
    assert_true(isnan(desc_hop_rate_hz(NAN, 300.0, 1e13)));
    assert_true(isnan(desc_hop_rate_hz(0.1, 0.0, 1e13)));
    assert_true(isnan(desc_hop_rate_hz(0.1, 300.0, NAN)));
    assert_true(isnan(desc_thermal_frequency_hz(-1.0)));
    assert_true(isnan(desc_hop_anisotropy(NAN, 0.1, 300.0)));
    assert_true(isnan(desc_hop_anisotropy(0.1, 0.1, NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_thermal_frequency_is_six_terahertz_at_room_temperature),
        cmocka_unit_test(sixty_millielectronvolts_are_a_factor_of_ten),
        cmocka_unit_test(missing_numbers_stay_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
