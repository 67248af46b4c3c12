#include "dft-lite/properties/charges.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/scf/scf.h"
#include "dft-lite/scf/state.h"
#include "tests/scf/prepared.h"

/* Converged density of a small crystal, and its charges. */
static void charges_of(const dft_crystal *crystal, double ecut_ev, int mesh, double *charge)
{
    dft_scf_options options = dft_scf_defaults();
    dft_scf_result *result = NULL;
    dft_system *system = test_system(crystal, ecut_ev, mesh, 1);

    options.ecut = ecut_ev / DFT_HARTREE_EV;
    options.kmesh[0] = options.kmesh[1] = options.kmesh[2] = mesh;
    options.energy_tolerance = 1e-5 / DFT_HARTREE_EV;
    assert_int_equal(dft_scf_run(crystal, &options, NULL, &result, NULL), DFT_OK);
    assert_true(result->converged);
    assert_int_equal(dft_charges_compute(system, result->state->rho_g, result->state->d_p, charge,
                                         NULL),
                     DFT_OK);
    dft_scf_result_free(result);
    dft_system_free(system);
}

static dft_crystal *rocksalt(int z1, int z2, double a, double shift)
{
    const double h = 0.5 * a, cell[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    const double x[2][3] = { { shift, shift, shift }, { 0.5 + shift, 0.5 + shift, 0.5 + shift } };
    return test_crystal(cell, 2, (const int[]){ z1, z2 }, x);
}

/* GPAW 22.8.0, 2026-11-22: get_all_electron_density(gridrefinement=2) of LiF, a = 4.06 A, PBE, 600
 * eV, 2x2x2, h = 0.10 A, divided with the same weights: 2.0948 electrons on Li.  2e-3: the grids.
 *  */
static void lithium_in_lithium_fluoride_is_an_ion(void **unused)
{
    double charge[2], coarse[2];
    dft_crystal *crystal = rocksalt(3, 9, 4.06, 0.0);
    (void)unused;

    charges_of(crystal, 600, 2, charge);
    charges_of(crystal, 400, 2, coarse);
    print_message("LiF: %.4f %.4f (400 eV: %.4f)\n", charge[0], charge[1], coarse[0]);
    assert_close(charge[0] + charge[1], 0.0, 1e-6);
    assert_close(charge[0], 3.0 - 2.0948, 2e-3);
    assert_close(coarse[0], charge[0], 3e-3);
    dft_crystal_free(crystal);
}

/* Where the atoms lie between grid points must not matter: an eighth of a step and more off. */
static void charges_do_not_depend_on_the_origin(void **unused)
{
    double here[2], there[2];
    dft_crystal *crystal = rocksalt(3, 9, 4.06, 0.0), *moved = rocksalt(3, 9, 4.06, 0.0123);
    (void)unused;

    charges_of(crystal, 400, 2, here);
    charges_of(moved, 400, 2, there);
    print_message("moved: %.4f %.4f\n", here[0], there[0]);
    assert_close(here[0], there[0], 2e-3);
    dft_crystal_free(crystal);
    dft_crystal_free(moved);
}

static void equal_atoms_are_neutral(void **unused)
{
    double charge[2];
    dft_crystal *crystal = test_diamond(14, 5.43);
    (void)unused;

    charges_of(crystal, 200, 2, charge);
    assert_close(charge[0], 0.0, 1e-6);
    assert_close(charge[1], 0.0, 1e-6);
    dft_crystal_free(crystal);
}

static void refused_memory_is_reported(void **unused)
{
    test_prepared p = test_prepared_create(test_diamond(14, 5.43), 100, 1, 1, 4);
    double charge[2];
    int refused = 0;
    (void)unused;

    for (long nth = 1; nth <= 14; nth++) {
        dft_alloc_refuse_nth(nth);
        const dft_status status = dft_charges_compute(p.system, p.state->rho_g, p.state->d_p, charge,
                                                      NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
        refused += status == DFT_ENOMEM;
    }
    assert_true(refused >= 11);
    test_prepared_clear(&p);
}

/* Without a core nothing marks where a cation is. */
static void pseudo_atoms_without_a_core_are_refused(void **unused)
{
    static const dft_data_choice data[1] = { { "Si", "GTH-PBE-q4" } };
    dft_crystal *crystal = test_diamond(14, 5.43);
    dft_system_options options = test_system_options(100, 1, 1);
    dft_system *system = NULL;
    double charge[2];
    dft_error err = { 0 };
    (void)unused;

    options.data = data;
    assert_int_equal(dft_system_create(crystal, &options, &system, &err), DFT_OK);
    double complex *rho = dft_alloc_complex(system->basis->n_g);
    double *d = dft_alloc_doubles(system->p_offset[2]);
    assert_int_equal(dft_charges_compute(system, rho, d, charge, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "need the core"));
    free(rho);
    free(d);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lithium_in_lithium_fluoride_is_an_ion),
        cmocka_unit_test(charges_do_not_depend_on_the_origin),
        cmocka_unit_test(refused_memory_is_reported),
        cmocka_unit_test(pseudo_atoms_without_a_core_are_refused),
        cmocka_unit_test(equal_atoms_are_neutral),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
