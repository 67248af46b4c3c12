#include "workflows/spread.h"

#include "dft-lite/base/alloc.h"
#include "tests/workflows/lj_slab.h"

#define TIGHT (1e-3 * EV / ANG)
#define SLAB_ATOMS (LJ_ATOMS - 1)

/* The slab of lj_slab.h without its adatom. */
static dft_crystal *clean(void)
{
    static const double u[2] = { 0.0, 0.0 };
    dft_crystal *with = lj_slab(u), *out = NULL;

    assert_int_equal(dft_crystal_create((const double (*)[3])with->lattice, SLAB_ATOMS, with->z,
                                        (const double (*)[3])with->position, &out, NULL), DFT_OK);
    dft_crystal_free(with);
    return out;
}

static flow_spread_options tight(void)
{
    flow_spread_options o = flow_spread_defaults();
    o.fixed = lj_fixed;
    o.relax.fmax = o.drag.fmax = o.neb.fmax = TIGHT;
    return o;
}

static flow_spread_result *run(const flow_evaluator *evaluator, const flow_spread_options *options,
                               cand_site **site)
{
    dft_crystal *slab = clean();
    flow_spread_result *r = NULL;
    size_t n = 0;
    dft_error err = { DFT_OK, "" };

    assert_int_equal(cand_sites_find(slab, 3, NULL, site, &n, NULL), DFT_OK);
    if (flow_spread_run(evaluator, slab, *site, n, options, &r, &err) != DFT_OK)
        fail_msg("%s", err.message);
    dft_crystal_free(slab);
    return r;
}

/* Known from test_neb.c: one saddle between fcc and hcp, from whichever site. */
static double saddle_energy(double *lower)
{
    static const double fcc[2] = { 2.0 / 3.0, 2.0 / 3.0 }, hcp[2] = { 1.0 / 3.0, 1.0 / 3.0 };
    const flow_evaluator lj = lj_evaluator(NULL);
    dft_crystal *a = lj_relaxed(fcc), *b = lj_relaxed(hcp);
    const flow_path_options options = { .n_interior = 5, .fixed = lj_fixed };
    flow_neb_options neb = flow_neb_defaults();
    flow_path *path = NULL;
    flow_neb_result *r = NULL;

    neb.fmax = TIGHT;
    assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
    assert_int_equal(flow_neb_run(&lj, path, &neb, &r, NULL), DFT_OK);
    const double e = r->energy[r->top];
    *lower = fmin(r->energy[0], r->energy[6]);
    flow_neb_result_free(r);
    flow_path_free(path);
    dft_crystal_free(a);
    dft_crystal_free(b);
    return e;
}

/* fcc and hcp hollows are a honeycomb joined by one distinct hop: it opens both directions at once.
 */
static void spreading_on_111_is_limited_by_the_hop_from_fcc_to_hcp(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_spread_options options = tight();
    cand_site *site = NULL;
    flow_spread_result *r = run(&lj, &options, &site);
    double lower;
    const double saddle = saddle_energy(&lower);
    (void)unused;

    assert_true(r->is_complete && !r->is_estimate);
    assert_int_equal(r->graph->n_hops, 1);
    assert_close(r->spreading.barrier[1], saddle - lower, 1e-4 * EV);
    assert_close(r->spreading.barrier[0], r->spreading.barrier[1], 0.0);
    assert_int_equal(r->spreading.limiting[1], 0);
    assert_true(r->hop[0].has_pass && r->hop[0].curvature < 0.0);
    assert_true(r->hop[0].bound <= r->hop[0].pass + 1e-5 * EV);
    flow_spread_result_free(r);
    free(site);
}

/* The looks alone: an estimate that says so, 3 per cent off (test_drag.c), for fewer energies. */
static void without_bands_it_is_an_estimate(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_spread_options options = tight();
    cand_site *site = NULL, *again = NULL;
    flow_spread_result *full = run(&lj, &options, &site), *quick;
    (void)unused;

    options.bands = 0;
    quick = run(&lj, &options, &again);
    assert_true(quick->is_complete && quick->is_estimate);
    assert_false(quick->hop[0].has_pass);
    assert_close(quick->spreading.barrier[1], full->spreading.barrier[1],
                 0.03 * full->spreading.barrier[1]);
    assert_true(quick->n_evaluations < full->n_evaluations);
    flow_spread_result_free(full);
    flow_spread_result_free(quick);
    free(site);
    free(again);
}

/* Places: fcc alone.  The hop from fcc to fcc is symmetric, and folding changes nothing. */
static void folding_changes_no_barrier(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_spread_options options = tight();
    double barrier[2];
    int n[2];
    (void)unused;

    for (int fold = 0; fold < 2; fold++) {
        cand_site *site = NULL;
        bool place[8] = { false };
        dft_crystal *slab = clean();
        size_t n_sites;
        assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n_sites, NULL), DFT_OK);
        for (size_t i = 0; i < n_sites; i++)
            place[i] = strcmp(site[i].name, "fcc") == 0;
        free(site);
        dft_crystal_free(slab);
        options.is_place = place;
        options.fold = fold;
        options.n_interior = 5;
        flow_spread_result *r = run(&lj, &options, &site);
        assert_true(r->is_complete);
        assert_int_equal(r->hop[0].is_folded, fold);
        assert_close(r->hop[0].barrier_forward, r->hop[0].barrier_reverse, 1e-5 * EV);
        barrier[fold] = r->spreading.barrier[1];
        n[fold] = r->n_evaluations;
        flow_spread_result_free(r);
        free(site);
    }
    assert_close(barrier[0], barrier[1], 1e-5 * EV);
    assert_true(n[1] < n[0]);
}

/* ---- no number ---- */

static int stop_at(flow_spread_stage stage, size_t index, int step, double fmax, void *context)
{
    (void)index;
    (void)fmax;
    return stage == *(flow_spread_stage *)context && step >= 1;
}

static void whatever_is_stopped_gives_no_barrier(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_spread_options options = tight();
    (void)unused;

    for (int k = 0; k < 3; k++) {
        flow_spread_stage stage = (flow_spread_stage)k;
        cand_site *site = NULL;
        options.on_step = stop_at;
        options.context = &stage;
        flow_spread_result *r = run(&lj, &options, &site);
        assert_true(r->stopped && !r->is_complete);
        assert_true(isnan(r->spreading.barrier[0]) && isnan(r->spreading.barrier[1]));
        assert_non_null(strstr(r->message, "stopped"));
        if (stage == FLOW_SPREAD_BAND)              /* the look's bound is known by then */
            assert_true(r->spreading.low[1] > 0.0 && isinf(r->spreading.high[1]));
        flow_spread_result_free(r);
        free(site);
    }
}

static void bands_that_do_not_converge_leave_bounds(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_spread_options options = tight();
    cand_site *site = NULL;
    (void)unused;

    options.neb.max_iterations = 1;
    options.drag.fmax = 0.05 * EV / ANG;
    flow_spread_result *r = run(&lj, &options, &site);
    assert_false(r->is_complete);
    assert_true(isnan(r->spreading.barrier[1]));
    assert_true(r->spreading.low[1] > 0.0 && isinf(r->spreading.high[1]));
    assert_non_null(strstr(r->message, "not converged"));
    flow_spread_result_free(r);
    free(site);
}

static void slabs_with_nothing_fixed_are_refused(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_spread_options options = tight();
    dft_crystal *slab = clean();
    cand_site *site = NULL;
    flow_spread_result *r = NULL;
    size_t n;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    options.fixed = NULL;
    assert_int_equal(flow_spread_run(&lj, slab, site, n, &options, &r, NULL), DFT_EINPUT);
    assert_null(r);
    options.fixed = lj_fixed;
    options.is_place = (const bool[8]){ false };
    assert_int_equal(flow_spread_run(&lj, slab, site, n, &options, &r, NULL), DFT_EINPUT);
    dft_crystal_free(slab);
    free(site);
}

static void refused_memory_is_reported(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_spread_options options = tight();
    dft_crystal *slab = clean();
    cand_site *site = NULL;
    size_t n;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    options.relax.fmax = options.drag.fmax = options.neb.fmax = 0.05 * EV / ANG;
    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    for (long k = 1; status != DFT_OK && k < 200; k += 1 + k / 8) {     /* a sample */
        flow_spread_result *r = NULL;
        dft_alloc_refuse_nth(k);
        status = flow_spread_run(&lj, slab, site, n, &options, &r, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK ? r != NULL : status == DFT_ENOMEM && !r);
        flow_spread_result_free(r);
    }
    free(site);
    dft_crystal_free(slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spreading_on_111_is_limited_by_the_hop_from_fcc_to_hcp),
        cmocka_unit_test(without_bands_it_is_an_estimate),
        cmocka_unit_test(folding_changes_no_barrier),
        cmocka_unit_test(whatever_is_stopped_gives_no_barrier),
        cmocka_unit_test(bands_that_do_not_converge_leave_bounds),
        cmocka_unit_test(slabs_with_nothing_fixed_are_refused),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
