#include "candidates/subsurface.h"

#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

/*
 * Counted by hand, between the first plane and the second; radius and depth in units of a.
 *
 *  fcc(111): an octahedron in the middle of the layer (a/2 wide, a sqrt3/6 deep), a tetrahedron
 *            standing on the second plane under each top atom (3/4 of the layer, a sqrt3/4, deep) and
 *            one hanging from each hcp triangle (a sqrt3/12 deep); both sqrt3/4 a wide.
 *  fcc(100): tetrahedra half way (a/4 deep), two per 1x1 cell; the octahedra lie in the planes.
 *  bcc(110): tetrahedra sqrt5/4 a wide, six per atom: two each at 1/4, 1/2 and 3/4 of the layer.
 */
static const struct {
    const char *id;
    int miller[3], layers;
    size_t n;
    struct { const char *label; size_t multiplicity; double radius, depth; } site[3];
} counted[] = {
    { "Ag_fcc", { 1, 1, 1 }, 4, 3,
      { { "octahedral:Ag6", 1, 0.5, 0.28867513 }, { "tetrahedral:Ag4", 1, 0.43301270, 0.14433757 },
        { "tetrahedral:Ag4#2", 1, 0.43301270, 0.43301270 } } },
    { "Cu_fcc", { 1, 0, 0 }, 4, 1, { { "tetrahedral:Cu4", 2, 0.43301270, 0.25 } } },
    { "Li_bcc", { 1, 1, 0 }, 3, 3,
      { { "tetrahedral:Li4", 2, 0.55901699, 0.17677670 },
        { "tetrahedral:Li4#2", 2, 0.55901699, 0.35355339 },
        { "tetrahedral:Li4#3", 2, 0.55901699, 0.53033009 } } },
};
#define N_COUNTED (sizeof counted / sizeof *counted)

static void expect_counted(size_t k, const dft_crystal *slab, double a, size_t copies, double noise)
{
    cand_subsurface_site *site = NULL;
    size_t n = 0;

    assert_int_equal(cand_subsurface_find(slab, NULL, &site, &n, NULL), DFT_OK);
    for (size_t i = 0; i < n && n != counted[k].n; i++)
        print_error("%s: %s x%zu r %.4f depth %.4f\n", counted[k].id, site[i].label,
                    site[i].multiplicity, site[i].radius / a, site[i].depth / a);
    assert_int_equal(n, counted[k].n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(site[i].label, counted[k].site[i].label);
        assert_int_equal(site[i].multiplicity, counted[k].site[i].multiplicity * copies);
        assert_close(site[i].radius / a, counted[k].site[i].radius, 1e-6 + noise);
        assert_close(site[i].depth / a, counted[k].site[i].depth, 1e-6 + noise);
    }
    free(site);
}

static void subsurface_sites_are_those_counted_by_hand(void **unused)
{
    unsigned seed = 51;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++) {
        dft_crystal *bulk = library_crystal(counted[k].id), *slab = NULL, *big = NULL, *moved;
        const double a = bulk->lattice[0][0];

        assert_int_equal(cand_slab_create(bulk, counted[k].miller, counted[k].layers, 10.0 * ANG, 0,
                                          &slab, NULL, NULL), DFT_OK);
        expect_counted(k, slab, a, 1, 0.0);
        for (int trial = 0; trial < 5; trial++) {
            moved = disturbed(slab, 1.3 * trial, 1e-3 * ANG, &seed);
            expect_counted(k, moved, a, 1, 2e-3);
            dft_crystal_free(moved);
        }
        assert_int_equal(cand_slab_repeat(slab, 2, 2, &big, NULL), DFT_OK);
        moved = disturbed(big, 0.9, 1e-3 * ANG, &seed);
        expect_counted(k, moved, a, 4, 2e-3);
        dft_crystal_free(moved);
        dft_crystal_free(big);
        dft_crystal_free(slab);
        dft_crystal_free(bulk);
    }
}

/* No atom enters a sphere, and at least four touch it; on many faces of many lattices. */
static void spheres_are_empty_and_touch_their_atoms(void **unused)
{
    static const struct { const char *id; int miller[3]; } cases[] = {
        { "Li_bcc", { 1, 1, 0 } }, { "Li_bcc", { 1, 1, 1 } }, { "Mg_hcp", { 0, 0, 1 } },
        { "LiHg_B2", { 1, 1, 0 } }, { "ZnO_wz", { 1, 0, 0 } }, { "Ag_fcc", { 2, 1, 1 } },
        { "MgF2", { 1, 1, 0 } },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *bulk = library_crystal(cases[k].id), *slab = NULL;
        cand_subsurface_site *site = NULL;
        size_t n;

        assert_int_equal(cand_slab_create(bulk, cases[k].miller, 4, 10.0 * ANG, 0, &slab, NULL,
                                          NULL), DFT_OK);
        assert_int_equal(cand_subsurface_find(slab, NULL, &site, &n, NULL), DFT_OK);
        for (size_t i = 0; i < n; i++) {
            double frac[3], nearest = HUGE_VAL;
            dft_crystal_fractional((const double (*)[3])slab->lattice, site[i].position, frac);
            for (size_t b = 0; b < slab->n_atoms; b++)
                for (int t = 0; t < 25; t++) {
                    const double d[3] = { slab->position[b][0] - frac[0] + t / 5 - 2,
                                          slab->position[b][1] - frac[1] + t % 5 - 2,
                                          slab->position[b][2] - frac[2] };
                    double cart[3];
                    dft_crystal_cartesian((const double (*)[3])slab->lattice, d, cart);
                    nearest = fmin(nearest, sqrt(cart[0] * cart[0] + cart[1] * cart[1]
                                                 + cart[2] * cart[2]));
                }
            assert_close(nearest, site[i].radius, 0.15 / DFT_BOHR_ANG);
            assert_true(site[i].coordination >= 4);
            assert_true(site[i].depth > 0.0);
        }
        free(site);
        dft_crystal_free(slab);
        dft_crystal_free(bulk);
    }
}

static void a_sheet_of_one_plane_has_none(void **unused)
{
    dft_crystal *sheet = library_crystal("graphene");
    cand_subsurface_site *site = NULL;
    size_t n = 1;
    (void)unused;

    assert_int_equal(cand_subsurface_find(sheet, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(n, 0);
    free(site);
    dft_crystal_free(sheet);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *bulk = library_crystal("Ag_fcc"), *slab = NULL;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(cand_slab_create(bulk, (int[]){ 1, 1, 1 }, 3, 10.0 * ANG, 0, &slab, NULL, NULL),
                     DFT_OK);
    for (long k = 1; status != DFT_OK; k++) {
        cand_subsurface_site *site = NULL;
        size_t n;
        assert_true(k < 100);
        dft_alloc_refuse_nth(k);
        status = cand_subsurface_find(slab, NULL, &site, &n, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !site));
        free(site);
    }
    dft_crystal_free(slab);
    dft_crystal_free(bulk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subsurface_sites_are_those_counted_by_hand),
        cmocka_unit_test(spheres_are_empty_and_touch_their_atoms),
        cmocka_unit_test(a_sheet_of_one_plane_has_none),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
