#include "dft-lite/scf/state.h"

#include <string.h>

#include "dft-lite/base/threads.h"
#include "tests/scf/prepared.h"

/* Smooth density and compensation charges of free atoms hold the valence electrons, exactly by
 * construction; and the smooth part alone does not. */
static void superposed_atoms_hold_the_valence_electrons(void **unused)
{
    test_prepared p = test_prepared_create(test_wurtzite(30, 8, 3.25, 5.2, 0.382), 80, 1, 1, 22);
    (void)unused;

    assert_close(test_electrons(p.system, p.state->rho_g, p.state->d_p), 36.0, 1e-11);
    assert_true(fabs(p.system->basis->volume * creal(p.state->rho_g[0]) - 36.0) > 0.5);
    assert_false(p.state->has_orbitals);
    test_prepared_clear(&p);
}

/* Before the charge is fixed: the atoms' transforms alone give it to a few thousandths, so that G =
 * 0 is not set against the rest of the density. */
static void atoms_need_little_correction_of_the_charge(void **unused)
{
    test_prepared p = test_prepared_create(test_wurtzite(30, 8, 3.25, 5.2, 0.382), 80, 1, 1, 22);
    (void)unused;

    assert_close(test_electrons(p.system, p.state->atoms_g, p.state->d_p), 36.0, 0.02);
    test_prepared_clear(&p);
}

static void the_same_geometry_is_taken_over_bit_by_bit(void **unused)
{
    test_prepared from = test_prepared_create(test_bcc(3, 3.44), 150, 2, 1, 5);
    test_prepared to = test_prepared_create(test_bcc(3, 3.44), 150, 2, 1, 5);
    (void)unused;

    test_prepared_start(&from);
    for (size_t ig = 1; ig < from.state->n_g; ig++)     /* some deformation */
        from.state->rho_g[ig] *= 1.1;
    assert_int_equal(dft_scf_state_from_state(to.system, from.state, to.state), 1);
    for (size_t ig = 0; ig < to.state->n_g; ig++)
        assert_close(cabs(to.state->rho_g[ig] - from.state->rho_g[ig]), 0.0, 1e-15);
    assert_true(to.state->has_orbitals);
    for (size_t ik = 0; ik < to.n_k; ik++)
        assert_memory_equal(to.state->psi[ik], from.state->psi[ik],
                            5 * to.state->n_pw[ik] * sizeof **to.state->psi);
    test_prepared_clear(&from);
    test_prepared_clear(&to);
}

/* Larger cell, higher cutoff, moved atom: the deformation comes along and the electrons are right.
 * */
static void another_cell_gets_the_deformation_and_its_own_charge(void **unused)
{
    const double origin[3] = { 0, 0, 0 }, aside[3] = { 0.1, 0, 0 };
    test_prepared from = test_prepared_create(test_fcc(13, 4.04, origin), 150, 2, 0, 5);
    test_prepared to = test_prepared_create(test_fcc(13, 4.2, aside), 200, 2, 0, 5);
    (void)unused;

    from.state->rho_g[2] += 0.003;
    assert_int_equal(dft_scf_state_from_state(to.system, from.state, to.state), 1);
    assert_close(test_electrons(to.system, to.state->rho_g, to.state->d_p), 3.0, 1e-12);
    for (size_t ig = 1; ig < to.state->n_g; ig++) {
        const int here = memcmp(to.state->hkl[ig], from.state->hkl[2], sizeof *to.state->hkl) == 0;
        const double want = here ? 0.003 * from.state->volume / to.state->volume : 0.0;
        assert_close(cabs(to.state->rho_g[ig] - to.state->atoms_g[ig] - want), 0.0, 1e-15);
    }
    assert_false(to.state->has_orbitals);           /* there were none to take */
    test_prepared_clear(&from);
    test_prepared_clear(&to);
}

static void orbitals_are_left_where_the_k_points_differ(void **unused)
{
    test_prepared from = test_prepared_create(test_bcc(3, 3.44), 150, 2, 1, 5);
    test_prepared to = test_prepared_create(test_bcc(3, 3.44), 150, 3, 1, 5);
    (void)unused;

    test_prepared_start(&from);
    assert_int_equal(dft_scf_state_from_state(to.system, from.state, to.state), 1);
    assert_false(to.state->has_orbitals);
    test_prepared_clear(&from);
    test_prepared_clear(&to);
}

static void other_atoms_are_refused_and_nothing_changes(void **unused)
{
    const double origin[3] = { 0, 0, 0 };
    test_prepared from = test_prepared_create(test_fcc(13, 4.04, origin), 100, 1, 1, 5);
    test_prepared to = test_prepared_create(test_fcc(47, 4.16, origin), 100, 1, 1, 5);
    double complex *kept = dft_alloc_complex(to.state->n_g);
    (void)unused;

    memcpy(kept, to.state->rho_g, to.state->n_g * sizeof *kept);
    assert_int_equal(dft_scf_state_from_state(to.system, from.state, to.state), 0);
    assert_memory_equal(kept, to.state->rho_g, to.state->n_g * sizeof *kept);
    free(kept);
    test_prepared_clear(&from);
    test_prepared_clear(&to);
}

static void refused_memory_is_reported(void **unused)
{
    test_prepared p = test_prepared_create(test_bcc(3, 3.44), 100, 2, 1, 4);
    dft_scf_state *state = NULL;
    long n = 1;
    (void)unused;

    for (dft_alloc_refuse_nth(n);
         dft_scf_state_create(p.system, p.kspace, 4, &state, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(state);
    dft_scf_state_free(state);
    dft_alloc_refuse_nth(1);            /* falls back to "not taken over" */
    assert_int_equal(dft_scf_state_from_state(p.system, p.state, p.state), 0);
    dft_alloc_refuse_nth(0);
    assert_true(n > 10);
    test_prepared_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(superposed_atoms_hold_the_valence_electrons),
        cmocka_unit_test(atoms_need_little_correction_of_the_charge),
        cmocka_unit_test(the_same_geometry_is_taken_over_bit_by_bit),
        cmocka_unit_test(another_cell_gets_the_deformation_and_its_own_charge),
        cmocka_unit_test(orbitals_are_left_where_the_k_points_differ),
        cmocka_unit_test(other_atoms_are_refused_and_nothing_changes),
        cmocka_unit_test(refused_memory_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
