#include "tests/support/assert_close.h"

#include "tests/workflows/pair_potential.h"
#include "workflows/eos.h"

static flow_eos_result run(pair_potential *p, const dft_crystal *c, const flow_eos_options *o)
{
    const flow_evaluator evaluator = pair_evaluator(p);
    flow_eos_result out;
    dft_error err = { DFT_OK, "" };

    if (flow_eos_run(&evaluator, c, o, &out, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return out;
}

static double relaxed_volume(pair_potential p, const dft_crystal *c)
{
    const flow_evaluator evaluator = pair_evaluator(&p);
    flow_relax_options o = flow_relax_defaults();
    flow_relax_result *r = NULL;

    o.max_force = 1e-9;
    o.max_stress = 1e-10;
    o.energy_noise = 1e-14;
    memset(o.strain, 1, sizeof o.strain);
    assert_int_equal(flow_relax_run(&evaluator, c, &o, &r, NULL), DFT_OK);
    assert_true(r->converged);
    const double volume = dft_crystal_volume(r->crystal);
    flow_relax_free(r);
    return volume;
}

/* Birch-Murnaghan is not Lennard-Jones: over +-2 % of volume the two differ by 1e-4 of V0 at most. */
static void the_minimum_is_that_of_the_relaxed_cell(void **unused)
{
    pair_potential p = pair_argon();
    dft_crystal *c = pair_fcc(1, 7.3, 18);
    flow_eos_options o = flow_eos_defaults();
    (void)unused;

    o.half_width = 0.02;
    o.max_points = 60;
    flow_eos_result r = run(&p, c, &o);
    assert_true(r.fit.inside);
    assert_true(r.fit.n > 7);               /* it had to walk */
    const double v0 = relaxed_volume(p, c);
    assert_close(r.fit.size / v0, 1.0, 1e-3);
    assert_close(dft_crystal_volume(r.crystal), r.fit.size, 1e-9 * v0);
    flow_eos_clear(&r);
    dft_crystal_free(c);
}

/* A crystal whose shape was bent by 2 % regains it at every volume; rigid scaling keeps it and lies higher. */
static void shapes_relax_at_each_volume_when_asked(void **unused)
{
    pair_potential p = pair_argon();
    dft_crystal *c = pair_fcc(1, 6.95, 18);
    flow_eos_options o = flow_eos_defaults();
    (void)unused;

    for (int k = 0; k < 3; k++)
        c->lattice[2][k] *= 1.02;
    o.half_width = 0.03;
    o.relax.max_force = 1e-8;
    o.relax.max_stress = 1e-9;
    o.relax.energy_noise = 1e-14;
    flow_eos_result rigid = run(&p, c, &o);
    o.relax_shape = o.relax_positions = 1;
    flow_eos_result free_shape = run(&p, c, &o);
    assert_true(rigid.fit.inside && free_shape.fit.inside);
    assert_true(free_shape.fit.energy < rigid.fit.energy - 1e-6);
    assert_close(free_shape.crystal->lattice[2][2] / free_shape.crystal->lattice[0][0], 1.0, 1e-5);
    assert_close(rigid.crystal->lattice[2][2] / rigid.crystal->lattice[0][0], 1.02, 1e-9);
    flow_eos_clear(&free_shape);
    flow_eos_clear(&rigid);
    dft_crystal_free(c);
}

static void an_energy_that_does_not_converge_leaves_no_number(void **unused)
{
    pair_potential p = pair_argon();
    dft_crystal *c = pair_fcc(1, 7.2, 18);
    flow_eos_options o = flow_eos_defaults();
    (void)unused;

    p.fails_from = 4;
    flow_eos_result r = run(&p, c, &o);
    assert_false(r.fit.inside || r.fit.complete);
    assert_int_equal(r.end, FLOW_RELAX_SCF);
    assert_true(isnan(r.fit.size) && isnan(r.fit.energy) && isnan(r.fit.modulus));
    assert_null(r.crystal);
    assert_int_equal(r.fit.n, 3);
    flow_eos_clear(&r);
    dft_crystal_free(c);
}

static void a_scan_that_ends_without_a_minimum_leaves_no_number(void **unused)
{
    pair_potential p = pair_argon();
    dft_crystal *c = pair_fcc(1, 8.2, 18);
    flow_eos_options o = flow_eos_defaults();
    (void)unused;

    o.half_width = 0.02;
    o.max_points = 8;
    flow_eos_result r = run(&p, c, &o);
    assert_true(r.fit.complete && !r.fit.inside);
    assert_int_equal(r.end, FLOW_RELAX_STEPS);
    assert_true(isnan(r.fit.size));
    flow_eos_clear(&r);
    dft_crystal_free(c);
}

/* A square sheet of pairs: areas are scanned, the height stays. */
static void sheets_are_scanned_in_their_plane(void **unused)
{
    pair_potential p = pair_argon();
    const double lattice[3][3] = { { 5.0, 0, 0 }, { 0, 5.0, 0 }, { 0, 0, 40.0 } }, position[1][3] = { { 0 } };
    const int z[1] = { 18 };
    dft_crystal *c = NULL;
    flow_eos_options o = flow_eos_defaults();
    (void)unused;

    assert_int_equal(dft_crystal_create(lattice, 1, z, position, &c, NULL), DFT_OK);
    o.sheet = 1;
    flow_eos_result r = run(&p, c, &o);
    assert_true(r.fit.inside);
    assert_close(r.crystal->lattice[2][2], 40.0, 1e-12);
    assert_close(r.crystal->lattice[0][0] * r.crystal->lattice[1][1], r.fit.size, 1e-9);
    o.relax_shape = 1;
    flow_eos_result none;
    const flow_evaluator evaluator = pair_evaluator(&p);
    assert_int_equal(flow_eos_run(&evaluator, c, &o, &none, NULL), DFT_EINPUT);
    flow_eos_clear(&r);
    dft_crystal_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_minimum_is_that_of_the_relaxed_cell),
        cmocka_unit_test(shapes_relax_at_each_volume_when_asked),
        cmocka_unit_test(an_energy_that_does_not_converge_leaves_no_number),
        cmocka_unit_test(a_scan_that_ends_without_a_minimum_leaves_no_number),
        cmocka_unit_test(sheets_are_scanned_in_their_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
