#include "tests/support/assert_close.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "workflows/evaluator_dftlite.h"

/* Two lithium atoms in a bcc cell, one off its place by 0.1 bohr; `stretch` scales the cell. */
static dft_crystal *lithium(double stretch)
{
    const double a = 6.5 * stretch, lattice[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
    const double position[2][3] = { { 0, 0, 0 }, { 0.5 + 0.1 / 6.5, 0.5, 0.5 } };
    const int z[2] = { 3, 3 };
    dft_crystal *out = NULL;

    assert_int_equal(dft_crystal_create(lattice, 2, z, position, &out, NULL), DFT_OK);
    return out;
}

static flow_dftlite_options coarse(void)
{
    flow_dftlite_options o = flow_dftlite_defaults();

    o.scf.ecut = 150.0 / DFT_HARTREE_EV;
    o.scf.energy_tolerance = 1e-7 / DFT_HARTREE_EV;
    o.scf.kmesh[0] = o.scf.kmesh[1] = o.scf.kmesh[2] = 2;
    return o;
}

/* Stress against energies of held waves, force against a moved atom: 1e-6 Ha and 1e-5 Ha/bohr are some
 * times what an SCF of 1e-7 eV and steps of 0.002 leave. */
static void the_stress_is_the_derivative_at_a_held_basis(void **unused)
{
    flow_dftlite_options o = coarse();
    flow_dftlite *engine = NULL;
    dft_crystal *c = lithium(1.0), *small = lithium(0.998), *large = lithium(1.002);
    double force[2][3];
    flow_evaluation e = { .force = force }, lower = { 0 }, upper = { 0 };
    (void)unused;

    assert_int_equal(flow_dftlite_create(&o, &engine, NULL), DFT_OK);
    const flow_evaluator v = flow_dftlite_evaluator(engine);
    flow_dftlite_hold_basis(engine, (const double (*)[3])c->lattice);
    assert_int_equal(v.evaluate(v.context, c, FLOW_WANT_FORCES | FLOW_WANT_STRESS, 0, &e, NULL), DFT_OK);
    assert_int_equal(v.evaluate(v.context, small, 0, 0, &lower, NULL), DFT_OK);
    assert_int_equal(v.evaluate(v.context, large, 0, 0, &upper, NULL), DFT_OK);
    assert_true(e.converged && lower.converged && upper.converged);
    const double trace = e.stress[0] + e.stress[1] + e.stress[2];
    assert_close(trace * dft_crystal_volume(c), (upper.free_energy - lower.free_energy) / 0.004, 2e-4);
    assert_true(force[1][0] < -1e-4);       /* back to its place */
    assert_close(force[0][0], -force[1][0], 1e-5);
    const flow_dftlite_report *r = flow_dftlite_report_of(engine);
    assert_int_equal(r->n_evaluations, 3);
    assert_int_equal(r->n_data, 1);
    flow_dftlite_free(engine);
    dft_crystal_free(large);
    dft_crystal_free(small);
    dft_crystal_free(c);
}

static void a_remembered_start_saves_steps_and_changes_nothing(void **unused)
{
    flow_dftlite_options o = coarse();
    flow_dftlite *engine = NULL;
    dft_crystal *c = lithium(1.0);
    flow_evaluation first = { 0 }, again = { 0 }, other = { 0 };
    (void)unused;

    assert_int_equal(flow_dftlite_create(&o, &engine, NULL), DFT_OK);
    const flow_evaluator v = flow_dftlite_evaluator(engine);
    assert_int_equal(v.evaluate(v.context, c, 0, 0, &first, NULL), DFT_OK);
    assert_int_equal(v.evaluate(v.context, c, 0, 0, &again, NULL), DFT_OK);
    assert_int_equal(v.evaluate(v.context, c, 0, 7, &other, NULL), DFT_OK);    /* no such slot */
    assert_true(again.n_steps < first.n_steps);
    assert_int_equal(other.n_steps, first.n_steps);
    assert_close(again.energy, first.energy, 1e-8);         /* the tolerance, 4e-9 Ha, and some */
    flow_dftlite_free(engine);
    dft_crystal_free(c);
}

/* Images of a path begin where their neighbour is; a cell of other atoms is no neighbour. */
static void an_empty_slot_starts_from_the_nearest_one(void **unused)
{
    flow_dftlite_options o = coarse();
    flow_dftlite *engine = NULL;
    dft_crystal *c = lithium(1.0), *one = NULL;
    flow_evaluation scratch = { 0 }, near = { 0 }, alone = { 0 }, after = { 0 };
    (void)unused;

    assert_int_equal(dft_crystal_create((const double (*)[3])c->lattice, 1, c->z, (const double (*)[3])c->position,
                                        &one, NULL), DFT_OK);
    o.n_slots = 3;
    assert_int_equal(flow_dftlite_create(&o, &engine, NULL), DFT_OK);
    const flow_evaluator v = flow_dftlite_evaluator(engine);
    assert_int_equal(v.evaluate(v.context, c, 0, 2, &scratch, NULL), DFT_OK);
    assert_int_equal(v.evaluate(v.context, one, 0, 1, &alone, NULL), DFT_OK);
    assert_int_equal(v.evaluate(v.context, one, 0, 9, &after, NULL), DFT_OK);
    assert_int_equal(alone.n_steps, after.n_steps);
    c->position[1][0] -= 0.02;
    assert_int_equal(v.evaluate(v.context, c, 0, 0, &near, NULL), DFT_OK);    /* slot 1 holds something else */
    assert_int_equal(v.evaluate(v.context, c, 0, 9, &after, NULL), DFT_OK);
    assert_true(near.n_steps < after.n_steps);
    assert_close(near.energy, after.energy, 1e-8);
    flow_dftlite_free(engine);
    dft_crystal_free(one);
    dft_crystal_free(c);
}

static void the_first_cell_chooses_the_mesh_for_all(void **unused)
{
    flow_dftlite_options o = coarse();
    flow_dftlite *engine = NULL;
    dft_crystal *c = lithium(1.0), *large = lithium(1.3);
    flow_evaluation e = { 0 };
    (void)unused;

    o.k_spacing = 2.0 * DFT_PI / 6.5 / 2.0 * 1.001;
    o.one_k[2] = 1;
    assert_int_equal(flow_dftlite_create(&o, &engine, NULL), DFT_OK);
    const flow_evaluator v = flow_dftlite_evaluator(engine);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(v.evaluate(v.context, i ? large : c, 0, 0, &e, NULL), DFT_OK);
        const int *mesh = flow_dftlite_report_of(engine)->kmesh;
        assert_true(mesh[0] == 2 && mesh[1] == 2 && mesh[2] == 1);
    }
    flow_dftlite_free(engine);
    dft_crystal_free(large);
    dft_crystal_free(c);
}

static void one_scf_step_is_no_energy(void **unused)
{
    flow_dftlite_options o = coarse();
    flow_dftlite *engine = NULL;
    dft_crystal *c = lithium(1.0);
    flow_evaluation e = { 0 };
    (void)unused;

    o.scf.max_iterations = 1;
    assert_int_equal(flow_dftlite_create(&o, &engine, NULL), DFT_OK);
    const flow_evaluator v = flow_dftlite_evaluator(engine);
    assert_int_equal(v.evaluate(v.context, c, 0, 0, &e, NULL), DFT_OK);
    assert_false(e.converged);
    assert_true(strlen(e.message) > 10);
    flow_dftlite_free(engine);
    dft_crystal_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stress_is_the_derivative_at_a_held_basis),
        cmocka_unit_test(a_remembered_start_saves_steps_and_changes_nothing),
        cmocka_unit_test(an_empty_slot_starts_from_the_nearest_one),
        cmocka_unit_test(the_first_cell_chooses_the_mesh_for_all),
        cmocka_unit_test(one_scf_step_is_no_energy),
    };
    assert_int_equal(dft_threads_set(1, NULL), DFT_OK);     /* cells this small gain nothing from more */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
