#include "workflows/neb.h"

#include "dft-lite/base/alloc.h"
#include "dft-lite/math/lapack.h"
#include "tests/workflows/lj_slab.h"
#include "workflows/idpp.h"

#define BOX 80.0
#define TIGHT (1e-3 * EV / ANG)     /* force; energies are then better than 1e-6 eV */
#define BARRIER (1e-4 * EV)         /* what is asked of barriers */

static flow_neb_options tight(void)
{
    flow_neb_options o = flow_neb_defaults();
    o.fmax = TIGHT;
    o.max_iterations = 1000;
    return o;
}

/* The straight path between two points of a surface. */
static flow_path *line(const toy_surface *surface, double x0, double y0, double x1, double y1,
                       size_t n_interior)
{
    dft_crystal *a = toy_point(surface, x0, y0), *b = toy_point(surface, x1, y1);
    const flow_path_options options = { .n_interior = n_interior, .as_given = 1 };
    flow_path *path = NULL;

    assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
    dft_crystal_free(a);
    dft_crystal_free(b);
    return path;
}

static flow_neb_result *run(const flow_evaluator *evaluator, flow_path *path,
                            const flow_neb_options *options)
{
    flow_neb_result *result = NULL;
    dft_error err = { DFT_OK, "" };

    if (flow_neb_run(evaluator, path, options, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return result;
}

static const struct {
    const char *name;
    toy_function function;
    double x0, y0, x1, y1, xs, ys;              /* near the minima and the saddle, bohr */
} surface_of[] = {
    { "Muller-Brown", toy_muller_brown, -2.79, 7.21, 3.12, 0.14, -4.11, 3.12 },
    { "Muller-Brown, half", toy_muller_brown, -0.25, 2.33, 3.12, 0.14, 1.06, 1.47 },
    { "LEPS", toy_leps, 1.41, 2.5, 5.5, -4.0, 2.9, 0.0 },
    { "egg box", toy_egg_box, 0.0, 0.0, 6.0, 0.0, 3.0, 0.0 },
};
#define N_SURFACES (sizeof surface_of / sizeof *surface_of)

/* The saddle that Newton's method finds is the one that the band finds, with 3, 5 and 7 images,
 * forward and backward. */
static void saddles_are_those_of_a_direct_search(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_SURFACES; k++)
        for (size_t n = 3; n <= 7; n += 2)
            for (int reverse = 0; reverse < 2; reverse++) {
                toy_surface s = { .function = surface_of[k].function, .box = BOX };
                const flow_evaluator evaluator = toy_evaluator(&s);
                const flow_neb_options options = tight();
                double x[3] = { surface_of[k].x0, surface_of[k].x1, surface_of[k].xs };
                double y[3] = { surface_of[k].y0, surface_of[k].y1, surface_of[k].ys }, e[3];
                for (int p = 0; p < 3; p++)
                    e[p] = toy_stationary(s.function, &x[p], &y[p]);
                flow_path *path = line(&s, x[reverse], y[reverse], x[!reverse], y[!reverse], n);
                flow_neb_result *r = run(&evaluator, path, &options);
                if (!r->has_saddle)
                    fail_msg("%s, %zu images: %s", surface_of[k].name, n, r->message);
                assert_close(r->barrier_forward, e[2] - e[reverse], BARRIER);
                assert_close(r->barrier_reverse, e[2] - e[!reverse], BARRIER);
                assert_true(r->curvature < 0.0 && r->is_climbing);
                assert_true(r->fmax[r->top] < TIGHT);
                flow_neb_result_free(r);
                flow_path_free(path);
            }
}

/* The highest of the images before the climb is not the pass; with 5 images none sits on it. */
static void without_climbing_there_is_no_barrier(void **unused)
{
    toy_surface s = { .function = toy_muller_brown, .box = BOX };
    const flow_evaluator evaluator = toy_evaluator(&s);
    flow_neb_options options = tight();
    double x[2] = { -2.79, 3.12 }, y[2] = { 7.21, 0.14 };
    (void)unused;

    for (int p = 0; p < 2; p++)
        toy_stationary(s.function, &x[p], &y[p]);
    flow_path *path = line(&s, x[0], y[0], x[1], y[1], 5);
    options.climb_below = 0.0;
    flow_neb_result *r = run(&evaluator, path, &options);
    assert_true(r->converged && !r->has_saddle);
    assert_true(isnan(r->barrier_forward) && isnan(r->barrier_reverse));
    assert_non_null(strstr(r->message, "climbing"));
    flow_neb_result_free(r);
    flow_path_free(path);
}

/* ---- outcomes without a number ---- */

static void expect_no_number(const flow_neb_result *r, const char *why)
{
    assert_false(r->converged);
    assert_false(r->has_saddle);
    assert_true(isnan(r->barrier_forward) && isnan(r->barrier_reverse));
    if (!strstr(r->message, why))
        fail_msg("\"%s\" does not say \"%s\"", r->message, why);
}

typedef struct {
    int stop_after;
    int n_calls;
    double last_fmax;
} watcher;

static int watch(const flow_neb_progress *progress, const flow_path *path, void *context)
{
    watcher *w = context;
    (void)path;
    w->n_calls++;
    w->last_fmax = progress->fmax;
    return progress->iteration >= w->stop_after;
}

static flow_path *half_of_muller_brown(toy_surface *s, size_t n_interior)
{
    double x[2] = { -0.25, 3.12 }, y[2] = { 2.33, 0.14 };

    *s = (toy_surface){ .function = toy_muller_brown, .box = BOX };
    for (int p = 0; p < 2; p++)
        toy_stationary(s->function, &x[p], &y[p]);
    return line(s, x[0], y[0], x[1], y[1], n_interior);
}

static void a_band_that_is_stopped_gives_no_number(void **unused)
{
    toy_surface s;
    flow_path *path = half_of_muller_brown(&s, 5);
    const flow_evaluator evaluator = toy_evaluator(&s);
    flow_neb_options options = tight();
    watcher w = { .stop_after = 4 };
    (void)unused;

    options.on_iteration = watch;
    options.context = &w;
    flow_neb_result *r = run(&evaluator, path, &options);
    expect_no_number(r, "stopped after 4 iterations");
    assert_int_equal(w.n_calls, 5);                 /* iteration 0 is told, too */
    assert_true(w.last_fmax > options.fmax);
    flow_neb_result_free(r);

    options.on_iteration = NULL;
    options.max_iterations = 3;
    r = run(&evaluator, path, &options);
    expect_no_number(r, "not converged after 3 iterations");
    flow_neb_result_free(r);
    flow_path_free(path);
}

/* What is left of a stopped band is all that is needed to go on: same saddle. */
static void a_stopped_band_goes_on_where_it_was(void **unused)
{
    toy_surface s;
    flow_path *whole = half_of_muller_brown(&s, 5), *path = half_of_muller_brown(&s, 5);
    const flow_evaluator evaluator = toy_evaluator(&s);
    flow_neb_options options = tight();
    watcher w = { .stop_after = 6 };
    (void)unused;

    flow_neb_result *r = run(&evaluator, whole, &options);
    const double barrier = r->barrier_forward;
    flow_neb_result_free(r);
    options.on_iteration = watch;
    options.context = &w;
    r = run(&evaluator, path, &options);
    expect_no_number(r, "stopped");
    options.starts_climbing = r->is_climbing;
    flow_neb_result_free(r);
    options.on_iteration = NULL;
    r = run(&evaluator, path, &options);
    assert_true(r->has_saddle);
    assert_close(r->barrier_forward, barrier, BARRIER);
    flow_neb_result_free(r);
    flow_path_free(path);
    flow_path_free(whole);
}

static void an_energy_that_does_not_converge_ends_the_band(void **unused)
{
    static const int fail_at[] = { 1, 2, 4, 30 };   /* an end, the other, the start, later */
    (void)unused;
    for (size_t k = 0; k < sizeof fail_at / sizeof *fail_at; k++) {
        toy_surface s;
        flow_path *path = half_of_muller_brown(&s, 5);
        const flow_evaluator evaluator = toy_evaluator(&s);
        const flow_neb_options options = tight();
        s.fail_at = fail_at[k];
        flow_neb_result *r = run(&evaluator, path, &options);
        expect_no_number(r, "told to fail");
        flow_neb_result_free(r);
        flow_path_free(path);
    }
}

/* The two energies that confirm the curvature count as well. */
static void a_saddle_that_cannot_be_confirmed_gives_no_number(void **unused)
{
    toy_surface s;
    flow_path *path = half_of_muller_brown(&s, 3), *again = half_of_muller_brown(&s, 3);
    const flow_evaluator evaluator = toy_evaluator(&s);
    const flow_neb_options options = tight();
    (void)unused;

    flow_neb_result *r = run(&evaluator, path, &options);
    assert_true(r->has_saddle);
    s.fail_at = s.n_calls;
    s.n_calls = 0;
    flow_neb_result_free(r);
    r = run(&evaluator, again, &options);
    expect_no_number(r, "told to fail");
    flow_neb_result_free(r);
    flow_path_free(again);
    flow_path_free(path);
}

static void ends_that_are_no_minima_are_refused_first(void **unused)
{
    toy_surface s = { .function = toy_egg_box, .box = BOX };
    const flow_evaluator evaluator = toy_evaluator(&s);
    const flow_neb_options options = tight();
    flow_path *path = line(&s, 0.0, 0.0, 6.2, 0.0, 5);
    (void)unused;

    flow_neb_result *r = run(&evaluator, path, &options);
    expect_no_number(r, "the final end is not relaxed");
    assert_int_equal(s.n_calls, 2);
    flow_neb_result_free(r);
    flow_path_free(path);
}

/* From the pass of the egg box down to a minimum: both ends have no force, nothing lies between. */
static void a_way_downhill_has_no_barrier(void **unused)
{
    toy_surface s = { .function = toy_egg_box, .box = BOX };
    const flow_evaluator evaluator = toy_evaluator(&s);
    const flow_neb_options options = tight();
    flow_path *path = line(&s, 3.0, 0.0, 6.0, 0.0, 3);
    (void)unused;

    flow_neb_result *r = run(&evaluator, path, &options);
    assert_true(r->converged && !r->has_saddle && !r->is_climbing);
    assert_true(isnan(r->barrier_forward) && isnan(r->barrier_reverse));
    assert_non_null(strstr(r->message, "no image lies above both ends"));
    flow_neb_result_free(r);
    flow_path_free(path);
}

/* ---- the same in other words ---- */

/* Smearing: a free energy that lies lower by a constant moves no image and no barrier. */
static void barriers_are_those_of_the_zero_width_energy(void **unused)
{
    toy_surface s;
    flow_path *path = half_of_muller_brown(&s, 3);
    const flow_evaluator evaluator = toy_evaluator(&s);
    const flow_neb_options options = tight();
    (void)unused;

    s.width = 0.25;
    flow_neb_result *r = run(&evaluator, path, &options);
    assert_close(r->barrier_forward, r->energy[r->top] - r->energy[0], 1e-15);
    assert_close(r->energy[0] - r->free_energy[0], 0.25, 1e-12);
    flow_neb_result_free(r);
    flow_path_free(path);
}

/* The bent start of an egg box between the diagonal neighbours (0,0) and (6,6), by way of (6,0):
 * two passes and a minimum between; and the mirror of the box's diagonal folds the straight start.
 */
static double folded_barrier(size_t n_interior, int folded, int *n_evaluations)
{
    toy_surface s = { .function = toy_egg_box, .box = 48.0 };
    const flow_evaluator evaluator = toy_evaluator(&s);
    flow_neb_options options = tight();
    flow_path *path = line(&s, 0.0, 0.0, 6.0, 0.0, n_interior);
    flow_fold *fold = NULL;

    for (size_t i = 0; i < path->n_images; i++) {   /* a bow, to give the band something to do */
        const double t = (double)i / (double)(path->n_images - 1);
        path->r[i][1] += 4.0 * t * (1.0 - t);
    }
    assert_int_equal(flow_fold_find(path, FLOW_FOLD_TOLERANCE, &fold, NULL), DFT_OK);
    assert_non_null(fold);
    options.fold = folded ? fold : NULL;
    flow_neb_result *r = run(&evaluator, path, &options);
    assert_true(r->has_saddle);
    assert_close(r->barrier_forward, r->barrier_reverse, 1e-12);
    const double barrier = r->barrier_forward;
    *n_evaluations = r->n_evaluations / (r->n_iterations + 1);
    flow_neb_result_free(r);
    flow_fold_free(fold);
    flow_path_free(path);
    return barrier;
}

/* 0.02 Ha in closed form; half the energies. */
static void folded_paths_give_the_same_barrier_for_half_the_work(void **unused)
{
    (void)unused;
    for (size_t n = 3; n <= 7; n += 2) {
        int full, half;
        assert_close(folded_barrier(n, 0, &full), 0.02, BARRIER);
        assert_close(folded_barrier(n, 1, &half), 0.02, BARRIER);
        assert_int_equal(full, n);
        assert_int_equal(half, (n + 1) / 2);
    }
}

/* ---- an adatom on a Lennard-Jones (111) slab ---- */

static void mobile_forces(const double *x, double *force, double *energy)
{
    static const double zero[2] = { 0.0, 0.0 };
    dft_crystal *crystal = lj_slab(zero);
    const flow_evaluator lj = lj_evaluator(NULL);
    double all[LJ_ATOMS][3];
    flow_evaluation e = { .force = all };

    for (int a = 8; a < LJ_ATOMS; a++)
        dft_crystal_fractional((const double (*)[3])crystal->lattice, x + 3 * (a - 8),
                               crystal->position[a]);
    assert_int_equal(lj.evaluate(lj.context, crystal, FLOW_WANT_FORCES, 0, &e, NULL), DFT_OK);
    memcpy(force, all[8], 15 * sizeof *force);
    *energy = e.energy;
    dft_crystal_free(crystal);
}

/* Newton's method on all 15 coordinates that may move, from the bridge. */
static double lj_saddle(void)
{
    static const double bridge[2] = { 0.5, 0.5 };
    const double d = 1e-4;
    dft_crystal *start = lj_slab(bridge);
    double x[15], f[15], energy = NAN, largest = 1.0;

    for (int a = 8; a < LJ_ATOMS; a++)
        dft_crystal_cartesian((const double (*)[3])start->lattice, start->position[a],
                              x + 3 * (a - 8));
    for (int k = 0; k < 40 && largest > 1e-10; k++) {
        double hessian[225], plus[15], minus[15], longest = 0.0;
        for (int i = 0; i < 15; i++) {
            const double x0 = x[i];
            x[i] = x0 + d;
            mobile_forces(x, plus, &energy);
            x[i] = x0 - d;
            mobile_forces(x, minus, &energy);
            x[i] = x0;
            for (int j = 0; j < 15; j++)
                hessian[15 * i + j] = -(plus[j] - minus[j]) / (2.0 * d);
        }
        mobile_forces(x, f, &energy);
        largest = 0.0;
        for (int i = 0; i < 15; i++)
            largest = fmax(largest, fabs(f[i]));
        assert_int_equal(dft_least_squares(15, hessian, f, 1e-12, NULL), DFT_OK);
        for (int i = 0; i < 15; i++)
            longest = fmax(longest, fabs(f[i]));
        for (int i = 0; i < 15; i++)
            x[i] += f[i] * fmin(1.0, 0.2 / longest);
    }
    assert_true(largest < 1e-9);
    dft_crystal_free(start);
    return energy;
}

static flow_neb_result *lj_band(const double from[2], const double to[2], size_t n_interior,
                                int with_idpp)
{
    dft_crystal *initial = lj_relaxed(from), *final = lj_relaxed(to);
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_path_options options = { .n_interior = n_interior, .fixed = lj_fixed };
    const flow_neb_options neb = tight();
    flow_path *path = NULL;

    assert_int_equal(flow_path_create(initial, final, &options, &path, NULL), DFT_OK);
    if (with_idpp)
        assert_int_equal(flow_idpp_relax(path, FLOW_IDPP_CUTOFF, NULL), DFT_OK);
    flow_neb_result *r = run(&lj, path, &neb);
    if (!r->has_saddle)
        fail_msg("%s", r->message);
    flow_path_free(path);
    dft_crystal_free(initial);
    dft_crystal_free(final);
    return r;
}

/* Any number of images, either start, either direction, the end in another cell: one saddle. */
static void adatom_on_lennard_jones_111_crosses_the_saddle_of_a_direct_search(void **unused)
{
    static const double fcc[2] = { 2.0 / 3.0, 2.0 / 3.0 }, hcp[2] = { 1.0 / 3.0, 1.0 / 3.0 };
    static const double wrapped[2] = { 1.0 / 3.0 + 2.0, 1.0 / 3.0 - 2.0 };
    const double saddle = lj_saddle();
    (void)unused;

    static const struct { const double *from, *to; size_t n; int with_idpp; } band_of[] = {
        { fcc, hcp, 3, 0 }, { fcc, hcp, 5, 0 }, { fcc, hcp, 7, 0 }, { fcc, hcp, 5, 1 },
        { hcp, fcc, 5, 1 }, { fcc, wrapped, 5, 1 },
    };
    for (size_t k = 0; k < sizeof band_of / sizeof *band_of; k++) {
        flow_neb_result *r = lj_band(band_of[k].from, band_of[k].to, band_of[k].n,
                                     band_of[k].with_idpp);
        assert_close(r->energy[r->top], saddle, BARRIER);
        assert_close(r->barrier_forward, saddle - r->energy[0], BARRIER);
        assert_true(r->barrier_forward > 0.01 * EV);
        flow_neb_result_free(r);
    }
}

/* Forces as an SCF leaves them, uncertain by 2e-3 eV/A: the band comes to rest at 0.02 eV/A all the
 * same, and the barrier is off by no more than forces^2 over a soft spring, 1e-3 eV. */
typedef struct {
    unsigned seed;
} noise;

static dft_status noisy_evaluate(void *context, const dft_crystal *crystal, int want, size_t slot,
                                 flow_evaluation *out, dft_error *err)
{
    noise *n = context;
    const dft_status status = lj_evaluate(NULL, crystal, want, slot, out, err);

    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (int c = 0; c < 3; c++) {
            n->seed = (n->seed * 1103515245u + 12345u) & 0x7fffffffu;
            out->force[a][c] += 2e-3 * EV / ANG * (n->seed / 1073741824.0 - 1.0);
        }
    return status;
}

static void uncertain_forces_do_not_keep_a_band_from_resting(void **unused)
{
    static const double fcc[2] = { 2.0 / 3.0, 2.0 / 3.0 }, hcp[2] = { 1.0 / 3.0, 1.0 / 3.0 };
    dft_crystal *a = lj_relaxed(fcc), *b = lj_relaxed(hcp);
    const double saddle = lj_saddle();
    (void)unused;

    for (unsigned seed = 1; seed <= 10; seed++) {
        noise n = { seed };
        const flow_evaluator evaluator = { "noisy", noisy_evaluate, &n };
        const flow_path_options options = { .n_interior = 3, .fixed = lj_fixed };
        flow_neb_options neb = flow_neb_defaults();
        flow_path *path = NULL;
        neb.fmax = 0.02 * EV / ANG;
        neb.max_iterations = 60;
        assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
        flow_neb_result *r = run(&evaluator, path, &neb);
        assert_true(r->has_saddle);
        assert_close(r->energy[r->top], saddle, 1e-3 * EV);
        flow_neb_result_free(r);
        flow_path_free(path);
    }
    dft_crystal_free(a);
    dft_crystal_free(b);
}

static void refused_memory_is_reported(void **unused)
{
    toy_surface s;
    flow_path *path = half_of_muller_brown(&s, 3);
    const flow_evaluator evaluator = toy_evaluator(&s);
    const flow_neb_options options = tight();
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long k = 1; status != DFT_OK; k++) {
        flow_neb_result *r = NULL;
        assert_true(k < 1000);
        dft_alloc_refuse_nth(k);
        status = flow_neb_run(&evaluator, path, &options, &r, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !r));
        flow_neb_result_free(r);
    }
    flow_path_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saddles_are_those_of_a_direct_search),
        cmocka_unit_test(without_climbing_there_is_no_barrier),
        cmocka_unit_test(a_band_that_is_stopped_gives_no_number),
        cmocka_unit_test(a_stopped_band_goes_on_where_it_was),
        cmocka_unit_test(an_energy_that_does_not_converge_ends_the_band),
        cmocka_unit_test(a_saddle_that_cannot_be_confirmed_gives_no_number),
        cmocka_unit_test(ends_that_are_no_minima_are_refused_first),
        cmocka_unit_test(a_way_downhill_has_no_barrier),
        cmocka_unit_test(barriers_are_those_of_the_zero_width_energy),
        cmocka_unit_test(folded_paths_give_the_same_barrier_for_half_the_work),
        cmocka_unit_test(adatom_on_lennard_jones_111_crosses_the_saddle_of_a_direct_search),
        cmocka_unit_test(uncertain_forces_do_not_keep_a_band_from_resting),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
