#include "descriptors/uncertain.h"

#include <math.h>

#include "descriptors/random.h"

desc_uncertain desc_exact(double value)
{
    return (desc_uncertain){ DESC_EXACT, value, 0.0, 0.0, value, value, 0.0, 1.0 };
}

desc_uncertain desc_between(double low, double high)
{
    if (!(high > low))
        return desc_exact(low);
    return (desc_uncertain){ DESC_UNIFORM, 0.5 * (low + high), 0.0, 0.0, low, high, 0.0, 1.0 };
}

/* Split normal distribution: 2 s/(s- + s+) of a half normal on each side. */
static double split_cdf(const desc_uncertain *x, double value)
{
    const double below = x->sigma_low / (x->sigma_low + x->sigma_high);
    const double d = value - x->center;

    if (d <= 0.0)
        return x->sigma_low > 0.0 ? 2.0 * below * desc_normal_cdf(d / x->sigma_low) : 0.0;
    if (x->sigma_high <= 0.0)
        return 1.0;
    return 1.0 - 2.0 * (1.0 - below) * desc_normal_cdf(-d / x->sigma_high);
}

static double split_quantile(const desc_uncertain *x, double p)
{
    const double both = x->sigma_low + x->sigma_high, p_both = 0.5 * p * both;

    if (p * both < x->sigma_low)
        return x->center + x->sigma_low * desc_normal_quantile(p_both / x->sigma_low);
    if (x->sigma_high <= 0.0)
        return x->center;
    return x->center - x->sigma_high * desc_normal_quantile((0.5 * both - p_both) / x->sigma_high);
}

desc_uncertain desc_around(double center, double sigma_low, double sigma_high, double low,
                           double high)
{
    desc_uncertain x = { DESC_NORMAL, center, sigma_low, sigma_high, low, high, 0.0, 1.0 };

    if (sigma_low <= 0.0 && sigma_high <= 0.0)
        return desc_exact(center);
    if (center < low)
        x.low = -INFINITY;
    if (center > high)
        x.high = INFINITY;
    x.from = isinf(x.low) ? 0.0 : split_cdf(&x, x.low);
    x.span = (isinf(x.high) ? 1.0 : split_cdf(&x, x.high)) - x.from;
    return x.span > 0.0 ? x : desc_exact(center);
}

double desc_quantile(const desc_uncertain *x, double u)
{
    switch (x->shape) {
    case DESC_EXACT:
        return x->center;
    case DESC_UNIFORM:
        return x->low + u * (x->high - x->low);
    case DESC_NORMAL:
        return split_quantile(x, x->from + u * x->span);
    }
    return NAN;
}

double desc_expected(const desc_uncertain *x, double (*f)(double value, const void *context),
                     const void *context, double *sd)
{
    const int n = x->shape == DESC_EXACT ? 1 : DESC_QUANTILES;
    double sum = 0.0, square = 0.0;

    for (int i = 0; i < n; i++) {
        const double value = f(desc_quantile(x, (i + 0.5) / n), context);
        sum += value;
        square += value * value;
    }
    const double mean = sum / n;
    if (sd)
        *sd = sqrt(fmax(square / n - mean * mean, 0.0));
    return mean;
}
