#include "tests/support/assert_close.h"

#include <string.h>

#include "descriptors/phase_data.h"
#include "tests/workflows/toy_run.h"
#include "workflows/assemble.h"

typedef struct {
    toy_run toy;
    desc_phase_data *phases;
    desc_score_weights weights;
    desc_curves *curves;
    desc_calculations calculations;
    flow_assembly *assembly;
} bench;

static void bench_init(bench *b, size_t n, const char *const *names)
{
    toy_run_init(&b->toy);
    toy_run_plan(&b->toy, n, names, 1);
    assert_int_equal(desc_phase_data_read(TOY_PHASES, &b->phases, NULL), DFT_OK);
    b->weights = desc_score_weights_default();
    assert_int_equal(desc_curves_read(TOY_PHASES, &b->curves, NULL), DFT_OK);
    assert_int_equal(desc_calculations_read(TOY_PHASES, &b->calculations, NULL), DFT_OK);
    b->assembly = NULL;
}

static const res_ranked_row *bench_rows(bench *b, size_t *n)
{
    const flow_assemble_request request = { b->toy.plan, b->toy.dir, b->phases, &b->weights,
                                            { .equation_of_state = 1, .li_binding = 1, .corrugation = 1,
                                              .solubility = 1, .alloying = 1 }, NULL, NULL, b->curves,
                                            &b->calculations };
    flow_assembly_free(b->assembly);
    assert_int_equal(flow_assembly_create(&request, &b->assembly, NULL), DFT_OK);
    return flow_assembly_rows(b->assembly, n);
}

static void bench_clear(bench *b)
{
    flow_assembly_free(b->assembly);
    desc_phase_data_free(b->phases);
    desc_curves_free(b->curves);
    toy_run_clear(&b->toy);
}

static void run_all(toy_run *toy)
{
    for (size_t i = 0; i < toy->plan->graph.n_tasks; i++)
        assert_int_equal(toy_run_task(toy, i), RES_DONE);
}

static double record_number(const toy_run *toy, size_t task, const char *key)
{
    json_t *record = toy_run_record(toy, task);
    const double value = toy_number(record, key);
    json_decref(record);
    return value;
}

static void binding_is_the_difference_of_what_was_recorded(void **unused)
{
    static const char *const names[] = { "Al-111" };
    bench b;
    size_t n = 0;
    (void)unused;

    bench_init(&b, 1, names);
    run_all(&b.toy);
    const res_ranked_row *row = bench_rows(&b, &n);
    const flow_candidate_plan *c = &b.toy.plan->candidate[0];
    double lowest = INFINITY, highest = -INFINITY;
    for (size_t i = 0; i < c->n_sites; i++) {
        const double e = record_number(&b.toy, c->site[i], "energy_ev");
        lowest = fmin(lowest, e);
        highest = fmax(highest, e);
    }
    assert_int_equal(n, 1);
    assert_int_equal(row->rank, 1);
    assert_close(row->li_binding_ev, lowest - record_number(&b.toy, c->slab, "energy_ev")
                 - record_number(&b.toy, c->reference, "energy_ev_per_atom"), 1e-12);
    assert_true(row->migration_barrier_ev >= 0.0 && row->migration_barrier_ev <= highest - lowest);
    assert_non_null(strstr(row->migration_barrier_origin, "corrugation-estimate"));
    assert_true(row->converged);
    assert_int_equal(row->n_planned, 7);
    assert_int_equal(row->n_used, 7);
    assert_close(row->li_coverage_ml, 1.0, 1e-12);
    assert_true(isfinite(row->lithiophilicity) && isfinite(row->robustness));
    bench_clear(&b);
}

static void an_unconverged_site_keeps_the_candidate_off_the_ranking(void **unused)
{
    static const char *const names[] = { "Al-111", "Cu-111" };
    bench b;
    size_t n = 0;
    (void)unused;

    bench_init(&b, 2, names);
    for (size_t i = 0; i < b.toy.plan->graph.n_tasks; i++) {
        b.toy.fake.unconverged_z = i == b.toy.plan->candidate[0].site[2] ? 3 : 0;
        toy_run_task(&b.toy, i);
    }
    const res_ranked_row *rows = bench_rows(&b, &n);
    assert_int_equal(n, 2);
    assert_string_equal(rows[0].candidate, "Cu-111");
    assert_int_equal(rows[0].rank, 1);
    assert_string_equal(rows[1].candidate, "Al-111");
    assert_int_equal(rows[1].rank, 0);
    assert_non_null(strstr(rows[1].reason, "did not converge"));
    assert_true(isnan(rows[1].li_binding_ev));      /* the lowest of some is not the lowest */
    assert_true(isnan(rows[1].migration_barrier_ev));
    assert_false(rows[1].converged);
    assert_int_equal(rows[1].n_used, 6);
    bench_clear(&b);
}

/* As if the cell of the first site had been that wide. */
static void widen(const toy_run *toy, size_t task, double side_ang)
{
    json_t *record = toy_run_record(toy, task);
    json_t *energies = json_object_get(json_object_get(record, "results"), "energies");
    json_t *structure = json_object_get(json_array_get(energies, 0), "structure");

    json_object_set_new(structure, "lattice_ang", json_pack("[[f,f,f],[f,f,f],[f,f,f]]", side_ang, 0.0, 0.0,
                                                            0.0, side_ang, 0.0, 0.0, 0.0, 20.0));
    assert_int_equal(res_record_write(toy->dir, toy->plan->graph.task[task].key, record, NULL), DFT_OK);
    json_decref(record);
}

static void lithium_apart_is_not_ranked_among_monolayers(void **unused)
{
    static const char *const names[] = { "Al-111", "Cu-111" };
    bench b;
    size_t n = 0;
    (void)unused;

    bench_init(&b, 2, names);
    run_all(&b.toy);
    widen(&b.toy, b.toy.plan->candidate[1].site[0], 7.4);
    const res_ranked_row *rows = bench_rows(&b, &n);
    assert_string_equal(rows[0].candidate, "Al-111");
    assert_int_equal(rows[0].rank, 1);
    assert_string_equal(rows[1].candidate, "Cu-111");
    assert_int_equal(rows[1].rank, 0);
    assert_ptr_equal(strstr(rows[1].reason, "coverage: lithium atoms are 7.4 A apart"), rows[1].reason);
    assert_true(isfinite(rows[1].li_binding_ev));   /* shown, but not beside the others */
    bench_clear(&b);
}

static void tasks_not_run_yet_are_named_in_the_reason(void **unused)
{
    static const char *const names[] = { "Al-111" };
    bench b;
    size_t n = 0;
    (void)unused;

    bench_init(&b, 1, names);
    toy_run_task(&b.toy, b.toy.plan->candidate[0].eos);
    const res_ranked_row *row = bench_rows(&b, &n);
    assert_int_equal(row->rank, 0);
    assert_string_equal(row->reason, "Al-111 slab: not computed yet");
    assert_true(isfinite(row->bulk_modulus_gpa));
    bench_clear(&b);
}

static void a_candidate_that_could_not_be_planned_has_a_row(void **unused)
{
    static const char *const names[] = { "Pt-111" };
    bench b;
    size_t n = 0;
    (void)unused;

    bench_init(&b, 1, names);
    const res_ranked_row *row = bench_rows(&b, &n);
    assert_int_equal(n, 1);
    assert_int_equal(row->rank, 0);
    assert_string_equal(row->reason, "no data set for Pt");
    bench_clear(&b);
}

/* MgO outlasts Li2O, so nothing is set free: known to be nil, which is not the same as unknown.  ZnO is
 * judged by its metal. */
static void an_oxide_that_stays_dissolves_nothing_and_one_that_converts_gives_its_metal(void **unused)
{
    static const char *const names[] = { "MgO-100", "ZnO-10-10" };
    bench b;
    size_t n = 0;
    (void)unused;

    bench_init(&b, 2, names);
    const res_ranked_row *rows = bench_rows(&b, &n);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        const int converts = strcmp(rows[i].candidate, "ZnO-10-10") == 0;
        assert_string_equal(rows[i].operating_state, converts ? "converted" : "pristine");
        assert_string_equal(rows[i].solubility_origin, converts ? "measured" : "none");
        assert_close(rows[i].solubility_m_in_li, converts ? 4e-3 : 0.0, 1e-12);
    }
    bench_clear(&b);
}

static void nickel_says_without_spin_and_zinc_fixed_axes(void **unused)
{
    static const char *const names[] = { "Ni-111", "Zn-0001", "Al-111" };
    bench b;
    size_t n = 0;
    (void)unused;

    bench_init(&b, 3, names);
    const res_ranked_row *rows = bench_rows(&b, &n);
    for (size_t i = 0; i < n; i++) {
        const int nickel = strcmp(rows[i].candidate, "Ni-111") == 0;
        const int zinc = strcmp(rows[i].candidate, "Zn-0001") == 0;
        assert_int_equal(strstr(rows[i].notes, "without spin") != NULL, nickel);
        assert_int_equal(strstr(rows[i].notes, "c/a fixed") != NULL, zinc);
    }
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binding_is_the_difference_of_what_was_recorded),
        cmocka_unit_test(an_unconverged_site_keeps_the_candidate_off_the_ranking),
        cmocka_unit_test(lithium_apart_is_not_ranked_among_monolayers),
        cmocka_unit_test(tasks_not_run_yet_are_named_in_the_reason),
        cmocka_unit_test(a_candidate_that_could_not_be_planned_has_a_row),
        cmocka_unit_test(an_oxide_that_stays_dissolves_nothing_and_one_that_converts_gives_its_metal),
        cmocka_unit_test(nickel_says_without_spin_and_zinc_fixed_axes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
