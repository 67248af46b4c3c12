#include "descriptors/diverse.h"

#include <math.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

static void the_best_comes_first_and_its_copies_never(void **unused)
{
    static const double quality[] = { 1.0, 2.0, 2.0, 1.9, 0.5 };
    static const double feature[] = { 5.0, 0.0, 0.0, 0.0, 9.0 };
    size_t pick[5], n;
    (void)unused;

    assert_int_equal(desc_diverse_pick(quality, feature, 5, 1, 5, pick, &n, NULL), DFT_OK);
    assert_int_equal(n, 3);                     /* two of the three at 0 repeat the first */
    assert_int_equal(pick[0], 1);
    assert_int_equal(pick[1], 0);
    assert_int_equal(pick[2], 4);
}

/* Three points, two picks: the pair of largest determinant, by hand. */
static void a_pair_maximises_the_determinant(void **unused)
{
    static const double quality[] = { 1.0, 0.9, 0.8 }, feature[] = { 0.0, 0.4, 1.5 };
    size_t pick[2], n;
    (void)unused;

    /* det = q_i^2 q_j^2 (1 - exp(-d^2)): with 1: 0.81*0.148 = 0.12; with 2: 0.64*0.895 = 0.57 */
    assert_int_equal(desc_diverse_pick(quality, feature, 3, 1, 2, pick, &n, NULL), DFT_OK);
    assert_int_equal(n, 2);
    assert_int_equal(pick[0], 0);
    assert_int_equal(pick[1], 2);
}

static void far_apart_they_come_in_the_order_of_quality(void **unused)
{
    double quality[20], feature[20];
    size_t pick[20], n;
    (void)unused;

    for (size_t i = 0; i < 20; i++) {
        quality[i] = 1.0 + (double)(i * 7 % 20);
        feature[i] = 100.0 * (double)i;
    }
    assert_int_equal(desc_diverse_pick(quality, feature, 20, 1, 20, pick, &n, NULL), DFT_OK);
    assert_int_equal(n, 20);
    for (size_t i = 1; i < 20; i++)
        assert_true(quality[pick[i]] < quality[pick[i - 1]]);
}

static void impossible_numbers_are_refused(void **unused)
{
    static const double good[] = { 1.0, 1.0 }, bad[] = { 1.0, NAN }, zero[] = { 0.0, 1.0 };
    size_t pick[2], n;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_diverse_pick(bad, good, 2, 1, 2, pick, &n, &err), DFT_EINPUT);
    assert_int_equal(desc_diverse_pick(zero, good, 2, 1, 2, pick, &n, &err), DFT_EINPUT);
    assert_int_equal(desc_diverse_pick(good, bad, 2, 1, 2, pick, &n, &err), DFT_EINPUT);
    assert_int_equal(desc_diverse_pick(NULL, NULL, 0, 1, 2, pick, &n, &err), DFT_OK);
    assert_int_equal(n, 0);
    for (long k = 1; k <= 2; k++) {
        dft_alloc_refuse_nth(k);
        assert_int_equal(desc_diverse_pick(good, good, 2, 1, 2, pick, &n, NULL), DFT_ENOMEM);
        dft_alloc_refuse_nth(0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_comes_first_and_its_copies_never),
        cmocka_unit_test(a_pair_maximises_the_determinant),
        cmocka_unit_test(far_apart_they_come_in_the_order_of_quality),
        cmocka_unit_test(impossible_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
