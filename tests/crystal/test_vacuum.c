#include "dft-lite/crystal/vacuum.h"

#include <string.h>

#include "tests/basis/crystals.h"

/* Three layers in a hexagonal cell of 20 A, the third vector leaning when asked. */
static dft_crystal *slab(double shift, double lean)
{
    const double cell[3][3] = { { 2.8, 0, 0 }, { -1.4, 2.42, 0 }, { lean, 0.3 * lean, 20.0 } };
    const double x[3][3] = { { 0, 0, 0.10 + shift }, { 1.0 / 3, 2.0 / 3, 0.20 + shift },
                             { 2.0 / 3, 1.0 / 3, 0.35 + shift } };
    return test_crystal(cell, 3, (const int[]){ 13, 13, 3 }, x);
}

static void the_gap_is_the_widest_one_and_its_middle_is_found(void **unused)
{
    dft_crystal *crystal = slab(0.0, 0.0);
    dft_vacuum v;
    (void)unused;

    assert_int_equal(dft_vacuum_find(crystal, 2, &v, NULL), DFT_OK);
    assert_int_equal(v.axis, 2);
    assert_close(v.width * DFT_BOHR_ANG, 0.75 * 20.0, 1e-10);
    assert_close(v.middle, 0.725, 1e-12);
    assert_close(v.period * DFT_BOHR_ANG, 20.0, 1e-10);
    assert_close(v.normal[2], 1.0, 1e-14);
    dft_crystal_free(crystal);
}

/* The same slab anywhere in the cell, across its border too. */
static void the_gap_moves_with_the_slab(void **unused)
{
    (void)unused;
    for (double shift = -1.3; shift < 1.4; shift += 0.27) {
        dft_crystal *crystal = slab(shift, 0.0);
        dft_vacuum v;
        assert_int_equal(dft_vacuum_find(crystal, 2, &v, NULL), DFT_OK);
        const double off = v.middle - 0.725 - shift;
        assert_close(off - round(off), 0.0, 1e-12);
        assert_true(v.middle >= 0.0 && v.middle < 1.0);
        assert_close(v.width * DFT_BOHR_ANG, 15.0, 1e-10);
        dft_crystal_free(crystal);
    }
}

/* Heights count along the normal: a third vector that leans changes nothing. */
static void a_leaning_third_vector_leaves_the_gap_alone(void **unused)
{
    dft_crystal *crystal = slab(0.0, 4.0);
    dft_vacuum v;
    (void)unused;

    assert_int_equal(dft_vacuum_find(crystal, 2, &v, NULL), DFT_OK);
    assert_close(v.period * DFT_BOHR_ANG, 20.0, 1e-10);
    assert_close(v.width * DFT_BOHR_ANG, 15.0, 1e-10);
    assert_close(v.normal[0], 0.0, 1e-14);
    dft_crystal_free(crystal);
}

static void a_plane_that_is_not_perpendicular_is_refused_with_what_is_needed(void **unused)
{
    dft_crystal *crystal = slab(0.0, 0.0);
    dft_vacuum v;
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_vacuum_find(crystal, 0, &v, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "perpendicular to x"));
    dft_crystal_free(crystal);
}

static void the_axis_is_the_lattice_vector_that_leaves_the_plane(void **unused)
{
    const double cell[3][3] = { { 0, 0, 18.0 }, { 3.0, 0, 0 }, { 0, 3.0, 0 } };
    const double x[2][3] = { { 0.4, 0, 0 }, { 0.5, 0.5, 0.5 } };
    dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 12, 8 }, x);
    dft_vacuum v;
    (void)unused;

    assert_int_equal(dft_vacuum_find(crystal, 2, &v, NULL), DFT_OK);
    assert_int_equal(v.axis, 0);
    assert_close(v.middle, 0.95, 1e-12);
    assert_close(v.width * DFT_BOHR_ANG, 0.9 * 18.0, 1e-10);
    dft_crystal_free(crystal);
}

/* Operations that turn heights into something else, or move the gap, are not kept. */
static void only_operations_that_leave_the_gap_in_place_are_kept(void **unused)
{
    const dft_vacuum v = { .axis = 2, .middle = 0.725 };
    const dft_symop identity = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, { 0, 0, 0 } };
    const dft_symop in_plane = { { { 0, -1, 0 }, { 1, -1, 0 }, { 0, 0, 1 } }, { 0.5, 0, 0 } };
    const dft_symop mirror = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, -1 } }, { 0, 0, 0.45 } };
    const dft_symop off = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, -1 } }, { 0, 0, 0.40 } };
    const dft_symop shifted = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, { 0, 0, 0.5 } };
    const dft_symop turned = { { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 } }, { 0, 0, 0 } };
    (void)unused;

    assert_true(dft_vacuum_keeps(&identity, &v));
    assert_true(dft_vacuum_keeps(&in_plane, &v));
    assert_true(dft_vacuum_keeps(&mirror, &v));
    assert_false(dft_vacuum_keeps(&off, &v));
    assert_false(dft_vacuum_keeps(&shifted, &v));
    assert_false(dft_vacuum_keeps(&turned, &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gap_is_the_widest_one_and_its_middle_is_found),
        cmocka_unit_test(the_gap_moves_with_the_slab),
        cmocka_unit_test(a_leaning_third_vector_leaves_the_gap_alone),
        cmocka_unit_test(a_plane_that_is_not_perpendicular_is_refused_with_what_is_needed),
        cmocka_unit_test(the_axis_is_the_lattice_vector_that_leaves_the_plane),
        cmocka_unit_test(only_operations_that_leave_the_gap_in_place_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
