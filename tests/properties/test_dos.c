#include "dft-lite/properties/dos.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

static void one_state_is_a_gaussian_that_holds_two_electrons(void **unused)
{
    const double weight = 1.0, level = 0.3, width = 0.02;
    const double energy[3] = { 0.3, 0.3 + 0.02, 0.3 - 0.05 };
    double g[3], count[3];
    (void)unused;

    dft_dos_compute(1, 1, 1, &weight, &level, width, 3, energy, g, count);
    assert_close(g[0], 2.0 / (width * sqrt(2.0 * DFT_PI)), 1e-12);
    assert_close(g[1], g[0] * exp(-0.5), 1e-12);
    assert_close(count[0], 1.0, 1e-14);
    assert_close(count[2], 2.0 * 0.5 * erfc(2.5 / sqrt(2.0)), 1e-14);
}

/* The integral of g is the count, the count of everything all states. Trapezoids:
 * step^2/12 times the slope of g where they end, at most 1.3e-4; 1e-9 where g has ended. */
static void the_integral_of_the_density_is_the_count(void **unused)
{
    enum { N = 2001 };
    const double weight[2] = { 0.25, 0.75 };
    const double level[2][3] = { { -0.4, 0.1, 0.2 }, { -0.3, 0.0, 0.6 } };
    double *energy = dft_alloc_doubles(N), *g = dft_alloc_doubles(N), *count = dft_alloc_doubles(N);
    double sum = 0.0;
    (void)unused;

    for (int i = 0; i < N; i++)
        energy[i] = -0.8 + 1.8 * i / (N - 1);
    dft_dos_compute(2, 2, 3, weight, level[0], 0.01, N, energy, g, count);
    for (int i = 1; i < N; i++) {
        sum += 0.5 * (g[i] + g[i - 1]) * (energy[i] - energy[i - 1]);
        assert_close(sum, count[i], 1.5e-4);
    }
    assert_close(sum, 3.0, 1e-9);               /* one electron a state of one spin channel */
    assert_close(count[N - 1], 3.0, 1e-14);
    free(energy);
    free(g);
    free(count);
}

/* Free electrons: g(E) = V sqrt(2 E)/pi^2, both spins (Ashcroft, Mermin, eq. 2.61). A 40x40x40
 * mesh sampled with 0.04 Ha: the curvature of sqrt(E) over the width gives -(s/E)^2/8 = 1e-3. */
static void free_electrons_have_the_square_root(void **unused)
{
    enum { M = 40, N_K = M * M * M };
    const double edge = 2.0, volume = edge * edge * edge, energy = 0.45;
    double *weight = dft_alloc_doubles(N_K), *level = dft_alloc_doubles(N_K), g;
    (void)unused;

    for (int i = 0; i < N_K; i++) {
        const int n[3] = { i / (M * M), i / M % M, i % M };
        for (int c = 0; c < 3; c++) {
            const double k = 2.0 * DFT_PI / edge * ((n[c] + 0.5) / M - 0.5);
            level[i] += 0.5 * k * k;
        }
        weight[i] = 1.0 / N_K;
    }
    dft_dos_compute(1, N_K, 1, weight, level, 0.04, 1, &energy, &g, NULL);
    assert_close(g, volume * sqrt(2.0 * energy) / (DFT_PI * DFT_PI), 5e-3 * g);
    free(weight);
    free(level);
}

static void above_the_highest_band_nothing_is_reliable(void **unused)
{
    const double level[2][2] = { { -0.4, 0.5 }, { -0.3, 0.2 } };
    (void)unused;

    assert_close(dft_dos_reliable_below(2, 2, level[0]), 0.2, 0.0);
}

/* The table at the Fermi level holds the electrons below it, and ends where states begin to be
 * missing. */
static void a_written_table_reads_back(void **unused)
{
    const double weight[2] = { 0.5, 0.5 };
    const double level[2][2][2] = { { { -0.4, 0.5 }, { -0.3, 0.6 } },
                                    { { -0.2, 0.7 }, { -0.35, 0.55 } } };
    dft_csv *csv = NULL;
    size_t energy, electrons, up;
    double value, count = 0.0, sum = 0.0;
    (void)unused;

    assert_int_equal(dft_dos_write("test_dos.csv", 2, 2, 2, weight, level[0][0], 0.1, 0.01, NULL),
                     DFT_OK);
    assert_int_equal(dft_csv_read("test_dos.csv", &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "energy_ev", &energy, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "electrons", &electrons, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "dos_up_per_ev", &up, NULL), DFT_OK);
    for (size_t row = 0; row < dft_csv_n_rows(csv); row++) {
        assert_int_equal(dft_csv_number(csv, row, energy, &value, NULL), DFT_OK);
        assert_true(value <= (0.5 - 0.1) * DFT_HARTREE_EV + 1e-5);
        if (value < 0.0)
            assert_int_equal(dft_csv_number(csv, row, electrons, &count, NULL), DFT_OK);
        double g;
        assert_int_equal(dft_csv_number(csv, row, up, &g, NULL), DFT_OK);
        sum += value < 0.0 ? g * 0.002 * DFT_HARTREE_EV : 0.0;
    }
    assert_close(count, 2.0, 1e-8);
    assert_close(sum, 1.0, 1e-4);               /* the first point is four widths out: 6e-5 */
    dft_csv_free(csv);
    unlink("test_dos.csv");
}

static void a_width_of_zero_is_refused(void **unused)
{
    const double weight = 1.0, level = 0.0;
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_dos_write("test_dos.csv", 1, 1, 1, &weight, &level, 0.0, 0.0, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "positive"));
}

static void refused_memory_is_reported_and_nothing_is_written(void **unused)
{
    const double weight = 1.0, level[2] = { 0.0, 0.1 };
    (void)unused;

    for (long nth = 1; nth <= 3; nth++) {
        dft_alloc_refuse_nth(nth);
        assert_int_equal(dft_dos_write("test_dos.csv", 1, 1, 2, &weight, level, 0.0, 0.01, NULL),
                         DFT_ENOMEM);
        dft_alloc_refuse_nth(0);
        assert_int_not_equal(access("test_dos.csv", F_OK), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_state_is_a_gaussian_that_holds_two_electrons),
        cmocka_unit_test(the_integral_of_the_density_is_the_count),
        cmocka_unit_test(free_electrons_have_the_square_root),
        cmocka_unit_test(a_written_table_reads_back),
        cmocka_unit_test(refused_memory_is_reported_and_nothing_is_written),
        cmocka_unit_test(a_width_of_zero_is_refused),
        cmocka_unit_test(above_the_highest_band_nothing_is_reliable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
