/*
 * dft-lite/basis/fft.h - Fourier transforms of real fields, pruned; the only door to FFTW.
 *
 * Grids are f[(i1*n2 + i2)*n3 + i3].  A transform knows which Fourier components exist (a sphere that
 * fills a small part of the box), and skips the one-dimensional passes over columns that are zero.
 *   to_real:    f(r) = sum_G c_G exp(iG.r)
 *   to_fourier: c_G = (1/N) sum_r f(r) exp(-iG.r)      (only the sphere's components are returned)
 * Plans are FFTW_ESTIMATE, so that a run repeats to the last bit: measured ones differ from run to run.
 * Orbitals have transforms of their own (sphere_fft.h).  Creation is not thread-safe; use is, with a
 * workspace for each call, and shares the planes of the box among the threads when called outside a
 * parallel region.
 */
#ifndef DFT_FFT_H
#define DFT_FFT_H

#include <complex.h>
#include <stddef.h>

#include "dft-lite/base/status.h"

/* The smallest n' >= n that is `multiple` times a product of 2, 3, 5 and 7. */
int dft_fft_good_size(int n, int multiple);

/* Real fields given by half a sphere: of each pair G, -G one is listed; G = 0 counts once. */
typedef struct dft_fft_real dft_fft_real;
dft_status dft_fft_real_create(const int n[3], size_t n_g, const int (*hkl)[3], dft_fft_real **out,
                               dft_error *err);
void dft_fft_real_free(dft_fft_real *plan);                 /* NULL is accepted */
size_t dft_fft_real_size(const dft_fft_real *plan);         /* n1 n2 n3, real points */
size_t dft_fft_real_work_size(const dft_fft_real *plan);    /* complex numbers of workspace */

/* c: [n_g]; f: [n1 n2 n3] doubles; work: [work_size] from dft_alloc_complex, destroyed. */
void dft_fft_real_to_real(const dft_fft_real *plan, const double complex *c, double *f,
                          double complex *work);
void dft_fft_real_to_fourier(const dft_fft_real *plan, const double *f, double complex *c,
                             double complex *work);

#endif
