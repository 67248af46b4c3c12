#include "dft-lite/properties/stress.h"

#include <stdlib.h>

#include "dft-lite/base/threads.h"
#include "tests/properties/derivatives.h"

/* The crystal strained along a random symmetric direction, the plane waves those of the unstrained
 * cell: stress . direction against the slope of the converged free energy. */
static void check_direction(dft_crystal *crystal, dft_scf_options options, unsigned long seed)
{
    const double h = 1e-3;
    double direction[DFT_N_STRAIN], e[4], along = 0.0;
    test_solution middle = test_differentiate(crystal, &options, NULL);

    options.chooser = (const double (*)[3])crystal->lattice;
    for (int s = 0; s < DFT_N_STRAIN; s++) {
        direction[s] = test_random(&seed);
        along += direction[s] * middle.stress[s] / GPA;
    }
    for (int i = 0; i < 4; i++) {
        dft_crystal *strained = test_strained_along(crystal, direction, test_steps[i] * h);
        e[i] = test_free_energy(strained, &options, middle.result);
        dft_crystal_free(strained);
    }
    assert_true(fabs(along) > 0.1);
    assert_close(along, test_slope(e, h) / dft_crystal_volume(crystal) / GPA, 5e-4);
    dft_scf_result_free(middle.result);
    dft_crystal_free(crystal);
}

/* 0.01 GPa is asked of all; 1e-9 eV over a strain of 1e-3 and some 20 A^3 is 1e-5 GPa. */
static void stress_is_the_slope_of_the_energy_of_a_triclinic_insulator(void **unused)
{
    const dft_scf_options options = test_derivative_options(300, 1, 1, 1, 0.05);
    (void)unused;
    check_direction(test_triclinic_lif(), options, 27);
}

static void stress_is_the_slope_of_the_free_energy_of_a_metal(void **unused)
{
    const dft_scf_options options = test_derivative_options(150, 2, 2, 2, 0.1);
    (void)unused;
    check_direction(test_displaced_aluminium(), options, 28);
}

static void stress_is_the_slope_of_the_energy_of_strained_silicon(void **unused)
{
    const dft_scf_options options = test_derivative_options(150, 2, 2, 2, 0.05);
    (void)unused;
    check_direction(test_strained_silicon(), options, 29);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stress_is_the_slope_of_the_energy_of_a_triclinic_insulator),
        cmocka_unit_test(stress_is_the_slope_of_the_free_energy_of_a_metal),
        cmocka_unit_test(stress_is_the_slope_of_the_energy_of_strained_silicon),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
