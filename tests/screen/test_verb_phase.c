#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen/verbs.h"
#include "tests/support/assert_close.h"

typedef struct {
    char dir[64], json[96], svg[96];
    screen_app app;
    FILE *said;
} scratch;

static int setup(void **state)
{
    scratch *s = calloc(1, sizeof *s);

    strcpy(s->dir, "/tmp/test-phase-XXXXXX");
    if (!mkdtemp(s->dir))
        return -1;
    snprintf(s->json, sizeof s->json, "%s/out.json", s->dir);
    snprintf(s->svg, sizeof s->svg, "%s/out.svg", s->dir);
    s->app.out = s->app.progress = s->said = tmpfile();
    *state = s;
    return screen_app_set_data_root(&s->app, ".", NULL) == DFT_OK ? 0 : -1;
}

static int teardown(void **state)
{
    scratch *s = *state;

    fclose(s->said);
    unlink(s->json);
    unlink(s->svg);
    rmdir(s->dir);
    free(s);
    return 0;
}

/* Runs `phase` with up to three words; what it said is left in `text`. */
static int run(scratch *s, const char *a, const char *b, const char *c, char text[4096])
{
    char word[3][160];
    char *argv[3] = { word[0], word[1], word[2] };
    const char *given[3] = { a, b, c };
    int argc = 0;

    for (int i = 0; i < 3; i++)
        if (given[i])
            snprintf(argv[argc++], sizeof word[0], "%s", given[i]);
    rewind(s->said);
    const int code = screen_verb_phase(&s->app, argc, argv);
    const long end = ftell(s->said);
    rewind(s->said);
    const size_t n = fread(text, 1, end < 4095 ? (size_t)end : 4095, s->said);
    text[n] = '\0';
    return code;
}

static json_t *run_json(scratch *s, const char *system, const char *option)
{
    char text[4096], json[128];

    snprintf(json, sizeof json, "--json=%s", s->json);
    assert_int_equal(run(s, system, json, option, text), 0);
    json_t *root = json_load_file(s->json, 0, NULL);
    assert_non_null(root);
    return root;
}

static double number_at(const json_t *root, const char *array, size_t i, const char *key)
{
    const json_t *value = json_object_get(json_array_get(json_object_get(root, array), i), key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text_at(const json_t *root, const char *array, size_t i, const char *key)
{
    return json_string_value(json_object_get(json_array_get(json_object_get(root, array), i), key));
}

/* The keys that design.md section 5 fixes, with the numbers of Al-Li. */
static void al_li_has_the_agreed_keys_and_numbers(void **state)
{
    json_t *root = run_json(*state, "Al-Li", NULL);

    assert_string_equal(text_at(root, "solubility", 0, "solute"), "Al");
    assert_string_equal(text_at(root, "solubility", 0, "solvent_phase"), "BCC_A2");
    assert_close(number_at(root, "solubility", 0, "x"), 1.1e-5, 1e-7);
    assert_close(number_at(root, "solubility", 0, "high"), 7.4e-3, 1e-4);
    assert_string_equal(text_at(root, "solubility", 0, "origin"), "calphad");
    assert_non_null(strstr(text_at(root, "solubility", 0, "source"), "COST 507"));
    assert_string_equal(text_at(root, "solubility", 1, "solute"), "Li");
    assert_close(number_at(root, "solubility", 1, "x"), 0.00184, 1e-5);
    assert_int_equal(json_array_size(json_object_get(root, "stable_phases")), 5);
    assert_string_equal(text_at(root, "stable_phases", 1, "formula"), "AlLi");
    assert_close(number_at(root, "stable_phases", 1, "x_li"), 0.5, 1e-12);
    /* -41300 + 16.86 T per formula unit, and what the defects gain */
    assert_close(number_at(root, "stable_phases", 1, "formation_energy_kj_per_mol_atoms"),
                 (-41.3 + 0.01686 * 298.15) / 2.0, 0.01);
    assert_close(number_at(root, "stable_phases", 1, "formation_enthalpy_kj_per_mol_atoms"), -20.65,
                 0.1);
    assert_int_equal(json_array_size(json_object_get(root, "plateaus")), 4);
    assert_close(number_at(root, "plateaus", 0, "voltage_v"), 0.380, 1e-3);
    assert_string_equal(json_string_value(json_array_get(json_object_get(json_array_get(
        json_object_get(root, "plateaus"), 0), "phases"), 1)), "ALLI");
    assert_int_equal(json_array_size(json_object_get(root, "invariants")), 8);
    assert_int_equal(json_integer_value(json_object_get(root, "equilibria_missing")), 0);
    assert_close(number_at(root, "solubility_curve", 0, "x_li_in_metal"), 0.00184, 1e-5);
    assert_close(number_at(root, "solubility_curve", 10, "temperature_k"), 398.15, 1e-9);
    assert_close(number_at(root, "solubility_curve", 10, "x_metal_in_bcc_li"), 3.0e-4, 1e-5);
    assert_int_equal(strlen(json_string_value(json_object_get(json_object_get(root, "database"),
                                                              "sha256"))), 64);
    json_decref(root);
}

static void either_order_of_the_elements_is_the_same_system(void **state)
{
    json_t *a = run_json(*state, "Mg-Li", NULL), *b = run_json(*state, "li-mg", NULL);

    assert_true(json_equal(a, b));
    assert_string_equal(json_string_value(json_object_get(a, "system")), "Li-Mg");
    json_decref(a);
    json_decref(b);
}

/* Above its melting point lithium is liquid: that reference unless bcc is asked for. */
static void the_reference_of_voltages_is_stated_and_can_be_chosen(void **state)
{
    char text[4096];
    json_t *hot = run_json(*state, "Li-Si", "--temperature-k=700");
    const double liquid = number_at(hot, "plateaus", 0, "voltage_vs_liquid_li_v");
    const double bcc = number_at(hot, "plateaus", 0, "voltage_vs_bcc_li_v");

    assert_string_equal(json_string_value(json_object_get(hot, "li_reference")), "LIQUID");
    assert_close(number_at(hot, "plateaus", 0, "voltage_v"), liquid, 0.0);
    assert_close(liquid, 0.330, 1e-3);
    assert_close(bcc - liquid, 0.0169, 1e-4);
    json_decref(hot);
    json_t *chosen = run_json(*state, "Li-Si", "--li-reference=liquid");
    assert_string_equal(json_string_value(json_object_get(chosen, "li_reference")), "LIQUID");
    json_decref(chosen);
    assert_int_equal(run(*state, "Li-Si", "--li-reference=bbc", NULL, text), 64);
    assert_non_null(strstr(text, "did you mean 'bcc'"));
}

/* Cu's own number is a placeholder's, Ni's an artefact: nil stands first, whatever the set gives.
 *  */
static void placeholders_and_artefacts_do_not_count_as_solubility(void **state)
{
    for (int k = 0; k < 2; k++) {
        json_t *root = run_json(*state, k ? "Li-Ni" : "Cu-Li", NULL);
        assert_string_equal(text_at(root, "solubility", 0, "solvent_phase"), "BCC_A2");
        assert_close(number_at(root, "solubility", 0, "x"), 0.0, 0.0);
        assert_string_equal(text_at(root, "solubility", 0, "origin"), "none");
        json_decref(root);
    }
}

static void a_system_without_description_comes_from_the_collected_data(void **state)
{
    json_t *root = run_json(*state, "Cd-Li", NULL);

    assert_null(json_object_get(root, "database"));
    assert_string_equal(text_at(root, "solubility", 0, "origin"), "missing");
    assert_true(isnan(number_at(root, "solubility", 0, "x")));           /* never zero */
    assert_true(strlen(text_at(root, "solubility", 0, "note")) > 10);
    json_decref(root);
    root = run_json(*state, "Ag-Li", NULL);
    assert_string_equal(text_at(root, "solubility", 0, "origin"), "dft");
    assert_close(number_at(root, "solubility", 0, "low"), 0.0385, 0.0);
    assert_string_equal(text_at(root, "stable_phases", 0, "formula"), "LiAg");
    json_decref(root);
    root = run_json(*state, "Sn-Li", NULL);
    assert_true(json_array_size(json_object_get(root, "plateaus")) > 3);
    json_decref(root);
}

static void wrong_requests_end_with_one_sentence_and_their_exit_code(void **state)
{
    static const struct { const char *a, *b; int code; const char *says; } wrong[] = {
        { "W-Li", NULL, 65, "no assessed description and no collected data" },
        { "Al-Mg", NULL, 65, "one of the two elements must be Li" },
        { "Li-Li", NULL, 65, "a different one" },
        { "ZnO", NULL, 64, "--react=Li" },
        { "Al-", NULL, 64, "no binary of two elements" },
        { "Al-Li", "--temperature-k=5000", 65, "from 298.15 to 2900 K, not at 5000 K" },
        { "Al-Li", "--temperature-k=cold", 64, "temperature-k" },
        { "Al-Li", "--tdb=none.tdb", 66, "none.tdb" },
        { "Zn-Li", "--tdb=descriptors/data/al-li.tdb", 65, "no element Zn" },
        { "Al-Li", "--tdb=tests/data/tdb/refused.tdb", 65, "ionic two-sublattice liquid" },
        { "Al-Li", "--tdb=Makefile", 65, "Makefile:1: " },
        { "Al-Li", "--energies=x.csv", 64, "--energies goes with --react" },
        { "ZnO", "--react=Li", 64, "--tdb does not go with --react" },
        { "Ag-Li", "--plot=x.svg", 65, "no phase diagram to plot" },
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[4096];
        const int reacts = wrong[i].b && strcmp(wrong[i].b, "--react=Li") == 0;
        const int code = run(*state, wrong[i].a, wrong[i].b, reacts ? "--tdb=x" : NULL, text);
        const char *line_end = strchr(text, '\n');
        if (code != wrong[i].code || !strstr(text, wrong[i].says) || !line_end || line_end[1]) {
            print_error("%s %s -> %d: %s\n", wrong[i].a, wrong[i].b ? wrong[i].b : "", code, text);
            fail();
        }
    }
}

static void the_phase_diagram_is_drawn_as_svg(void **state)
{
    scratch *s = *state;
    char text[4096], plot[128], svg[256] = "";

    snprintf(plot, sizeof plot, "--plot=%s", s->svg);
    assert_int_equal(run(s, "Li-Mg", plot, NULL, text), 0);
    FILE *file = fopen(s->svg, "rb");
    assert_non_null(file);
    assert_true(fread(svg, 1, sizeof svg - 1, file) > 100);
    fclose(file);
    assert_non_null(strstr(svg, "<svg"));
    assert_int_equal(run(s, "Li-Mg", "--plot=/nowhere/x.svg", NULL, text), 75);
    assert_non_null(strstr(text, "/nowhere/x.svg"));
}

static void the_table_shows_each_number_with_its_origin(void **state)
{
    char text[4096];

    assert_int_equal(run(*state, "Al-Li", NULL, NULL, text), 0);
    assert_non_null(strstr(text, "Li in Al FCC_A1   at  298.15 K  0.001844   calphad"));
    assert_non_null(strstr(text, "0.3795  FCC_A1 + ALLI"));
    assert_non_null(strstr(text, "peritectic"));
    assert_non_null(strstr(text, "from al-li.tdb (sha256 "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(al_li_has_the_agreed_keys_and_numbers),
        cmocka_unit_test(either_order_of_the_elements_is_the_same_system),
        cmocka_unit_test(the_reference_of_voltages_is_stated_and_can_be_chosen),
        cmocka_unit_test(placeholders_and_artefacts_do_not_count_as_solubility),
        cmocka_unit_test(a_system_without_description_comes_from_the_collected_data),
        cmocka_unit_test(wrong_requests_end_with_one_sentence_and_their_exit_code),
        cmocka_unit_test(the_phase_diagram_is_drawn_as_svg),
        cmocka_unit_test(the_table_shows_each_number_with_its_origin),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
