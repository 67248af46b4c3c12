/* Small calculations with GTH data; agreement with ABINIT at a real cutoff is in tests/physics. */
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/properties/result_gradients.h"
#include "dft-lite/scf/scf.h"
#include "tests/basis/crystals.h"

static dft_scf_options options_of(double ecut, int mesh, const char *symbol, const char *name)
{
    dft_scf_options options = dft_scf_defaults();

    options.ecut = ecut;
    options.kmesh[0] = options.kmesh[1] = options.kmesh[2] = mesh;
    options.energy_tolerance = 1e-9;
    options.n_data = 1;
    snprintf(options.data[0].symbol, sizeof options.data[0].symbol, "%s", symbol);
    snprintf(options.data[0].name, sizeof options.data[0].name, "%s", name);
    return options;
}

static dft_scf_result *solve(const dft_crystal *crystal, const dft_scf_options *options,
                             const dft_scf_result *start)
{
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    if (dft_scf_run(crystal, options, start, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    if (!result->converged)
        fail_msg("%s", result->message);
    return result;
}

/* ABINIT 9.6.2, tests/data/reference/gth/Al_quick.abi, on 32^3 points (28 is no box of ABINIT's):
 * 1e-7 Ha. */
static void aluminium_at_a_small_cutoff_has_the_energy_of_abinit(void **unused)
{
    dft_crystal *crystal = test_fcc(13, 7.65 * DFT_BOHR_ANG, (double[3]){ 0, 0, 0 });
    dft_scf_options options = options_of(8.0, 2, "Al", "GTH-PBE-q3");
    (void)unused;

    options.width = 0.01;
    dft_scf_result *result = solve(crystal, &options, NULL);
    assert_close(result->free_energy, -2.09894484623377, 1e-7);
    assert_true(result->scf_iterations <= 12);
    assert_string_equal(result->data[0].name, "GTH_POTENTIALS:Al:GTH-PBE-q3");
    assert_int_equal(strlen(result->data[0].sha256), 64);
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

static dft_crystal *bent_silicon(double shift)
{
    const double h = 2.7155, cell[3][3] = { { 0.1, h, h }, { h, 0, h }, { h, h, 0 } };

    return test_crystal(cell, 2, (const int[]){ 14, 14 },
                        (const double[][3]){ { 0, 0, 0 }, { 0.26 + shift, 0.24, 0.255 } });
}

/* The derivative by the first fractional coordinate is -F.a_1; second-order differences over 0.004
 * err by 1e-5 of it, the SCF by less. */
static void force_is_the_derivative_of_the_energy(void **unused)
{
    const double step = 0.002;
    dft_scf_options options = options_of(8.0, 2, "Si", "GTH-PBE-q4");
    dft_crystal *crystal[3] = { bent_silicon(0.0), bent_silicon(-step), bent_silicon(step) };
    dft_scf_result *result[3];
    double force[2][3], along = 0.0;
    (void)unused;

    options.for_forces = 1;
    for (int i = 0; i < 3; i++)
        result[i] = solve(crystal[i], &options, i ? result[0] : NULL);
    assert_int_equal(dft_result_gradients(result[0], force, NULL, NULL), DFT_OK);
    for (int c = 0; c < 3; c++)
        along += force[1][c] * crystal[0]->lattice[0][c];
    const double slope = (result[2]->free_energy - result[1]->free_energy) / (2.0 * step);
    assert_true(fabs(slope) > 0.02);
    assert_close(along, -slope, 2e-5);
    for (int i = 0; i < 3; i++) {
        dft_scf_result_free(result[i]);
        dft_crystal_free(crystal[i]);
    }
}

/* H GTH-PBE-q1: no projectors, so empty matrices everywhere; the energies of two origins agree. */
static void data_without_projectors_are_solved(void **unused)
{
    const double cell[3][3] = { { 2.6, 0, 0 }, { 0, 2.6, 0 }, { 0, 0, 3.2 } };
    double energy[2];
    (void)unused;

    for (int i = 0; i < 2; i++) {
        const double z = i ? 0.31 : 0.0;
        dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 1, 1 },
                                            (const double[][3]){ { 0, 0, z }, { 0, 0, z + 0.23 } });
        const dft_scf_options options = options_of(12.0, 1, "H", "GTH-PBE-q1");
        dft_scf_result *result = solve(crystal, &options, NULL);
        energy[i] = result->free_energy;
        dft_scf_result_free(result);
        dft_crystal_free(crystal);
    }
    assert_true(energy[0] < -0.9 && energy[0] > -1.3);
    assert_close(energy[1], energy[0], 1e-5);
}

static void result_starts_the_next_calculation(void **unused)
{
    dft_crystal *crystal = bent_silicon(0.0);
    const dft_scf_options options = options_of(6.0, 1, "Si", "GTH-PBE-q4");
    dft_scf_result *first = solve(crystal, &options, NULL);
    dft_scf_result *second = solve(crystal, &options, first);
    (void)unused;

    assert_close(second->free_energy, first->free_energy, 1e-8);
    assert_true(second->scf_iterations < first->scf_iterations);
    dft_scf_result_free(first);
    dft_scf_result_free(second);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aluminium_at_a_small_cutoff_has_the_energy_of_abinit),
        cmocka_unit_test(force_is_the_derivative_of_the_energy),
        cmocka_unit_test(data_without_projectors_are_solved),
        cmocka_unit_test(result_starts_the_next_calculation),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
