#include "descriptors/refine.h"

#include <stdlib.h>
#include <string.h>

#include "descriptors/random.h"
#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

static desc_refinable known(double score, double sd, double cost)
{
    return (desc_refinable){ score, sd, 0.01, cost };
}

static void two_candidates_follow_the_closed_form(void **unused)
{
    const desc_refinable c[] = { known(0.60, 0.03, 1.0), known(0.55, 0.04, 1.0) };
    double p[2], p_set = 0.0;
    size_t next;
    (void)unused;

    assert_int_equal(desc_refine_next(2, c, 1, 1, &next, p, &p_set, NULL), DFT_OK);
    assert_close(p[0], desc_normal_cdf(1.0), 4.0 * sqrt(0.16 * 0.84 / DESC_REFINE_SAMPLES));
    assert_close(p[0] + p[1], 1.0, 1e-12);
    assert_close(p_set, p[0], 1e-12);
    assert_int_equal(next, 1);                   /* as undecided, and more of its error goes */
}

static void what_is_decided_costs_nothing_more(void **unused)
{
    const desc_refinable c[] = { known(0.9, 0.03, 1.0), known(0.5, 0.04, 1.0), known(0.4, 0.1, 1.0) };
    size_t next;
    (void)unused;

    assert_int_equal(desc_refine_next(3, c, 1, 1, &next, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(next, 3);
}

/* A poor score with a wide error could still win, and is not dropped. */
static void what_could_still_win_is_kept(void **unused)
{
    desc_refinable c[] = { known(0.6, 0.0, NAN), known(0.3, 0.2, 1.0) };
    size_t next;
    (void)unused;

    assert_int_equal(desc_refine_next(2, c, 1, 1, &next, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(next, 1);                   /* 1.5 standard deviations: 7 % */
    c[1].sd = 0.1;
    assert_int_equal(desc_refine_next(2, c, 1, 1, &next, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(next, 2);                   /* 3: 0.1 % */
}

static void the_cheaper_of_two_equal_ones_comes_first(void **unused)
{
    const desc_refinable c[] = { known(0.5, 0.1, 5.0), known(0.5, 0.1, 2.0) };
    size_t next;
    (void)unused;

    assert_int_equal(desc_refine_next(2, c, 1, 1, &next, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(next, 1);
}

/* ---- a whole campaign ---- */

enum { N = 16, K = 5, N_ORDERS = 10 };
/* Error of a `fast` score against `balanced`, from data/errors.csv with the usual weights: binding (rigid,
 * thin slab, coarse k) 0.077 eV of a curve of 0.7 eV that weighs 1/4, barrier (estimate, rigid) 0.036 eV
 * of 0.5 eV that weighs 0.3: 0.035 together. */
#define FAST_SD 0.035
#define FAST_H 1.0
#define BALANCED_H 12.0
#define BUDGET 0.40                              /* of computing everything at `balanced` */

static void best_of(const double score[N], int chosen[N])
{
    for (int i = 0; i < N; i++) {
        int above = 0;
        for (int j = 0; j < N; j++)
            above += score[j] > score[i] || (score[j] >= score[i] && j < i);
        chosen[i] = above < K;
    }
}

/* Runs one campaign of which every balanced score is known, until the best five are sure or the budget is
 * spent.  Returns whether the best five are found; hours: what it took, as a part of computing everything
 * at `balanced`. */
static int budgeted(uint64_t order, double *hours)
{
    double exact[N], all = 0.0;
    desc_refinable c[N];
    int truth[N], found[N];
    size_t next = 0;

    *hours = 0.0;
    for (uint64_t i = 0; i < N; i++) {
        double u[4];
        desc_draw4(77, desc_stream("campaign") + order, i, u);
        const double cost = BALANCED_H * (0.5 + u[2]);           /* cells differ in size */
        exact[i] = 0.2 + 0.7 * u[0];
        c[i] = (desc_refinable){ exact[i] + FAST_SD * desc_normal_quantile(u[1]), FAST_SD, 0.0, cost };
        *hours += FAST_H;
        all += cost;
    }
    best_of(exact, truth);
    for (;;) {
        assert_int_equal(desc_refine_next(N, c, K, order, &next, NULL, NULL, NULL), DFT_OK);
        if (next == N || *hours + c[next].next_core_h > BUDGET * all)
            break;
        *hours += c[next].next_core_h;
        c[next] = (desc_refinable){ exact[next], 0.0, 0.0, NAN };
    }
    for (int i = 0; i < N; i++)
        exact[i] = c[i].score;
    best_of(exact, found);
    *hours /= all;
    return memcmp(truth, found, sizeof truth) == 0;
}

/* Asked: the same best five for at most 40 % of the core hours in at least 9 of 10 random campaigns. */
static void nine_of_ten_campaigns_find_the_best_five_for_40_percent_of_the_hours(void **unused)
{
    int n_good = 0;
    double sum = 0.0;
    (void)unused;

    for (uint64_t order = 0; order < N_ORDERS; order++) {
        double hours;
        const int same = budgeted(order, &hours);
        print_message("order %d: %s, %.0f %% of the core hours\n", (int)order,
                      same ? "same best five" : "other best five", 100.0 * hours);
        assert_true(hours <= BUDGET);
        n_good += same;
        sum += hours;
    }
    print_message("%d of %d; mean %.0f %%\n", n_good, N_ORDERS, 100.0 * sum / N_ORDERS);
    assert_true(n_good >= 9);
}

static void impossible_candidates_are_refused(void **unused)
{
    desc_refinable c[] = { known(0.5, 0.1, 1.0) };
    size_t next;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_refine_next(1, c, 2, 1, &next, NULL, NULL, &err), DFT_EINPUT);
    c[0].sd = -1.0;
    assert_int_equal(desc_refine_next(1, c, 1, 1, &next, NULL, NULL, &err), DFT_EINPUT);
    c[0] = known(0.5, 0.1, 0.0);
    assert_int_equal(desc_refine_next(1, c, 1, 1, &next, NULL, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "costs 0 core hours"));
    c[0].next_core_h = 1.0;
    dft_alloc_refuse_nth(1);
    assert_int_equal(desc_refine_next(1, c, 1, 1, &next, NULL, NULL, &err), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_candidates_follow_the_closed_form),
        cmocka_unit_test(what_is_decided_costs_nothing_more),
        cmocka_unit_test(what_could_still_win_is_kept),
        cmocka_unit_test(the_cheaper_of_two_equal_ones_comes_first),
        cmocka_unit_test(nine_of_ten_campaigns_find_the_best_five_for_40_percent_of_the_hours),
        cmocka_unit_test(impossible_candidates_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
