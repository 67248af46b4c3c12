#include "workflows/quantities.h"

#include <string.h>

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

static double sigma(int term, const char *component)
{
    const double value = desc_error_sigma(curves, term, component);
    assert_true(value > 0.0);
    return value;
}

static void a_cheap_slab_has_every_component_and_a_good_one_the_functional_alone(void **unused)
{
    const flow_settings cheap = { 3, 0.35, false, true }, good = { 6, 0.15, true, false };
    desc_score_inputs in = desc_score_inputs_unknown();
    flow_error error[DESC_N_CURVES];
    (void)unused;

    flow_quantity_binding(curves, &cheap, -0.3, &in, error);
    assert_string_equal(in.value[DESC_BINDING].made_of,
                        "functional, rigid, thin-slab, coarse-k, no-spin");
    const double all = hypot(hypot(hypot(sigma(DESC_BINDING, "functional"),
                                         sigma(DESC_BINDING, "rigid")),
                                   hypot(sigma(DESC_BINDING, "thin-slab"),
                                         sigma(DESC_BINDING, "coarse-k"))),
                             sigma(DESC_BINDING, "no-spin"));
    assert_close(in.value[DESC_BINDING].sigma, all, 1e-15);
    flow_quantity_binding(curves, &good, -0.3, &in, error);
    assert_string_equal(in.value[DESC_BINDING].made_of, "functional");
    assert_close(in.value[DESC_BINDING].sigma, sigma(DESC_BINDING, "functional"), 1e-15);
}

/* What is not recorded counts as the cheaper way. */
static void settings_that_are_not_known_are_not_trusted(void **unused)
{
    const flow_settings unknown = { 0, NAN, false, false };
    desc_score_inputs in = desc_score_inputs_unknown();
    flow_error error[DESC_N_CURVES];
    (void)unused;

    flow_quantity_binding(curves, &unknown, -0.3, &in, error);
    assert_string_equal(in.value[DESC_BINDING].made_of, "functional, rigid, thin-slab, coarse-k");
}

static void a_barrier_estimate_keeps_its_bounds(void **unused)
{
    const flow_settings settings = { 3, 0.35, false, false };
    const desc_corrugation c = { .barrier_estimate_ev = 0.1, .barrier_low_ev = 0.02,
                                 .barrier_high_ev = 0.3 };
    desc_score_inputs in = desc_score_inputs_unknown();
    flow_error error[DESC_N_CURVES];
    (void)unused;

    flow_quantity_barrier(curves, &settings, &c, &in, error);
    assert_close(in.value[DESC_BARRIER].low, 0.02, 0.0);
    assert_close(in.value[DESC_BARRIER].high, 0.3, 0.0);
    assert_string_equal(in.value[DESC_BARRIER].made_of, "functional, estimate, rigid");
}

static void the_trust_in_a_solubility_follows_its_origin(void **unused)
{
    static const struct { double x, high; desc_origin origin; const char *confidence, *made_of; } of[] = {
        { 0.669, 0.70, DESC_ORIGIN_CALPHAD, "high", "calphad-high" },
        { 1.1e-5, 7.4e-3, DESC_ORIGIN_CALPHAD, "low", "recommended" },
        { 1.1e-5, NAN, DESC_ORIGIN_CALPHAD, "low", "calphad-low" },
        { 6e-4, 7e-3, DESC_ORIGIN_MEASURED, "medium", "measured" },
        { 5e-4, 5e-4, DESC_ORIGIN_DFT_DILUTE, "low", "dft-dilute" },
        { 0.0, 1e-4, DESC_ORIGIN_NONE, "medium", "" },
        { NAN, NAN, DESC_ORIGIN_MISSING, "none", "" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        const desc_solubility s = { .element = "M", .x = of[i].x, .low = NAN, .high = of[i].high,
                                    .origin = of[i].origin, .confidence = of[i].confidence };
        desc_score_inputs in = desc_score_inputs_unknown();
        flow_error error[DESC_N_CURVES];
        flow_quantity_solubility(curves, &s, &in, error);
        assert_string_equal(in.value[DESC_SOLUBILITY].made_of, of[i].made_of);
        assert_true(isnan(of[i].x) ? isnan(in.value[DESC_SOLUBILITY].value)
                                   : in.value[DESC_SOLUBILITY].value == of[i].x);
    }
}

static void lithium_mixes_with_itself_and_needs_no_reaction(void **unused)
{
    const desc_solubility missing = { .element = "Li", .x = NAN, .low = NAN, .high = NAN,
                                      .origin = DESC_ORIGIN_MISSING, .confidence = "none" };
    const desc_lithiation unknown = { NAN, DESC_ORIGIN_MISSING, "", "" };
    desc_score_inputs in = desc_score_inputs_unknown();
    flow_error error[DESC_N_CURVES];
    (void)unused;

    in.element = "Li";
    flow_quantity_solubility(curves, &missing, &in, error);
    flow_quantity_alloying(curves, &unknown, &in, error);
    assert_close(in.value[DESC_SOLUBILITY].value, 1.0, 0.0);
    assert_close(in.value[DESC_ALLOYING].value, 0.0, 0.0);
}

static void no_reaction_is_certain_and_a_reaction_has_the_error_of_its_origin(void **unused)
{
    const desc_lithiation none = { 0.0, DESC_ORIGIN_NONE, "", "" };
    const desc_lithiation dft = { 0.45, DESC_ORIGIN_DFT, "AuLi3", "" };
    desc_score_inputs in = desc_score_inputs_unknown();
    flow_error error[DESC_N_CURVES];
    (void)unused;

    flow_quantity_alloying(curves, &none, &in, error);
    assert_close(in.value[DESC_ALLOYING].sigma, 0.0, 0.0);
    flow_quantity_alloying(curves, &dft, &in, error);
    assert_close(in.value[DESC_ALLOYING].sigma, sigma(DESC_ALLOYING, "dft"), 0.0);
}

static void a_modulus_without_poisson_ratio_says_so(void **unused)
{
    desc_film film = desc_film_unknown();
    desc_film_compliance c;
    desc_score_inputs in = desc_score_inputs_unknown();
    flow_error error[DESC_N_CURVES];
    (void)unused;

    film.bulk_modulus_gpa = 137.0;
    desc_film_compliance_of(&film, &c);
    flow_quantity_compliance(curves, &c, &in, error);
    assert_string_equal(in.value[DESC_COMPLIANCE].made_of, "functional, poisson");
    assert_close(in.value[DESC_COMPLIANCE].value, 1370.0, 1e-9);
    assert_true(isnan(in.value[DESC_SLIP].value));
}

static void a_plain_term_is_its_value_with_the_functional(void **unused)
{
    desc_score_inputs in = desc_score_inputs_unknown();
    flow_error error[DESC_N_CURVES];
    (void)unused;

    flow_quantity_plain(curves, DESC_ADHESION, 0.8, "dft", &in, error);
    assert_close(in.value[DESC_ADHESION].value, 0.8, 0.0);
    assert_close(in.value[DESC_ADHESION].sigma, sigma(DESC_ADHESION, "functional"), 0.0);
    flow_quantity_volume(curves, 94.0, &in, error);
    assert_string_equal(in.value[DESC_VOLUME].made_of, "tabulated");
    flow_quantity_volume(curves, 0.0, &in, error);
    assert_close(in.value[DESC_VOLUME].sigma, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cheap_slab_has_every_component_and_a_good_one_the_functional_alone),
        cmocka_unit_test(settings_that_are_not_known_are_not_trusted),
        cmocka_unit_test(a_barrier_estimate_keeps_its_bounds),
        cmocka_unit_test(the_trust_in_a_solubility_follows_its_origin),
        cmocka_unit_test(lithium_mixes_with_itself_and_needs_no_reaction),
        cmocka_unit_test(no_reaction_is_certain_and_a_reaction_has_the_error_of_its_origin),
        cmocka_unit_test(a_modulus_without_poisson_ratio_says_so),
        cmocka_unit_test(a_plain_term_is_its_value_with_the_functional),
    };
    return cmocka_run_group_tests(tests, read_curves, free_curves);
}
