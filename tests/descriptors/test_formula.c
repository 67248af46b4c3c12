#include "descriptors/formula.h"

#include <string.h>

#include "tests/support/assert_close.h"

static desc_formula parsed(const char *text)
{
    desc_formula f;
    dft_error err = { DFT_OK, "" };

    if (desc_formula_parse(text, &f, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return f;
}

static void symbols_counts_and_parentheses_are_read(void **unused)
{
    const desc_formula f = parsed("Ti2C(OH)2"), g = parsed("Fe0.95O"), h = parsed("Al2(Si(O2)2)3");
    (void)unused;

    assert_close(desc_formula_count(&f, 22), 2.0, 0.0);
    assert_close(desc_formula_count(&f, 8), 2.0, 0.0);
    assert_close(desc_formula_count(&f, 1), 2.0, 0.0);
    assert_close(desc_formula_count(&f, 3), 0.0, 0.0);
    assert_close(desc_formula_atoms(&f), 7.0, 0.0);
    assert_close(desc_formula_count(&g, 26), 0.95, 0.0);
    assert_close(desc_formula_count(&h, 8), 12.0, 0.0);
}

/* IUPAC 2016: Zn 65.38, O 15.999. */
static void masses_add_up(void **unused)
{
    const desc_formula f = parsed("ZnO");
    (void)unused;

    assert_close(desc_formula_mass_u(&f), 81.379, 2e-3);
}

static void the_same_composition_is_recognised_in_any_unit_and_order(void **unused)
{
    const desc_formula a = parsed("Li2O2"), b = parsed("OLi"), c = parsed("Li2O"), d = parsed("Li");
    (void)unused;

    assert_true(desc_formula_same(&a, &b));
    assert_false(desc_formula_same(&a, &c));
    assert_false(desc_formula_same(&d, &c));
    assert_false(desc_formula_same(&c, &d));
}

static void a_formula_lies_within_its_elements(void **unused)
{
    static const int lithium_oxygen[] = { 3, 8 };
    const desc_formula a = parsed("Li2O"), b = parsed("LiOH");
    (void)unused;

    assert_true(desc_formula_within(&a, lithium_oxygen, 2));
    assert_false(desc_formula_within(&b, lithium_oxygen, 2));
    assert_false(desc_formula_within(&a, lithium_oxygen, 1));
}

static void what_is_no_formula_is_refused_by_name(void **unused)
{
    static const struct { const char *text, *word; } bad[] = {
        { "", "missing" }, { "zno", "no element" }, { "2Li", "no element" }, 
        { "Xx2", "no element" },
        { "Zn-O", "no element" }, { "Li(OH", ") is missing" }, { "LiO)", "closes nothing" },
        { "Li0O", "above 0" }, { "Li1.2.3O", "above 0" }, { "()2", "missing" },
        { "((((((((((Li))))))))))", "deeply" }, { "HHeLiBeBCNOFNeNaMgAl", "too many" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        desc_formula f;
        dft_error err = { DFT_OK, "" };
        assert_int_equal(desc_formula_parse(bad[i].text, &f, &err), DFT_EINPUT);
        if (!strstr(err.message, bad[i].word) || !strstr(err.message, bad[i].text))
            fail_msg("\"%s\": %s", bad[i].text, err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_counts_and_parentheses_are_read),
        cmocka_unit_test(masses_add_up),
        cmocka_unit_test(the_same_composition_is_recognised_in_any_unit_and_order),
        cmocka_unit_test(a_formula_lies_within_its_elements),
        cmocka_unit_test(what_is_no_formula_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
