/*
 * descriptors/polyfit.h - least-squares polynomials of low degree.
 *
 * The fit runs in t = (x - centre)/half_width, which maps the points onto [-1, 1]: a cubic's normal
 * equations then stay well conditioned, and one step of iterative refinement brings the
 * coefficients to rounding.  Any consistent units.  Pure functions without memory of their own.
 */
#ifndef DESC_POLYFIT_H
#define DESC_POLYFIT_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define DESC_POLYFIT_MAX_DEGREE 3

typedef struct {
    double centre, half_width;                   /* t = (x - centre)/half_width */
    int degree;
    double c[DESC_POLYFIT_MAX_DEGREE + 1];       /* y = sum_k c[k] t^k */
    double rms;                                  /* sqrt(mean squared residual), unit of y */
} desc_polyfit;

/* Fits y(x) by a polynomial of the given degree (0..3) to n points.
 * Errors: DFT_EINPUT when fewer than degree + 1 different x are given or a value is not finite. */
dft_status desc_polyfit_run(size_t n, const double *x, const double *y, int degree,
                            desc_polyfit *out, dft_error *err);

/* Value (order 0) or derivative d^order y/dx^order of the polynomial at x. */
double desc_polyfit_value(const desc_polyfit *fit, double x, int order);

/* The x at which a polynomial of degree 2 or 3 has its minimum; NaN when it has none. */
double desc_polyfit_minimum(const desc_polyfit *fit);

#endif
