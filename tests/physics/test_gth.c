/*
 * Norm-conserving data sets (GTH) against ABINIT 9.6 (tests/data/reference/gth): total energies, forces
 * and stress at the same cutoff, mesh, exchange-correlation box and data; and what does not depend on
 * another code.
 */
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/properties/result_gradients.h"
#include "tests/basis/crystals.h"
#include "tests/scf/reference.h"
#include "tests/support/assert_close.h"

#define GTH_CSV "tests/data/reference/gth/abinit-9.6.csv"

static dft_crystal *row_crystal(const dft_csv *csv, size_t row)
{
    double lattice[3][3], x[TEST_REFERENCE_MAX_ATOMS][3];
    int z[TEST_REFERENCE_MAX_ATOMS];
    dft_crystal *crystal = NULL;

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++) {
            char name[32];
            snprintf(name, sizeof name, "a%d%c_bohr", i + 1, "xyz"[c]);
            lattice[i][c] = test_reference_number(csv, row, name);
        }
    const size_t n = test_reference_atoms(test_reference_text(csv, row, "symbols"),
                                          test_reference_text(csv, row, "positions_fractional"), z,
                                          x);
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, n, z, (const double (*)[3])x,
                                        &crystal, NULL), DFT_OK);
    return crystal;
}

/* moments: scratch that the options borrow; the cell's moment is spread evenly. */
static dft_scf_options row_options(const dft_csv *csv, size_t row, size_t n_atoms, double *moments)
{
    dft_scf_options options = dft_scf_defaults();
    char symbol[4];

    options.ecut = test_reference_number(csv, row, "ecut_ha");
    options.width = test_reference_number(csv, row, "width_ha");
    if (options.width == 0.0)
        options.smearing = DFT_SMEARING_FIXED;
    options.kmesh[0] = (int)test_reference_number(csv, row, "mesh_1");
    options.kmesh[1] = (int)test_reference_number(csv, row, "mesh_2");
    options.kmesh[2] = (int)test_reference_number(csv, row, "mesh_3");
    const double moment = test_reference_number(csv, row, "moment_mub");
    if (moment != 0.0) {
        options.spin = 1;
        options.n_moments = n_atoms;
        options.moments = moments;
        for (size_t a = 0; a < n_atoms; a++)
            moments[a] = moment / (double)n_atoms;
    }
    options.xc = test_reference_text(csv, row, "xc");
    options.energy_tolerance = 1e-11;
    options.for_forces = 1;
    options.n_data = 1;
    assert_int_equal(sscanf(test_reference_text(csv, row, "symbols"), "%3s", symbol), 1);
    memcpy(options.data[0].symbol, symbol, sizeof options.data[0].symbol);
    snprintf(options.data[0].name, sizeof options.data[0].name, "%s",
             test_reference_text(csv, row, "data_set"));
    return options;
}

static dft_scf_result *solve(const dft_crystal *crystal, const dft_scf_options *options)
{
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    if (dft_scf_run(crystal, options, NULL, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    if (!result->converged)
        fail_msg("%s", result->message);
    return result;
}

static const char *const force_columns[3] = { "f1x_ha_per_bohr", "f1y_ha_per_bohr", "f1z_ha_per_bohr" };
static const char *const stress_columns[6] = {
    "sxx_ha_per_bohr3", "syy_ha_per_bohr3", "szz_ha_per_bohr3",
    "syz_ha_per_bohr3", "sxz_ha_per_bohr3", "sxy_ha_per_bohr3" };

/* 1e-6 Ha/bohr (5e-5 eV/A) and 2e-8 Ha/bohr^3 (6e-4 GPa), a hundredth of what the project asks for: what
 * is left of the unfinished SCF. */
static void check_gradients(const dft_csv *csv, size_t r, const dft_scf_result *result)
{
    double force[TEST_REFERENCE_MAX_ATOMS][3], stress[6], worst_force = 0.0, worst_stress = 0.0;

    assert_int_equal(dft_result_gradients(result, force, stress, NULL), DFT_OK);
    for (int c = 0; c < 3; c++)
        worst_force = fmax(worst_force, fabs(force[0][c]
                                             - test_reference_number(csv, r, force_columns[c])));
    for (int k = 0; k < 6; k++)
        worst_stress = fmax(worst_stress, fabs(stress[k] - test_reference_number(csv, r,
                                                                                 stress_columns[k])));
    print_message("%-12s force off by %.1e eV/A, stress by %.1e GPa\n",
                  test_reference_text(csv, r, "id"), worst_force * DFT_HARTREE_EV / DFT_BOHR_ANG,
                  worst_stress * DFT_HA_PER_BOHR3_GPA);
    assert_close(worst_force, 0.0, 1e-6);
    assert_close(worst_stress, 0.0, 2e-8);
}

/* 1e-5 Ha is what the project asks for; 1e-8: the splines of our transforms, measured (README.md). */
static void energies_forces_and_stresses_are_those_of_abinit(void **unused)
{
    dft_csv *csv = NULL;
    (void)unused;

    assert_int_equal(dft_csv_read(GTH_CSV, &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_n_rows(csv), 6);
    for (size_t r = 0; r < dft_csv_n_rows(csv); r++) {
        dft_crystal *crystal = row_crystal(csv, r);
        double moments[TEST_REFERENCE_MAX_ATOMS];
        const dft_scf_options options = row_options(csv, r, crystal->n_atoms, moments);
        dft_scf_result *result = solve(crystal, &options);
        const double abinit = test_reference_number(csv, r, "free_energy_ha");
        print_message("%-12s %18.10f %18.10f %+9.1e Ha  %2d steps %6.1f s\n",
                      test_reference_text(csv, r, "id"), abinit, result->free_energy,
                      result->free_energy - abinit, result->scf_iterations, result->wall_s);
        for (int c = 0; c < 3; c++) {
            char name[16];
            snprintf(name, sizeof name, "ngfft_%d", c + 1);
            assert_int_equal(2 * result->fft_grid[c], (int)test_reference_number(csv, r, name));
        }
        assert_close(result->free_energy, abinit, 1e-8);
        assert_close(result->magnetic_moment, test_reference_number(csv, r, "moment_mub"), 1e-8);
        check_gradients(csv, r, result);
        dft_scf_result_free(result);
        dft_crystal_free(crystal);
    }
    dft_csv_free(csv);
}

static dft_scf_options options_of(double ecut, int mesh, const char *symbol, const char *name)
{
    dft_scf_options options = dft_scf_defaults();

    options.ecut = ecut;
    options.kmesh[0] = options.kmesh[1] = options.kmesh[2] = mesh;
    options.energy_tolerance = 1e-8;
    options.n_data = 1;
    snprintf(options.data[0].symbol, sizeof options.data[0].symbol, "%s", symbol);
    snprintf(options.data[0].name, sizeof options.data[0].name, "%s", name);
    return options;
}

/* A data set with no projectors at all, at a bond length of 1.4 bohr.  -1.166 Ha is PBE's H2; 0.02 Ha:
 * cutoff and the smallness of the box. */
static void hydrogen_molecule_without_projectors_is_bound(void **unused)
{
    const double box = 8.0 * DFT_BOHR_ANG, half = 0.7 / 8.0;
    const double cell[3][3] = { { box, 0, 0 }, { 0, box, 0 }, { 0, 0, box } };
    dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 1, 1 },
                                        (const double[][3]){ { 0, 0, -half }, { 0, 0, half } });
    dft_scf_options options = options_of(25.0, 1, "H", "GTH-PBE-q1");
    (void)unused;

    options.smearing = DFT_SMEARING_FIXED;
    dft_scf_result *result = solve(crystal, &options);
    assert_close(result->free_energy, -1.166, 0.02);
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

/* The exchange-correlation grid is the only thing that knows where the origin is: 1e-6 Ha. */
static void energy_does_not_depend_on_the_origin(void **unused)
{
    dft_crystal *here = test_fcc(13, 4.05, (double[3]){ 0, 0, 0 });
    dft_crystal *there = test_fcc(13, 4.05, (double[3]){ 0.013, 0.027, -0.008 });
    const dft_scf_options options = options_of(12.0, 2, "Al", "GTH-PBE-q3");
    dft_scf_result *a = solve(here, &options), *b = solve(there, &options);
    (void)unused;

    assert_close(a->free_energy, b->free_energy, 1e-6);
    dft_scf_result_free(a);
    dft_scf_result_free(b);
    dft_crystal_free(here);
    dft_crystal_free(there);
}

/* LiAl (CsCl) with aluminium from either family: the absolute energies differ by 53 eV, the difference
 * between two volumes by what the data sets differ in: 2 meV. */
static void a_mixture_of_both_families_has_the_same_differences(void **unused)
{
    double paw[2], mixed[2];
    (void)unused;

    for (int i = 0; i < 2; i++) {
        const double a = i ? 3.30 : 3.16, cell[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
        dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 3, 13 },
                                            (const double[][3]){ { 0, 0, 0 }, { 0.5, 0.5, 0.5 } });
        dft_scf_options options = options_of(20.0, 6, "Al", "GTH-PBE-q3");
        dft_scf_result *result = solve(crystal, &options);
        mixed[i] = result->free_energy;
        dft_scf_result_free(result);
        options.n_data = 0;
        result = solve(crystal, &options);
        paw[i] = result->free_energy;
        dft_scf_result_free(result);
        dft_crystal_free(crystal);
    }
    print_message("LiAl, 3.30 - 3.16 A: PAW %.3f meV, Li PAW and Al GTH %.3f meV\n",
                  1e3 * DFT_HARTREE_EV * (paw[1] - paw[0]),
                  1e3 * DFT_HARTREE_EV * (mixed[1] - mixed[0]));
    assert_true(paw[0] - mixed[0] > 1.9);
    assert_close(mixed[1] - mixed[0], paw[1] - paw[0], 2e-3 / DFT_HARTREE_EV);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energies_forces_and_stresses_are_those_of_abinit),
        cmocka_unit_test(hydrogen_molecule_without_projectors_is_bound),
        cmocka_unit_test(energy_does_not_depend_on_the_origin),
        cmocka_unit_test(a_mixture_of_both_families_has_the_same_differences),
    };
    dft_threads_set(2, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
