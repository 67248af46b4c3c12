#include "workflows/standing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

enum { N = 4 };

typedef struct {
    desc_curves *curves;
    desc_calculations calculations;
    desc_score_weights weights, effective;
    flow_assemble_request request;
    res_ranked_row row[N];
    flow_standing standing[N];
    char reason[N][640];
    flow_ranked *ranked;
    size_t n_ranked;
} bench;

static void bench_init(bench *b)
{
    static const char *const names[N] = { "Au-111", "Ag-111", "Cu-111", "MgO-100" };

    memset(b, 0, sizeof *b);
    assert_int_equal(desc_curves_read("descriptors/data", &b->curves, NULL), DFT_OK);
    assert_int_equal(desc_calculations_read("descriptors/data", &b->calculations, NULL), DFT_OK);
    b->weights = desc_score_weights_default();
    b->request = (flow_assemble_request){ .weights = &b->weights,
                                          .wanted = { .equation_of_state = 1, .li_binding = 1,
                                                      .corrugation = 1, .solubility = 1,
                                                      .alloying = 1 },
                                          .curves = b->curves, .calculations = &b->calculations };
    for (int i = 0; i < N; i++) {
        flow_standing *s = &b->standing[i];
        b->row[i] = res_ranked_row_defaults();
        b->row[i].candidate = names[i];
        *s = (flow_standing){ .inputs = desc_score_inputs_unknown(), .row = &b->row[i],
                              .reason = b->reason[i], .reason_size = sizeof b->reason[i] };
        s->inputs.candidate = names[i];
        s->inputs.value[DESC_BINDING].value = -0.5 + 0.2 * i;
        s->inputs.value[DESC_BINDING].sigma = 0.1;
        s->inputs.value[DESC_SOLUBILITY].value = i < 2 ? 1e-3 : 0.0;
        s->inputs.value[DESC_ALLOYING].value = i < 2 ? 0.4 : 0.0;
        s->inputs.value[DESC_BARRIER].value = 0.05;
        s->inputs.value[DESC_COMPLIANCE].value = 800.0;
    }
}

static void bench_stand(bench *b)
{
    free(b->ranked);
    assert_int_equal(flow_stand(&b->request, N, b->standing, &b->effective, &b->ranked, &b->n_ranked,
                                NULL), DFT_OK);
}

static void bench_clear(bench *b)
{
    free(b->ranked);
    desc_curves_free(b->curves);
}

static void rows_get_scores_intervals_and_a_sentence(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    bench_stand(&b);
    assert_int_equal(b.n_ranked, N);
    assert_string_equal(b.ranked[0].candidate, "Au-111");
    assert_string_equal(b.ranked[N - 1].candidate, "MgO-100");
    for (int i = 0; i < N; i++) {
        assert_true(b.row[i].lithiophilicity_low <= b.row[i].lithiophilicity_high);
        assert_true(b.row[i].rank_low >= 1 && b.row[i].rank_high <= N);
        assert_close(b.row[i].p_top_5, 1.0, 0.0);        /* there are only four */
        assert_close(b.row[i].score, b.standing[i].score, 0.0);
        assert_true(strlen(b.reason[i]) > 20);
    }
    assert_string_equal(b.row[0].pareto, "yes");
    bench_clear(&b);
}

/* Nobody has a work of adhesion: it has no weight.  One has: the others are drawn, and say so. */
static void a_term_counts_once_somebody_has_a_number_for_it(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    bench_stand(&b);
    assert_close(b.effective.term[DESC_ADHESION], 0.0, 0.0);
    assert_string_equal(b.row[1].missing_terms, "");
    const double before = b.row[1].robustness_high - b.row[1].robustness_low;
    bench_clear(&b);

    bench_init(&b);
    b.standing[0].inputs.value[DESC_ADHESION].value = 0.8;
    bench_stand(&b);
    assert_close(b.effective.term[DESC_ADHESION], b.weights.term[DESC_ADHESION], 0.0);
    assert_string_equal(b.row[0].missing_terms, "");
    assert_string_equal(b.row[1].missing_terms, "robustness: adhesion");
    assert_true(b.row[1].robustness_high - b.row[1].robustness_low > before);
    bench_clear(&b);
}

static void what_the_campaign_does_not_ask_for_has_no_weight(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    b.request.wanted.solubility = 0;
    bench_stand(&b);
    assert_close(b.effective.term[DESC_SOLUBILITY], 0.0, 0.0);
    b.request.wanted = (flow_descriptors){ .li_binding = 1 };
    for (int i = 0; i < N; i++)
        b.reason[i][0] = '\0';
    bench_stand(&b);
    assert_int_equal(b.n_ranked, 0);
    assert_string_equal(b.reason[0], "no score: the campaign asks for nothing that makes up robustness");
    bench_clear(&b);
}

static void a_candidate_with_a_reason_stays_out_and_the_others_are_ranked_without_it(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    snprintf(b.reason[0], sizeof b.reason[0], "SCF not converged");
    bench_stand(&b);
    assert_int_equal(b.n_ranked, N - 1);
    assert_string_equal(b.reason[0], "SCF not converged");
    assert_true(isnan(b.standing[0].score) && isnan(b.row[0].score));
    assert_string_equal(b.ranked[0].candidate, "Ag-111");
    bench_clear(&b);
}

static void a_candidate_of_which_an_axis_is_not_known_at_all_is_not_ranked(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    b.standing[2].inputs.value[DESC_BARRIER].value = NAN;
    b.standing[2].inputs.value[DESC_COMPLIANCE].value = NAN;
    bench_stand(&b);
    assert_int_equal(b.n_ranked, N - 1);
    assert_string_equal(b.reason[2], "no score: robustness: barrier, compliance unknown");
    bench_clear(&b);
}

static void the_next_calculation_is_named_where_it_could_change_the_best(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b);
    b.standing[1].inputs.value[DESC_BINDING].value = -0.45;
    b.standing[1].inputs.value[DESC_SOLUBILITY].value = NAN;     /* could pass gold */
    bench_stand(&b);
    assert_non_null(b.row[1].next_calculation);
    assert_non_null(strstr(b.row[1].next_calculation, "solubility: "));
    assert_non_null(strstr(b.row[1].next_calculation, "with probability "));
    bench_clear(&b);
}

static void every_refused_allocation_is_reported(void **unused)
{
    dft_status status = DFT_ENOMEM;
    long n = 0;
    (void)unused;

    while (status == DFT_ENOMEM && ++n < 200) {
        bench b;
        bench_init(&b);
        dft_alloc_refuse_nth(n);
        status = flow_stand(&b.request, N, b.standing, &b.effective, &b.ranked, &b.n_ranked, NULL);
        dft_alloc_refuse_nth(0);
        bench_clear(&b);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_get_scores_intervals_and_a_sentence),
        cmocka_unit_test(a_term_counts_once_somebody_has_a_number_for_it),
        cmocka_unit_test(what_the_campaign_does_not_ask_for_has_no_weight),
        cmocka_unit_test(a_candidate_with_a_reason_stays_out_and_the_others_are_ranked_without_it),
        cmocka_unit_test(a_candidate_of_which_an_axis_is_not_known_at_all_is_not_ranked),
        cmocka_unit_test(the_next_calculation_is_named_where_it_could_change_the_best),
        cmocka_unit_test(every_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
