#include "workflows/solute.h"

#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"
#include "tests/workflows/lj_evaluator.h"

#define HOST_Z 3
#define METAL_Z 47
#define CUTOFF 9.0

/* Pair potentials hold fcc together, not bcc, so the hosts are fcc here; what is tested does not ask. */
static dft_crystal *fcc(double a, int z)
{
    const double lattice[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
    const double position[4][3] = { { 0, 0, 0 }, { 0, 0.5, 0.5 }, { 0.5, 0, 0.5 }, { 0.5, 0.5, 0 } };
    const int zs[4] = { z, z, z, z };
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, 4, zs, position, &crystal, NULL), DFT_OK);
    return crystal;
}

static dft_crystal *bcc(double a, int z)
{
    const double lattice[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
    const double position[2][3] = { { 0, 0, 0 }, { 0.5, 0.5, 0.5 } };
    const int zs[2] = { z, z };
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, 2, zs, position, &crystal, NULL), DFT_OK);
    return crystal;
}

static lj_settings solids(double depth_of_metal)
{
    return (lj_settings){ .cutoff = CUTOFF, .element = { { HOST_Z, 1e-3, 4.7 },
                                                         { METAL_Z, depth_of_metal, 4.7 } } };
}

static double energy_per_atom(lj_settings *lj, const dft_crystal *crystal)
{
    flow_evaluation e = { .converged = 0 };

    assert_int_equal(lj_evaluate(lj, crystal, 0, 0, &e, NULL), DFT_OK);
    return e.energy / (double)crystal->n_atoms;
}

/* Rigid, equal sizes, depths 1 and 4 (2 across): with u the host's energy per atom, a solute has bonds of
 * twice the strength, so E = n u + 2u (2 - 1) and dH = 2u (2 - 1) + u - 4u = -u.  In the metal, half the
 * strength: 2 (4u)(1/2 - 1) + 4u - u = -u.  A vacancy loses 2u and gains its atom's u: -u.  A vacancy
 * beside the solute saves the strength of one bond above the others'. */
static void rigid_pair_potentials_have_their_solutions_in_closed_form(void **unused)
{
    lj_settings lj = solids(4e-3);
    dft_crystal *host = fcc(7.5, HOST_Z), *metal = fcc(7.5, METAL_Z);
    flow_solute_options options = flow_solute_defaults();
    const flow_evaluator_source source = lj_source(&lj);
    const double u = energy_per_atom(&lj, host);
    flow_solute_result out;
    double bond[3];
    (void)unused;

    options.settle.relax = 0;
    options.most_atoms = 108;
    lj_pair(1e-3, 4.7, CUTOFF, 7.5 / sqrt(2.0), bond);
    lj.n_evaluations = 0;
    assert_int_equal(flow_solute_run(host, metal, &source, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_int_equal((int)out.m_in_li.n_atoms, 108);
    assert_close(out.mu_metal, 4.0 * u, 1e-12);
    assert_close(out.m_in_li.value, -u, 1e-12);
    assert_close(out.li_in_m.value, -u, 1e-12);
    assert_close(out.vacancy.value, -u, 1e-12);
    assert_close(out.binding, bond[0], 1e-12);      /* (2 - 1) x one bond, which is negative: repelled */
    assert_true(out.binding < 0.0);
    assert_int_equal((int)out.n_planned, 7);
    assert_int_equal((int)out.n_used, 7);
    assert_int_equal(lj.n_evaluations, 7);
    assert_int_equal(lj.n_opened, lj.n_closed);
    flow_solute_clear(&out);
    dft_crystal_free(metal);
    dft_crystal_free(host);
}

/* What is known is not computed again and changes nothing. */
static void known_energies_of_both_pure_elements_save_two_cells(void **unused)
{
    lj_settings lj = solids(4e-3);
    dft_crystal *host = fcc(7.5, HOST_Z), *metal = fcc(7.5, METAL_Z);
    flow_solute_options options = flow_solute_defaults();
    const flow_evaluator_source source = lj_source(&lj);
    const double u = energy_per_atom(&lj, host);
    flow_solute_result out;
    (void)unused;

    options.settle.relax = 0;
    options.most_atoms = 108;
    options.in_metal = options.vacancy = 0;
    options.mu_host = u;
    options.mu_metal = 4.0 * u;
    lj.n_evaluations = 0;
    assert_int_equal(flow_solute_run(host, metal, &source, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_close(out.m_in_li.value, -u, 1e-12);
    assert_true(isnan(out.m_in_li.pressure));       /* of the host nothing but its energy is known */
    assert_int_equal(lj.n_evaluations, 1);
    assert_int_equal(lj.n_opened, lj.n_closed);
    flow_solute_clear(&out);
    dft_crystal_free(metal);
    dft_crystal_free(host);
}

/* Relaxed: both ends of the exchange have the same energy, zero forces, and M's hop is one bond long. */
static void the_two_ends_of_the_exchange_are_images_of_each_other(void **unused)
{
    lj_settings lj = solids(4e-3);
    dft_crystal *host = fcc(7.5, HOST_Z), *metal = fcc(7.5, METAL_Z);
    flow_solute_options options = flow_solute_defaults();
    const flow_evaluator_source source = lj_source(&lj);
    flow_solute_result out;
    double force[32][3], moved = 0.0, d[3], cart[3];
    flow_evaluation e = { .force = force };
    (void)unused;

    lj.element[1].size = 5.5;
    options.settle.force_limit = 1e-7;
    options.settle.max_steps = 400;
    options.in_metal = 0;
    options.most_atoms = 32;
    assert_int_equal(flow_solute_run(host, metal, &source, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged, 1);
    assert_int_equal(out.has_endpoints, 1);
    assert_int_equal((int)out.initial->n_atoms, 31);
    assert_int_equal(out.initial->z[0], METAL_Z);
    const double before = energy_per_atom(&lj, out.initial) * 31, after = energy_per_atom(&lj, out.final) * 31;
    assert_close(before, after, 1e-12);
    assert_int_equal(lj_evaluate(&lj, out.final, FLOW_WANT_FORCES, 0, &e, NULL), DFT_OK);
    for (int a = 0; a < 31; a++) {
        for (int c = 0; c < 3; c++) {
            assert_close(force[a][c], 0.0, 2e-7);
            d[c] = out.final->position[a][c] - out.initial->position[a][c];
        }
        dft_crystal_cartesian((const double (*)[3])out.final->lattice, d, cart);
        const double length = sqrt(cart[0] * cart[0] + cart[1] * cart[1] + cart[2] * cart[2]);
        if (a == 0)
            assert_close(length, 7.5 / sqrt(2.0), 1.0);     /* ideal bond, less what both lean over */
        else
            moved = fmax(moved, length);
    }
    assert_true(moved > 1e-3 && moved < 1.0);       /* no atom but M changes its site */
    assert_true(out.m_in_li.pressure > 0.0);        /* a larger atom presses */
    flow_solute_clear(&out);
    dft_crystal_free(metal);
    dft_crystal_free(host);
}

static void the_cell_of_bcc_lithium_has_54_atoms_and_others_are_as_round_as_they_can_be(void **unused)
{
    dft_crystal *lithium = bcc(6.5, 3), *silver = fcc(7.7, 47);
    int copies[3];
    (void)unused;

    flow_solute_copies(lithium, 54, copies);
    assert_int_equal(copies[0], 3);
    assert_int_equal(copies[1], 3);
    assert_int_equal(copies[2], 3);
    flow_solute_copies(silver, 54, copies);
    assert_int_equal(copies[0] * copies[1] * copies[2], 8);
    flow_solute_copies(silver, 3, copies);          /* even one cell is too many: the cell itself */
    assert_int_equal(copies[0] * copies[1] * copies[2], 1);
    dft_crystal_free(silver);
    dft_crystal_free(lithium);
}

static void cells_that_do_not_converge_leave_their_numbers_unknown(void **unused)
{
    lj_settings lj = solids(4e-3);
    dft_crystal *host = fcc(7.5, HOST_Z), *metal = fcc(7.5, METAL_Z);
    flow_solute_options options = flow_solute_defaults();
    const flow_evaluator_source source = lj_source(&lj);
    flow_solute_result out;
    (void)unused;

    options.most_atoms = 32;
    lj.fails_with_z = METAL_Z;
    assert_int_equal(flow_solute_run(host, metal, &source, &options, &out, NULL), DFT_OK);
    assert_int_equal(out.converged || out.m_in_li.known || out.li_in_m.known || out.has_endpoints, 0);
    assert_int_equal(out.vacancy.known, 1);         /* lithium alone did */
    assert_true(isnan(out.m_in_li.value) && isnan(out.binding) && isnan(out.mu_metal));
    assert_non_null(strstr(out.message, "pure metal"));
    flow_solute_clear(&out);
    dft_crystal_free(metal);
    dft_crystal_free(host);
}

static void a_metal_in_itself_and_compounds_are_refused(void **unused)
{
    lj_settings lj = solids(4e-3);
    dft_crystal *host = fcc(7.5, HOST_Z), *metal = fcc(7.5, METAL_Z);
    const flow_solute_options options = flow_solute_defaults();
    const flow_evaluator_source source = lj_source(&lj);
    flow_solute_result out;
    dft_error err;
    (void)unused;

    assert_int_equal(flow_solute_run(host, host, &source, &options, &out, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "no solution"));
    metal->z[2] = HOST_Z;
    assert_int_equal(flow_solute_run(host, metal, &source, &options, &out, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "one element"));
    metal->z[2] = METAL_Z;
    for (long n = 1; n <= 12; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(flow_solute_run(host, metal, &source, &options, &out, NULL), DFT_ENOMEM);
        assert_null(out.initial);
        dft_alloc_refuse_nth(0);
    }
    dft_crystal_free(metal);
    dft_crystal_free(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rigid_pair_potentials_have_their_solutions_in_closed_form),
        cmocka_unit_test(known_energies_of_both_pure_elements_save_two_cells),
        cmocka_unit_test(the_two_ends_of_the_exchange_are_images_of_each_other),
        cmocka_unit_test(the_cell_of_bcc_lithium_has_54_atoms_and_others_are_as_round_as_they_can_be),
        cmocka_unit_test(cells_that_do_not_converge_leave_their_numbers_unknown),
        cmocka_unit_test(a_metal_in_itself_and_compounds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
