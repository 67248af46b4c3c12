#include "workflows/migration.h"

#include <math.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

/*
 * fcc(110) as a toy: one place; hop 0 along the row, hop 1 across it.  And a surface with two kinds
 * of sites: A (place 0) and B (place 1); hop 0 from A to A along a1, hop 1 from A to B, hop 2 from
 * B to the next A along a2, hop 3 from B to B along a2.
 */
static cand_place row_place[] = { { 0, { 0.0, 0.0 } } };
static cand_edge row_edge[] = { { 0, 0, { 1, 0 }, 0 }, { 0, 0, { 0, 1 }, 1 } };
static cand_hop row_hop[] = { { .from = 0, .to = 0 }, { .from = 0, .to = 0 } };
static const cand_hop_graph rows = { 1, 2, 2, row_place, row_edge, row_hop };

static cand_place two_place[] = { { 0, { 0.0, 0.0 } }, { 1, { 0.5, 0.5 } } };
static cand_edge two_edge[] = {
    { 0, 0, { 1, 0 }, 0 }, { 0, 1, { 0, 0 }, 1 }, { 0, 1, { 0, -1 }, 2 }, { 1, 1, { 0, 1 }, 3 }
};
static cand_hop two_hop[] = {
    { .from = 0, .to = 0 }, { .from = 0, .to = 1 }, { .from = 0, .to = 1 }, { .from = 1, .to = 1 }
};
static const cand_hop_graph two = { 2, 4, 4, two_place, two_edge, two_hop };

static flow_pass known(double energy) { return (flow_pass){ energy, true, false }; }
static flow_pass bound(double energy) { return (flow_pass){ energy, false, false }; }

static flow_spreading spread(const cand_hop_graph *graph, const double *site, flow_pass *pass)
{
    const flow_migration m = { graph, site, pass };
    flow_spreading s;

    assert_int_equal(flow_migration_spread(&m, &s, NULL), DFT_OK);
    return s;
}

static size_t next(const cand_hop_graph *graph, const double *site, flow_pass *pass)
{
    const flow_migration m = { graph, site, pass };
    size_t hop;

    assert_int_equal(flow_migration_next(&m, &hop, NULL), DFT_OK);
    return hop;
}

/* Along the row at 0.1, everywhere at 0.3 - all above a site at -2. */
static void rows_open_in_one_direction_before_the_other(void **unused)
{
    const double site[] = { -2.0 };
    flow_pass pass[] = { known(-1.9), known(-1.7) };
    const flow_spreading s = spread(&rows, site, pass);
    (void)unused;

    assert_close(s.barrier[0], 0.1, 1e-12);
    assert_close(s.barrier[1], 0.3, 1e-12);
    assert_int_equal(s.limiting[0], 0);
    assert_int_equal(s.limiting[1], 1);
    assert_int_equal(s.along[0], 1);
    assert_int_equal(s.along[1], 0);
    assert_int_equal(next(&rows, site, pass), FLOW_NO_HOP);
}

/* From A: along a1 at 0.2; along a2 by hops 1 and 2 (0.5, 0.6), or 1 and 3 (0.4 above B, that is
 * 0.7). */
static void barriers_count_from_the_lowest_site(void **unused)
{
    const double site[] = { 0.0, 0.3 };
    flow_pass pass[] = { known(0.2), known(0.5), known(0.6), known(0.7) };
    flow_spreading s = spread(&two, site, pass);
    (void)unused;

    assert_close(s.barrier[0], 0.2, 1e-12);
    assert_close(s.barrier[1], 0.6, 1e-12);
    assert_int_equal(s.limiting[1], 2);
    pass[2] = known(0.9);                           /* then the other way around */
    s = spread(&two, site, pass);
    assert_close(s.barrier[1], 0.7, 1e-12);
    assert_int_equal(s.limiting[1], 3);
}

/* B spreads at once, but A is lower and caught: what counts is getting out of A. */
static void a_network_that_the_lowest_site_does_not_reach_is_no_help(void **unused)
{
    const double site[] = { 0.0, 0.3 };
    flow_pass pass[] = { known(2.0), known(0.8), known(1.9), known(0.31) };
    const flow_spreading s = spread(&two, site, pass);
    (void)unused;

    assert_int_equal(s.lowest_site, 0);
    assert_close(s.barrier[0], 0.8, 1e-12);         /* out to B, and on along a2 */
    assert_int_equal(s.limiting[0], 1);
    assert_int_equal(s.along[1], 1);
    assert_close(s.barrier[1], 2.0, 1e-12);
}

static void a_pass_is_never_below_its_sites(void **unused)
{
    const double site[] = { 0.0, 0.3 };
    flow_pass pass[] = { known(0.2), known(0.1), bound(-HUGE_VAL), bound(-HUGE_VAL) };
    const flow_spreading s = spread(&two, site, pass);
    (void)unused;

    assert_close(s.low[1], 0.3, 1e-12);
    assert_true(isinf(s.high[1]));
    assert_true(isnan(s.barrier[1]));
    assert_int_equal(s.limiting[1], FLOW_NO_HOP);
}

/* Exact passes, revealed one at a time as flow_migration_next asks for them; the answer is that of
 * all known, and hops that cannot matter are never asked for. */
static size_t explore(const cand_hop_graph *graph, const double *site, const double *truth,
                      const double *bounds, flow_spreading *answer)
{
    flow_pass pass[8];
    size_t n_asked = 0, hop;

    for (size_t h = 0; h < graph->n_hops; h++)
        pass[h] = bound(bounds[h]);
    while ((hop = next(graph, site, pass)) != FLOW_NO_HOP) {
        assert_false(pass[hop].is_known);
        pass[hop] = known(truth[hop]);
        n_asked++;
    }
    *answer = spread(graph, site, pass);
    return n_asked;
}

static void only_hops_that_can_matter_are_asked_for(void **unused)
{
    const double site[] = { 0.0, 0.3 }, truth[] = { 0.2, 0.5, 0.6, 0.7 };
    const double tight[] = { 0.19, 0.45, 0.55, 0.69 };
    flow_spreading s;
    (void)unused;

    /* hop 3 is at least 0.69, which two others beat */
    assert_int_equal(explore(&two, site, truth, tight, &s), 3);
    assert_close(s.barrier[0], 0.2, 1e-12);
    assert_close(s.barrier[1], 0.6, 1e-12);
}

/* Random passes and random bounds below them: always the full answer. */
static void thresholds_are_those_of_all_passes_known(void **unused)
{
    unsigned seed = 11;
    size_t n_asked = 0;
    (void)unused;

    for (int trial = 0; trial < 2000; trial++) {
        double site[2], truth[4], bounds[4];
        flow_pass pass[4];
        flow_spreading s;
        for (int k = 0; k < 2; k++) {
            seed = (seed * 1103515245u + 12345u) & 0x7fffffffu;
            site[k] = 0.3 * seed / 2147483648.0;
        }
        for (int h = 0; h < 4; h++) {
            seed = (seed * 1103515245u + 12345u) & 0x7fffffffu;
            truth[h] = 0.3 + seed / 2147483648.0;
            seed = (seed * 1103515245u + 12345u) & 0x7fffffffu;
            bounds[h] = truth[h] * seed / 2147483648.0;
            pass[h] = known(truth[h]);
        }
        const flow_spreading all = spread(&two, site, pass);
        n_asked += explore(&two, site, truth, bounds, &s);
        for (int d = 0; d < 2; d++) {
            assert_close(s.barrier[d], all.barrier[d], 1e-12);
            assert_int_equal(s.limiting[d], all.limiting[d]);
        }
    }
    assert_true(n_asked < 2000 * 4);                /* some were spared */
}

/* A pass without a number: no matter where another way is lower, no answer where it may decide. */
static void hops_given_up_are_avoided_or_leave_no_answer(void **unused)
{
    const double site[] = { 0.0, 0.3 };
    flow_pass pass[] = { known(0.2), known(0.5), { 0.75, false, true }, known(0.7) };
    flow_spreading s = spread(&two, site, pass);
    (void)unused;

    assert_close(s.barrier[1], 0.7, 1e-12);
    pass[2].energy = 0.55;
    s = spread(&two, site, pass);
    assert_true(isnan(s.barrier[1]));
    assert_close(s.low[1], 0.55, 1e-12);
    assert_close(s.high[1], 0.7, 1e-12);
    assert_close(s.barrier[0], 0.2, 1e-12);
    assert_int_equal(next(&two, site, pass), FLOW_NO_HOP);
}

static void surfaces_without_a_way_have_no_finite_barrier(void **unused)
{
    const cand_hop_graph chain = { 1, 1, 1, row_place, row_edge, row_hop };
    const double site[] = { 0.0 };
    flow_pass pass[] = { known(0.1) };
    const flow_spreading s = spread(&chain, site, pass);
    (void)unused;

    assert_close(s.barrier[0], 0.1, 1e-12);
    assert_true(isinf(s.barrier[1]) && s.barrier[1] > 0.0);
    assert_int_equal(s.limiting[1], FLOW_NO_HOP);
}

static void refused_memory_is_reported(void **unused)
{
    const double site[] = { 0.0, 0.3 };
    flow_pass pass[] = { known(0.2), bound(0.5), bound(0.6), known(0.7) };
    const flow_migration m = { &two, site, pass };
    flow_spreading s;
    size_t hop;
    (void)unused;

    for (long k = 1; k <= 3; k++) {
        dft_alloc_refuse_nth(k);
        assert_int_equal(flow_migration_spread(&m, &s, NULL), DFT_ENOMEM);
        dft_alloc_refuse_nth(k);
        assert_int_equal(flow_migration_next(&m, &hop, NULL), DFT_ENOMEM);
        dft_alloc_refuse_nth(0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_open_in_one_direction_before_the_other),
        cmocka_unit_test(barriers_count_from_the_lowest_site),
        cmocka_unit_test(a_network_that_the_lowest_site_does_not_reach_is_no_help),
        cmocka_unit_test(a_pass_is_never_below_its_sites),
        cmocka_unit_test(only_hops_that_can_matter_are_asked_for),
        cmocka_unit_test(thresholds_are_those_of_all_passes_known),
        cmocka_unit_test(hops_given_up_are_avoided_or_leave_no_answer),
        cmocka_unit_test(surfaces_without_a_way_have_no_finite_barrier),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
