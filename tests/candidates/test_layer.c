#include "candidates/layer.h"

#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

static dft_crystal *slab_of(const char *id, const int miller[3], int layers)
{
    dft_crystal *bulk = library_crystal(id), *slab = NULL;
    assert_int_equal(cand_slab_create(bulk, miller, layers, 10.0 * ANG, 0, &slab, NULL, NULL),
                     DFT_OK);
    dft_crystal_free(bulk);
    return slab;
}

/* Layer groups of the usual slabs: fcc(111) p-3m1 (12, half of them flips), fcc(100) p4/mmm
 * (odd) or p4/nmm (even; 16), bcc(110) cmmm (8, one cell), hcp(0001) odd p-6m2 (12), wurtzite
 * (10-10) with p 2_1 m .. (4). */
static void the_order_of_the_layer_group_is_that_of_the_tables(void **unused)
{
    static const struct { const char *id; int miller[3], layers; size_t n_ops,
                          n_flips; } cases[] = {
        { "Ag_fcc", { 1, 1, 1 }, 3, 12, 6 }, { "Ag_fcc", { 1, 0, 0 }, 3, 16, 8 },
        { "Ag_fcc", { 1, 0, 0 }, 4, 16, 8 }, { "Li_bcc", { 1, 1, 0 }, 3, 8, 4 },
        { "Mg_hcp", { 0, 0, 1 }, 3, 12, 6 }, { "Mg_hcp", { 0, 0, 1 }, 4, 12, 6 },
        { "ZnO_wz", { 1, 0, 0 }, 4, 4, 2 }, { "ZnO_wz", { 0, 0, 1 }, 2, 6, 0 },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *slab = slab_of(cases[k].id, cases[k].miller, cases[k].layers);
        cand_layer *layer = NULL;
        size_t n_flips = 0;

        assert_int_equal(cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, NULL), DFT_OK);
        for (size_t i = 0; i < layer->n_ops; i++)
            n_flips += layer->op[i].flip;
        assert_int_equal(layer->n_ops, cases[k].n_ops);
        assert_int_equal(n_flips, cases[k].n_flips);
        assert_int_equal(cand_layer_faces_equal(layer), n_flips > 0);
        cand_layer_free(layer);
        dft_crystal_free(slab);
    }
}

static void operation_zero_is_the_identity_and_pure_translations_count(void **unused)
{
    const int miller[3] = { 1, 1, 1 };
    dft_crystal *slab = slab_of("Ag_fcc", miller, 3), *big = NULL;
    cand_layer *layer = NULL;
    (void)unused;

    assert_int_equal(cand_slab_repeat(slab, 2, 2, &big, NULL), DFT_OK);
    assert_int_equal(cand_layer_create(big, CAND_LAYER_TOLERANCE, &layer, NULL), DFT_OK);
    assert_int_equal(layer->n_ops, 48);
    assert_close(layer->op[0].rotation[0][0], 1.0, 0.0);
    assert_close(layer->op[0].rotation[0][1], 0.0, 0.0);
    assert_false(layer->op[0].flip);
    assert_close(layer->op[0].translation[0], 0.0, 0.0);
    cand_layer_free(layer);
    dft_crystal_free(big);
    dft_crystal_free(slab);
}

/* Shifted so that the slab straddles the cell's boundary, the layer is the same. */
static void the_origin_does_not_matter(void **unused)
{
    const int miller[3] = { 1, 0, 0 };
    dft_crystal *slab = slab_of("MgO", miller, 3);
    cand_layer *reference = NULL;
    unsigned seed = 17;
    (void)unused;

    assert_int_equal(cand_layer_create(slab, CAND_LAYER_TOLERANCE, &reference, NULL), DFT_OK);
    for (int trial = 0; trial < 20; trial++) {
        dft_crystal *moved = disturbed(slab, trial, 0.0, &seed);
        cand_layer *layer = NULL;
        size_t plane_of[64];

        assert_int_equal(cand_layer_create(moved, CAND_LAYER_TOLERANCE, &layer, NULL), DFT_OK);
        assert_close(layer->top - layer->bottom, reference->top - reference->bottom, 1e-9);
        assert_close(layer->vacuum, 10.0 * ANG, 1e-9);
        assert_int_equal(layer->n_ops, reference->n_ops);
        assert_int_equal(cand_layer_planes(layer, 0.15, plane_of), 3);
        assert_int_equal(plane_of[0], 0);
        assert_int_equal(plane_of[layer->n_atoms - 1], 2);
        cand_layer_free(layer);
        dft_crystal_free(moved);
    }
    cand_layer_free(reference);
    dft_crystal_free(slab);
}

static void a_crystal_without_a_gap_is_no_slab(void **unused)
{
    dft_crystal *bulk = library_crystal("Li_bcc");
    cand_layer *layer = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_layer_create(bulk, CAND_LAYER_TOLERANCE, &layer, &err), DFT_EINPUT);
    assert_null(layer);
    assert_non_null(strstr(err.message, "not a slab"));
    dft_crystal_free(bulk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_the_layer_group_is_that_of_the_tables),
        cmocka_unit_test(operation_zero_is_the_identity_and_pure_translations_count),
        cmocka_unit_test(the_origin_does_not_matter),
        cmocka_unit_test(a_crystal_without_a_gap_is_no_slab),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
