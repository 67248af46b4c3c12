#include "dft-lite/hamiltonian/site_turns.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/hamiltonian/systems.h"

/* AlAg3 (L1_2): the three silver atoms look along different axes.  Its operations map the 50 directions of
 * the one-centre quadrature onto one another, so that nothing but rounding may differ. */
static dft_crystal *ordered_alloy(void)
{
    const double cell[3][3] = { { 4, 0, 0 }, { 0, 4, 0 }, { 0, 0, 4 } };
    const double x[4][3] = { { 0, 0, 0 }, { 0, 0.5, 0.5 }, { 0.5, 0, 0.5 }, { 0.5, 0.5, 0 } };
    return test_crystal(cell, 4, (const int[]){ 13, 47, 47, 47 }, x);
}

/* A kagome net: its threefold axis maps atoms, but not the directions; a mirror exchanges the first and the last. */
static dft_crystal *kagome(void)
{
    const double h = 0.5 * sqrt(3.0), cell[3][3] = { { 5, 0, 0 }, { -2.5, 5 * h, 0 }, { 0, 0, 5 } };
    const double x[3][3] = { { 0.5, 0.5, 0 }, { 0.5, 0, 0 }, { 0, 0.5, 0 } };
    return test_crystal(cell, 3, (const int[]){ 47, 47, 47 }, x);
}

/* Matrices without shape, averaged over the operations. */
static double *symmetric_matrices(const dft_system *system)
{
    const size_t n_atoms = system->crystal->n_atoms, n_ops = system->symmetry->n_ops;
    double *any = dft_alloc_doubles(system->p_offset[n_atoms]);
    double *mean = dft_alloc_doubles(system->p_offset[n_atoms]);

    for (size_t a = 0; a < n_atoms; a++)
        test_odd_on_site(system->species[system->species_of[a]], 0.05, 7 + a, any + system->p_offset[a]);
    for (size_t a = 0; a < n_atoms; a++)
        for (size_t op = 0; op < n_ops; op++)
            dft_site_turn_add(system->species[system->species_of[a]], system->turns->turn[op], 2.0,
                              any + system->p_offset[system->symmetry->atom_map[op * n_atoms + a]],
                              mean + system->p_offset[a]);
    for (size_t p = 0; p < system->p_offset[n_atoms]; p++)
        mean[p] /= (double)n_ops;
    free(any);
    return mean;
}

static void the_first_atom_of_a_class_is_where_the_operation_leads(void **unused)
{
    dft_crystal *crystal = ordered_alloy();
    dft_system *system = test_system(crystal, 60, 1, 1);
    const size_t want[4] = { 0, 1, 1, 1 };
    (void)unused;

    for (size_t a = 0; a < 4; a++) {
        assert_int_equal(system->turns->first[a], want[a]);
        assert_int_equal(system->symmetry->atom_map[system->turns->op[a] * 4 + a], want[a]);
    }
    dft_system_free(system);
    dft_crystal_free(crystal);
}

/* What one atom of a class got and the others by turning is what each computes for itself. */
static void compare_with_each_for_itself(dft_crystal *crystal, size_t one, size_t other)
{
    dft_system *shared = test_system(crystal, 60, 1, 1), *alone = test_system(crystal, 60, 1, 0);
    const size_t n_p = shared->p_offset[crystal->n_atoms];
    double complex *rho = dft_alloc_complex(shared->basis->n_g);
    double *d = symmetric_matrices(shared), largest = 0.0;
    dft_potential *by_class = NULL, *by_atom = NULL;

    assert_int_equal(shared->basis->n_g, alone->basis->n_g);
    rho[0] = 0.04;
    assert_int_equal(dft_potential_create(shared, &by_class, NULL), DFT_OK);
    assert_int_equal(dft_potential_create(alone, &by_atom, NULL), DFT_OK);
    assert_int_equal(dft_potential_compute(shared, rho, d, by_class, NULL, NULL), DFT_OK);
    assert_int_equal(dft_potential_compute(alone, rho, d, by_atom, NULL, NULL), DFT_OK);
    assert_close(by_class->on_site, by_atom->on_site, 1e-11);
    for (size_t p = 0; p < n_p; p++)
        assert_close(by_class->dh_p[p], by_atom->dh_p[p], 1e-11);
    for (size_t p = 0; p < shared->p_offset[one + 1] - shared->p_offset[one]; p++)
        largest = fmax(largest, fabs(by_class->dh_p[shared->p_offset[one] + p]
                                     - by_class->dh_p[shared->p_offset[other] + p]));
    assert_true(largest > 0.001);               /* the atoms do differ in orientation */
    free(rho);
    free(d);
    dft_potential_free(by_class);
    dft_potential_free(by_atom);
    dft_system_free(shared);
    dft_system_free(alone);
    dft_crystal_free(crystal);
}

static void equivalent_atoms_get_what_they_would_compute_themselves(void **unused)
{
    (void)unused;
    compare_with_each_for_itself(ordered_alloy(), 1, 2);
}

static void no_rotation_that_moves_the_quadrature_joins_atoms(void **unused)
{
    dft_crystal *crystal = kagome();
    dft_system *system = test_system(crystal, 60, 1, 1);
    const size_t want[3] = { 0, 1, 0 };
    (void)unused;

    assert_int_equal(system->symmetry->n_ops, 24);
    for (size_t a = 0; a < 3; a++)
        assert_int_equal(system->turns->first[a], want[a]);
    dft_system_free(system);
    compare_with_each_for_itself(crystal, 0, 2);
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_crystal *crystal = ordered_alloy();
    dft_system *system = test_system(crystal, 60, 1, 1);
    dft_site_turns *turns = NULL;
    long n = 1;
    (void)unused;

    for (dft_alloc_refuse_nth(n); dft_site_turns_create(system->symmetry,
             (const double (*)[3])crystal->lattice, &turns, NULL) != DFT_OK; dft_alloc_refuse_nth(++n))
        assert_null(turns);
    dft_alloc_refuse_nth(0);
    assert_true(n > 4);
    dft_site_turns_free(turns);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_atom_of_a_class_is_where_the_operation_leads),
        cmocka_unit_test(equivalent_atoms_get_what_they_would_compute_themselves),
        cmocka_unit_test(no_rotation_that_moves_the_quadrature_joins_atoms),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
