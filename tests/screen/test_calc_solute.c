#include "tests/screen/calc_runner.h"

static void set_up(calc_scratch *s)
{
    s->lj = (lj_settings){ .cutoff = 9.0, .element = { { 3, 1e-3, 5.2 }, { 47, 4e-3, 4.8 } } };
    calc_write_fcc(s, 7.4, 47);
}

/* Rigid pair potentials leave no pressure-free state of bcc, which would fall into fcc when relaxed: what
 * is tested is the way from the command to the JSON. */
static void both_solutions_and_the_vacancy_are_reported_with_their_ends(void **state)
{
    calc_scratch *s = *state;
    char initial[128], final[128];

    set_up(s);
    snprintf(initial, sizeof initial, "--out-initial=%s", s->out[0]);
    snprintf(final, sizeof final, "--out-final=%s", s->out[1]);
    assert_int_equal(CALC(s, "solute", "--rigid", initial, final), 0);
    json_t *json = calc_json(s);
    assert_string_equal(json_string_value(json_object_get(json, "host")), "Li");
    assert_string_equal(json_string_value(json_object_get(json, "solute")), "Ag");
    assert_true(isfinite(calc_number(json, "dh_m_in_li_ev")));
    assert_true(isfinite(calc_number(json, "dh_li_in_m_ev")));
    assert_true(calc_number(json, "vacancy_formation_ev") > 0.0);
    assert_true(isfinite(calc_number(json, "solute_vacancy_binding_ev")));
    assert_close(calc_number(json_object_get(json, "m_in_li"), "host_atoms"), 54, 0);
    assert_close(calc_number(json, "n_used"), 7, 0);
    assert_int_equal(access(s->out[0], R_OK) | access(s->out[1], R_OK), 0);
    json_decref(json);
}

static void what_is_skipped_is_null_and_not_counted(void **state)
{
    calc_scratch *s = *state;

    set_up(s);
    assert_int_equal(CALC(s, "solute", "--rigid", "--skip=in-metal,vacancy", "--host-a-ang=3.44"), 0);
    json_t *json = calc_json(s);
    assert_true(json_is_null(json_object_get(json, "dh_li_in_m_ev")));
    assert_true(json_is_null(json_object_get(json, "vacancy_formation_ev")));
    assert_close(calc_number(json, "n_used"), 3, 0);
    assert_close(calc_number(json_object_get(json, "m_in_li"), "cell_volume_ang3"), 27 * pow(3.44, 3), 0.01);
    json_decref(json);
}

static void failures_have_their_exit_codes(void **state)
{
    calc_scratch *s = *state;

    set_up(s);
    assert_int_equal(CALC(s, "solute", "--skip=all"), 64);
    assert_int_equal(CALC(s, "solute", "--host=Ag"), 65);           /* in itself */
    s->lj.fails_with_z = 47;
    assert_int_equal(CALC(s, "solute", "--rigid"), 2);
    json_t *json = calc_json(s);
    assert_true(json_is_null(json_object_get(json, "dh_m_in_li_ev")));
    json_decref(json);
    s->lj.fails_with_z = 0;
    assert_int_equal(CALC(s, "solute", "--max-steps=1", "--force-limit-ev-per-ang=1e-5", "--skip=vacancy"), 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, calc_set_up, calc_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_solutions_and_the_vacancy_are_reported_with_their_ends),
        TEST(what_is_skipped_is_null_and_not_counted),
        TEST(failures_have_their_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
