#include "tests/support/assert_close.h"

#include "workflows/descent.h"

/* One free atom of two: the preconditioner of a pair 5 bohr apart, and potentials in its x, y, z. */
static flow_precon *pair_of_atoms(double stiffness)
{
    const double lattice[3][3] = { { 30, 0, 0 }, { 0, 30, 0 }, { 0, 0, 30 } };
    const double position[2][3] = { { 0, 0, 0 }, { 1.0 / 6.0, 0, 0 } };
    const unsigned char free_of[2][3] = { { 0, 0, 0 }, { 1, 1, 1 } };
    const int z[2] = { 3, 3 };
    dft_crystal *c = NULL;
    flow_precon *precon = NULL;

    assert_int_equal(dft_crystal_create(lattice, 2, z, position, &c, NULL), DFT_OK);
    assert_int_equal(flow_precon_create(c, free_of, 0, stiffness, &precon, NULL), DFT_OK);
    dft_crystal_free(c);
    return precon;
}

typedef double potential(const double x[6], double force[6]);

/* Steps until the largest force component is below 1e-8; 1000 when never. */
static int count_steps(flow_method method, potential *v, double x[6])
{
    flow_precon *precon = pair_of_atoms(0.05);
    flow_descent *descent = NULL;
    double force[6];
    int n = 0;

    assert_int_equal(flow_descent_create(method, 6, 0.4, 1e-15, precon, &descent, NULL), DFT_OK);
    for (; n < 1000; n++) {
        double largest = 0.0;
        const double energy = v(x, force);
        for (int i = 0; i < 6; i++)
            largest = fmax(largest, fabs(force[i]));
        if (largest < 1e-8)
            break;
        flow_descent_move(descent, x, energy, force);
    }
    flow_descent_free(descent);
    flow_precon_free(precon);
    return n;
}

/* Springs of 0.02, 0.1 and 0.5 Ha/bohr^2. */
static double bowl(const double x[6], double force[6])
{
    const double k[6] = { 0, 0, 0, 0.02, 0.1, 0.5 };
    double energy = 0.0;

    for (int i = 0; i < 6; i++) {
        energy += 0.5 * k[i] * x[i] * x[i];
        force[i] = -k[i] * x[i];
    }
    return energy;
}

/* V = 0.01 (x^2 - 4)^2/16 in x: a ridge at 0, minima at -2 and 2. */
static double ridge(const double x[6], double force[6])
{
    const double q = x[3] * x[3] - 4.0;
    double energy = 0.01 / 16.0 * q * q + 0.05 * (x[4] * x[4] + x[5] * x[5]);

    force[0] = force[1] = force[2] = 0.0;
    force[3] = -0.01 / 4.0 * q * x[3];
    force[4] = -0.1 * x[4];
    force[5] = -0.1 * x[5];
    return energy;
}

static void both_methods_find_the_bottom_of_a_bowl(void **unused)
{
    double x[6] = { 0, 0, 0, 1.0, -0.7, 0.4 }, y[6] = { 0, 0, 0, 1.0, -0.7, 0.4 };
    (void)unused;

    assert_true(count_steps(FLOW_LBFGS, bowl, x) < 25);
    assert_true(count_steps(FLOW_FIRE, bowl, y) < 1000);
    for (int i = 3; i < 6; i++) {
        assert_close(x[i], 0.0, 1e-6);      /* 1e-8 over the weakest spring is 5e-7 */
        assert_close(y[i], 0.0, 1e-6);
    }
}

/* 0.001 bohr off the ridge: doubling gets to the slope in about ten steps. */
static void a_ridge_is_left_behind_quickly(void **unused)
{
    double x[6] = { 0, 0, 0, 1e-3, 0.0, 0.0 };
    (void)unused;

    assert_true(count_steps(FLOW_LBFGS, ridge, x) < 40);
    assert_close(x[3], 2.0, 1e-5);
}

static void a_step_uphill_is_taken_back_and_shortened(void **unused)
{
    flow_precon *precon = pair_of_atoms(0.05);
    flow_descent *descent = NULL;
    double x[6] = { 0 }, force[6] = { 0, 0, 0, 0.2, 0, 0 };
    (void)unused;

    assert_int_equal(flow_descent_create(FLOW_LBFGS, 6, 0.4, 1e-6, precon, &descent, NULL), DFT_OK);
    assert_int_equal(flow_descent_move(descent, x, 0.0, force), 1);
    assert_close(x[3], 0.4, 1e-12);         /* the limit */
    force[3] = -0.4;
    assert_int_equal(flow_descent_move(descent, x, 0.1, force), 0);
    assert_true(x[3] > 0.0 && x[3] <= 0.2 + 1e-12);
    for (int i = 0; i < 3; i++)
        assert_close(x[i], 0.0, 0.0);
    flow_descent_free(descent);
    flow_precon_free(precon);
}

/* P x = b by hand: the free atom has one spring of mu, for it is at the nearest distance, and 0.1 mu. */
static void the_preconditioner_is_the_one_of_the_paper(void **unused)
{
    flow_precon *precon = pair_of_atoms(0.2);
    double x[6] = { 1, 1, 1, 3, 4, 5 };
    (void)unused;

    flow_precon_solve(precon, x);
    for (int i = 0; i < 3; i++) {
        assert_close(x[i], 0.0, 0.0);       /* does not move */
        assert_close(x[3 + i], (3.0 + i) / (0.2 * 1.1), 1e-12);
    }
    flow_precon_free(precon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_methods_find_the_bottom_of_a_bowl),
        cmocka_unit_test(a_ridge_is_left_behind_quickly),
        cmocka_unit_test(a_step_uphill_is_taken_back_and_shortened),
        cmocka_unit_test(the_preconditioner_is_the_one_of_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
