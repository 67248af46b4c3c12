#include "workflows/settle.h"

#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"
#include "tests/workflows/lj_evaluator.h"

/* Two atoms in a large box, near their distance of least energy. */
static dft_crystal *pair(double apart)
{
    const double lattice[3][3] = { { 40, 0, 0 }, { 0, 40, 0 }, { 0, 0, 40 } };
    const double position[2][3] = { { 0, 0, 0 }, { apart / 40.0, 0, 0 } };
    const int z[2] = { 18, 18 };
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, 2, z, position, &crystal, NULL), DFT_OK);
    return crystal;
}

static lj_settings argon(void)
{
    return (lj_settings){ .cutoff = 18.0, .element = { { 18, 4e-3, 6.4 } } };
}

/* The distance at which phi' = 0, by bisection. */
static double distance_at_rest(const lj_settings *lj)
{
    double low = 6.4, high = 8.0, phi[3];

    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        lj_pair(lj->element[0].depth, lj->element[0].size, lj->cutoff, middle, phi);
        *(phi[1] < 0.0 ? &low : &high) = middle;
    }
    return low;
}

/* A force limit of 1e-8 against a spring of 57 e/s^2 = 6e-3: 2e-6 bohr. */
static void two_atoms_come_to_rest_where_their_potential_is_lowest(void **unused)
{
    lj_settings lj = argon();
    flow_settle_options options = flow_settle_defaults();
    const flow_evaluator evaluator = lj_evaluator(&lj);
    dft_crystal *crystal = pair(6.9);
    flow_settled out;
    (void)unused;

    options.force_limit = 1e-8;
    options.want_stress = 1;
    assert_int_equal(flow_settle(crystal, &evaluator, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_int_equal(out.moved, 1);
    assert_true(out.force <= 1e-8);
    assert_close(dft_crystal_distance(out.crystal, 0, 1), distance_at_rest(&lj), 1e-5);
    assert_true(fabs(out.start_stress[0]) > 1e3 * fabs(out.stress[0]));
    assert_close(crystal->position[1][0], 6.9 / 40.0, 0.0);         /* the input is not touched */
    flow_settled_clear(&out);
    dft_crystal_free(crystal);
}

static void held_atoms_stay_and_their_forces_do_not_count(void **unused)
{
    const int all[2] = { 1, 1 }, first[2] = { 1, 0 };
    lj_settings lj = argon();
    flow_settle_options options = flow_settle_defaults();
    const flow_evaluator evaluator = lj_evaluator(&lj);
    dft_crystal *crystal = pair(6.9);
    flow_settled out;
    (void)unused;

    options.force_limit = 1e-6;
    options.fixed = first;
    assert_int_equal(flow_settle(crystal, &evaluator, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_close(out.crystal->position[0][0], 0.0, 0.0);
    assert_close(dft_crystal_distance(out.crystal, 0, 1), distance_at_rest(&lj), 1e-3);
    flow_settled_clear(&out);
    options.fixed = all;
    assert_int_equal(flow_settle(crystal, &evaluator, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_int_equal(out.moved, 0);
    assert_close(out.force, 0.0, 0.0);
    flow_settled_clear(&out);
    dft_crystal_free(crystal);
}

static void a_relaxation_stopped_after_two_steps_has_no_energy_to_use(void **unused)
{
    lj_settings lj = argon();
    flow_settle_options options = flow_settle_defaults();
    const flow_evaluator evaluator = lj_evaluator(&lj);
    dft_crystal *crystal = pair(6.3);
    flow_settled out;
    (void)unused;

    options.force_limit = 1e-9;
    options.max_steps = 2;
    assert_int_equal(flow_settle(crystal, &evaluator, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 0);
    assert_int_equal(out.ionic, 1);
    assert_int_equal(out.start_converged, 1);
    assert_non_null(strstr(out.message, "largest force"));
    flow_settled_clear(&out);
    lj.fails_with_z = 18;
    assert_int_equal(flow_settle(crystal, &evaluator, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged || out.ionic || out.start_converged, 0);
    assert_string_equal(out.message, "told not to converge");
    flow_settled_clear(&out);
    dft_crystal_free(crystal);
}

static void without_relaxation_there_is_one_evaluation(void **unused)
{
    lj_settings lj = argon();
    flow_settle_options options = flow_settle_defaults();
    const flow_evaluator evaluator = lj_evaluator(&lj);
    dft_crystal *crystal = pair(6.3);
    flow_settled out;
    (void)unused;

    options.relax = 0;
    assert_int_equal(flow_settle(crystal, &evaluator, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_int_equal((int)out.n_evaluations, 1);
    assert_int_equal(lj.n_evaluations, 1);
    assert_true(isnan(out.force));
    flow_settled_clear(&out);
    dft_crystal_free(crystal);
}

static void refused_memory_is_reported(void **unused)
{
    lj_settings lj = argon();
    const flow_settle_options options = flow_settle_defaults();
    const flow_evaluator evaluator = lj_evaluator(&lj);
    dft_crystal *crystal = pair(7.0);
    flow_settled out;
    (void)unused;

    for (long n = 1; n <= 4; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(flow_settle(crystal, &evaluator, &options, &out, NULL), DFT_ENOMEM);
        assert_null(out.crystal);
        dft_alloc_refuse_nth(0);
    }
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_atoms_come_to_rest_where_their_potential_is_lowest),
        cmocka_unit_test(held_atoms_stay_and_their_forces_do_not_count),
        cmocka_unit_test(a_relaxation_stopped_after_two_steps_has_no_energy_to_use),
        cmocka_unit_test(without_relaxation_there_is_one_evaluation),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
