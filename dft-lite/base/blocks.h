/*
 * dft-lite/base/blocks.h - sums whose bits do not depend on the number of threads.
 *
 * A range 0..n-1 is cut into DFT_N_BLOCKS fixed pieces; each piece is summed by whoever gets it and
 * the partial sums are added in order.
 */
#ifndef DFT_BLOCKS_H
#define DFT_BLOCKS_H

#include <complex.h>
#include <stddef.h>

#define DFT_N_BLOCKS 64

typedef struct { size_t begin, end; } dft_range;

static inline dft_range dft_block(size_t n, int block)
{
    return (dft_range){ n * (size_t)block / DFT_N_BLOCKS, n * (size_t)(block + 1) / DFT_N_BLOCKS };
}

static inline double dft_sum_in_order(const double *partial, int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += partial[i];
    return sum;
}

#define DFT_DOT_LANES 8

/* sum_i a_i b_i in DFT_DOT_LANES interleaved sums, so that it vectorises with one order on every machine. */
static inline double dft_dot(size_t n, const double *a, const double *b)
{
    double lane[DFT_DOT_LANES] = { 0.0 };
    size_t i = 0;

    for (; i + DFT_DOT_LANES <= n; i += DFT_DOT_LANES)
        for (size_t l = 0; l < DFT_DOT_LANES; l++)
            lane[l] += a[i + l] * b[i + l];
    for (size_t l = 0; i < n; i++, l++)
        lane[l] += a[i] * b[i];
    return dft_sum_in_order(lane, DFT_DOT_LANES);
}

static inline double dft_abs2(double complex z)
{
    return creal(z) * creal(z) + cimag(z) * cimag(z);
}

#endif
