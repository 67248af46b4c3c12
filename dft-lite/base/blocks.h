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

static inline double dft_abs2(double complex z)
{
    return creal(z) * creal(z) + cimag(z) * cimag(z);
}

#endif
