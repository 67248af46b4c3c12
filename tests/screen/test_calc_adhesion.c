#include "tests/screen/calc_runner.h"

/* Silver and gold are the same pair potential here, so gold's film on silver (111) wets it. */
static void set_up(calc_scratch *s)
{
    s->lj = (lj_settings){ .cutoff = 10.5, .element = { { 79, 4e-4, 4.7 }, { 47, 4e-4, 4.7 } } };
    calc_write_fcc(s, 7.26, 47);
}

static void a_surface_gets_work_spreading_and_angle(void **state)
{
    calc_scratch *s = *state;
    char film[128], out[128];

    set_up(s);
    snprintf(film, sizeof film, "--film=%s", s->in);        /* on itself: W = 2 gamma */
    snprintf(out, sizeof out, "--out=%s", s->out[0]);
    assert_int_equal(CALC(s, "adhesion", "--facet=111", "--layers=5", film, "--film-facets=111",
                          "--film-layers=5", "--registries=3", "--rigid", out), 0);
    json_t *json = calc_json(s);
    const double work = calc_number(json, "work_of_adhesion_j_per_m2");
    const double gamma = calc_number(json, "gamma_film_j_per_m2");
    assert_close(work, 2.0 * gamma, 0.01 * work);           /* five layers are as thick as forces reach */
    assert_close(calc_number(json, "spreading_j_per_m2"), work - 2.0 * gamma, 1e-12);
    assert_true(calc_number(json, "contact_angle_deg") < 30.0);
    assert_close(calc_number(json, "strain"), 0.0, 1e-6);
    assert_close(calc_number(json, "n_used"), 9, 0);
    assert_int_equal(access(s->out[0], R_OK), 0);
    json_decref(json);
}

static void without_a_surface_energy_there_is_no_angle(void **state)
{
    calc_scratch *s = *state;
    char film[128];

    set_up(s);
    snprintf(film, sizeof film, "--film=%s", s->in);
    assert_int_equal(CALC(s, "adhesion", "--facet=111", "--layers=4", film, "--film-facets=111",
                          "--registries=1", "--rigid", "--gamma-layers=none"), 0);
    json_t *json = calc_json(s);
    assert_true(calc_number(json, "work_of_adhesion_j_per_m2") > 0.0);
    assert_true(json_is_null(json_object_get(json, "contact_angle_deg")));
    assert_true(json_is_null(json_object_get(json, "gamma_film_j_per_m2")));
    json_decref(json);
}

static void what_cannot_be_is_said_with_its_exit_code(void **state)
{
    calc_scratch *s = *state;

    set_up(s);
    assert_int_equal(CALC(s, "adhesion", "--facet=111", "--gamma-layers=7,5"), 64);
    assert_int_equal(CALC(s, "adhesion", "--facet=111", "--film-facets="), 64);
    assert_int_equal(CALC(s, "adhesion", "--facet=111", "--max-atoms=3"), 65);
    s->lj.fails_with_z = 47;
    assert_int_equal(CALC(s, "adhesion", "--facet=111", "--rigid", "--max-strain-percent=9"), 2);
    json_t *json = calc_json(s);
    assert_true(json_is_null(json_object_get(json, "work_of_adhesion_j_per_m2")));
    json_decref(json);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, calc_set_up, calc_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_surface_gets_work_spreading_and_angle),
        TEST(without_a_surface_energy_there_is_no_angle),
        TEST(what_cannot_be_is_said_with_its_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
