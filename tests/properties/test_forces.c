#include "dft-lite/properties/forces.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/properties/derivatives.h"

/* All atoms moved along one random direction in steps of 0.005 bohr: force . direction against the
 * slope of the converged free energy. */
static void check_direction(dft_crystal *crystal, const dft_scf_options *options, unsigned long seed)
{
    const double h = 0.005;
    double direction[TEST_MAX_ATOMS][3], e[4], along = 0.0, length = 0.0;
    test_solution middle = test_differentiate(crystal, options, NULL);

    for (size_t i = 0; i < 3 * crystal->n_atoms; i++) {
        direction[i / 3][i % 3] = test_random(&seed);
        length += pow(direction[i / 3][i % 3], 2);
    }
    for (size_t i = 0; i < 3 * crystal->n_atoms; i++) {
        direction[i / 3][i % 3] /= sqrt(length);
        along += middle.force[i / 3][i % 3] * direction[i / 3][i % 3] / EV_PER_ANG;
    }
    for (int i = 0; i < 4; i++) {
        dft_crystal *moved = test_moved_along(crystal, (const double (*)[3])direction,
                                              test_steps[i] * h);
        e[i] = test_free_energy(moved, options, middle.result);
        dft_crystal_free(moved);
    }
    assert_true(fabs(along) > 0.05);
    assert_close(along, -test_slope(e, h) / EV_PER_ANG, 1e-5);
    dft_scf_result_free(middle.result);
    dft_crystal_free(crystal);
}

/* 1e-4 eV/A is asked; energies good to 1e-9 eV over 0.005 bohr leave 1e-6 or less, forces at this
 * tolerance up to 5e-6.  (Over 0.02 bohr the fifth derivative of silicon's energy alone makes
 * 3e-4.) */
static void forces_are_slopes_of_the_energy_of_a_triclinic_insulator(void **unused)
{
    const dft_scf_options options = test_derivative_options(300, 1, 1, 1, 0.05);
    (void)unused;
    check_direction(test_triclinic_lif(), &options, 17);
}

static void forces_are_slopes_of_the_free_energy_of_a_metal(void **unused)
{
    const dft_scf_options options = test_derivative_options(150, 2, 2, 2, 0.1);
    (void)unused;
    check_direction(test_displaced_aluminium(), &options, 18);
}

static void forces_are_slopes_of_the_energy_of_strained_silicon(void **unused)
{
    const dft_scf_options options = test_derivative_options(150, 2, 2, 2, 0.05);
    (void)unused;
    check_direction(test_strained_silicon(), &options, 19);
}

/* Rock salt with the anion pushed along a threefold axis: six operations are left, k-points are
 * reduced. All are among those of Lebedev's octahedral points (in wurtzite, whose axis is not, the
 * one-centre quadrature breaks the symmetry by 1e-4 eV/A).  The runs stop at other residuals: 1e-5
 * eV/A. */
static void symmetry_changes_no_force(void **unused)
{
    const double h = 2.1, cell[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 12, 8 },
                                        (const double[][3]){ { 0, 0, 0 }, { 0.52, 0.52, 0.52 } });
    dft_scf_options options = test_derivative_options(250, 2, 2, 2, 0.1);
    (void)unused;

    test_solution on = test_differentiate(crystal, &options, NULL);
    options.symmetry = 0;
    test_solution off = test_differentiate(crystal, &options, NULL);
    assert_true(on.result->n_symmetry_ops == 6 && off.result->n_k > on.result->n_k);
    assert_true(fabs(on.force[1][2]) > 0.1 * EV_PER_ANG);
    for (int i = 0; i < 6; i++) {
        assert_close(on.force[i / 3][i % 3] / EV_PER_ANG, off.force[i / 3][i % 3] / EV_PER_ANG, 1e-5);
        assert_close(on.stress[i] / GPA, off.stress[i] / GPA, 1e-3);
    }
    dft_scf_result_free(on.result);
    dft_scf_result_free(off.result);
    dft_crystal_free(crystal);
}

/* The exchange-correlation grid holds the crystal in place, weakly: 1e-3 eV/A is asked. */
static void forces_add_up_to_nothing(void **unused)
{
    dft_crystal *crystal = test_displaced_aluminium();
    const dft_scf_options options = test_derivative_options(150, 2, 2, 2, 0.1);
    test_solution s = test_differentiate(crystal, &options, NULL);
    (void)unused;

    for (int c = 0; c < 3; c++)
        assert_close((s.force[0][c] + s.force[1][c]) / EV_PER_ANG, 0.0, 1e-4);
    assert_true(fabs(s.force[1][2]) > 0.1 * EV_PER_ANG);
    dft_scf_result_free(s.result);
    dft_crystal_free(crystal);
}

static dft_crystal *turned(const dft_crystal *crystal, const double r[3][3])
{
    double lattice[3][3] = { { 0.0 } };
    dft_crystal *out = NULL;

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            for (int d = 0; d < 3; d++)
                lattice[i][c] += r[c][d] * crystal->lattice[i][d];
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, crystal->n_atoms, crystal->z,
                                        (const double (*)[3])crystal->position, &out, NULL), DFT_OK);
    return out;
}

/* A rotated crystal has rotated forces and stress.  Lebedev's points do not turn with it: the
 * quadrature of the one-centre exchange-correlation is good to 1e-4 eV/A here (2.3e-4 in lithium
 * fluoride). */
static void forces_and_stress_turn_with_the_crystal(void **unused)
{
    const double a = 0.6, b = 1.1, ca = cos(a), sa = sin(a), cb = cos(b), sb = sin(b);
    const double r[3][3] = { { ca, -sa * cb, sa * sb }, { sa, ca * cb, -ca * sb }, { 0, sb, cb } };
    dft_crystal *crystal = test_displaced_aluminium(), *other = turned(crystal, r);
    const dft_scf_options options = test_derivative_options(150, 2, 2, 2, 0.1);
    test_solution x = test_differentiate(crystal, &options, NULL);
    test_solution y = test_differentiate(other, &options, NULL);
    double full[3][3];
    (void)unused;

    for (size_t atom = 0; atom < 2; atom++)
        for (int c = 0; c < 3; c++) {
            const double *f = x.force[atom];
            assert_close((r[c][0] * f[0] + r[c][1] * f[1] + r[c][2] * f[2]) / EV_PER_ANG,
                         y.force[atom][c] / EV_PER_ANG, 1e-4);
        }
    for (int s = 0; s < 6; s++)
        full[dft_strain_row[s]][dft_strain_column[s]]
            = full[dft_strain_column[s]][dft_strain_row[s]] = x.stress[s] / GPA;
    for (int s = 0; s < 6; s++) {
        double sum = 0.0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                sum += r[dft_strain_row[s]][i] * full[i][j] * r[dft_strain_column[s]][j];
        assert_close(sum, y.stress[s] / GPA, 1e-2);
    }
    dft_scf_result_free(x.result);
    dft_scf_result_free(y.result);
    dft_crystal_free(crystal);
    dft_crystal_free(other);
}

static void one_and_two_threads_give_the_same_forces(void **unused)
{
    dft_crystal *crystal = test_triclinic_lif();
    const dft_scf_options options = test_derivative_options(250, 2, 1, 1, 0.05);
    test_solution s[2];
    (void)unused;

    for (int n = 0; n < 2; n++) {
        assert_int_equal(dft_threads_set(n + 1, NULL), DFT_OK);
        s[n] = test_differentiate(crystal, &options, NULL);
    }
    assert_int_equal(dft_threads_set(1, NULL), DFT_OK);
    for (int i = 0; i < 6; i++) {
        assert_close(s[0].force[i / 3][i % 3] / EV_PER_ANG, s[1].force[i / 3][i % 3] / EV_PER_ANG, 1e-9);
        assert_close(s[0].stress[i] / GPA, s[1].stress[i] / GPA, 1e-8);
    }
    dft_scf_result_free(s[0].result);
    dft_scf_result_free(s[1].result);
    dft_crystal_free(crystal);
}

static double largest_error(double (*force)[3], double (*exact)[3])
{
    double largest = 0.0;

    for (int i = 0; i < 6; i++)
        largest = fmax(largest, fabs(force[i / 3][i % 3] - exact[i / 3][i % 3]));
    return largest / EV_PER_ANG;
}

/* A loop stopped early, at 1e-3 eV: the superposed atoms' part takes away at least half of what the
 * plain formula is wrong by. */
static void the_correction_for_an_unfinished_loop_pays(void **unused)
{
    dft_crystal *crystal = test_triclinic_lif();
    dft_scf_options options = test_derivative_options(300, 1, 1, 1, 0.05);
    dft_solved_fields *fields = NULL;
    double plain[2][3];
    (void)unused;

    test_solution fine = test_differentiate(crystal, &options, NULL);
    options.energy_tolerance = 1e-3 / DFT_HARTREE_EV;
    test_solution coarse = test_differentiate(crystal, &options, NULL);
    const dft_solved solved = dft_solved_of_result(coarse.result);
    assert_int_equal(dft_solved_fields_create(&solved, &fields, NULL), DFT_OK);
    memset(fields->change, 0, solved.system->basis->n_g * sizeof *fields->change);
    assert_int_equal(dft_forces_compute(&solved, fields, plain, NULL), DFT_OK);
    assert_true(coarse.result->scf_iterations < fine.result->scf_iterations);
    assert_true(largest_error(plain, fine.force) > 5e-3);
    assert_true(largest_error(coarse.force, fine.force) < 0.5 * largest_error(plain, fine.force));
    dft_solved_fields_free(fields);
    dft_scf_result_free(fine.result);
    dft_scf_result_free(coarse.result);
    dft_crystal_free(crystal);
}

static void a_result_without_its_ground_is_refused(void **unused)
{
    dft_scf_result result = { .n_atoms = 1 };
    double force[1][3];
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_result_gradients(&result, force, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "for_forces"));
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_crystal *crystal = test_displaced_aluminium();
    const dft_scf_options options = test_derivative_options(100, 1, 1, 1, 0.1);
    dft_scf_result *result = test_solve(crystal, &options, NULL);
    double force[2][3], stress[6];
    dft_status status;
    long n = 0;
    (void)unused;

    do {
        dft_alloc_refuse_nth(++n);
        status = dft_result_gradients(result, force, stress, NULL);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
    } while (status != DFT_OK);
    dft_alloc_refuse_nth(0);
    assert_true(n > 40);
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forces_are_slopes_of_the_energy_of_a_triclinic_insulator),
        cmocka_unit_test(forces_are_slopes_of_the_free_energy_of_a_metal),
        cmocka_unit_test(forces_are_slopes_of_the_energy_of_strained_silicon),
        cmocka_unit_test(symmetry_changes_no_force),
        cmocka_unit_test(forces_add_up_to_nothing),
        cmocka_unit_test(forces_and_stress_turn_with_the_crystal),
        cmocka_unit_test(one_and_two_threads_give_the_same_forces),
        cmocka_unit_test(the_correction_for_an_unfinished_loop_pays),
        cmocka_unit_test(a_result_without_its_ground_is_refused),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
