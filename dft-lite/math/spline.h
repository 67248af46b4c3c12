/*
 * dft-lite/math/spline.h - natural-cubic interpolation on a uniform grid x_i = i h, x >= 0.
 *
 * Used for radial Bessel transforms, which are smooth and even or odd in x: at x = 0 the slope is
 * given (0 for l != 1), at the far end the second derivative is zero.  Immutable once made.
 */
#ifndef DFT_SPLINE_H
#define DFT_SPLINE_H

#include <stddef.h>

typedef struct {
    size_t n;
    double h;
    double *y;                  /* owned, [n] */
    double *y2;                 /* owned, [n] second derivatives */
} dft_spline;

/* Takes copies of n >= 3 values.  Returns 0 when memory is refused. */
int dft_spline_init(dft_spline *spline, size_t n, double h, const double *y, double slope_at_0);
void dft_spline_clear(dft_spline *spline);

/* Value at 0 <= x <= (n-1) h; beyond the end 0. */
double dft_spline_value(const dft_spline *spline, double x);

/* Derivative of dft_spline_value at the same x: exactly that of the interpolating cubics. */
double dft_spline_slope(const dft_spline *spline, double x);

#endif
