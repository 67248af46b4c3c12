/* Forces and stress of a polar sheet under the dipole correction, against differences of its
 * energy. */
#include <stdlib.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/scf/ground.h"
#include "tests/properties/derivatives.h"

/* Li below H, nothing symmetric, 12 A of vacuum; the sheet lies across the cell's border. */
static dft_crystal *polar_sheet(void)
{
    const double cell[3][3] = { { 3.0, 0, 0 }, { 0.4, 2.8, 0 }, { 0.3, 0.2, 13.7 } };
    const double x[2][3] = { { 0.05, 0.02, 0.95 }, { 0.12, -0.06, 0.075 } };
    return test_crystal(cell, 2, (const int[]){ 3, 1 }, x);
}

static dft_scf_options corrected(void)
{
    dft_scf_options options = test_derivative_options(150, 1, 1, 1, 0.3);

    options.dipole = 'z';
    return options;
}

/* A random displacement of both atoms, along which the gap's middle moves too. */
static void forces_are_the_slope_of_the_corrected_energy(void **unused)
{
    dft_crystal *crystal = polar_sheet();
    const dft_scf_options options = corrected();
    const double h = 0.0025;
    double direction[2][3], e[4], along = 0.0;
    unsigned long seed = 71;
    test_solution middle = test_differentiate(crystal, &options, NULL);
    (void)unused;

    for (int a = 0; a < 2; a++)
        for (int c = 0; c < 3; c++) {
            direction[a][c] = test_random(&seed);
            along += direction[a][c] * middle.force[a][c] / EV_PER_ANG;
        }
    for (int i = 0; i < 4; i++) {
        dft_crystal *moved = test_moved_along(crystal, (const double (*)[3])direction,
                                              test_steps[i] * h);
        e[i] = test_free_energy(moved, &options, middle.result);
        dft_crystal_free(moved);
    }
    assert_true(fabs(middle.result->dipole_moment) > 0.1);
    assert_true(fabs(along) > 0.1);
    print_message("force along: %.6f, slope %.6f eV/A\n", along, -test_slope(e, h) / EV_PER_ANG);
    assert_close(along, -test_slope(e, h) / EV_PER_ANG, 1e-4);
    dft_scf_result_free(middle.result);
    dft_crystal_free(crystal);
}

/* What the dipole's potential does to the nuclei cannot pull the whole slab. */
static void forces_on_a_neutral_slab_add_up_to_nothing(void **unused)
{
    dft_crystal *crystal = polar_sheet();
    const dft_scf_options options = corrected();
    test_solution s = test_differentiate(crystal, &options, NULL);
    (void)unused;

    for (int c = 0; c < 3; c++)
        /* the grids' eggbox */
        assert_close((s.force[0][c] + s.force[1][c]) / EV_PER_ANG, 0.0, 1e-2);
    dft_scf_result_free(s.result);
    dft_crystal_free(crystal);
}

/* Strains that leave the plane perpendicular to z, plane waves those of the unstrained cell. */
static void stress_is_the_slope_of_the_corrected_energy(void **unused)
{
    const double direction[3][DFT_N_STRAIN] = { { 0, 0, 1, 0, 0, 0 }, { 0.7, -0.3, 0, 0, 0, 0.5 },
                                                { 0.5, 0.4, -0.6, 0, 0, -0.2 } };
    dft_crystal *crystal = polar_sheet();
    dft_scf_options options = corrected();
    const double h = 1e-3;
    test_solution middle = test_differentiate(crystal, &options, NULL);
    (void)unused;

    options.chooser = (const double (*)[3])crystal->lattice;
    for (int d = 0; d < 3; d++) {
        double e[4], along = 0.0;
        for (int s = 0; s < DFT_N_STRAIN; s++)
            along += direction[d][s] * middle.stress[s] / GPA;
        for (int i = 0; i < 4; i++) {
            dft_crystal *strained = test_strained_along(crystal, direction[d], test_steps[i] * h);
            e[i] = test_free_energy(strained, &options, middle.result);
            dft_crystal_free(strained);
        }
        print_message("stress along: %.6f, slope %.6f GPa\n", along,
                      test_slope(e, h) / dft_crystal_volume(crystal) / GPA);
        assert_close(along, test_slope(e, h) / dft_crystal_volume(crystal) / GPA, 1e-3);
    }
    dft_scf_result_free(middle.result);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forces_are_the_slope_of_the_corrected_energy),
        cmocka_unit_test(forces_on_a_neutral_slab_add_up_to_nothing),
        cmocka_unit_test(stress_is_the_slope_of_the_corrected_energy),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
