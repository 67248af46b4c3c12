#include "dft-lite/hamiltonian/hamiltonian.h"

#include <string.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/math/lapack.h"
#include "tests/hamiltonian/dense.h"

static const double generic_k[3] = { 0.21, -0.37, 0.11 };

/* H and S applied to the unit vectors: their columns. */
static void columns_of(const test_dense *t, size_t n_inner, double complex *h, double complex *s)
{
    const size_t n = t->n_pw;
    double complex *unit = dft_alloc_complex(n * n);
    dft_apply_work *work = NULL;

    for (size_t i = 0; i < n; i++)
        unit[i * n + i] = 1.0;
    assert_int_equal(dft_apply_work_create(t->system, n, n_inner, &work, NULL), DFT_OK);
    assert_int_equal(dft_hamiltonian_apply(t->kspace, &t->of_spin, n, unit, h, s, work, NULL), DFT_OK);
    dft_apply_work_free(work);
    free(unit);
}

/* The FFT road (box, pruning, product with v(r)) against v(G - G') element by element; the
 * projectors through BLAS against plain loops. 1e-11: rounding of sums of 10 Ha. */
static void applied_columns_are_the_matrix_elements(void **unused)
{
    test_dense t = test_dense_create(70, generic_k);
    double complex *h = dft_alloc_complex(t.n_pw * t.n_pw), *s = dft_alloc_complex(t.n_pw * t.n_pw);
    (void)unused;

    assert_true(t.n_pw > 30);
    columns_of(&t, 1, h, s);
    for (size_t i = 0; i < t.n_pw * t.n_pw; i++) {
        assert_close(cabs(h[i] - t.h[i]), 0.0, 1e-11);
        assert_close(cabs(s[i] - t.s[i]), 0.0, 1e-12);
    }
    free(h);
    free(s);
    test_dense_clear(&t);
}

static void hamiltonian_and_overlap_are_hermitian(void **unused)
{
    test_dense t = test_dense_create(70, generic_k);
    double complex *h = dft_alloc_complex(t.n_pw * t.n_pw), *s = dft_alloc_complex(t.n_pw * t.n_pw);
    (void)unused;

    columns_of(&t, 1, h, s);
    for (size_t a = 0; a < t.n_pw; a++)
        for (size_t b = 0; b <= a; b++) {
            assert_close(cabs(h[a * t.n_pw + b] - conj(h[b * t.n_pw + a])), 0.0, 1e-12);
            assert_close(cabs(s[a * t.n_pw + b] - conj(s[b * t.n_pw + a])), 0.0, 1e-13);
        }
    free(h);
    free(s);
    test_dense_clear(&t);
}

/* Eigenvalues of S itself: all positive, and 1 but for at most one per projector. */
static void overlap_is_positive(void **unused)
{
    test_dense t = test_dense_create(70, generic_k);
    const size_t n = t.n_pw;
    double complex *one = dft_alloc_complex(n * n), *x = dft_alloc_complex(n * n);
    double *e = dft_alloc_doubles(n);
    size_t n_ones = 0;
    (void)unused;

    for (size_t i = 0; i < n; i++)
        one[i * n + i] = 1.0;
    assert_int_equal(dft_eigen_generalized(n, t.s, one, DFT_NOISE_DOUBLE, n, e, x, NULL), DFT_OK);
    assert_true(e[0] > 0.0);
    for (size_t i = 0; i < n; i++)
        n_ones += fabs(e[i] - 1.0) < 1e-10;
    assert_true(n_ones + t.kspace->n_projectors >= n);
    assert_true(e[n - 1] - e[0] > 1e-3);                /* there is an overlap at all */
    free(one);
    free(x);
    free(e);
    test_dense_clear(&t);
}

/* Bands are dealt to threads; each column is computed alone: the same bits. */
static void inner_threads_do_not_change_the_bits(void **unused)
{
    test_dense t = test_dense_create(70, generic_k);
    const size_t n2 = t.n_pw * t.n_pw;
    double complex *h = dft_alloc_complex(n2), *s = dft_alloc_complex(n2);
    double complex *h2 = dft_alloc_complex(n2), *s2 = dft_alloc_complex(n2);
    (void)unused;

    columns_of(&t, 1, h, s);
    columns_of(&t, 2, h2, s2);
    assert_memory_equal(h, h2, n2 * sizeof *h);
    assert_memory_equal(s, s2, n2 * sizeof *s);
    free(h);
    free(s);
    free(h2);
    free(s2);
    test_dense_clear(&t);
}

static void projecting_is_the_inner_product_with_each_projector(void **unused)
{
    test_dense t = test_dense_create(70, generic_k);
    const size_t n = t.n_pw, n_proj = t.kspace->n_projectors;
    double complex *psi = dft_alloc_complex(2 * n), *c = dft_alloc_complex(2 * n_proj);
    double complex *p = test_projector_matrix(t.system->ions, t.kspace->kbasis);
    dft_apply_work *work = NULL;
    unsigned long seed = 8;
    (void)unused;

    for (size_t i = 0; i < 2 * n; i++)
        psi[i] = test_random(&seed) + I * test_random(&seed);
    assert_int_equal(dft_apply_work_create(t.system, 2, 1, &work, NULL), DFT_OK);
    dft_project_d(t.kspace, 2, psi, c, work);
    for (size_t ib = 0; ib < 2; ib++)
        for (size_t i = 0; i < n_proj; i++) {
            double complex sum = 0.0;
            for (size_t g = 0; g < n; g++)
                sum += conj(p[i * n + g]) * psi[ib * n + g];
            assert_close(cabs(c[ib * n_proj + i] - sum), 0.0, 1e-12);
        }
    free(psi);
    free(c);
    free(p);
    dft_apply_work_free(work);
    test_dense_clear(&t);
}

/* Each part in single precision against the same in double. 3e-6: 1e-7 of some 10 Ha times a few. */
static void single_precision_parts_are_those_in_double(void **unused)
{
    test_dense t = test_dense_create(70, generic_k);
    const size_t n = t.n_pw, n_proj = t.kspace->n_projectors;
    double complex *d = dft_alloc_complex(2 * n), *c_d = dft_alloc_complex(n_proj);
    float complex *s = dft_alloc_complex_s(2 * n), *y_s = dft_alloc_complex_s(n_proj);
    double complex *c_s = dft_alloc_complex(n_proj);
    dft_apply_work *work = NULL;
    unsigned long seed = 8;
    (void)unused;

    for (size_t i = 0; i < n; i++)
        s[i] = (float complex)(d[i] = (test_random(&seed) + I * test_random(&seed)) / sqrt((double)n));
    assert_int_equal(dft_apply_work_create(t.system, 1, 1, &work, NULL), DFT_OK);
    dft_apply_local_d(t.kspace, &t.of_spin, 1, d, d + n, work);
    dft_apply_local_s(t.kspace, &t.of_spin, 1, s, s + n, work);
    dft_project_d(t.kspace, 1, d, c_d, work);
    dft_project_s(t.kspace, 1, s, c_s, work);
    for (size_t i = 0; i < n_proj; i++) {
        assert_close(cabs(c_d[i] - c_s[i]), 0.0, 3e-6);
        y_s[i] = (float complex)c_d[i];
    }
    dft_back_project_d(t.kspace, 1, c_d, d + n, work);
    dft_back_project_s(t.kspace, 1, y_s, s + n, work);
    for (size_t g = 0; g < n; g++)
        assert_close(cabs(d[n + g] - s[n + g]), 0.0, 3e-6);
    free(d);
    free(c_d);
    free(s);
    free(y_s);
    free(c_s);
    dft_apply_work_free(work);
    test_dense_clear(&t);
}

/* H(-k) is the complex conjugate of H(k) with G -> -G: equal eigenvalues (time reversal). */
static void eigenvalues_at_k_and_minus_k_are_equal(void **unused)
{
    const double minus[3] = { -generic_k[0], -generic_k[1], -generic_k[2] };
    test_dense a = test_dense_create(70, generic_k), b = test_dense_create(70, minus);
    double complex *x = dft_alloc_complex(a.n_pw * a.n_pw);
    double e_a[8], e_b[8];
    (void)unused;

    assert_int_equal(a.n_pw, b.n_pw);
    assert_int_equal(dft_eigen_generalized(a.n_pw, a.h, a.s, DFT_NOISE_DOUBLE, 8, e_a, x, NULL), DFT_OK);
    assert_int_equal(dft_eigen_generalized(b.n_pw, b.h, b.s, DFT_NOISE_DOUBLE, 8, e_b, x, NULL), DFT_OK);
    for (int i = 0; i < 8; i++)
        assert_close(e_a[i], e_b[i], 1e-11);
    free(x);
    test_dense_clear(&a);
    test_dense_clear(&b);
}

static void each_refused_allocation_is_reported(void **unused)
{
    test_dense t = test_dense_create(30, generic_k);
    dft_kspace *kspace = NULL;
    dft_apply_work *work = NULL;
    long n = 0;
    (void)unused;

    for (dft_alloc_refuse_nth(++n); dft_kspace_create(t.system, generic_k, &kspace, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(kspace);
    assert_true(n > 10);
    dft_kspace_free(kspace);
    n = 0;
    for (dft_alloc_refuse_nth(++n); dft_apply_work_create(t.system, 4, 2, &work, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(work);
    dft_alloc_refuse_nth(0);
    dft_apply_work_free(work);
    test_dense_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applied_columns_are_the_matrix_elements),
        cmocka_unit_test(hamiltonian_and_overlap_are_hermitian),
        cmocka_unit_test(overlap_is_positive),
        cmocka_unit_test(inner_threads_do_not_change_the_bits),
        cmocka_unit_test(projecting_is_the_inner_product_with_each_projector),
        cmocka_unit_test(single_precision_parts_are_those_in_double),
        cmocka_unit_test(eigenvalues_at_k_and_minus_k_are_equal),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
