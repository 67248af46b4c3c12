#include "descriptors/handling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/assert_close.h"

static desc_formula formula(const char *text)
{
    desc_formula f;

    assert_int_equal(desc_formula_parse(text, &f, NULL), DFT_OK);
    return f;
}

static void gold_is_dear_and_mercury_is_deadly(void **unused)
{
    desc_handling *h = NULL;
    dft_error err;
    char text[512];
    (void)unused;

    if (desc_handling_read("descriptors/data", &h, &err) != DFT_OK)
        fail_msg("%s", err.message);
    const desc_formula cu3au = formula("Cu3Au"), lihg = formula("LiHg"), zno = formula("ZnO");
    const desc_formula lafe = formula("LaFe");
    assert_string_equal(desc_handling_price(h, &cu3au), "10000-100000");
    assert_string_equal(desc_handling_price(h, &zno), "1-10");
    assert_string_equal(desc_handling_price(h, &lafe), "");         /* not known is not cheap */
    desc_handling_hazards(h, &lihg, text, sizeof text);
    assert_non_null(strstr(text, "Hg: fatal if inhaled"));
    assert_non_null(strstr(text, "Li: "));
    desc_handling_hazards(h, &lihg, text, 20);
    assert_int_equal(strlen(text), 19);
    desc_handling_free(h);
}

static void what_nobody_compared_with_its_source_says_so(void **unused)
{
    char directory[] = "/tmp/test-handling-XXXXXX", path[64], text[64];
    desc_handling *h = NULL;
    (void)unused;

    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/handling.csv", directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("element,price_class,hazard,checked,source\nAg,100-1000,,no,table A\nAu,1-10,,yes,table B\n", file);
    fclose(file);
    assert_int_equal(desc_handling_read(directory, &h, NULL), DFT_OK);
    const desc_formula agau = formula("AgAu"), gold = formula("Au");
    desc_handling_origin(h, &agau, text, sizeof text);
    assert_string_equal(text, "unverified; Ag: table A");
    desc_handling_origin(h, &gold, text, sizeof text);
    assert_string_equal(text, "");
    desc_handling_free(h);
    unlink(path);
    rmdir(directory);
}

static void bad_rows_are_named_with_their_line(void **unused)
{
    static const char *const rows[][2] = {
        { "Xx,1-10,,no,s\n", "handling.csv:2: 'Xx' is no element" },
        { "Ag,1-10,,no,s\nAg,1-10,,no,s\n", "handling.csv:3: 'Ag'" },
        { "Ag,cheap,,no,s\n", "handling.csv:2: price_class 'cheap'" },
        { "Ag,1-10,,perhaps,s\n", "handling.csv:2: checked 'perhaps'" },
    };
    char directory[] = "/tmp/test-handling-XXXXXX", path[64];
    (void)unused;

    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/handling.csv", directory);
    for (size_t i = 0; i < 4; i++) {
        desc_handling *h = NULL;
        dft_error err;
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "element,price_class,hazard,checked,source\n%s", rows[i][0]);
        fclose(file);
        assert_int_equal(desc_handling_read(directory, &h, &err), DFT_EPARSE);
        assert_non_null(strstr(err.message, rows[i][1]));
        assert_null(h);
    }
    unlink(path);
    rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gold_is_dear_and_mercury_is_deadly),
        cmocka_unit_test(what_nobody_compared_with_its_source_says_so),
        cmocka_unit_test(bad_rows_are_named_with_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
