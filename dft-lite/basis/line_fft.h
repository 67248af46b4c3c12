/*
 * dft-lite/basis/line_fft.h - Fourier transforms of many lines at once, one line in each SIMD lane.
 *
 *     X_k = sum_j x_j exp(sign 2 pi i j k / n),   sign = +1 or -1, not normalised
 *
 * A "lane element" holds one complex number of each of DFT_LANES_D (or _S) lines, real parts first; a
 * line is n of them.  Stockham's self-sorting algorithm (C. Van Loan, Computational Frameworks for the
 * FFT, SIAM 1992, sect. 1.7) with radices 2 to 8: every butterfly works on whole vectors, no line needs
 * a permutation, and a line of usual length stays in the first-level cache.
 *
 * Why not FFTW for this: the small strided batches of orbital transforms run at a quarter of this speed
 * with its estimated plans; its measured plans differ from run to run, and so do then the last bits of
 * every energy (dft-lite/PERFORMANCE.md has the figures).  All other transforms are FFTW's (fft.h).
 * Results do not depend on the machine's vector length: arithmetic is the same in every lane.
 */
#ifndef DFT_LINE_FFT_H
#define DFT_LINE_FFT_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define DFT_LANES_D 8               /* doubles in a vector of 64 bytes */
#define DFT_LANES_S 16              /* floats */

typedef double dft_vector_d __attribute__((vector_size(64)));
typedef float dft_vector_s __attribute__((vector_size(64)));
typedef struct { dft_vector_d part[2]; } dft_lane_d;         /* real, imaginary */
typedef struct { dft_vector_s part[2]; } dft_lane_s;

typedef struct dft_line_fft dft_line_fft;

/* n >= 1, a product of 2, 3, 5 and 7.  Immutable; share among threads.  Errors: DFT_EINPUT for other
 * lengths, DFT_ENOMEM. */
dft_status dft_line_fft_create(int n, dft_line_fft **out, dft_error *err);
void dft_line_fft_free(dft_line_fft *plan);         /* NULL is accepted */

/* in: n elements, `in_stride` elements apart; out likewise; in and out may be the same line.
 * scratch: 2 n elements.  All 64-byte aligned. */
void dft_line_fft_run_d(const dft_line_fft *plan, int sign, const dft_lane_d *in, size_t in_stride,
                        dft_lane_d *out, size_t out_stride, dft_lane_d *scratch);
void dft_line_fft_run_s(const dft_line_fft *plan, int sign, const dft_lane_s *in, size_t in_stride,
                        dft_lane_s *out, size_t out_stride, dft_lane_s *scratch);

#endif
