#include "dft-lite/math/radial.h"

#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

#define N 300                           /* r_i = a i/(n - i) with the a of gpaw-data's sets */

typedef struct { double r[N], dr[N], f[N], v[N]; } grid;

/* Points end at i = N - 1: r = 0.4 * 299 = 120 bohr. */
static void grid_fill(grid *g)
{
    const double a = 0.4;

    for (int i = 0; i < N; i++) {
        g->r[i] = a * i / (N - i);
        g->dr[i] = a * N / ((double)(N - i) * (N - i));
    }
}

static void gaussian_fill(grid *g, int l, double alpha)
{
    for (int i = 0; i < N; i++)
        g->f[i] = pow(g->r[i], l) * exp(-alpha * g->r[i] * g->r[i]);
}

/* integral exp(-r^2) r^2 dr = sqrt(pi)/4; the trapezoid rule converges faster than any power for a
 * function that vanishes smoothly at both ends, here to 1e-10. */
static void integral_of_a_gaussian_is_exact(void **unused)
{
    static grid g;
    (void)unused;

    grid_fill(&g);
    gaussian_fill(&g, 0, 1.0);
    assert_close(dft_radial_integral(N, g.r, g.dr, g.f, 2), sqrt(DFT_PI) / 4.0, 1e-10);
    assert_close(dft_radial_integral(N, g.r, g.dr, g.f, 3), 0.5, 1e-5);  /* odd: h^2 end term */
}

/* Charge 1: f = (alpha/pi)^(3/2) exp(-alpha r^2) gives v = erf(sqrt(alpha) r)/r. The half-step sums
 * are second order in the step, 2e-4 here. */
static void potential_of_a_gaussian_is_an_error_function(void **unused)
{
    static grid g;
    const double alpha = 1.7, norm = pow(alpha / DFT_PI, 1.5);
    (void)unused;

    grid_fill(&g);
    gaussian_fill(&g, 0, alpha);
    dft_radial_poisson(N, g.r, g.dr, 0, g.f, g.v);
    for (int i = 2; i < N; i++)
        assert_close(norm * g.v[i], erf(sqrt(alpha) * g.r[i]) / g.r[i], 3e-4);
    /* far away only the charge counts, and the charge is a converged sum */
    assert_close(norm * g.v[N - 1] * g.r[N - 1], 1.0, 1e-10);
}

/* integral f v r^2 dr over its value in q space, (2/pi) integral q^2 (4 pi/q^2) F_l^2 dq, for
 * f = r^l exp(-alpha r^2): F_l = sqrt(pi) q^l exp(-q^2/4 alpha)/(2^(l+2) alpha^(l+3/2)). */
static double self_energy_error(int l, int n)
{
    static double r[2 * N], dr[2 * N], f[2 * N], v[2 * N];
    const double a = 0.4, alpha = 1.3;
    double in_r = 0.0, in_q = 0.0;

    for (int i = 0; i < n; i++) {
        r[i] = a * i / (n - i);
        dr[i] = a * n / ((double)(n - i) * (n - i));
        f[i] = pow(r[i], l) * exp(-alpha * r[i] * r[i]);
    }
    dft_radial_poisson((size_t)n, r, dr, l, f, v);
    for (int i = 0; i < n; i++)
        in_r += f[i] * v[i] * r[i] * r[i] * dr[i];
    for (int i = 0; i <= 4000; i++) {
        const double q = 0.005 * i, w = i == 0 ? 0.5 : 1.0;
        const double fq = sqrt(DFT_PI) * pow(q, l) * exp(-q * q / (4 * alpha))
                        / (pow(2, l + 2) * pow(alpha, l + 1.5));
        in_q += 0.005 * w * 2.0 / DFT_PI * 4.0 * DFT_PI * fq * fq;
    }
    return in_r / in_q - 1.0;
}

/* The solver is second order in the step: twice the points, a quarter of the error. */
static void self_energy_of_multipoles_converges_to_that_of_fourier_space(void **unused)
{
    (void)unused;
    for (int l = 0; l <= 4; l++) {
        const double coarse = self_energy_error(l, N), fine = self_energy_error(l, 2 * N);
        assert_close(coarse, 0.0, 1e-3);
        assert_close(fine / coarse, 0.25, 0.02);
    }
}

/* Central differences in i: error (1/6) f''' h^2 with h = dr <= 0.03 where the Gaussian lives. */
static void derivative_agrees_with_the_closed_form(void **unused)
{
    static grid g;
    (void)unused;

    grid_fill(&g);
    gaussian_fill(&g, 0, 1.0);
    dft_radial_derivative(N, g.dr, g.f, g.v);
    for (int i = 1; i < N - 1; i++)
        assert_close(g.v[i], -2.0 * g.r[i] * g.f[i], 1e-3);
}

static double closed_form(int l, double x)
{
    const double s = sin(x), c = cos(x), x2 = x * x;

    switch (l) {
    case 0: return s / x;
    case 1: return s / x2 - c / x;
    case 2: return (3 / x2 - 1) * s / x - 3 * c / x2;
    default: return (15 / x2 - 6) * s / x2 - (15 / x2 - 1) * c / x;
    }
}

static void bessel_functions_agree_with_their_closed_forms(void **unused)
{
    (void)unused;
    for (int l = 0; l <= 3; l++)
        for (double x = 0.5; x < 60.0; x += 0.37)   /* below, the closed forms lose digits */
            assert_close(dft_bessel_j(l, x), closed_form(l, x), 1e-12);
}

/* j_l(x) -> x^l/(2l+1)!! and j_l' = j_(l-1) - (l+1)/x j_l, across the switch from series to
 * recursion. */
static void bessel_functions_obey_limit_and_recursion(void **unused)
{
    double double_factorial = 1.0;
    (void)unused;

    for (int l = 0; l <= 8; l++) {
        double_factorial *= 2 * l + 1;
        assert_close(dft_bessel_j(l, 0.0), l == 0 ? 1.0 : 0.0, 0.0);
        assert_close(dft_bessel_j(l, 1e-3) / (pow(1e-3, l) / double_factorial), 1.0, 1e-6);
        for (double x = 0.3; l > 0 && x < 30.0; x += 0.217) {
            const double h = 1e-4;          /* error h^2/6 j''' < 2e-9 */
            const double difference = (dft_bessel_j(l, x + h) - dft_bessel_j(l, x - h)) / (2 * h);
            const double exact = dft_bessel_j(l - 1, x) - (l + 1) / x * dft_bessel_j(l, x);
            assert_close(difference, exact, 3e-9);
        }
    }
}

/* 4 pi integral r^2 r^l exp(-a r^2) j_l(qr) dr = pi^(3/2) q^l exp(-q^2/4a)/(2^l a^(l+3/2)).
 * Trapezoid of a smooth even integrand: 1e-9. */
static void transforms_of_gaussians_are_gaussians(void **unused)
{
    static grid g;
    const double alpha = 1.1;
    (void)unused;

    grid_fill(&g);
    for (int l = 0; l <= 2; l++) {
        gaussian_fill(&g, l, alpha);
        for (double q = 0.0; q < 8.0; q += 0.31)
            assert_close(dft_radial_bessel(N, g.r, g.dr, g.f, l, q),
                         pow(DFT_PI, 1.5) * pow(q, l) * exp(-q * q / (4 * alpha))
                         / (pow(2, l) * pow(alpha, l + 1.5)), 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integral_of_a_gaussian_is_exact),
        cmocka_unit_test(potential_of_a_gaussian_is_an_error_function),
        cmocka_unit_test(self_energy_of_multipoles_converges_to_that_of_fourier_space),
        cmocka_unit_test(derivative_agrees_with_the_closed_form),
        cmocka_unit_test(bessel_functions_agree_with_their_closed_forms),
        cmocka_unit_test(bessel_functions_obey_limit_and_recursion),
        cmocka_unit_test(transforms_of_gaussians_are_gaussians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
