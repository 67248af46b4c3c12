#include "dft-lite/xc/xc.h"

#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

static const char *const names[] = { "LDA", "PBE", "RPBE", "revPBE", "PBEsol" };
#define N_NAMES (sizeof names / sizeof names[0])

static dft_xc *make(const char *name)
{
    dft_xc *xc = NULL;
    assert_int_equal(dft_xc_create(name, &xc, NULL), DFT_OK);
    return xc;
}

typedef struct { double e, v, vs; } point;

static point eval(const dft_xc *xc, double n, double sigma)
{
    point p = { 0, 0, 0 };
    dft_xc_eval(xc, 1, &n, &sigma, &p.e, &p.v, &p.vs);
    return p;
}

/* E_x/V = -(3/4)(3/pi)^(1/3) n^(4/3), v = -(3 n/pi)^(1/3).  1e-14 relative: rounding. */
static void exchange_of_the_uniform_gas_is_the_closed_form(void **unused)
{
    dft_xc *xc = make("LDA_X");
    (void)unused;

    for (double n = 1e-8; n < 1e3; n *= 7.0) {
        double e, v;
        dft_xc_eval(xc, 1, &n, NULL, &e, &v, NULL);
        assert_close(e / (-0.75 * cbrt(3.0 / DFT_PI) * n * cbrt(n)), 1.0, 1e-14);
        assert_close(v / -cbrt(3.0 * n / DFT_PI), 1.0, 1e-14);
    }
    dft_xc_free(xc);
}

/* Perdew, Wang, PRB 45, 13244 (1992), eq. 10 with the constants of table I, unpolarised. */
static double pw92(double n)
{
    const double a = 0.031091, a1 = 0.21370, b1 = 7.5957, b2 = 3.5876, b3 = 1.6382, b4 = 0.49294;
    const double rs = cbrt(3.0 / (4.0 * DFT_PI * n)), s = sqrt(rs);
    return -2.0 * a * (1.0 + a1 * rs)
         * log1p(1.0 / (2.0 * a * s * (b1 + s * (b2 + s * (b3 + s * b4)))));
}

/* 1e-12: rounding; the modified constants (0.0310907) would miss by 3e-6 relative. */
static void correlation_of_lda_is_plain_perdew_wang_92(void **unused)
{
    dft_xc *xc = make("LDA_C_PW");
    (void)unused;

    for (double n = 1e-6; n < 1e2; n *= 5.0) {
        double e, v;
        dft_xc_eval(xc, 1, &n, NULL, &e, &v, NULL);
        assert_close(e / (n * pw92(n)), 1.0, 1e-12);
    }
    dft_xc_free(xc);
}

/* F_x of PBE from its paper, PRL 77, 3865 (1996), eq. 14; of RPBE from PRB 59, 7413, eq. 15;
 * revPBE and PBEsol are PBE with other kappa, mu. 1e-7: libxc's mu differs in the last printed
 * digits. */
static void exchange_enhancement_is_the_published_one(void **unused)
{
    static const struct { const char *name; double kappa, mu; int is_exponential; } form[] = {
        { "GGA_X_PBE", 0.804, 0.2195149727645171, 0 },
        { "GGA_X_RPBE", 0.804, 0.2195149727645171, 1 },
        { "GGA_X_PBE_R", 1.245, 0.2195149727645171, 0 },
        { "GGA_X_PBE_SOL", 0.804, 10.0 / 81.0, 0 },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof form / sizeof form[0]; i++) {
        dft_xc *xc = make(form[i].name);
        for (double s = 0.1; s < 4.0; s += 0.7) {
            const double n = 0.03, k_f = cbrt(3.0 * DFT_PI * DFT_PI * n);
            const double gradient = 2.0 * k_f * n * s, x = form[i].mu * s * s / form[i].kappa;
            const double f = 1.0 + form[i].kappa * (form[i].is_exponential ? -expm1(-x)
                                                                          : x / (1.0 + x));
            const double lda = -0.75 * cbrt(3.0 / DFT_PI) * n * cbrt(n);
            assert_close(eval(xc, n, gradient * gradient).e / lda, f, 1e-7);
        }
        dft_xc_free(xc);
    }
}

/* Central differences with a relative step h = 1e-4: truncation h^2 ~ 1e-8, rounding 1e-16/h ~
 * 1e-12; 1e-6 relative leaves room for the third derivatives. */
static void potentials_are_derivatives_of_the_energy(void **unused)
{
    const double h = 1e-4;
    (void)unused;

    for (size_t i = 0; i < N_NAMES; i++) {
        dft_xc *xc = make(names[i]);
        for (double n = 1e-7; n < 20.0; n *= 9.0)
            for (double s = 0.2; s < 4.0; s += 1.1) {   /* reduced gradient of solids: 0..3 */
                const double g = s * 2.0 * cbrt(3.0 * DFT_PI * DFT_PI * n) * n, sigma = g * g;
                const point p = eval(xc, n, sigma);
                const double dn = (eval(xc, n * (1 + h), sigma).e - eval(xc, n * (1 - h), sigma).e)
                                / (2 * h * n);
                const double ds = (eval(xc, n, sigma * (1 + h)).e - eval(xc, n, sigma * (1 - h)).e)
                                / (2 * h * sigma);
                assert_close(p.v / dn, 1.0, 1e-6);
                assert_close(p.vs * sigma, ds * sigma, 1e-6 * fabs(p.e));
            }
        dft_xc_free(xc);
    }
}

static void gga_without_gradient_is_lda(void **unused)
{
    dft_xc *lda = make("LDA_X+LDA_C_PW_MOD");       /* what PBE's correlation is built on */
    (void)unused;

    for (size_t i = 1; i < N_NAMES; i++) {
        dft_xc *xc = make(names[i]);
        for (double n = 1e-4; n < 10.0; n *= 10.0)
            assert_close(eval(xc, n, 0.0).e / eval(lda, n, 0.0).e, 1.0, 1e-7);
        dft_xc_free(xc);
    }
    dft_xc_free(lda);
}

static void empty_and_negative_densities_give_zero(void **unused)
{
    const double rho[] = { 0.0, -1.0, -1e-20, 1e-13, 0.0, 0.02 };
    const double sigma[] = { 0.0, 1.0, 5.0, 1e-3, -1.0, -0.5 };
    double e[6], v[6], vs[6];
    (void)unused;

    for (size_t i = 0; i < N_NAMES; i++) {
        dft_xc *xc = make(names[i]);
        dft_xc_eval(xc, 6, rho, sigma, e, v, vs);
        for (int k = 0; k < 5; k++) {
            assert_close(e[k], 0.0, 0.0);
            assert_close(v[k], 0.0, 0.0);
            assert_close(vs[k], 0.0, 0.0);
        }
        assert_close(e[5], eval(xc, 0.02, 0.0).e, 0.0);     /* a negative sigma counts as zero */
        assert_true(e[5] < 0.0);
        dft_xc_free(xc);
    }
}

/* 1000 points cross the chunks; each must equal its evaluation alone, to the bit. */
static void long_arrays_equal_single_points(void **unused)
{
    enum { N = 1000 };
    static double rho[N], sigma[N], e[N], v[N], vs[N];
    dft_xc *xc = make("PBE");
    (void)unused;

    for (int i = 0; i < N; i++) {
        rho[i] = i % 7 == 0 ? -1e-9 : 1e-5 * i;
        sigma[i] = 1e-6 * (i % 13);
    }
    dft_xc_eval(xc, N, rho, sigma, e, v, vs);
    for (int i = 0; i < N; i++) {
        const point p = eval(xc, rho[i], sigma[i]);
        assert_close(e[i], p.e, 0.0);
        assert_close(v[i], p.v, 0.0);
        assert_close(vs[i], p.vs, 0.0);
    }
    dft_xc_free(xc);
}

static void concurrent_evaluation_gives_the_same_numbers(void **unused)
{
    dft_xc *xc = make("PBE");
    const point expected = eval(xc, 0.03, 0.002);
    int n_wrong = 0;
    (void)unused;

    #pragma omp parallel for num_threads(4) reduction(+:n_wrong)
    for (int i = 0; i < 2000; i++) {
        const point p = eval(xc, 0.03, 0.002);
        n_wrong += memcmp(&p, &expected, sizeof p) != 0;
    }
    assert_int_equal(n_wrong, 0);
    dft_xc_free(xc);
}

static void names_are_recognised_whatever_their_case_and_order(void **unused)
{
    static const struct { const char *given, *canonical; int is_gga; } cases[] = {
        { "LDA", "LDA", 0 }, { "lda", "LDA", 0 }, { "PW", "LDA", 0 }, { "pbe", "PBE", 1 },
        { "LDA_C_PW+LDA_X", "LDA", 0 }, { "gga_c_pbe+GGA_X_PBE", "PBE", 1 }, { "REVPBE", "revPBE", 1 },
        { "pbesol", "PBEsol", 1 }, { "rpbe", "RPBE", 1 }, { "LDA_X", "LDA_X", 0 },
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dft_xc *xc = make(cases[i].given);
        assert_string_equal(dft_xc_name(xc), cases[i].canonical);
        assert_int_equal(dft_xc_is_gga(xc), cases[i].is_gga);
        dft_xc_free(xc);
    }
}

static void data_sets_match_the_functional_they_were_made_with(void **unused)
{
    dft_xc *lda = make("LDA"), *pbe = make("PBE"), *rev = make("revPBE");
    (void)unused;

    assert_true(dft_xc_matches(lda, "PW"));
    assert_true(dft_xc_matches(lda, "LDA"));
    assert_true(dft_xc_matches(lda, "LDA_X+LDA_C_PW"));
    assert_true(dft_xc_matches(pbe, "PBE"));
    assert_true(dft_xc_matches(pbe, "GGA_X_PBE+GGA_C_PBE"));
    assert_true(dft_xc_matches(rev, "revPBE"));
    assert_false(dft_xc_matches(pbe, "PW"));
    assert_false(dft_xc_matches(pbe, "RPBE"));
    assert_false(dft_xc_matches(pbe, "GLLBSC"));
    assert_false(dft_xc_matches(lda, ""));
    dft_xc_free(lda);
    dft_xc_free(pbe);
    dft_xc_free(rev);
}

typedef struct { double e, v[2], vs[3]; } spin_point;

static spin_point eval_spin(const dft_xc *xc, const double n[2], const double sigma[3])
{
    spin_point p;
    const double *const rho[2] = { &n[0], &n[1] };
    const double *const s[3] = { &sigma[0], &sigma[1], &sigma[2] };
    double *const v[2] = { &p.v[0], &p.v[1] }, *const vs[3] = { &p.vs[0], &p.vs[1], &p.vs[2] };

    dft_xc_eval_spin(xc, 1, rho, s, &p.e, v, vs);
    return p;
}

/* Equal spins: n/2 each, gradients half each, so sigma/4 for all three products; the derivative by the
 * total gradient is shared.  1e-12 relative: libxc's own rounding. */
static void equal_spins_are_the_unpolarised_functional(void **unused)
{
    (void)unused;

    for (size_t i = 0; i < N_NAMES; i++) {
        dft_xc *xc = make(names[i]);
        const double n = 0.3, sigma = 0.2;
        const point want = eval(xc, n, sigma);
        const spin_point got = eval_spin(xc, (double[2]){ n / 2, n / 2 },
                                         (double[3]){ sigma / 4, sigma / 4, sigma / 4 });
        assert_close(got.e, want.e, 1e-12);
        assert_close(got.v[0], want.v, 1e-12);
        assert_close(got.v[1], want.v, 1e-12);
        if (dft_xc_is_gga(xc))
            assert_close(0.25 * (got.vs[0] + got.vs[1] + got.vs[2]), want.vs, 1e-12);
        dft_xc_free(xc);
    }
}

static void spin_potentials_are_derivatives_of_the_energy(void **unused)
{
    const double n[2] = { 0.21, 0.08 }, sigma[3] = { 0.05, 0.011, 0.007 }, h = 1e-6;
    dft_xc *xc = make("PBE");
    const spin_point p = eval_spin(xc, n, sigma);
    (void)unused;

    for (int i = 0; i < 5; i++) {
        double x[5] = { n[0], n[1], sigma[0], sigma[1], sigma[2] };
        x[i] += h;
        const double up = eval_spin(xc, x, x + 2).e;
        x[i] -= 2.0 * h;
        const double down = eval_spin(xc, x, x + 2).e;
        assert_close((up - down) / (2.0 * h), i < 2 ? p.v[i] : p.vs[i - 2], 1e-8);
    }
    dft_xc_free(xc);
}

/* A spin that is empty, or negative as pseudo densities may be, has no potential and does not disturb. */
static void an_empty_spin_has_no_potential(void **unused)
{
    dft_xc *xc = make("PBE");
    const double sigma[3] = { 0.05, -0.01, 0.02 };
    const spin_point zero = eval_spin(xc, (double[2]){ 0.2, 0.0 }, sigma);
    const spin_point negative = eval_spin(xc, (double[2]){ 0.2, -0.01 }, sigma);
    const spin_point nothing = eval_spin(xc, (double[2]){ -0.1, 0.0 }, sigma);
    (void)unused;

    assert_true(zero.e < 0.0 && zero.v[0] < 0.0);
    assert_close(zero.v[1], 0.0, 0.0);
    assert_close(zero.vs[1], 0.0, 0.0);
    assert_close(negative.e, zero.e, 0.0);
    assert_close(nothing.e, 0.0, 0.0);
    assert_close(nothing.v[0], 0.0, 0.0);
    dft_xc_free(xc);
}

static void refused(const char *name, const char *word)
{
    dft_xc *xc = NULL;
    dft_error err;
    assert_int_equal(dft_xc_create(name, &xc, &err), DFT_EINPUT);
    assert_null(xc);
    assert_non_null(strstr(err.message, word));
    assert_non_null(strstr(err.message, "revPBE"));     /* the remedy lists the choices */
}

static void unusable_names_are_refused_with_the_choices(void **unused)
{
    char endless[400];
    (void)unused;

    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    refused("PBF", "PBF");
    refused("", "unknown");
    refused("PBE+", "PBE+");
    refused("GGA_X_PBE++GGA_C_PBE", "unknown");
    refused(endless, "unknown");
    refused("MGGA_X_SCAN+MGGA_C_SCAN", "neither LDA nor GGA");
    refused("HYB_GGA_XC_PBEH", "neither LDA nor GGA");
    refused("LDA_X+LDA_C_PW+LDA_X+LDA_X+LDA_X", "at most 4");
    refused("LDA_K_TF", "neither LDA nor GGA");
}

static void refused_memory_is_reported(void **unused)
{
    dft_xc *xc = NULL;
    (void)unused;

    dft_alloc_refuse_nth(1);
    assert_int_equal(dft_xc_create("PBE", &xc, NULL), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
    assert_null(xc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchange_of_the_uniform_gas_is_the_closed_form),
        cmocka_unit_test(correlation_of_lda_is_plain_perdew_wang_92),
        cmocka_unit_test(exchange_enhancement_is_the_published_one),
        cmocka_unit_test(potentials_are_derivatives_of_the_energy),
        cmocka_unit_test(gga_without_gradient_is_lda),
        cmocka_unit_test(empty_and_negative_densities_give_zero),
        cmocka_unit_test(long_arrays_equal_single_points),
        cmocka_unit_test(concurrent_evaluation_gives_the_same_numbers),
        cmocka_unit_test(equal_spins_are_the_unpolarised_functional),
        cmocka_unit_test(spin_potentials_are_derivatives_of_the_energy),
        cmocka_unit_test(an_empty_spin_has_no_potential),
        cmocka_unit_test(names_are_recognised_whatever_their_case_and_order),
        cmocka_unit_test(data_sets_match_the_functional_they_were_made_with),
        cmocka_unit_test(unusable_names_are_refused_with_the_choices),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
