/* Relaxed slabs and what lithium does on them, as tasks, on the pair potential; and what is stopped early. */

#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>

#include "tests/workflows/toy_run.h"
#include "workflows/assemble.h"

static void plan_relaxed(toy_run *toy)
{
    const cand_candidate *chosen = NULL;

    toy->protocol.relax = 1;
    toy->protocol.layers = 2;
    toy->protocol.adatom_spacing_ang = 2.0;         /* one cell: the fake sums over many neighbours */
    toy->protocol.force_limit_ev_per_ang = 0.01;
    assert_int_equal(cand_catalog_find(toy->catalog, "Al-111", &chosen, NULL), DFT_OK);
    const flow_plan_request request = { .library = toy->library, .n_candidates = 1, .candidate = &chosen,
                                        .protocol = &toy->protocol, .calculator = &toy->calculator,
                                        .binding = 1, .migration = 1 };
    assert_int_equal(flow_plan_create(&request, &toy->plan, NULL), DFT_OK);
}

/* Ranks what is recorded; returns the row, which the assembly owns. */
static const res_ranked_row *judge(const toy_run *toy, flow_assembly **assembly)
{
    desc_phase_data *phases = NULL;
    desc_curves *curves = NULL;
    desc_score_weights weights = desc_score_weights_default();
    size_t n = 0;

    assert_int_equal(desc_phase_data_read(TOY_PHASES, &phases, NULL), DFT_OK);
    assert_int_equal(desc_curves_read(TOY_PHASES, &curves, NULL), DFT_OK);
    const flow_assemble_request request = {
        .plan = toy->plan, .run_dir = toy->dir, .phase_data = phases, .weights = &weights,
        .wanted = { .equation_of_state = 1, .li_binding = 1, .corrugation = 1, .solubility = 1,
                    .alloying = 1, .migration = 1 }, .curves = curves,
    };
    assert_int_equal(flow_assembly_create(&request, assembly, NULL), DFT_OK);
    desc_phase_data_free(phases);
    desc_curves_free(curves);
    return flow_assembly_rows(*assembly, &n);
}

static void a_relaxed_slab_lies_below_the_one_that_was_cut(void **unused)
{
    toy_run toy;
    flow_assembly *assembly = NULL;
    (void)unused;

    toy_run_init(&toy);
    plan_relaxed(&toy);
    for (size_t i = 0; i < toy.plan->graph.n_tasks; i++)
        assert_int_equal(toy_run_task(&toy, i), RES_DONE);
    const flow_candidate_plan *plan = &toy.plan->candidate[0];
    json_t *slab = toy_run_record(&toy, plan->slab), *spread = toy_run_record(&toy, plan->spread);
    const json_t *energies = json_object_get(json_object_get(slab, "results"), "energies");
    const double cut_ev = json_number_value(json_object_get(json_array_get(energies, 0), "energy_ev"));
    assert_true(toy_number(slab, "energy_ev") < cut_ev - 1e-4);
    assert_true(toy_number(spread, "barrier_2d_ev") > 0.0);
    const res_ranked_row *row = judge(&toy, &assembly);
    assert_int_equal(row->rank, 0);                 /* one cell keeps nothing 5 A apart */
    assert_ptr_equal(strstr(row->reason, "coverage: lithium atoms are"), row->reason);
    const double mu_ev = toy_number(toy_run_record(&toy, plan->reference), "energy_ev_per_atom");
    assert_close(row->li_binding_ev, toy_number(spread, "energy_ev") - toy_number(slab, "energy_ev") - mu_ev,
                 1e-9);
    assert_close(row->migration_barrier_ev, toy_number(spread, "barrier_2d_ev"), 1e-12);
    assert_close(row->li_coverage_ml, 1.0, 1e-12);
    flow_assembly_free(assembly);
    json_decref(slab);
    json_decref(spread);
    toy_run_clear(&toy);
}

static void a_relaxation_stopped_after_two_steps_is_not_ranked(void **unused)
{
    toy_run toy;
    flow_assembly *assembly = NULL;
    (void)unused;

    toy_run_init(&toy);
    toy.protocol.max_ionic_steps = 2;
    plan_relaxed(&toy);
    toy.protocol.force_limit_ev_per_ang = 1e-4;
    const flow_candidate_plan *plan = &toy.plan->candidate[0];
    assert_int_equal(toy_run_task(&toy, plan->eos), RES_DONE);
    assert_int_equal(toy_run_task(&toy, plan->reference), RES_DONE);
    assert_int_equal(toy_run_task(&toy, plan->slab), RES_UNCONVERGED);
    json_t *slab = toy_run_record(&toy, plan->slab);
    assert_true(isnan(toy_number(slab, "energy_ev")));
    const res_ranked_row *row = judge(&toy, &assembly);
    assert_int_equal(row->rank, 0);
    assert_true(isnan(row->li_binding_ev));
    assert_non_null(strstr(row->reason, "did not come to rest"));
    flow_assembly_free(assembly);
    json_decref(slab);
    toy_run_clear(&toy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_relaxed_slab_lies_below_the_one_that_was_cut),
        cmocka_unit_test(a_relaxation_stopped_after_two_steps_is_not_ranked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
