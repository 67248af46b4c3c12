#include "workflows/surface_energy.h"

#include <string.h>

#include "tests/support/assert_close.h"
#include "tests/workflows/lj_evaluator.h"

static const int facet_111[3] = { 1, 1, 1 };

/* A conventional cell: fcc, four atoms. */
static dft_crystal *fcc(double a, int z)
{
    const double lattice[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
    const double position[4][3] = { { 0, 0, 0 }, { 0, 0.5, 0.5 }, { 0.5, 0, 0.5 }, { 0.5, 0.5, 0 } };
    const int zs[4] = { z, z, z, z };
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, 4, zs, position, &crystal, NULL), DFT_OK);
    return crystal;
}

static lj_settings argon(void)
{
    return (lj_settings){ .cutoff = 14.0, .element = { { 18, 4e-4, 6.4 } } };
}

typedef struct { const lj_settings *lj; double normal[3], sum; } cut_sum;

/* gamma = (1/2A) sum of the bonds that cross the plane; per atom -(1/4) sum phi |r.n|/V over all r. */
static void add_bond(void *context, size_t i, size_t j, const double r[3], double length)
{
    cut_sum *cut = context;
    double phi[3];
    (void)i;
    (void)j;
    lj_pair(cut->lj->element[0].depth, cut->lj->element[0].size, cut->lj->cutoff, length, phi);
    cut->sum -= 0.25 * phi[0] * fabs(r[0] * cut->normal[0] + r[1] * cut->normal[1] + r[2] * cut->normal[2]);
}

/* Unrelaxed slabs thicker than the cutoff: each face costs half the bonds that cross it.  A bond r is cut by
 * |r.n|/V places per area.  1e-13: rounding of energies of 1e-2. */
static void an_unrelaxed_pair_potential_surface_costs_half_the_bonds_it_cuts(void **unused)
{
    lj_settings lj = argon();
    const double root = sqrt(1.0 / 3.0);
    cut_sum cut = { &lj, { root, root, root }, 0.0 };
    flow_surface_energy_options options = flow_surface_energy_defaults(facet_111);
    flow_surface_energy_result out;
    dft_crystal *bulk = fcc(9.9, 18);
    const flow_evaluator_source source = lj_source(&lj);
    (void)unused;

    lj_each_pair(bulk, lj.cutoff, add_bond, &cut);
    const double expected = cut.sum / dft_crystal_volume(bulk);
    options.settle.relax = 0;
    assert_int_equal(flow_surface_energy_run(bulk, &source, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_int_equal((int)out.n_used, 3);
    assert_true(expected > 1e-6);
    assert_close(out.gamma, expected, 1e-13);
    assert_int_equal(out.has_line, 1);
    assert_close(out.line.gamma, expected, 1e-13);
    assert_close(out.line.e_bulk, out.e_bulk, 1e-12);
    assert_close(out.area, 0.25 * sqrt(3.0) * 9.9 * 9.9, 1e-9);
    assert_int_equal(lj.n_opened, 4);
    assert_int_equal(lj.n_closed, 4);
    dft_crystal_free(bulk);
}

static void relaxation_lowers_it(void **unused)
{
    lj_settings lj = argon();
    flow_surface_energy_options options = flow_surface_energy_defaults(facet_111);
    flow_surface_energy_result rigid, relaxed;
    dft_crystal *bulk = fcc(9.9, 18);
    const flow_evaluator_source source = lj_source(&lj);
    (void)unused;

    options.settle.relax = 0;
    assert_int_equal(flow_surface_energy_run(bulk, &source, &options, &rigid, NULL), DFT_OK);
    options.settle.relax = 1;
    options.settle.force_limit = 1e-6;
    assert_int_equal(flow_surface_energy_run(bulk, &source, &options, &relaxed, NULL), DFT_OK);
    assert_int_equal(relaxed.converged, 1);
    assert_true(relaxed.gamma < rigid.gamma && relaxed.gamma > 0.9 * rigid.gamma);
    dft_crystal_free(bulk);
}

static void slabs_that_do_not_converge_leave_no_surface_energy(void **unused)
{
    lj_settings lj = argon();
    flow_surface_energy_options options = flow_surface_energy_defaults(facet_111);
    flow_surface_energy_result out;
    dft_crystal *bulk = fcc(9.9, 18);
    const flow_evaluator_source source = lj_source(&lj);
    (void)unused;

    options.settle.force_limit = 1e-12;
    options.settle.max_steps = 2;
    assert_int_equal(flow_surface_energy_run(bulk, &source, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 0);
    assert_int_equal(out.ionic, 1);
    assert_int_equal((int)out.n_used, 0);
    assert_true(isnan(out.gamma));
    assert_non_null(strstr(out.message, "slab of 8 layers"));
    options.n_layers = 0;
    assert_int_equal(flow_surface_energy_run(bulk, &source, &options, &out, NULL), DFT_EINPUT);
    dft_crystal_free(bulk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unrelaxed_pair_potential_surface_costs_half_the_bonds_it_cuts),
        cmocka_unit_test(relaxation_lowers_it),
        cmocka_unit_test(slabs_that_do_not_converge_leave_no_surface_energy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
