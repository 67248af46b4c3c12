#include "workflows/budget.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

enum { N = 3 };

typedef struct {
    desc_curves *curves;
    desc_calculations calculations;
    desc_score_weights weights;
    flow_ranked ranked[N];
} bench;

/* Three candidates 0.05 apart in score with an error of the binding each. */
static void bench_init(bench *b, double sigma)
{
    static const char *const names[N] = { "A", "B", "C" };

    assert_int_equal(desc_curves_read("descriptors/data", &b->curves, NULL), DFT_OK);
    assert_int_equal(desc_calculations_read("descriptors/data", &b->calculations, NULL), DFT_OK);
    b->calculations.of[DESC_BINDING].sigma_after = 0.02;
    b->weights = (desc_score_weights){ .axis = { 0.5, 0.5 } };
    b->weights.term[DESC_BINDING] = b->weights.term[DESC_SOLUBILITY] = b->weights.term[DESC_BARRIER] = 1.0;
    for (int i = 0; i < N; i++) {
        desc_score_inputs in = desc_score_inputs_unknown();
        desc_score score;
        in.candidate = names[i];
        in.value[DESC_BINDING].value = -0.29 + 0.14 * i;         /* 0.2 of a curve that weighs 1/4 */
        in.value[DESC_BINDING].sigma = sigma;
        in.value[DESC_BARRIER].value = 0.1;
        b->ranked[i] = (flow_ranked){ .candidate = names[i], .cost_scale = 1.0 + i };
        assert_int_equal(desc_judge(b->curves, &in, &b->ranked[i].judged, NULL), DFT_OK);
        assert_int_equal(desc_score_of(&b->ranked[i].judged, &b->weights, DESC_TOTAL, &score, NULL),
                         DFT_OK);
        b->ranked[i].standing.score[DESC_TOTAL] = score.value;
    }
}

static void only_what_is_computed_can_be_refined(void **unused)
{
    desc_refinable out[N];
    bench b;
    (void)unused;

    bench_init(&b, 0.07);
    flow_refinables(N, b.ranked, &b.weights, &b.calculations, out);
    for (int i = 0; i < N; i++) {
        assert_close(out[i].sd, 0.25 * 0.1, 1e-3);       /* the missing solubility is not in it */
        assert_close(out[i].next_sd, 0.25 * 0.02 / 0.7, 1e-12);
        assert_close(out[i].next_core_h, b.calculations.of[DESC_BINDING].core_h * (1 + i), 1e-12);
    }
    b.calculations.of[DESC_BINDING].sigma_after = 0.2;   /* no better than what is there */
    flow_refinables(N, b.ranked, &b.weights, &b.calculations, out);
    assert_true(isnan(out[0].next_core_h));
    desc_curves_free(b.curves);
}

static void the_plan_refines_what_is_undecided_while_the_budget_lasts(void **unused)
{
    flow_refinement *steps = NULL;
    size_t n = 0;
    double p_set, all;
    bench b;
    (void)unused;

    bench_init(&b, 0.07);
    assert_int_equal(flow_budget_plan(N, b.ranked, &b.weights, &b.calculations, 1, 1e9, &steps, &n,
                                      &p_set, &all, NULL), DFT_OK);
    assert_true(n >= 1 && n <= 2);               /* C is 4 errors behind: never */
    for (size_t i = 0; i < n; i++)
        assert_true(steps[i].candidate != 2);
    assert_close(all, 6.0 * b.calculations.of[DESC_BINDING].core_h, 1e-12);
    const double after = p_set;
    free(steps);
    assert_int_equal(flow_budget_plan(N, b.ranked, &b.weights, &b.calculations, 1, 0.5, &steps, &n,
                                      &p_set, &all, NULL), DFT_OK);
    assert_int_equal(n, 0);
    assert_true(p_set < after);
    free(steps);
    assert_int_equal(flow_budget_plan(N, b.ranked, &b.weights, &b.calculations, 4, 1.0, &steps, &n,
                                      &p_set, &all, NULL), DFT_EINPUT);
    assert_null(steps);
    desc_curves_free(b.curves);
}

static void every_refused_allocation_is_reported(void **unused)
{
    dft_status status = DFT_ENOMEM;
    bench b;
    long count = 0;
    (void)unused;

    bench_init(&b, 0.07);
    while (status == DFT_ENOMEM && ++count < 100) {
        flow_refinement *steps = NULL;
        size_t n = 0;
        double p_set, all;
        dft_alloc_refuse_nth(count);
        status = flow_budget_plan(N, b.ranked, &b.weights, &b.calculations, 1, 1e9, &steps, &n, &p_set,
                                  &all, NULL);
        dft_alloc_refuse_nth(0);
        free(steps);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(count > 3);
    desc_curves_free(b.curves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_computed_can_be_refined),
        cmocka_unit_test(the_plan_refines_what_is_undecided_while_the_budget_lasts),
        cmocka_unit_test(every_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
