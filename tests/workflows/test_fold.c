#include "workflows/fold.h"

#include "dft-lite/base/alloc.h"
#include "tests/workflows/lj_slab.h"

/* Places of the adatom in units of p(1x1) vectors. */
static const double fcc[2] = { 2.0 / 3.0, 2.0 / 3.0 }, hcp[2] = { 1.0 / 3.0, 1.0 / 3.0 };
static const double next_fcc[2] = { -1.0 / 3.0, 2.0 / 3.0 };

static flow_path *hop(const double from[2], const double to[2])
{
    dft_crystal *a = lj_relaxed(from), *b = lj_relaxed(to);
    const flow_path_options options = { .n_interior = 5, .fixed = lj_fixed };
    flow_path *path = NULL;

    assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
    dft_crystal_free(a);
    dft_crystal_free(b);
    return path;
}

static void a_hop_between_unlike_sites_has_no_fold(void **unused)
{
    flow_path *path = hop(fcc, hcp);
    flow_fold *fold = NULL;
    (void)unused;

    assert_int_equal(flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL), DFT_OK);
    assert_null(fold);
    flow_path_free(path);
}

/* fcc to the next fcc: the mirror between them, through the hcp hollow and the atom. */
static void a_hop_between_like_sites_folds_in_the_mirror_between_them(void **unused)
{
    flow_path *path = hop(fcc, next_fcc);
    flow_fold *fold = NULL;
    (void)unused;

    assert_int_equal(flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL), DFT_OK);
    assert_non_null(fold);
    assert_true(fold->deviation < 1e-5);            /* both relaxed to 1e-8 Ha/bohr */
    const double (*q)[3] = (const double (*)[3])fold->rotation;
    const double det = q[0][0] * q[1][1] - q[0][1] * q[1][0];
    assert_close(det, -1.0, 1e-9);
    assert_close(q[2][2], 1.0, 1e-9);
    flow_fold_free(fold);
    flow_path_free(path);
}

/* Disturb the first half: the second follows, energies are equal in pairs, and forces turn along.
 */
static void the_second_half_is_the_image_of_the_first(void **unused)
{
    flow_path *path = hop(fcc, next_fcc);
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_fold *fold = NULL;
    unsigned seed = 3;
    (void)unused;

    assert_int_equal(flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL), DFT_OK);
    for (size_t k = LJ_ATOMS; k < path->n_images * LJ_ATOMS; k++)
        for (int c = 0; c < 3 && !lj_fixed[k % LJ_ATOMS][c]; c++) {
            seed = (seed * 1103515245u + 12345u) & 0x7fffffffu;
            path->r[k][c] += 0.3 * (seed / 2147483648.0 - 0.5);
        }
    flow_fold_path(fold, path);
    for (size_t i = 0; i < path->n_images; i++) {
        double force[2][LJ_ATOMS][3], image[LJ_ATOMS][3], energy[2];
        const size_t pair[2] = { i, path->n_images - 1 - i };
        for (int p = 0; p < 2; p++) {
            dft_crystal *crystal = NULL;
            flow_evaluation e = { .force = force[p] };
            assert_int_equal(flow_path_crystal(path, pair[p], &crystal, NULL), DFT_OK);
            assert_int_equal(lj.evaluate(NULL, crystal, FLOW_WANT_FORCES, 0, &e, NULL), DFT_OK);
            energy[p] = e.energy;
            dft_crystal_free(crystal);
        }
        flow_fold_force(fold, (const double (*)[3])force[0], image);
        assert_close(energy[0], energy[1], 1e-12);  /* rounding of sums over 13 atoms */
        for (int a = 0; a < LJ_ATOMS; a++)
            for (int c = 0; c < 3; c++)
                assert_close(image[a][c], force[1][a][c], 1e-11);
    }
    flow_fold_free(fold);
    flow_path_free(path);
}

/* One atom that is fixed, and its mirror image not: the ends would be exchanged, the constraint
 * not. */
static void fixed_coordinates_must_have_the_symmetry(void **unused)
{
    flow_path *path = hop(fcc, next_fcc);
    flow_fold *fold = NULL;
    size_t moved = 0;
    (void)unused;

    assert_int_equal(flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL), DFT_OK);
    assert_non_null(fold);
    while (fold->map[moved] == moved)
        moved++;
    flow_fold_free(fold);
    path->fixed[moved][2] = !path->fixed[moved][2];
    assert_int_equal(flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL), DFT_OK);
    assert_null(fold);
    flow_path_free(path);
}

static void refused_memory_is_reported(void **unused)
{
    flow_path *path = hop(fcc, next_fcc);
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long k = 1; status != DFT_OK; k++) {
        flow_fold *fold = NULL;
        assert_true(k < 100);
        dft_alloc_refuse_nth(k);
        status = flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_ENOMEM ? !fold : status == DFT_OK && fold != NULL);
        flow_fold_free(fold);
    }
    flow_path_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hop_between_unlike_sites_has_no_fold),
        cmocka_unit_test(a_hop_between_like_sites_folds_in_the_mirror_between_them),
        cmocka_unit_test(the_second_half_is_the_image_of_the_first),
        cmocka_unit_test(fixed_coordinates_must_have_the_symmetry),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
