#include "descriptors/score.h"

#include <string.h>

#include "descriptors/random.h"
#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

static desc_curves *curves;

static int read_curves(void **unused)
{
    (void)unused;
    return desc_curves_read("descriptors/data", &curves, NULL) != DFT_OK;
}

static int free_curves(void **unused)
{
    (void)unused;
    desc_curves_free(curves);
    return 0;
}

static double desirability(int curve, double value)
{
    return desc_desirability(desc_curve_of(curves, curve), value);
}

/* A candidate about which everything is known, without error. */
static desc_score_inputs complete(void)
{
    desc_score_inputs in = desc_score_inputs_unknown();

    in.value[DESC_BINDING].value = -0.15;
    in.value[DESC_SOLUBILITY].value = 1e-3;
    in.value[DESC_ALLOYING].value = 0.1;
    in.value[DESC_BARRIER].value = 0.1;
    in.value[DESC_COMPLIANCE].value = 500.0;
    return in;
}

/* The five terms of the quick campaign. */
static desc_score_weights quick_weights(void)
{
    desc_score_weights w = desc_score_weights_default();

    w.term[DESC_WETTING] = w.term[DESC_DIMENSIONALITY] = w.term[DESC_ADHESION] = 0.0;
    w.term[DESC_STRAIN] = w.term[DESC_MOBILITY] = w.term[DESC_VOLUME] = 0.0;
    return w;
}

static desc_score score_of(const desc_score_inputs *in, const desc_score_weights *w, desc_axis axis)
{
    desc_judged judged;
    desc_score score = { NAN, NAN, 0, 0, "" };
    dft_error err = { DFT_OK, "" };

    if (desc_judge(curves, in, &judged, &err) != DFT_OK
        || desc_score_of(&judged, w, axis, &score, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return score;
}

static double quick(const desc_score_inputs *in, desc_axis axis)
{
    const desc_score_weights w = quick_weights();
    return score_of(in, &w, axis).value;
}

static void curves_have_their_ends_where_the_table_says(void **unused)
{
    (void)unused;
    assert_close(desirability(DESC_BINDING, 0.2), 0.0, 1e-15);
    assert_close(desirability(DESC_BINDING, -0.5), 1.0, 1e-15);
    assert_close(desirability(DESC_BINDING, -3.0), 1.0, 0.0);
    assert_close(desirability(DESC_SOLUBILITY, 0.0), 0.0, 0.0);
    assert_close(desirability(DESC_SOLUBILITY, 1e-6), 0.0, 1e-12);
    assert_close(desirability(DESC_SOLUBILITY, 1e-3), 0.6, 1e-12);
    assert_close(desirability(DESC_SOLUBILITY, 0.669), 1.0, 0.0);
    assert_close(desirability(DESC_ALLOYING, 0.2569), 1.0, 1e-3);                  /* 10 kT */
    assert_close(desirability(DESC_BARRIER, 0.25), 0.5, 1e-15);
    assert_close(desirability(DESC_COMPLIANCE, sqrt(2000.0 * 100.0)), 0.5, 1e-12);
    assert_close(desirability(DESC_SLIP, 4.0), 1.0, 1e-12);
    assert_close(desirability(DESC_WETTING, 0.0), 0.0, 1e-15);                     /* 90 degrees */
    assert_close(desirability(DESC_VOLUME, 300.0), 0.0, 1e-15);
    for (int i = 0; i < DESC_N_CURVES; i++)
        assert_true(isnan(desirability(i, NAN)));
}

static double identity_desirability(double scaled, const void *context)
{
    const desc_curve *c = context;
    return desc_desirability(c, c->log10 ? pow(10.0, scaled) : scaled);
}

/* What is not known is worth one half: it neither flatters nor punishes. */
static void every_prior_is_centred_on_its_curve(void **unused)
{
    (void)unused;
    for (int i = 0; i < DESC_N_CURVES; i++) {
        const desc_curve *c = desc_curve_of(curves, i);
        const desc_uncertain prior = c->log10 ? desc_between(log10(c->prior_low),
                                                             log10(c->prior_high))
                                              : desc_between(c->prior_low, c->prior_high);
        assert_close(desc_expected(&prior, identity_desirability, c, NULL), 0.5, 0.01);
    }
}

static void every_score_rises_as_its_descriptor_gets_better(void **unused)
{
    double last_l = -1.0, last_r = -1.0;
    (void)unused;

    for (int i = 0; i <= 20; i++) {
        desc_score_inputs in = complete();
        in.value[DESC_BINDING].value = 0.2 - 0.035 * i;
        in.value[DESC_BARRIER].value = 0.5 - 0.025 * i;
        assert_true(quick(&in, DESC_LITHIOPHILICITY) > last_l);
        assert_true(quick(&in, DESC_ROBUSTNESS) > last_r);
        last_l = quick(&in, DESC_LITHIOPHILICITY);
        last_r = quick(&in, DESC_ROBUSTNESS);
    }
}

static void without_errors_the_score_is_the_weighted_mean(void **unused)
{
    desc_score_inputs in = complete();
    (void)unused;

    in.value[DESC_ALLOYING].value = 0.0;
    assert_close(quick(&in, DESC_LITHIOPHILICITY), 0.5 * 0.5 + 0.3 * 0.6 + 0.2 * 0.0, 1e-12);
}

/* Strong binding alone cannot pass a metal that dissolves and alloys: the design gives phase
 * equilibria half of the score. */
static void binding_alone_does_not_dominate(void **unused)
{
    desc_score_inputs binder = complete(), dissolver = complete();
    (void)unused;

    binder.value[DESC_BINDING].value = -2.0;
    binder.value[DESC_SOLUBILITY].value = 0.0;
    binder.value[DESC_ALLOYING].value = 0.0;
    dissolver.value[DESC_BINDING].value = 0.1;
    dissolver.value[DESC_SOLUBILITY].value = 0.1;
    dissolver.value[DESC_ALLOYING].value = 0.4;
    assert_close(quick(&binder, DESC_LITHIOPHILICITY), 0.5, 1e-12);
    assert_true(quick(&dissolver, DESC_LITHIOPHILICITY) > quick(&binder, DESC_LITHIOPHILICITY));
}

static void an_error_is_carried_into_the_score(void **unused)
{
    const desc_score_weights w = quick_weights();
    desc_score_inputs in = complete();
    (void)unused;

    in.value[DESC_BINDING].sigma = 0.07;         /* 0.1 of the curve, far from its ends */
    const desc_score score = score_of(&in, &w, DESC_LITHIOPHILICITY);
    assert_close(score.value, quick(&in, DESC_LITHIOPHILICITY), 1e-6);
    assert_close(score.sd, 0.5 * 0.1, 1e-3);     /* DESC_QUANTILES values */
}

/* The strongest binder without a number for its solubility: its 0.3 stays where it is. */
static void a_missing_term_keeps_its_weight_and_widens_the_score(void **unused)
{
    const desc_score_weights w = quick_weights();
    desc_score_inputs in = complete();
    (void)unused;

    in.value[DESC_BINDING].value = -2.0;
    in.value[DESC_ALLOYING].value = 1.0;
    in.value[DESC_SOLUBILITY].value = NAN;
    const desc_score score = score_of(&in, &w, DESC_LITHIOPHILICITY);
    assert_close(score.value, 0.5 + 0.2 + 0.3 * 0.5, 0.003);
    assert_true(score.sd > 0.3 * 0.3);
    assert_int_equal(score.n_terms_planned, 3);
    assert_int_equal(score.n_terms_used, 2);
    assert_string_equal(score.missing, "solubility");
}

static void missing_is_neither_nil_nor_the_best(void **unused)
{
    desc_score_inputs unknown = complete(), nil = complete(), best = complete();
    (void)unused;

    unknown.value[DESC_SOLUBILITY].value = NAN;
    nil.value[DESC_SOLUBILITY].value = 0.0;
    best.value[DESC_SOLUBILITY].value = 0.5;
    assert_true(quick(&nil, DESC_LITHIOPHILICITY) < quick(&unknown, DESC_LITHIOPHILICITY));
    assert_true(quick(&unknown, DESC_LITHIOPHILICITY) < quick(&best, DESC_LITHIOPHILICITY));
}

/* Hg: at most 0.046, so the upper end of the prior is gone. */
static void an_upper_bound_ends_the_prior(void **unused)
{
    desc_score_inputs bounded = complete(), open = complete();
    desc_judged judged;
    (void)unused;

    bounded.value[DESC_SOLUBILITY].value = open.value[DESC_SOLUBILITY].value = NAN;
    bounded.value[DESC_SOLUBILITY].high = 1e-4;
    assert_int_equal(desc_judge(curves, &bounded, &judged, NULL), DFT_OK);
    assert_true(judged.missing[DESC_SOLUBILITY]);
    assert_close(desc_term_draw(&judged, DESC_SOLUBILITY, 0.9999999), 0.4, 1e-5);  /* of 1e-4 */
    assert_true(quick(&bounded, DESC_LITHIOPHILICITY) < quick(&open, DESC_LITHIOPHILICITY));
}

/* More than a dilute solution: x unknown, 1e-2 at least. */
static void a_lower_bound_begins_the_prior(void **unused)
{
    desc_score_inputs bounded = complete(), open = complete();
    desc_judged judged;
    (void)unused;

    bounded.value[DESC_SOLUBILITY].value = open.value[DESC_SOLUBILITY].value = NAN;
    bounded.value[DESC_SOLUBILITY].low = 1e-2;
    assert_int_equal(desc_judge(curves, &bounded, &judged, NULL), DFT_OK);
    assert_true(judged.missing[DESC_SOLUBILITY]);
    assert_close(desc_term_draw(&judged, DESC_SOLUBILITY, 1e-7), 0.8, 1e-5);       /* of 1e-2 */
    assert_true(quick(&bounded, DESC_LITHIOPHILICITY) > quick(&open, DESC_LITHIOPHILICITY));
}

/* Cu: "nil, but at most 1e-4" is not exactly nil; Fe: nil without more. */
static void a_nil_with_a_bound_is_not_certain(void **unused)
{
    desc_score_inputs in = complete();
    desc_judged judged;
    (void)unused;

    in.value[DESC_SOLUBILITY].value = 0.0;
    assert_int_equal(desc_judge(curves, &in, &judged, NULL), DFT_OK);
    assert_close(judged.mean[DESC_SOLUBILITY], 0.0, 0.0);
    assert_close(judged.sd[DESC_SOLUBILITY], 0.0, 0.0);
    in.value[DESC_SOLUBILITY].high = 1e-4;
    assert_int_equal(desc_judge(curves, &in, &judged, NULL), DFT_OK);
    assert_true(judged.mean[DESC_SOLUBILITY] > 0.0 && judged.mean[DESC_SOLUBILITY] < 0.2);
}

/* Al: 1.1e-5 by one method and 7.4e-3 by another. */
static void bounds_on_one_side_widen_that_side_only(void **unused)
{
    desc_score_inputs in = complete();
    desc_judged judged;
    (void)unused;

    in.value[DESC_SOLUBILITY].value = in.value[DESC_SOLUBILITY].low = 1.1e-5;
    in.value[DESC_SOLUBILITY].high = 7.4e-3;
    assert_int_equal(desc_judge(curves, &in, &judged, NULL), DFT_OK);
    assert_close(desc_term_draw(&judged, DESC_SOLUBILITY, 1e-9),
                 desirability(DESC_SOLUBILITY, 1.1e-5), 1e-6);
    assert_true(desc_term_draw(&judged, DESC_SOLUBILITY, 0.5) > 0.35);
}

static void an_axis_of_which_nothing_is_known_has_no_score(void **unused)
{
    const desc_score_weights w = quick_weights();
    desc_score_inputs in = complete();
    (void)unused;

    in.value[DESC_BINDING].value = in.value[DESC_SOLUBILITY].value = NAN;
    in.value[DESC_ALLOYING].value = NAN;
    const desc_score score = score_of(&in, &w, DESC_LITHIOPHILICITY);
    assert_true(isnan(score.value));
    assert_string_equal(score.missing, "binding, solubility, alloying");
    assert_true(isnan(score_of(&in, &w, DESC_TOTAL).value));
}

static void a_weight_of_zero_takes_the_term_out_of_the_plan(void **unused)
{
    desc_score_weights w = quick_weights();
    const desc_score_inputs in = complete();
    (void)unused;

    w.term[DESC_SOLUBILITY] = w.term[DESC_ALLOYING] = 0.0;
    const desc_score score = score_of(&in, &w, DESC_LITHIOPHILICITY);
    assert_close(score.value, 0.5, 1e-12);
    assert_int_equal(score.n_terms_planned, 1);
    assert_string_equal(score.missing, "");
}

/* A stack that slips is scored by its slip, however stiff its layers are. */
static void the_easier_way_to_give_way_counts(void **unused)
{
    desc_score_inputs in = complete();
    desc_judged judged;
    (void)unused;

    in.value[DESC_COMPLIANCE].value = 2000.0;
    in.value[DESC_SLIP].value = 4.0;
    assert_int_equal(desc_judge(curves, &in, &judged, NULL), DFT_OK);
    assert_ptr_equal(judged.curve[DESC_COMPLIANCE], desc_curve_of(curves, DESC_SLIP));
    assert_close(judged.mean[DESC_COMPLIANCE], 1.0, 1e-12);
    in.value[DESC_SLIP].value = 80.0;
    in.value[DESC_COMPLIANCE].value = 100.0;
    assert_int_equal(desc_judge(curves, &in, &judged, NULL), DFT_OK);
    assert_ptr_equal(judged.curve[DESC_COMPLIANCE], desc_curve_of(curves, DESC_COMPLIANCE));
}

static void the_total_weighs_both_axes(void **unused)
{
    desc_score_weights w = quick_weights();
    const desc_score_inputs in = complete();
    (void)unused;

    const double l = quick(&in, DESC_LITHIOPHILICITY), r = quick(&in, DESC_ROBUSTNESS);
    assert_close(quick(&in, DESC_TOTAL), 0.5 * (l + r), 1e-12);
    w.axis[DESC_ROBUSTNESS] = 0.0;
    assert_close(score_of(&in, &w, DESC_TOTAL).value, l, 1e-12);
}

static void impossible_inputs_and_weights_are_refused(void **unused)
{
    static const struct { int curve; double value, sigma; const char *says; } bad[] = {
        { DESC_SOLUBILITY, 1.5, 0.0, "solubility is 1.5" },
        { DESC_COMPLIANCE, -3.0, 0.0, "compliance is -3 N/m" },
        { DESC_BINDING, INFINITY, 0.0, "binding is inf" },
        { DESC_BARRIER, -0.1, 0.0, "barrier is -0.1" },
        { DESC_BINDING, 0.0, NAN, "the error of binding" },
    };
    desc_judged judged;
    desc_score score;
    dft_error err;
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        desc_score_inputs in = complete();
        in.value[bad[i].curve].value = bad[i].value;
        in.value[bad[i].curve].sigma = bad[i].sigma;
        assert_int_equal(desc_judge(curves, &in, &judged, &err), DFT_EINPUT);
        assert_non_null(strstr(err.message, bad[i].says));
    }
    const desc_score_inputs in = complete();
    desc_score_weights w = desc_score_weights_default();
    assert_int_equal(desc_judge(curves, &in, &judged, NULL), DFT_OK);
    w.term[DESC_BARRIER] = -1.0;
    assert_int_equal(desc_score_of(&judged, &w, DESC_ROBUSTNESS, &score, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "barrier"));
    for (int i = 0; i < DESC_N_TERMS; i++)
        w.term[i] = 0.0;
    assert_int_equal(desc_score_of(&judged, &w, DESC_ROBUSTNESS, &score, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "all 0"));
    w = desc_score_weights_default();
    w.axis[0] = w.axis[1] = 0.0;
    assert_int_equal(desc_score_of(&judged, &w, DESC_TOTAL, &score, &err), DFT_EINPUT);
}

static void numbers_that_belong_together_share_their_stream(void **unused)
{
    desc_score_inputs a = complete(), b = complete();
    desc_judged ja, jb;
    (void)unused;

    a.candidate = "Ag-111";
    b.candidate = "LiAg-110";
    a.value[DESC_SOLUBILITY].shared = b.value[DESC_SOLUBILITY].shared = "Ag";
    assert_int_equal(desc_judge(curves, &a, &ja, NULL), DFT_OK);
    assert_int_equal(desc_judge(curves, &b, &jb, NULL), DFT_OK);
    assert_true(ja.stream[DESC_SOLUBILITY] == jb.stream[DESC_SOLUBILITY]);
    assert_true(ja.stream[DESC_BINDING] != jb.stream[DESC_BINDING]);
    assert_true(ja.stream[DESC_BINDING] != ja.stream[DESC_BARRIER]);
}

static void errors_come_from_the_table(void **unused)
{
    (void)unused;
    assert_true(desc_error_sigma(curves, DESC_BINDING, "functional") > 0.0);
    assert_close(desc_error_sigma(curves, DESC_BINDING, "no such component"), 0.0, 0.0);
}

static void every_refused_allocation_is_reported(void **unused)
{
    dft_status status = DFT_ENOMEM;
    long n = 0;
    (void)unused;

    while (status == DFT_ENOMEM && ++n < 1000) {
        desc_curves *again = NULL;
        dft_alloc_refuse_nth(n);
        status = desc_curves_read("descriptors/data", &again, NULL);
        dft_alloc_refuse_nth(0);
        desc_curves_free(again);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_have_their_ends_where_the_table_says),
        cmocka_unit_test(every_prior_is_centred_on_its_curve),
        cmocka_unit_test(every_score_rises_as_its_descriptor_gets_better),
        cmocka_unit_test(without_errors_the_score_is_the_weighted_mean),
        cmocka_unit_test(binding_alone_does_not_dominate),
        cmocka_unit_test(an_error_is_carried_into_the_score),
        cmocka_unit_test(a_missing_term_keeps_its_weight_and_widens_the_score),
        cmocka_unit_test(missing_is_neither_nil_nor_the_best),
        cmocka_unit_test(an_upper_bound_ends_the_prior),
        cmocka_unit_test(a_lower_bound_begins_the_prior),
        cmocka_unit_test(a_nil_with_a_bound_is_not_certain),
        cmocka_unit_test(bounds_on_one_side_widen_that_side_only),
        cmocka_unit_test(an_axis_of_which_nothing_is_known_has_no_score),
        cmocka_unit_test(a_weight_of_zero_takes_the_term_out_of_the_plan),
        cmocka_unit_test(the_easier_way_to_give_way_counts),
        cmocka_unit_test(the_total_weighs_both_axes),
        cmocka_unit_test(impossible_inputs_and_weights_are_refused),
        cmocka_unit_test(numbers_that_belong_together_share_their_stream),
        cmocka_unit_test(errors_come_from_the_table),
        cmocka_unit_test(every_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, read_curves, free_curves);
}
