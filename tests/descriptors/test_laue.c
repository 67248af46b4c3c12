#include "descriptors/laue.h"

#include <string.h>

#include "tests/descriptors/point_groups.h"
#include "tests/support/assert_close.h"

static void every_class_is_recognised_in_any_orientation(void **unused)
{
    double turn[3][3];
    (void)unused;

    test_turn(turn);
    for (int l = 0; l < DESC_N_LAUE; l++) {
        point_group group;
        desc_laue laue;
        test_group((desc_laue_class)l, (const double (*)[3])turn, &group);
        assert_int_equal(desc_laue_find(group.n, (const double (*)[3][3])group.op,
                                        (const double (*)[3])group.lattice, &laue, NULL), DFT_OK);
        assert_int_equal(laue.laue, l);
    }
}

/* The invariant tensors, counted by averaging, are as many as group theory says (Nye, table 9). */
static void the_number_of_constants_is_that_of_the_textbook(void **unused)
{
    static const int expected[DESC_N_LAUE] = { 21, 13, 9, 7, 6, 7, 6, 5, 5, 3, 3 };
    const int all[6] = DESC_ALL_STRAINS;
    double turn[3][3];
    (void)unused;

    test_turn(turn);
    for (int l = 0; l < DESC_N_LAUE; l++) {
        point_group group;
        desc_elastic_space space;
        test_group((desc_laue_class)l, (const double (*)[3])turn, &group);
        assert_int_equal(desc_elastic_space_find(group.n, (const double (*)[3][3])group.op, all, &space,
                                                 NULL), DFT_OK);
        /* -3 and 4/m have 7 before the axes are chosen; the choice of x takes none of Nye's 7. */
        assert_int_equal(space.n, expected[l]);
        assert_int_equal(desc_laue_n_constants((desc_laue_class)l), expected[l]);
    }
}

/* A turned crystal's tensor, brought to standard axes, has the zeros and equalities of its class, and
 * equals that of the crystal as it was before turning. */
static void standard_axes_do_not_depend_on_the_orientation_of_the_file(void **unused)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    double turn[3][3];
    (void)unused;

    test_turn(turn);
    for (int l = 0; l < DESC_N_LAUE; l++) {
        point_group plain, turned;
        desc_laue a, b;
        double c[6][6], c_turned[6][6], one[6][6], other[6][6], back[3][3];
        test_group((desc_laue_class)l, unit, &plain);
        test_group((desc_laue_class)l, (const double (*)[3])turn, &turned);
        test_random_tensor(&plain, 17u + (unsigned)l, c);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                back[i][j] = turn[i][j];
        desc_elastic_rotate((const double (*)[6])c, (const double (*)[3])back, c_turned);
        assert_int_equal(desc_laue_find(plain.n, (const double (*)[3][3])plain.op,
                                        (const double (*)[3])plain.lattice, &a, NULL), DFT_OK);
        assert_int_equal(desc_laue_find(turned.n, (const double (*)[3][3])turned.op,
                                        (const double (*)[3])turned.lattice, &b, NULL), DFT_OK);
        desc_laue_standard(&a, (const double (*)[6])c, one, NULL);
        desc_laue_standard(&b, (const double (*)[6])c_turned, other, NULL);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                assert_close(one[i][j], other[i][j], 1e-12);
        if (l >= DESC_LAUE_ORTHORHOMBIC && l != DESC_LAUE_TETRAGONAL_LOW && l != DESC_LAUE_TRIGONAL_LOW
            && l != DESC_LAUE_TRIGONAL)
            for (int i = 0; i < 6; i++)
                for (int j = 3; j < 6; j++)
                    assert_close(i == j ? 0.0 : one[i][j], 0.0, 1e-12);
        if (l == DESC_LAUE_TRIGONAL)                /* Nye's form with x along the twofold axis */
            assert_true(one[0][3] > 1e-6 && fabs(one[0][4]) < 1e-12 && fabs(one[0][5]) < 1e-12);
        if (l == DESC_LAUE_TRIGONAL_LOW)
            assert_true(one[0][3] > 0.0 && one[0][4] > 0.0);
        if (l == DESC_LAUE_TETRAGONAL_LOW)
            assert_true(one[0][5] > 0.0 && fabs(one[0][3]) < 1e-12);
        if (l == DESC_LAUE_MONOCLINIC)              /* unique axis y: C14, C16 vanish, C15 stays */
            assert_true(fabs(one[0][3]) < 1e-12 && fabs(one[0][5]) < 1e-12 && fabs(one[0][4]) > 1e-6);
    }
}

/* Shifted down by every amount until unstable: the closed forms and the eigenvalues say the same. */
static void closed_form_stability_agrees_with_the_eigenvalues(void **unused)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    int n_stable = 0, n_unstable = 0;
    (void)unused;

    for (int l = 0; l < DESC_N_LAUE; l++)
        for (unsigned seed = 1; seed <= 60; seed++) {
            point_group group;
            desc_laue laue;
            double c[6][6], k[6][6], standard[6][6], value[6];
            unsigned draw = 1000u * (unsigned)l + seed;
            test_group((desc_laue_class)l, unit, &group);
            test_random_tensor(&group, seed, c);
            desc_kelvin_from_voigt((const double (*)[6])c, k);
            const double shift = 0.008 * (test_random(&draw) + 1.0);
            for (int i = 0; i < 6; i++)
                k[i][i] -= shift;
            desc_voigt_from_kelvin((const double (*)[6])k, c);
            assert_int_equal(desc_laue_find(group.n, (const double (*)[3][3])group.op,
                                            (const double (*)[3])group.lattice, &laue, NULL), DFT_OK);
            desc_laue_standard(&laue, (const double (*)[6])c, standard, NULL);
            assert_int_equal(desc_elastic_eigenvalues((const double (*)[6])c, value, NULL), DFT_OK);
            const int born = desc_laue_born(laue.laue, (const double (*)[6])standard);
            if (l <= DESC_LAUE_MONOCLINIC) {
                assert_int_equal(born, -1);
                continue;
            }
            assert_int_equal(born, value[0] > 0.0);
            n_stable += value[0] > 0.0;
            n_unstable += value[0] <= 0.0;
        }
    assert_true(n_stable > 50 && n_unstable > 50);
}

static void a_fivefold_axis_is_refused(void **unused)
{
    const double lattice[3][3] = { { 7, 0, 0 }, { 0, 7, 0 }, { 0, 0, 7 } };
    double op[2][3][3] = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } };
    desc_laue laue;
    (void)unused;

    test_rotation((const double[3]){ 0, 0, 1 }, 2.0 * DFT_PI / 5.0, op[1]);
    assert_int_equal(desc_laue_find(2, (const double (*)[3][3])op, lattice, &laue, NULL), DFT_EINPUT);
    test_rotation((const double[3]){ 0, 0, 1 }, DFT_PI / 2.0, op[1]);       /* no group: 4 without 2 */
    assert_int_equal(desc_laue_find(2, (const double (*)[3][3])op, lattice, &laue, NULL), DFT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_is_recognised_in_any_orientation),
        cmocka_unit_test(the_number_of_constants_is_that_of_the_textbook),
        cmocka_unit_test(standard_axes_do_not_depend_on_the_orientation_of_the_file),
        cmocka_unit_test(closed_form_stability_agrees_with_the_eigenvalues),
        cmocka_unit_test(a_fivefold_axis_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
