/*
 * dft-lite/base/alloc.h - aligned, overflow-checked memory.
 *
 * Every array that BLAS or FFTW touches comes from here: 64-byte aligned, so that FFTW plans made
 * on one array may run on another.  Memory is zeroed.  Release with free().  NULL when refused;
 * n = 0 returns a valid, unusable pointer so that NULL always means failure.
 */
#ifndef DFT_ALLOC_H
#define DFT_ALLOC_H

#include <complex.h>
#include <stddef.h>

void *dft_alloc(size_t n, size_t size);             /* n elements of size bytes, zeroed */
double *dft_alloc_doubles(size_t n);
double complex *dft_alloc_complex(size_t n);
float complex *dft_alloc_complex_s(size_t n);      /* single precision */
int *dft_alloc_ints(size_t n);
size_t *dft_alloc_sizes(size_t n);

/* A copy of a string, or NULL when memory is refused. */
char *dft_strdup(const char *text);

/* Tests only: the n-th allocation from now (1 = the next) is refused, once; 0 switches it off. */
void dft_alloc_refuse_nth(long n);

#endif
