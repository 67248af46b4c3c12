#include "candidates/facets.h"

#include "candidates/miller.h"
#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/symmetry.h"
#include "tests/candidates/shapes.h"

static cand_facet *facets_of(const char *id, int max_index, size_t *n)
{
    dft_crystal *crystal = library_crystal(id);
    cand_facet *list = NULL;

    assert_int_equal(cand_facets_find(crystal, max_index, &list, n, NULL), DFT_OK);
    dft_crystal_free(crystal);
    return list;
}

/* Forms of coprime indices up to 1 and 2, counted by hand.  Cubic: 100 110 111 | 210 211 221.
 * m-3 splits {210} into (210) and (120). */
static void cubic_crystals_have_three_and_six(void **unused)
{
    static const struct { const char *id; size_t upto1, upto2; } cases[] = {
        { "Ag_fcc", 3, 6 }, { "Li_bcc", 3, 6 }, { "LiAg_B2", 3, 6 }, { "ZnS_zb", 3, 6 },
        { "Mg3N2", 3, 7 },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        size_t n;
        free(facets_of(cases[k].id, 1, &n));
        assert_int_equal(n, cases[k].upto1);
        free(facets_of(cases[k].id, 2, &n));
        assert_int_equal(n, cases[k].upto2);
    }
}

static void a_person_would_write_them_like_this(void **unused)
{
    static const int cubic[6][3] = { { 1, 0, 0 }, { 1, 1, 0 }, { 1, 1, 1 }, { 2, 1, 0 },
                                     { 2, 1, 1 }, { 2, 2, 1 } };
    static const size_t multiplicity[6] = { 6, 12, 8, 24, 24, 24 };
    size_t n;
    cand_facet *list = facets_of("Ag_fcc", 2, &n);
    (void)unused;

    for (int k = 0; k < 6; k++) {
        assert_memory_equal(list[k].miller, cubic[k], sizeof cubic[k]);
        assert_int_equal(list[k].multiplicity, multiplicity[k]);
        assert_true(list[k].faces_equal);
        /* fcc: a/|hkl| for odd indices throughout, half of it where they are mixed */
        assert_close(list[k].spacing, (k == 2 ? 1.0 : 0.5) * 4.0862 * ANG
                     / sqrt(cubic[k][0] * cubic[k][0] + cubic[k][1] * cubic[k][1]
                            + cubic[k][2] * cubic[k][2]), 1e-9);
    }
    free(list);
    list = facets_of("Mg_hcp", 1, &n);       /* 0001, 10-10, 11-20, 10-11, 11-21 */
    assert_int_equal(n, 5);
    assert_memory_equal(list[0].miller, ((int[]){ 1, 0, 0 }), sizeof(int[3]));
    assert_int_equal(list[0].multiplicity, 6);
    free(list);
}

/* (111) and (-1-1-1) of zincblende are two surfaces; of rock salt, one. */
static void polar_facets_are_told(void **unused)
{
    size_t n;
    cand_facet *list = facets_of("ZnS_zb", 1, &n);
    (void)unused;

    assert_true(list[0].faces_equal);
    assert_true(list[1].faces_equal);
    assert_false(list[2].faces_equal);
    assert_int_equal(list[2].multiplicity, 8);
    free(list);
}

/* In R-3c (10-11) and (01-11) differ: the lattice alone would call {101} and {011} of its hexagonal
 * frame one.  Corundum has a c glide and a threefold axis only. */
static void rhombohedral_crystals_keep_their_threefold_axis(void **unused)
{
    size_t n, with_101 = 0, with_011 = 0;
    cand_facet *list = facets_of("Al2O3", 1, &n);
    (void)unused;

    for (size_t k = 0; k < n; k++) {
        with_101 += memcmp(list[k].miller, (int[]){ 1, 0, 1 }, sizeof(int[3])) == 0;
        with_011 += memcmp(list[k].miller, (int[]){ 0, 1, 1 }, sizeof(int[3])) == 0;
    }
    assert_int_equal(with_101, 1);
    assert_int_equal(with_011, 1);
    free(list);
}

static bool equivalent(const dft_symmetry *symmetry, const int h[3], const int k[3])
{
    for (size_t o = 0; o < symmetry->n_ops; o++) {
        int same = 0, opposite = 0;
        for (int j = 0; j < 3; j++) {
            int image = 0;
            for (int i = 0; i < 3; i++)
                image += h[i] * symmetry->op[o].rotation[i][j];
            same += image == k[j];
            opposite += image == -k[j];
        }
        if (same == 3 || opposite == 3)
            return true;
    }
    return false;
}

/* Each of the 98 coprime triples up to 2 is equivalent to exactly one facet of the list. */
static void every_index_belongs_to_exactly_one_facet(void **unused)
{
    static const char *const ids[] = { "Ag_fcc", "Zn_hcp", "Al2O3", "TiO2_rutile", "Ga_alpha",
                                       "CuO", "Te_A8", "LiSn", "SiO2_aquartz" };
    (void)unused;

    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        dft_crystal *crystal = library_crystal(ids[k]);
        dft_symmetry *symmetry = NULL;
        size_t n, n_triples = 0;
        cand_facet *list = facets_of(ids[k], 2, &n);

        assert_int_equal(dft_symmetry_create(crystal, 0.02, &symmetry, NULL), DFT_OK);
        for (int t = 0; t < 125; t++) {
            const int h[3] = { t / 25 - 2, t / 5 % 5 - 2, t % 5 - 2 };
            size_t owners = 0;
            if ((h[0] % 2 == 0 && h[1] % 2 == 0 && h[2] % 2 == 0))
                continue;
            n_triples++;
            for (size_t i = 0; i < n; i++)
                owners += equivalent(symmetry, h, list[i].miller);
            assert_int_equal(owners, 1);
        }
        assert_int_equal(n_triples, 98);
        dft_symmetry_free(symmetry);
        free(list);
        dft_crystal_free(crystal);
    }
}

static void impossible_maxima_are_refused(void **unused)
{
    dft_crystal *crystal = library_crystal("Ag_fcc");
    cand_facet *list = NULL;
    cand_termination *cut = NULL;
    size_t n;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_facets_find(crystal, 0, &list, &n, &err), DFT_EINPUT);
    assert_int_equal(cand_facets_find(crystal, 10, &list, &n, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "from 1 to 9"));
    assert_int_equal(cand_terminations_find(crystal, (int[]){ 0, 0, 0 }, &cut, &n, &err),
                     DFT_EINPUT);
    dft_crystal_free(crystal);
}

/* ---- terminations ---- */

/*
 * By hand.  reverse: which termination is this one upside down.
 *   fcc(111), MgO(100): one, itself.          MgO(111): O or Mg on top, each the other's reverse.
 *   ZnO(10-10): wide and narrow cut, both centrosymmetric.
 *   ZnO(0001): Zn over a long or a short gap; no reverse, no symmetric slab at all.
 *   Al2O3(0001): Al|Al (widest, no dipole), Al|O and O|Al, one the other's reverse.
 *   Li2O(111): Li|Li neutral; O|Li and Li|O.  LiAg(100): alternating planes of a metal.
 */
static void terminations_are_those_counted_by_hand(void **unused)
{
    static const struct {
        const char *id, *facet;
        size_t n;
        struct { const char *top, *under; int tasker, reverse; bool symmetric; } cut[3];
        bool charged;
    } cases[] = {
        { "Ag_fcc", "111", 1, { { "Ag", "Ag", 1, 0, true } }, false },
        { "MgO", "100", 1, { { "MgO", "MgO", 1, 0, true } }, true },
        { "MgO", "111", 2, { { "O", "Mg", 3, 1, true }, { "Mg", "O", 3, 0, true } }, true },
        { "ZnO_wz", "10-10", 2, { { "ZnO", "ZnO", 1, 0, true }, { "ZnO", "ZnO", 1, 1, true } },
          true },
        { "ZnO_wz", "0001", 2, { { "Zn", "O", 3, -1, false }, { "O", "Zn", 3, -1, false } }, true },
        { "Al2O3", "0001", 3, { { "Al", "Al", 2, 0, true }, { "O3", "Al", 3, 2, true },
                                { "Al", "O3", 3, 1, true } }, true },
        { "Li2O", "111", 3, { { "Li", "Li", 2, 0, true }, { "Li", "O", 3, 2, true },
                              { "O", "Li", 3, 1, true } }, true },
        { "LiAg_B2", "100", 2, { { "Li", "Ag", 3, 1, true }, { "Ag", "Li", 3, 0, true } }, false },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *crystal = library_crystal(cases[k].id);
        cand_termination *cut = NULL;
        size_t n;
        int miller[3];

        assert_int_equal(cand_miller_parse(cases[k].facet, miller, NULL, NULL), DFT_OK);
        assert_int_equal(cand_terminations_find(crystal, miller, &cut, &n, NULL), DFT_OK);
        for (size_t t = 0; t < n; t++)
            if (n != cases[k].n || strcmp(cut[t].top, cases[k].cut[t].top) != 0
                || cut[t].tasker != cases[k].cut[t].tasker
                || cut[t].reverse != cases[k].cut[t].reverse)
                print_error("%s(%s) %zu: %s|%s tasker %d reverse %d symmetric %d\n", cases[k].id,
                            cases[k].facet, t, cut[t].top, cut[t].under, cut[t].tasker,
                            cut[t].reverse, cut[t].symmetric);
        assert_int_equal(n, cases[k].n);
        for (size_t t = 0; t < n; t++) {
            assert_string_equal(cut[t].top, cases[k].cut[t].top);
            assert_string_equal(cut[t].under, cases[k].cut[t].under);
            assert_int_equal(cut[t].tasker, cases[k].cut[t].tasker);
            assert_int_equal(cut[t].reverse, cases[k].cut[t].reverse);
            assert_int_equal(cut[t].symmetric, cases[k].cut[t].symmetric);
            assert_int_equal(cut[t].tasker_from_charges, cases[k].charged);
        }
        free(cut);
        dft_crystal_free(crystal);
    }
}

/* The gaps of the terminations of one repeat add up to its height where every cut is distinct. */
static void the_gaps_of_corundum_add_up(void **unused)
{
    dft_crystal *crystal = library_crystal("Al2O3");
    cand_termination *cut = NULL;
    size_t n;
    (void)unused;

    assert_int_equal(cand_terminations_find(crystal, (int[]){ 0, 0, 1 }, &cut, &n, NULL), DFT_OK);
    /* Al|Al + 2 x Al|O = c/6 */
    assert_close(cut[0].gap + cut[1].gap + cut[2].gap, 12.9947 / 6.0 * ANG, 1e-6);
    free(cut);
    dft_crystal_free(crystal);
}

/* MgO(111), oxygen above and below: Tasker 3 made symmetric by one oxygen more than magnesium. */
static void symmetric_variants_have_equal_faces(void **unused)
{
    dft_crystal *crystal = library_crystal("MgO"), *slab = NULL;
    cand_slab_info info;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_slab_create_variant(crystal, (int[]){ 1, 1, 1 }, 3, 12.0 * ANG, 0,
                                              CAND_SLAB_SYMMETRIC, &slab, &info, NULL), DFT_OK);
    assert_int_equal(slab->n_atoms, 7);
    assert_true(info.faces_equal && !info.polar && !info.stoichiometric);
    assert_int_equal(info.tasker, 3);
    assert_int_equal(info.layers, 3);
    assert_string_equal(info.top, "O");
    assert_string_equal(info.bottom, "O");
    dft_crystal_free(slab);
    dft_crystal_free(crystal);

    crystal = library_crystal("ZnO_wz");
    assert_int_equal(cand_slab_create_variant(crystal, (int[]){ 0, 0, 1 }, 3, 12.0 * ANG, 0,
                                              CAND_SLAB_SYMMETRIC, &slab, &info, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "polar along the normal"));
    assert_null(slab);
    dft_crystal_free(crystal);

    crystal = library_crystal("LiF");        /* symmetric already: the same slab in both variants */
    assert_int_equal(cand_slab_create_variant(crystal, (int[]){ 1, 0, 0 }, 4, 12.0 * ANG, 0,
                                              CAND_SLAB_SYMMETRIC, &slab, &info, NULL), DFT_OK);
    assert_int_equal(slab->n_atoms, 8);
    assert_true(info.stoichiometric && info.tasker == 1 && info.tasker_from_charges);
    dft_crystal_free(slab);
    dft_crystal_free(crystal);
}

/* fcc(111): planes a/sqrt3 = 2.359 A apart in silver; 7 A need four of them. */
static void layers_can_be_asked_for_in_angstrom(void **unused)
{
    dft_crystal *crystal = library_crystal("Ag_fcc");
    int n_layers;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_slab_layers_for(crystal, (int[]){ 1, 1, 1 }, 0, 7.0 * ANG, &n_layers,
                                          NULL), DFT_OK);
    assert_int_equal(n_layers, 4);
    assert_int_equal(cand_slab_layers_for(crystal, (int[]){ 1, 1, 1 }, 0, 7.1 * ANG, &n_layers,
                                          NULL), DFT_OK);
    assert_int_equal(n_layers, 5);
    assert_int_equal(cand_slab_layers_for(crystal, (int[]){ 1, 1, 1 }, 0, 1e4 * ANG, &n_layers,
                                          &err), DFT_EINPUT);
    dft_crystal_free(crystal);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *crystal = library_crystal("MgO");
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        cand_facet *list = NULL;
        size_t count;
        assert_true(n < 200);
        dft_alloc_refuse_nth(n);
        status = cand_facets_find(crystal, 1, &list, &count, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !list));
        free(list);
    }
    status = DFT_ENOMEM;
    for (long n = 1; status != DFT_OK; n++) {
        cand_termination *list = NULL;
        size_t count;
        assert_true(n < 200);
        dft_alloc_refuse_nth(n);
        status = cand_terminations_find(crystal, (int[]){ 1, 1, 1 }, &list, &count, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !list));
        free(list);
    }
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cubic_crystals_have_three_and_six),
        cmocka_unit_test(a_person_would_write_them_like_this),
        cmocka_unit_test(polar_facets_are_told),
        cmocka_unit_test(rhombohedral_crystals_keep_their_threefold_axis),
        cmocka_unit_test(every_index_belongs_to_exactly_one_facet),
        cmocka_unit_test(impossible_maxima_are_refused),
        cmocka_unit_test(terminations_are_those_counted_by_hand),
        cmocka_unit_test(the_gaps_of_corundum_add_up),
        cmocka_unit_test(symmetric_variants_have_equal_faces),
        cmocka_unit_test(layers_can_be_asked_for_in_angstrom),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
