#include "descriptors/reweight.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/assert_close.h"

#define N 16
#define TERMS 5

static const double present[TERMS] = { 0.3, 0.2, 0.1, 0.25, 0.15 };

typedef struct {
    uint64_t state;
    double z[N * TERMS], score[N], t[N];
} experiment;

static double uniform(experiment *e)
{
    e->state = e->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(e->state >> 11) / 9007199254740992.0;
}

static double normal(experiment *e)
{
    return sqrt(-2.0 * log(1.0 - uniform(e))) * cos(6.283185307179586 * uniform(e));
}

/* Terms at random; measured = sum w z + noise. */
static void measure(experiment *e, const double *w, double noise)
{
    for (size_t i = 0; i < N; i++) {
        e->score[i] = e->t[i] = 0.0;
        for (size_t j = 0; j < TERMS; j++) {
            e->z[i * TERMS + j] = uniform(e);
            e->score[i] += present[j] * e->z[i * TERMS + j];
            e->t[i] += w ? w[j] * e->z[i * TERMS + j] : 0.0;
        }
        e->t[i] += noise * normal(e);
    }
}

static desc_reweight_result weigh(const experiment *e, size_t n_permutations)
{
    const desc_reweight_request request = { N, TERMS, e->z, e->score, present, e->t, n_permutations,
                                            7 };
    desc_reweight_result out;

    assert_int_equal(desc_reweight(&request, &out, NULL), DFT_OK);
    return out;
}

/* The exact level is 5 %; of 200 experiments 10 +- 3.1 are believed, and more than 22 would be four
 * standard deviations.  The seed is fixed, so this is no lottery. */
static void random_observations_are_refused_19_times_of_20(void **unused)
{
    experiment e = { .state = 1 };
    int n_believed = 0;
    (void)unused;

    for (int k = 0; k < 200; k++) {
        measure(&e, NULL, 1.0);
        n_believed += weigh(&e, 99).improves;
    }
    print_message("%d of 200 random experiments believed\n", n_believed);
    assert_true(n_believed <= 22);
}

/* Measurements that the present weights explain must not change them either. */
static void observations_that_agree_with_the_weights_are_no_improvement(void **unused)
{
    experiment e = { .state = 2 };
    int n_believed = 0;
    (void)unused;

    for (int k = 0; k < 200; k++) {
        measure(&e, present, 0.1);
        n_believed += weigh(&e, 99).improves;
    }
    print_message("%d of 200 agreeing experiments believed\n", n_believed);
    assert_true(n_believed <= 22);
}

static void a_planted_signal_is_accepted_and_its_weights_found(void **unused)
{
    static const double truth[TERMS] = { 0.0, 0.9, 0.0, 0.1, 0.0 };
    experiment e = { .state = 3 };
    int n_believed = 0;
    double mean = 0.0;
    (void)unused;

    for (int k = 0; k < 50; k++) {
        measure(&e, truth, 0.05);
        const desc_reweight_result r = weigh(&e, 99);
        n_believed += r.improves;
        mean += r.weight[1] / 50.0;
        assert_true(r.gain > 0.0);
    }
    print_message("%d of 50 planted signals believed, weight %.2f of 0.9\n", n_believed, mean);
    assert_true(n_believed >= 48);
    assert_true(mean > 0.5);            /* shrunk towards the present 0.2, and well above it */
}

static void weights_are_not_negative_and_add_up_to_one(void **unused)
{
    static const double truth[TERMS] = { -1.0, 1.0, 0.0, -0.5, 0.0 };
    experiment e = { .state = 4 };
    double total = 0.0;
    (void)unused;

    measure(&e, truth, 0.1);
    const desc_reweight_result r = weigh(&e, 9);
    for (size_t j = 0; j < TERMS; j++) {
        assert_true(r.weight[j] >= 0.0);
        total += r.weight[j];
    }
    assert_close(total, 1.0, 1e-12);
}

static void few_measurements_say_nothing_and_impossible_ones_are_refused(void **unused)
{
    experiment e = { .state = 5 };
    desc_reweight_result out;
    (void)unused;

    measure(&e, present, 0.1);
    desc_reweight_request request = { 5, TERMS, e.z, e.score, present, e.t, 99, 7 };
    assert_int_equal(desc_reweight(&request, &out, NULL), DFT_OK);
    assert_int_equal(out.improves, 0);
    assert_true(isnan(out.p_value));
    request.n = N;
    e.t[3] = NAN;
    assert_int_equal(desc_reweight(&request, &out, NULL), DFT_EINPUT);
    request.n_terms = (size_t)DESC_REWEIGHT_TERMS + 1;
    assert_int_equal(desc_reweight(&request, &out, NULL), DFT_EINPUT);
}

/* All measured alike: nothing to gain, and nothing divided by nothing. */
static void equal_measurements_are_no_improvement(void **unused)
{
    experiment e = { .state = 6 };
    (void)unused;

    measure(&e, NULL, 0.0);
    const desc_reweight_result r = weigh(&e, 99);
    assert_int_equal(r.improves, 0);
    assert_true(r.gain <= 0.0 || r.gain > 0.0);      /* a number */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_observations_are_refused_19_times_of_20),
        cmocka_unit_test(observations_that_agree_with_the_weights_are_no_improvement),
        cmocka_unit_test(a_planted_signal_is_accepted_and_its_weights_found),
        cmocka_unit_test(weights_are_not_negative_and_add_up_to_one),
        cmocka_unit_test(few_measurements_say_nothing_and_impossible_ones_are_refused),
        cmocka_unit_test(equal_measurements_are_no_improvement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
