#include "dft-lite/terms/ions_force.h"

#include <stdlib.h>

#include "dft-lite/base/threads.h"
#include "tests/terms/moved.h"

/* Aluminium, oxygen and lithium at places of no symmetry: core densities, zero potentials, all
 * multipoles, in fields that are random. */
typedef struct {
    dft_crystal *crystal;
    dft_system *system;
    double complex *v_g, *v_fine;
    double q[3 * DFT_N_COMPENSATION];
} problem;

static problem problem_create(void)
{
    const double cell[3][3] = { { 3.1, 0.2, 0 }, { 0.4, 3.4, 0.3 }, { 0.5, 0.1, 3.9 } };
    const double x[3][3] = { { 0.13, 0.29, 0.41 }, { 0.6, 0.75, 0.9 }, { 0.4, 0.1, 0.05 } };
    unsigned long seed = 5;
    problem p = { .crystal = test_crystal(cell, 3, (int[]){ 13, 8, 3 }, x) };

    p.system = test_system(p.crystal, 80, 1, 0);
    p.v_g = dft_alloc_complex(p.system->basis->n_g);
    p.v_fine = dft_alloc_complex(p.system->basis->n_fine);
    for (size_t ig = 0; ig < p.system->basis->n_g; ig++)
        p.v_g[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
    for (size_t ig = 0; ig < p.system->basis->n_fine; ig++)
        p.v_fine[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
    for (int i = 0; i < 3 * DFT_N_COMPENSATION; i++)
        p.q[i] = test_random(&seed);
    return p;
}

static void problem_clear(problem *p)
{
    free(p->v_g);
    free(p->v_fine);
    dft_system_free(p->system);
    dft_crystal_free(p->crystal);
}

static const dft_spline *pick_valence(const dft_species *species) { return &species->valence_q; }

enum { CORE, ZERO, CHARGE, VALENCE, N_TERMS };

static dft_ions_surroundings only(const problem *p, int term)
{
    switch (term) {
    case CORE:   return (dft_ions_surroundings){ .core_v = p->v_g };
    case ZERO:   return (dft_ions_surroundings){ .zero_n = p->v_g };
    case CHARGE: return (dft_ions_surroundings){ .charge_v = p->v_fine, .multipole = p->q };
    default:     return (dft_ions_surroundings){ .valence_v = p->v_g };
    }
}

/* Energy of one term's field in another crystal of the same atoms and the same vectors. */
static double energy_of(const problem *p, int term, const dft_crystal *crystal)
{
    const dft_system *s = p->system;
    dft_basis *basis = test_basis_like(crystal, s->basis, s->symmetry);
    dft_ions *ions = NULL;
    double energy = 0.0, w[3 * DFT_N_COMPENSATION];

    assert_int_equal(dft_ions_create(basis, crystal, s->n_species,
                                     (const dft_species *const *)s->species, s->species_of, &ions,
                                     NULL), DFT_OK);
    const size_t n = term == CHARGE ? basis->n_fine : basis->n_g;
    double complex *v = test_carry(s->basis, basis, n, 1.0, term == CHARGE ? p->v_fine : p->v_g);
    double complex *phase = dft_alloc_complex(basis->n_fine);
    double complex *valence = dft_alloc_complex(basis->n_g);
    if (term == CHARGE) {
        dft_ions_project_compensation(ions, v, NULL, w, phase);
        for (int i = 0; i < 3 * DFT_N_COMPENSATION; i++)
            energy += p->q[i] * w[i];
    } else {
        dft_ions_add_spherical(ions, pick_valence, valence, phase);
        energy = dft_basis_inner(basis, basis->n_g, v, term == CORE ? ions->core_g
                                                     : term == ZERO ? ions->zero_g : valence);
    }
    free(v);
    free(phase);
    free(valence);
    dft_ions_free(ions);
    dft_basis_free(basis);
    return energy;
}

/* h = 1e-3 bohr: h^4 G^4/30 is below 1e-9 of the force for |G| < 10. */
static void the_force_of_each_term_is_minus_its_energys_slope(void **unused)
{
    problem p = problem_create();
    const double h = 1e-3;
    (void)unused;

    for (int term = 0; term < N_TERMS; term++) {
        const dft_ions_surroundings at = only(&p, term);
        double force[3][3] = { { 0.0 } }, largest = 0.0;
        assert_int_equal(dft_ions_add_force(p.system->ions, &at, force, NULL), DFT_OK);
        for (size_t a = 0; a < 3; a++)
            for (int c = 0; c < 3; c++)
                largest = fmax(largest, fabs(force[a][c]));
        assert_true(largest > 1e-2);
        for (size_t a = 0; a < 3; a++)
            for (int c = 0; c < 3; c++) {
                double e[4];
                for (int i = 0; i < 4; i++) {
                    dft_crystal *moved = test_displaced(p.crystal, a, c, test_steps[i] * h);
                    e[i] = energy_of(&p, term, moved);
                    dft_crystal_free(moved);
                }
                assert_close(force[a][c] / largest, -test_slope(e, h) / largest, 1e-9);
            }
    }
    problem_clear(&p);
}

/* Splined transforms have a third derivative that jumps at the knots: 1e-7 of the tensor. */
static void the_strain_derivative_of_each_term_is_its_energys_slope(void **unused)
{
    problem p = problem_create();
    const double h = 2e-4;
    (void)unused;

    for (int term = 0; term < N_TERMS; term++) {
        const dft_ions_surroundings at = only(&p, term);
        double strain[DFT_N_STRAIN] = { 0.0 }, largest = 0.0;
        assert_int_equal(dft_ions_add_strain(p.system->ions, &at, strain, NULL), DFT_OK);
        for (int s = 0; s < DFT_N_STRAIN; s++)
            largest = fmax(largest, fabs(strain[s]));
        assert_true(largest > 1e-2);
        for (int s = 0; s < DFT_N_STRAIN; s++) {
            double e[4];
            for (int i = 0; i < 4; i++) {
                dft_crystal *moved = test_strained(p.crystal, s, test_steps[i] * h);
                e[i] = energy_of(&p, term, moved);
                dft_crystal_free(moved);
            }
            assert_close(strain[s] / largest, test_slope(e, h) / largest, 1e-7);
        }
    }
    problem_clear(&p);
}

/* Terms add up, and what is there already is kept. */
static void all_terms_together_are_their_sum(void **unused)
{
    problem p = problem_create();
    const dft_ions_surroundings all = { p.v_g, p.v_g, p.v_fine, p.q, p.v_g };
    double force[3][3] = { { 0.0 } }, parts[3][3] = { { 0.0 } };
    double strain[DFT_N_STRAIN] = { 0.0 }, strain_parts[DFT_N_STRAIN] = { 0.0 };
    (void)unused;

    assert_int_equal(dft_ions_add_force(p.system->ions, &all, force, NULL), DFT_OK);
    assert_int_equal(dft_ions_add_strain(p.system->ions, &all, strain, NULL), DFT_OK);
    for (int term = 0; term < N_TERMS; term++) {
        const dft_ions_surroundings at = only(&p, term);
        assert_int_equal(dft_ions_add_force(p.system->ions, &at, parts, NULL), DFT_OK);
        assert_int_equal(dft_ions_add_strain(p.system->ions, &at, strain_parts, NULL), DFT_OK);
    }
    for (int a = 0; a < 3; a++)
        for (int c = 0; c < 3; c++)
            assert_close(force[a][c], parts[a][c], 1e-10);
    for (int s = 0; s < DFT_N_STRAIN; s++)
        assert_close(strain[s], strain_parts[s], 1e-9);
    problem_clear(&p);
}

static void refused_memory_is_reported(void **unused)
{
    problem p = problem_create();
    const dft_ions_surroundings at = only(&p, CORE);
    double force[3][3] = { { 0.0 } }, strain[DFT_N_STRAIN] = { 0.0 };
    (void)unused;

    dft_alloc_refuse_nth(1);
    assert_int_equal(dft_ions_add_force(p.system->ions, &at, force, NULL), DFT_ENOMEM);
    for (int n = 1; n <= 2; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_ions_add_strain(p.system->ions, &at, strain, NULL), DFT_ENOMEM);
    }
    dft_alloc_refuse_nth(0);
    problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_force_of_each_term_is_minus_its_energys_slope),
        cmocka_unit_test(the_strain_derivative_of_each_term_is_its_energys_slope),
        cmocka_unit_test(all_terms_together_are_their_sum),
        cmocka_unit_test(refused_memory_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
