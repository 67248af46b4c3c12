#include "dft-lite/math/lapack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "dft-lite/base/alloc.h"

#define NEGATIVE 1e-8               /* of the largest eigenvalue of S: below zero by more is no rounding in double */
#define NEGATIVE_SHARE 0.1          /* ... and by more than this of the noise is none at all */

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

/* The vectors, in their order, that are independent of those before them: Cholesky's pivots tell.  Earlier
 * vectors stay whole - what they span is never given away for a later one - so callers put the best first.
 * kept [n]: their indices.  Returns how many.  l: [n][n] scratch. */
static size_t select_independent(size_t n, const double complex *s, double noise, double complex *l,
                                 size_t *kept)
{
    size_t n_kept = 0;

    for (size_t j = 0; j < n; j++) {
        double complex *row = l + n_kept * n;
        double pivot = creal(s[j * n + j]);
        for (size_t r = 0; r < n_kept; r++) {
            double complex sum = s[kept[r] * n + j];
            for (size_t c = 0; c < r; c++)
                sum -= row[c] * conj(l[r * n + c]);
            row[r] = sum / l[r * n + r];
            pivot -= creal(row[r]) * creal(row[r]) + cimag(row[r]) * cimag(row[r]);
        }
        if (pivot <= noise * creal(s[j * n + j]))
            continue;
        row[n_kept] = sqrt(pivot);
        kept[n_kept++] = j;
    }
    return n_kept;
}

/* Moves the kept rows and columns of a lower triangle together, in place. */
static void pack(size_t n, size_t n_kept, const size_t *kept, double complex *a)
{
    for (size_t j = 0; j < n_kept; j++)
        for (size_t i = j; i < n_kept; i++)
            a[j * n_kept + i] = a[kept[j] * n + kept[i]];
}

/* Columns of length n_kept to columns of length n, zero where nothing was kept; in place. */
static void spread(size_t n, size_t n_kept, const size_t *kept, size_t n_want, double complex *x)
{
    for (size_t j = n_want; j-- > 0;) {
        size_t r = n_kept;
        for (size_t i = n; i-- > 0;)
            x[j * n + i] = r > 0 && kept[r - 1] == i ? x[j * n_kept + --r] : 0.0;
    }
}

/* Refuses an S with an eigenvalue below zero by more than its noise explains; scratch [n][n]. */
static dft_status check_positive(size_t n, const double complex *s, double noise, double complex *scratch,
                                 dft_error *err)
{
    double *w = dft_alloc_doubles(n);
    dft_status status = DFT_OK;

    memcpy(scratch, s, n * n * sizeof *s);
    if (!w)
        status = dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
    else if (LAPACKE_zheevd(LAPACK_COL_MAJOR, 'N', 'L', (lapack_int)n, scratch, (lapack_int)n, w) != 0)
        status = dft_fail(err, DFT_ENUMERIC, "LAPACK could not diagonalise an overlap matrix of order %zu", n);
    else if (w[0] < -fmax(NEGATIVE, NEGATIVE_SHARE * noise) * w[n - 1])
        status = dft_fail(err, DFT_ENUMERIC, "the PAW overlap is not positive (eigenvalue %.3g): "
                          "augmentation spheres overlap too much or the cutoff does not suit the data sets; use "
                          "smaller-core data sets or check the distances", w[0]);
    free(w);
    return status;
}

dft_status dft_eigen_generalized(size_t n, double complex *h, double complex *s, double noise,
                                 size_t n_want, double *e, double complex *x, dft_error *err)
{
    double complex *l = dft_alloc_complex(n * n);
    size_t *kept = dft_alloc_sizes(n), n_kept = n;
    dft_status status = DFT_OK;

    if (!l || !kept) {
        status = dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
        goto done;
    }
    memcpy(l, s, n * n * sizeof *l);
    int independent = LAPACKE_zpotrf(LAPACK_COL_MAJOR, 'L', (lapack_int)n, l, (lapack_int)n) == 0;
    for (size_t i = 0; independent && i < n; i++)
        independent = creal(l[i * n + i]) * creal(l[i * n + i]) > noise * creal(s[i * n + i]);
    if (!independent) {
        status = check_positive(n, s, noise, l, err);
        n_kept = select_independent(n, s, noise, l, kept);
        if (status == DFT_OK && n_kept < n_want)
            status = dft_fail(err, DFT_ENUMERIC, "only %zu of %zu trial orbitals are independent", n_kept,
                              n_want);
        if (status != DFT_OK)
            goto done;
        pack(n, n_kept, kept, h);
        pack(n, n_kept, kept, s);
        memcpy(l, s, n_kept * n_kept * sizeof *l);
        LAPACKE_zpotrf(LAPACK_COL_MAJOR, 'L', (lapack_int)n_kept, l, (lapack_int)n_kept);
    }
    status = solve_by_cholesky(n_kept, h, l, n_want, e, x, err);
    if (status == DFT_OK && n_kept < n)
        spread(n, n_kept, kept, n_want, x);
done:
    free(l);
    free(kept);
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
