#include "descriptors/next.h"

#include <stdlib.h>

#include "descriptors/random.h"
#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

static desc_curves *curves;
static desc_calculations calculations;

static int read_tables(void **unused)
{
    (void)unused;
    return desc_curves_read("descriptors/data", &curves, NULL) != DFT_OK
           || desc_calculations_read("descriptors/data", &calculations, NULL) != DFT_OK;
}

static int free_tables(void **unused)
{
    (void)unused;
    desc_curves_free(curves);
    return 0;
}

/* Binding and barrier alone, so that the total is 0.5 d(binding) + 0.5 d(barrier). */
static desc_score_weights two_terms(void)
{
    desc_score_weights w = { .axis = { 0.5, 0.5 } };

    w.term[DESC_BINDING] = w.term[DESC_BARRIER] = 1.0;
    return w;
}

static desc_judged judged(const char *name, double binding, double sigma, double barrier)
{
    desc_score_inputs in = desc_score_inputs_unknown();
    desc_judged out;

    in.candidate = name;
    in.value[DESC_BINDING].value = binding;
    in.value[DESC_BINDING].sigma = sigma;
    in.value[DESC_BARRIER].value = barrier;
    assert_int_equal(desc_judge(curves, &in, &out, NULL), DFT_OK);
    return out;
}

/* A calculation that leaves no error tells all: P(change) = P(the normal error bridges the gap). */
static void a_perfect_calculation_changes_the_order_as_often_as_the_error_bridges_the_gap(void **unused)
{
    const desc_judged c[] = { judged("A", -0.20, 0.0, 0.25), judged("B", -0.15, 0.05, 0.25) };
    const desc_score_weights w = two_terms();
    desc_calculations perfect = calculations;
    desc_next *next = NULL;
    size_t n = 0;
    (void)unused;

    perfect.of[DESC_BINDING].sigma_after = 0.0;
    assert_int_equal(desc_next_calculations(2, c, &w, 1, &perfect, NULL, &next, &n, NULL), DFT_OK);
    assert_int_equal(n, 1);
    assert_int_equal(next[0].candidate, 1);
    assert_int_equal(next[0].term, DESC_BINDING);
    assert_close(next[0].p_change, desc_normal_cdf(-1.0), 1.0 / DESC_QUANTILES);
    assert_close(next[0].p_others, next[0].p_change, 0.0);
    assert_close(next[0].value_per_core_h, next[0].p_change / perfect.of[DESC_BINDING].core_h, 1e-12);
    free(next);
}

static void a_calculation_no_better_than_what_is_known_is_worth_nothing(void **unused)
{
    const desc_judged c[] = { judged("A", -0.20, 0.0, 0.25), judged("B", -0.15, 0.05, 0.25) };
    const desc_score_weights w = two_terms();
    desc_calculations poor = calculations;
    desc_next *next = NULL;
    size_t n = 0;
    (void)unused;

    poor.of[DESC_BINDING].sigma_after = 0.06;
    assert_int_equal(desc_next_calculations(2, c, &w, 1, &poor, NULL, &next, &n, NULL), DFT_OK);
    assert_int_equal(n, 0);
    assert_null(next);
}

/* However unsure: the last of three cannot reach the first. */
static void what_cannot_change_the_best_is_not_listed(void **unused)
{
    const desc_judged c[] = { judged("A", -0.5, 0.0, 0.0), judged("B", -0.3, 0.0, 0.1),
                              judged("C", 0.1, 0.3, 0.5) };
    const desc_score_weights w = two_terms();
    desc_next *next = NULL;
    size_t n = 0;
    (void)unused;

    assert_int_equal(desc_next_calculations(3, c, &w, 1, &calculations, NULL, &next, &n, NULL), DFT_OK);
    assert_int_equal(n, 0);
}

/* Both silvers rest on one solubility: it lifts them together above a certain rival between them. */
static void a_shared_number_moves_all_that_rest_on_it(void **unused)
{
    desc_score_weights w = two_terms();
    desc_score_inputs in = desc_score_inputs_unknown();
    desc_judged c[3];
    desc_next *next = NULL;
    size_t n = 0;
    (void)unused;

    w.term[DESC_SOLUBILITY] = 1.0;
    in.value[DESC_BINDING].value = -0.2;
    in.value[DESC_BARRIER].value = 0.1;
    in.value[DESC_SOLUBILITY].shared = "Ag";
    in.candidate = "Ag-111";
    assert_int_equal(desc_judge(curves, &in, &c[0], NULL), DFT_OK);
    in.candidate = "LiAg-110";
    in.value[DESC_BARRIER].value = 0.11;
    assert_int_equal(desc_judge(curves, &in, &c[1], NULL), DFT_OK);
    in.candidate = "Au-111";
    in.value[DESC_SOLUBILITY].shared = "Au";
    in.value[DESC_SOLUBILITY].value = 1e-3;      /* 0.6 against an expected 0.5 */
    assert_int_equal(desc_judge(curves, &in, &c[2], NULL), DFT_OK);
    assert_int_equal(desc_next_calculations(3, c, &w, 1, &calculations, NULL, &next, &n, NULL), DFT_OK);
    assert_int_equal(n, 1);
    assert_int_equal(next[0].term, DESC_SOLUBILITY);
    assert_int_equal(next[0].n_shared, 2);
    assert_true(next[0].p_others > 0.3 && next[0].p_others < 0.6);
    free(next);
}

static void the_dearer_of_two_equal_calculations_comes_second(void **unused)
{
    const desc_judged c[] = { judged("A", -0.20, 0.1, 0.25), judged("B", -0.20, 0.1, 0.25) };
    const desc_score_weights w = two_terms();
    desc_calculations dear = calculations;
    desc_next *next = NULL;
    size_t n = 0;
    (void)unused;

    dear.of[DESC_BINDING].sigma_after = 0.01;
    assert_int_equal(desc_next_calculations(2, c, &w, 1, &dear, NULL, &next, &n, NULL), DFT_OK);
    assert_int_equal(n, 2);
    for (size_t i = 1; i < n; i++)
        assert_true(next[i - 1].value_per_core_h >= next[i].value_per_core_h);
    free(next);
    /* B's cell costs half as much: it comes first. */
    assert_int_equal(desc_next_calculations(2, c, &w, 1, &dear, (double[]){ 1.0, 0.5 }, &next, &n,
                                            NULL), DFT_OK);
    assert_int_equal(next[0].candidate, 1);
    assert_close(next[0].core_h, 0.5 * dear.of[DESC_BINDING].core_h, 1e-12);
    free(next);
    assert_int_equal(desc_next_calculations(2, c, &w, 3, &dear, NULL, &next, &n, NULL), DFT_EINPUT);
}

static void every_refused_allocation_is_reported(void **unused)
{
    const desc_judged c[] = { judged("A", -0.20, 0.1, 0.25), judged("B", -0.20, 0.2, 0.25) };
    const desc_score_weights w = two_terms();
    dft_status status = DFT_ENOMEM;
    long count = 0;
    (void)unused;

    while (status == DFT_ENOMEM && ++count < 100) {
        desc_next *next = NULL;
        size_t n = 0;
        dft_alloc_refuse_nth(count);
        status = desc_next_calculations(2, c, &w, 1, &calculations, NULL, &next, &n, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || next == NULL);
        free(next);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(count > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_perfect_calculation_changes_the_order_as_often_as_the_error_bridges_the_gap),
        cmocka_unit_test(a_calculation_no_better_than_what_is_known_is_worth_nothing),
        cmocka_unit_test(what_cannot_change_the_best_is_not_listed),
        cmocka_unit_test(a_shared_number_moves_all_that_rest_on_it),
        cmocka_unit_test(the_dearer_of_two_equal_calculations_comes_second),
        cmocka_unit_test(every_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, read_tables, free_tables);
}
