#include "descriptors/collector.h"

#include <math.h>
#include <string.h>

#include "tests/support/assert_close.h"

static desc_collector foam(void)
{
    desc_collector c = desc_collector_defaults();

    c.size_um = 10.0;
    c.porosity = 0.8;
    c.thickness_um = 50.0;
    return c;
}

static desc_collector_result compute(const desc_collector *c)
{
    desc_collector_result r;

    assert_int_equal(desc_collector_compute(c, &r, NULL), DFT_OK);
    return r;
}

/* 4 * 0.8/10 um * 50 um = 16: by hand. */
static void straight_pores_have_the_area_of_cylinders(void **unused)
{
    desc_collector c = foam();
    (void)unused;

    c.current_ma_per_cm2 = 1.7;
    const desc_collector_result r = compute(&c);
    assert_close(r.area_ratio, 17.0, 1e-12);
    assert_close(r.local_current_ma_per_cm2, 0.1, 1e-12);
    assert_close(r.sand_time_factor, 289.0, 1e-9);
    c.shape = DESC_PORES_ROUND;
    assert_close(compute(&c).area_ratio, 25.0, 1e-12);
    c.shape = DESC_PORES_FIBRES;
    assert_close(compute(&c).area_ratio, 5.0, 1e-12);
}

static void pores_hold_2062_mah_per_cm3_and_the_solid_weighs(void **unused)
{
    desc_collector c = foam();
    (void)unused;

    c.density_g_per_cm3 = 8.96;                         /* copper */
    const desc_collector_result r = compute(&c);
    assert_close(r.pore_capacity_mah_per_cm2, 2061.93 * 0.8 * 50e-4, 1e-4);
    assert_close(r.mass_mg_per_cm2, 8.96, 1e-12);
    assert_close(r.mass_penalty, 0.2 * 8.96 / (0.8 * DESC_LI_G_PER_CM3), 1e-12);
    assert_close(r.composite_mah_per_g, DESC_LI_MAH_PER_G / (1.0 + r.mass_penalty), 1e-9);
}

/* Thin against the depth: all of it works; thick: the area stops growing. */
static void the_electrolyte_limits_how_deep_the_current_goes(void **unused)
{
    desc_collector c = foam();
    (void)unused;

    c.exchange_ma_per_cm2 = 1.0;
    c.conductivity_ms_per_cm = 10.0;
    const double delta = compute(&c).depth_um;
    /* sqrt(0.01 * 0.8^1.5 * 0.025693/(3200 * 0.001)) cm */
    assert_close(delta, 1e4 * sqrt(0.01 * pow(0.8, 1.5) * 0.0256926 / 3.2), 1e-3);
    c.thickness_um = 0.01 * delta;
    assert_close((compute(&c).area_ratio - 1.0) / (4.0 * 0.8 * 0.001 * delta), 1.0, 1e-4);
    c.thickness_um = 20.0 * delta;
    assert_close(compute(&c).area_ratio, 1.0 + 0.32 * delta, 1e-9);
}

static void nearly_closed_pores_are_a_flat_electrode(void **unused)
{
    desc_collector c = foam();
    (void)unused;

    c.porosity = 1e-9;
    const desc_collector_result r = compute(&c);
    assert_close(r.area_ratio, 1.0, 1e-7);
    assert_close(r.pore_capacity_mah_per_cm2, 0.0, 1e-7);
    assert_true(isnan(r.mass_mg_per_cm2));              /* no density was given */
    assert_true(isnan(r.local_current_ma_per_cm2));
}

static void impossible_collectors_are_refused_by_name(void **unused)
{
    desc_collector c = foam();
    desc_collector_result r;
    dft_error err;
    (void)unused;

    c.porosity = 1.0;
    assert_int_equal(desc_collector_compute(&c, &r, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "porosity"));
    c = foam();
    c.size_um = NAN;
    assert_int_equal(desc_collector_compute(&c, &r, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "size_um"));
    c = foam();
    c.current_ma_per_cm2 = -1.0;
    assert_int_equal(desc_collector_compute(&c, &r, &err), DFT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_pores_have_the_area_of_cylinders),
        cmocka_unit_test(pores_hold_2062_mah_per_cm3_and_the_solid_weighs),
        cmocka_unit_test(the_electrolyte_limits_how_deep_the_current_goes),
        cmocka_unit_test(nearly_closed_pores_are_a_flat_electrode),
        cmocka_unit_test(impossible_collectors_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
