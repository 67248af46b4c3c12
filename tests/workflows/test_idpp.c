#include "workflows/idpp.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

/* Lithium passes an aluminium atom: the straight way leads right through it (half way they meet).
 */
static flow_path *through(size_t n_interior, double offset)
{
    static const double lattice[3][3] = { { 30, 0, 0 }, { 0, 30, 0 }, { 0, 0, 30 } };
    static const int z[2] = { 13, 3 };
    const double from[2][3] = { { 0.5, 0.5, 0.5 }, { 0.5 - 5.0 / 30, 0.5 + offset / 30, 0.5 } };
    const double to[2][3] = { { 0.5, 0.5, 0.5 }, { 0.5 + 5.0 / 30, 0.5 + offset / 30, 0.5 } };
    static const unsigned char fixed[2][3] = { { 1, 1, 1 }, { 0, 0, 0 } };
    const flow_path_options options = { .n_interior = n_interior, .fixed = fixed };
    dft_crystal *a = NULL, *b = NULL;
    flow_path *path = NULL;

    assert_int_equal(dft_crystal_create(lattice, 2, z, from, &a, NULL), DFT_OK);
    assert_int_equal(dft_crystal_create(lattice, 2, z, to, &b, NULL), DFT_OK);
    assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
    dft_crystal_free(a);
    dft_crystal_free(b);
    return path;
}

static double distance(const flow_path *path, size_t image)
{
    double sum = 0.0;
    for (int c = 0; c < 3; c++)
        sum += pow(path->r[2 * image][c] - path->r[2 * image + 1][c], 2);
    return sqrt(sum);
}

/* Ends 5.04 bohr from the atom: so is every image, a semicircle; a chord between images cuts in by
 * less than 2 per cent with seven of them. */
static void an_atom_goes_around_another(void **unused)
{
    flow_path *path = through(7, 0.6);
    (void)unused;

    assert_close(distance(path, 4), 0.6, 1e-9);
    assert_int_equal(flow_idpp_relax(path, FLOW_IDPP_CUTOFF, NULL), DFT_OK);
    for (size_t i = 0; i < 9; i++)
        assert_close(distance(path, i), sqrt(25.36), 0.02 * 5.04);
    for (size_t i = 0; i < 8; i++)
        assert_close(flow_path_distance(path, i, i + 1), flow_path_distance(path, 0, 1), 0.05);
    flow_path_free(path);
}

/* The atom in the way is in the next cell over. */
static void images_in_other_cells_count(void **unused)
{
    flow_path *path = through(7, 0.6);
    (void)unused;

    for (size_t i = 0; i < 9; i++)
        path->r[2 * i][1] -= 30.0;
    assert_int_equal(flow_idpp_relax(path, FLOW_IDPP_CUTOFF, NULL), DFT_OK);
    for (size_t i = 0; i < 9; i++) {
        path->r[2 * i][1] += 30.0;
        assert_close(distance(path, i), sqrt(25.36), 0.02 * 5.04);
    }
    flow_path_free(path);
}

static void fixed_atoms_and_ends_stay(void **unused)
{
    flow_path *path = through(3, 0.6);
    double end[2][3];
    (void)unused;

    memcpy(end, path->r + 8, sizeof end);
    assert_int_equal(flow_idpp_relax(path, FLOW_IDPP_CUTOFF, NULL), DFT_OK);
    assert_memory_equal(end, path->r + 8, sizeof end);
    for (size_t i = 0; i < 5; i++)
        for (int c = 0; c < 3; c++)
            assert_close(path->r[2 * i][c], 15.0, 1e-12);
    flow_path_free(path);
}

/* Right through the middle there is no side to go around on: atoms meet, and that is said. */
static void atoms_that_meet_all_the_same_are_refused(void **unused)
{
    flow_path *path = through(3, 0.0);
    dft_error err;
    (void)unused;

    assert_int_equal(flow_idpp_relax(path, FLOW_IDPP_CUTOFF, &err), DFT_EINPUT);
    flow_path_free(path);
}

static void refused_memory_is_reported(void **unused)
{
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long k = 1; status != DFT_OK; k++) {
        flow_path *path = through(3, 0.6);
        assert_true(k < 50);
        dft_alloc_refuse_nth(k);
        status = flow_idpp_relax(path, FLOW_IDPP_CUTOFF, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
        flow_path_free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_atom_goes_around_another),
        cmocka_unit_test(images_in_other_cells_count),
        cmocka_unit_test(fixed_atoms_and_ends_stay),
        cmocka_unit_test(atoms_that_meet_all_the_same_are_refused),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
