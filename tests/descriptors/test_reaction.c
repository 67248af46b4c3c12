#include "descriptors/reaction.h"

#include <string.h>

#include "tests/support/assert_close.h"

static desc_reaction reaction_of(size_t n, const char *const *name, const double *amount)
{
    desc_reaction r = { .n = 0 };

    for (size_t i = 0; i < n; i++) {
        desc_formula f;
        assert_int_equal(desc_formula_parse(name[i], &f, NULL), DFT_OK);
        assert_int_equal(desc_reaction_add(&r, name[i], &f, amount[i], NULL), DFT_OK);
    }
    return r;
}

static void smallest_integers_are_found(void **unused)
{
    static const char *const name[] = { "Sn", "Li", "Li17Sn4" };
    static const double amount[] = { -1.0, -4.25, 0.25 };
    desc_reaction r = reaction_of(3, name, amount);
    char text[80];
    (void)unused;

    assert_int_equal(desc_reaction_balance(&r, NULL), DFT_OK);
    desc_reaction_text(&r, text, sizeof text);
    assert_string_equal(text, "4 Sn + 17 Li -> Li17Sn4");
    assert_close(desc_reaction_surplus(&r, 3), 0.0, 0.0);
    assert_close(desc_reaction_surplus(&r, 50), 0.0, 0.0);
}

static void what_stands_on_both_sides_cancels(void **unused)
{
    static const char *const name[] = { "Zn", "Li2O", "Li", "LiZn", "Li2O" };
    static const double amount[] = { -1.0, -1.0, -1.0, 1.0, 1.0 };
    desc_reaction r = reaction_of(5, name, amount);
    char text[80];
    (void)unused;

    assert_int_equal(desc_reaction_balance(&r, NULL), DFT_OK);
    desc_reaction_text(&r, text, sizeof text);
    assert_string_equal(text, "Zn + Li -> LiZn");
}

static void decimal_formulas_balance_too(void **unused)
{
    static const char *const name[] = { "Fe0.95O", "Li", "Li2O", "Fe" };
    static const double amount[] = { -1.0, -2.0, 1.0, 0.95 };
    desc_reaction r = reaction_of(4, name, amount);
    (void)unused;

    assert_int_equal(desc_reaction_balance(&r, NULL), DFT_OK);
    assert_int_equal(r.coefficient[0], -20);
    assert_int_equal(r.coefficient[3], 19);
}

static void amounts_that_balance_nothing_are_refused(void **unused)
{
    static const char *const name[] = { "ZnO", "Li", "Li2O", "Zn" };
    static const double amount[] = { -1.0, -1.0, 1.0, 1.0 };
    desc_reaction r = reaction_of(4, name, amount);
    dft_error err;
    (void)unused;

    assert_int_equal(desc_reaction_balance(&r, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "ZnO"));
}

static void a_short_buffer_is_cut_and_terminated(void **unused)
{
    static const char *const name[] = { "Zn", "Li", "LiZn" };
    static const double amount[] = { -1.0, -1.0, 1.0 };
    desc_reaction r = reaction_of(3, name, amount);
    (void)unused;

    assert_int_equal(desc_reaction_balance(&r, NULL), DFT_OK);
    for (size_t size = 1; size < 20; size++) {
        char text[20];
        memset(text, 'x', sizeof text);
        desc_reaction_text(&r, text, size);
        assert_true(strlen(text) < size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smallest_integers_are_found),
        cmocka_unit_test(what_stands_on_both_sides_cancels),
        cmocka_unit_test(decimal_formulas_balance_too),
        cmocka_unit_test(amounts_that_balance_nothing_are_refused),
        cmocka_unit_test(a_short_buffer_is_cut_and_terminated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
