#include "dft-lite/math/radial.h"

#include <math.h>

#include "dft-lite/base/units.h"

static double power_of(double x, int n)
{
    double p = 1.0;
    for (int i = 0; i < n; i++)
        p *= x;
    return p;
}

double dft_radial_integral(size_t n, const double *r, const double *dr, const double *f, int power)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += f[i] * power_of(r[i], power) * dr[i];
    return sum;
}

void dft_radial_poisson(size_t n, const double *r, const double *dr, int l, const double *f,
                        double *v)
{
    double inner = 0.0, outer = 0.0;            /* integrals below and above r_i */

    /* From outside in: v r = outer r^(l+1) - (inner part not yet known) r^-l, completed below. */
    for (size_t i = n - 1; i > 0; i--) {
        const double rl = power_of(r[i], l), rl1 = rl * r[i];
        const double d_outer = f[i] * r[i] * dr[i] / rl;
        const double d_inner = f[i] * r[i] * dr[i] * rl1;
        v[i] = (outer + 0.5 * d_outer) * rl1 - (inner + 0.5 * d_inner) / rl;
        outer += d_outer;
        inner += d_inner;
    }
    for (size_t i = 1; i < n; i++)
        v[i] = 4.0 * DFT_PI / (2 * l + 1) * (v[i] + inner / power_of(r[i], l)) / r[i];
    v[0] = l == 0 ? v[1] : 0.0;
}

void dft_radial_derivative(size_t n, const double *dr, const double *f, double *df)
{
    df[0] = (f[1] - f[0]) / dr[0];
    for (size_t i = 1; i + 1 < n; i++)
        df[i] = 0.5 * (f[i + 1] - f[i - 1]) / dr[i];
    df[n - 1] = (f[n - 1] - f[n - 2]) / dr[n - 1];
}

/* j_l(x) = x^l/(2l+1)!! (1 - x^2/2/(2l+3) + ...), for x where the upward recursion loses digits. */
static double bessel_series(int l, double x)
{
    double term = 1.0, sum = 1.0;

    for (int i = 1; i <= l; i++)
        term *= x / (2 * i + 1);
    const double lead = term;
    term = 1.0;
    for (int k = 1; k < 60; k++) {
        term *= -0.5 * x * x / (k * (2.0 * l + 2.0 * k + 1.0));
        sum += term;
        if (fabs(term) < 1e-17 * fabs(sum))
            break;
    }
    return lead * sum;
}

double dft_bessel_j(int l, double x)
{
    if (x < 0.5 * l + 1.0)
        return bessel_series(l, x);
    double low = sin(x) / x;
    if (l == 0)
        return low;
    double here = sin(x) / (x * x) - cos(x) / x;
    for (int i = 1; i < l; i++) {
        const double next = (2 * i + 1) / x * here - low;
        low = here;
        here = next;
    }
    return here;
}

double dft_radial_bessel(size_t n, const double *r, const double *dr, const double *f, int l,
                         double q)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        if (f[i] != 0.0)
            sum += f[i] * r[i] * r[i] * dr[i] * dft_bessel_j(l, q * r[i]);
    return 4.0 * DFT_PI * sum;
}
