#include "candidates/sites.h"

#include "candidates/hops.h"
#include "candidates/layer.h"
#include "candidates/slab.h"
#include "candidates/supercell.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"
#include "tests/candidates/shapes.h"

/*
 * Sites counted by hand.  "label xN" in the order that cand_sites_find gives; o, + are top atoms,
 * other marks are sites.
 *
 *  fcc(111), hcp(0001)    fcc(100), B2(100)   bcc(110)             B2(110), a x a sqrt2
 *   o---b---o              o---b---o           o----L----o          Li----L----Li
 *    \  f  /  \            |       |            \   h   /  \         | \  h  /  |
 *     b   b  h b           b   H   b             s  |  s    s        L   (Ag)   L   s at the four
 *      \ /      \          |       |              \ L /     h        | /  h  \  |   Li-Ag middles
 *       o---b---o          o---b---o               o----L----o      Li----L----Li
 *
 *  fcc(110): rows a/sqrt2 along, a across   ZnO(10-10): dimers in a rectangle a x c
 *   o--s--o                                  Zn--L--Zn     L: Zn-Zn, O-O and the long Zn-O
 *   |     |                                  s  H1  s      s: the short Zn-O (dimer)
 *   L  H  L                                  O---L---O     H1 in, H2 between the dimers
 *   |     |                                  L  H2  L
 *   o--s--o                                  Zn--L--Zn
 *
 *  MgO(100): Mg o, O +        Ti2CO2, Ti2C: the triangular lattice of fcc(111); hcp lies above
 *   o-b-+                     the next plane (Ti; C without O), fcc above a deeper one.
 *   b H b                     Ti2C(OH)2: O hides under H, so Ti is next.
 *   +-b-o                     graphene: honeycomb, sixfold hollow, no other.
 *
 *  MgF2(110): bridging F (bonds to two of its three Mg) and, 1.3 A lower, the Mg between their rows
 *  that has lost the F above it (5 of 6); the other Mg and F of that plane have all their bonds.
 *  c = 3.05 A along the rows, a/sqrt2 = 3.26 A from F to Mg:
 *
 *   F---L---Mg---L---F        s: F-F and Mg-Mg along c
 *   s   H   s    H   s        L: F-Mg, two alike; H: two alike
 *   F---L---Mg---L---F
 *
 *  bcc(100) as fcc(100), bcc(211) as fcc(110), with rows a sqrt(3)/2 along and a sqrt2 across.
 *  hcp(10-10): rows along a; the second row, 0.9 A lower between the first ones, has 10 of 12 bonds and
 *  counts, in thin slabs as in thick ones:
 *
 *   T---L---T    T first, t second rows, each a bridge along the row (x1 each); t lies in the middle:
 *   | \   / |    four T-t bridges; triangles T-T-t on either side (x2) and T-t-t (x2): seen along their
 *   |   t   |    own normals one pair has an atom below, the other none
 *   | /   \ |
 *   T---L---T    ZnS(110): zigzag chains Zn-S of short bonds, between them the long ones; two hollows
 *                of each kind of triangle, in and between the chains.
 *
 *  Bi(0001): as fcc(111), for the bilayer's upper half; its second neighbours are 1.119 times as far as
 *  the first, and no atom of the second bilayer must count, whatever the noise.
 *
 *  fcc(211), seen from above, the step running up the page: edge E, terrace T, corner C, and the next
 *  edge.  E-T-C is a strip of (111), C-E' one of (100), foreshortened.
 *
 *   E---\       C---E'        ontop: E, T, C                            1 each
 *   | 1  T --- |   |          bridge: E-E, T-T, C-C along the step      1 each
 *   b /  | \ 4 |   b                  C-E' up the riser                 1
 *   E  2 |  3  C-b-E'                 E-T, T-C                          2 each (mirror)
 *                             1, 3 and 2, 4: (111) hollows, two fcc and two hcp, seen along the strip's
 *                             own normal; fourfold hollow C2E2 of the riser
 */
static const struct {
    const char *id, *facet;
    int layers;
    size_t n;
    struct { const char *label; size_t multiplicity; } site[14];
} counted[] = {
    { "Ag_fcc", "111", 3, 4, { { "ontop:Ag", 1 }, { "bridge:Ag2", 3 }, { "fcc:Ag3", 1 },
                               { "hcp:Ag3", 1 } } },
    { "Au_fcc", "111", 4, 4, { { "ontop:Au", 1 }, { "bridge:Au2", 3 }, { "fcc:Au3", 1 },
                               { "hcp:Au3", 1 } } },
    { "Cu_fcc", "100", 4, 3, { { "ontop:Cu", 1 }, { "bridge:Cu2", 2 }, { "hollow:Cu4", 1 } } },
    { "LiAg_B2", "100", 3, 3, { { "ontop:Li", 1 }, { "bridge:Li2", 2 }, { "hollow:Li4", 1 } } },
    { "Li_bcc", "110", 3, 4, { { "ontop:Li", 1 }, { "shortbridge:Li2", 2 }, { "longbridge:Li2", 1 },
                               { "hollow:Li3", 2 } } },
    { "Mg_hcp", "0001", 3, 4, { { "ontop:Mg", 1 }, { "bridge:Mg2", 3 }, { "fcc:Mg3", 1 },
                                { "hcp:Mg3", 1 } } },
    { "Pt_fcc", "110", 5, 4, { { "ontop:Pt", 1 }, { "shortbridge:Pt2", 1 }, { "longbridge:Pt2", 1 },
                               { "hollow:Pt4", 1 } } },
    { "LiHg_B2", "110", 3, 7, { { "ontop:Hg", 1 }, { "ontop:Li", 1 }, { "shortbridge:LiHg", 4 },
                                { "longbridge:Hg2", 1 }, { "longbridge:Li2", 1 },
                                { "hollow:Li2Hg", 2 }, { "hollow:LiHg2", 2 } } },
    { "LiZn_B32", "110", 3, 9, { { "ontop:Li", 2 }, { "ontop:Zn", 2 }, { "shortbridge:Li2", 2 },
                                 { "shortbridge:LiZn", 4 }, { "shortbridge:Zn2", 2 },
                                 { "longbridge:LiZn", 2 }, { "longbridge:LiZn#2", 2 },
                                 { "hollow:Li2Zn", 4 }, { "hollow:LiZn2", 4 } } },
    { "MgO", "100", 3, 4, { { "ontop:Mg", 1 }, { "ontop:O", 1 }, { "bridge:MgO", 4 },
                            { "hollow:Mg2O2", 2 } } },
    { "ZnO_wz", "10-10", 4, 8, { { "ontop:O", 1 }, { "ontop:Zn", 1 }, { "shortbridge:ZnO", 1 },
                                 { "longbridge:O2", 1 }, { "longbridge:Zn2", 1 },
                                 { "longbridge:ZnO", 1 }, { "hollow:Zn2O2", 1 },
                                 { "hollow:Zn2O2#2", 1 } } },
    { "MgF2", "110", 2, 6, { { "ontop:F", 1 }, { "ontop:Mg", 1 }, { "shortbridge:F2", 1 },
                             { "shortbridge:Mg2", 1 }, { "longbridge:MgF", 2 },
                             { "hollow:Mg2F2", 2 } } },
    { "Ag_fcc", "211", 7, 14, { { "ontop:Ag", 1 }, { "ontop:Ag#2", 1 }, { "ontop:Ag#3", 1 },
                                { "bridge:Ag2", 1 }, { "bridge:Ag2#2", 2 }, { "bridge:Ag2#3", 2 },
                                { "bridge:Ag2#4", 1 }, { "bridge:Ag2#5", 1 },
                                { "bridge:Ag2#6", 1 }, { "fcc:Ag3", 1 }, { "fcc:Ag3#2", 1 },
                                { "hcp:Ag3", 1 }, { "hcp:Ag3#2", 1 }, { "hollow:Ag4", 1 } } },
    { "Cu_fcc", "211", 5, 14, { { "ontop:Cu", 1 }, { "ontop:Cu#2", 1 }, { "ontop:Cu#3", 1 },
                                { "bridge:Cu2", 1 }, { "bridge:Cu2#2", 2 }, { "bridge:Cu2#3", 2 },
                                { "bridge:Cu2#4", 1 }, { "bridge:Cu2#5", 1 },
                                { "bridge:Cu2#6", 1 }, { "fcc:Cu3", 1 }, { "fcc:Cu3#2", 1 },
                                { "hcp:Cu3", 1 }, { "hcp:Cu3#2", 1 }, { "hollow:Cu4", 1 } } },
    { "Li_bcc", "100", 4, 3, { { "ontop:Li", 1 }, { "bridge:Li2", 2 }, { "hollow:Li4", 1 } } },
    { "Fe_bcc", "211", 6, 4, { { "ontop:Fe", 1 }, { "shortbridge:Fe2", 1 }, { "longbridge:Fe2", 1 },
                               { "hollow:Fe4", 1 } } },
    { "Mg_hcp", "10-10", 4, 7, { { "ontop:Mg", 1 }, { "ontop:Mg#2", 1 }, { "bridge:Mg2", 4 },
                                 { "bridge:Mg2#2", 1 }, { "bridge:Mg2#3", 1 }, { "fcc:Mg3", 2 },
                                 { "hcp:Mg3", 2 } } },
    { "Mg_hcp", "10-10", 8, 7, { { "ontop:Mg", 1 }, { "ontop:Mg#2", 1 }, { "bridge:Mg2", 4 },
                                 { "bridge:Mg2#2", 1 }, { "bridge:Mg2#3", 1 }, { "fcc:Mg3", 2 },
                                 { "hcp:Mg3", 2 } } },
    { "ZnS_zb", "110", 3, 8, { { "ontop:S", 1 }, { "ontop:Zn", 1 }, { "shortbridge:ZnS", 2 },
                               { "longbridge:ZnS", 2 }, { "hollow:Zn2S", 1 }, { "hollow:Zn2S#2", 1 },
                               { "hollow:ZnS2", 1 }, { "hollow:ZnS2#2", 1 } } },
    { "Bi_A7", "0001", 6, 4, { { "ontop:Bi", 1 }, { "bridge:Bi2", 3 }, { "fcc:Bi3", 1 },
                               { "hcp:Bi3", 1 } } },
    { "Ti2C", "sheet", 1, 4, { { "ontop:Ti", 1 }, { "bridge:Ti2", 3 }, { "fcc:Ti3", 1 },
                               { "hcp:Ti3", 1 } } },
    { "Ti2CO2", "sheet", 1, 4, { { "ontop:O", 1 }, { "bridge:O2", 3 }, { "fcc:O3", 1 },
                                 { "hcp:O3", 1 } } },
    { "Ti3C2O2", "sheet", 1, 4, { { "ontop:O", 1 }, { "bridge:O2", 3 }, { "fcc:O3", 1 },
                                  { "hcp:O3", 1 } } },
    { "Ti2C_OH2", "sheet", 1, 4, { { "ontop:H", 1 }, { "bridge:H2", 3 }, { "fcc:H3", 1 },
                                   { "hcp:H3", 1 } } },
    { "Ti3C2_OH2", "sheet", 1, 4, { { "ontop:H", 1 }, { "bridge:H2", 3 }, { "fcc:H3", 1 },
                                    { "hcp:H3", 1 } } },
    { "graphene", "sheet", 1, 3, { { "ontop:C", 2 }, { "bridge:C2", 3 }, { "hollow:C6", 1 } } },
};
#define N_COUNTED (sizeof counted / sizeof *counted)

static void expect_counted(size_t k, const dft_crystal *slab, size_t copies,
                           const cand_sites_options *options)
{
    cand_site *site = NULL;
    size_t n = 0;

    assert_int_equal(cand_sites_find(slab, 3, options, &site, &n, NULL), DFT_OK);
    if (n != counted[k].n)
        for (size_t i = 0; i < n; i++)
            print_error("%s(%s): %s x%zu\n", counted[k].id, counted[k].facet, site[i].label,
                        site[i].multiplicity);
    assert_int_equal(n, counted[k].n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(site[i].label, counted[k].site[i].label);
        assert_int_equal(site[i].multiplicity, counted[k].site[i].multiplicity * copies);
    }
    free(site);
}

static void sites_are_those_counted_by_hand(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_COUNTED; k++) {
        dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers, 15.0 * ANG, NULL);
        expect_counted(k, slab, 1, NULL);
        dft_crystal_free(slab);
    }
}

/* Rows of O and of F on Ti2C: two bridges O-F differ only by which of their sides lies above C.  Their
 * labels are the same bridge whatever the origin and the noise. */
static void bridges_told_apart_by_what_is_around_them_keep_their_labels(void **unused)
{
    dft_crystal *sheet = library_slab("Ti2CO2", "sheet", 1, 12.0 * ANG, NULL), *rows = NULL;
    size_t top = 0;
    unsigned seed = 31;
    char over[2][64] = { "", "" };
    (void)unused;

    assert_int_equal(cand_slab_repeat(sheet, 2, 1, &rows, NULL), DFT_OK);
    for (size_t a = 0; a < rows->n_atoms; a++)
        if (rows->position[a][2] > rows->position[top][2] + 1e-6)
            top = a;
    rows->z[top] = 9;
    for (int trial = 0; trial < 24; trial++) {
        dft_crystal *shifted = disturbed(rows, 6.3 * uniform(&seed), 1e-3 * ANG, &seed);
        dft_crystal *moved = turned(shifted, &seed);
        cand_site *site = NULL;
        cand_hop_graph *graph = NULL;
        size_t n, n_mixed = 0;

        assert_int_equal(cand_sites_find(moved, 3, NULL, &site, &n, NULL), DFT_OK);
        assert_int_equal(n, 10);
        assert_int_equal(cand_hops_find(moved, site, n, NULL, NULL, &graph, NULL), DFT_OK);
        for (size_t h = 0; h < graph->n_hops; h++)
            for (int k = 0; k < 2; k++)
                if (strcmp(site[graph->hop[h].from].label, k ? "fcc:OF2" : "fcc:O2F") == 0
                    && strcmp(site[graph->hop[h].to].label, k ? "hcp:O2F" : "hcp:OF2") == 0) {
                    if (trial == 0)
                        strcpy(over[k], site[graph->hop[h].over].label);
                    assert_string_equal(site[graph->hop[h].over].label, over[k]);
                    n_mixed++;
                }
        assert_int_equal(n_mixed, 2);
        assert_string_not_equal(over[0], over[1]);
        cand_hop_graph_free(graph);
        free(site);
        dft_crystal_free(moved);
        dft_crystal_free(shifted);
    }
    dft_crystal_free(rows);
    dft_crystal_free(sheet);
}

/* B2(100) ends in either element: the same three sites of each. */
static void each_termination_of_b2_has_its_own_three_sites(void **unused)
{
    static const char *const labels[2][3] = { { "ontop:Li", "bridge:Li2", "hollow:Li4" },
                                              { "ontop:Ag", "bridge:Ag2", "hollow:Ag4" } };
    dft_crystal *bulk = library_crystal("LiAg_B2");
    (void)unused;

    for (int t = 0; t < 2; t++) {
        dft_crystal *slab = NULL;
        cand_site *site = NULL;
        size_t n;

        assert_int_equal(cand_slab_create(bulk, (int[]){ 1, 0, 0 }, 3, 12.0 * ANG, t, &slab, NULL,
                                          NULL), DFT_OK);
        assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
        assert_int_equal(n, 3);
        for (size_t i = 0; i < n; i++)
            assert_string_equal(site[i].label, labels[t][i]);
        assert_string_equal(site[2].below, t == 0 ? "Ag" : "Li");
        free(site);
        dft_crystal_free(slab);
    }
    dft_crystal_free(bulk);
}

static void vacuum_origin_rotation_and_noise_change_nothing(void **unused)
{
    static const double vacua[] = { 8.0, 10.0, 15.0, 30.0 };
    unsigned seed = 5;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++)
        for (size_t v = 0; v < 4; v++)
            for (int trial = 0; trial < 5; trial++) {
                dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers,
                                            vacua[v] * ANG, NULL);
                dft_crystal *shifted = disturbed(slab, 6.3 * uniform(&seed), 1e-3 * ANG, &seed);
                dft_crystal *moved = turned(shifted, &seed);
                expect_counted(k, moved, 1, NULL);
                dft_crystal_free(moved);
                dft_crystal_free(shifted);
                dft_crystal_free(slab);
            }
}

/* All tolerances a third and three times the default, with the noise still on; the depth of the
 * top plane is not a tolerance and stays. */
static void tolerances_may_be_a_third_or_three_times_the_default(void **unused)
{
    unsigned seed = 9;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++)
        for (int t = 0; t < 2; t++) {
            cand_sites_options options = cand_sites_defaults();
            dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers,
                                        15.0 * ANG, NULL);
            dft_crystal *moved = disturbed(slab, 1.0, 1e-3 * ANG, &seed);
            options.merge *= t == 0 ? 1.0 / 3.0 : 3.0;
            options.symmetry_tolerance *= t == 0 ? 1.0 / 3.0 : 3.0;
            expect_counted(k, moved, 1, &options);
            dft_crystal_free(moved);
            dft_crystal_free(slab);
        }
}

/* A p(2x2) cell has the same distinct sites, four times each. */
static void supercells_have_the_same_sites_more_often(void **unused)
{
    unsigned seed = 13;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++) {
        dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers, 10.0 * ANG, NULL);
        dft_crystal *big = NULL, *moved;
        assert_int_equal(cand_slab_repeat(slab, 2, 2, &big, NULL), DFT_OK);
        moved = disturbed(big, 2.0, 1e-3 * ANG, &seed);
        expect_counted(k, moved, 4, NULL);
        dft_crystal_free(moved);
        dft_crystal_free(big);
        dft_crystal_free(slab);
    }
}

/* Four copies in a cell of less symmetry, {{2,0},{1,2}}: of the square, rectangular and hexagonal faces
 * none keeps all its operations there, and still there are no more distinct sites. */
static void cells_of_lower_symmetry_have_the_same_sites(void **unused)
{
    const int m[2][2] = { { 2, 0 }, { 1, 2 } };
    unsigned seed = 15;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++) {
        dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers, 10.0 * ANG, NULL);
        dft_crystal *big = NULL, *moved;
        assert_int_equal(cand_supercell_create(slab, m, &big, NULL), DFT_OK);
        moved = disturbed(big, 2.0, 1e-3 * ANG, &seed);
        expect_counted(k, moved, 4, NULL);
        dft_crystal_free(moved);
        dft_crystal_free(big);
        dft_crystal_free(slab);
    }
}

/* A cell given by other vectors of the same surface lattice (a1, a2 + 3 a1) and a c that leans. */
static void the_choice_of_cell_vectors_does_not_matter(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_COUNTED; k++) {
        dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers, 12.0 * ANG, NULL);
        dft_crystal *other = NULL;
        double lattice[3][3];
        double (*position)[3] = calloc(slab->n_atoms, sizeof *position);

        assert_non_null(position);
        memcpy(lattice, slab->lattice, sizeof lattice);
        for (int c = 0; c < 3; c++) {
            lattice[1][c] += 3.0 * slab->lattice[0][c];
            lattice[2][c] += slab->lattice[0][c] - 0.3 * slab->lattice[1][c];
        }
        for (size_t a = 0; a < slab->n_atoms; a++) {
            double cart[3];
            dft_crystal_cartesian((const double (*)[3])slab->lattice, slab->position[a], cart);
            dft_crystal_fractional((const double (*)[3])lattice, cart, position[a]);
        }
        assert_int_equal(dft_crystal_create((const double (*)[3])lattice, slab->n_atoms, slab->z,
                                            (const double (*)[3])position, &other, NULL), DFT_OK);
        expect_counted(k, other, 1, NULL);
        free(position);
        dft_crystal_free(other);
        dft_crystal_free(slab);
    }
}

/* Covalent radii (Cordero): Li 1.28, Ag 1.45 A.  On top: the sum; hollow, a/sqrt6 from three
 * atoms. */
static void start_heights_touch_the_covalent_radii(void **unused)
{
    dft_crystal *slab = library_slab("Ag_fcc", "111", 3, 12.0 * ANG, NULL);
    const double sum = (1.28 + 1.45) * ANG, lateral = 4.0862 / sqrt(6.0) * ANG;
    cand_site *site = NULL;
    size_t n = 0;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(n, 4);
    assert_close(site[0].height, sum, 1e-9);
    assert_close(site[2].height, sqrt(sum * sum - lateral * lateral), 1e-9);
    assert_close(site[2].distance, lateral, 1e-9);
    assert_string_equal(site[3].below, "Ag");
    free(site);
    dft_crystal_free(slab);
}

/* At its start height the atom touches the covalent sphere of at least one atom and enters none. */
static void an_added_atom_touches_what_its_site_says(void **unused)
{
    unsigned seed = 21;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++) {
        dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers, 15.0 * ANG, NULL);
        dft_crystal *moved = disturbed(slab, 0.7, 0.0, &seed);
        cand_site *site = NULL;
        size_t n = 0;

        assert_int_equal(cand_sites_find(moved, 3, NULL, &site, &n, NULL), DFT_OK);
        for (size_t i = 0; i < n; i++) {
            dft_crystal *with = NULL;
            double nearest = HUGE_VAL;
            assert_int_equal(cand_add_atom(moved, 3, site[i].frac, site[i].height, &with, NULL),
                             DFT_OK);
            assert_int_equal(with->n_atoms, moved->n_atoms + 1);
            for (size_t a = 0; a < moved->n_atoms; a++)
                nearest = fmin(nearest, dft_crystal_distance(with, a, moved->n_atoms) * DFT_BOHR_ANG
                                        / (dft_element_covalent_radius_ang(3)
                                           + dft_element_covalent_radius_ang(with->z[a])));
            assert_close(nearest, 1.0, 1e-9);
            assert_close(with->lattice[2][2], moved->lattice[2][2], 0.0);
            dft_crystal_free(with);
        }
        free(site);
        dft_crystal_free(moved);
        dft_crystal_free(slab);
    }
}

/* frac and position name the same point, in the top plane. */
static void positions_lie_in_the_top_plane(void **unused)
{
    dft_crystal *slab = library_slab("LiHg_B2", "110", 3, 12.0 * ANG, NULL);
    cand_site *site = NULL;
    cand_layer *layer = NULL;
    size_t n = 0;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, NULL), DFT_OK);
    for (size_t i = 0; i < n; i++) {
        double frac[3];
        dft_crystal_fractional((const double (*)[3])slab->lattice, site[i].position, frac);
        assert_close(frac[0], site[i].frac[0], 1e-12);
        assert_close(frac[1], site[i].frac[1], 1e-12);
        assert_close(site[i].position[2], layer->top, 1e-9);
        assert_true(site[i].frac[0] >= 0.0 && site[i].frac[0] < 1.0);
    }
    cand_layer_free(layer);
    free(site);
    dft_crystal_free(slab);
}

static void bulk_crystals_have_no_adsorption_sites(void **unused)
{
    dft_crystal *bulk = library_crystal("Ag_fcc"), *with = NULL;
    const double frac[2] = { 0.0, 0.0 };
    cand_site *site = NULL;
    size_t n = 1;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_sites_find(bulk, 3, NULL, &site, &n, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "not a slab"));
    assert_null(site);
    assert_int_equal(n, 0);
    assert_int_equal(cand_add_atom(bulk, 3, frac, 4.0, &with, &err), DFT_EINPUT);
    assert_null(with);
    dft_crystal_free(bulk);
}

static void atoms_added_into_atoms_and_unknown_radii_are_refused(void **unused)
{
    dft_crystal *slab = library_slab("Ag_fcc", "111", 3, 12.0 * ANG, NULL), *with = NULL;
    const double frac[2] = { 0.0, 0.0 };
    cand_site *site = NULL;
    size_t n;
    (void)unused;

    assert_int_equal(cand_add_atom(slab, 3, frac, 0.1, &with, NULL), DFT_EINPUT);
    assert_null(with);
    assert_int_equal(cand_sites_find(slab, 118, NULL, &site, &n, NULL), DFT_EINPUT);
    dft_crystal_free(slab);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *slab = library_slab("MgO", "100", 2, 12.0 * ANG, NULL);
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long k = 1; status != DFT_OK; k++) {
        cand_site *site = NULL;
        size_t n;
        assert_true(k < 200);
        dft_alloc_refuse_nth(k);
        status = cand_sites_find(slab, 3, NULL, &site, &n, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !site));
        free(site);
    }
    dft_crystal_free(slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites_are_those_counted_by_hand),
        cmocka_unit_test(bridges_told_apart_by_what_is_around_them_keep_their_labels),
        cmocka_unit_test(each_termination_of_b2_has_its_own_three_sites),
        cmocka_unit_test(vacuum_origin_rotation_and_noise_change_nothing),
        cmocka_unit_test(tolerances_may_be_a_third_or_three_times_the_default),
        cmocka_unit_test(supercells_have_the_same_sites_more_often),
        cmocka_unit_test(cells_of_lower_symmetry_have_the_same_sites),
        cmocka_unit_test(the_choice_of_cell_vectors_does_not_matter),
        cmocka_unit_test(start_heights_touch_the_covalent_radii),
        cmocka_unit_test(an_added_atom_touches_what_its_site_says),
        cmocka_unit_test(positions_lie_in_the_top_plane),
        cmocka_unit_test(bulk_crystals_have_no_adsorption_sites),
        cmocka_unit_test(atoms_added_into_atoms_and_unknown_radii_are_refused),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
