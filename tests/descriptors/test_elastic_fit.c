#include "descriptors/elastic_fit.h"

#include <string.h>

#include "tests/descriptors/point_groups.h"
#include "tests/support/assert_close.h"

static const int all[6] = DESC_ALL_STRAINS, sheet[6] = DESC_SHEET_STRAINS;

static void stress_of(const double c[6][6], const double strain[6], double stress[6])
{
    for (int i = 0; i < 6; i++) {
        stress[i] = 0.0;
        for (int j = 0; j < 6; j++)
            stress[i] += c[i][j] * strain[j];
    }
}

static void choose(const point_group *group, const int active[6], desc_elastic_space *space,
                   desc_strain_set *set)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    const double (*op)[3][3] = (const double (*)[3][3])group->op;
    desc_laue laue;

    assert_int_equal(desc_elastic_space_find(group->n, op, active, space, NULL), DFT_OK);
    assert_int_equal(desc_laue_find(group->n, op, (const double (*)[3])group->lattice, &laue, NULL),
                     DFT_OK);
    assert_int_equal(desc_strain_set_choose(space, group->n, op, active[2] ? (const double (*)[3])
                                            laue.axes : unit, set, NULL), DFT_OK);
}

/* 1 cubic, 2 hexagonal, trigonal and tetragonal, 3 orthorhombic, 4 monoclinic, 6 triclinic.  That no
 * smaller number can do follows from counting: in the block of n normal-like strains that symmetry
 * couples, n strains are needed (header of elastic_fit.h). */
static void the_fewest_strains_are_found_for_every_class(void **unused)
{
    static const int expected[DESC_N_LAUE] = { 6, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1 };
    double turn[3][3];
    (void)unused;

    test_turn(turn);
    for (int l = 0; l < DESC_N_LAUE; l++) {
        point_group group;
        desc_elastic_space space;
        desc_strain_set set;
        test_group((desc_laue_class)l, (const double (*)[3])turn, &group);
        choose(&group, all, &space, &set);
        assert_int_equal(set.n, expected[l]);
        assert_true(set.condition < 20.0);
    }
}

/* 1e-13 of numbers of 0.01: rounding times the condition number. */
static void random_tensors_of_all_classes_come_back_from_those_strains(void **unused)
{
    double turn[3][3];
    (void)unused;

    test_turn(turn);
    for (int l = 0; l < DESC_N_LAUE; l++)
        for (unsigned seed = 1; seed <= 5; seed++) {
            double c[6][6], strain[6][6], stress[6][6];
            point_group group;
            desc_elastic_space space;
            desc_strain_set set;
            desc_elastic_fit_result fit;
            test_group((desc_laue_class)l, (const double (*)[3])turn, &group);
            test_random_tensor(&group, seed, c);
            choose(&group, all, &space, &set);
            for (int p = 0; p < set.n; p++) {
                memcpy(strain[p], set.pattern[p].strain, sizeof strain[p]);
                stress_of((const double (*)[6])c, strain[p], stress[p]);
            }
            assert_int_equal(desc_elastic_fit(&space, (size_t)set.n, (const double (*)[6])strain,
                                              (const double (*)[6])stress, &fit, NULL), DFT_OK);
            for (int i = 0; i < 6; i++)
                for (int j = 0; j < 6; j++)
                    assert_close(fit.c[i][j], c[i][j], 1e-13);
            assert_true(fit.rms < 1e-14);
        }
}

/* Noise of 1e-4 on the stresses: every constant is off by a few of its stated errors at most. */
static void noise_is_answered_by_an_error_of_its_size(void **unused)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    double c[6][6], strain[6][6], stress[6][6];
    point_group group;
    desc_elastic_space space;
    desc_strain_set set;
    desc_elastic_fit_result fit;
    unsigned seed = 3;
    (void)unused;

    test_group(DESC_LAUE_HEXAGONAL, unit, &group);
    test_random_tensor(&group, 9, c);
    choose(&group, all, &space, &set);
    for (int p = 0; p < set.n; p++) {
        memcpy(strain[p], set.pattern[p].strain, sizeof strain[p]);
        stress_of((const double (*)[6])c, strain[p], stress[p]);
        for (int i = 0; i < 6; i++)
            stress[p][i] += 1e-4 * test_random(&seed);
    }
    assert_int_equal(desc_elastic_fit(&space, (size_t)set.n, (const double (*)[6])strain,
                                      (const double (*)[6])stress, &fit, NULL), DFT_OK);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            assert_true(fit.error[i][j] > 1e-6 && fit.error[i][j] < 1e-3);
            assert_true(fabs(fit.c[i][j] - c[i][j]) < 5.0 * fit.error[i][j]);
        }
    assert_true(fit.rms > 1e-5 && fit.rms < 1e-4 * 2);
}

/* A shear of a cubic crystal and its negative are the same deformation, a stretch is not. */
static void strains_that_symmetry_reverses_need_one_sign(void **unused)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    point_group group;
    desc_elastic_space space;
    desc_strain_set set;
    int n_reversible = 0;
    (void)unused;

    test_group(DESC_LAUE_ORTHORHOMBIC, unit, &group);
    choose(&group, all, &space, &set);
    for (int p = 0; p < set.n; p++)
        n_reversible += set.pattern[p].reversible;
    assert_int_equal(n_reversible, 0);              /* each holds a stretch */
    test_group(DESC_LAUE_CUBIC, unit, &group);
    choose(&group, all, &space, &set);
    assert_false(set.pattern[0].reversible);
    assert_true(set.pattern[0].n_kept >= 8);        /* mmm is left of m-3m */
}

/* In-plane: graphene's group needs one strain and has two constants, a rectangular sheet two and four,
 * an oblique one three and six. */
static void sheets_need_one_two_or_three_strains(void **unused)
{
    static const struct { desc_laue_class laue; int n_constants, n_strains; } rows[] = {
        { DESC_LAUE_HEXAGONAL, 2, 1 }, { DESC_LAUE_TETRAGONAL, 3, 1 },
        { DESC_LAUE_ORTHORHOMBIC, 4, 2 }, { DESC_LAUE_TRICLINIC, 6, 3 } };
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    (void)unused;

    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        point_group group;
        desc_elastic_space space;
        desc_strain_set set;
        test_group(rows[r].laue, unit, &group);
        choose(&group, sheet, &space, &set);
        assert_int_equal(space.n, rows[r].n_constants);
        assert_int_equal(set.n, rows[r].n_strains);
    }
}

static void a_group_that_tilts_the_plane_is_refused_for_sheets(void **unused)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    point_group group;
    desc_elastic_space space;
    (void)unused;

    test_group(DESC_LAUE_CUBIC, unit, &group);
    assert_int_equal(desc_elastic_space_find(group.n, (const double (*)[3][3])group.op, sheet, &space,
                                             NULL), DFT_EINPUT);
}

static void too_few_strains_and_numbers_that_are_none_are_refused(void **unused)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    const double strain[1][6] = { { 1, 0, 0, 0, 0, 0 } };
    double stress[1][6] = { { 1, 1, 1, 0, 0, 0 } };
    point_group group;
    desc_elastic_space space;
    desc_elastic_fit_result fit;
    dft_error err;
    (void)unused;

    test_group(DESC_LAUE_CUBIC, unit, &group);
    assert_int_equal(desc_elastic_space_find(group.n, (const double (*)[3][3])group.op, all, &space,
                                             NULL), DFT_OK);
    assert_int_equal(desc_elastic_fit(&space, 1, strain, (const double (*)[6])stress, &fit, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "do not determine"));
    stress[0][2] = NAN;
    assert_int_equal(desc_elastic_fit(&space, 1, strain, (const double (*)[6])stress, &fit, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "strain 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fewest_strains_are_found_for_every_class),
        cmocka_unit_test(random_tensors_of_all_classes_come_back_from_those_strains),
        cmocka_unit_test(noise_is_answered_by_an_error_of_its_size),
        cmocka_unit_test(strains_that_symmetry_reverses_need_one_sign),
        cmocka_unit_test(sheets_need_one_two_or_three_strains),
        cmocka_unit_test(a_group_that_tilts_the_plane_is_refused_for_sheets),
        cmocka_unit_test(too_few_strains_and_numbers_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
