#include "descriptors/coating.h"

#include <math.h>

#include "tests/support/assert_close.h"

/* LiAl: 993 mAh/g, 2.70 g/cm^3 -> 0.268 mAh/cm^2 per um; a tenth of 4 mAh/cm^2 is 1.49 um. */
static void aluminium_takes_a_tenth_of_the_charge_at_one_and_a_half_micrometres(void **unused)
{
    const desc_coating al = { 16.602, 1.0, 1.0, 1.0, NAN, 4.0 };
    desc_coating_range r;
    (void)unused;

    desc_coating_thickness(&al, &r);
    assert_close(1e3 * r.capacity_mah_per_cm2_per_nm, 0.26806, 1e-4);
    assert_close(r.high_nm, 1492.2, 0.5);
    assert_close(r.low_nm, 2.551, 1e-3);                /* ten times 2.55 A */
    assert_true(isnan(r.dissolves_nm));
}

/* 4 mAh/cm^2 are 149.2 umol Li; 0.1 % of that in silver of 10.27 cm^3/mol are 15 nm. */
static void what_dissolves_follows_from_the_plated_lithium(void **unused)
{
    const desc_coating ag = { 17.057, 1.0, 3.0, 1.0, 0.001, 4.0 };
    desc_coating_range r;
    (void)unused;

    desc_coating_thickness(&ag, &r);
    assert_close(r.dissolves_nm, 149.245e-6 * 0.001 / 0.999 * 10.272 * 1e7, 0.02);
}

static void without_a_reaction_there_is_no_upper_end(void **unused)
{
    desc_coating cu = { 11.81, 1.0, 0.0, 1.0, 0.0, 4.0 };
    desc_coating_range r;
    (void)unused;

    desc_coating_thickness(&cu, &r);
    assert_true(isnan(r.high_nm));
    assert_close(r.dissolves_nm, 0.0, 0.0);
    cu.n_li = NAN;
    desc_coating_thickness(&cu, &r);
    assert_true(isnan(r.high_nm) && isfinite(r.low_nm));
}

static void a_range_never_ends_below_its_beginning(void **unused)
{
    const desc_coating greedy = { 20.0, 1.0, 400.0, 1.0, NAN, 0.01 };
    desc_coating_range r;
    (void)unused;

    desc_coating_thickness(&greedy, &r);
    assert_true(r.uptake_nm < r.closed_nm);
    assert_close(r.high_nm, r.low_nm, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aluminium_takes_a_tenth_of_the_charge_at_one_and_a_half_micrometres),
        cmocka_unit_test(what_dissolves_follows_from_the_plated_lithium),
        cmocka_unit_test(without_a_reaction_there_is_no_upper_end),
        cmocka_unit_test(a_range_never_ends_below_its_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
