#include "descriptors/score.h"

#include <string.h>

#include "tests/support/assert_close.h"

/* A candidate about which everything is known. */
static desc_score_inputs complete(void)
{
    desc_score_inputs in = desc_score_inputs_unknown();

    in.binding_ev = -0.15;
    in.solubility_x = 1e-3;
    in.lithiation_ev = 0.1;
    in.barrier_ev = 0.1;
    in.bulk_modulus_gpa = 50.0;
    return in;
}

static double lithiophilicity(const desc_score_inputs *in)
{
    const desc_score_weights weights = desc_score_weights_default();
    desc_score score;

    assert_int_equal(desc_score_lithiophilicity(in, &weights, &score, NULL), DFT_OK);
    return score.value;
}

static double robustness(const desc_score_inputs *in)
{
    const desc_score_weights weights = desc_score_weights_default();
    desc_score score;

    assert_int_equal(desc_score_robustness(in, &weights, &score, NULL), DFT_OK);
    return score.value;
}

static void curves_have_their_ends_where_the_comments_say(void **unused)
{
    (void)unused;
    assert_close(desc_desirability_binding(0.2), 0.0, 1e-15);
    assert_close(desc_desirability_binding(-0.5), 1.0, 1e-15);
    assert_close(desc_desirability_binding(-3.0), 1.0, 0.0);
    assert_close(desc_desirability_solubility(0.0), 0.0, 0.0);
    assert_close(desc_desirability_solubility(1e-6), 0.0, 1e-12);
    assert_close(desc_desirability_solubility(1e-3), 0.6, 1e-12);
    assert_close(desc_desirability_solubility(0.669), 1.0, 0.0);
    assert_close(desc_desirability_alloying(0.0), 0.0, 0.0);
    assert_close(desc_desirability_alloying(0.257), 1.0, 1e-3);          /* 10 kT */
    assert_close(desc_desirability_barrier(0.0), 1.0, 0.0);
    assert_close(desc_desirability_barrier(0.25), 0.5, 1e-15);
    assert_close(desc_desirability_barrier(0.9), 0.0, 0.0);
    assert_close(desc_desirability_compliance(10.0), 1.0, 1e-15);
    assert_close(desc_desirability_compliance(200.0), 0.0, 1e-15);
    assert_close(desc_desirability_compliance(sqrt(2000.0)), 0.5, 1e-15);
    assert_close(desc_desirability_layer_compliance(200.0), 0.0, 1e-15);
    assert_true(isnan(desc_desirability_binding(NAN)) && isnan(desc_desirability_solubility(NAN))
                && isnan(desc_desirability_alloying(NAN)) && isnan(desc_desirability_barrier(NAN))
                && isnan(desc_desirability_compliance(NAN)));
}

static void every_score_rises_as_its_descriptor_gets_better(void **unused)
{
    double last_l = -1.0, last_r = -1.0;
    (void)unused;

    for (int i = 0; i <= 20; i++) {
        desc_score_inputs in = complete();
        in.binding_ev = 0.2 - 0.035 * i;
        assert_true(lithiophilicity(&in) > last_l);
        last_l = lithiophilicity(&in);
        in.barrier_ev = 0.5 - 0.025 * i;
        assert_true(robustness(&in) > last_r);
        last_r = robustness(&in);
    }
    desc_score_inputs more = complete(), softer = complete(), reacting = complete();
    const desc_score_inputs base = complete();
    more.solubility_x *= 2.0;
    reacting.lithiation_ev *= 2.0;
    softer.bulk_modulus_gpa /= 2.0;
    assert_true(lithiophilicity(&more) > lithiophilicity(&base));
    assert_true(lithiophilicity(&reacting) > lithiophilicity(&base));
    assert_true(robustness(&softer) > robustness(&base));
}

static void the_mean_is_the_weighted_mean(void **unused)
{
    desc_score_inputs in = complete();
    (void)unused;

    in.lithiation_ev = 0.0;
    in.binding_ev = -0.15;                       /* 0.5 on its curve */
    assert_close(lithiophilicity(&in), 0.5 * 0.5 + 0.3 * 0.6 + 0.2 * 0.0, 1e-12);
}

/* Strong binding alone cannot pass a metal that dissolves and alloys: the design gives phase
 * equilibria half of the score. */
static void binding_alone_does_not_dominate(void **unused)
{
    desc_score_inputs binder = complete(), dissolver = complete();
    (void)unused;

    binder.binding_ev = -2.0;
    binder.solubility_x = 0.0;
    binder.lithiation_ev = 0.0;
    dissolver.binding_ev = 0.1;
    dissolver.solubility_x = 0.1;
    dissolver.lithiation_ev = 0.4;
    assert_close(lithiophilicity(&binder), 0.5, 1e-15);
    assert_true(lithiophilicity(&dissolver) > lithiophilicity(&binder));
}

static void a_missing_term_hands_its_weight_to_the_others_and_is_named(void **unused)
{
    const desc_score_weights weights = desc_score_weights_default();
    desc_score_inputs in = complete();
    desc_score score;
    (void)unused;

    in.solubility_x = NAN;
    in.lithiation_ev = 0.0;
    assert_int_equal(desc_score_lithiophilicity(&in, &weights, &score, NULL), DFT_OK);
    assert_close(score.value, 0.5 * 0.5 / (0.5 + 0.2), 1e-12);
    assert_int_equal(score.n_terms_planned, 3);
    assert_int_equal(score.n_terms_used, 2);
    assert_string_equal(score.missing, "solubility");

    in = desc_score_inputs_unknown();
    assert_int_equal(desc_score_lithiophilicity(&in, &weights, &score, NULL), DFT_OK);
    assert_true(isnan(score.value));
    assert_string_equal(score.missing, "binding, solubility, alloying");
}

/* Missing is not zero: the same candidate with a known nil is worse than with an unknown. */
static void missing_is_not_zero(void **unused)
{
    desc_score_inputs unknown = complete(), nil = complete();
    (void)unused;

    unknown.solubility_x = NAN;
    nil.solubility_x = 0.0;
    assert_true(lithiophilicity(&nil) < lithiophilicity(&unknown));
}

static void a_weight_of_zero_takes_the_term_out_of_the_plan(void **unused)
{
    desc_score_weights weights = desc_score_weights_default();
    const desc_score_inputs in = complete();
    desc_score score;
    (void)unused;

    weights.solubility = weights.alloying = 0.0;
    assert_int_equal(desc_score_lithiophilicity(&in, &weights, &score, NULL), DFT_OK);
    assert_close(score.value, 0.5, 1e-12);
    assert_int_equal(score.n_terms_planned, 1);
    assert_string_equal(score.missing, "");
}

static void sheets_are_judged_by_their_layer_modulus(void **unused)
{
    desc_score_inputs in = complete();
    (void)unused;

    in.sheet = true;
    in.barrier_ev = NAN;
    in.bulk_modulus_gpa = 10.0;                  /* meaningless for a sheet, and not looked at */
    in.layer_modulus_n_per_m = 200.0;
    assert_close(robustness(&in), 0.0, 1e-12);
}

static void the_total_needs_both_scores(void **unused)
{
    desc_score_weights weights = desc_score_weights_default();
    const desc_score good = { 0.8, 3, 3, "" }, fair = { 0.4, 2, 2, "" }, none = { NAN, 2, 0, "" };
    double total;
    (void)unused;

    assert_int_equal(desc_score_total(&good, &fair, &weights, &total, NULL), DFT_OK);
    assert_close(total, 0.6, 1e-15);
    assert_int_equal(desc_score_total(&good, &none, &weights, &total, NULL), DFT_OK);
    assert_true(isnan(total));
    weights.total_robustness = 0.0;
    assert_int_equal(desc_score_total(&good, &none, &weights, &total, NULL), DFT_OK);
    assert_close(total, 0.8, 1e-15);
    weights.total_lithiophilicity = 0.0;
    assert_int_equal(desc_score_total(&good, &fair, &weights, &total, NULL), DFT_EINPUT);
}

static void impossible_inputs_and_weights_are_refused(void **unused)
{
    desc_score_weights weights = desc_score_weights_default();
    desc_score_inputs in = complete();
    desc_score score;
    dft_error err;
    (void)unused;

    in.solubility_x = 1.5;
    assert_int_equal(desc_score_lithiophilicity(&in, &weights, &score, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "solubility"));
    in = complete();
    in.bulk_modulus_gpa = -3.0;
    assert_int_equal(desc_score_robustness(&in, &weights, &score, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "compliance is -3 GPa"));
    in = complete();
    in.binding_ev = INFINITY;
    assert_int_equal(desc_score_lithiophilicity(&in, &weights, &score, &err), DFT_EINPUT);
    in = complete();
    weights.barrier = -1.0;
    assert_int_equal(desc_score_robustness(&in, &weights, &score, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "barrier"));
    weights.barrier = weights.compliance = 0.0;
    assert_int_equal(desc_score_robustness(&in, &weights, &score, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "all 0"));
}

static void the_reason_says_what_is_known_and_what_is_not(void **unused)
{
    desc_score_inputs in = complete();
    char text[400], cut[12];
    (void)unused;

    in.solubility_origin = "measured";
    in.solubility_confidence = "medium";
    in.binding_site = "fcc";
    in.lithiation_origin = "dft";
    desc_score_reason(&in, text, sizeof text);
    assert_string_equal(text, "dissolves in Li (x = 0.001 at 298 K, measured, medium confidence); "
                        "reacts with Li (0.10 eV per Li, dft); Li binds by 0.15 eV at fcc; "
                        "barrier estimate 0.10 eV; of middling stiffness (bulk modulus 50 GPa)");
    desc_score_reason(&in, cut, sizeof cut);
    assert_string_equal(cut, "dissolves i");

    in = desc_score_inputs_unknown();
    desc_score_reason(&in, text, sizeof text);
    assert_string_equal(text, "solubility in Li unknown; reaction with Li unknown; Li binding not "
                        "available; barrier estimate not available; compliance not available");
    in.solubility_high = 4.6e-2;
    in.solubility_origin = "dft-dilute";
    desc_score_reason(&in, text, sizeof text);
    assert_non_null(strstr(text, "to at most x = 0.046 at 298 K (dft-dilute)"));
    in.solubility_origin = NULL;
    desc_score_reason(&in, text, sizeof text);
    assert_non_null(strstr(text, "to at most x = 0.046 at 298 K; reaction"));
    in.solubility_x = 0.0;
    in.lithiation_ev = 0.0;
    in.binding_ev = 0.3;
    desc_score_reason(&in, text, sizeof text);
    assert_non_null(strstr(text, "does not dissolve in Li; "));
    assert_non_null(strstr(text, "does not react with Li; Li prefers bulk Li by 0.30 eV;"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_have_their_ends_where_the_comments_say),
        cmocka_unit_test(every_score_rises_as_its_descriptor_gets_better),
        cmocka_unit_test(the_mean_is_the_weighted_mean),
        cmocka_unit_test(binding_alone_does_not_dominate),
        cmocka_unit_test(a_missing_term_hands_its_weight_to_the_others_and_is_named),
        cmocka_unit_test(missing_is_not_zero),
        cmocka_unit_test(a_weight_of_zero_takes_the_term_out_of_the_plan),
        cmocka_unit_test(sheets_are_judged_by_their_layer_modulus),
        cmocka_unit_test(the_total_needs_both_scores),
        cmocka_unit_test(impossible_inputs_and_weights_are_refused),
        cmocka_unit_test(the_reason_says_what_is_known_and_what_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
