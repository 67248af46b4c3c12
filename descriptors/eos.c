#include "descriptors/eos.h"

#include <math.h>
#include <stdlib.h>

#include "descriptors/polyfit.h"
#include "dft-lite/base/alloc.h"

/* What a cell of dimension d gives: the fit runs in x = s^(-p), with p = 2/3 for volumes and 1 for
 * areas, so that x is one over a length squared in both. */
typedef struct {
    bool minimum_inside;
    double size, energy, modulus, modulus_prime, rms, lowest;
} eos_result;

/* Derivatives along s at the minimum, where dE/dx = 0:
 *   E'' = E_xx x'^2,  E''' = E_xxx x'^3 + 3 E_xx x' x'',  x' = -p x/s,  x'' = p (p + 1) x/s^2 */
static void eos_at_minimum(const desc_polyfit *fit, double p, double x, eos_result *out)
{
    const double s = pow(x, -1.0 / p);
    const double x1 = -p * x / s, x2 = p * (p + 1.0) * x / (s * s);
    const double e_xx = desc_polyfit_value(fit, x, 2), e_xxx = desc_polyfit_value(fit, x, 3);
    const double e2 = e_xx * x1 * x1, e3 = e_xxx * x1 * x1 * x1 + 3.0 * e_xx * x1 * x2;

    out->size = s;
    out->energy = desc_polyfit_value(fit, x, 0);
    out->modulus = s * e2;
    out->modulus_prime = -1.0 - s * e3 / e2;
}

/* The curve's minimum counts when it lies between the ends of the samples and below both: a cubic
 * may also have a shallow local minimum on a branch that the data do not bend like. */
static bool eos_inside(const desc_polyfit *fit, double minimum, double x_low, double x_high)
{
    const double energy = desc_polyfit_value(fit, minimum, 0);

    return minimum >= x_low && minimum <= x_high && energy <= desc_polyfit_value(fit, x_low, 0)
           && energy <= desc_polyfit_value(fit, x_high, 0);
}

static dft_status eos_fit(size_t n, const double *size, const double *energy, double p,
                          const char *what, eos_result *out, dft_error *err)
{
    double low = INFINITY, high = 0.0;
    size_t lowest = 0;

    if (n < 5)
        return dft_fail(err, DFT_EINPUT, "equation of state: %zu points; at least 5 are needed so "
                        "that the residual means something", n);
    double *x = dft_alloc_doubles(n);
    if (!x)
        return dft_fail(err, DFT_ENOMEM, "equation of state: no memory for %zu points", n);

    dft_status status = DFT_OK;
    desc_polyfit fit;
    for (size_t i = 0; i < n; i++) {
        if (!(size[i] > 0.0) || !isfinite(size[i]) || !isfinite(energy[i])) {
            status = dft_fail(err, DFT_EINPUT, "equation of state: point %zu has %s %g and energy "
                              "%g; both must be finite and the %s positive", i + 1, what, size[i],
                              energy[i], what);
            goto done;
        }
        x[i] = pow(size[i], -p);
        low = fmin(low, size[i]);
        high = fmax(high, size[i]);
        if (energy[i] < energy[lowest])
            lowest = i;
    }
    status = desc_polyfit_run(n, x, energy, 3, &fit, err);
    if (status != DFT_OK)
        goto done;

    const double minimum = desc_polyfit_minimum(&fit);
    *out = (eos_result){ false, NAN, NAN, NAN, NAN, fit.rms, size[lowest] };
    if (!isnan(minimum) && eos_inside(&fit, minimum, pow(high, -p), pow(low, -p))) {
        out->minimum_inside = true;
        eos_at_minimum(&fit, p, minimum, out);
    }
done:
    free(x);
    return status;
}

dft_status desc_eos_fit(size_t n, const double *volume, const double *energy, desc_eos *out,
                        dft_error *err)
{
    eos_result r;
    const dft_status status = eos_fit(n, volume, energy, 2.0 / 3.0, "volume", &r, err);

    if (status == DFT_OK)
        *out = (desc_eos){ r.minimum_inside, r.size, r.energy, r.modulus, r.modulus_prime, r.rms,
                           r.lowest, n };
    return status;
}

dft_status desc_layer_eos_fit(size_t n, const double *area, const double *energy,
                              desc_layer_eos *out, dft_error *err)
{
    eos_result r;
    const dft_status status = eos_fit(n, area, energy, 1.0, "area", &r, err);

    if (status == DFT_OK)
        *out = (desc_layer_eos){ r.minimum_inside, r.size, r.energy, r.modulus, r.modulus_prime,
                                 r.rms, r.lowest, n };
    return status;
}

/* F. Birch, Phys. Rev. 71, 809 (1947), integrated. */
double desc_eos_energy(double volume, double v0, double e0, double b0, double b0_prime)
{
    const double eta = pow(v0 / volume, 2.0 / 3.0), f = eta - 1.0;

    return e0 + 9.0 / 16.0 * v0 * b0 * f * f * (b0_prime * f + 6.0 - 4.0 * eta);
}
