/* Magnets against GPAW 22.8.0 on the same data sets, complete grids, run on 2026-11-22 (energy 1e-6 eV and
 * density 1e-6 per valence electron).  Moments are asked to 0.02 Bohr magnetons; the energies' offset, up to
 * 2.4 meV an atom, is the known one of GPAW's functional constants and radial splines. */
#include <math.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "dft-lite/scf/scf.h"
#include "tests/basis/crystals.h"

typedef struct {
    double ecut_ev, width_ev, moment, atom_moment, free_energy_ev, fermi_ev;
    int mesh;
} reference;

static dft_scf_result *run(const dft_crystal *crystal, const reference *want, const double *moments)
{
    dft_scf_options options = dft_scf_defaults();
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    options.ecut = want->ecut_ev / DFT_HARTREE_EV;
    options.width = want->width_ev / DFT_HARTREE_EV;
    options.energy_tolerance = 1e-6 / DFT_HARTREE_EV;
    for (int i = 0; i < 3; i++)
        options.kmesh[i] = want->mesh;
    options.spin = 1;
    options.n_moments = moments ? crystal->n_atoms : 0;
    options.moments = moments;
    if (dft_scf_run(crystal, &options, NULL, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    assert_true(result->converged);
    assert_close(result->magnetic_moment, want->moment, 0.005);
    assert_close(result->atom_moment[0], want->atom_moment, 0.005);
    assert_close(result->free_energy * DFT_HARTREE_EV, want->free_energy_ev,
                 0.0025 * (double)crystal->n_atoms);
    assert_close(result->fermi * DFT_HARTREE_EV, want->fermi_ev, 0.003);
    return result;
}

static void iron_has_the_moment_of_gpaw(void **unused)
{
    const reference want = { 400, 0.1, 2.110701, 2.186205, -8.913286, 10.200926, 8 };
    dft_crystal *crystal = test_bcc(26, 2.83);
    (void)unused;

    dft_scf_result_free(run(crystal, &want, NULL));
    dft_crystal_free(crystal);
}

/* NiO AFM-II: four atoms in the rhombohedral cell. */
static void nickel_oxide_is_an_antiferromagnet(void **unused)
{
    const reference want = { 500, 0.05, 0.0, 1.401676, -26.322727, 8.144304, 4 };
    const double lattice[3][3] = { { 4.17, 2.085, 2.085 }, { 2.085, 4.17, 2.085 }, { 2.085, 2.085, 4.17 } };
    const double position[4][3] = { { 0, 0, 0 }, { .5, .5, .5 }, { .25, .25, .25 }, { .75, .75, .75 } };
    const double moments[4] = { 1.5, -1.5, 0, 0 };
    dft_crystal *crystal = test_crystal(lattice, 4, (int[4]){ 28, 28, 8, 8 }, position);
    (void)unused;

    dft_scf_result *result = run(crystal, &want, moments);
    assert_close(result->atom_moment[1], -result->atom_moment[0], 1e-3);
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iron_has_the_moment_of_gpaw),
        cmocka_unit_test(nickel_oxide_is_an_antiferromagnet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
