#include "dft-lite/scf/occupations.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "dft-lite/base/units.h"

#define COUNT_TOLERANCE 1e-13       /* relative; "exactly n electrons" up to rounding of the sum */
#define FAR 40.0                    /* widths beyond which every scheme is 0 or 1 to rounding */

/* The formulas stand in the header.  Each is written so that neither tail loses digits. */

static double fermi_dirac(double x)
{
    return x > 0.0 ? exp(-x) / (1.0 + exp(-x)) : 1.0 / (1.0 + exp(x));
}

static double fermi_dirac_entropy(double x)
{
    const double a = fabs(x);       /* even in x: ln(1 + e^-a) + a f(a) */
    return log1p(exp(-a)) + a * fermi_dirac(a);
}

static double gaussian(double x)
{
    return 0.5 * erfc(x);
}

static double gaussian_entropy(double x)
{
    return 0.5 / sqrt(DFT_PI) * exp(-x * x);
}

static double cold(double x)
{
    const double t = -x - sqrt(0.5);
    return 0.5 * erfc(-t) + exp(-t * t) / sqrt(2.0 * DFT_PI);
}

static double cold_entropy(double x)
{
    const double t = -x - sqrt(0.5);
    return -t * exp(-t * t) / sqrt(2.0 * DFT_PI);
}

typedef double (*scalar_function)(double x);

static const struct {
    const char *name;
    scalar_function f, s;
    double ts_fraction;             /* E0 = F + ts_fraction TS */
} schemes[] = {
    [DFT_SMEARING_FERMI_DIRAC] = { "fermi-dirac", fermi_dirac, fermi_dirac_entropy, 1.0 / 2.0 },
    [DFT_SMEARING_GAUSSIAN]    = { "gaussian", gaussian, gaussian_entropy, 1.0 / 2.0 },
    [DFT_SMEARING_COLD]        = { "cold", cold, cold_entropy, 1.0 / 3.0 },
    [DFT_SMEARING_FIXED]       = { "fixed", NULL, NULL, 0.0 },
};
#define N_SCHEMES (sizeof schemes / sizeof schemes[0])

dft_status dft_smearing_parse(const char *name, dft_smearing *out, dft_error *err)
{
    for (size_t i = 0; i < N_SCHEMES; i++)
        if (strcmp(name, schemes[i].name) == 0) {
            *out = (dft_smearing)i;
            return DFT_OK;
        }
    return dft_fail(err, DFT_EINPUT, "unknown smearing \"%.40s\"; choose fermi-dirac, gaussian, cold "
                    "or fixed", name);
}

const char *dft_smearing_name(dft_smearing smearing)
{
    return schemes[smearing].name;
}

typedef struct {
    size_t n_k, n_bands;
    const double *weight;           /* [n_k] */
    const double *eigenvalue;       /* [n_k][n_bands], Ha */
    double width;                   /* Ha */
    double n_electrons;
} filling;

/* sum_k w_k sum_b 2 g((eps - mu)/width); serial, so its bits do not depend on the thread count. */
static double sum_over_states(const filling *self, scalar_function g, double mu)
{
    double total = 0.0;

    for (size_t k = 0; k < self->n_k; k++) {
        double at_k = 0.0;
        for (size_t b = 0; b < self->n_bands; b++)
            at_k += g((self->eigenvalue[k * self->n_bands + b] - mu) / self->width);
        total += 2.0 * self->weight[k] * at_k;
    }
    return total;
}

static double excess(const filling *self, scalar_function f, double mu)
{
    return sum_over_states(self, f, mu) - self->n_electrons;
}

static int is_filled(const filling *self, scalar_function f, double mu)
{
    return fabs(excess(self, f, mu)) <= COUNT_TOLERANCE * fmax(1.0, self->n_electrons);
}

/* An upward crossing between low (too few electrons) and high (enough), to the last bit of mu. */
static double bisect(const filling *self, scalar_function f, double low, double high)
{
    for (;;) {
        const double middle = low + 0.5 * (high - low);
        if (middle <= low || middle >= high)
            break;
        if (excess(self, f, middle) < 0.0)
            low = middle;
        else
            high = middle;
    }
    return fabs(excess(self, f, low)) < fabs(excess(self, f, high)) ? low : high;
}

/* Highest eigenvalue at or below mu and lowest above it; infinite where there is none. */
static void neighbours(const filling *self, double mu, double *below, double *above)
{
    *below = -HUGE_VAL;
    *above = HUGE_VAL;
    for (size_t i = 0; i < self->n_k * self->n_bands; i++) {
        const double eps = self->eigenvalue[i];
        if (eps <= mu)
            *below = fmax(*below, eps);
        else
            *above = fmin(*above, eps);
    }
}

/* In a wide gap any mu counts right to rounding; then the middle is the answer (its limit for T ->
 * 0). */
static double centred_in_gap(const filling *self, scalar_function f, double mu)
{
    double below, above;

    neighbours(self, mu, &below, &above);
    const double middle = 0.5 * (below + above);
    return isfinite(middle) && is_filled(self, f, middle) ? middle : mu;
}

/* Root of a count that is not monotonic: the upward crossing in the smallest bracket, grown in
 * doubling steps, around a good guess. A mu that is already right (a gap) is left alone. */
static double root_near(const filling *self, scalar_function f, double guess, double lowest,
                        double highest)
{
    double low = guess, high = guess;

    if (is_filled(self, f, guess))
        return guess;
    double step = 0.125 * self->width;
    for (; low > lowest && excess(self, f, low) > 0.0; step *= 2.0)
        low -= step;
    step = 0.125 * self->width;
    for (; high < highest && excess(self, f, high) < 0.0; step *= 2.0)
        high += step;
    return bisect(self, f, low, high);
}

static double find_mu(const filling *self, dft_smearing smearing)
{
    const scalar_function f = smearing == DFT_SMEARING_COLD ? gaussian : schemes[smearing].f;
    double lowest = HUGE_VAL, highest = -HUGE_VAL;

    for (size_t i = 0; i < self->n_k * self->n_bands; i++) {
        lowest = fmin(lowest, self->eigenvalue[i]);
        highest = fmax(highest, self->eigenvalue[i]);
    }
    lowest -= FAR * self->width;
    highest += FAR * self->width;
    const double mu = centred_in_gap(self, f, bisect(self, f, lowest, highest));
    return smearing == DFT_SMEARING_COLD ? root_near(self, cold, mu, lowest, highest) : mu;
}

/* The lowest n_full bands at every k; mu midway between the highest full and lowest empty level
 * (in a metal they overlap, and this is only a label). */
static double fill_fixed(const filling *self, size_t n_full, double *occupation)
{
    double homo = -HUGE_VAL, lumo = HUGE_VAL;

    for (size_t k = 0; k < self->n_k; k++)
        for (size_t b = 0; b < self->n_bands; b++) {
            const double eps = self->eigenvalue[k * self->n_bands + b];
            occupation[k * self->n_bands + b] = b < n_full ? 2.0 : 0.0;
            if (b < n_full)
                homo = fmax(homo, eps);
            else
                lumo = fmin(lumo, eps);
        }
    if (!isfinite(homo))
        return lumo;
    return isfinite(lumo) ? 0.5 * (homo + lumo) : homo;
}

static dft_status check(dft_smearing smearing, const filling *self, dft_error *err)
{
    const double n = self->n_electrons, capacity = 2.0 * (double)self->n_bands;

    if (!(n >= 0.0) || !isfinite(n))
        return dft_fail(err, DFT_EINPUT, "cannot fill bands with %g electrons", n);
    if (n > capacity * (1.0 + COUNT_TOLERANCE))
        return dft_fail(err, DFT_EINPUT, "%zu bands hold at most %g electrons, not %g; ask for "
                        "more bands", self->n_bands, capacity, n);
    if (smearing == DFT_SMEARING_FIXED && fabs(0.5 * n - round(0.5 * n)) > 1e-9)
        return dft_fail(err, DFT_EINPUT, "fixed occupations need an even number of electrons, not "
                        "%.10g; choose another smearing", n);
    if (smearing != DFT_SMEARING_FIXED && (!(self->width > 0.0) || !isfinite(self->width)))
        return dft_fail(err, DFT_EINPUT, "smearing width must be positive, not %g eV; or choose "
                        "fixed occupations", self->width * DFT_HARTREE_EV);
    for (size_t i = 0; i < self->n_k * self->n_bands; i++)
        if (!isfinite(self->eigenvalue[i]))
            return dft_fail(err, DFT_ENUMERIC, "eigenvalue %zu at k-point %zu is not a finite "
                            "number", i % self->n_bands + 1, i / self->n_bands + 1);
    return DFT_OK;
}

dft_status dft_occupations_compute(dft_smearing smearing, double width, double n_electrons,
                                   size_t n_k, size_t n_bands, const double *weight,
                                   const double *eigenvalue, double *occupation, double *fermi,
                                   double *entropy_energy, double *extrapolation, dft_error *err)
{
    const filling self = { n_k, n_bands, weight, eigenvalue, width, n_electrons };
    const dft_status status = check(smearing, &self, err);

    assert(n_k > 0 && n_bands > 0);
    if (status != DFT_OK)
        return status;
    if (smearing == DFT_SMEARING_FIXED) {
        *fermi = fill_fixed(&self, (size_t)lround(0.5 * n_electrons), occupation);
        *entropy_energy = *extrapolation = 0.0;
        return DFT_OK;
    }
    *fermi = find_mu(&self, smearing);
    for (size_t i = 0; i < n_k * n_bands; i++)
        occupation[i] = 2.0 * schemes[smearing].f((eigenvalue[i] - *fermi) / width);
    *entropy_energy = -width * sum_over_states(&self, schemes[smearing].s, *fermi);
    *extrapolation = -schemes[smearing].ts_fraction * *entropy_energy;
    return DFT_OK;
}
