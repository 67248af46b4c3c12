#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "workflows/attempts.h"
#include "workflows/remedy.h"

static flow_symptom symptom_of(size_t n, double (*density)(size_t), double eigen)
{
    static flow_history history;

    history.n = 0;
    for (size_t i = 0; i < n; i++)
        flow_history_add(&history, &(dft_scf_step){ .density_error = density(i), .eigen_error = eigen });
    return flow_history_symptom(&history);
}

static double falling(size_t i) { return 10.0 * pow(0.8, (double)i); }
static double going_in_circles(size_t i) { return 0.1 * (1.0 + 0.5 * sin(1.3 * (double)i)); }
static double blowing_up(size_t i) { return i < 12 ? pow(3.0, (double)i) : NAN; }

static void the_history_shows_the_symptom(void **unused)
{
    (void)unused;
    assert_int_equal(symptom_of(40, falling, 1e-6), FLOW_SLOW);
    assert_int_equal(symptom_of(40, going_in_circles, 1e-6), FLOW_STUCK);
    assert_int_equal(symptom_of(40, going_in_circles, 0.1), FLOW_BANDS);
    assert_int_equal(symptom_of(40, blowing_up, 0.1), FLOW_BLOWN);
    assert_int_equal(symptom_of(3, falling, 1e-6), FLOW_UNCLEAR);
}

static void no_remedy_is_tried_twice_and_no_more_than_three(void **unused)
{
    flow_remedy_memory memory;
    (void)unused;

    memset(&memory, 0, sizeof memory);
    for (flow_symptom s = 0; s < FLOW_N_SYMPTOMS; s++) {
        int used[FLOW_N_REMEDIES] = { 0 }, n = 0;
        flow_remedy remedy;
        while (flow_remedy_choose(&memory, FLOW_METAL_SLAB, s, used, 1, 0, &remedy)) {
            assert_int_equal(used[remedy], 0);
            used[remedy] = 1;
            n++;
        }
        assert_true(n >= 1 && n <= FLOW_MAX_REMEDIES);
    }
}

static void a_fresh_start_is_no_remedy_for_what_began_fresh(void **unused)
{
    const int none[FLOW_N_REMEDIES] = { 0 };
    flow_remedy_memory memory;
    flow_remedy remedy;
    (void)unused;

    memset(&memory, 0, sizeof memory);
    assert_int_equal(flow_remedy_choose(&memory, FLOW_METAL_BULK, FLOW_STUCK, none, 1, 0, &remedy), 1);
    assert_int_equal(remedy, FLOW_FRESH_START);
    assert_int_equal(flow_remedy_choose(&memory, FLOW_METAL_BULK, FLOW_STUCK, none, 0, 0, &remedy), 1);
    assert_int_not_equal(remedy, FLOW_FRESH_START);
    /* three steps show nothing: only another start could be worth a try */
    assert_int_equal(flow_remedy_choose(&memory, FLOW_METAL_BULK, FLOW_UNCLEAR, none, 0, 0, &remedy), 0);
    /* fixed fillings have no width */
    assert_int_equal(flow_remedy_choose(&memory, FLOW_COMPOUND_BULK, FLOW_BANDS, none, 0, 1, &remedy), 1);
    assert_int_equal(remedy, FLOW_MORE_STEPS);
}

static json_t *record_of(flow_remedy remedy, int helped)
{
    return json_pack("{s:{s:[{s:[o]}]}}", "results", "energies", "remedies",
                     flow_remedy_json(FLOW_METAL_SLAB, FLOW_STUCK, remedy, helped));
}

static void what_has_helped_cells_of_the_kind_goes_first(void **unused)
{
    const int none[FLOW_N_REMEDIES] = { 0 };
    char dir[] = "/tmp/liscreen-remedy-XXXXXX", path[64];
    flow_remedy_memory memory, back;
    flow_remedy remedy;
    (void)unused;

    memset(&memory, 0, sizeof memory);
    for (int i = 0; i < 3; i++) {
        json_t *good = record_of(FLOW_MORE_BANDS, 1), *bad = record_of(FLOW_FRESH_START, 0);
        flow_remedy_memory_add(&memory, good);
        flow_remedy_memory_add(&memory, bad);
        json_decref(good);
        json_decref(bad);
    }
    assert_non_null(mkdtemp(dir));
    assert_int_equal(flow_remedy_memory_write(&memory, dir, NULL), DFT_OK);
    flow_remedy_memory_read(&back, dir);
    assert_memory_equal(&memory, &back, sizeof memory);
    assert_int_equal(flow_remedy_choose(&back, FLOW_METAL_SLAB, FLOW_STUCK, none, 1, 0, &remedy), 1);
    assert_int_equal(remedy, FLOW_MORE_BANDS);
    assert_int_equal(flow_remedy_choose(&back, FLOW_COMPOUND_SLAB, FLOW_STUCK, none, 1, 0, &remedy), 1);
    assert_int_equal(remedy, FLOW_FRESH_START);     /* of other cells nothing was learnt */
    snprintf(path, sizeof path, "%s/remedies.json", dir);
    FILE *file = fopen(path, "w");
    fputs("[{\"cell\": \"metal slab\", \"symptom\": \"stuck\", \"remedy\": \"fresh sta", file);
    fclose(file);
    flow_remedy_memory_read(&back, dir);            /* damaged: as if nothing had been seen */
    memset(&memory, 0, sizeof memory);
    assert_memory_equal(&memory, &back, sizeof memory);
    unlink(path);
    rmdir(dir);
}

/* ---- a calculator that needs a certain remedy ---- */

typedef struct {
    flow_remedy needs;
    double asked_width;
    int asked_steps, was_wide;
    int n_runs;
    double last_width;
} patient;

static dft_status examine(void *context, const dft_crystal *crystal, const dft_scf_options *options,
                          const dft_scf_result *start, dft_scf_result **out, dft_error *err)
{
    patient *p = context;
    dft_scf_result *r = dft_alloc(1, sizeof *r);
    (void)crystal, (void)err;

    p->n_runs++;
    p->last_width = options->width;
    for (int i = 0; i < 20; i++)
        options->on_step(&(dft_scf_step){ .iteration = i + 1, .density_error = going_in_circles((size_t)i) },
                         options->on_step_context);
    r->n_bands = 20;
    p->was_wide |= options->width > 1.5 * p->asked_width;
    r->converged = (p->needs == FLOW_FRESH_START && !start)
                || (p->needs == FLOW_MORE_STEPS && options->max_iterations > p->asked_steps)
                || (p->needs == FLOW_WIDE_SMEARING && p->was_wide && (start || options->width
                                                                     > 1.5 * p->asked_width))
                || (p->needs == FLOW_MORE_BANDS && options->n_bands == 25);
    *out = r;
    return DFT_OK;
}

static void release(dft_scf_result *result)
{
    free(result);
}

static void each_remedy_is_applied_and_the_last_width_is_the_one_asked_for(void **unused)
{
    const double lattice[3][3] = { { 5, 0, 0 }, { 0, 5, 0 }, { 0, 0, 5 } };
    const double position[1][3] = { { 0, 0, 0 } };
    const int z[1] = { 13 };
    dft_crystal *crystal = NULL;
    dft_scf_options options = dft_scf_defaults();
    dft_scf_result start = { .converged = 1 };
    (void)unused;

    assert_int_equal(dft_crystal_create(lattice, 1, z, position, &crystal, NULL), DFT_OK);
    for (flow_remedy needs = 0; needs < FLOW_N_REMEDIES; needs++) {
        patient p = { needs, options.width, options.max_iterations, 0, 0, 0.0 };
        const flow_calculator calculator = { .name = "patient", .compute = examine,
                                             .free_result = release, .context = &p };
        const flow_attempts attempts = { &calculator, NULL, FLOW_METAL_SLAB, NULL, NULL };
        /* the second of the order is skipped where a fresh start is not needed: three tries in all */
        const dft_scf_result *from = needs == FLOW_FRESH_START ? &start : NULL;
        dft_scf_result *result = NULL;
        json_t *tries = json_array();
        assert_int_equal(flow_attempts_run(&attempts, crystal, &options, from, &result, tries, NULL),
                         DFT_OK);
        assert_int_equal(result->converged, 1);
        assert_close(p.last_width, options.width, 1e-15);
        const json_t *last = json_array_get(tries, json_array_size(tries) - 1);
        assert_string_equal(json_string_value(json_object_get(last, "remedy")), flow_remedy_name(needs));
        assert_true(json_is_true(json_object_get(last, "helped")));
        assert_string_equal(json_string_value(json_object_get(last, "symptom")), "stuck");
        json_decref(tries);
        release(result);
    }
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_history_shows_the_symptom),
        cmocka_unit_test(no_remedy_is_tried_twice_and_no_more_than_three),
        cmocka_unit_test(a_fresh_start_is_no_remedy_for_what_began_fresh),
        cmocka_unit_test(what_has_helped_cells_of_the_kind_goes_first),
        cmocka_unit_test(each_remedy_is_applied_and_the_last_width_is_the_one_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
