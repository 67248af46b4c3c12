/*
 * Converged equations of state of LiF, Li2O and MgO against all-electron PBE (tests/data/reference/
 * all-electron-pbe.csv): what the data sets are worth, not the program. Prints volumes and bulk moduli.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "descriptors/eos.h"
#include "tests/scf/reference.h"
#include "tests/support/assert_close.h"

#define TEST_ALL_ELECTRON_CSV "tests/data/reference/all-electron-pbe.csv"
#define N_POINTS 7

/* Percent of the all-electron value; NaN where there is none, or no converged fit. */
typedef struct { double volume, modulus; } error;

/* Rocksalt or antifluorite: z[0] at the origin, the other kind at 1/2 or at +-1/4. */
static dft_crystal *crystal_of(size_t n_atoms, const int *z, double volume)
{
    const double h = 0.5 * cbrt(4.0 * volume), s = n_atoms == 2 ? 0.5 : 0.25;
    const double lattice[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    const double position[3][3] = { { 0, 0, 0 }, { s, s, s }, { -s, -s, -s } };
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, n_atoms, z, position, &crystal, NULL), DFT_OK);
    return crystal;
}

static double energy(size_t n_atoms, const int *z, double volume, const dft_scf_options *options)
{
    dft_crystal *crystal = crystal_of(n_atoms, z, volume);
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    if (dft_scf_run(crystal, options, NULL, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    assert_true(result->converged);
    const double free_energy = result->free_energy;
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
    return free_energy;
}

/* Fermi-Dirac 0.01 eV, 6x6x6; the cutoffs at which 300 eV more move the volume by less than 0.02 %. */
static error errors_of(const char *id, size_t n_atoms, const int *z, double ecut_ev)
{
    dft_scf_options options = dft_scf_defaults();
    double volume[N_POINTS], e[N_POINTS];
    dft_csv *csv = NULL;
    desc_eos fit;

    assert_int_equal(dft_csv_read(TEST_ALL_ELECTRON_CSV, &csv, NULL), DFT_OK);
    const size_t row = test_reference_row(csv, id);
    const double v0 = test_reference_number(csv, row, "volume_ang3") / pow(DFT_BOHR_ANG, 3);
    const double b0 = test_reference_number(csv, row, "bulk_modulus_ev_ang3") * DFT_EV_PER_ANG3_GPA;
    dft_csv_free(csv);
    options.ecut = ecut_ev / DFT_HARTREE_EV;
    options.width = 0.01 / DFT_HARTREE_EV;
    options.energy_tolerance = 1e-6 / DFT_HARTREE_EV;
    options.kmesh[0] = options.kmesh[1] = options.kmesh[2] = 6;
    for (int i = 0; i < N_POINTS; i++) {
        volume[i] = v0 * (0.96 + 0.02 * i);
        e[i] = energy(n_atoms, z, volume[i], &options);
    }
    assert_int_equal(desc_eos_fit(N_POINTS, volume, e, &fit, NULL), DFT_OK);
    const error out = { 100 * (fit.v0 / v0 - 1), 100 * (fit.b0 * DFT_HA_PER_BOHR3_GPA / b0 - 1) };
    print_message("%-5s %6.0f eV: V0 %.4f A^3 (all-electron %.4f, %+.2f %%), "
                  "B0 %.2f GPa (%.2f, %+.2f %%), fit %.4f meV\n", id,
                  ecut_ev, fit.v0 * pow(DFT_BOHR_ANG, 3), v0 * pow(DFT_BOHR_ANG, 3), out.volume,
                  fit.b0 * DFT_HA_PER_BOHR3_GPA, b0, out.modulus, 1e3 * fit.rms * DFT_HARTREE_EV);
    return out;
}

/* The bounds are those asked between programs; the ten-electron set of Mg (the default) is meant here. */
static void magnesium_oxide_agrees_with_all_electron(void **unused)
{
    const error found = errors_of("MgO", 2, (int[]){ 12, 8 }, 900);
    (void)unused;

    assert_close(found.volume, 0.0, 0.2);
    assert_close(found.modulus, 0.0, 2.0);
}

/* 2.4 and 3.5 % were found on 2026-11-27: what the documents say of ionic lithium fails here when it is no
 * longer so. */
static void the_one_electron_set_makes_ionic_lithium_two_to_four_percent_too_large(void **unused)
{
    const error fluoride = errors_of("LiF", 2, (int[]){ 3, 9 }, 1200);
    const error oxide = errors_of("Li2O", 3, (int[]){ 8, 3, 3 }, 900);
    (void)unused;

    assert_close(fluoride.volume, 2.4, 0.3);
    assert_close(oxide.volume, 3.45, 0.3);
    assert_close(oxide.modulus, 1.0, 2.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(magnesium_oxide_agrees_with_all_electron),
        cmocka_unit_test(the_one_electron_set_makes_ionic_lithium_two_to_four_percent_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
