/*
 * dft-lite/math/lapack.h - dense linear algebra; the only door to BLAS and LAPACK.
 *
 * Matrices are column-major.  Inside our own parallel regions the OpenMP flavour of OpenBLAS runs
 * single-threaded.  All functions are reentrant.
 */
#ifndef DFT_LAPACK_H
#define DFT_LAPACK_H

#include <complex.h>
#include <stddef.h>

#include "dft-lite/base/status.h"

/* C = alpha op(A) op(B) + beta C; op is 'N' or 'C' (conjugate transpose).  C is m x n, the inner
 * length is k; lda, ldb, ldc are leading dimensions. */
void dft_gemm(char op_a, char op_b, size_t m, size_t n, size_t k, double complex alpha,
              const double complex *a, size_t lda, const double complex *b, size_t ldb,
              double complex beta, double complex *c, size_t ldc);

/* The same in single precision. */
void dft_gemm_s(char op_a, char op_b, size_t m, size_t n, size_t k, float complex alpha,
                const float complex *a, size_t lda, const float complex *b, size_t ldb,
                float complex beta, float complex *c, size_t ldc);

#define DFT_NOISE_DOUBLE 1e-12              /* relative error that matrix elements may have: of sums in double */
#define DFT_NOISE_SINGLE 1e-4               /* ... and where some of them are single */

/* Lowest n_want eigenpairs of H x = e S x; h and s are n x n Hermitian (lower triangles read) and
 * destroyed.  S must be positive definite but for its noise; vectors that depend on those before them to
 * within that get no part in the answer, so the best come first.  x: [n][n_want] column-major, S-orthonormal.  Errors: DFT_ENUMERIC, when LAPACK fails, S has
 * a negative direction, or fewer than n_want directions remain; DFT_ENOMEM. */
dft_status dft_eigen_generalized(size_t n, double complex *h, double complex *s, double noise,
                                 size_t n_want, double *e, double complex *x, dft_error *err);

/* Solves the symmetric positive (semi)definite system A x = b for n <= 64 by least squares with
 * relative cut-off rcond; a (n x n) and b are destroyed, the answer is left in b. */
dft_status dft_least_squares(size_t n, double *a, double *b, double rcond, dft_error *err);

/* True when the linked OpenBLAS is the OpenMP flavour; the others misbehave under our threads. */
int dft_blas_is_openmp(void);

#endif
