#include "workflows/strain.h"

#include "tests/descriptors/point_groups.h"
#include "tests/support/assert_close.h"
#include "tests/workflows/harmonic_evaluator.h"

/* (F^T F - 1)/2 is the strain that was asked for, F is symmetric.  1e-15: rounding. */
static void the_stretch_has_exactly_the_strain_asked_for(void **unused)
{
    const double eta[6] = { 0.03, -0.02, 0.05, 0.04, -0.06, 0.02 };
    double f[3][3], back[6];
    (void)unused;

    flow_strain_stretch(eta, f);
    harmonic_strain((const double (*)[3])f, back);
    for (int i = 0; i < 6; i++)
        assert_close(back[i], eta[i], 1e-15);
    assert_close(f[0][1], f[1][0], 0.0);
    assert_close(f[0][2], f[2][0], 0.0);
}

static void pulling_back_undoes_pushing_forward(void **unused)
{
    const double eta[6] = { 0.03, -0.02, 0.05, 0.04, -0.06, 0.02 }, s[6] = { 1, 2, 3, 4, 5, 6 };
    double f[3][3], sigma[6], back[6];
    (void)unused;

    flow_strain_stretch(eta, f);
    flow_strain_push_forward((const double (*)[3])f, s, sigma);
    flow_strain_pull_back((const double (*)[3])f, sigma, back);
    for (int i = 0; i < 6; i++)
        assert_close(back[i], s[i], 1e-14);
}

/* A stretch by 1 + e along x: S_xx = sigma_xx/(1 + e), S_yy = sigma_yy (1 + e). */
static void a_stretch_along_one_axis_is_as_by_hand(void **unused)
{
    const double e = 0.1, f[3][3] = { { 1.1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    const double sigma[6] = { 2, 3, 0, 0, 0, 5 };
    double s[6];
    (void)unused;

    flow_strain_pull_back(f, sigma, s);
    assert_close(s[0], 2 / (1 + e), 1e-14);
    assert_close(s[1], 3 * (1 + e), 1e-14);
    assert_close(s[5], 5, 1e-14);
}

static void the_strained_crystal_has_turned_vectors_and_the_same_fractions(void **unused)
{
    const double lattice[3][3] = { { 4, 0, 0 }, { 1, 5, 0 }, { 0, 0, 6 } };
    const double position[2][3] = { { 0, 0, 0 }, { 0.5, 0.25, 1.75 } };
    const double f[3][3] = { { 1.0, 0.1, 0 }, { 0.2, 1.0, 0 }, { 0, 0, 1.5 } };
    const int z[2] = { 3, 8 };
    dft_crystal *plain = NULL, *strained = NULL;
    (void)unused;

    assert_int_equal(dft_crystal_create(lattice, 2, z, position, &plain, NULL), DFT_OK);
    assert_int_equal(flow_strain_apply(plain, f, &strained, NULL), DFT_OK);
    assert_close(strained->lattice[0][0], 4.0, 1e-15);
    assert_close(strained->lattice[0][1], 0.8, 1e-15);
    assert_close(strained->lattice[1][0], 1.5, 1e-15);
    assert_close(strained->lattice[1][1], 5.2, 1e-15);
    assert_close(strained->lattice[2][2], 9.0, 1e-15);
    assert_close(strained->position[1][2], 1.75, 0.0);
    dft_crystal_free(strained);
    dft_crystal_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stretch_has_exactly_the_strain_asked_for),
        cmocka_unit_test(pulling_back_undoes_pushing_forward),
        cmocka_unit_test(a_stretch_along_one_axis_is_as_by_hand),
        cmocka_unit_test(the_strained_crystal_has_turned_vectors_and_the_same_fractions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
