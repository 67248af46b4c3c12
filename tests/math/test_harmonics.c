#include "dft-lite/math/harmonics.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

#define LMAX 4
#define N_LM ((LMAX + 1) * (LMAX + 1))

static const double identity[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };

/* Rotation by an angle about an axis (Rodrigues), times -1 when improper. */
static void rotation_about(const double axis[3], double angle, double sign, double r[3][3])
{
    const double norm = sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
    const double u[3] = { axis[0] / norm, axis[1] / norm, axis[2] / norm };
    const double cross[3][3] = { { 0, -u[2], u[1] }, { u[2], 0, -u[0] }, { -u[1], u[0], 0 } };

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            r[i][j] = sign * (cos(angle) * identity[i][j] + sin(angle) * cross[i][j]
                              + (1.0 - cos(angle)) * u[i] * u[j]);
}

static void turn(const double r[3][3], const double x[3], double y[3])
{
    for (int i = 0; i < 3; i++)
        y[i] = r[i][0] * x[0] + r[i][1] * x[1] + r[i][2] * x[2];
}

/* Signs and normalisation of l <= 2, from a textbook: Y_1m = sqrt(3/4pi) (y, z, x), Y_2m =
 * sqrt(15/4pi) (xy, yz, (3z^2-r^2)/sqrt(12), xz, (x^2-y^2)/2).  1e-14: rounding. */
static void low_harmonics_have_their_textbook_form(void **unused)
{
    const double x = 0.3, y = -1.1, z = 0.7, r2 = x * x + y * y + z * z, pi4 = 4.0 * DFT_PI;
    const double want[9] = { sqrt(1 / pi4), sqrt(3 / pi4) * y, sqrt(3 / pi4) * z, sqrt(3 / pi4) * x,
        sqrt(15 / pi4) * x * y, sqrt(15 / pi4) * y * z,
        sqrt(15 / pi4) * (3 * z * z - r2) / sqrt(12.0), sqrt(15 / pi4) * x * z,
        sqrt(15 / pi4) * (x * x - y * y) / 2 };
    double got[9];
    (void)unused;

    dft_solid_harmonics(2, (const double[3]){ x, y, z }, got);
    for (int lm = 0; lm < 9; lm++)
        assert_close(got[lm], want[lm], 1e-14);
}

/* 4 pi sum_i w_i Y_lm Y_l'm' = delta while l + l' <= 11.  1e-13: rounding of 50 terms. */
static void harmonics_are_orthonormal_on_the_lebedev_points(void **unused)
{
    const dft_sphere_rule rule = dft_lebedev_50();
    double sum[36][36] = { { 0 } };     /* l <= 5: products reach degree 10 */
    (void)unused;

    for (size_t i = 0; i < rule.n; i++) {
        double y[36];
        dft_solid_harmonics(5, rule.point[i], y);
        for (int a = 0; a < 36; a++)
            for (int b = 0; b < 36; b++)
                sum[a][b] += 4.0 * DFT_PI * rule.weight[i] * y[a] * y[b];
    }
    for (int a = 0; a < 36; a++)
        for (int b = 0; b < 36; b++)
            assert_close(sum[a][b], a == b ? 1.0 : 0.0, 1e-13);
}

/* S_lm(-r) = (-1)^l S_lm(r) and homogeneity S_lm(2r) = 2^l S_lm(r), to DFT_LMAX. */
static void solid_harmonics_are_homogeneous_polynomials(void **unused)
{
    const double r[3] = { 0.31, -0.52, 0.83 }, twice[3] = { -0.62, 1.04, -1.66 };
    double here[DFT_N_LM], there[DFT_N_LM];
    (void)unused;

    dft_solid_harmonics(DFT_LMAX, r, here);
    dft_solid_harmonics(DFT_LMAX, twice, there);
    for (int l = 0; l <= DFT_LMAX; l++)
        for (int lm = l * l; lm < (l + 1) * (l + 1); lm++)
            assert_close(there[lm], pow(-2.0, l) * here[lm], 1e-12);
}

/* Central differences, step h: truncation h^2/6 S''' < 1e-8, rounding 1e-16/h = 1e-11. */
static void gradient_agrees_with_differences(void **unused)
{
    const double points[][3] = { { 0.31, -0.52, 0.83 }, { 0, 0, 0.7 }, { 0.4, 0, 0 }, { 0, 0, 0 } };
    const double h = 1e-5;
    (void)unused;

    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        double s[DFT_N_LM], gradient[DFT_N_LM][3];
        dft_solid_harmonics_gradient(DFT_LMAX, points[i], s, gradient);
        for (int c = 0; c < 3; c++) {
            double up[3], down[3], s_up[DFT_N_LM], s_down[DFT_N_LM];
            for (int d = 0; d < 3; d++) {
                up[d] = points[i][d] + (c == d ? h : 0.0);
                down[d] = points[i][d] - (c == d ? h : 0.0);
            }
            dft_solid_harmonics(DFT_LMAX, up, s_up);
            dft_solid_harmonics(DFT_LMAX, down, s_down);
            for (int lm = 0; lm < DFT_N_LM; lm++)
                assert_close(gradient[lm][c], (s_up[lm] - s_down[lm]) / (2.0 * h), 1e-8);
        }
    }
}

/* (1/4 pi) integral of x^2i y^2j z^2k = (2i-1)!!(2j-1)!!(2k-1)!!/(2(i+j+k)+1)!! */
static double monomial_mean(int i, int j, int k)
{
    double mean = 1.0;
    for (int a = 1; a <= i; a++) mean *= 2 * a - 1;
    for (int a = 1; a <= j; a++) mean *= 2 * a - 1;
    for (int a = 1; a <= k; a++) mean *= 2 * a - 1;
    for (int a = 1; a <= i + j + k; a++) mean /= 2 * a + 1;
    return mean;
}

static void lebedev_points_are_exact_to_degree_11_and_no_further(void **unused)
{
    const dft_sphere_rule rule = dft_lebedev_50();
    double worst_12 = 0.0;
    (void)unused;

    assert_int_equal(rule.n, 50);
    for (int i = 0; i <= 12; i++)
        for (int j = 0; i + j <= 12; j++)
            for (int k = 0; i + j + k <= 12; k++) {
                const int even = i % 2 == 0 && j % 2 == 0 && k % 2 == 0;
                const double want = even ? monomial_mean(i / 2, j / 2, k / 2) : 0.0;
                double sum = 0.0;
                for (size_t p = 0; p < rule.n; p++)
                    sum += rule.weight[p] * pow(rule.point[p][0], i) * pow(rule.point[p][1], j)
                         * pow(rule.point[p][2], k);
                if (i + j + k <= 11)
                    assert_close(sum, want, 1e-14);
                else
                    worst_12 = fmax(worst_12, fabs(sum - want));
            }
    assert_true(worst_12 > 1e-6);       /* else this test could not fail */
}

/* Y_lm Y_l'm' = sum_L G Y_L on the sphere: holds at any point when L reaches l + l'.  1e-13. */
static void gaunt_coefficients_expand_products_of_harmonics(void **unused)
{
    const double point[3] = { 2.0 / 7, 3.0 / 7, -6.0 / 7 };
    double *gaunt = dft_gaunt_table(3, 3, 6), y[49];
    (void)unused;

    assert_non_null(gaunt);
    dft_solid_harmonics(6, point, y);
    for (int a = 0; a < 16; a++)
        for (int b = 0; b < 16; b++) {
            double sum = 0.0;
            for (int c = 0; c < 49; c++)
                sum += gaunt[(a * 16 + b) * 49 + c] * y[c];
            assert_close(sum, y[a] * y[b], 1e-13);
        }
    free(gaunt);
}

/* G(lm, l'm', 00) = delta/sqrt(4 pi); symmetric in the first two; zero outside the triangle and for
 * odd l + l' + L; sum over m of G(lm, lm, LM) = (2l+1)/sqrt(4 pi) for L = 0, else 0 (a full shell
 * is round). */
static void gaunt_coefficients_obey_their_sum_rules(void **unused)
{
    double *gaunt = dft_gaunt_table(LMAX, LMAX, 2);
    (void)unused;

    assert_non_null(gaunt);
    for (int l = 0; l <= LMAX; l++)
        for (int big = 0; big < 9; big++) {
            double sum = 0.0;
            for (int lm = l * l; lm < (l + 1) * (l + 1); lm++)
                sum += gaunt[(lm * N_LM + lm) * 9 + big];
            assert_close(sum, big == 0 ? (2 * l + 1) / sqrt(4.0 * DFT_PI) : 0.0, 1e-13);
        }
    for (int a = 0; a < N_LM; a++)
        for (int b = 0; b < N_LM; b++) {
            const int la = (int)sqrt(a), lb = (int)sqrt(b);
            assert_close(gaunt[(a * N_LM + b) * 9], a == b ? 1.0 / sqrt(4.0 * DFT_PI) : 0.0, 1e-13);
            for (int c = 0; c < 9; c++) {
                const int lc = (int)sqrt(c);
                assert_close(gaunt[(a * N_LM + b) * 9 + c], gaunt[(b * N_LM + a) * 9 + c], 1e-14);
                if (lc < abs(la - lb) || lc > la + lb || (la + lb + lc) % 2)
                    assert_close(gaunt[(a * N_LM + b) * 9 + c], 0.0, 1e-13);
            }
        }
    free(gaunt);
}

/* Y(R r) = T Y(r) and T T^T = 1 for l = 0..4, proper and improper, at a point of no symmetry. */
static void check_rotation(const double r[3][3])
{
    const double point[3] = { 0.48, -0.6, 0.64 };
    double turned[3], y[N_LM], yr[N_LM];

    turn(r, point, turned);
    dft_solid_harmonics(LMAX, point, y);
    dft_solid_harmonics(LMAX, turned, yr);
    for (int l = 0; l <= LMAX; l++) {
        const int n = 2 * l + 1;
        double t[81];
        dft_harmonic_rotation(l, r, t);
        for (int i = 0; i < n; i++) {
            double sum = 0.0;
            for (int j = 0; j < n; j++)
                sum += t[i * n + j] * y[l * l + j];
            assert_close(sum, yr[l * l + i], 1e-13);
            for (int k = 0; k < n; k++) {
                double product = 0.0;
                for (int j = 0; j < n; j++)
                    product += t[i * n + j] * t[k * n + j];
                assert_close(product, i == k ? 1.0 : 0.0, 1e-13);
            }
        }
    }
}

static void rotation_matrices_turn_harmonics_up_to_l_4(void **unused)
{
    const double axes[3][3] = { { 0, 0, 1 }, { 1, 1, 1 }, { 0.3, -0.8, 0.2 } };
    const double angles[3] = { DFT_PI / 2, 2 * DFT_PI / 3, 1.234 };
    (void)unused;

    for (int i = 0; i < 3; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            double r[3][3];
            rotation_about(axes[i], angles[i], sign, r);
            check_rotation((const double (*)[3])r);
        }
}

static void inversion_gives_the_parity_of_l(void **unused)
{
    const double inversion[3][3] = { { -1, 0, 0 }, { 0, -1, 0 }, { 0, 0, -1 } };
    (void)unused;

    for (int l = 0; l <= LMAX; l++) {
        double t[81];
        dft_harmonic_rotation(l, inversion, t);
        for (int i = 0; i < (2 * l + 1) * (2 * l + 1); i++)
            assert_close(t[i], i % (2 * l + 2) ? 0.0 : (l % 2 ? -1.0 : 1.0), 1e-13);
    }
}

static void refused_memory_gives_no_gaunt_table(void **unused)
{
    (void)unused;
    dft_alloc_refuse_nth(1);
    assert_null(dft_gaunt_table(2, 2, 2));
    dft_alloc_refuse_nth(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(low_harmonics_have_their_textbook_form),
        cmocka_unit_test(harmonics_are_orthonormal_on_the_lebedev_points),
        cmocka_unit_test(solid_harmonics_are_homogeneous_polynomials),
        cmocka_unit_test(gradient_agrees_with_differences),
        cmocka_unit_test(lebedev_points_are_exact_to_degree_11_and_no_further),
        cmocka_unit_test(gaunt_coefficients_expand_products_of_harmonics),
        cmocka_unit_test(gaunt_coefficients_obey_their_sum_rules),
        cmocka_unit_test(rotation_matrices_turn_harmonics_up_to_l_4),
        cmocka_unit_test(inversion_gives_the_parity_of_l),
        cmocka_unit_test(refused_memory_gives_no_gaunt_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
