#include "candidates/hops.h"

#include "candidates/layer.h"
#include "candidates/slab.h"
#include "candidates/supercell.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

/*
 * Hops counted by hand, in units of the conventional a; multiplicity per 1x1 cell.
 *
 *  fcc(111), hcp(0001): fcc and hcp hollows form a honeycomb: one hop, three per cell.
 *  fcc(100), B2(100):   hollows form a square lattice: one hop over the bridge, two per cell.
 *  fcc(110): hollows form a rectangle; along the rows (a/sqrt2, over the long bridge between two
 *            rows) and across them (a, over the short bridge of a row).  Each alone leads one way.
 *  bcc(110): pairs of hollows on either side of each long bridge, sqrt2/4 a apart; a hop within the
 *            pair, and one over each short bridge: sqrt(1/4 + 1/8) a.  The second alone zigzags along
 *            [001]; with the first one spreads.  The first alone leads nowhere.
 *  graphene: hollows form a triangular lattice, one hop over the C-C bridge, three per cell.
 */
static const struct {
    const char *id, *facet;
    int layers;
    size_t n_hops;
    struct { const char *from, *to, *over; double length; size_t multiplicity; int directions; }
        hop[2];
    int together;
} counted[] = {
    { "Ag_fcc", "111", 3, 1, { { "fcc:Ag3", "hcp:Ag3", "bridge:Ag2", 0.40824829, 3, 2 } }, 2 },
    { "Mg_hcp", "0001", 3, 1, { { "fcc:Mg3", "hcp:Mg3", "bridge:Mg2", 0.57735027, 3, 2 } }, 2 },
    { "Cu_fcc", "100", 4, 1, { { "hollow:Cu4", "hollow:Cu4", "bridge:Cu2", 0.70710678, 2, 2 } },
      2 },
    { "LiAg_B2", "100", 3, 1, { { "hollow:Li4", "hollow:Li4", "bridge:Li2", 1.0, 2, 2 } }, 2 },
    { "Pt_fcc", "110", 5, 2, { { "hollow:Pt4", "hollow:Pt4", "longbridge:Pt2", 0.70710678, 1, 1 },
                               { "hollow:Pt4", "hollow:Pt4", "shortbridge:Pt2", 1.0, 1, 1 } }, 2 },
    { "Li_bcc", "110", 3, 2, { { "hollow:Li3", "hollow:Li3", "longbridge:Li2", 0.35355339, 1, 0 },
                               { "hollow:Li3", "hollow:Li3", "shortbridge:Li2", 0.61237244, 2,
                                 1 } }, 2 },
    { "Ti2CO2", "sheet", 1, 1, { { "fcc:O3", "hcp:O3", "bridge:O2", 0.57735027, 3, 2 } }, 2 },
    { "graphene", "sheet", 1, 1, { { "hollow:C6", "hollow:C6", "bridge:C2", 1.0, 3, 2 } }, 2 },
};
#define N_COUNTED (sizeof counted / sizeof *counted)

static void expect_counted(size_t k, const dft_crystal *slab, double a, size_t copies,
                           const cand_sites_options *options)
{
    cand_site *site = NULL;
    cand_hop_graph *graph = NULL;
    size_t n = 0;
    bool allowed[8] = { false };

    assert_int_equal(cand_sites_find(slab, 3, options, &site, &n, NULL), DFT_OK);
    assert_int_equal(cand_hops_find(slab, site, n, NULL, options, &graph, NULL), DFT_OK);
    if (graph->n_hops != counted[k].n_hops)
        for (size_t h = 0; h < graph->n_hops; h++)
            print_error("%s(%s): %s - %s %.4f x%zu\n", counted[k].id, counted[k].facet,
                        site[graph->hop[h].from].label, site[graph->hop[h].to].label,
                        graph->hop[h].length / a, graph->hop[h].multiplicity);
    assert_int_equal(graph->n_hops, counted[k].n_hops);
    for (size_t h = 0; h < graph->n_hops; h++) {
        const cand_hop *hop = &graph->hop[h];
        assert_string_equal(site[hop->from].label, counted[k].hop[h].from);
        assert_string_equal(site[hop->to].label, counted[k].hop[h].to);
        assert_true(hop->over != CAND_NO_SITE);
        assert_string_equal(site[hop->over].label, counted[k].hop[h].over);
        assert_close(hop->length / a, counted[k].hop[h].length, 2e-3);   /* the noise */
        assert_int_equal(hop->multiplicity, counted[k].hop[h].multiplicity * copies);
        memset(allowed, 0, sizeof allowed);
        allowed[h] = true;
        assert_int_equal(cand_hop_graph_directions(graph, allowed, NULL),
                         counted[k].hop[h].directions);
    }
    memset(allowed, 1, sizeof allowed);
    assert_int_equal(cand_hop_graph_directions(graph, allowed, NULL), counted[k].together);
    cand_hop_graph_free(graph);
    free(site);
}

static void hops_are_those_counted_by_hand(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_COUNTED; k++) {
        double a;
        dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers, 15.0 * ANG,
                                    &a);
        expect_counted(k, slab, a, 1, NULL);
        dft_crystal_free(slab);
    }
}

static void vacuum_origin_rotation_and_noise_change_nothing(void **unused)
{
    static const double vacua[] = { 8.0, 10.0, 15.0, 30.0 };
    unsigned seed = 23;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++)
        for (size_t v = 0; v < 4; v++) {
            double a;
            dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers,
                                        vacua[v] * ANG, &a);
            dft_crystal *shifted = disturbed(slab, 6.3 * uniform(&seed), 1e-3 * ANG, &seed);
            dft_crystal *moved = turned(shifted, &seed);
            expect_counted(k, moved, a, 1, NULL);
            dft_crystal_free(moved);
            dft_crystal_free(shifted);
            dft_crystal_free(slab);
        }
}

static void tolerances_may_be_a_third_or_three_times_the_default(void **unused)
{
    unsigned seed = 29;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++)
        for (int t = 0; t < 2; t++) {
            cand_sites_options options = cand_sites_defaults();
            double a;
            dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers,
                                        12.0 * ANG, &a);
            dft_crystal *moved = disturbed(slab, 0.4, 1e-3 * ANG, &seed);
            options.merge *= t == 0 ? 1.0 / 3.0 : 3.0;
            options.symmetry_tolerance *= t == 0 ? 1.0 / 3.0 : 3.0;
            expect_counted(k, moved, a, 1, &options);
            dft_crystal_free(moved);
            dft_crystal_free(slab);
        }
}

/* p(2x2): the same distinct hops (on fcc(111) one between fcc and hcp), four times each. */
static void supercells_have_the_same_hops_more_often(void **unused)
{
    unsigned seed = 31;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++) {
        double a;
        dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers, 10.0 * ANG,
                                    &a), *big = NULL, *moved;
        assert_int_equal(cand_slab_repeat(slab, 2, 2, &big, NULL), DFT_OK);
        moved = disturbed(big, 2.0, 1e-3 * ANG, &seed);
        expect_counted(k, moved, a, 4, NULL);
        dft_crystal_free(moved);
        dft_crystal_free(big);
        dft_crystal_free(slab);
    }
}

/* Cells that lack symmetries of the surface: rectangles of fcc(111) and hcp(0001), of either shape, and
 * oblique ones of rectangular surfaces.  Sites and hops are those of the 1x1 all the same. */
static void cells_of_lower_symmetry_have_the_same_sites_and_hops(void **unused)
{
    static const int cells[][2][2] = { { { 1, 0 }, { 1, 2 } }, { { 2, 0 }, { 2, 4 } },
                                       { { 3, 0 }, { 1, 2 } }, { { 2, 1 }, { -1, 1 } } };
    unsigned seed = 37;
    (void)unused;

    for (size_t k = 0; k < N_COUNTED; k++)
        for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
            const int det = cells[c][0][0] * cells[c][1][1] - cells[c][0][1] * cells[c][1][0];
            double a;
            dft_crystal *slab = library_slab(counted[k].id, counted[k].facet, counted[k].layers,
                                        10.0 * ANG, &a), *big = NULL, *moved;
            assert_int_equal(cand_supercell_create(slab, cells[c], &big, NULL), DFT_OK);
            moved = disturbed(big, 2.0, 1e-3 * ANG, &seed);
            expect_counted(k, moved, a, (size_t)det, NULL);
            dft_crystal_free(moved);
            dft_crystal_free(big);
            dft_crystal_free(slab);
        }
}

static double lateral_cosine(const dft_crystal *slab, const int along[2], const double v[3])
{
    double w[3], vw = 0.0, ww = 0.0, vv = 0.0;
    for (int c = 0; c < 3; c++) {
        w[c] = along[0] * slab->lattice[0][c] + along[1] * slab->lattice[1][c];
        vw += v[c] * w[c];
        ww += w[c] * w[c];
        vv += v[c] * v[c];
    }
    return fabs(vw) / sqrt(vv * ww);
}

/* fcc(110): {along} leads along the row, {across} across it, and only both spread.  bcc(110): the
 * short-bridge hop alone leads along [001], the short vector's neighbour; with the other, anywhere. */
static void anisotropic_surfaces_say_which_hops_lead_where(void **unused)
{
    double a;
    dft_crystal *slab = library_slab("Pt_fcc", "110", 5, 12.0 * ANG, &a);
    cand_site *site = NULL;
    cand_hop_graph *graph = NULL;
    cand_way *way = NULL;
    size_t n, n_ways;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(cand_hops_find(slab, site, n, NULL, NULL, &graph, NULL), DFT_OK);
    assert_int_equal(cand_hop_graph_ways(graph, &way, &n_ways, NULL), DFT_OK);
    assert_int_equal(n_ways, 3);
    assert_int_equal(way[0].directions, 1);
    assert_close(lateral_cosine(slab, way[0].along, slab->lattice[0]), 1.0, 1e-9);  /* the row */
    assert_int_equal(way[1].directions, 1);
    assert_close(lateral_cosine(slab, way[1].along, slab->lattice[0]), 0.0, 1e-9);
    assert_int_equal(way[2].n, 2);
    assert_int_equal(way[2].directions, 2);
    free(way);
    cand_hop_graph_free(graph);
    free(site);
    dft_crystal_free(slab);

    slab = library_slab("Li_bcc", "110", 3, 12.0 * ANG, &a);
    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(cand_hops_find(slab, site, n, NULL, NULL, &graph, NULL), DFT_OK);
    assert_int_equal(cand_hop_graph_ways(graph, &way, &n_ways, NULL), DFT_OK);
    assert_int_equal(n_ways, 2);
    assert_int_equal(way[0].hop[0], 1);
    assert_int_equal(way[0].directions, 1);
    /* a1 and a2 are the two nearest-neighbour vectors; [001] is their sum, of length a */
    double w[3], square = 0.0;
    for (int c = 0; c < 3; c++) {
        w[c] = way[0].along[0] * slab->lattice[0][c] + way[0].along[1] * slab->lattice[1][c];
        square += w[c] * w[c];
    }
    assert_close(sqrt(square), a, 1e-9);
    assert_int_equal(way[1].n, 2);
    assert_int_equal(way[1].directions, 2);
    free(way);
    cand_hop_graph_free(graph);
    free(site);
    dft_crystal_free(slab);
}

/* Two places in a row of cells: A hops to the next A along a1 by hop 0; B, hop 1, everywhere; A to B is hop
 * 2.  Where one begins decides how far one gets. */
static void walks_lead_as_far_as_where_they_begin(void **unused)
{
    cand_place place[] = { { 0, { 0.0, 0.0 } }, { 1, { 0.5, 0.5 } } };
    cand_edge edge[] = { { 0, 0, { 1, 0 }, 0 }, { 1, 1, { 1, 0 }, 1 }, { 1, 1, { 0, 1 }, 1 },
                         { 0, 1, { 0, 0 }, 2 } };
    const cand_hop_graph graph = { 2, 4, 3, place, edge, NULL };
    int along[2];
    (void)unused;

    assert_int_equal(cand_hop_graph_directions_from(&graph, (bool[]){ 1, 1, 0 }, 0, along), 1);
    assert_int_equal(along[0], 1);
    assert_int_equal(along[1], 0);
    assert_int_equal(cand_hop_graph_directions_from(&graph, (bool[]){ 1, 1, 0 }, 1, along), 2);
    assert_int_equal(cand_hop_graph_directions_from(&graph, (bool[]){ 0, 1, 1 }, 0, NULL), 2);
    assert_int_equal(cand_hop_graph_directions_from(&graph, (bool[]){ 0, 1, 0 }, 0, NULL), 0);
    assert_int_equal(cand_hop_graph_directions(&graph, (bool[]){ 0, 1, 0 }, NULL), 2);
}

/* Where lithium prefers other sites: oxygen tops of MgO(100) are a square lattice, sqrt(1/2) a. */
static void other_sites_can_be_the_places(void **unused)
{
    double a;
    dft_crystal *slab = library_slab("MgO", "100", 3, 12.0 * ANG, &a);
    cand_site *site = NULL;
    cand_hop_graph *graph = NULL;
    size_t n;
    bool place[8] = { false };
    dft_error err;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    for (size_t i = 0; i < n; i++)
        place[i] = strcmp(site[i].label, "ontop:O") == 0;
    assert_int_equal(cand_hops_find(slab, site, n, place, NULL, &graph, NULL), DFT_OK);
    assert_int_equal(graph->n_places, 1);
    assert_int_equal(graph->n_hops, 1);
    assert_close(graph->hop[0].length, sqrt(0.5) * a, 1e-6);
    assert_int_equal(graph->hop[0].multiplicity, 2);
    assert_string_equal(site[graph->hop[0].over].label, "hollow:Mg2O2");
    cand_hop_graph_free(graph);
    memset(place, 0, sizeof place);
    assert_int_equal(cand_hops_find(slab, site, n, place, NULL, &graph, &err), DFT_EINPUT);
    assert_null(graph);
    free(site);
    dft_crystal_free(slab);
}

/* Both ends of a hop are places of the sites it names, and as far apart as it says. */
static void ends_of_hops_are_places(void **unused)
{
    double a;
    dft_crystal *slab = library_slab("ZnO_wz", "10-10", 4, 12.0 * ANG, &a);
    cand_layer *layer = NULL;
    cand_site *site = NULL;
    cand_hop_graph *graph = NULL;
    size_t n;
    (void)unused;

    assert_int_equal(cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, NULL), DFT_OK);
    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(cand_hops_find(slab, site, n, NULL, NULL, &graph, NULL), DFT_OK);
    assert_true(graph->n_hops >= 3);
    for (size_t h = 0; h < graph->n_hops; h++) {
        const cand_hop *hop = &graph->hop[h];
        double from = HUGE_VAL, to = HUGE_VAL, xy[2];
        const double diff[2] = { hop->end[0] - hop->start[0], hop->end[1] - hop->start[1] };
        for (size_t p = 0; p < graph->n_places; p++) {
            if (graph->place[p].site == hop->from)
                from = fmin(from, cand_layer_distance(layer, graph->place[p].u, hop->start));
            if (graph->place[p].site == hop->to)
                to = fmin(to, cand_layer_distance(layer, graph->place[p].u, hop->end));
        }
        cand_layer_lateral(layer, diff, xy);
        assert_close(from, 0.0, 1e-9);
        assert_close(to, 0.0, 1e-9);
        assert_close(hypot(xy[0], xy[1]), hop->length, 1e-9);
    }
    cand_hop_graph_free(graph);
    free(site);
    cand_layer_free(layer);
    dft_crystal_free(slab);
}

static void refused_memory_is_reported(void **unused)
{
    double a;
    dft_crystal *slab = library_slab("Ag_fcc", "111", 3, 12.0 * ANG, &a);
    cand_site *site = NULL;
    size_t n;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    for (long k = 1; status != DFT_OK; k++) {
        cand_hop_graph *graph = NULL;
        cand_way *way = NULL;
        size_t n_ways;
        assert_true(k < 100);
        dft_alloc_refuse_nth(k);
        status = cand_hops_find(slab, site, n, NULL, NULL, &graph, NULL);
        if (status == DFT_OK)
            status = cand_hop_graph_ways(graph, &way, &n_ways, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
        free(way);
        cand_hop_graph_free(graph);
    }
    free(site);
    dft_crystal_free(slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hops_are_those_counted_by_hand),
        cmocka_unit_test(vacuum_origin_rotation_and_noise_change_nothing),
        cmocka_unit_test(tolerances_may_be_a_third_or_three_times_the_default),
        cmocka_unit_test(supercells_have_the_same_hops_more_often),
        cmocka_unit_test(cells_of_lower_symmetry_have_the_same_sites_and_hops),
        cmocka_unit_test(walks_lead_as_far_as_where_they_begin),
        cmocka_unit_test(anisotropic_surfaces_say_which_hops_lead_where),
        cmocka_unit_test(other_sites_can_be_the_places),
        cmocka_unit_test(ends_of_hops_are_places),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
