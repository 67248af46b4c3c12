/*
 * Forces and stress against GPAW 22.8 (tests/data/reference/gpaw-22.8-forces.csv) at equal cutoff,
 * mesh and data sets, against ABINIT's with GTH data, and of an iron crystal with spin against
 * differences of its energy.  Prints a table.
 */
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/threads.h"
#include "tests/properties/derivatives.h"
#include "tests/scf/reference.h"

#define FORCES_CSV "tests/data/reference/gpaw-22.8-forces.csv"

/* Numbers between blanks and semicolons. */
static size_t numbers(const char *text, size_t most, double *out)
{
    size_t n = 0;
    int used;

    while (n < most && sscanf(text, "%lf%n", &out[n], &used) == 1) {
        text += used;
        text += *text == ';';
        n++;
    }
    return n;
}

static test_solution solve_row(const dft_csv *csv, size_t row, const dft_crystal *crystal)
{
    dft_scf_options options = test_reference_options(csv, row);
    const char *dipole = test_reference_text(csv, row, "dipole");

    if (strcmp(dipole, "none") != 0)
        options.dipole = dipole[0];
    options.for_forces = 1;
    options.energy_tolerance = 1e-7 / DFT_HARTREE_EV;
    return test_differentiate(crystal, &options, NULL);
}

typedef struct { double force, sum, stress; } errors;       /* eV/A, eV/A, GPa */

static errors compare(const dft_csv *csv, size_t row)
{
    dft_crystal *crystal = test_reference_crystal(csv, row);
    double force[3 * TEST_MAX_ATOMS], stress[6], sum[3] = { 0.0 };
    errors e = { 0.0, 0.0, 0.0 };

    assert_non_null(crystal);
    test_solution s = solve_row(csv, row, crystal);
    assert_int_equal(numbers(test_reference_text(csv, row, "forces_ev_per_ang"), 3 * TEST_MAX_ATOMS,
                             force), 3 * crystal->n_atoms);
    for (size_t i = 0; i < 3 * crystal->n_atoms; i++) {
        const double ours = s.force[i / 3][i % 3] / EV_PER_ANG;
        e.force = fmax(e.force, fabs(ours - force[i]));
        sum[i % 3] += ours;
    }
    for (int c = 0; c < 3; c++)
        e.sum = fmax(e.sum, fabs(sum[c]));
    if (numbers(test_reference_text(csv, row, "stress_ev_per_ang3"), 6, stress) == 6)
        for (int i = 0; i < 6; i++)
            e.stress = fmax(e.stress, fabs(s.stress[i] / GPA - stress[i] * DFT_EV_PER_ANG3_GPA));
    print_message("%-24s force %.1e eV/A, sum %.1e, stress %.1e GPa\n", test_reference_text(csv, row, "id"),
                  e.force, e.sum, e.stress);
    dft_scf_result_free(s.result);
    dft_crystal_free(crystal);
    return e;
}

/* Asked: 5e-3 eV/A, 1e-3 for the sum, 0.15 GPa.  What was found is 1e-4 eV/A and 0.011 GPa, the
 * latter in copper at 500 eV and isotropic: the small volume dependence of what differs between the
 * codes (GPAW's splines of the projectors and its PBE); at 700 eV it is 0.002. */
static void forces_and_stress_agree_with_gpaw(void **unused)
{
    dft_csv *csv = NULL;
    (void)unused;

    assert_int_equal(dft_csv_read(FORCES_CSV, &csv, NULL), DFT_OK);
    assert_true(dft_csv_n_rows(csv) >= 9);
    for (size_t row = 0; row < dft_csv_n_rows(csv); row++) {
        const errors e = compare(csv, row);
        assert_close(e.force, 0.0, 5e-4);
        assert_close(e.sum, 0.0, 2e-4);
        assert_close(e.stress, 0.0, 0.03);
    }
    dft_csv_free(csv);
}

/* GTH data, ABINIT 9.6.2: tests/data/reference/gth/Si_displaced.abi. */
static void forces_and_stress_of_gth_silicon_agree_with_abinit(void **unused)
{
    static const double abinit_force[3] = { 0.00095078852418, 0.01439508792738, 0.00661999942426 };
    static const double abinit_stress[6] = { -3.68878428e-4, -3.28501602e-4, -3.03150152e-4,
                                             2.43532710e-5, 7.28483032e-5, 6.05158278e-5 };
    const double cell[3][3] = { { 0.1, 5.13, 5.2 }, { 5.13, 0, 5.13 }, { 5.13, 5.13, 0 } };
    const double x[2][3] = { { 0, 0, 0 }, { 0.26, 0.245, 0.255 } };
    dft_scf_options options = test_derivative_options(20.0 * DFT_HARTREE_EV, 2, 2, 2, 0.1);
    dft_crystal *crystal = NULL;
    (void)unused;

    assert_int_equal(dft_crystal_create(cell, 2, (const int[]){ 14, 14 }, x, &crystal, NULL), DFT_OK);
    options.smearing = DFT_SMEARING_FIXED;
    options.energy_tolerance = 1e-10 / DFT_HARTREE_EV;
    options.n_data = 1;
    options.data[0] = (dft_data_choice){ "Si", "GTH-PBE-q4" };
    test_solution s = test_differentiate(crystal, &options, NULL);
    assert_close(s.free_energy, -7.7821101305, 1e-8);
    /* ABINIT takes the mean force away; 1e-7 Ha/bohr is 5e-6 eV/A, 1e-9 Ha/bohr^3 3e-5 GPa */
    for (int c = 0; c < 3; c++)
        assert_close(0.5 * (s.force[0][c] - s.force[1][c]), abinit_force[c], 1e-7);
    for (int i = 0; i < 6; i++)
        assert_close(s.stress[i], abinit_stress[i], 1e-9);
    dft_scf_result_free(s.result);
    dft_crystal_free(crystal);
}

/* Ferromagnetic iron, triclinic, one atom off its site. */
static dft_crystal *iron(void)
{
    const double cell[3][3] = { { 2.8, 0.05, 0 }, { 0, 2.9, 0 }, { 0, 0.04, 2.85 } };
    const double x[2][3] = { { 0, 0, 0 }, { 0.52, 0.49, 0.47 } };
    return test_crystal(cell, 2, (const int[]){ 26, 26 }, x);
}

static void forces_and_stress_of_a_magnet_are_slopes_of_its_energy(void **unused)
{
    static const double along[2][3] = { { 0, 0, 0 }, { 0.6, 0.0, 0.8 } };
    static const double stretch[6] = { 0.7, -0.2, 0.4, 0.1, 0.5, -0.3 };
    dft_crystal *crystal = iron();
    dft_scf_options options = test_derivative_options(200, 1, 1, 1, 0.2);
    double by_force[4], by_strain[4], stress = 0.0;
    (void)unused;

    options.spin = 1;
    test_solution s = test_differentiate(crystal, &options, NULL);
    assert_true(s.result->magnetic_moment > 3.0);
    options.chooser = (const double (*)[3])crystal->lattice;
    for (int i = 0; i < 4; i++) {
        dft_crystal *moved = test_moved_along(crystal, along, 0.005 * test_steps[i]);
        dft_crystal *strained = test_strained_along(crystal, stretch, 1e-3 * test_steps[i]);
        by_force[i] = test_free_energy(moved, &options, s.result);
        by_strain[i] = test_free_energy(strained, &options, s.result);
        dft_crystal_free(moved);
        dft_crystal_free(strained);
    }
    for (int i = 0; i < 6; i++)
        stress += stretch[i] * s.stress[i] / GPA;
    assert_close((0.6 * s.force[1][0] + 0.8 * s.force[1][2]) / EV_PER_ANG,
                 -test_slope(by_force, 0.005) / EV_PER_ANG, 1e-4);
    assert_close(stress, test_slope(by_strain, 1e-3) / dft_crystal_volume(crystal) / GPA, 0.01);
    dft_scf_result_free(s.result);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forces_and_stress_agree_with_gpaw),
        cmocka_unit_test(forces_and_stress_of_gth_silicon_agree_with_abinit),
        cmocka_unit_test(forces_and_stress_of_a_magnet_are_slopes_of_its_energy),
    };
    dft_threads_set(2, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
