/* The dipole correction inside the Hamiltonian: potentials are derivatives, symmetry keeps the gap. */
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/properties/electrostatics.h"
#include "tests/hamiltonian/systems.h"

/* Li below Al, 8 A of vacuum; density and on-site matrices of no shape at all. */
static test_problem problem_create(char dipole)
{
    const double cell[3][3] = { { 3.1, 0.2, 0 }, { 0.4, 3.4, 0 }, { 0.5, 0.1, 10.0 } };
    const double x[2][3] = { { 0.13, 0.29, 0.11 }, { 0.6, 0.75, 0.31 } };
    dft_system_options options = test_system_options(60, 1, 0);

    options.dipole = dipole;
    return test_problem_create(cell, x, &options, 1e-3);
}

static double energy_along(test_problem *p, double h_rho, double h_d)
{
    const dft_potential *pot = test_problem_at(p, h_rho, h_d);

    return pot->hartree + pot->dipole + pot->xc + pot->zero + pot->on_site;
}

/* The steps and tolerances of test_potential.c. */
static void both_potentials_are_derivatives_with_the_dipole_in_them(void **unused)
{
    test_problem p = problem_create('z');
    const double h = 1e-3;
    double want = 0.0;
    (void)unused;

    energy_along(&p, 0.0, 0.0);
    assert_true(fabs(p.potential->dipole) > 1e-4);
    const double want_rho = dft_basis_inner(p.system->basis, p.n_g, p.potential->v_g, p.delta_rho);
    for (size_t i = 0; i < p.n_p; i++)
        want += p.potential->dh_p[i] * p.delta_d[i];
    assert_close((energy_along(&p, h, 0.0) - energy_along(&p, -h, 0.0)) / (2.0 * h), want_rho, 1e-7);
    assert_close((energy_along(&p, 0.0, h) - energy_along(&p, 0.0, -h)) / (2.0 * h), want, 1e-6);
    test_problem_clear(&p);
}

static void without_the_correction_its_parts_are_nothing(void **unused)
{
    test_problem p = problem_create(0);
    (void)unused;

    energy_along(&p, 0.0, 0.0);
    assert_close(p.potential->dipole, 0.0, 0.0);
    assert_close(p.potential->dipole_moment, 0.0, 0.0);
    test_problem_clear(&p);
}

/* Half of charge times potential is the Hartree energy, and the dipole's moment that of the charge. */
static void electrostatics_of_a_density_are_those_of_its_potential(void **unused)
{
    test_problem p = problem_create('z');
    const size_t n = p.system->basis->n_fine;
    double complex *rho = dft_alloc_complex(n), *v = dft_alloc_complex(n);
    (void)unused;

    energy_along(&p, 0.0, 0.0);
    assert_int_equal(dft_electrostatics_compute(p.system, p.rho, p.d, rho, v, NULL), DFT_OK);
    assert_close(0.5 * dft_basis_inner(p.system->basis, n, rho, v), p.potential->hartree, 1e-10);
    assert_close(dft_dipole_moment(p.system->dipole, rho), p.potential->dipole_moment, 1e-10);
    assert_close(creal(v[0]), 0.0, 0.0);
    free(rho);
    free(v);
    test_problem_clear(&p);
}

/* Two equal sheets in one cell: the translation between them moves the gap and is dropped, and so is
 * what exchanges the gaps; what mirrors the gap onto itself stays. */
static void operations_that_move_the_gap_are_no_symmetry_of_a_corrected_slab(void **unused)
{
    const double cell[3][3] = { { 3.0, 0, 0 }, { 0, 3.0, 0 }, { 0, 0, 20.0 } };
    const double x[2][3] = { { 0, 0, 0.1 }, { 0, 0, 0.6 } };
    dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 13, 13 }, x);
    dft_system_options options = test_system_options(60, 1, 1);
    dft_system *plain = NULL, *corrected = NULL;
    (void)unused;

    assert_int_equal(dft_system_create(crystal, &options, &plain, NULL), DFT_OK);
    options.dipole = 'z';
    assert_int_equal(dft_system_create(crystal, &options, &corrected, NULL), DFT_OK);
    assert_int_equal(plain->symmetry->n_ops, 32);
    assert_int_equal(corrected->symmetry->n_ops, 16);
    assert_int_equal(corrected->symmetry->n_dropped, 16);
    dft_system_free(plain);
    dft_system_free(corrected);
    dft_crystal_free(crystal);
}

static void bad_axes_and_thin_vacuum_are_refused(void **unused)
{
    const double cell[3][3] = { { 3.0, 0, 0 }, { 0, 3.0, 0 }, { 0, 0, 5.0 } };
    dft_crystal *crystal = test_crystal(cell, 1, (const int[]){ 13 }, (const double[][3]){ { 0 } });
    dft_system_options options = test_system_options(60, 1, 1);
    dft_system *system = NULL;
    dft_error err = { 0 };
    (void)unused;

    options.dipole = 'w';
    assert_int_equal(dft_system_create(crystal, &options, &system, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "choose x, y or z"));
    options.dipole = 'z';
    assert_int_equal(dft_system_create(crystal, &options, &system, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "5.00 A"));
    assert_null(system);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_potentials_are_derivatives_with_the_dipole_in_them),
        cmocka_unit_test(without_the_correction_its_parts_are_nothing),
        cmocka_unit_test(electrostatics_of_a_density_are_those_of_its_potential),
        cmocka_unit_test(operations_that_move_the_gap_are_no_symmetry_of_a_corrected_slab),
        cmocka_unit_test(bad_axes_and_thin_vacuum_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
