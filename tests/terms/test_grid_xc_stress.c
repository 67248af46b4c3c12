#include "dft-lite/terms/grid_xc_stress.h"

#include <stdlib.h>

#include "dft-lite/base/threads.h"
#include "tests/terms/moved.h"

/* A positive density without symmetry in a triclinic cell. */
typedef struct {
    dft_crystal *crystal;
    dft_symmetry *identity;
    dft_basis *basis;
    dft_orbits *orbits;
    dft_xc *xc;
    size_t n_spin;
    double complex *rho;                /* [n_spin][n_g] */
} problem;

static problem problem_create(const char *xc, size_t n_spin)
{
    unsigned long seed = 3;
    problem p = { .crystal = test_triclinic(13), .n_spin = n_spin };

    assert_int_equal(dft_symmetry_create_identity(p.crystal, &p.identity, NULL), DFT_OK);
    assert_int_equal(dft_basis_create(p.crystal, 1.2, p.identity, &p.basis, NULL), DFT_OK);
    assert_int_equal(dft_orbits_create(p.basis->n_xc, p.identity, &p.orbits, NULL), DFT_OK);
    assert_int_equal(dft_xc_create(xc, &p.xc, NULL), DFT_OK);
    p.rho = dft_alloc_complex(n_spin * p.basis->n_g);
    p.rho[0] = 0.05;
    for (size_t ig = 1; ig < p.basis->n_g; ig++)
        p.rho[ig] = 0.02 / (double)p.basis->n_g * (test_random(&seed) + I * test_random(&seed));
    p.rho[1] = 0.006 * cexp(0.4 * I);
    p.rho[3] = -0.003 * I;
    for (size_t i = p.basis->n_g; i < n_spin * p.basis->n_g; i++)       /* a third is polarised */
        p.rho[i] = 0.3 * p.rho[i - p.basis->n_g] * (i % 3 == 0 ? 1.2 : 0.8);
    return p;
}

static void problem_clear(problem *p)
{
    free(p->rho);
    dft_xc_free(p->xc);
    dft_orbits_free(p->orbits);
    dft_basis_free(p->basis);
    dft_symmetry_free(p->identity);
    dft_crystal_free(p->crystal);
}

static double energy_strained(const problem *p, int s, double h)
{
    dft_crystal *strained = test_strained(p->crystal, s, h);
    dft_basis *basis = test_basis_like(strained, p->basis, p->identity);
    const size_t n_g = basis->n_g;
    double complex *rho = dft_alloc_complex(p->n_spin * n_g), *v = dft_alloc_complex(p->n_spin * n_g);
    double energy;

    for (size_t i = 0; i < p->n_spin; i++) {
        double complex *one = test_carry(p->basis, basis, n_g, p->basis->volume / basis->volume,
                                         p->rho + i * n_g);
        memcpy(rho + i * n_g, one, n_g * sizeof *one);
        free(one);
    }
    assert_int_equal(dft_grid_xc_add(basis, p->orbits, p->xc, p->n_spin, rho, &energy, v, NULL), DFT_OK);
    free(v);
    free(rho);
    dft_basis_free(basis);
    dft_crystal_free(strained);
    return energy;
}

static void check_slopes(const char *xc, size_t n_spin)
{
    problem p = problem_create(xc, n_spin);
    const double h = 1e-3;
    double strain[DFT_N_STRAIN] = { 0.0 };

    assert_int_equal(dft_grid_xc_add_strain(p.basis, p.orbits, p.xc, n_spin, p.rho, strain, NULL), DFT_OK);
    for (int s = 0; s < DFT_N_STRAIN; s++) {
        double e[4];
        for (int i = 0; i < 4; i++)
            e[i] = energy_strained(&p, s, test_steps[i] * h);
        assert_close(strain[s], test_slope(e, h), 1e-9 * fabs(strain[0]));
    }
    problem_clear(&p);
}

/* volume * n(G) is kept; fourth-order differences of a smooth function: 1e-9 of the largest. */
static void the_strain_derivative_is_the_energys_slope_for_pbe(void **unused)
{
    (void)unused;
    check_slopes("PBE", 1);
}

static void the_strain_derivative_is_the_energys_slope_for_lda(void **unused)
{
    (void)unused;
    check_slopes("LDA", 1);
}

static void the_strain_derivative_is_the_energys_slope_with_spin(void **unused)
{
    (void)unused;
    check_slopes("PBE", 2);
    check_slopes("LDA", 2);
}

/* Without magnetisation the spin form gives what the plain one gives. */
static void no_magnetisation_is_no_spin(void **unused)
{
    problem p = problem_create("PBE", 2);
    double plain[DFT_N_STRAIN] = { 0.0 }, spin[DFT_N_STRAIN] = { 0.0 };
    (void)unused;

    memset(p.rho + p.basis->n_g, 0, p.basis->n_g * sizeof *p.rho);
    assert_int_equal(dft_grid_xc_add_strain(p.basis, p.orbits, p.xc, 1, p.rho, plain, NULL), DFT_OK);
    assert_int_equal(dft_grid_xc_add_strain(p.basis, p.orbits, p.xc, 2, p.rho, spin, NULL), DFT_OK);
    for (int s = 0; s < DFT_N_STRAIN; s++)
        assert_close(spin[s], plain[s], 1e-11 * fabs(plain[0]));
    problem_clear(&p);
}

/* For LDA the tensor is a pressure; for a GGA it has a shape. */
static void only_gradients_give_the_tensor_a_shape(void **unused)
{
    problem lda = problem_create("LDA", 1), pbe = problem_create("PBE", 1);
    double a[DFT_N_STRAIN] = { 0.0 }, b[DFT_N_STRAIN] = { 0.0 };
    (void)unused;

    assert_int_equal(dft_grid_xc_add_strain(lda.basis, lda.orbits, lda.xc, 1, lda.rho, a, NULL), DFT_OK);
    assert_int_equal(dft_grid_xc_add_strain(pbe.basis, pbe.orbits, pbe.xc, 1, pbe.rho, b, NULL), DFT_OK);
    assert_true(a[0] == a[1] && a[1] == a[2] && a[3] == 0.0 && a[4] == 0.0 && a[5] == 0.0);
    assert_true(fabs(b[0] - b[1]) > 1e-6 && fabs(b[3]) > 1e-6);
    problem_clear(&lda);
    problem_clear(&pbe);
}

static void each_refused_allocation_is_reported(void **unused)
{
    problem p = problem_create("PBE", 1);
    double strain[DFT_N_STRAIN] = { 0.0 };
    (void)unused;

    for (int n = 1; n <= 5; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_grid_xc_add_strain(p.basis, p.orbits, p.xc, 1, p.rho, strain, NULL),
                         DFT_ENOMEM);
    }
    dft_alloc_refuse_nth(0);
    problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_strain_derivative_is_the_energys_slope_for_pbe),
        cmocka_unit_test(the_strain_derivative_is_the_energys_slope_for_lda),
        cmocka_unit_test(the_strain_derivative_is_the_energys_slope_with_spin),
        cmocka_unit_test(no_magnetisation_is_no_spin),
        cmocka_unit_test(only_gradients_give_the_tensor_a_shape),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
