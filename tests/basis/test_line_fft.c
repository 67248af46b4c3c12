#include "dft-lite/basis/line_fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "tests/basis/crystals.h"

#define LONGEST 360

static int is_smooth(int n)
{
    for (int p = 2; p <= 7; p++)
        while (n % p == 0)
            n /= p;
    return n == 1;
}

/* X_k of one lane, term by term. */
static double complex direct(int n, int sign, int k, size_t lane, const dft_lane_d *x)
{
    double complex sum = 0.0;

    for (int j = 0; j < n; j++)
        sum += (x[j].part[0][lane] + I * x[j].part[1][lane])
             * cexp(I * (sign * 2.0 * DFT_PI * ((double)((long)j * k % n) / n)));
    return sum;
}

typedef struct {
    dft_lane_d *x, *y, *scratch;
    dft_lane_s *x_s, *y_s, *scratch_s;
} lines;

static lines lines_create(unsigned long seed)
{
    lines l = { dft_alloc(3 * LONGEST, sizeof *l.x), dft_alloc(3 * LONGEST, sizeof *l.x),
                dft_alloc(2 * LONGEST, sizeof *l.x), dft_alloc(3 * LONGEST, sizeof *l.x_s),
                dft_alloc(3 * LONGEST, sizeof *l.x_s), dft_alloc(2 * LONGEST, sizeof *l.x_s) };

    for (int j = 0; j < 3 * LONGEST; j++)
        for (int part = 0; part < 2; part++)
            for (size_t lane = 0; lane < DFT_LANES_S; lane++) {
                const double value = test_random(&seed);
                if (lane < DFT_LANES_D)
                    l.x[j].part[part][lane] = value;
                l.x_s[j].part[part][lane] = (float)value;
            }
    return l;
}

static void lines_clear(lines *l)
{
    free(l->x);
    free(l->y);
    free(l->scratch);
    free(l->x_s);
    free(l->y_s);
    free(l->scratch_s);
}

/* Every length, so every radix and every order of radices, both signs, two lanes.  Rounding: 1e-16 (1e-7)
 * a term, random: times sqrt(n), and a margin of ten. */
static void every_smooth_length_is_the_direct_sum(void **unused)
{
    lines l = lines_create(5);
    (void)unused;

    for (int n = 1; n <= LONGEST; n++) {
        dft_line_fft *plan = NULL;
        if (!is_smooth(n))
            continue;
        assert_int_equal(dft_line_fft_create(n, &plan, NULL), DFT_OK);
        for (int sign = -1; sign <= 1; sign += 2) {
            dft_line_fft_run_d(plan, sign, l.x, 1, l.y, 1, l.scratch);
            dft_line_fft_run_s(plan, sign, l.x_s, 1, l.y_s, 1, l.scratch_s);
            for (int k = 0; k < n; k += 1 + n / 40)
                for (size_t lane = 0; lane < 8; lane += 5) {
                    const double complex want = direct(n, sign, k, lane, l.x);
                    assert_close(cabs(l.y[k].part[0][lane] + I * l.y[k].part[1][lane] - want), 0.0,
                                 1e-15 * n);
                    assert_close(cabs((double)l.y_s[k].part[0][lane] + I * (double)l.y_s[k].part[1][lane]
                                      - want), 0.0, 1e-6 * sqrt(n));
                }
        }
        dft_line_fft_free(plan);
    }
    lines_clear(&l);
}

/* Strided input and output, and a line transformed in place, are the same transform to the bit. */
static void strides_and_in_place_change_nothing(void **unused)
{
    const int lengths[] = { 1, 7, 36, 40, 105 };
    (void)unused;

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const int n = lengths[i];
        lines l = lines_create(9);
        dft_line_fft *plan = NULL;
        assert_int_equal(dft_line_fft_create(n, &plan, NULL), DFT_OK);
        for (int j = 0; j < n; j++)
            l.x_s[j] = (dft_lane_s){ { { 0 } } };
        dft_lane_d *packed = dft_alloc((size_t)n, sizeof *packed);
        for (int j = 0; j < n; j++)
            packed[j] = l.x[3 * j];
        dft_line_fft_run_d(plan, 1, packed, 1, packed, 1, l.scratch);
        dft_line_fft_run_d(plan, 1, l.x, 3, l.y, 2, l.scratch);
        for (int j = 0; j < n; j++)
            assert_memory_equal(&l.y[2 * j], &packed[j], sizeof *packed);
        free(packed);
        dft_line_fft_free(plan);
        lines_clear(&l);
    }
}

static void other_lengths_and_refused_memory_are_reported(void **unused)
{
    dft_line_fft *plan = NULL;
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_line_fft_create(22, &plan, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "22"));
    assert_int_equal(dft_line_fft_create(0, &plan, &err), DFT_EINPUT);
    assert_null(plan);
    for (long n = 1; n <= 2; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_line_fft_create(40, &plan, NULL), DFT_ENOMEM);
        assert_null(plan);
    }
    dft_alloc_refuse_nth(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_smooth_length_is_the_direct_sum),
        cmocka_unit_test(strides_and_in_place_change_nothing),
        cmocka_unit_test(other_lengths_and_refused_memory_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
