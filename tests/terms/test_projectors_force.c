#include "dft-lite/terms/projectors_force.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/terms/moved.h"
#include "tests/terms/projector_matrix.h"

/* Zinc (s, p, d projectors) and lithium without symmetry, and random functions b. */
typedef struct {
    dft_crystal *crystal;
    dft_system *system;
    dft_kbasis *kbasis;
    double complex *b;                  /* [projectors][n_pw] */
} problem;

static problem problem_create(const double k[3])
{
    const double cell[3][3] = { { 3.1, 0.2, 0 }, { 0.4, 3.4, 0.3 }, { 0.5, 0.1, 3.9 } };
    const double x[2][3] = { { 0.13, 0.29, 0.41 }, { 0.6, 0.75, 0.9 } };
    unsigned long seed = 6;
    problem p = { .crystal = test_crystal(cell, 2, (int[]){ 30, 3 }, x) };

    p.system = test_system(p.crystal, 120, 1, 0);
    assert_int_equal(dft_kbasis_create(p.system->basis, k, &p.kbasis, NULL), DFT_OK);
    const size_t n = dft_projectors_count(p.system->ions) * p.kbasis->n_pw;
    p.b = dft_alloc_complex(n);
    for (size_t i = 0; i < n; i++)
        p.b[i] = test_random(&seed) + I * test_random(&seed);
    return p;
}

static void problem_clear(problem *p)
{
    free(p->b);
    dft_kbasis_free(p->kbasis);
    dft_system_free(p->system);
    dft_crystal_free(p->crystal);
}

static size_t first_of(const problem *p, size_t atom)
{
    return p->system->i_offset[atom] * p->kbasis->n_pw;
}

/* 2 Re sum p conj(b) over one atom's projectors in another crystal. */
static double product(const problem *p, size_t atom, const dft_crystal *crystal)
{
    const dft_system *s = p->system;
    dft_basis *basis = test_basis_like(crystal, s->basis, s->symmetry);
    dft_ions *ions = NULL;
    dft_kbasis *kb = NULL;
    double sum = 0.0;

    assert_int_equal(dft_ions_create(basis, crystal, s->n_species,
                                     (const dft_species *const *)s->species, s->species_of, &ions,
                                     NULL), DFT_OK);
    assert_int_equal(dft_kbasis_create(basis, p->kbasis->k, &kb, NULL), DFT_OK);
    assert_int_equal(kb->n_pw, p->kbasis->n_pw);
    double complex *matrix = test_projector_matrix(ions, kb);
    for (size_t i = first_of(p, atom); i < first_of(p, atom + 1); i++)
        sum += 2.0 * creal(matrix[i] * conj(p->b[i]));
    free(matrix);
    dft_kbasis_free(kb);
    dft_ions_free(ions);
    dft_basis_free(basis);
    return sum;
}

static void check_force(const problem *p, size_t atom, const double complex *matrix)
{
    const double h = 1e-3;
    double force[3] = { 0.0 };

    dft_projectors_add_force(p->kbasis, p->system->species[p->system->species_of[atom]]->n_i,
                             matrix + first_of(p, atom), p->b + first_of(p, atom), force);
    for (int c = 0; c < 3; c++) {
        double e[4];
        for (int i = 0; i < 4; i++) {
            dft_crystal *moved = test_displaced(p->crystal, atom, c, test_steps[i] * h);
            e[i] = product(p, atom, moved);
            dft_crystal_free(moved);
        }
        assert_true(fabs(force[c]) > 1e-3);
        assert_close(force[c], -test_slope(e, h), 1e-9);
    }
}

static void the_force_is_minus_the_products_slope(void **unused)
{
    problem p = problem_create((double[3]){ 0.2, -0.1, 0.35 });
    double complex *matrix = test_projector_matrix(p.system->ions, p.kbasis);
    (void)unused;

    for (size_t atom = 0; atom < 2; atom++)
        check_force(&p, atom, matrix);
    free(matrix);
    problem_clear(&p);
}

/* h = 2e-4: the splined transforms' third derivative jumps at the knots, 1e-8. */
static void check_strain(const problem *p, size_t atom)
{
    const double h = 2e-4;
    double strain[DFT_N_STRAIN] = { 0.0 };
    double complex *phase = dft_alloc_complex(p->kbasis->n_pw);
    dft_directions *directions = NULL;

    assert_int_equal(dft_directions_create(p->kbasis, &directions, NULL), DFT_OK);
    dft_projectors_add_strain(p->system->ions, p->kbasis, directions, atom, p->b + first_of(p, atom),
                              phase, strain);
    for (int s = 0; s < DFT_N_STRAIN; s++) {
        double e[4];
        for (int i = 0; i < 4; i++) {
            dft_crystal *moved = test_strained(p->crystal, s, test_steps[i] * h);
            e[i] = product(p, atom, moved);
            dft_crystal_free(moved);
        }
        assert_true(fabs(strain[s]) > 1e-3);
        assert_close(strain[s], test_slope(e, h), 1e-8);
    }
    dft_directions_free(directions);
    free(phase);
}

static void the_strain_derivative_is_the_products_slope(void **unused)
{
    problem p = problem_create((double[3]){ 0.2, -0.1, 0.35 });
    (void)unused;

    for (size_t atom = 0; atom < 2; atom++)
        check_strain(&p, atom);
    problem_clear(&p);
}

/* At the centre one vector has no direction. */
static void the_strain_derivative_holds_where_k_plus_g_vanishes(void **unused)
{
    problem p = problem_create((double[3]){ 0.0, 0.0, 0.0 });
    (void)unused;

    check_strain(&p, 0);
    problem_clear(&p);
}

static void refused_memory_is_reported(void **unused)
{
    problem p = problem_create((double[3]){ 0.0, 0.0, 0.0 });
    dft_directions *directions = NULL;
    (void)unused;

    for (int n = 1; n <= 5; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_directions_create(p.kbasis, &directions, NULL), DFT_ENOMEM);
        assert_null(directions);
    }
    dft_alloc_refuse_nth(0);
    problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_force_is_minus_the_products_slope),
        cmocka_unit_test(the_strain_derivative_is_the_products_slope),
        cmocka_unit_test(the_strain_derivative_holds_where_k_plus_g_vanishes),
        cmocka_unit_test(refused_memory_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
