#include "screen/phase_react.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/assert_close.h"

static char printed[20000];

/* Runs a request against the shipped data; what it prints is in `printed`. */
static dft_status react(screen_phase_react_request request, dft_error *err)
{
    screen_app app = { .descriptors_dir = "descriptors/data" };
    char *text = NULL;
    size_t size = 0;

    request.guest = request.guest ? request.guest : "Li";
    app.out = open_memstream(&text, &size);
    assert_non_null(app.out);
    const dft_status status = screen_phase_react(&app, &request, err);
    fclose(app.out);
    snprintf(printed, sizeof printed, "%s", text);
    free(text);
    return status;
}

static void assert_printed(const char *words)
{
    if (!strstr(printed, words))
        fail_msg("\"%s\" is not in:\n%s", words, printed);
}

static void zinc_oxide_gives_its_conversion_and_then_the_alloy_of_zinc(void **unused)
{
    dft_error err = { DFT_OK, "" };
    (void)unused;

    if (react((screen_phase_react_request){ .formula = "ZnO" }, &err) != DFT_OK)
        fail_msg("%s", err.message);
    assert_printed("ZnO with Li (gibbs energies, confidence high)");
    assert_printed("ZnO + 2 Li -> Li2O + Zn");
    assert_printed("1.247");
    assert_printed("then Zn with Li (dft energies");
    assert_printed("Zn + Li -> LiZn");
}

static void what_lithium_leaves_alone_is_said_so(void **unused)
{
    (void)unused;
    assert_int_equal(react((screen_phase_react_request){ .formula = "MgO" }, NULL), DFT_OK);
    assert_printed("no reaction");
    assert_int_equal(react((screen_phase_react_request){ .formula = "CuO" }, NULL), DFT_OK);
    assert_printed("then Cu: forms no compound with Li");
    assert_printed("published: 2.24 V, theoretical; Linden");
    assert_int_equal(react((screen_phase_react_request){ .formula = "Cu" }, NULL), DFT_OK);
    assert_printed("Cu: forms no compound with Li");
    assert_int_equal(react((screen_phase_react_request){ .formula = "Mg" }, NULL), DFT_OK);
    assert_printed("Mg: from 0.101 V (calphad");
}

static void json_holds_the_steps_and_reads_back(void **unused)
{
    char path[] = "/tmp/test_react_XXXXXX";
    json_t *root, *steps;
    (void)unused;

    close(mkstemp(path));
    assert_int_equal(react((screen_phase_react_request){ .formula = "ZnO", .json_path = path },
                           NULL), DFT_OK);
    root = json_load_file(path, 0, NULL);
    assert_non_null(root);
    steps = json_object_get(root, "steps");
    assert_int_equal(json_array_size(steps), 1);
    assert_close(json_number_value(json_object_get(json_array_get(steps, 0), "voltage_v")),
                 240.7 / 2.0 / 96.48533289, 1e-9);
    assert_string_equal(json_string_value(json_object_get(root, "energies")), "gibbs");
    assert_int_equal(json_array_size(json_object_get(root, "set_free")), 1);
    json_decref(root);
    unlink(path);
}

static void energies_of_the_user_are_used_alone(void **unused)
{
    char path[] = "/tmp/test_react_XXXXXX";
    FILE *file;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    close(mkstemp(path));
    file = fopen(path, "w");
    fputs("formula,formation_energy_ev_per_atom\nCu3P,-0.6\nLi3P,-1.2\nNa3P,-1.0\n", file);
    fclose(file);
    if (react((screen_phase_react_request){ .formula = "Cu3P", .energies_path = path }, &err)
        != DFT_OK)
        fail_msg("%s", err.message);
    assert_printed("user energies");
    assert_printed("Cu3P + 3 Li -> Li3P + 3 Cu");
    assert_printed("0.800");
    assert_int_equal(react((screen_phase_react_request){ .formula = "Cu3P", .guest = "Na",
                                                         .energies_path = path }, NULL), DFT_OK);
    assert_printed("Cu3P + 3 Na -> Na3P + 3 Cu");
    unlink(path);
}

static void an_svg_is_drawn_by_gnuplot(void **unused)
{
    char dir[] = "/tmp/test_react_XXXXXX", path[64], head[200] = "";
    dft_error err = { DFT_OK, "" };
    (void)unused;

    if (system("command -v gnuplot >/dev/null 2>&1") != 0)
        skip();
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/zno.svg", dir);
    if (react((screen_phase_react_request){ .formula = "ZnO", .plot_path = path }, &err) != DFT_OK)
        fail_msg("%s", err.message);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(head, 1, sizeof head - 1, file) > 0);
    assert_non_null(strstr(head, "<svg"));
    fclose(file);
    unlink(path);
    rmdir(dir);
}

static void what_cannot_be_answered_is_bad_input_with_a_reason(void **unused)
{
    static const struct { screen_phase_react_request request; dft_status status;
                          const char *word; } bad[] = {
        { { .formula = "Zn3P2" }, DFT_EINPUT, "Li with P" },
        { { .formula = "W7C3" }, DFT_EINPUT, "W7C3" }, { { .formula = "W" }, DFT_EINPUT, "W" },
        { { .formula = "Zn-O" }, DFT_EINPUT, "Zn-O" },
        { { .formula = "ZnO", .guest = "Na" }, DFT_EINPUT, "--energies" },
        { { .formula = "ZnO", .guest = "Lithium" }, DFT_EUSAGE, "element" },
        { { .formula = "ZnO", .energies_path = "/nonexistent" }, DFT_ENOFILE, "/nonexistent" },
        { { .formula = "MgO", .plot_path = "/tmp/x.svg" }, DFT_EINPUT, "no voltage profile" },
        { { .formula = "ZnO", .json_path = "/nonexistent/x.json" }, DFT_EIO, "/nonexistent" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dft_error err = { DFT_OK, "" };
        assert_int_equal(react(bad[i].request, &err), bad[i].status);
        if (!strstr(err.message, bad[i].word))
            fail_msg("%s", err.message);
    }
    assert_int_equal(dft_exit_code(DFT_EINPUT), 65);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zinc_oxide_gives_its_conversion_and_then_the_alloy_of_zinc),
        cmocka_unit_test(what_lithium_leaves_alone_is_said_so),
        cmocka_unit_test(json_holds_the_steps_and_reads_back),
        cmocka_unit_test(energies_of_the_user_are_used_alone),
        cmocka_unit_test(an_svg_is_drawn_by_gnuplot),
        cmocka_unit_test(what_cannot_be_answered_is_bad_input_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
