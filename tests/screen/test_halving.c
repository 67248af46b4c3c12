#include "screen/halving.h"

#include <stdlib.h>
#include <string.h>

#include "descriptors/random.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "tests/support/assert_close.h"

static screen_contender at(double score, double next_score)
{
    return (screen_contender){ score, 0.03, next_score, 1.0 };
}

/* Half of those known have moved by 0.2: the others are expected there too, and the best stays open. */
static void a_shift_that_all_share_changes_no_order(void **unused)
{
    const screen_contender c[] = { at(0.60, 0.40), at(0.50, 0.30), at(0.45, 0.25), at(0.55, NAN) };
    double expected[4], error[4];
    screen_halving h;
    (void)unused;

    assert_int_equal(screen_halving_next(4, c, 1, 1e9, 1, &h, expected, error, NULL, NULL), DFT_OK);
    assert_close(h.shift, -0.15, 1e-12);         /* three of them and the 0 that was believed first */
    assert_close(h.growth, 1.0, 1e-12);
    assert_close(expected[0], 0.40, 1e-12);
    assert_close(error[0], 0.0, 1e-12);
    assert_close(expected[3], 0.40, 1e-12);
    assert_close(error[3], 0.03 * sqrt(1.25), 1e-12);
    assert_int_equal(h.next, 3);
}

/* Differences of 0.3 where 0.03 was stated: nobody is out any more by a lead of four stated errors. */
static void errors_that_were_stated_too_small_grow(void **unused)
{
    const screen_contender wild[] = { at(0.9, 0.8), at(0.5, 0.8), at(0.6, 0.4), at(0.65, NAN) };
    const screen_contender tame[] = { at(0.9, 0.81), at(0.5, 0.41), at(0.6, 0.5), at(0.65, NAN) };
    screen_halving h;
    (void)unused;

    assert_int_equal(screen_halving_next(4, wild, 1, 1e9, 1, &h, NULL, NULL, NULL, NULL), DFT_OK);
    assert_true(h.growth > 5.0);
    assert_int_equal(h.next, 3);
    assert_int_equal(screen_halving_next(4, tame, 1, 1e9, 1, &h, NULL, NULL, NULL, NULL), DFT_OK);
    assert_close(h.growth, 1.0, 1e-12);
    assert_int_equal(h.next, 4);
}

static void what_the_hours_do_not_pay_for_is_passed_over(void **unused)
{
    screen_contender c[] = { at(0.6, NAN), at(0.6, NAN) };
    screen_halving h;
    (void)unused;

    c[0].core_h = 5.0;
    assert_int_equal(screen_halving_next(2, c, 1, 2.0, 1, &h, NULL, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(h.next, 1);
    assert_int_equal(screen_halving_next(2, c, 1, 0.5, 1, &h, NULL, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(h.next, 2);
    c[0].core_h = c[1].core_h = NAN;             /* neither can be computed there */
    assert_int_equal(screen_halving_next(2, c, 1, 1e9, 1, &h, NULL, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(h.next, 2);
    assert_int_equal(screen_halving_next(2, c, 3, 1e9, 1, &h, NULL, NULL, NULL, NULL), DFT_EINPUT);
    dft_alloc_refuse_nth(1);
    assert_int_equal(screen_halving_next(2, c, 1, 1e9, 1, &h, NULL, NULL, NULL, NULL), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
}

/* ---- a stored campaign, of which every score at the next level is known ---- */

enum { MOST = 64, K = 5, N_ORDERS = 10 };
/* What `fast` gets wrong against `balanced`, from descriptors/data/errors.csv with the usual weights: binding
 * (rigid, thin slab, coarse k) 0.077 eV on a curve of 0.7 eV that weighs 1/4, barrier (estimate, rigid)
 * 0.036 eV on 0.5 eV that weighs 0.3: 0.035 together. */
#define STATED_SD 0.035
#define FAST_H 1.0
#define BALANCED_H 12.0
#define BUDGET 0.40                 /* of the core hours of computing all at `balanced` */

static size_t read_scores(double *score)
{
    dft_csv *csv = NULL;
    size_t column, n = 0;

    assert_int_equal(dft_csv_read("results/reference/quick/ranked.csv", &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "score", &column, NULL), DFT_OK);
    for (size_t i = 0; i < dft_csv_n_rows(csv) && n < MOST; i++)
        if (dft_csv_text(csv, i, column)[0])
            score[n++] = strtod(dft_csv_text(csv, i, column), NULL);
    dft_csv_free(csv);
    return n;
}

static void shuffle(double *score, size_t n, uint64_t order)
{
    for (size_t i = n; i > 1; i--) {
        double u[4];
        desc_draw4(order, desc_stream("order"), i, u);
        const size_t j = (size_t)(u[0] * (double)i);
        const double swap = score[i - 1];
        score[i - 1] = score[j];
        score[j] = swap;
    }
}

static void best_of(size_t n, const double *score, int *chosen)
{
    for (size_t i = 0; i < n; i++) {
        int above = 0;
        for (size_t j = 0; j < n; j++)
            above += score[j] > score[i] || (score[j] >= score[i] && j < i);
        chosen[i] = above < K;
    }
}

/* What the least of those chosen lacks to the least of the right ones. */
static double lost(size_t n, const double *score, const int *right, const int *found)
{
    double least[2] = { INFINITY, INFINITY };

    for (size_t i = 0; i < n; i++) {
        least[0] = right[i] ? fmin(least[0], score[i]) : least[0];
        least[1] = found[i] ? fmin(least[1], score[i]) : least[1];
    }
    return least[0] - least[1];
}

/* One campaign with its candidates in a random order, errors of `fast` drawn anew, and a shift of all by
 * `shift`.  Returns whether the best five are those of computing all at `balanced`; *regret: lost(). */
static int budgeted(uint64_t order, double shift, double *hours, double *regret)
{
    double truth[MOST], expected[MOST], all = 0.0;
    screen_contender c[MOST];
    int right[MOST], found[MOST];
    const size_t n = read_scores(truth);
    screen_halving h = { 0, 0.0, 0.0, 1.0 };

    assert_true(n >= 15);
    shuffle(truth, n, order);
    best_of(n, truth, right);
    *hours = 0.0;
    for (uint64_t i = 0; i < n; i++) {
        double u[4];
        desc_draw4(order, desc_stream("fast"), i, u);
        c[i] = (screen_contender){ truth[i] + shift + STATED_SD * desc_normal_quantile(u[0]), STATED_SD,
                                   NAN, BALANCED_H * (0.5 + u[1]) };
        *hours += FAST_H;
        all += c[i].core_h;
    }
    for (;;) {
        assert_int_equal(screen_halving_next(n, c, K, BUDGET * all - *hours, order, &h, expected, NULL, NULL,
                                             NULL), DFT_OK);
        if (h.next == n)
            break;
        *hours += c[h.next].core_h;
        c[h.next].next_score = truth[h.next];
    }
    best_of(n, expected, found);
    *hours /= all;
    *regret = lost(n, truth, right, found);
    return memcmp(right, found, n * sizeof *right) == 0;
}

static int count_good(double shift)
{
    int n_good = 0;

    for (uint64_t order = 0; order < N_ORDERS; order++) {
        double hours, regret;
        const int same = budgeted(order, shift, &hours, &regret);
        print_message("order %d: %s best five, %.0f %% of the core hours, %.3f lost\n", (int)order,
                      same ? "the same" : "another", 100.0 * hours, regret);
        assert_true(hours <= BUDGET);
        assert_true(regret <= 2.0 * STATED_SD);          /* two standard deviations */
        n_good += same;
    }
    return n_good;
}

/* Of these sixteen, seven lie within one stated error of the fifth place: for 40 % of the hours five or six
 * can be computed better, and who is missed then is within two errors of who is taken.
 * Candidates farther apart: tests/descriptors/test_refine.c, where ten of ten orders find the same five. */
static void for_40_percent_of_the_hours_the_best_five_are_found_to_within_two_errors(void **unused)
{
    (void)unused;
    assert_true(count_good(0.0) >= 7);
}

/* Adatoms apart bind less than a monolayer on every candidate. */
static void a_common_shift_of_three_errors_does_not_mislead_farther_than_that(void **unused)
{
    (void)unused;
    assert_true(count_good(3.0 * STATED_SD) >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_that_all_share_changes_no_order),
        cmocka_unit_test(errors_that_were_stated_too_small_grow),
        cmocka_unit_test(what_the_hours_do_not_pay_for_is_passed_over),
        cmocka_unit_test(for_40_percent_of_the_hours_the_best_five_are_found_to_within_two_errors),
        cmocka_unit_test(a_common_shift_of_three_errors_does_not_mislead_farther_than_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
