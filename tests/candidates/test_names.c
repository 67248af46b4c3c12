#include "candidates/names.h"

#include "tests/support/assert_close.h"

static const char *const names[] = { "Ag-111", "Ag-100", "LiAg-110", "ZnO-10-10" };

static void slips_of_the_keyboard_find_the_name(void **unused)
{
    (void)unused;
    assert_string_equal(cand_nearest_name("Ag-11", names, 4), "Ag-111");
    assert_string_equal(cand_nearest_name("ag-100", names, 4), "Ag-100");
    assert_string_equal(cand_nearest_name("LiAg-101", names, 4), "LiAg-110");
    assert_string_equal(cand_nearest_name("ZnO-1010", names, 4), "ZnO-10-10");
}

static void something_else_finds_nothing(void **unused)
{
    (void)unused;
    assert_null(cand_nearest_name("graphite", names, 4));
    assert_null(cand_nearest_name("", names, 4));
    assert_null(cand_nearest_name("a name that is longer than anything a list of candidates ever "
                                  "holds", names, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_of_the_keyboard_find_the_name),
        cmocka_unit_test(something_else_finds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
