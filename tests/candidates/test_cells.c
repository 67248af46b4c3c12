#include "candidates/cells.h"

#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"
#include "candidates/slab.h"

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* fcc: a/sqrt 2 at 60 degrees; bcc: a sqrt 3/2 at 109.47 degrees.  1e-12: rounding. */
static void cubic_centrings_give_the_textbook_primitive_cells(void **unused)
{
    const struct { const char *id; double length2, dot; } cases[] = {
        { "Cu_fcc", 0.5, 0.25 }, { "Li_bcc", 0.75, -0.25 }, { "LiZn_B32", 0.5, 0.25 }
    };
    (void)unused;

    for (int k = 0; k < 3; k++) {
        dft_crystal *cell = library_crystal(cases[k].id), *primitive = NULL;
        const double aa = cell->lattice[0][0] * cell->lattice[0][0];
        assert_int_equal(cand_crystal_primitive(cell, CAND_CENTRING_TOLERANCE, &primitive, NULL),
                         DFT_OK);
        for (int i = 0; i < 3; i++) {
            const double *v = primitive->lattice[i], *w = primitive->lattice[(i + 1) % 3];
            assert_close(dot(v, v) / aa, cases[k].length2, 1e-12);
            assert_close(dot(v, w) / aa, cases[k].dot, 1e-12);
        }
        dft_crystal_free(primitive);
        dft_crystal_free(cell);
    }
}

/* 1e-3 A of noise is below the centring tolerance: a 3 x 2 supercell of fcc still has one atom
 * in its primitive cell, and its volume is that of one atom. */
static void a_noisy_supercell_is_folded_back(void **unused)
{
    dft_crystal *cell = library_crystal("Ag_fcc"), *big = NULL, *noisy, *primitive = NULL;
    unsigned seed = 7;
    (void)unused;

    assert_int_equal(cand_slab_repeat(cell, 3, 2, &big, NULL), DFT_OK);
    noisy = disturbed(big, 0.3, 1e-3 * ANG, &seed);
    assert_int_equal(cand_crystal_primitive(noisy, CAND_CENTRING_TOLERANCE, &primitive, NULL),
                     DFT_OK);
    assert_int_equal(primitive->n_atoms, 1);
    assert_close(dft_crystal_volume(primitive), dft_crystal_volume(cell) / 4.0, 1e-9);
    dft_crystal_free(primitive);
    dft_crystal_free(noisy);
    dft_crystal_free(big);
    dft_crystal_free(cell);
}

/* Noise from far below to far above the tolerance lets any subset of the 16 translations of a
 * 2 x 2 x 1 cell of fcc pass: what is kept closes, so that equal cells come out, never an error. */
static void any_noise_leaves_whole_cells(void **unused)
{
    dft_crystal *cell = library_crystal("Cu_fcc"), *big = NULL;
    size_t smallest = 16, largest = 1;
    unsigned seed = 11;
    (void)unused;

    assert_int_equal(cand_slab_repeat(cell, 2, 2, &big, NULL), DFT_OK);
    for (int trial = 0; trial < 400; trial++) {
        const double noise = 1e-3 * pow(10.0, uniform(&seed)) * ANG;
        dft_crystal *noisy = disturbed(big, 0.0, noise, &seed), *primitive = NULL;
        dft_error err;
        const dft_status status = cand_crystal_primitive(noisy, CAND_CENTRING_TOLERANCE, &primitive,
                                                         &err);
        if (status != DFT_OK)
            print_error("noise %g A: %s\n", noise * DFT_BOHR_ANG, err.message);
        assert_int_equal(status, DFT_OK);
        assert_close(dft_crystal_volume(primitive) / (double)primitive->n_atoms,
                     dft_crystal_volume(big) / (double)big->n_atoms, 1e-9);
        for (size_t i = 1; i < primitive->n_atoms; i++)
            assert_true(dft_crystal_distance(primitive, 0, i) > 2.0 * ANG);
        smallest = primitive->n_atoms < smallest ? primitive->n_atoms : smallest;
        largest = primitive->n_atoms > largest ? primitive->n_atoms : largest;
        dft_crystal_free(primitive);
        dft_crystal_free(noisy);
    }
    assert_int_equal(smallest, 1);
    assert_int_equal(largest, 16);
    dft_crystal_free(big);
    dft_crystal_free(cell);
}

/* A left-handed cell of a primitive crystal comes out right-handed, and all distances stay. */
static void left_handed_cells_become_right_handed(void **unused)
{
    const double lattice[3][3] = { { 0.0, 6.0, 0.0 }, { 5.0, 0.0, 0.0 }, { 0.3, 0.1, 7.0 } };
    const double position[2][3] = { { 0.0, 0.0, 0.0 }, { 0.4, 0.45, 0.55 } };
    const int z[2] = { 3, 9 };
    dft_crystal *left = NULL, *right = NULL;
    const double (*a)[3];
    (void)unused;

    assert_int_equal(dft_crystal_create(lattice, 2, z, position, &left, NULL), DFT_OK);
    assert_int_equal(cand_crystal_primitive(left, CAND_CENTRING_TOLERANCE, &right, NULL), DFT_OK);
    a = (const double (*)[3])right->lattice;
    assert_true(a[0][0] * a[1][1] * a[2][2] - a[0][1] * a[1][0] * a[2][2]
                + a[2][0] * (a[0][1] * a[1][2] - a[0][2] * a[1][1]) > 0.0);
    assert_close(dft_crystal_distance(right, 0, 1), dft_crystal_distance(left, 0, 1), 1e-12);
    dft_crystal_free(right);
    dft_crystal_free(left);
}

static void scaling_multiplies_the_cell_and_keeps_the_coordinates(void **unused)
{
    const double factor[3] = { 1.1, 1.1, 0.9 }, wrong[3] = { 1.0, 0.0, 1.0 };
    dft_crystal *cell = library_crystal("Zn_hcp"), *scaled = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_crystal_scaled(cell, factor, &scaled, NULL), DFT_OK);
    assert_close(dft_crystal_volume(scaled) / dft_crystal_volume(cell), 1.1 * 1.1 * 0.9, 1e-12);
    assert_close(scaled->position[1][2], cell->position[1][2], 0.0);
    dft_crystal_free(scaled);
    assert_int_equal(cand_crystal_scaled(cell, wrong, &scaled, &err), DFT_EINPUT);
    assert_null(scaled);
    assert_non_null(strstr(err.message, "scale factor 2"));
    dft_crystal_free(cell);
}

/* Against a brute-force search of the shortest vectors, for random bases; handedness and the
 * integer bookkeeping are kept. */
static void reduced_bases_are_the_two_shortest_vectors(void **unused)
{
    unsigned seed = 3;
    (void)unused;

    for (int trial = 0; trial < 200; trial++) {
        double basis[2][2], reduced[2][2], first = HUGE_VAL, det = 0.0;
        int change[2][2];

        while (fabs(det) < 0.05) {
            for (int k = 0; k < 4; k++)
                basis[k / 2][k % 2] = 2.0 * uniform(&seed) - 1.0;
            det = basis[0][0] * basis[1][1] - basis[0][1] * basis[1][0];
        }
        cand_reduce_2d((const double (*)[2])basis, reduced, change);
        for (int i = -40; i <= 40; i++)
            for (int j = -40; j <= 40; j++)
                if (i != 0 || j != 0)
                    first = fmin(first, hypot(i * basis[0][0] + j * basis[1][0],
                                              i * basis[0][1] + j * basis[1][1]));
        assert_close(hypot(reduced[0][0], reduced[0][1]), first, 1e-5);
        assert_close(reduced[0][0] * reduced[1][1] - reduced[0][1] * reduced[1][0], det, 1e-9);
        assert_true(fabs(reduced[0][0] * reduced[1][0] + reduced[0][1] * reduced[1][1])
                    <= 0.5001 * first * first);
        for (int i = 0; i < 2; i++)
            for (int c = 0; c < 2; c++)
                assert_close(change[i][0] * basis[0][c] + change[i][1] * basis[1][c], reduced[i][c],
                             1e-9);
    }
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *cell = library_crystal("MgO");
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        dft_crystal *primitive = NULL;
        assert_true(n < 50);
        dft_alloc_refuse_nth(n);
        status = cand_crystal_primitive(cell, CAND_CENTRING_TOLERANCE, &primitive, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !primitive));
        dft_crystal_free(primitive);
    }
    dft_crystal_free(cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cubic_centrings_give_the_textbook_primitive_cells),
        cmocka_unit_test(a_noisy_supercell_is_folded_back),
        cmocka_unit_test(any_noise_leaves_whole_cells),
        cmocka_unit_test(left_handed_cells_become_right_handed),
        cmocka_unit_test(scaling_multiplies_the_cell_and_keeps_the_coordinates),
        cmocka_unit_test(reduced_bases_are_the_two_shortest_vectors),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
