#include "descriptors/polyfit.h"

#include <assert.h>
#include <math.h>

#define N_MAX (DESC_POLYFIT_MAX_DEGREE + 1)

static double polyfit_horner(const double *c, int degree, double t)
{
    double value = 0.0;

    for (int k = degree; k >= 0; k--)
        value = value * t + c[k];
    return value;
}

/* Solves the symmetric positive definite a x = b by Cholesky; the factor replaces a's lower half.
 * Returns 0 when a pivot vanishes against the trace: the points do not fix the polynomial. */
static int polyfit_factor(int n, double a[N_MAX][N_MAX])
{
    double trace = 0.0;

    for (int i = 0; i < n; i++)
        trace += a[i][i];
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++)
            a[j][j] -= a[j][k] * a[j][k];
        if (!(a[j][j] > 1e-13 * trace))
            return 0;
        a[j][j] = sqrt(a[j][j]);
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
    return 1;
}

static void polyfit_solve(int n, double l[N_MAX][N_MAX], double *b)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= l[i][k] * b[k];
        b[i] /= l[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            b[i] -= l[k][i] * b[k];
        b[i] /= l[i][i];
    }
}

/* Adds the least-squares polynomial of the present residual to fit->c. */
static void polyfit_refine(size_t n, const double *x, const double *y, double l[N_MAX][N_MAX],
                           desc_polyfit *fit)
{
    double b[N_MAX] = { 0.0 };

    for (size_t i = 0; i < n; i++) {
        const double t = (x[i] - fit->centre) / fit->half_width;
        double power = y[i] - polyfit_horner(fit->c, fit->degree, t);
        for (int k = 0; k <= fit->degree; k++, power *= t)
            b[k] += power;
    }
    polyfit_solve(fit->degree + 1, l, b);
    for (int k = 0; k <= fit->degree; k++)
        fit->c[k] += b[k];
}

/* Finite values; their range goes into centre and half_width, the mean of y into c[0]: energies are
 * large against their differences, and starting from the mean keeps the digits. */
static dft_status polyfit_start(size_t n, const double *x, const double *y, desc_polyfit *fit,
                                dft_error *err)
{
    double low = INFINITY, high = -INFINITY;

    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            return dft_fail(err, DFT_EINPUT, "fit: point %zu is (%g, %g); every value must be "
                            "finite", i + 1, x[i], y[i]);
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
        fit->c[0] += y[i] / (double)n;
    }
    fit->centre = 0.5 * (low + high);
    fit->half_width = high > low ? 0.5 * (high - low) : 1.0;
    return DFT_OK;
}

dft_status desc_polyfit_run(size_t n, const double *x, const double *y, int degree,
                            desc_polyfit *out, dft_error *err)
{
    desc_polyfit fit = { .degree = degree };
    double a[N_MAX][N_MAX] = { { 0.0 } };
    dft_status status;

    assert(degree >= 0 && degree <= DESC_POLYFIT_MAX_DEGREE);
    if (n < (size_t)degree + 1)
        return dft_fail(err, DFT_EINPUT, "fit of degree %d: %zu points; at least %d are needed",
                        degree, n, degree + 1);
    if ((status = polyfit_start(n, x, y, &fit, err)) != DFT_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        const double t = (x[i] - fit.centre) / fit.half_width;
        for (int j = 0; j <= degree; j++)
            for (int k = 0; k <= j; k++)
                a[j][k] += pow(t, j + k);
    }
    if (!polyfit_factor(degree + 1, a))
        return dft_fail(err, DFT_EINPUT, "fit of degree %d: fewer than %d of the %zu points "
                        "differ in x; spread them", degree, degree + 1, n);
    polyfit_refine(n, x, y, a, &fit);
    polyfit_refine(n, x, y, a, &fit);

    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double residual = y[i] - desc_polyfit_value(&fit, x[i], 0);
        sum += residual * residual;
    }
    fit.rms = sqrt(sum / (double)n);
    *out = fit;
    return DFT_OK;
}

double desc_polyfit_value(const desc_polyfit *fit, double x, int order)
{
    const double t = (x - fit->centre) / fit->half_width;
    double c[N_MAX], scale = 1.0;
    int degree = fit->degree;

    for (int k = 0; k <= degree; k++)
        c[k] = fit->c[k];
    for (int d = 0; d < order; d++) {
        if (degree == 0)
            return 0.0;
        for (int k = 0; k < degree; k++)
            c[k] = c[k + 1] * (k + 1);
        degree--;
        scale /= fit->half_width;
    }
    return polyfit_horner(c, degree, t) * scale;
}

/* Roots of c1 + 2 c2 t + 3 c3 t^2; the one with positive curvature 2 sqrt(c2^2 - 3 c1 c3), written
 * so that nothing cancels. */
double desc_polyfit_minimum(const desc_polyfit *fit)
{
    const double c1 = fit->c[1], c2 = fit->c[2], c3 = fit->degree > 2 ? fit->c[3] : 0.0;
    const double discriminant = c2 * c2 - 3.0 * c1 * c3;
    double t;

    assert(fit->degree >= 2);
    if (!(discriminant > 0.0) || (c3 == 0.0 && c2 <= 0.0))
        return NAN;
    if (c2 > 0.0)
        t = -c1 / (c2 + sqrt(discriminant));
    else
        t = (sqrt(discriminant) - c2) / (3.0 * c3);
    return fit->centre + fit->half_width * t;
}
