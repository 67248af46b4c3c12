#include "descriptors/solubility.h"

#include <string.h>

#include "tests/support/assert_close.h"

#define DATA "descriptors/data"                  /* tests run from the top of the repository */

static int read_data(void **state)
{
    desc_phase_data *data = NULL;

    desc_phase_data_read(DATA, &data, NULL);
    *state = data;
    return data ? 0 : -1;
}

static int free_data(void **state)
{
    desc_phase_data_free(*state);
    return 0;
}

static desc_solubility_value at(void **state, const char *element, double t)
{
    desc_solubility_value v;

    assert_int_equal(desc_solubility_at(*state, element, t, NULL, &v, NULL), DFT_OK);
    assert_true(strlen(v.basis) > 0);
    return v;
}

static void room_temperature_gives_the_recommended_values(void **state)
{
    static const char *const elements[] = { "Au", "Zn", "Mg", "Al", "Sn", "Pb", "Bi", "Sb" };

    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        desc_solubility row;
        const desc_solubility_value v = at(state, elements[i], 298.15);
        desc_solubility_in_li(*state, elements[i], &row);
        assert_close(v.x, row.x, 1e-12);
        assert_int_equal(v.origin, row.origin);
        if (!isnan(row.high))
            assert_close(v.high, row.high, 1e-12);
    }
}

/* 0.7 at.% Au at 428 K, 1.5 at.% Zn at 434 K (Pelton): the curve passes through them. */
static void the_curve_passes_through_what_was_measured(void **state)
{
    assert_close(at(state, "Au", 428.0).x, 0.007, 1e-9);
    assert_close(at(state, "Zn", 434.0).x, 0.015, 1e-9);
    assert_close(at(state, "Al", 400.0).x, 3.1e-4, 1e-9);        /* CALPHAD points */
    assert_close(at(state, "Mg", 348.15).x, 0.676, 1e-9);
}

static void solubility_rises_with_temperature_and_keeps_its_bounds(void **state)
{
    static const char *const elements[] = { "Au", "Zn", "Al", "Sn", "Bi" };

    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        double before = 0.0;
        for (double t = 280.0; t <= 450.0; t += 10.0) {
            const desc_solubility_value v = at(state, elements[i], t);
            assert_true(v.x > before);
            assert_true(isnan(v.low) || v.low <= v.x);
            assert_true(isnan(v.high) || v.high >= v.x);
            before = v.x;
        }
    }
}

/* Without a second point: x = exp(-H/RT), so ln x goes as 1/T. */
static void a_single_point_takes_the_slope_without_excess_entropy(void **state)
{
    const double x_298 = at(state, "Sn", 298.15).x;

    assert_close(log(at(state, "Sn", 400.0).x) * 400.0, log(x_298) * 298.15, 1e-9);
}

static void calphad_comes_first_but_not_before_a_known_nil(void **state)
{
    const desc_solubility_value given = { 350.0, 2e-3, NAN, NAN, DESC_ORIGIN_CALPHAD, "a set" };
    desc_solubility_value v;

    assert_int_equal(desc_solubility_at(*state, "Zn", 350.0, &given, &v, NULL), DFT_OK);
    assert_close(v.x, 2e-3, 0.0);
    assert_int_equal(v.origin, DESC_ORIGIN_CALPHAD);
    assert_close(v.high, 2e-3 * 1.5e-2 / 4e-3, 1e-12);           /* the row's relative bounds */
    assert_int_equal(desc_solubility_at(*state, "Cu", 350.0, &given, &v, NULL), DFT_OK);
    assert_close(v.x, 0.0, 0.0);                 /* its parameter is a placeholder */
    assert_int_equal(v.origin, DESC_ORIGIN_NONE);
}

static void missing_says_why(void **state)
{
    desc_solubility_value v = at(state, "Cd", 298.15);

    assert_int_equal(v.origin, DESC_ORIGIN_MISSING);
    assert_true(isnan(v.x));
    assert_non_null(strstr(v.basis, "CdLi3"));
    v = at(state, "Pt", 298.15);
    assert_int_equal(v.origin, DESC_ORIGIN_MISSING);
    assert_non_null(strstr(v.basis, "not dilute"));
    v = at(state, "W", 298.15);
    assert_int_equal(v.origin, DESC_ORIGIN_MISSING);
    v = at(state, "Hg", 298.15);                                 /* an upper bound is not a value */
    assert_true(isnan(v.x));
    assert_close(v.high, 4.6e-2, 1e-12);
}

static void below_one_in_a_million_is_none(void **state)
{
    const desc_solubility_value v = at(state, "Al", 230.0);

    assert_int_equal(v.origin, DESC_ORIGIN_NONE);
    assert_close(v.x, 0.0, 0.0);
    assert_int_equal(at(state, "Fe", 298.15).origin, DESC_ORIGIN_NONE);
}

static void an_unknown_bound_stays_unknown(void **state)
{
    assert_true(isnan(at(state, "Sn", 400.0).low));
    assert_true(at(state, "Sn", 400.0).high > 0.0);
}

static void bcc_lithium_ends_where_it_melts(void **state)
{
    desc_solubility_value v;
    dft_error err;

    assert_int_equal(desc_solubility_at(*state, "Zn", 500.0, NULL, &v, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "453.6"));
    assert_int_equal(desc_solubility_at(*state, "Zn", NAN, NULL, &v, &err), DFT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_temperature_gives_the_recommended_values),
        cmocka_unit_test(the_curve_passes_through_what_was_measured),
        cmocka_unit_test(solubility_rises_with_temperature_and_keeps_its_bounds),
        cmocka_unit_test(a_single_point_takes_the_slope_without_excess_entropy),
        cmocka_unit_test(calphad_comes_first_but_not_before_a_known_nil),
        cmocka_unit_test(missing_says_why),
        cmocka_unit_test(below_one_in_a_million_is_none),
        cmocka_unit_test(an_unknown_bound_stays_unknown),
        cmocka_unit_test(bcc_lithium_ends_where_it_melts),
    };
    return cmocka_run_group_tests(tests, read_data, free_data);
}
