/* An element dissolved in lithium as a task, on the pair potential; and what is stopped early. */

#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>

#include "descriptors/phase_tables.h"
#include "tests/workflows/toy_run.h"
#include "workflows/assemble.h"

typedef struct {
    toy_run toy;
    desc_phase_data *phases;
    desc_curves *curves;
    desc_score_weights weights;
    flow_assembly *assembly;
} bench;

/* As if nobody had published anything about silver, so that what is missing stays so. */
static void forget_silver(desc_phase_data *phases)
{
    for (size_t i = 0; i < phases->n_solubility; i++)
        if (strcmp(phases->solubility[i].element, "Ag") == 0) {
            phases->solubility[i].x = phases->solubility[i].low = phases->solubility[i].high = NAN;
            phases->solubility[i].origin = DESC_ORIGIN_MISSING;
        }
}

static void bench_init(bench *b, size_t n, const char *const *names)
{
    const cand_candidate *chosen[4];

    memset(b, 0, sizeof *b);
    toy_run_init(&b->toy);
    b->weights = desc_score_weights_default();
    assert_int_equal(desc_phase_data_read(TOY_PHASES, &b->phases, NULL), DFT_OK);
    forget_silver(b->phases);
    assert_int_equal(desc_curves_read(TOY_PHASES, &b->curves, NULL), DFT_OK);
    b->toy.protocol.solute_atoms = 16;              /* the fake sums over many neighbours */
    b->toy.protocol.phase_atoms = 2;                /* LiAg as B2 alone */
    for (size_t i = 0; i < n; i++)
        assert_int_equal(cand_catalog_find(b->toy.catalog, names[i], &chosen[i], NULL), DFT_OK);
    const flow_plan_request request = { .library = b->toy.library, .n_candidates = n, .candidate = chosen,
                                        .protocol = &b->toy.protocol, .calculator = &b->toy.calculator,
                                        .solution = 1, .phase_data = b->phases };
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
        .wanted = { .equation_of_state = 1, .solubility = 1, .alloying = 1, .dilute_solution = 1 },
        .curves = b->curves,
    };

    flow_assembly_free(b->assembly);
    assert_int_equal(flow_assembly_create(&request, &b->assembly, NULL), DFT_OK);
    return flow_assembly_rows(b->assembly, &n);
}

/* NaN when there is no such descriptor. */
static double descriptor(const bench *b, const char *name)
{
    const res_judgement judgement = flow_assembly_judgement(b->assembly);

    for (size_t i = 0; i < judgement.n_descriptors; i++)
        if (strcmp(judgement.descriptors[i].name, name) == 0)
            return judgement.descriptors[i].value;
    return NAN;
}

static void candidates_of_one_element_share_its_solution(void **unused)
{
    static const char *const names[] = { "Ag-111", "LiAg-110", "MgO-100" };
    bench b;
    (void)unused;

    bench_init(&b, 3, names);
    const flow_candidate_plan *c = b.toy.plan->candidate;
    assert_true(c[0].solution.task != FLOW_NO_TASK);
    assert_int_equal(c[0].solution.task, c[1].solution.task);
    assert_int_equal(c[0].solution.metal, c[0].eos);
    assert_int_equal(c[0].solution.n_phases, 1);
    assert_int_equal(c[0].solution.phase[0], c[1].eos);
    assert_true(c[2].solution.task == FLOW_NO_TASK);        /* MgO sets nothing free */
    assert_int_equal(c[0].n_tasks, 1);              /* the row stands without it */
    bench_clear(&b);
}

/* Only where the campaign asks for it. */
static void who_is_not_to_be_refined_has_no_solution(void **unused)
{
    static const char *const names[] = { "Ag-111", "Al-111" };
    static const unsigned char refine[2] = { 0, 1 };
    const cand_candidate *chosen[2];
    bench b;
    (void)unused;

    bench_init(&b, 2, names);
    for (int i = 0; i < 2; i++)
        chosen[i] = b.toy.plan->candidate[i].candidate;
    const flow_plan_request request = { .library = b.toy.library, .n_candidates = 2, .candidate = chosen,
                                        .protocol = &b.toy.protocol, .calculator = &b.toy.calculator,
                                        .solution = 1, .adhesion = 1, .phase_data = b.phases,
                                        .refine = refine };
    flow_plan_free(b.toy.plan);
    assert_int_equal(flow_plan_create(&request, &b.toy.plan, NULL), DFT_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(b.toy.plan->candidate[i].solution.task != FLOW_NO_TASK, refine[i]);
        assert_int_equal(b.toy.plan->candidate[i].adhesion != FLOW_NO_TASK, refine[i]);
    }
    bench_clear(&b);
}

/* The solution's own energies, with the host's energy from a sixteenth of the cell on the folded mesh.
 * 1e-9: eV of a few Ha. */
static void the_solution_energy_is_counted_against_both_pure_elements(void **unused)
{
    static const char *const names[] = { "Ag-111" };
    bench b;
    (void)unused;

    bench_init(&b, 1, names);
    for (size_t i = 0; i < b.toy.plan->graph.n_tasks; i++)
        assert_int_equal(toy_run_task(&b.toy, i), RES_DONE);
    const flow_solution_plan *s = &b.toy.plan->candidate[0].solution;
    json_t *record = toy_run_record(&b.toy, s->task), *metal = toy_run_record(&b.toy, s->metal);
    const json_t *energies = json_object_get(json_object_get(record, "results"), "energies");
    const size_t n = json_array_size(energies);
    const json_t *host = json_array_get(energies, 0), *last = json_array_get(energies, n - 1);
    const double host_ev = json_number_value(json_object_get(host, "energy_ev"));
    const double solution_ev = json_number_value(json_object_get(last, "energy_ev"));
    assert_true(n >= 3);                            /* the host, the start and where it came to rest */
    assert_int_equal(json_integer_value(json_object_get(host, "n_atoms")), 2);
    assert_int_equal(json_integer_value(json_object_get(last, "n_atoms")), 16);
    for (size_t i = 0; i < 3; i++)                  /* twice the cell, half the points */
        assert_int_equal(json_integer_value(json_array_get(json_object_get(host, "kmesh"), i)),
                         2 * json_integer_value(json_array_get(json_object_get(last, "kmesh"), i)));
    assert_close(toy_number(record, "solution_energy_ev"),
                 solution_ev - 15.0 * host_ev / 2.0 - toy_number(metal, "energy_ev_per_atom"), 1e-9);
    judge(&b);
    assert_close(descriptor(&b, "solution_energy_m_in_li"), toy_number(record, "solution_energy_ev"), 1e-12);
    json_decref(record);
    json_decref(metal);
    bench_clear(&b);
}

/* mu of silver is the lower of 0 and LiAg's energy for each silver atom. */
static void what_this_run_dissolves_fills_in_what_is_missing_and_no_more(void **unused)
{
    static const char *const names[] = { "Ag-111", "Al-111" };
    bench b;
    (void)unused;

    bench_init(&b, 2, names);
    for (size_t i = 0; i < b.toy.plan->graph.n_tasks; i++)
        assert_int_equal(toy_run_task(&b.toy, i), RES_DONE);
    const res_ranked_row *row = judge(&b);
    const flow_solution_plan *s = &b.toy.plan->candidate[0].solution;
    json_t *li = toy_run_record(&b.toy, s->lithium), *ag = toy_run_record(&b.toy, s->metal);
    json_t *liag = toy_run_record(&b.toy, s->phase[0]);
    const double formation_ev = 2.0 * toy_number(liag, "energy_ev_per_atom") - toy_number(li, "energy_ev_per_atom")
                              - toy_number(ag, "energy_ev_per_atom");
    const res_ranked_row *silver = strcmp(row[0].candidate, "Ag-111") == 0 ? &row[0] : &row[1];
    const res_ranked_row *aluminium = silver == row ? &row[1] : &row[0];
    assert_close(descriptor(&b, "chemical_potential_m_at_li"), fmin(0.0, formation_ev), 1e-9);
    assert_true(strcmp(silver->solubility_origin, "dft-dilute") == 0
                || strcmp(silver->solubility_origin, "none") == 0);
    assert_string_equal(aluminium->solubility_origin, "calphad");
    json_decref(li);
    json_decref(ag);
    json_decref(liag);
    bench_clear(&b);
}

static void expect_missing(bench *b)
{
    const res_ranked_row *row = judge(b);

    assert_true(isnan(row->solubility_m_in_li));
    assert_non_null(strstr(row->solubility_origin, "missing"));
    assert_true(isnan(descriptor(b, "solution_energy_m_in_li")));
    assert_true(isnan(descriptor(b, "dilute_solubility")));
}

static void run_but(bench *b, size_t left_out)
{
    for (size_t i = 0; i < b->toy.plan->graph.n_tasks; i++)
        if (i != left_out)
            assert_int_equal(toy_run_task(&b->toy, i), RES_DONE);
}

static void a_solution_stopped_after_a_step_is_never_used(void **unused)
{
    static const char *const names[] = { "Ag-111" };
    bench b;
    (void)unused;

    bench_init(&b, 1, names);
    const size_t task = b.toy.plan->candidate[0].solution.task;
    b.toy.protocol.max_ionic_steps = 1;
    b.toy.protocol.force_limit_ev_per_ang = 1e-4;
    const flow_plan_request request = { .library = b.toy.library, .n_candidates = 1,
                                        .candidate = &b.toy.plan->candidate[0].candidate,
                                        .protocol = &b.toy.protocol, .calculator = &b.toy.calculator,
                                        .solution = 1, .phase_data = b.phases };
    flow_plan *stopped = NULL;
    assert_int_equal(flow_plan_create(&request, &stopped, NULL), DFT_OK);
    flow_plan_free(b.toy.plan);
    b.toy.plan = stopped;
    run_but(&b, task);
    assert_int_equal(toy_run_task(&b.toy, task), RES_UNCONVERGED);
    json_t *record = toy_run_record(&b.toy, task);
    assert_true(isnan(toy_number(record, "solution_energy_ev")));
    json_decref(record);
    expect_missing(&b);
    bench_clear(&b);
}

static void an_scf_that_does_not_converge_leaves_the_term_missing(void **unused)
{
    static const char *const names[] = { "Ag-111" };
    bench b;
    (void)unused;

    bench_init(&b, 1, names);
    const size_t task = b.toy.plan->candidate[0].solution.task;
    run_but(&b, task);
    expect_missing(&b);                             /* not computed yet */
    b.toy.fake.unconverged_z = 47;
    assert_int_equal(toy_run_task(&b.toy, task), RES_UNCONVERGED);
    expect_missing(&b);
    bench_clear(&b);
}

/* Without its lithium-rich phase silver would seem to dissolve without limit. */
static void a_missing_phase_leaves_the_term_missing(void **unused)
{
    static const char *const names[] = { "Ag-111" };
    bench b;
    (void)unused;

    bench_init(&b, 1, names);
    run_but(&b, b.toy.plan->candidate[0].solution.phase[0]);
    expect_missing(&b);
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(candidates_of_one_element_share_its_solution),
        cmocka_unit_test(who_is_not_to_be_refined_has_no_solution),
        cmocka_unit_test(the_solution_energy_is_counted_against_both_pure_elements),
        cmocka_unit_test(what_this_run_dissolves_fills_in_what_is_missing_and_no_more),
        cmocka_unit_test(a_solution_stopped_after_a_step_is_never_used),
        cmocka_unit_test(an_scf_that_does_not_converge_leaves_the_term_missing),
        cmocka_unit_test(a_missing_phase_leaves_the_term_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
