#include "tests/screen/calc_runner.h"

/* Pair forces without pressure make C12 = C44 (Cauchy); under pressure C12 - C44 = 2 P.  The cell is written
 * with 8 digits and the slopes are good to h^2: 0.1 % of C11. */
static void a_crystal_gets_its_tensor_and_averages(void **state)
{
    calc_scratch *s = *state;

    s->lj = (lj_settings){ .cutoff = 14.0, .element = { { 18, 4e-4, 6.4 } } };
    calc_write_fcc(s, 9.9, 18);
    assert_int_equal(CALC(s, "elastic", "--two-amplitudes"), 0);
    json_t *out = calc_json(s);
    const double c11 = calc_entry(out, "c_gpa", 0, 0), c12 = calc_entry(out, "c_gpa", 0, 1);
    const double c44 = calc_entry(out, "c_gpa", 3, 3);
    const double pressure = -json_number_value(json_array_get(json_object_get(out, "residual_stress_gpa"), 0));
    assert_true(c11 > c12 && c12 > 0.0);
    assert_close(c12 - c44, 2.0 * pressure, 1e-3 * c11);
    assert_close(calc_number(out, "bulk_gpa"), (c11 + 2.0 * c12) / 3.0, 1e-9);
    assert_true(calc_number(out, "shear_gpa") > 0.0 && calc_number(out, "young_gpa") > 0.0);
    assert_close(calc_number(out, "zener"), 2.0 * c44 / (c11 - c12), 1e-9);
    assert_close(calc_number(out, "n_strain_patterns"), 1, 0);
    assert_string_equal(json_string_value(json_object_get(out, "laue_class")), "m-3m");
    assert_string_equal(json_string_value(json_object_get(out, "ions")), "relaxed");
    assert_true(json_is_true(json_object_get(out, "ions_fixed_by_symmetry")));
    assert_non_null(strstr(s->said, "centre of inversion"));
    json_decref(out);
}

static void a_sheet_is_recognised_and_has_no_bulk_modulus(void **state)
{
    calc_scratch *s = *state;
    const double a = 7.0;
    const double lattice[3][3] = { { a, 0, 0 }, { -0.5 * a, sqrt(0.75) * a, 0 }, { 0, 0, 30 } };
    const double position[1][3] = { { 0, 0, 0.5 } };
    const int z = 18;

    s->lj = (lj_settings){ .cutoff = 14.0, .element = { { 18, 4e-4, 6.4 } } };
    calc_write(s, lattice, 1, &z, position);
    assert_int_equal(CALC(s, "elastic", "--ions=clamped"), 0);
    json_t *out = calc_json(s);
    assert_int_equal(json_array_size(json_object_get(out, "c_n_per_m")), 3);
    assert_close(calc_entry(out, "c_n_per_m", 0, 0), calc_entry(out, "c_n_per_m", 1, 1), 1e-6);
    assert_true(json_is_null(json_object_get(out, "bulk_gpa")));
    assert_null(json_object_get(out, "c_gpa"));
    assert_true(calc_number(out, "young_least_n_per_m") > 0.0);
    json_decref(out);
}

static void an_scf_that_does_not_converge_is_exit_2_and_null(void **state)
{
    calc_scratch *s = *state;

    s->lj = (lj_settings){ .cutoff = 14.0, .element = { { 18, 4e-4, 6.4 } }, .fails_with_z = 18 };
    calc_write_fcc(s, 9.9, 18);
    assert_int_equal(CALC(s, "elastic"), 2);
    json_t *out = calc_json(s);
    assert_true(json_is_null(json_object_get(out, "c_gpa")));
    assert_true(json_is_null(json_object_get(out, "bulk_gpa")));
    assert_true(json_is_false(json_object_get(out, "converged")));
    json_decref(out);
}

/* Two argon atoms in a cell without centres of inversion on them, and no steps to relax in. */
static void ions_that_do_not_come_to_rest_are_exit_3_and_leave_the_clamped_tensor(void **state)
{
    calc_scratch *s = *state;
    const double lattice[3][3] = { { 7, 0, 0 }, { -3.5, 3.5 * sqrt(3.0), 0 }, { 0, 0, 11.4 } };
    const double position[2][3] = { { 1.0 / 3, 2.0 / 3, 0.25 }, { 2.0 / 3, 1.0 / 3, 0.75 } };
    const int z[2] = { 18, 18 };

    s->lj = (lj_settings){ .cutoff = 14.0, .element = { { 18, 4e-4, 6.4 } } };
    calc_write(s, lattice, 2, z, position);
    assert_int_equal(CALC(s, "elastic", "--max-steps=1", "--force-limit-ev-per-ang=1e-6"), 3);
    json_t *out = calc_json(s);
    assert_true(json_is_null(json_object_get(out, "c_gpa")));
    assert_int_equal(json_array_size(json_object_get(json_object_get(out, "clamped_ion"), "c_gpa")), 6);
    json_decref(out);
}

static void unknown_words_are_usage_errors(void **state)
{
    calc_scratch *s = *state;

    s->lj = (lj_settings){ .cutoff = 14.0, .element = { { 18, 4e-4, 6.4 } } };
    calc_write_fcc(s, 9.9, 18);
    assert_int_equal(CALC(s, "elastic", "--ions=frozen"), 64);
    assert_non_null(strstr(s->said, "relaxed or clamped"));
    assert_int_equal(CALC(s, "elastic", "--sheet=maybe"), 64);
    assert_int_equal(CALC(s, "elastic", "--amplitude=0.4"), 64);
    assert_int_equal(CALC(s, "elastic", "--basis=free"), 64);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, calc_set_up, calc_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_crystal_gets_its_tensor_and_averages),
        TEST(a_sheet_is_recognised_and_has_no_bulk_modulus),
        TEST(an_scf_that_does_not_converge_is_exit_2_and_null),
        TEST(ions_that_do_not_come_to_rest_are_exit_3_and_leave_the_clamped_tensor),
        TEST(unknown_words_are_usage_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
