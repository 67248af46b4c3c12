#include "descriptors/hull_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/assert_close.h"

static char path[64];

static desc_hull *read_text(const char *text)
{
    desc_hull *hull = NULL;
    dft_error err = { DFT_OK, "" };
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    if (desc_hull_read(path, &hull, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return hull;
}

static double above(const desc_hull *hull, size_t i)
{
    double ev = NAN;

    assert_int_equal(desc_hull_above(hull, i, &ev, NULL), DFT_OK);
    return ev;
}

/* The same hull four ways: CSV and JSON, formation and total energies (Li -1.9, Ag -2.7 per
 * atom). */
static void csv_and_json_formation_and_total_energies_give_one_hull(void **unused)
{
    static const char *const text[] = {
        "formula,formation_energy_ev_per_atom,volume_ang3\nLiAg,-0.25,33\nLi3Ag,-0.1,\n",
        "formula,energy_ev_per_atom\nLiAg,-2.55\nLi3Ag,-2.2\nLi2,-1.9\nAg,-2.7\n",
        "[{\"formula\": \"LiAg\", \"formation_energy_ev_per_atom\": -0.25},\n"
        " {\"formula\": \"Li3Ag\", \"formation_energy_ev_per_atom\": -0.1}]",
        " {\"phases\": [{\"formula\": \"LiAg\", \"energy_ev_per_atom\": -2.55,"
        " \"volume_ang3\": 33},\n"
        " {\"formula\": \"Li3Ag\", \"energy_ev_per_atom\": -2.2},"
        " {\"formula\": \"Li\", \"energy_ev_per_atom\": -1.9},"
        " {\"formula\": \"Ag\", \"energy_ev_per_atom\": -2.7}]}",
    };
    (void)unused;

    for (size_t i = 0; i < 4; i++) {
        desc_hull *hull = read_text(text[i]);
        assert_string_equal(desc_hull_label(hull), "user");
        assert_close(desc_hull_entry_at(hull, 0)->energy_ev, -0.5, 1e-12);
        assert_close(above(hull, 1), 0.025, 1e-12);
        desc_hull_free(hull);
    }
}

static void a_lower_polymorph_is_the_reference_of_its_element(void **unused)
{
    desc_hull *hull = read_text("formula,energy_ev_per_atom\n"
                                "Li,-1.8\nLi,-1.9\nAg,-2.7\nLiAg,-2.4\n");
    (void)unused;

    assert_close(above(hull, 0), 0.1, 1e-12);
    assert_close(desc_hull_entry_at(hull, 3)->energy_ev, -0.2, 1e-12);
    desc_hull_free(hull);
}

static void what_cannot_be_used_is_refused_with_its_place(void **unused)
{
    static const struct { const char *text, *word; } bad[] = {
        { "formula\nLiAg\n", "formation_energy_ev_per_atom" },
        { "formula,energy_ev_per_atom,formation_energy_ev_per_atom\nLi,0,0\n", "one of the" },
        { "formula,formation_energy_ev_per_atom\nLiAg,low\n", ":2" },
        { "formula,formation_energy_ev_per_atom\nLiXx,-1\n", ":2: formula" },
        { "formula,formation_energy_ev_per_atom,volume_ang3\nLiAg,-1,-3\n", "above 0" },
        { "formula,energy_ev_per_atom\nLiAg,-2\nLi,-1.9\n", "Ag itself" },
        { "formula,formation_energy_ev_per_atom\n", "no phase" },
        { "{\"a\": 1}", "phases" }, { "[{\"formula\": 3}]", "entry 1" }, { "[1, 2", ":1" },
        { "[{\"formula\": \"LiAg\"}]", "one number" },
        { "[{\"formula\": \"LiQ\", \"energy_ev_per_atom\": 0}]", "entry 1" },
        { "[{\"formula\": \"Li\", \"energy_ev_per_atom\": 0},"
          " {\"formula\": \"Ag\", \"formation_energy_ev_per_atom\": 0}]", "all entries" },
        { "[{\"formula\": \"Li\", \"energy_ev_per_atom\": 0, \"volume_ang3\": 0}]", "volume" },
        { "", "" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        desc_hull *hull = NULL;
        dft_error err = { DFT_OK, "" };
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(bad[i].text, file);
        fclose(file);
        assert_int_equal(desc_hull_read(path, &hull, &err), DFT_EPARSE);
        assert_null(hull);
        if (!strstr(err.message, path) || !strstr(err.message, bad[i].word))
            fail_msg("%s\n-> %s", bad[i].text, err.message);
    }
}

static void a_missing_file_is_named(void **unused)
{
    desc_hull *hull = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_hull_read("/nonexistent.csv", &hull, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "/nonexistent.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_and_json_formation_and_total_energies_give_one_hull),
        cmocka_unit_test(a_lower_polymorph_is_the_reference_of_its_element),
        cmocka_unit_test(what_cannot_be_used_is_refused_with_its_place),
        cmocka_unit_test(a_missing_file_is_named),
    };
    int fd;

    snprintf(path, sizeof path, "/tmp/test_hull_read_XXXXXX");
    fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failures;
}
