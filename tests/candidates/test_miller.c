#include "candidates/miller.h"

#include <string.h>

#include "tests/support/assert_close.h"

static void three_and_four_index_forms_are_understood(void **unused)
{
    static const struct { const char *text; int miller[3]; bool four; } cases[] = {
        { "111", { 1, 1, 1 }, false }, { "1-10", { 1, -1, 0 }, false },
        { "(1 1 0)", { 1, 1, 0 }, false }, { "1,-1,10", { 1, -1, 10 }, false },
        { "0001", { 0, 0, 1 }, true }, { "10-10", { 1, 0, 0 }, true },
        { "11-20", { 1, 1, 0 }, true }, { "1, 0, -1, 1", { 1, 0, 1 }, true },
        { "-110", { -1, 1, 0 }, false }, { "[115]", { 1, 1, 5 }, false }
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int miller[3];
        bool four;
        assert_int_equal(cand_miller_parse(cases[k].text, miller, &four, NULL), DFT_OK);
        assert_memory_equal(miller, cases[k].miller, sizeof miller);
        assert_int_equal(four, cases[k].four);
    }
}

static void nonsense_is_refused_with_an_example(void **unused)
{
    static const char *const wrong[] = { "", "11", "11111", "1x1", "000", "0000", "1010", "1--1",
                                         "1,1,500", "1 1 -" };
    (void)unused;

    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        int miller[3];
        dft_error err = { 0 };
        assert_int_equal(cand_miller_parse(wrong[k], miller, NULL, &err), DFT_EINPUT);
        assert_non_null(strstr(err.message, "write it like 111"));
    }
}

static void formatting_reads_back(void **unused)
{
    static const struct { int miller[3]; bool four; const char *text; } cases[] = {
        { { 1, 1, 1 }, false, "111" }, { { 1, 0, 0 }, true, "10-10" }, { { 0, 0, 1 }, true,
                                                                         "0001" },
        { { 1, -1, 10 }, false, "1,-1,10" }, { { 5, 6, 0 }, true, "5,6,-11,0" }
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[32];
        int miller[3];
        cand_miller_format(cases[k].miller, cases[k].four, text);
        assert_string_equal(text, cases[k].text);
        assert_int_equal(cand_miller_parse(text, miller, NULL, NULL), DFT_OK);
        assert_memory_equal(miller, cases[k].miller, sizeof miller);
    }
}

static void formulas_put_metals_first_and_hydrogen_last(void **unused)
{
    const int oxide[4] = { 8, 12, 8, 12 }, alloy[3] = { 47, 3, 47 }, hydroxide[3] = { 1, 8, 22 };
    char text[32], small[5];
    (void)unused;

    cand_formula(oxide, 4, text, sizeof text);
    assert_string_equal(text, "Mg2O2");
    cand_formula(alloy, 3, text, sizeof text);
    assert_string_equal(text, "LiAg2");
    cand_formula(hydroxide, 3, text, sizeof text);
    assert_string_equal(text, "TiOH");
    cand_formula(oxide, 4, small, sizeof small);
    assert_string_equal(small, "Mg2+");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_and_four_index_forms_are_understood),
        cmocka_unit_test(nonsense_is_refused_with_an_example),
        cmocka_unit_test(formatting_reads_back),
        cmocka_unit_test(formulas_put_metals_first_and_hydrogen_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
