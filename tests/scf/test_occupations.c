#include "dft-lite/scf/occupations.h"

#include <string.h>

#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

#define MAX_STATES 4096

static const dft_smearing smeared[] = { DFT_SMEARING_FERMI_DIRAC, DFT_SMEARING_GAUSSIAN,
                                        DFT_SMEARING_COLD };
#define N_SMEARED (sizeof smeared / sizeof smeared[0])

typedef struct {
    double f[MAX_STATES];
    double mu, minus_ts, extrapolation, band_energy, count;
} filled;

static filled *fill(dft_smearing smearing, double width, double n, size_t n_k, size_t n_bands,
                    const double *weight, const double *eps)
{
    static filled r;

    assert_true(n_k * n_bands <= MAX_STATES);
    assert_int_equal(dft_occupations_compute(smearing, width, n, n_k, n_bands, weight, eps, r.f, &r.mu,
                                             &r.minus_ts, &r.extrapolation, NULL), DFT_OK);
    r.band_energy = r.count = 0.0;
    for (size_t i = 0; i < n_k * n_bands; i++) {
        r.band_energy += weight[i / n_bands] * r.f[i] * eps[i];
        r.count += weight[i / n_bands] * r.f[i];
    }
    return &r;
}

static double free_energy(dft_smearing smearing, double width, double n, size_t n_k, size_t n_bands,
                          const double *weight, const double *eps)
{
    const filled *r = fill(smearing, width, n, n_k, n_bands, weight, eps);
    return r->band_energy + r->minus_ts;
}

/* A metal: 16 k-points, 8 overlapping bands between about -0.2 and 0.7 Ha. */
enum { METAL_K = 16, METAL_BANDS = 8 };
static double metal_weight[METAL_K], metal_eps[METAL_K * METAL_BANDS];

static int set_up_metal(void **unused)
{
    (void)unused;
    for (int k = 0; k < METAL_K; k++) {
        metal_weight[k] = 2.0 * (k + 1) / (METAL_K * (METAL_K + 1.0));
        for (int b = 0; b < METAL_BANDS; b++)
            metal_eps[k * METAL_BANDS + b] = -0.2 + 0.1 * b + 0.12 * sin(0.7 * k + 0.4 * b)
                                           * cos(1.3 * k) * 0.5 + 0.05 * sin(2.1 * k);
    }
    return 0;
}

/* One level, half filled, lies at mu.  1e-15: rounding of mu = 0.1. */
static void half_filled_level_has_its_closed_form(void **unused)
{
    const double eps = 0.1, weight = 1.0, w = 0.01;
    const filled *r = fill(DFT_SMEARING_FERMI_DIRAC, w, 1.0, 1, 1, &weight, &eps);
    (void)unused;

    assert_close(r->mu, eps, 1e-15);
    assert_close(r->f[0], 1.0, 1e-14);
    assert_close(r->minus_ts, -2.0 * w * log(2.0), 1e-15);
    assert_close(r->extrapolation, w * log(2.0), 1e-15);

    r = fill(DFT_SMEARING_GAUSSIAN, w, 1.0, 1, 1, &weight, &eps);
    assert_close(r->mu, eps, 1e-15);
    assert_close(r->minus_ts, -w / sqrt(DFT_PI), 1e-15);
    assert_close(r->extrapolation, 0.5 * w / sqrt(DFT_PI), 1e-15);
}

/* Cold at mu = eps + width/sqrt(2): t = 0, so f = 1/2 + 1/sqrt(2 pi) and s = 0.  At mu = eps:
 * t = -1/sqrt(2), s = e^(-1/2)/(2 sqrt(pi)). */
static void cold_level_has_its_closed_form(void **unused)
{
    const double eps = 0.1, weight = 1.0, w = 0.01;
    const double f0 = 0.5 * erfc(sqrt(0.5)) + exp(-0.5) / sqrt(2.0 * DFT_PI);
    const filled *r = fill(DFT_SMEARING_COLD, w, 1.0 + 2.0 / sqrt(2.0 * DFT_PI), 1, 1, &weight, &eps);
    (void)unused;

    assert_close(r->mu, eps + w * sqrt(0.5), 1e-15);
    assert_close(r->minus_ts, 0.0, 1e-15);
    r = fill(DFT_SMEARING_COLD, w, 2.0 * f0, 1, 1, &weight, &eps);
    assert_close(r->mu, eps, 1e-15);
    assert_close(r->minus_ts, -w * exp(-0.5) / sqrt(DFT_PI), 1e-15);
    assert_close(r->extrapolation, w * exp(-0.5) / sqrt(DFT_PI) / 3.0, 1e-15);
}

/* Two levels 0 and d, two electrons: mu = d/2 by symmetry, f = 2/(1 + e^(-+d/2w)). */
static void two_levels_share_two_electrons_symmetrically(void **unused)
{
    const double eps[2] = { 0.0, 0.02 }, weight = 1.0, w = 0.01;
    const filled *r = fill(DFT_SMEARING_FERMI_DIRAC, w, 2.0, 1, 2, &weight, eps);
    (void)unused;

    assert_close(r->mu, 0.01, 1e-14);
    assert_close(r->f[0], 2.0 / (1.0 + exp(-1.0)), 1e-13);
    assert_close(r->f[1], 2.0 / (1.0 + exp(1.0)), 1e-13);
}

/* From widths far below the level spacing (1e-3 eV) to far above it, whole numbers and fractions.
 * */
static void electrons_are_counted_to_1e_12(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < N_SMEARED; s++)
        for (double width_ev = 1e-3; width_ev < 5.0; width_ev *= 3.0)
            for (double n = 0.5; n < 2 * METAL_BANDS; n += 0.75) {
                const filled *r = fill(smeared[s], width_ev / DFT_HARTREE_EV, n, METAL_K, METAL_BANDS,
                                       metal_weight, metal_eps);
                assert_close(r->count, n, 1e-12);
                for (int i = 0; i < METAL_K * METAL_BANDS; i++)
                    assert_true(r->f[i] >= 0.0 && r->f[i] <= 2.17);
            }
}

/* dF/dN = mu at fixed levels holds only if F is stationary with respect to the occupations, that
 * is if s belongs to f. Central difference, h = 1e-3: truncation h^2 F''' ~ 1e-8; tolerance 1e-6
 * Ha. */
static void free_energy_grows_by_mu_per_electron(void **unused)
{
    const double w = 0.02, h = 1e-3;
    (void)unused;

    for (size_t s = 0; s < N_SMEARED; s++)
        for (double n = 2.3; n < 12.0; n += 1.7) {
            const double up = free_energy(smeared[s], w, n + h, METAL_K, METAL_BANDS, metal_weight,
                                          metal_eps);
            const double down = free_energy(smeared[s], w, n - h, METAL_K, METAL_BANDS, metal_weight,
                                            metal_eps);
            const filled *r = fill(smeared[s], w, n, METAL_K, METAL_BANDS, metal_weight, metal_eps);
            assert_close((up - down) / (2.0 * h), r->mu, 1e-6);
        }
}

/* dF/d eps_i = w_k f_i at fixed N (Hellmann-Feynman).  Step 1e-4 Ha against width 0.02: truncation
 * (h/w)^2 ~ 3e-5 of a second derivative; tolerance 1e-5. */
static void free_energy_follows_a_level_by_its_occupation(void **unused)
{
    const double w = 0.02, n = 6.4, h = 1e-4;
    (void)unused;

    for (size_t s = 0; s < N_SMEARED; s++)
        for (int i = 3; i < METAL_K * METAL_BANDS; i += 17) {
            double eps[METAL_K * METAL_BANDS];
            memcpy(eps, metal_eps, sizeof eps);
            eps[i] += h;
            const double up = free_energy(smeared[s], w, n, METAL_K, METAL_BANDS, metal_weight, eps);
            eps[i] -= 2.0 * h;
            const double down = free_energy(smeared[s], w, n, METAL_K, METAL_BANDS, metal_weight, eps);
            const filled *r = fill(smeared[s], w, n, METAL_K, METAL_BANDS, metal_weight, metal_eps);
            assert_close((up - down) / (2.0 * h), metal_weight[i / METAL_BANDS] * r->f[i], 1e-5);
        }
}

/* -TS = width dF/d(width), on which the extrapolation rests. Relative step 1e-4, tolerance 1e-7
 * Ha. */
static void entropy_is_the_width_derivative_of_the_free_energy(void **unused)
{
    const double w = 0.02, n = 6.4, h = 1e-4;
    (void)unused;

    for (size_t s = 0; s < N_SMEARED; s++) {
        const double up = free_energy(smeared[s], w * (1 + h), n, METAL_K, METAL_BANDS, metal_weight,
                                      metal_eps);
        const double down = free_energy(smeared[s], w * (1 - h), n, METAL_K, METAL_BANDS, metal_weight,
                                        metal_eps);
        const filled *r = fill(smeared[s], w, n, METAL_K, METAL_BANDS, metal_weight, metal_eps);
        assert_close((up - down) / (2.0 * h), r->minus_ts, 1e-7);
    }
}

/* Free electrons: levels eps = q^2 with weight q^2 dq (even in q: the sum converges
 * exponentially). Below mu0 = 1 they hold n = 2 q^3/3 electrons with energy 3/5 n mu0. What is
 * left of F after the extrapolation must fall as width^4 (factor 16 per halving), F itself as
 * width^2 (4), cold as ^3 (8). */
static void extrapolation_removes_the_leading_order(void **unused)
{
    enum { N_Q = 4000 };
    static double weight[N_Q], eps[N_Q];
    static const double order[] = { 2.0, 2.0, 3.0 };        /* of F, as smeared[] */
    const double dq = 2.5 / N_Q;
    double sum = 0.0;
    (void)unused;

    for (int i = 0; i < N_Q; i++) {
        const double q = (i + 0.5) * dq;
        eps[i] = q * q;
        weight[i] = q * q * dq;
        sum += weight[i];
    }
    for (int i = 0; i < N_Q; i++)
        weight[i] /= sum;
    const double n = 2.0 / 3.0 / sum, e0 = 0.6 * n;
    for (size_t s = 0; s < N_SMEARED; s++) {
        double error_f[2], error_0[2];
        for (int half = 0; half < 2; half++) {
            const double w = (smeared[s] == DFT_SMEARING_FERMI_DIRAC ? 0.04 : 0.12) / (1 + half);
            const filled *r = fill(smeared[s], w, n, N_Q, 1, weight, eps);
            error_f[half] = r->band_energy + r->minus_ts - e0;
            error_0[half] = error_f[half] + r->extrapolation;
        }
        assert_close(log2(error_f[0] / error_f[1]), order[s], 0.15);   /* next order: w^2 ~ 1 % */
        assert_close(log2(error_0[0] / error_0[1]), 4.0, 0.4);
        assert_true(fabs(error_0[0]) < 0.2 * fabs(error_f[0]));
    }
}

/* Gap 0.1..0.3 Ha, width 0.1 eV: every scheme is then 0 or 1 to rounding. */
static void insulator_has_mu_in_the_middle_of_its_gap(void **unused)
{
    const double weight[3] = { 0.25, 0.5, 0.25 };
    const double eps[12] = { -0.30, -0.10, 0.32, 0.50, -0.25, 0.10, 0.30, 0.40, -0.20, 0.05, 0.45, 0.6 };
    (void)unused;

    for (size_t s = 0; s < N_SMEARED; s++) {
        const filled *r = fill(smeared[s], 0.1 / DFT_HARTREE_EV, 4.0, 3, 4, weight, eps);
        assert_close(r->mu, 0.2, 1e-16);
        assert_close(r->minus_ts, 0.0, 1e-10);      /* Fermi-Dirac: 27 widths away, e^-27 */
        for (int i = 0; i < 12; i++)
            assert_close(r->f[i], i % 4 < 2 ? 2.0 : 0.0, 1e-11);
    }
    const filled *r = fill(DFT_SMEARING_FIXED, 0.0, 4.0, 3, 4, weight, eps);
    assert_close(r->mu, 0.2, 1e-16);
    assert_close(r->count, 4.0, 0.0);
    assert_close(r->minus_ts, 0.0, 0.0);
    assert_close(r->extrapolation, 0.0, 0.0);
}

/* Gap of five widths: cold's two tails are both in excess there, and its count crosses twice. */
static void small_gap_is_filled_right_by_cold_smearing(void **unused)
{
    const double weight = 1.0, w = 0.01;
    (void)unused;

    for (double gap = 0.01; gap < 0.2; gap += 0.005) {
        const double eps[4] = { -0.02, 0.0, gap, gap + 0.03 };
        const filled *r = fill(DFT_SMEARING_COLD, w, 4.0, 1, 4, &weight, eps);
        assert_close(r->count, 4.0, 1e-12);
        assert_true(r->mu > -w && r->mu < gap + w);
    }
}

static void shifting_all_levels_shifts_mu_alone(void **unused)
{
    double eps[METAL_K * METAL_BANDS];
    (void)unused;

    for (int i = 0; i < METAL_K * METAL_BANDS; i++)
        eps[i] = metal_eps[i] + 3.0;
    for (size_t s = 0; s < N_SMEARED; s++) {
        const double ts = fill(smeared[s], 0.01, 5.0, METAL_K, METAL_BANDS, metal_weight,
                               metal_eps)->minus_ts;
        const double mu = fill(smeared[s], 0.01, 5.0, METAL_K, METAL_BANDS, metal_weight,
                               metal_eps)->mu;
        const filled *r = fill(smeared[s], 0.01, 5.0, METAL_K, METAL_BANDS, metal_weight, eps);
        assert_close(r->mu, mu + 3.0, 1e-14);
        assert_close(r->minus_ts, ts, 1e-14);
    }
}

static void bands_may_be_all_full_or_all_empty(void **unused)
{
    const double weight = 1.0, eps[2] = { -0.1, 0.3 };
    (void)unused;

    for (size_t s = 0; s < N_SMEARED; s++) {
        assert_close(fill(smeared[s], 0.01, 4.0, 1, 2, &weight, eps)->count, 4.0, 1e-12);
        assert_close(fill(smeared[s], 0.01, 0.0, 1, 2, &weight, eps)->count, 0.0, 1e-12);
    }
    assert_close(fill(DFT_SMEARING_FIXED, 0.0, 4.0, 1, 2, &weight, eps)->mu, 0.3, 0.0);
    assert_close(fill(DFT_SMEARING_FIXED, 0.0, 0.0, 1, 2, &weight, eps)->mu, -0.1, 0.0);
}

static void refused(dft_smearing smearing, double width, double n, double level, dft_status status,
                    const char *word)
{
    const double weight = 1.0, eps[2] = { 0.0, level };
    double f[2], mu, ts, e;
    dft_error err;

    assert_int_equal(dft_occupations_compute(smearing, width, n, 1, 2, &weight, eps, f, &mu, &ts, &e,
                                             &err), status);
    assert_non_null(strstr(err.message, word));
}

static void impossible_fillings_are_refused_with_a_sentence(void **unused)
{
    (void)unused;
    refused(DFT_SMEARING_FIXED, 0.0, 3.0, 0.1, DFT_EINPUT, "even number");
    refused(DFT_SMEARING_FIXED, 0.0, 2.5, 0.1, DFT_EINPUT, "2.5");
    refused(DFT_SMEARING_FIXED, 0.0, 6.0, 0.1, DFT_EINPUT, "more bands");
    refused(DFT_SMEARING_FERMI_DIRAC, 0.01, 4.5, 0.1, DFT_EINPUT, "more bands");
    refused(DFT_SMEARING_FERMI_DIRAC, 0.0, 2.0, 0.1, DFT_EINPUT, "width");
    refused(DFT_SMEARING_GAUSSIAN, -0.1, 2.0, 0.1, DFT_EINPUT, "width");
    refused(DFT_SMEARING_COLD, (double)NAN, 2.0, 0.1, DFT_EINPUT, "width");
    refused(DFT_SMEARING_COLD, 0.01, -1.0, 0.1, DFT_EINPUT, "-1 electrons");
    refused(DFT_SMEARING_COLD, 0.01, 2.0, (double)NAN, DFT_ENUMERIC, "eigenvalue 2 at k-point 1");
}

static void names_of_the_schemes_are_read_back(void **unused)
{
    dft_smearing smearing = DFT_SMEARING_COLD;
    dft_error err;
    (void)unused;

    for (int i = 0; i <= DFT_SMEARING_FIXED; i++) {
        assert_int_equal(dft_smearing_parse(dft_smearing_name((dft_smearing)i), &smearing, NULL),
                         DFT_OK);
        assert_int_equal(smearing, i);
    }
    assert_int_equal(dft_smearing_parse("warm", &smearing, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "fermi-dirac, gaussian, cold or fixed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_filled_level_has_its_closed_form),
        cmocka_unit_test(cold_level_has_its_closed_form),
        cmocka_unit_test(two_levels_share_two_electrons_symmetrically),
        cmocka_unit_test(electrons_are_counted_to_1e_12),
        cmocka_unit_test(free_energy_grows_by_mu_per_electron),
        cmocka_unit_test(free_energy_follows_a_level_by_its_occupation),
        cmocka_unit_test(entropy_is_the_width_derivative_of_the_free_energy),
        cmocka_unit_test(extrapolation_removes_the_leading_order),
        cmocka_unit_test(insulator_has_mu_in_the_middle_of_its_gap),
        cmocka_unit_test(small_gap_is_filled_right_by_cold_smearing),
        cmocka_unit_test(shifting_all_levels_shifts_mu_alone),
        cmocka_unit_test(bands_may_be_all_full_or_all_empty),
        cmocka_unit_test(impossible_fillings_are_refused_with_a_sentence),
        cmocka_unit_test(names_of_the_schemes_are_read_back),
    };
    return cmocka_run_group_tests(tests, set_up_metal, NULL);
}
