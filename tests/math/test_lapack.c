#include "dft-lite/math/lapack.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/support/assert_close.h"

#define N 24

static double next_random(unsigned long *state)         /* in (-1, 1) */
{
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return (double)(*state >> 11) / 4503599627370496.0 - 1.0;
}

static void hermitian_fill(size_t n, double complex *a, unsigned long seed)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            a[j * n + i] = next_random(&seed) + (i == j ? 0.0 : I * next_random(&seed));
            a[i * n + j] = conj(a[j * n + i]);
        }
}

/* S = B^H B with the columns of B given; rank as that of B. */
static void gram_fill(size_t n, const double complex *b, double complex *s)
{
    dft_gemm('C', 'N', n, n, n, 1.0, b, n, b, n, 0.0, s, n);
}

/* Largest element of H x - S x diag(e), and of x^H S x - 1. */
static void check_solution(size_t n, size_t n_want, const double complex *h,
                           const double complex *s, const double *e, const double complex *x,
                           double tolerance)
{
    double complex hx[N * N], sx[N * N], product[N * N];

    dft_gemm('N', 'N', n, n_want, n, 1.0, h, n, x, n, 0.0, hx, n);
    dft_gemm('N', 'N', n, n_want, n, 1.0, s, n, x, n, 0.0, sx, n);
    dft_gemm('C', 'N', n_want, n_want, n, 1.0, x, n, sx, n, 0.0, product, n_want);
    for (size_t j = 0; j < n_want; j++) {
        for (size_t i = 0; i < n; i++)
            assert_close(cabs(hx[j * n + i] - e[j] * sx[j * n + i]), 0.0, tolerance);
        for (size_t i = 0; i < n_want; i++)
            assert_close(cabs(product[j * n_want + i] - (i == j ? 1.0 : 0.0)), 0.0, tolerance);
        if (j > 0)
            assert_true(e[j] >= e[j - 1]);
    }
}

/* gemm against the plain triple sum, both conjugations, leading dimensions larger than the matrix.
 * */
static void gemm_is_the_plain_sum(void **unused)
{
    double complex a[7 * 5], b[7 * 5], c[6 * 4], want[6 * 4];
    const double complex alpha = 0.3 - 0.7 * I, beta = 1.1 + 0.2 * I;
    unsigned long seed = 3;
    (void)unused;

    for (int i = 0; i < 35; i++) {
        a[i] = next_random(&seed) + I * next_random(&seed);
        b[i] = next_random(&seed) + I * next_random(&seed);
    }
    for (int i = 0; i < 24; i++)
        c[i] = want[i] = next_random(&seed);
    for (int i = 0; i < 3; i++)                 /* C (3 x 4) = alpha A^H B + beta C, k = 5 */
        for (int j = 0; j < 4; j++) {
            double complex sum = 0.0;
            for (int k = 0; k < 5; k++)
                sum += conj(a[i * 7 + k]) * b[j * 7 + k];
            want[j * 6 + i] = alpha * sum + beta * want[j * 6 + i];
        }
    dft_gemm('C', 'N', 3, 4, 5, alpha, a, 7, b, 7, beta, c, 6);
    for (int i = 0; i < 24; i++)
        assert_close(cabs(c[i] - want[i]), 0.0, 1e-14);
    dft_gemm('N', 'N', 0, 4, 5, alpha, a, 7, b, 7, beta, c, 6);     /* nothing to do: allowed */
}

/* 1e-11: rounding times the condition number of S, below 1e4 here. */
static void eigenpairs_solve_the_generalised_problem(void **unused)
{
    double complex h[N * N], s[N * N], b[N * N], h0[N * N], s0[N * N], x[N * N];
    double e[N], e_all[N];
    (void)unused;

    hermitian_fill(N, h0, 11);
    hermitian_fill(N, b, 12);
    for (size_t i = 0; i < N; i++)
        b[i * N + i] += 6.0;
    gram_fill(N, b, s0);
    memcpy(h, h0, sizeof h);
    memcpy(s, s0, sizeof s);
    assert_int_equal(dft_eigen_generalized(N, h, s, DFT_NOISE_DOUBLE, N, e_all, x, NULL), DFT_OK);
    check_solution(N, N, h0, s0, e_all, x, 1e-11);
    memcpy(h, h0, sizeof h);
    memcpy(s, s0, sizeof s);
    assert_int_equal(dft_eigen_generalized(N, h, s, DFT_NOISE_DOUBLE, 5, e, x, NULL), DFT_OK);
    check_solution(N, 5, h0, s0, e, x, 1e-11);
    for (int i = 0; i < 5; i++)                 /* the lowest ones */
        assert_close(e[i], e_all[i], 1e-12);
}

/* The upper triangles hold nonsense: callers fill the lower ones only. */
static void only_the_lower_triangles_are_read(void **unused)
{
    double complex h[N * N], s[N * N], h0[N * N], s0[N * N], x[N * N];
    double e[N], want[N];
    (void)unused;

    hermitian_fill(N, h0, 21);
    memset(s0, 0, sizeof s0);
    for (size_t i = 0; i < N; i++)
        s0[i * N + i] = 1.0 + 0.1 * (double)i;
    memcpy(h, h0, sizeof h);
    memcpy(s, s0, sizeof s);
    assert_int_equal(dft_eigen_generalized(N, h, s, DFT_NOISE_DOUBLE, 6, want, x, NULL), DFT_OK);
    memcpy(h, h0, sizeof h);
    memcpy(s, s0, sizeof s);
    for (size_t j = 0; j < N; j++)
        for (size_t i = 0; i < j; i++)
            h[j * N + i] = s[j * N + i] = 1e3;
    assert_int_equal(dft_eigen_generalized(N, h, s, DFT_NOISE_DOUBLE, 6, e, x, NULL), DFT_OK);
    for (int i = 0; i < 6; i++)
        assert_close(e[i], want[i], 1e-12);
}

/* Trial vectors v_0..v_(N-2) and v_(N-1) = v_0 + v_1: the projected H and S belong to a space of
 * one dimension less, whose eigenvalues are those of the problem without the last vector. 1e-8: the
 * square root of rounding, the accuracy to which a null direction can be told. */
static void a_dependent_direction_is_dropped(void **unused)
{
    double complex v[N * N], hv[N * N], full[N * N], h[N * N], s[N * N], x[N * N];
    double e[N], want[N];
    const size_t n = N - 1;
    unsigned long seed = 5;
    (void)unused;

    hermitian_fill(N, full, 31);
    for (size_t i = 0; i < N * N; i++)
        v[i] = next_random(&seed) + I * next_random(&seed);
    for (size_t i = 0; i < N; i++)
        v[n * N + i] = v[i] + v[N + i];
    dft_gemm('N', 'N', N, N, N, 1.0, full, N, v, N, 0.0, hv, N);
    dft_gemm('C', 'N', n, n, N, 1.0, v, N, hv, N, 0.0, h, n);
    dft_gemm('C', 'N', n, n, N, 1.0, v, N, v, N, 0.0, s, n);
    assert_int_equal(dft_eigen_generalized(n, h, s, DFT_NOISE_DOUBLE, n, want, x, NULL), DFT_OK);
    dft_gemm('C', 'N', N, N, N, 1.0, v, N, hv, N, 0.0, h, N);
    dft_gemm('C', 'N', N, N, N, 1.0, v, N, v, N, 0.0, s, N);
    assert_int_equal(dft_eigen_generalized(N, h, s, DFT_NOISE_DOUBLE, n, e, x, NULL), DFT_OK);
    for (size_t i = 0; i < n; i++)
        assert_close(e[i], want[i], 1e-8);
}

static void too_few_independent_directions_are_refused(void **unused)
{
    double complex h[N * N] = { 0 }, s[N * N] = { 0 }, x[N * N];
    double e[N];
    dft_error err = { 0 };
    (void)unused;

    for (size_t i = 0; i < N; i++) {
        h[i * N + i] = (double)i;
        s[i * N + i] = i < 4 ? 1.0 : 0.0;
    }
    assert_int_equal(dft_eigen_generalized(N, h, s, DFT_NOISE_DOUBLE, 5, e, x, &err), DFT_ENUMERIC);
    assert_non_null(strstr(err.message, "only 4 of 5"));
}

static void an_overlap_with_a_negative_direction_is_refused(void **unused)
{
    double complex h[N * N] = { 0 }, s[N * N] = { 0 }, x[N * N];
    double e[N];
    dft_error err = { 0 };
    (void)unused;

    for (size_t i = 0; i < N; i++)
        s[i * N + i] = i == 7 ? -0.01 : 1.0;
    assert_int_equal(dft_eigen_generalized(N, h, s, DFT_NOISE_DOUBLE, 3, e, x, &err), DFT_ENUMERIC);
    assert_non_null(strstr(err.message, "not positive"));
    assert_non_null(strstr(err.message, "-0.01"));
}

static void least_squares_solves_a_regular_and_a_singular_system(void **unused)
{
    double a[9] = { 4, 1, 0, 1, 3, 1, 0, 1, 2 }, b[3] = { 6, 10, 8 };      /* x = 1, 2, 3 */
    double singular[4] = { 1, 1, 1, 1 }, c[2] = { 2, 2 };                   /* shortest: 1, 1 */
    (void)unused;

    assert_int_equal(dft_least_squares(3, a, b, 1e-13, NULL), DFT_OK);
    for (int i = 0; i < 3; i++)
        assert_close(b[i], i + 1.0, 1e-13);
    assert_int_equal(dft_least_squares(2, singular, c, 1e-13, NULL), DFT_OK);
    assert_close(c[0], 1.0, 1e-13);
    assert_close(c[1], 1.0, 1e-13);
}

static void refused_memory_is_reported(void **unused)
{
    double complex h[4] = { 1, 0, 0, 2 }, s[4] = { 1, 0, 0, 1 }, x[4];
    double e[2];
    (void)unused;

    for (long n = 1; n <= 3; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_eigen_generalized(2, h, s, DFT_NOISE_DOUBLE, 1, e, x, NULL), DFT_ENOMEM);
    }
    dft_alloc_refuse_nth(0);
}

static void blas_is_the_openmp_flavour(void **unused)
{
    (void)unused;
    assert_true(dft_blas_is_openmp());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemm_is_the_plain_sum),
        cmocka_unit_test(eigenpairs_solve_the_generalised_problem),
        cmocka_unit_test(only_the_lower_triangles_are_read),
        cmocka_unit_test(a_dependent_direction_is_dropped),
        cmocka_unit_test(too_few_independent_directions_are_refused),
        cmocka_unit_test(an_overlap_with_a_negative_direction_is_refused),
        cmocka_unit_test(least_squares_solves_a_regular_and_a_singular_system),
        cmocka_unit_test(refused_memory_is_reported),
        cmocka_unit_test(blas_is_the_openmp_flavour),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
