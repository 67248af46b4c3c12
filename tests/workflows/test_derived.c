#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>

#include "tests/workflows/toy_run.h"
#include "workflows/derived.h"
#include "workflows/gather.h"

static void plan_all(toy_run *toy, const char *name)
{
    const cand_candidate *chosen = NULL;

    assert_int_equal(cand_catalog_find(toy->catalog, name, &chosen, NULL), DFT_OK);
    const flow_plan_request request = { .library = toy->library, .n_candidates = 1, .candidate = &chosen,
                                        .protocol = &toy->protocol, .calculator = &toy->calculator,
                                        .binding = 1, .migration = 1, .formation = 1 };
    flow_plan_free(toy->plan);
    assert_int_equal(flow_plan_create(&request, &toy->plan, NULL), DFT_OK);
    for (size_t i = 0; i < toy->plan->graph.n_tasks; i++)
        assert_int_equal(toy_run_task(toy, i), RES_DONE);
}

static double number(const toy_run *toy, size_t task, const char *key)
{
    json_t *record = toy_run_record(toy, task);
    const double value = toy_number(record, key);
    json_decref(record);
    return value;
}

/* On fcc(111) every way over the surface crosses a bridge: the threshold is the higher of the bridge and the
 * points half way to it, above the lowest hollow. */
static void the_barrier_of_fcc111_is_the_way_over_its_bridge(void **unused)
{
    toy_run toy;
    double site_ev[FLOW_MAX_SITES], lowest = HUGE_VAL, highest = -HUGE_VAL;
    flow_migration_found found;
    (void)unused;

    toy_run_init(&toy);
    plan_all(&toy, "Al-111");
    const flow_candidate_plan *plan = &toy.plan->candidate[0];
    const flow_assemble_request request = { .plan = toy.plan, .run_dir = toy.dir };
    for (size_t i = 0; i < plan->n_sites; i++) {
        site_ev[i] = number(&toy, plan->site[i], "energy_ev") + 3.0;     /* any zero */
        if (strstr(plan->site_label[i], "fcc") || strstr(plan->site_label[i], "hcp"))
            lowest = fmin(lowest, site_ev[i]);
        if (strstr(plan->site_label[i], "bridge"))
            highest = fmax(highest, site_ev[i]);
    }
    size_t n_hops = 0;
    for (size_t i = 0; i < plan->hops->n_hops; i++)
        if (plan->hop[i] != FLOW_NO_TASK) {
            highest = fmax(highest, number(&toy, plan->hop[i], "energy_ev") + 3.0);
            n_hops++;
        }
    assert_int_equal(n_hops, 2);                    /* bridge to fcc and to hcp; over the atom none */
    assert_int_equal(flow_derived_migration(&request, plan, site_ev, &found, NULL), DFT_OK);
    assert_close(found.barrier_2d_ev, highest - lowest, 1e-9);
    assert_int_equal(found.n_tasks, 2);
    assert_non_null(strstr(found.limiting, "bridge"));
    site_ev[0] = NAN;                               /* a site without a number: no barrier */
    assert_int_equal(flow_derived_migration(&request, plan, site_ev, &found, NULL), DFT_OK);
    assert_true(isnan(found.barrier_2d_ev));
    toy_run_clear(&toy);
}

/* The energies are the fake's own, taken once more from the structures of the records. */
static void surface_energy_is_the_slab_less_its_bulk_over_both_faces(void **unused)
{
    toy_run toy;
    (void)unused;

    toy_run_init(&toy);
    plan_all(&toy, "Al-111");
    const flow_candidate_plan *plan = &toy.plan->candidate[0];
    const flow_assemble_request request = { .plan = toy.plan, .run_dir = toy.dir };
    const double a = 4.04958 * number(&toy, plan->eos, "scale"), area = sqrt(3.0) / 4.0 * a * a;
    const double expected = (number(&toy, plan->slab, "energy_ev")
                             - 3.0 * number(&toy, plan->eos, "energy_ev_per_atom")) / (2.0 * area);
    const double gamma = flow_derived_surface_energy_j_per_m2(&request, plan);
    /* 1 eV/A^2 is 16.0218 J/m^2 */
    assert_close(gamma, 16.021766 * expected, 1e-5 * gamma);
    assert_true(gamma > 0.0);
    assert_true(isnan(flow_derived_formation_energy_ev(&request, plan)));    /* an element */
    toy_run_clear(&toy);
}

static void formation_energy_is_taken_against_the_elements(void **unused)
{
    toy_run toy;
    (void)unused;

    toy_run_init(&toy);
    plan_all(&toy, "LiAg-110");
    const flow_candidate_plan *plan = &toy.plan->candidate[0];
    const flow_assemble_request request = { .plan = toy.plan, .run_dir = toy.dir };
    assert_int_equal(plan->n_elements, 2);
    const double expected = number(&toy, plan->eos, "energy_ev_per_atom")
                          - 0.5 * (number(&toy, plan->element[0], "energy_ev_per_atom")
                                   + number(&toy, plan->element[1], "energy_ev_per_atom"));
    assert_close(flow_derived_formation_energy_ev(&request, plan), expected, 1e-12);
    toy_run_clear(&toy);
}

/* Oxygen's molecule is no reference of PBE's: nothing is planned and nothing is said. */
static void compounds_of_gases_have_no_formation_energy(void **unused)
{
    toy_run toy;
    const cand_candidate *chosen = NULL;
    (void)unused;

    toy_run_init(&toy);
    assert_int_equal(cand_catalog_find(toy.catalog, "MgO-100", &chosen, NULL), DFT_OK);
    const flow_plan_request request = { .library = toy.library, .n_candidates = 1, .candidate = &chosen,
                                        .protocol = &toy.protocol, .calculator = &toy.calculator,
                                        .formation = 1 };
    assert_int_equal(flow_plan_create(&request, &toy.plan, NULL), DFT_OK);
    assert_int_equal(toy.plan->candidate[0].n_elements, 0);
    assert_int_equal(toy.plan->graph.n_tasks, 1);
    toy_run_clear(&toy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_barrier_of_fcc111_is_the_way_over_its_bridge),
        cmocka_unit_test(surface_energy_is_the_slab_less_its_bulk_over_both_faces),
        cmocka_unit_test(formation_energy_is_taken_against_the_elements),
        cmocka_unit_test(compounds_of_gases_have_no_formation_energy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
