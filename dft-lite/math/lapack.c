#include "dft-lite/math/lapack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "dft-lite/base/alloc.h"

#define NEGATIVE 1e-8               /* of the largest eigenvalue of S: rounding in double */

static CBLAS_TRANSPOSE transpose(char op) { return op == 'C' ? CblasConjTrans : CblasNoTrans; }

void dft_gemm(char op_a, char op_b, size_t m, size_t n, size_t k, double complex alpha,
              const double complex *a, size_t lda, const double complex *b, size_t ldb,
              double complex beta, double complex *c, size_t ldc)
{
    if (m == 0 || n == 0)
        return;
    if (k == 0 && ldb == 0)             /* B without rows: BLAS wants its stride positive all the same */
        ldb = 1;
    cblas_zgemm(CblasColMajor, transpose(op_a), transpose(op_b), (blasint)m, (blasint)n, (blasint)k,
                &alpha, a, (blasint)lda, b, (blasint)ldb, &beta, c, (blasint)ldc);
}

void dft_gemm_s(char op_a, char op_b, size_t m, size_t n, size_t k, float complex alpha,
                const float complex *a, size_t lda, const float complex *b, size_t ldb,
                float complex beta, float complex *c, size_t ldc)
{
    if (m == 0 || n == 0)
        return;
    if (k == 0 && ldb == 0)
        ldb = 1;
    cblas_cgemm(CblasColMajor, transpose(op_a), transpose(op_b), (blasint)m, (blasint)n, (blasint)k,
                &alpha, a, (blasint)lda, b, (blasint)ldb, &beta, c, (blasint)ldc);
}

int dft_blas_is_openmp(void)
{
    return openblas_get_parallel() == OPENBLAS_OPENMP;
}

/* H = L^-1 H L^-H, eigenvectors back by L^-H: the usual road when S = L L^H exists. */
static dft_status solve_by_cholesky(size_t n, double complex *h, const double complex *l,
                                    size_t n_want, double *e, double complex *x, dft_error *err)
{
    const lapack_int ni = (lapack_int)n, want = (lapack_int)n_want;
    const double complex one = 1.0;
    lapack_int found = 0, info;
    double *all = dft_alloc_doubles(n);
    lapack_int *fail = dft_alloc(2 * n, sizeof *fail);
    dft_status status = DFT_OK;

    if (!all || !fail) {
        status = dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
        goto done;
    }
    info = LAPACKE_zhegst(LAPACK_COL_MAJOR, 1, 'L', ni, h, ni, l, ni);
    if (info == 0)
        info = LAPACKE_zheevr(LAPACK_COL_MAJOR, 'V', n_want == n ? 'A' : 'I', 'L', ni, h, ni, 0, 0, 1,
                              want, 0.0, &found, all, x, ni, fail);
    if (info != 0 || found != want) {
        status = dft_fail(err, DFT_ENUMERIC, "LAPACK could not diagonalise a matrix of order %zu "
                          "(info %d)", n, (int)info);
        goto done;
    }
    memcpy(e, all, n_want * sizeof *e);
    cblas_ztrsm(CblasColMajor, CblasLeft, CblasLower, CblasConjTrans, CblasNonUnit, ni, want, &one, l,
                ni, x, ni);
done:
    free(all);
    free(fail);
    return status;
}

/* S = U s U^H; the problem is solved in the space of U s^(-1/2) with s > 0. */
static dft_status solve_by_canonical(size_t n, const double complex *h, double complex *s, double noise,
                                     size_t n_want, double *e, double complex *x, dft_error *err)
{
    const lapack_int ni = (lapack_int)n;
    double *w = dft_alloc_doubles(2 * n);
    double complex *work = dft_alloc_complex(n * n), *small = dft_alloc_complex(n * n);
    size_t first = 0;
    dft_status status = DFT_OK;

    if (!w || !work || !small) {
        status = dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
        goto done;
    }
    if (LAPACKE_zheevd(LAPACK_COL_MAJOR, 'V', 'L', ni, s, ni, w) != 0) {
        status = dft_fail(err, DFT_ENUMERIC, "LAPACK could not diagonalise an overlap matrix of "
                          "order %zu", n);
        goto done;
    }
    if (w[0] < -fmax(NEGATIVE, noise) * w[n - 1]) {
        status = dft_fail(err, DFT_ENUMERIC, "the PAW overlap is not positive (eigenvalue %.3g): "
                          "augmentation spheres overlap too much or the cutoff does not suit the "
                          "data sets; use smaller-core data sets or check the distances", w[0]);
        goto done;
    }
    while (first < n && w[first] < noise * w[n - 1])
        first++;
    const size_t rank = n - first;
    if (rank < n_want) {
        status = dft_fail(err, DFT_ENUMERIC, "only %zu of %zu trial orbitals are independent",
                          rank, n_want);
        goto done;
    }
    double complex *u = s + first * n;
    for (size_t j = 0; j < rank; j++)
        for (size_t i = 0; i < n; i++)
            u[j * n + i] /= csqrt(w[first + j]);
    const double complex one = 1.0, zero = 0.0;
    cblas_zhemm(CblasColMajor, CblasLeft, CblasLower, ni, (blasint)rank, &one, h, ni, u, ni, &zero,
                work, ni);
    dft_gemm('C', 'N', rank, rank, n, 1.0, u, n, work, n, 0.0, small, rank);
    if (LAPACKE_zheevd(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)rank, small, (lapack_int)rank, w + n)
        != 0) {
        status = dft_fail(err, DFT_ENUMERIC, "LAPACK could not diagonalise a matrix of order %zu",
                          rank);
        goto done;
    }
    memcpy(e, w + n, n_want * sizeof *e);
    dft_gemm('N', 'N', n, n_want, rank, 1.0, u, n, small, rank, 0.0, x, n);
done:
    free(w);
    free(work);
    free(small);
    return status;
}

dft_status dft_eigen_generalized(size_t n, double complex *h, double complex *s, double noise,
                                 size_t n_want, double *e, double complex *x, dft_error *err)
{
    double complex *l = dft_alloc_complex(n * n);
    dft_status status;
    int well_conditioned = 1;

    if (!l)
        return dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
    memcpy(l, s, n * n * sizeof *l);
    if (LAPACKE_zpotrf(LAPACK_COL_MAJOR, 'L', (lapack_int)n, l, (lapack_int)n) != 0)
        well_conditioned = 0;
    for (size_t i = 0; well_conditioned && i < n; i++)
        if (creal(l[i * n + i]) * creal(l[i * n + i]) < noise * creal(s[i * n + i]))
            well_conditioned = 0;
    if (well_conditioned)
        status = solve_by_cholesky(n, h, l, n_want, e, x, err);
    else
        status = solve_by_canonical(n, h, s, noise, n_want, e, x, err);
    free(l);
    return status;
}

dft_status dft_least_squares(size_t n, double *a, double *b, double rcond, dft_error *err)
{
    double singular[64];
    lapack_int rank = 0;
    const lapack_int ni = (lapack_int)n;

    if (LAPACKE_dgelsd(LAPACK_COL_MAJOR, ni, ni, 1, a, ni, b, ni, singular, rcond, &rank) != 0)
        return dft_fail(err, DFT_ENUMERIC, "least squares of order %zu failed", n);
    return DFT_OK;
}
