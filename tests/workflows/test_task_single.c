/* Tasks of one energy: the lithium atom, and whether a bulk conducts; and what does not converge. */

#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "tests/workflows/toy_run.h"
#include "workflows/assemble.h"

typedef struct {
    toy_run toy;
    desc_phase_data *phases;
    desc_curves *curves;
    desc_score_weights weights;
    flow_assembly *assembly;
} bench;

static void bench_init(bench *b, const char *name)
{
    const cand_candidate *chosen = NULL;

    memset(b, 0, sizeof *b);
    toy_run_init(&b->toy);
    b->weights = desc_score_weights_default();
    assert_int_equal(desc_phase_data_read(TOY_PHASES, &b->phases, NULL), DFT_OK);
    assert_int_equal(desc_curves_read(TOY_PHASES, &b->curves, NULL), DFT_OK);
    assert_int_equal(cand_catalog_find(b->toy.catalog, name, &chosen, NULL), DFT_OK);
    const flow_plan_request request = { .library = b->toy.library, .n_candidates = 1, .candidate = &chosen,
                                        .protocol = &b->toy.protocol, .calculator = &b->toy.calculator,
                                        .binding = 1, .atom = 1, .conduction = 1 };
    assert_int_equal(flow_plan_create(&request, &b->toy.plan, NULL), DFT_OK);
}

static void bench_clear(bench *b)
{
    flow_assembly_free(b->assembly);
    desc_phase_data_free(b->phases);
    desc_curves_free(b->curves);
    toy_run_clear(&b->toy);
}

static const res_ranked_row *judge(bench *b)
{
    size_t n = 0;
    const flow_assemble_request request = {
        .plan = b->toy.plan, .run_dir = b->toy.dir, .phase_data = b->phases, .weights = &b->weights,
        .wanted = { .equation_of_state = 1, .li_binding = 1, .li_atom = 1, .conduction = 1 },
        .curves = b->curves,
    };

    flow_assembly_free(b->assembly);
    assert_int_equal(flow_assembly_create(&request, &b->assembly, NULL), DFT_OK);
    return flow_assembly_rows(b->assembly, &n);
}

static double descriptor(const bench *b, const char *name)
{
    const res_judgement judgement = flow_assembly_judgement(b->assembly);

    for (size_t i = 0; i < judgement.n_descriptors; i++)
        if (strcmp(judgement.descriptors[i].name, name) == 0)
            return judgement.descriptors[i].value;
    return NAN;
}

/* The fake's atom feels nobody: energy 0 but for the box, whose images are beyond its reach. */
static void binding_against_the_atom_stands_beside_binding_against_bulk(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, "Al-111");
    for (size_t i = 0; i < b.toy.plan->graph.n_tasks; i++)
        if (i != b.toy.plan->candidate[0].conduction)
            assert_int_equal(toy_run_task(&b.toy, i), RES_DONE);
    json_t *atom = toy_run_record(&b.toy, b.toy.plan->candidate[0].atom);
    json_t *bulk = toy_run_record(&b.toy, b.toy.plan->candidate[0].reference);
    const res_ranked_row *row = judge(&b);
    const double bulk_ev = toy_number(bulk, "energy_ev_per_atom");
    assert_close(toy_number(atom, "energy_ev_per_atom"), 0.0, 1e-12);
    assert_close(toy_number(atom, "magnetic_moment"), 1.0, 0.0);   /* computed with spin */
    assert_close(descriptor(&b, "li_cohesion"), -bulk_ev, 1e-9);
    assert_close(descriptor(&b, "li_binding_vs_atom"), row->li_binding_ev + bulk_ev, 1e-9);
    json_decref(atom);
    json_decref(bulk);
    bench_clear(&b);
}

static void the_gap_at_the_lattice_found_says_whether_a_bulk_conducts(void **unused)
{
    static const double gap[2] = { 0.1, 0.0 };
    (void)unused;

    for (int i = 0; i < 2; i++) {
        bench b;
        bench_init(&b, "Al-111");
        const flow_candidate_plan *plan = &b.toy.plan->candidate[0];
        b.toy.fake.has_states = 1;
        b.toy.fake.gap = gap[i];
        assert_int_equal(toy_run_task(&b.toy, plan->eos), RES_DONE);
        assert_int_equal(toy_run_task(&b.toy, plan->conduction), RES_DONE);
        json_t *record = toy_run_record(&b.toy, plan->conduction);
        const char *word = json_string_value(json_object_get(json_object_get(record, "results"), "conduction"));
        assert_string_equal(word, i ? "metal" : "insulator");
        const res_ranked_row *row = judge(&b);
        assert_close(descriptor(&b, "band_gap"), gap[i] * DFT_HARTREE_EV, 1e-12);
        assert_true((strstr(row->notes, "insulator: gap 2.7 eV") != NULL) == (i == 0));
        json_decref(record);
        bench_clear(&b);
    }
}

static void a_calculator_without_states_leaves_conduction_unknown(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, "Al-111");
    const flow_candidate_plan *plan = &b.toy.plan->candidate[0];
    assert_int_equal(toy_run_task(&b.toy, plan->eos), RES_DONE);
    assert_int_equal(toy_run_task(&b.toy, plan->conduction), RES_FAILED);
    judge(&b);
    assert_true(isnan(descriptor(&b, "band_gap")));
    bench_clear(&b);
}

static void what_does_not_converge_is_never_used(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, "Al-111");
    const flow_candidate_plan *plan = &b.toy.plan->candidate[0];
    for (size_t i = 0; i < b.toy.plan->graph.n_tasks; i++)
        if (i != plan->conduction && i != plan->atom)
            assert_int_equal(toy_run_task(&b.toy, i), RES_DONE);
    b.toy.fake.has_states = 1;
    b.toy.fake.unconverged_z = 3;
    assert_int_equal(toy_run_task(&b.toy, plan->atom), RES_UNCONVERGED);
    b.toy.fake.unconverged_z = 13;
    assert_int_equal(toy_run_task(&b.toy, plan->conduction), RES_UNCONVERGED);
    const res_ranked_row *row = judge(&b);
    assert_true(isnan(descriptor(&b, "band_gap")));
    assert_true(isnan(descriptor(&b, "li_binding_vs_atom")));
    assert_int_equal(row->rank, 1);                 /* the row stands without them */
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binding_against_the_atom_stands_beside_binding_against_bulk),
        cmocka_unit_test(the_gap_at_the_lattice_found_says_whether_a_bulk_conducts),
        cmocka_unit_test(a_calculator_without_states_leaves_conduction_unknown),
        cmocka_unit_test(what_does_not_converge_is_never_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
