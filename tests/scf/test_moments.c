/* Moments of atoms where there is no augmentation sphere; those of PAW atoms are in test_spin.c. */
#include "dft-lite/scf/moments.h"

#include <complex.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/crystal/elements.h"
#include "tests/hamiltonian/systems.h"

/* H GTH-PBE-q1 has no projectors at all. */
static dft_system *hydrogen(const dft_crystal *crystal)
{
    static const dft_data_choice data[1] = { { "H", "GTH-PBE-q1" } };
    dft_system_options options = test_system_options(600, 1, 0);
    dft_system *system = NULL;
    dft_error err = { 0 };

    options.data = data;
    if (dft_system_create(crystal, &options, &system, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return system;
}

/* m(r) = exp(-|r - R|^2/(2 s^2))/(2 pi s^2)^(3/2) around the atom: within r there are
 * erf(x) - 2 x exp(-x^2)/sqrt(pi), x = r/(sqrt(2) s).  1e-6: the Gaussian beyond the cutoff and the next
 * cells. */
static void gaussian_has_the_moment_of_its_sphere(void **unused)
{
    const double s = 0.6, cell[3][3] = { { 5, 0, 0 }, { 0, 5, 0 }, { 0, 0.4, 5 } };
    const double r = fmax(1.0, dft_element_covalent_radius_ang(1) / DFT_BOHR_ANG);
    const double x = r / (sqrt(2.0) * s);
    dft_crystal *crystal = test_crystal(cell, 1, (const int[]){ 1 },
                                        (const double[][3]){ { 0.21, 0.47, 0.9 } });
    dft_system *system = hydrogen(crystal);
    const dft_basis *basis = system->basis;
    double complex *m = dft_alloc_complex(basis->n_g);
    double none[1] = { 0.0 }, atom[1];
    (void)unused;

    dft_basis_structure_factor(basis, 0, basis->n_g, crystal->position[0], m);
    for (size_t ig = 0; ig < basis->n_g; ig++)
        m[ig] *= exp(-0.5 * basis->g2[ig] * s * s) / basis->volume;
    assert_close(dft_moments(system, m, none, atom), 1.0, 1e-14);
    assert_close(atom[0], erf(x) - 2.0 * x * exp(-x * x) / sqrt(DFT_PI), 1e-6);
    free(m);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussian_has_the_moment_of_its_sphere),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
