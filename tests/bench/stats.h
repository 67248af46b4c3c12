/*
 * tests/bench/stats.h - what is made of repeated and of growing measurements.
 */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static inline int bench_ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median (mean of the two in the middle of an even number); sorts x.  NaN for none. */
static inline double bench_median(size_t n, double *x)
{
    if (n == 0)
        return NAN;
    qsort(x, n, sizeof *x, bench_ascending);
    return 0.5 * (x[(n - 1) / 2] + x[n / 2]);
}

/* The power p of the least-squares line ln y = p ln x + c.  NaN for fewer than two different x. */
static inline double bench_exponent(size_t n, const double *x, const double *y)
{
    double mean_x = 0.0, mean_y = 0.0, xx = 0.0, xy = 0.0;

    for (size_t i = 0; i < n; i++) {
        mean_x += log(x[i]) / (double)n;
        mean_y += log(y[i]) / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        const double dx = log(x[i]) - mean_x;
        xx += dx * dx;
        xy += dx * (log(y[i]) - mean_y);
    }
    return xx > 0.0 ? xy / xx : NAN;
}

#endif
