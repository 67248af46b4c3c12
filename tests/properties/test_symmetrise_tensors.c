#include "dft-lite/properties/symmetrise_tensors.h"

#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "tests/basis/crystals.h"

/* Wurtzite: four atoms, screw axis and glide planes along z. */
static dft_crystal *wurtzite(void) { return test_wurtzite(30, 8, 3.25, 5.2, 0.382); }

static void random_numbers(size_t n, unsigned long seed, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = test_random(&seed);
}

/* In wurtzite an atom sits on a threefold axis: only the force along z is left, equal on both atoms
 * of a kind, and the tensor is diagonal with xx = yy. */
static void what_the_point_group_forbids_vanishes(void **unused)
{
    dft_crystal *crystal = wurtzite();
    dft_symmetry *symmetry = test_symmetry(crystal);
    double force[4][3], mean_z[2] = { 0.0 }, strain[DFT_N_STRAIN];
    (void)unused;

    random_numbers(12, 3, force[0]);
    random_numbers(DFT_N_STRAIN, 4, strain);
    const double zz = strain[2], xx = 0.5 * (strain[0] + strain[1]);
    for (int a = 0; a < 4; a++)
        mean_z[a / 2] += 0.5 * force[a][2];
    assert_int_equal(symmetry->n_ops, 12);
    assert_int_equal(dft_symmetrise_forces(crystal, symmetry, force, NULL), DFT_OK);
    dft_symmetrise_strain(crystal, symmetry, strain);
    for (int a = 0; a < 4; a++) {
        assert_close(force[a][0], 0.0, 1e-14);
        assert_close(force[a][1], 0.0, 1e-14);
        assert_close(force[a][2], mean_z[a / 2], 1e-14);
    }
    assert_close(strain[0], xx, 1e-14);
    assert_close(strain[1], xx, 1e-14);
    assert_close(strain[2], zz, 1e-14);
    for (int s = 3; s < 6; s++)
        assert_close(strain[s], 0.0, 1e-14);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

/* The average is a projection, and the identity alone changes nothing. */
static void averaging_twice_is_averaging_once(void **unused)
{
    dft_crystal *crystal = test_diamond(14, 5.43);
    dft_symmetry *symmetry = test_symmetry(crystal), *identity = NULL;
    double force[2][3], once[2][3], strain[DFT_N_STRAIN], strain_once[DFT_N_STRAIN];
    (void)unused;

    assert_int_equal(dft_symmetry_create_identity(crystal, &identity, NULL), DFT_OK);
    random_numbers(6, 8, force[0]);
    random_numbers(DFT_N_STRAIN, 9, strain);
    memcpy(once, force, sizeof once);
    memcpy(strain_once, strain, sizeof strain_once);
    assert_int_equal(dft_symmetrise_forces(crystal, identity, force, NULL), DFT_OK);
    dft_symmetrise_strain(crystal, identity, strain);
    assert_memory_equal(force, once, sizeof once);
    assert_memory_equal(strain, strain_once, sizeof strain);
    dft_symmetrise_strain(crystal, symmetry, strain);
    memcpy(strain_once, strain, sizeof strain_once);
    dft_symmetrise_strain(crystal, symmetry, strain);
    for (int s = 0; s < DFT_N_STRAIN; s++)
        assert_close(strain[s], strain_once[s], 1e-14);
    dft_symmetry_free(identity);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

/* Two atoms swapped by an operation get each other's turned force. */
static void equivalent_atoms_get_turned_forces(void **unused)
{
    const double cell[3][3] = { { 3, 0, 0 }, { 0, 4, 0 }, { 0, 0, 5 } };
    const double x[2][3] = { { 0.1, 0.2, 0.15 }, { -0.1, -0.2, -0.15 } };
    dft_crystal *crystal = test_crystal(cell, 2, (int[]){ 13, 13 }, x);
    dft_symmetry *symmetry = test_symmetry(crystal);
    double force[2][3] = { { 1.0, 2.0, 3.0 }, { 0.5, 0.0, -7.0 } };
    (void)unused;

    assert_int_equal(symmetry->n_ops, 2);           /* inversion */
    assert_int_equal(dft_symmetrise_forces(crystal, symmetry, force, NULL), DFT_OK);
    assert_close(force[0][0], 0.25, 1e-14);
    assert_close(force[0][1], 1.0, 1e-14);
    assert_close(force[0][2], 5.0, 1e-14);
    for (int c = 0; c < 3; c++)
        assert_close(force[1][c], -force[0][c], 1e-14);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *crystal = wurtzite();
    dft_symmetry *symmetry = test_symmetry(crystal);
    double force[4][3] = { { 0.0 } };
    (void)unused;

    dft_alloc_refuse_nth(1);
    assert_int_equal(dft_symmetrise_forces(crystal, symmetry, force, NULL), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_point_group_forbids_vanishes),
        cmocka_unit_test(averaging_twice_is_averaging_once),
        cmocka_unit_test(equivalent_atoms_get_turned_forces),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
