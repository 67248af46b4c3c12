#include "workflows/stepper.h"

#include <math.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

#define N 6

static const double stiffness_of[N] = { 0.01, 0.1, 0.5, 1.0, 2.0, 30.0 };
static const double centre[N] = { 1.0, -2.0, 0.3, 0.0, 4.0, 0.1 };

/* The forces of a bowl, twisted: `curl` of them is the gradient of nothing. */
static double bowl(const double *x, double curl, double *force)
{
    double norm = 0.0;
    for (int i = 0; i < N; i++)
        force[i] = -stiffness_of[i] * (x[i] - centre[i]);
    force[0] += curl * (x[1] - centre[1]);
    force[1] -= curl * (x[0] - centre[0]);
    for (int i = 0; i < N; i++)
        norm = fmax(norm, fabs(force[i]));
    return norm;
}

static int steps_needed(double curl)
{
    double x[N] = { 0 }, force[N];
    flow_stepper *stepper = NULL;
    int k = 0;

    assert_int_equal(flow_stepper_create(N, 0.5, 1.0, &stepper, NULL), DFT_OK);
    while (bowl(x, curl, force) > 1e-8 && k < 2000) {
        flow_stepper_move(stepper, x, force);
        k++;
    }
    for (int i = 0; i < N; i++)
        assert_close(x[i], centre[i], 2e-6);        /* 1e-8 over the softest spring, twice */
    flow_stepper_free(stepper);
    return k;
}

/* Six directions, stiffnesses over three decades: exact quasi-Newton needs about as many steps as
 * directions once the capped way (4/0.5 steps) is behind it. */
static void a_bowl_is_left_behind_in_few_steps(void **unused)
{
    (void)unused;
    assert_true(steps_needed(0.0) <= 60);
}

static void forces_that_are_no_gradient_vanish_too(void **unused)
{
    (void)unused;
    assert_true(steps_needed(0.05) < 2000);
}

static void no_atom_moves_farther_than_asked(void **unused)
{
    double x[N] = { 0 }, force[N];
    flow_stepper *stepper = NULL;
    (void)unused;

    assert_int_equal(flow_stepper_create(N, 0.25, 1e-3, &stepper, NULL), DFT_OK);
    for (int k = 0; k < 50; k++) {
        double before[N];
        memcpy(before, x, sizeof before);
        bowl(x, 0.0, force);
        flow_stepper_move(stepper, x, force);
        for (int a = 0; a < N; a += 3)
            assert_true(sqrt(pow(x[a] - before[a], 2) + pow(x[a + 1] - before[a + 1], 2)
                             + pow(x[a + 2] - before[a + 2], 2)) <= 0.25 + 1e-12);
    }
    flow_stepper_free(stepper);
}

/* Noise of the size of the forces misleads curvatures: FIRE takes over and stays near the minimum.
 */
static void noise_brings_fire_which_holds(void **unused)
{
    double x[N] = { 0 }, force[N];
    unsigned seed = 5;
    flow_stepper *stepper = NULL;
    (void)unused;

    assert_int_equal(flow_stepper_create(N, 0.2, 30.0, &stepper, NULL), DFT_OK);
    for (int k = 0; k < 3000; k++) {
        bowl(x, 0.0, force);
        for (int i = 0; i < N; i++) {
            seed = (seed * 1103515245u + 12345u) & 0x7fffffffu;
            force[i] += 0.02 * (seed / 1073741824.0 - 1.0);
        }
        flow_stepper_move(stepper, x, force);
    }
    assert_true(flow_stepper_is_fire(stepper));
    for (int i = 3; i < N; i++)                     /* stiff directions: noise over stiffness */
        assert_close(x[i], centre[i], 0.1);
    flow_stepper_free(stepper);
}

static void refused_memory_is_reported(void **unused)
{
    (void)unused;
    for (long k = 1; k <= 7; k++) {
        flow_stepper *stepper = NULL;
        dft_alloc_refuse_nth(k);
        assert_int_equal(flow_stepper_create(N, 0.2, 1.0, &stepper, NULL), DFT_ENOMEM);
        dft_alloc_refuse_nth(0);
        assert_null(stepper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bowl_is_left_behind_in_few_steps),
        cmocka_unit_test(forces_that_are_no_gradient_vanish_too),
        cmocka_unit_test(no_atom_moves_farther_than_asked),
        cmocka_unit_test(noise_brings_fire_which_holds),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
