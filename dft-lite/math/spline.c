#include "dft-lite/math/spline.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

/* The tridiagonal system for second derivatives, clamped at 0, natural at the end. */
static void solve_second_derivatives(dft_spline *s, double slope_at_0, double *u)
{
    const double h = s->h;

    s->y2[0] = -0.5;
    u[0] = 3.0 / h * ((s->y[1] - s->y[0]) / h - slope_at_0);
    for (size_t i = 1; i + 1 < s->n; i++) {
        const double p = 0.5 * s->y2[i - 1] + 2.0;
        const double bend = (s->y[i + 1] - 2.0 * s->y[i] + s->y[i - 1]) / h;
        s->y2[i] = -0.5 / p;
        u[i] = (3.0 * bend / h - 0.5 * u[i - 1]) / p;
    }
    s->y2[s->n - 1] = 0.0;
    for (size_t i = s->n - 1; i-- > 0;)
        s->y2[i] = s->y2[i] * s->y2[i + 1] + u[i];
}

int dft_spline_init(dft_spline *spline, size_t n, double h, const double *y, double slope_at_0)
{
    double *u = dft_alloc_doubles(n);

    *spline = (dft_spline){ n, h, dft_alloc_doubles(n), dft_alloc_doubles(n) };
    if (!u || !spline->y || !spline->y2) {
        free(u);
        dft_spline_clear(spline);
        return 0;
    }
    memcpy(spline->y, y, n * sizeof *y);
    solve_second_derivatives(spline, slope_at_0, u);
    free(u);
    return 1;
}

void dft_spline_clear(dft_spline *spline)
{
    free(spline->y);
    free(spline->y2);
    *spline = (dft_spline){ 0 };
}

/* The interval of x and the place b in it, 0..1; 0 when x lies beyond the end. */
static int locate(const dft_spline *spline, double x, size_t *interval, double *b)
{
    const double end = (double)(spline->n - 1) * spline->h;

    if (spline->n == 0 || x > end)
        return 0;
    *interval = (size_t)(x / spline->h);
    if (*interval + 1 >= spline->n)
        *interval = spline->n - 2;
    *b = x / spline->h - (double)*interval;
    return 1;
}

double dft_spline_value(const dft_spline *spline, double x)
{
    const double h = spline->h;
    size_t i;
    double b;

    if (!locate(spline, x, &i, &b))
        return 0.0;
    const double a = 1.0 - b;
    return a * spline->y[i] + b * spline->y[i + 1]
         + ((a * a * a - a) * spline->y2[i] + (b * b * b - b) * spline->y2[i + 1]) * h * h / 6.0;
}

double dft_spline_slope(const dft_spline *spline, double x)
{
    const double h = spline->h;
    size_t i;
    double b;

    if (!locate(spline, x, &i, &b))
        return 0.0;
    const double a = 1.0 - b;
    return (spline->y[i + 1] - spline->y[i]) / h
         + ((3.0 * b * b - 1.0) * spline->y2[i + 1]
            - (3.0 * a * a - 1.0) * spline->y2[i]) * h / 6.0;
}
