#include "dft-lite/basis/fft.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/base/units.h"
#include "tests/basis/crystals.h"

#define MAX_G 400

static const int box_size[3] = { 9, 8, 10 };    /* three sizes, odd and even */

static int inside(int h1, int h2, int h3) { return h1 * h1 + h2 * h2 + 2 * h3 * h3 <= 11; }

/* Half a sphere, the chosen half changing sign at random: both signs of h3 and of h3 = 0 occur. */
static size_t half_list(int (*hkl)[3])
{
    unsigned long seed = 17;
    size_t n = 1;

    hkl[0][0] = hkl[0][1] = hkl[0][2] = 0;
    for (int h1 = -4; h1 <= 4; h1++)
        for (int h2 = -3; h2 <= 3; h2++)
            for (int h3 = 0; h3 <= 4; h3++) {
                const int upper = h3 > 0 || (h3 == 0 && (h2 > 0 || (h2 == 0 && h1 > 0)));
                const int sign = test_random(&seed) < 0.0 ? -1 : 1;
                if (!upper || !inside(h1, h2, h3))
                    continue;
                hkl[n][0] = sign * h1;
                hkl[n][1] = sign * h2;
                hkl[n++][2] = sign * h3;
            }
    return n;
}

static double complex wave(const int h[3], int i1, int i2, int i3)
{
    const double turns = (double)h[0] * i1 / box_size[0] + (double)h[1] * i2 / box_size[1]
                       + (double)h[2] * i3 / box_size[2];
    return cexp(2.0 * DFT_PI * I * turns);
}

static void random_fill(size_t n, double complex *c)
{
    unsigned long seed = 99;
    for (size_t i = 0; i < n; i++)
        c[i] = test_random(&seed) + I * test_random(&seed);
}

static void sizes_are_the_smallest_smooth_multiples(void **unused)
{
    (void)unused;
    for (int multiple = 1; multiple <= 12; multiple++)
        for (int n = 1; n < 130; n++) {
            int want = (n + multiple - 1) / multiple * multiple;
            for (;; want += multiple) {
                int rest = want / multiple;
                for (int p = 2; p <= 7; p++)
                    while (rest % p == 0)
                        rest /= p;
                if (rest == 1)
                    break;
            }
            assert_int_equal(dft_fft_good_size(n, multiple), want);
        }
    assert_int_equal(dft_fft_good_size(11, 1), 12);
    assert_int_equal(dft_fft_good_size(19, 3), 21);
}

/* f(r) = c_0 + 2 Re sum over the listed half. */
static void real_transform_is_the_direct_sum_over_both_halves(void **unused)
{
    int hkl[MAX_G][3];
    const size_t n_g = half_list(hkl);
    dft_fft_real *plan = NULL;
    (void)unused;

    assert_int_equal(dft_fft_real_create(box_size, n_g, (const int (*)[3])hkl, &plan, NULL),
                     DFT_OK);
    const size_t n_r = dft_fft_real_size(plan);
    double complex *c = dft_alloc_complex(n_g);
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(plan));
    double *f = dft_alloc_doubles(n_r);
    random_fill(n_g, c);
    c[0] = creal(c[0]);
    dft_fft_real_to_real(plan, c, f, work);
    for (int i1 = 0; i1 < box_size[0]; i1++)
        for (int i2 = 0; i2 < box_size[1]; i2++)
            for (int i3 = 0; i3 < box_size[2]; i3++) {
                double sum = creal(c[0]);
                for (size_t g = 1; g < n_g; g++)
                    sum += 2.0 * creal(c[g] * wave(hkl[g], i1, i2, i3));
                assert_close(sum, f[(i1 * box_size[1] + i2) * box_size[2] + i3], 1e-12);
            }
    free(c);
    free(work);
    free(f);
    dft_fft_real_free(plan);
}

static void real_transform_back_is_the_direct_sum_and_keeps_its_input(void **unused)
{
    int hkl[MAX_G][3];
    const size_t n_g = half_list(hkl);
    dft_fft_real *plan = NULL;
    unsigned long seed = 5;
    (void)unused;

    assert_int_equal(dft_fft_real_create(box_size, n_g, (const int (*)[3])hkl, &plan, NULL),
                     DFT_OK);
    const size_t n_r = dft_fft_real_size(plan);
    double complex *c = dft_alloc_complex(n_g);
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(plan));
    double *f = dft_alloc_doubles(n_r), *kept = dft_alloc_doubles(n_r);
    for (size_t i = 0; i < n_r; i++)
        f[i] = kept[i] = test_random(&seed);
    dft_fft_real_to_fourier(plan, f, c, work);
    for (size_t g = 0; g < n_g; g++) {
        double complex sum = 0.0;
        for (int i1 = 0; i1 < box_size[0]; i1++)
            for (int i2 = 0; i2 < box_size[1]; i2++)
                for (int i3 = 0; i3 < box_size[2]; i3++)
                    sum += kept[(i1 * box_size[1] + i2) * box_size[2] + i3]
                         * conj(wave(hkl[g], i1, i2, i3));
        assert_close(cabs(sum / (double)n_r - c[g]), 0.0, 1e-13);
    }
    for (size_t i = 0; i < n_r; i++)
        assert_true(f[i] == kept[i]);
    free(c);
    free(work);
    free(f);
    free(kept);
    dft_fft_real_free(plan);
}

/* Also where a plane is an odd number of doubles, so that every second one is aligned otherwise than FFTW's
 * plan was made for, and where the field is the second of two. */
static void real_round_trip_returns_the_coefficients(void **unused)
{
    static const int boxes[][3] = { { 9, 8, 10 }, { 9, 9, 15 }, { 9, 7, 9 } };
    int hkl[MAX_G][3];
    const size_t n_g = half_list(hkl);
    double complex *c = dft_alloc_complex(n_g), *back = dft_alloc_complex(n_g);
    (void)unused;

    random_fill(n_g, c);
    c[0] = creal(c[0]);
    for (size_t b = 0; b < sizeof boxes / sizeof *boxes; b++) {
        dft_fft_real *plan = NULL;
        assert_int_equal(dft_fft_real_create(boxes[b], n_g, (const int (*)[3])hkl, &plan, NULL), DFT_OK);
        const size_t n_r = dft_fft_real_size(plan);
        double complex *work = dft_alloc_complex(dft_fft_real_work_size(plan));
        double *f = dft_alloc_doubles(2 * n_r);
        dft_fft_real_to_real(plan, c, f, work);
        dft_fft_real_to_real(plan, c, f + n_r, work);
        for (size_t i = 0; i < n_r; i++)
            assert_close(f[n_r + i], f[i], 1e-13);
        dft_fft_real_to_fourier(plan, f + n_r, back, work);
        for (size_t g = 0; g < n_g; g++)
            assert_close(cabs(back[g] - c[g]), 0.0, 1e-13);
        free(work);
        free(f);
        dft_fft_real_free(plan);
    }
    free(c);
    free(back);
}

static void each_refused_allocation_is_reported(void **unused)
{
    const int hkl[2][3] = { { 0, 0, 0 }, { 1, 0, 0 } };
    dft_fft_real *plan = NULL;
    long n = 0;
    (void)unused;

    for (dft_alloc_refuse_nth(++n); dft_fft_real_create(box_size, 2, hkl, &plan, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(plan);
    assert_int_equal(n, 14);            /* 10 of the plan and its scratch, 2 of each axis of lines */
    dft_alloc_refuse_nth(0);
    dft_fft_real_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_the_smallest_smooth_multiples),
        cmocka_unit_test(real_transform_is_the_direct_sum_over_both_halves),
        cmocka_unit_test(real_transform_back_is_the_direct_sum_and_keeps_its_input),
        cmocka_unit_test(real_round_trip_returns_the_coefficients),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
