#include "dft-lite/math/lapack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "dft-lite/base/alloc.h"

#define WORTH 2.0                  /* times the noise: reciprocal condition number of S that is good enough */
#define STRICTER 3.0                /* ... and how the limit for its vectors grows until it is */
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

/* Eigenpairs of a real tridiagonal matrix, z [n][n]: relatively robust representations, and QR for the
 * rare one those give up. */
static lapack_int solve_tridiagonal(lapack_int n, const double *diagonal, const double *off, double *e,
                                    double *z)
{
    double *d = dft_alloc_doubles(2 * (size_t)n), *o = d + n;
    lapack_int *support = dft_alloc(2 * (size_t)n, sizeof *support), found = 0, info = LAPACK_WORK_MEMORY_ERROR;
    lapack_logical accurate = 1;

    for (int attempt = 0; d && support && attempt < 2 && info != 0; attempt++) {
        memcpy(d, diagonal, (size_t)n * sizeof *d);
        memcpy(o, off, (size_t)n * sizeof *o);
        if (attempt == 0)
            info = LAPACKE_dstemr(LAPACK_COL_MAJOR, 'V', 'A', n, d, o, 0.0, 0.0, 0, 0, &found, e, z, n, n,
                                  support, &accurate);
        else if ((info = LAPACKE_dsteqr(LAPACK_COL_MAJOR, 'I', n, d, o, z, n)) == 0)
            memcpy(e, d, (size_t)n * sizeof *e);
    }
    free(d);
    free(support);
    return info;
}

/* Lowest n_want eigenpairs of a Hermitian matrix (lower triangle), which is destroyed.  All vectors of its
 * tridiagonal form are cheap; only the wanted ones are turned back. */
static lapack_int solve_hermitian(size_t n, double complex *h, size_t n_want, double *e, double complex *x)
{
    const lapack_int ni = (lapack_int)n, want = (lapack_int)n_want;
    double *diagonal = dft_alloc_doubles(3 * n), *off = diagonal + n, *all = diagonal + 2 * n;
    double *z = dft_alloc_doubles(n * n);
    double complex *tau = dft_alloc_complex(n);
    lapack_int info = LAPACK_WORK_MEMORY_ERROR;

    if (diagonal && z && tau)
        info = LAPACKE_zhetrd(LAPACK_COL_MAJOR, 'L', ni, h, ni, diagonal, off, tau);
    if (info == 0)
        info = solve_tridiagonal(ni, diagonal, off, all, z);
    if (info == 0) {
        memcpy(e, all, n_want * sizeof *e);
        for (size_t i = 0; i < n_want * n; i++)
            x[i] = z[i];
        info = LAPACKE_zunmtr(LAPACK_COL_MAJOR, 'L', 'L', 'N', ni, want, h, ni, tau, x, ni);
    }
    free(diagonal);
    free(z);
    free(tau);
    return info;
}

/* H = L^-1 H L^-H, eigenvectors back by L^-H: the usual road when S = L L^H exists. */
static dft_status solve_by_cholesky(size_t n, double complex *h, const double complex *l,
                                    size_t n_want, double *e, double complex *x, dft_error *err)
{
    const lapack_int ni = (lapack_int)n;
    const double complex one = 1.0;
    lapack_int info = LAPACKE_zhegst(LAPACK_COL_MAJOR, 1, 'L', ni, h, ni, l, ni);

    if (info == 0)
        info = solve_hermitian(n, h, n_want, e, x);
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
    if (info != 0)
        return dft_fail(err, DFT_ENUMERIC, "LAPACK could not diagonalise a matrix of order %zu (info %d)", n,
                        (int)info);
    cblas_ztrsm(CblasColMajor, CblasLeft, CblasLower, CblasConjTrans, CblasNonUnit, ni, (lapack_int)n_want,
                &one, l, ni, x, ni);
    return DFT_OK;
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

/* l = the Cholesky factor of S; 1 when it exists, no pivot is below `least` of its diagonal element, and S is
 * not so near singular that its noise matters. */
static int factorise(size_t n, const double complex *s, double noise, double least, double complex *l)
{
    const lapack_int ni = (lapack_int)n;
    double rcond = 1.0;

    memcpy(l, s, n * n * sizeof *l);
    const double norm = LAPACKE_zlanhe(LAPACK_COL_MAJOR, '1', 'L', ni, s, ni);
    if (LAPACKE_zpotrf(LAPACK_COL_MAJOR, 'L', ni, l, ni) != 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (creal(l[i * n + i]) * creal(l[i * n + i]) <= least * creal(s[i * n + i]))
            return 0;
    if (noise <= DFT_NOISE_DOUBLE)
        return 1;
    return LAPACKE_zpocon(LAPACK_COL_MAJOR, 'L', ni, l, ni, norm, &rcond) == 0 && rcond > WORTH * noise;
}

/* Leaves out vectors, more and more strictly, until what is kept factorises; h and s are packed. */
static dft_status keep_independent(size_t n, size_t n_want, double noise, double complex *h, double complex *s,
                                   double complex *l, size_t *kept, size_t *n_kept, dft_error *err)
{
    double complex *whole = dft_alloc_complex(n * n);
    dft_status status = whole ? check_positive(n, s, noise, l, err)
                              : dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
    int done = 0;

    if (status == DFT_OK)
        memcpy(whole, s, n * n * sizeof *s);
    for (double least = noise; status == DFT_OK && !done; least *= STRICTER) {
        *n_kept = select_independent(n, whole, least, l, kept);
        if (*n_kept < n_want) {
            status = dft_fail(err, DFT_ENUMERIC, "only %zu of %zu trial orbitals are independent", *n_kept,
                              n_want);
            break;
        }
        memcpy(s, whole, n * n * sizeof *s);
        pack(n, *n_kept, kept, s);
        done = factorise(*n_kept, s, noise, 0.0, l);
    }
    if (status == DFT_OK)
        pack(n, *n_kept, kept, h);
    free(whole);
    return status;
}

/* a_ij d_i d_j of a lower triangle. */
static void scale(size_t n, const double *d, double complex *a)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++)
            a[j * n + i] *= d[i] * d[j];
}

dft_status dft_eigen_generalized(size_t n, double complex *h, double complex *s, double noise,
                                 size_t n_want, double *e, double complex *x, dft_error *err)
{
    double complex *l = dft_alloc_complex(n * n);
    size_t *kept = dft_alloc_sizes(n), n_kept = n;
    double *d = dft_alloc_doubles(n);
    dft_status status = DFT_OK;

    for (size_t i = 0; d && i < n; i++)         /* vectors of length 1 in S: conditions then compare */
        d[i] = creal(s[i * n + i]) > 0.0 ? 1.0 / sqrt(creal(s[i * n + i])) : 1.0;
    if (d) {
        scale(n, d, h);
        scale(n, d, s);
    }
    if (!l || !kept || !d)
        status = dft_fail(err, DFT_ENOMEM, "eigenproblem of order %zu: out of memory", n);
    else if (!factorise(n, s, noise, noise, l))
        status = keep_independent(n, n_want, noise, h, s, l, kept, &n_kept, err);
    if (status == DFT_OK)
        status = solve_by_cholesky(n_kept, h, l, n_want, e, x, err);
    if (status == DFT_OK && n_kept < n)
        spread(n, n_kept, kept, n_want, x);
    for (size_t i = 0; status == DFT_OK && i < n * n_want; i++)
        x[i] *= d[i % n];
    free(l);
    free(kept);
    free(d);
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
