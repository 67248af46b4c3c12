#include "workflows/drag.h"

#include "dft-lite/base/alloc.h"
#include "tests/workflows/lj_slab.h"
#include "workflows/neb.h"

#define ADATOM (LJ_ATOMS - 1)
#define TIGHT (1e-3 * EV / ANG)

static const double fcc[2] = { 2.0 / 3.0, 2.0 / 3.0 }, hcp[2] = { 1.0 / 3.0, 1.0 / 3.0 };
static const double next_fcc[2] = { -1.0 / 3.0, 2.0 / 3.0 };

static flow_path *hop(const double from[2], const double to[2], size_t n_interior)
{
    dft_crystal *a = lj_relaxed(from), *b = lj_relaxed(to);
    const flow_path_options options = { .n_interior = n_interior, .fixed = lj_fixed };
    flow_path *path = NULL;

    assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
    dft_crystal_free(a);
    dft_crystal_free(b);
    return path;
}

static flow_drag_result *look(flow_path *path, const flow_drag_options *options)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_drag_result *r = NULL;
    dft_error err = { DFT_OK, "" };

    if (flow_drag_run(&lj, path, ADATOM, options, &r, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return r;
}

static double true_barrier(const double from[2], const double to[2])
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_path *path = hop(from, to, 5);
    flow_neb_options options = flow_neb_defaults();
    flow_neb_result *r = NULL;

    options.fmax = TIGHT;
    assert_int_equal(flow_neb_run(&lj, path, &options, &r, NULL), DFT_OK);
    assert_true(r->has_saddle);
    const double barrier = r->barrier_forward;
    flow_neb_result_free(r);
    flow_path_free(path);
    return barrier;
}

/* Never above the barrier, with any number of points (1e-5 eV: forces of 1e-3 eV/A are left); with
 * three the interpolated profile is within 3 per cent of it, on a hop whose path is nearly
 * straight. */
static void the_highest_point_is_a_lower_bound_of_the_barrier(void **unused)
{
    const double barrier = true_barrier(fcc, hcp);
    flow_drag_options options = flow_drag_defaults();
    (void)unused;

    options.fmax = TIGHT;
    for (size_t n = 1; n <= 7; n++) {
        flow_path *path = hop(fcc, hcp, n);
        flow_drag_result *r = look(path, &options);
        assert_true(r->converged);
        assert_true(r->bound > 0.0 && r->bound <= barrier + 1e-5 * EV);
        if (n >= 3)
            assert_close(r->estimate, barrier, 0.03 * barrier);
        flow_drag_result_free(r);
        flow_path_free(path);
    }
}

/* Looks that leave forces may be too high by what these could gain, and say by how much. */
static void a_coarse_look_is_still_a_lower_bound(void **unused)
{
    const double barrier = true_barrier(fcc, hcp);
    flow_drag_options options = flow_drag_defaults();
    int too_high = 0;
    (void)unused;

    for (int k = 0; k < 4; k++) {
        flow_path *path = hop(fcc, hcp, 3);
        options.fmax = (0.02 + 0.02 * k) * EV / ANG;
        flow_drag_result *r = look(path, &options);
        assert_true(r->converged);
        assert_true(r->bound <= barrier + 1e-5 * EV);
        assert_true(r->bound > 0.7 * barrier);      /* and no useless one */
        too_high += r->energy[r->top] - r->energy[0] > barrier + 1e-5 * EV;
        flow_drag_result_free(r);
        flow_path_free(path);
    }
    assert_true(too_high > 0);
}

/* The held coordinate stays, and its force is the profile's slope: -dE/ds by differences of whole
 * relaxations 0.02 bohr apart.  2e-6 Ha/bohr: the third derivative, 0.01 Ha/bohr^3, times 0.02^2/6.
 */
static void the_held_force_is_the_slope_of_the_profile(void **unused)
{
    flow_drag_options options = flow_drag_defaults();
    double energy[3], slope = NAN;
    (void)unused;

    options.fmax = 1e-2 * TIGHT;
    for (int k = 0; k < 3; k++) {
        flow_path *path = hop(fcc, hcp, 3);
        const double *end = path->r[4 * LJ_ATOMS + ADATOM], *start = path->r[ADATOM];
        const double x = end[0] - start[0], y = end[1] - start[1], length = hypot(x, y);
        path->r[LJ_ATOMS + ADATOM][0] += 0.02 * (k - 1) * x / length;
        path->r[LJ_ATOMS + ADATOM][1] += 0.02 * (k - 1) * y / length;
        flow_drag_result *r = look(path, &options);
        assert_close(r->coordinate[1], 0.25 * length + 0.02 * (k - 1), 1e-9);
        energy[k] = r->energy[1];
        if (k == 1)
            slope = r->slope[1];
        flow_drag_result_free(r);
        flow_path_free(path);
    }
    assert_close(slope, (energy[2] - energy[0]) / 0.04, 2e-6);
}

static void folded_hops_need_half_the_points(void **unused)
{
    flow_drag_options options = flow_drag_defaults();
    flow_drag_result *r[2];
    (void)unused;

    options.fmax = TIGHT;
    for (int folded = 0; folded < 2; folded++) {
        flow_path *path = hop(fcc, next_fcc, 5);
        flow_fold *fold = NULL;
        assert_int_equal(flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL), DFT_OK);
        options.fold = folded ? fold : NULL;
        r[folded] = look(path, &options);
        assert_true(r[folded]->converged);
        flow_fold_free(fold);
        flow_path_free(path);
    }
    assert_true(r[1]->n_evaluations < r[0]->n_evaluations);
    for (size_t i = 0; i < 7; i++) {
        assert_close(r[1]->energy[i], r[0]->energy[i], 1e-5 * EV);
        assert_close(r[1]->coordinate[i], r[0]->coordinate[i], 1e-6);
    }
    assert_close(r[1]->bound, r[0]->bound, 1e-5 * EV);
    flow_drag_result_free(r[0]);
    flow_drag_result_free(r[1]);
}

/* ---- no number ---- */

static int stop_at_once(size_t image, int step, double energy, double fmax, void *context)
{
    (void)energy;
    (void)fmax;
    (void)context;
    return image > 0 && step >= 1;
}

static void looks_that_do_not_end_give_no_number(void **unused)
{
    flow_drag_options options = flow_drag_defaults();
    flow_path *path;
    flow_drag_result *r;
    (void)unused;

    options.fmax = TIGHT;
    for (int k = 0; k < 3; k++) {
        path = hop(fcc, hcp, 3);
        options.on_step = k == 0 ? stop_at_once : NULL;
        options.max_iterations = k == 1 ? 2 : 60;
        if (k == 2)
            path->r[ADATOM][0] += 0.3;              /* no minimum any more */
        r = look(path, &options);
        assert_false(r->converged);
        assert_true(isnan(r->bound) && isnan(r->estimate));
        assert_non_null(strstr(r->message, k == 0 ? "stopped" : "not relaxed"));
        flow_drag_result_free(r);
        flow_path_free(path);
    }
}

static void slabs_that_could_slide_are_refused(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_drag_options options = flow_drag_defaults();
    flow_path *path = hop(fcc, hcp, 3);
    flow_drag_result *r = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(flow_drag_run(&lj, path, 9, &options, &r, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "atom 10 does not move"));
    memset(path->fixed, 0, LJ_ATOMS * sizeof *path->fixed);
    assert_int_equal(flow_drag_run(&lj, path, ADATOM, &options, &r, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "slide"));
    assert_null(r);
    flow_path_free(path);
}

static void refused_memory_is_reported(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_drag_options options = flow_drag_defaults();
    flow_path *path = hop(fcc, hcp, 1);
    (void)unused;

    for (long k = 1; k <= 12; k++) {
        flow_drag_result *r = NULL;
        dft_alloc_refuse_nth(k);
        assert_int_equal(flow_drag_run(&lj, path, ADATOM, &options, &r, NULL), DFT_ENOMEM);
        dft_alloc_refuse_nth(0);
        assert_null(r);
    }
    flow_path_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_highest_point_is_a_lower_bound_of_the_barrier),
        cmocka_unit_test(a_coarse_look_is_still_a_lower_bound),
        cmocka_unit_test(the_held_force_is_the_slope_of_the_profile),
        cmocka_unit_test(folded_hops_need_half_the_points),
        cmocka_unit_test(looks_that_do_not_end_give_no_number),
        cmocka_unit_test(slabs_that_could_slide_are_refused),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
