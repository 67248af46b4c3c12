#include "descriptors/reason.h"

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

static desc_score_inputs gold(void)
{
    desc_score_inputs in = desc_score_inputs_unknown();

    in.element = "Au";
    in.value[DESC_SOLUBILITY] = (desc_quantity){ 6e-4, 3.7e-4, 7e-3, 0.3, "measured", "medium", NULL,
                                                 NULL };
    in.value[DESC_ALLOYING].value = 0.45;
    in.value[DESC_ALLOYING].origin = "dft";
    in.value[DESC_BINDING].value = -0.55;
    in.value[DESC_BINDING].sigma = 0.13;
    in.binding_site = "fcc";
    in.value[DESC_BARRIER].value = 0.09;
    in.value[DESC_COMPLIANCE].value = 1370.0;
    in.compliance_basis = "E t of 10 nm, E = B = 137 GPa at Poisson 1/3";
    return in;
}

static void the_sentence_says_what_is_known(void **unused)
{
    const desc_score_inputs in = gold();
    char text[400], cut[12];
    (void)unused;

    desc_score_reason(curves, &in, text, sizeof text);
    assert_string_equal(text, "Au dissolves in Li (0.06 at.% at 298 K, measured, medium confidence); "
                        "reacts with Li (0.45 eV per Li, dft); Li binds by 0.55 +- 0.13 eV at fcc; Li "
                        "moves at 0.09 eV (barrier estimate); stiff (E t of 10 nm, E = B = 137 GPa at "
                        "Poisson 1/3)");
    desc_score_reason(curves, &in, cut, sizeof cut);
    assert_string_equal(cut, "Au dissolve");
}

static void what_is_unknown_is_said_to_be_unknown(void **unused)
{
    const desc_score_inputs in = desc_score_inputs_unknown();
    char text[400];
    (void)unused;

    desc_score_reason(curves, &in, text, sizeof text);
    assert_string_equal(text, "solubility in Li unknown, which leaves the rank open; reaction with Li "
                        "not known; Li binding not available; barrier estimate not available; "
                        "compliance not available");
}

static void bounds_nil_and_lithium_itself_have_their_own_words(void **unused)
{
    desc_score_inputs in = gold();
    char text[500];
    (void)unused;

    in.element = "Hg";
    in.value[DESC_SOLUBILITY] = (desc_quantity){ NAN, NAN, 0.046, 0.0, "dft-dilute", "low", NULL,
                                                 NULL };
    desc_score_reason(curves, &in, text, sizeof text);
    assert_non_null(strstr(text, "Hg dissolves in Li to at most 4.6 at.% at 298 K (dft-dilute, low "
                           "confidence); "));
    in.element = "Cu";
    in.value[DESC_SOLUBILITY] = (desc_quantity){ 0.0, NAN, 1e-4, 0.0, "none", "medium", NULL, NULL };
    in.value[DESC_ALLOYING].value = 0.0;
    in.value[DESC_BINDING].value = 0.3;
    desc_score_reason(curves, &in, text, sizeof text);
    assert_non_null(strstr(text, "Cu does not dissolve in Li (medium confidence); does not react with "
                           "Li; Li prefers bulk Li by 0.30 +- 0.13 eV"));
    in.element = "";
    desc_score_reason(curves, &in, text, sizeof text);
    assert_non_null(strstr(text, "gives nothing that dissolves in Li"));
    in.element = "Li";
    in.value[DESC_SOLUBILITY].value = 1.0;
    desc_score_reason(curves, &in, text, sizeof text);
    assert_int_equal(strncmp(text, "lithium itself; Li prefers", 26), 0);
}

static void a_stack_that_slips_says_so_and_the_rest_is_named_when_known(void **unused)
{
    desc_score_inputs in = gold();
    char text[600];
    (void)unused;

    in.sheet = true;
    in.value[DESC_SLIP].value = 3.0;
    in.compliance_basis = "layers slip (C44 = 3.0 GPa): E t of one, 326 N/m";
    in.value[DESC_WETTING].value = 1.4;          /* more than complete: capped at 0 degrees */
    in.value[DESC_VOLUME].value = 94.0;
    in.value[DESC_MOBILITY].value = 0.11;
    in.value[DESC_DIMENSIONALITY].value = 0.2;
    desc_score_reason(curves, &in, text, sizeof text);
    assert_non_null(strstr(text, "soft by slip between layers (layers slip (C44 = 3.0 GPa)"));
    assert_non_null(strstr(text, "contact angle of Li about 0 degrees"));
    assert_non_null(strstr(text, "moves in Li at 0.11 eV; swells by 94 % on full lithiation"));
    assert_non_null(strstr(text, ", along rows first (0.20 eV less)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sentence_says_what_is_known),
        cmocka_unit_test(what_is_unknown_is_said_to_be_unknown),
        cmocka_unit_test(bounds_nil_and_lithium_itself_have_their_own_words),
        cmocka_unit_test(a_stack_that_slips_says_so_and_the_rest_is_named_when_known),
    };
    return cmocka_run_group_tests(tests, read_curves, free_curves);
}
