#include "dft-lite/scf/start.h"

#include <string.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/math/lapack.h"
#include "dft-lite/terms/projectors.h"
#include "tests/hamiltonian/dense.h"
#include "tests/scf/prepared.h"

/* Trial orbitals of any number, more than there are atomic ones too, come out S-orthonormal, to single
 * precision. */
static void starting_orbitals_are_orthonormal_with_the_overlap(void **unused)
{
    const double k[3] = { 0.21, -0.37, 0.11 };
    test_dense t = test_dense_create(70, k);
    const size_t n = t.n_pw, n_atomic = dft_atomic_orbitals_count(t.system->ions);
    const size_t numbers[2] = { 3, n_atomic + 4 };
    (void)unused;

    for (int i = 0; i < 2; i++) {
        const size_t n_b = numbers[i];
        double complex *psi = dft_alloc_complex(n_b * n), *s_psi = dft_alloc_complex(n_b * n);
        double complex *product = dft_alloc_complex(n_b * n_b);
        double *e = dft_alloc_doubles(n_b);
        dft_davidson_work *work = test_start_work(t.kspace, n_b);
        assert_int_equal(dft_start_orbitals(t.kspace, &t.of_spin, n_b, psi, e, work, NULL), DFT_OK);
        dft_davidson_work_free(work);
        dft_gemm('N', 'N', n, n_b, n, 1.0, t.s, n, psi, n, 0.0, s_psi, n);
        dft_gemm('C', 'N', n_b, n_b, n, 1.0, psi, n, s_psi, n, 0.0, product, n_b);
        for (size_t a = 0; a < n_b; a++) {
            for (size_t b = 0; b < n_b; b++)
                assert_close(cabs(product[a * n_b + b] - (a == b ? 1.0 : 0.0)), 0.0, 1e-5);
            assert_true(a == 0 || e[a] >= e[a - 1]);
        }
        free(psi);
        free(s_psi);
        free(product);
        free(e);
    }
    test_dense_clear(&t);
}

/* Ritz values lie above the exact eigenvalues; the atomic orbitals put the lowest band of Al within
 * 0.1 Ha of its place. */
static void starting_eigenvalues_are_upper_bounds_and_close(void **unused)
{
    const double k[3] = { 0.21, -0.37, 0.11 };
    test_dense t = test_dense_create(70, k);
    double complex *psi = dft_alloc_complex(6 * t.n_pw), *x = dft_alloc_complex(t.n_pw * t.n_pw);
    double e[6], exact[6];
    (void)unused;

    dft_davidson_work *work = test_start_work(t.kspace, 6);
    assert_int_equal(dft_start_orbitals(t.kspace, &t.of_spin, 6, psi, e, work, NULL), DFT_OK);
    dft_davidson_work_free(work);
    assert_int_equal(dft_eigen_generalized(t.n_pw, t.h, t.s, DFT_NOISE_DOUBLE, 6, exact, x, NULL), DFT_OK);
    for (int ib = 0; ib < 6; ib++)
        assert_true(e[ib] >= exact[ib] - 1e-12);
    assert_close(e[0], exact[0], 0.1);
    free(psi);
    free(x);
    test_dense_clear(&t);
}

static void the_start_is_the_same_every_time(void **unused)
{
    test_prepared p = test_prepared_create(test_bcc(3, 3.44), 150, 2, 0, 5);
    const size_t n = 5 * p.kspace[0]->kbasis->n_pw;
    double complex *kept = dft_alloc_complex(n);
    (void)unused;

    test_prepared_start(&p);
    memcpy(kept, p.state->psi[0], n * sizeof *kept);
    test_prepared_start(&p);
    assert_memory_equal(kept, p.state->psi[0], n * sizeof *kept);
    free(kept);
    test_prepared_clear(&p);
}

static void refused_memory_is_reported(void **unused)
{
    test_prepared p = test_prepared_create(test_bcc(3, 3.44), 100, 1, 0, 4);
    const dft_spin_potential potential = dft_potential_of_spin(p.system, p.potential, 0);
    dft_davidson_work *work = test_start_work(p.kspace[0], 4);
    dft_status status;
    long n = 0;
    (void)unused;

    do {
        dft_alloc_refuse_nth(++n);
        status = dft_start_orbitals(p.kspace[0], &potential, 4, p.state->psi[0], p.eigenvalue,
                                    work, NULL);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
    } while (status != DFT_OK);
    dft_alloc_refuse_nth(0);
    assert_true(n > 5);
    dft_davidson_work_free(work);
    test_prepared_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starting_orbitals_are_orthonormal_with_the_overlap),
        cmocka_unit_test(starting_eigenvalues_are_upper_bounds_and_close),
        cmocka_unit_test(the_start_is_the_same_every_time),
        cmocka_unit_test(refused_memory_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
