/* `liscreen alloy` as a user types it. */
#include <jansson.h>
#include <unistd.h>

#include "tests/screen/typing.h"

static char said[65536];

static int make_root(void **unused)
{
    (void)unused;
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **unused)
{
    char command[128];
    (void)unused;
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

static size_t lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* fcc with two colours on 2, 3 and 4 sites: 2, 6 and 19 arrangements when the colours are told apart
 * (G. Hart, R. Forcade, Phys. Rev. B 77, 224115 (2008), table: 2, 3 and 12 when they are not; those of
 * equal numbers, 2 and 5, stand in both). */
static void ordered_alloys_of_fcc_are_as_many_as_published(void **unused)
{
    (void)unused;
    assert_int_equal(type("alloy ordered Ag --solute=Li --size=2", said, sizeof said), 0);
    assert_int_equal(lines(said), 2);
    assert_non_null(strstr(said, "P4/mmm (123)"));                  /* L1_0 */
    assert_non_null(strstr(said, "R-3m (166)"));                    /* L1_1 */
    assert_int_equal(type("alloy ordered Ag --solute=Li --size=3", said, sizeof said), 0);
    assert_int_equal(lines(said), 2 * 3);
    assert_int_equal(type("alloy ordered Ag --solute=Li --size=4", said, sizeof said), 0);
    const size_t all = lines(said);
    assert_int_equal(type("alloy ordered Ag --solute=Li --size=4 --solutes=2", said, sizeof said), 0);
    assert_int_equal((all + lines(said)) / 2, 12);
}

static void one_solute_stands_alone(void **unused)
{
    json_t *file, *cell;
    char path[128];
    (void)unused;

    assert_int_equal(type("alloy dilute Li --solute=Ag --json=%s/d.json --out=%s/d.vasp", said,
                          sizeof said), 0);
    snprintf(path, sizeof path, "%s/d.json", root);
    file = json_load_file(path, 0, NULL);
    assert_non_null(file);
    cell = json_array_get(json_object_get(file, "cells"), 0);
    assert_string_equal(json_string_value(json_object_get(cell, "formula")), "Li53Ag");
    assert_close(json_number_value(json_object_get(cell, "fraction")), 1.0 / 54.0, 1e-15);
    json_decref(file);
    assert_int_equal(type("facets %s/d.vasp --max-index=1", said, sizeof said), 0);
    assert_int_equal(type("alloy dilute Ti2CO2 --solute=Mo --replaces=Ti", said, sizeof said), 0);
    assert_non_null(strstr(said, "45 atoms"));                      /* 3 x 3 x 1: a sheet */
}

static void quasi_random_alloys_say_how_random_they_are(void **unused)
{
    (void)unused;
    assert_int_equal(type("alloy quasi-random Li --solute=Mg --shells=2", said, sizeof said), 0);
    assert_non_null(strstr(said, "Li4Mg4"));
    assert_non_null(strstr(said, "largest error 0.0000"));
    assert_int_equal(lines(said), 4);
}

static void what_cannot_be_is_refused_in_one_sentence(void **unused)
{
    static const struct { const char *words; int code; const char *says; } cases[] = {
        { "alloy random Ag --solute=Li", 64, "no kind of alloy" },
        { "alloy dilute Ag", 64, "--solute=Mg" },
        { "alloy dilute Ag --solute=Agg", 64, "'Agg'" },
        { "alloy dilute LiZn --solute=Mg", 64, "--replaces=ELEMENT" },
        { "alloy dilute Ag --solute=Ag", 65, "in place of Ag" },
        { "alloy dilute Ag --solute=Li --copies=2x2", 64, "3x3x2" },
        { "alloy dilute graphene --solute=N --copies=2x2x2", 64, "is a sheet" },
        { "alloy ordered graphene --solute=N", 65, "is a sheet" },
        { "alloy ordered Ag --solute=Li --size=21", 64, "--size" },
        { "alloy quasi-random Ag --solute=Li --size=4 --solutes=4", 65, "one less than all" },
        { "alloy ordered Ag --solute=Li --pick=9 --out=%s/p.cif", 64, "there are 2 cells" },
        { "alloy ordered Ag --solute=Li --out=%s/p.foo", 64, "the ending says the format" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const int code = type(cases[k].words, said, sizeof said);
        if (code != cases[k].code || !strstr(said, cases[k].says))
            print_error("%s: exit %d, %s\n", cases[k].words, code, said);
        assert_int_equal(code, cases[k].code);
        assert_non_null(strstr(said, cases[k].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordered_alloys_of_fcc_are_as_many_as_published),
        cmocka_unit_test(one_solute_stands_alone),
        cmocka_unit_test(quasi_random_alloys_say_how_random_they_are),
        cmocka_unit_test(what_cannot_be_is_refused_in_one_sentence),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
