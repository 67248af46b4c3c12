#include "candidates/supercell.h"

#include "candidates/layer.h"
#include "candidates/sites.h"
#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

static dft_crystal *slab_of(const char *id, int h, int k, int l)
{
    dft_crystal *bulk = library_crystal(id), *slab = NULL;
    const int miller[3] = { h, k, l };
    assert_int_equal(cand_slab_create(bulk, miller, 3, 10.0 * ANG, 0, &slab, NULL, NULL), DFT_OK);
    dft_crystal_free(bulk);
    return slab;
}

static double length(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Lengths of both vectors in units of the surface lattice constant. */
static void coverages_have_the_cells_of_wood_notation(void **unused)
{
    static const struct { const char *id; int h, k, l, index; double a, b; } cases[] = {
        { "Ag_fcc", 1, 1, 1, 1, 1.0, 1.0 }, { "Ag_fcc", 1, 1, 1, 3, 1.7320508, 1.7320508 },
        { "Ag_fcc", 1, 1, 1, 4, 2.0, 2.0 }, { "Ag_fcc", 1, 1, 1, 7, 2.6457513, 2.6457513 },
        { "Ag_fcc", 1, 1, 1, 9, 3.0, 3.0 }, { "Cu_fcc", 1, 0, 0, 2, 1.4142136, 1.4142136 },
        { "Cu_fcc", 1, 0, 0, 4, 2.0, 2.0 }, { "Cu_fcc", 1, 0, 0, 5, 2.2360680, 2.2360680 },
        { "Cu_fcc", 1, 0, 0, 9, 3.0, 3.0 }, { "Mg_hcp", 0, 0, 1, 3, 1.7320508, 1.7320508 },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *slab = slab_of(cases[k].id, cases[k].h, cases[k].k, cases[k].l), *big = NULL;
        const double a = length(slab->lattice[0]);
        int m[2][2];

        assert_int_equal(cand_supercell_matrix(slab, cases[k].index, m, NULL), DFT_OK);
        assert_int_equal(cand_supercell_create(slab, (const int (*)[2])m, &big, NULL), DFT_OK);
        assert_int_equal(big->n_atoms, slab->n_atoms * (size_t)cases[k].index);
        assert_close(length(big->lattice[0]) / a, cases[k].a, 1e-6);
        assert_close(length(big->lattice[1]) / a, cases[k].b, 1e-6);
        assert_true(big->lattice[0][0] * big->lattice[1][1] > big->lattice[0][1]
                    * big->lattice[1][0]);
        dft_crystal_free(big);
        dft_crystal_free(slab);
    }
}

/* Whatever the cell, the surface has its sites, more often: also where the cell is oblique on a
 * rectangular surface, which its mirror does not keep. */
static void cells_show_the_sites_of_the_surface(void **unused)
{
    static const int cells[][2][2] = { { { 2, 0 }, { 0, 1 } }, { { 3, 0 }, { 0, 2 } },
                                       { { 1, 1 }, { -1, 1 } }, { { 1, 5 }, { 0, 1 } },
                                       { { 0, 2 }, { -3, 0 } }, { { 2, 1 }, { -1, 1 } },
                                       { { 3, 0 }, { 1, 2 } }, { { 2, -1 }, { 4, 1 } } };
    dft_crystal *slab = slab_of("LiHg_B2", 1, 1, 0);
    cand_site *site = NULL;
    size_t n = 0;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
        const int det = cells[k][0][0] * cells[k][1][1] - cells[k][0][1] * cells[k][1][0];
        dft_crystal *big = NULL;
        cand_site *other = NULL;
        size_t n_other = 0;

        assert_int_equal(cand_supercell_create(slab, cells[k], &big, NULL), DFT_OK);
        assert_int_equal(big->n_atoms, slab->n_atoms * (size_t)det);
        assert_close(dft_crystal_volume(big), det * dft_crystal_volume(slab), 1e-6);
        assert_int_equal(cand_sites_find(big, 3, NULL, &other, &n_other, NULL), DFT_OK);
        assert_int_equal(n_other, n);
        for (size_t i = 0; i < n; i++) {
            assert_string_equal(other[i].label, site[i].label);
            assert_int_equal(other[i].multiplicity, site[i].multiplicity * (size_t)det);
        }
        free(other);
        dft_crystal_free(big);
    }
    free(site);
    dft_crystal_free(slab);
}

static void impossible_cells_are_refused(void **unused)
{
    const int flat[2][2] = { { 1, 2 }, { 2, 4 } }, left[2][2] = { { 0, 1 }, { 1, 0 } };
    dft_crystal *slab = slab_of("Ag_fcc", 1, 1, 1), *out = NULL;
    int m[2][2];
    dft_error err;
    (void)unused;

    assert_int_equal(cand_supercell_create(slab, flat, &out, &err), DFT_EINPUT);
    assert_int_equal(cand_supercell_create(slab, left, &out, &err), DFT_EINPUT);
    assert_null(out);
    assert_int_equal(cand_supercell_matrix(slab, 0, m, &err), DFT_EINPUT);
    assert_int_equal(cand_supercell_matrix(slab, 401, m, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "from 1 to 400"));
    dft_crystal_free(slab);
}

/* ZnO(0001): zinc above, oxygen below; turned, the other way round, and turned twice as before. */
static void turning_shows_the_other_face(void **unused)
{
    dft_crystal *slab = slab_of("ZnO_wz", 0, 0, 1), *turned = NULL, *twice = NULL;
    cand_site *site = NULL;
    cand_layer *before = NULL, *after = NULL;
    size_t n = 0;
    unsigned seed = 3;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_string_equal(site[0].label, "ontop:Zn");
    free(site);
    assert_int_equal(cand_slab_turned(slab, &turned, NULL), DFT_OK);
    assert_int_equal(cand_sites_find(turned, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_string_equal(site[0].label, "ontop:O");
    free(site);
    assert_close(dft_crystal_volume(turned), dft_crystal_volume(slab), 1e-6);
    assert_close(dft_crystal_distance(turned, 0, 1), dft_crystal_distance(slab, 0, 1), 1e-9);
    dft_crystal_free(turned);
    for (int trial = 0; trial < 5; trial++) {
        dft_crystal *moved = disturbed(slab, 1.1 * trial, 0.0, &seed);
        assert_int_equal(cand_slab_turned(moved, &turned, NULL), DFT_OK);
        assert_int_equal(cand_slab_turned(turned, &twice, NULL), DFT_OK);
        assert_int_equal(cand_layer_create(moved, CAND_LAYER_TOLERANCE, &before, NULL), DFT_OK);
        assert_int_equal(cand_layer_create(twice, CAND_LAYER_TOLERANCE, &after, NULL), DFT_OK);
        for (size_t a = 0; a < slab->n_atoms; a++) {
            assert_close(after->height[a] - after->bottom, before->height[a] - before->bottom, 1e-9);
            for (size_t b = 0; b < slab->n_atoms; b++)
                assert_close(dft_crystal_distance(twice, a, b), dft_crystal_distance(slab, a, b),
                             1e-9);
        }
        cand_layer_free(before);
        cand_layer_free(after);
        dft_crystal_free(moved);
        dft_crystal_free(turned);
        dft_crystal_free(twice);
    }
    dft_crystal_free(slab);
}

static void refused_memory_is_reported(void **unused)
{
    const int m[2][2] = { { 2, 0 }, { 0, 1 } };
    dft_crystal *slab = slab_of("Ag_fcc", 1, 1, 1);
    (void)unused;

    for (int which = 0; which < 2; which++) {
        dft_status status = DFT_ENOMEM;
        for (long n = 1; status != DFT_OK; n++) {
            dft_crystal *out = NULL;
            assert_true(n < 50);
            dft_alloc_refuse_nth(n);
            status = which ? cand_supercell_create(slab, m, &out, NULL)
                           : cand_slab_turned(slab, &out, NULL);
            dft_alloc_refuse_nth(0);
            assert_true(status == DFT_OK || (status == DFT_ENOMEM && !out));
            dft_crystal_free(out);
        }
    }
    dft_crystal_free(slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coverages_have_the_cells_of_wood_notation),
        cmocka_unit_test(cells_show_the_sites_of_the_surface),
        cmocka_unit_test(impossible_cells_are_refused),
        cmocka_unit_test(turning_shows_the_other_face),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
