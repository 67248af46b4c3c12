/* Lithium on a surface as a task, on the pair potential; and what is stopped early. */

#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>

#include "tests/workflows/toy_run.h"
#include "workflows/assemble.h"

typedef struct {
    toy_run toy;
    desc_phase_data *phases;
    desc_curves *curves;
    desc_score_weights weights;
    flow_assembly *assembly;
} bench;

static void bench_plan(bench *b)
{
    const cand_candidate *chosen = NULL;

    assert_int_equal(cand_catalog_find(b->toy.catalog, "Al-111", &chosen, NULL), DFT_OK);
    const flow_plan_request request = { .library = b->toy.library, .n_candidates = 1, .candidate = &chosen,
                                        .protocol = &b->toy.protocol, .calculator = &b->toy.calculator,
                                        .adhesion = 1 };
    flow_plan_free(b->toy.plan);
    assert_int_equal(flow_plan_create(&request, &b->toy.plan, NULL), DFT_OK);
}

static void bench_init(bench *b)
{
    memset(b, 0, sizeof *b);
    toy_run_init(&b->toy);
    b->weights = desc_score_weights_default();
    assert_int_equal(desc_phase_data_read(TOY_PHASES, &b->phases, NULL), DFT_OK);
    assert_int_equal(desc_curves_read(TOY_PHASES, &b->curves, NULL), DFT_OK);
    b->toy.protocol.interface_atoms = 40;
    b->toy.protocol.interface_strain_percent = 12.0;        /* the fake's lattices are not nature's */
    bench_plan(b);
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
        .wanted = { .equation_of_state = 1, .solubility = 1, .alloying = 1, .adhesion = 1 },
        .curves = b->curves,
    };

    flow_assembly_free(b->assembly);
    assert_int_equal(flow_assembly_create(&request, &b->assembly, NULL), DFT_OK);
    return flow_assembly_rows(b->assembly, &n);
}

static void run_references(bench *b)
{
    for (size_t i = 0; i < b->toy.plan->graph.n_tasks; i++)
        if (i != b->toy.plan->candidate[0].adhesion)
            assert_int_equal(toy_run_task(&b->toy, i), RES_DONE);
}

static void an_interface_takes_both_equations_of_state_and_no_slab(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    assert_int_equal(b.toy.plan->graph.n_tasks, 3);         /* eos of both, and the interface */
    assert_int_equal(b.toy.plan->candidate[0].n_tasks, 1);  /* the row stands without it */
    assert_true(b.toy.plan->candidate[0].slab == FLOW_NO_TASK);
    bench_clear(&b);
}

/* The interface must hold with a pair potential that only attracts, within the limits asked for. */
static void the_work_of_adhesion_and_its_strain_reach_the_row(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    run_references(&b);
    const size_t task = b.toy.plan->candidate[0].adhesion;
    assert_int_equal(toy_run_task(&b.toy, task), RES_DONE);
    json_t *record = toy_run_record(&b.toy, task);
    const res_ranked_row *row = judge(&b);
    const double atoms = toy_number(record, "n_atoms_substrate") + toy_number(record, "n_atoms_film");
    assert_true(row->work_of_adhesion_j_per_m2 > 0.0);
    assert_close(row->work_of_adhesion_j_per_m2, toy_number(record, "work_of_adhesion_j_per_m2"), 1e-12);
    assert_close(row->interface_strain_percent, toy_number(record, "strain_percent"), 1e-12);
    assert_true(row->interface_strain_percent >= 0.0 && row->interface_strain_percent <= 12.0);
    assert_true(atoms > 3.0 && atoms <= 40.0);
    assert_close(toy_number(record, "spreading_j_per_m2"),
                 row->work_of_adhesion_j_per_m2 - 2.0 * toy_number(record, "gamma_film_j_per_m2"), 1e-9);
    assert_true(row->contact_angle_deg >= 0.0 && row->contact_angle_deg <= 180.0);
    json_decref(record);
    bench_clear(&b);
}

static void an_interface_that_does_not_converge_is_never_used(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    run_references(&b);
    const size_t task = b.toy.plan->candidate[0].adhesion;
    b.toy.fake.unconverged_z = 3;
    assert_int_equal(toy_run_task(&b.toy, task), RES_UNCONVERGED);
    json_t *record = toy_run_record(&b.toy, task);
    assert_true(isnan(toy_number(record, "work_of_adhesion_j_per_m2")));
    const res_ranked_row *row = judge(&b);
    assert_true(isnan(row->work_of_adhesion_j_per_m2) && isnan(row->contact_angle_deg));
    assert_true(isnan(row->interface_strain_percent));
    json_decref(record);
    bench_clear(&b);
}

/* Relaxation cut off after one step. */
static void an_interface_that_is_not_at_rest_is_never_used(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    b.toy.protocol.relax = 1;
    b.toy.protocol.max_ionic_steps = 1;
    b.toy.protocol.force_limit_ev_per_ang = 1e-4;
    bench_plan(&b);
    run_references(&b);
    assert_int_equal(toy_run_task(&b.toy, b.toy.plan->candidate[0].adhesion), RES_UNCONVERGED);
    assert_true(isnan(judge(&b)->work_of_adhesion_j_per_m2));
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interface_takes_both_equations_of_state_and_no_slab),
        cmocka_unit_test(the_work_of_adhesion_and_its_strain_reach_the_row),
        cmocka_unit_test(an_interface_that_does_not_converge_is_never_used),
        cmocka_unit_test(an_interface_that_is_not_at_rest_is_never_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
