#include "workflows/path.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

/* Two aluminium atoms and a lithium in a skew cell: a 60 degree rhombus. */
static dft_crystal *made(const double li[3], const double al[3], const int z[3])
{
    static const double lattice[3][3] = { { 10, 0, 0 }, { 5, 8.660254037844386, 0 }, { 0, 0, 20 } };
    const double position[3][3] = { { 0.5, 0.5, 0.1 }, { al[0], al[1], al[2] },
                                    { li[0], li[1], li[2] } };
    dft_crystal *out = NULL;

    assert_int_equal(dft_crystal_create(lattice, 3, z, position, &out, NULL), DFT_OK);
    return out;
}

static const int usual[3] = { 13, 13, 3 };
static const double al_at[3] = { 0.1, 0.2, 0.1 };

static dft_status join(const double from[3], const double to[3], const flow_path_options *options,
                       flow_path **path, dft_error *err)
{
    dft_crystal *a = made(from, al_at, usual), *b = made(to, al_at, usual);
    const dft_status status = flow_path_create(a, b, options, path, err);

    dft_crystal_free(a);
    dft_crystal_free(b);
    return status;
}

/* Whatever cell the end is written in, the atom goes the shortest way; in the skew cell (0.45,
 * 0.45) is no shortest vector although both coordinates round to zero: (-0.55, 0.45) is. */
static void atoms_take_the_shortest_way_over_all_cells(void **unused)
{
    static const double from[3] = { 0.0, 0.0, 0.3 };
    static const double to[][3] = { { 0.45, 0.45, 0.3 },
                                    { -0.55, 0.45, 0.3 },
                                    { 3.45, -2.55, 2.3 } };
    const flow_path_options options = { .n_interior = 3 };
    (void)unused;

    for (size_t k = 0; k < 3; k++) {
        flow_path *path = NULL;
        assert_int_equal(join(from, to[k], &options, &path, NULL), DFT_OK);
        /* |-0.55 a1 + 0.45 a2|^2 = 100 (0.55^2 + 0.45^2 - 0.55 0.45) */
        assert_close(flow_path_distance(path, 0, 4), sqrt(25.75), 1e-9);
        for (size_t i = 0; i < 4; i++)
            assert_close(flow_path_distance(path, i, i + 1), sqrt(25.75) / 4.0, 1e-9);
        flow_path_free(path);
    }
}

static void positions_can_be_taken_as_given(void **unused)
{
    static const double from[3] = { 0.0, 0.0, 0.3 }, to[3] = { 1.0, 0.0, 0.3 };
    flow_path_options options = { .n_interior = 3, .as_given = 1 };
    flow_path *path = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(join(from, to, &options, &path, NULL), DFT_OK);
    assert_close(flow_path_distance(path, 0, 4), 10.0, 1e-9);
    flow_path_free(path);
    options.as_given = 0;                           /* a whole cell is no way at all */
    assert_int_equal(join(from, to, &options, &path, &err), DFT_EINPUT);
    assert_null(path);
    assert_non_null(strstr(err.message, "as given"));
}

static void atoms_in_another_order_are_refused_or_matched_by_place(void **unused)
{
    static const double li0[3] = { 0.0, 0.0, 0.3 }, li1[3] = { 0.2, 0.0, 0.3 };
    static const int other[3] = { 13, 3, 13 };
    flow_path_options options = { .n_interior = 1 };
    dft_crystal *a = made(li0, al_at, usual), *b = made(al_at, li1, other), *c;
    flow_path *path = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(flow_path_create(a, b, &options, &path, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "atom 2 is Al at one end"));
    options.match = FLOW_MATCH_NEAREST;
    assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
    assert_close(flow_path_distance(path, 0, 2), 2.0, 1e-9);        /* only lithium moves */
    flow_path_free(path);
    c = made(li0, al_at, (const int[]){ 13, 3, 3 });
    assert_int_equal(flow_path_create(a, c, &options, &path, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "different elements"));
    dft_crystal_free(a);
    dft_crystal_free(b);
    dft_crystal_free(c);
}

static void fixed_atoms_stay_and_may_not_differ(void **unused)
{
    static const double from[3] = { 0.0, 0.0, 0.3 }, to[3] = { 0.2, 0.0, 0.32 };
    static const unsigned char lithium[3][3] = { { 0 }, { 0 }, { 1, 1, 1 } };
    static const unsigned char aluminium[3][3] = { { 1, 1, 1 }, { 1, 1, 1 }, { 0 } };
    flow_path_options options = { .n_interior = 1, .fixed = aluminium };
    flow_path *path = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(join(from, to, &options, &path, NULL), DFT_OK);
    assert_int_equal(path->fixed[0][2], 1);
    flow_path_free(path);
    options.fixed = lithium;
    assert_int_equal(join(from, to, &options, &path, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "atom 3 is fixed"));
}

static void ends_in_different_cells_are_refused(void **unused)
{
    static const double from[3] = { 0.0, 0.0, 0.3 }, to[3] = { 0.2, 0.0, 0.3 };
    const flow_path_options options = { .n_interior = 1 }, none = { .n_interior = 0 };
    dft_crystal *a = made(from, al_at, usual), *b = made(to, al_at, usual);
    flow_path *path = NULL;
    dft_error err;
    (void)unused;

    b->lattice[1][0] += 0.01;
    assert_int_equal(flow_path_create(a, b, &options, &path, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "different cells"));
    b->lattice[1][0] -= 0.01;
    assert_int_equal(flow_path_create(a, b, &none, &path, &err), DFT_EINPUT);
    dft_crystal_free(a);
    dft_crystal_free(b);
}

/* A path with all its images crowded at one end. */
static void images_are_spread_evenly(void **unused)
{
    static const double from[3] = { 0.0, 0.0, 0.3 }, to[3] = { 0.3, 0.0, 0.3 };
    const flow_path_options options = { .n_interior = 5 };
    double s[7];
    flow_path *path = NULL;
    (void)unused;

    assert_int_equal(join(from, to, &options, &path, NULL), DFT_OK);
    for (size_t i = 1; i < 6; i++) {
        path->r[i * 3 + 2][0] = path->r[2][0] + 0.1 * (double)i * (double)i / 25.0;
        path->r[i * 3 + 2][2] = path->r[2][2];
    }
    assert_int_equal(flow_path_respace(path, NULL), DFT_OK);
    flow_path_coordinates(path, s);
    for (size_t i = 0; i < 7; i++)
        assert_close(s[i], 3.0 * (double)i / 6.0, 1e-9);
    path->r[6 * 3 + 2][0] += 3.0;                   /* an end that relaxed farther along */
    flow_path_straighten(path);
    for (size_t i = 0; i < 6; i++)
        assert_close(flow_path_distance(path, i, i + 1), 1.0, 1e-9);
    flow_path_free(path);
}

static void refused_memory_is_reported(void **unused)
{
    static const double from[3] = { 0.0, 0.0, 0.3 }, to[3] = { 0.3, 0.0, 0.3 };
    const flow_path_options options = { .n_interior = 3, .match = FLOW_MATCH_NEAREST };
    dft_crystal *a = made(from, al_at, usual), *b = made(to, al_at, usual);
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long k = 1; status != DFT_OK; k++) {
        flow_path *path = NULL;
        assert_true(k < 50);
        dft_alloc_refuse_nth(k);
        status = flow_path_create(a, b, &options, &path, NULL);
        if (status == DFT_OK)
            status = flow_path_respace(path, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
        flow_path_free(path);
    }
    dft_crystal_free(a);
    dft_crystal_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(atoms_take_the_shortest_way_over_all_cells),
        cmocka_unit_test(positions_can_be_taken_as_given),
        cmocka_unit_test(atoms_in_another_order_are_refused_or_matched_by_place),
        cmocka_unit_test(fixed_atoms_stay_and_may_not_differ),
        cmocka_unit_test(ends_in_different_cells_are_refused),
        cmocka_unit_test(images_are_spread_evenly),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
