#include "tests/screen/toy_campaign.h"

#include <jansson.h>

#include "screen/propose.h"

static void finished_run(const char *name, char *dir, size_t size)
{
    screen_run_outcome outcome;

    directory(dir, size, name);
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
}

static json_t *propose(const char *dir, size_t count, const char *avoid)
{
    const screen_propose_request request = { count, avoid, 4.0 };
    screen_app app;
    json_t *out = NULL;
    dft_error err = { DFT_OK, "" };

    app_init(&app);
    if (screen_propose(&app, dir, &request, &out, &err) != DFT_OK)
        fail_msg("%s", err.message);
    fclose(app.out);
    return out;
}

static const char *text(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static const json_t *of(const json_t *proposals, const char *candidate)
{
    for (size_t i = 0; i < json_array_size(proposals); i++)
        if (strcmp(text(json_array_get(proposals, i), "candidate"), candidate) == 0)
            return json_array_get(proposals, i);
    return NULL;
}

/* LiAl ... Al4Li9: the Li-richest phase takes 2.25 Li, 2235 mAh/g; a tenth of 4 mAh/cm2 is then
 * 0.4/(2.235 mAh/mg * 2.70 g/cm3) = 663 nm. */
static void a_sample_has_form_thickness_window_and_a_measurement(void **unused)
{
    char dir[128];
    (void)unused;

    finished_run("sample", dir, sizeof dir);
    json_t *all = propose(dir, 8, NULL);
    assert_int_equal(json_array_size(all), 2);
    const json_t *al = of(all, "Al-111"), *cu = of(all, "Cu-111");
    assert_string_equal(text(al, "form"), "metal film on Cu foil");
    assert_close(json_number_value(json_object_get(al, "thickness_high_nm")), 663.0, 3.0);
    assert_true(json_number_value(json_object_get(al, "first_lithiation_error_v")) > 0.0);
    assert_string_equal(text(al, "price_class_usd_per_kg"), "1-10");
    assert_non_null(strstr(text(al, "handling_origin"), "unverified; Al: USGS MCS 2024"));
    assert_non_null(text(al, "quantity"));
    assert_true(json_is_null(json_object_get(cu, "thickness_high_nm")));    /* takes up none */
    json_decref(all);
}

static void avoided_elements_and_measured_candidates_are_left_out(void **unused)
{
    char dir[128], words[512], said[8192], path[192];
    (void)unused;

    finished_run("left", dir, sizeof dir);
    json_t *all = propose(dir, 8, "Cu,Hg");
    assert_int_equal(json_array_size(all), 1);
    assert_non_null(of(all, "Al-111"));
    json_decref(all);
    snprintf(path, sizeof path, "%s/measured.csv", root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("candidate,quantity,value\nAl-111,nucleation_overpotential_mv,14\n", file);
    fclose(file);
    snprintf(words, sizeof words, "observe %s --file=%s", dir, path);
    if (type(words, said, sizeof said) != 0)
        fail_msg("%s", said);
    assert_non_null(strstr(said, "needs 6 measured candidates"));
    all = propose(dir, 8, NULL);
    assert_int_equal(json_array_size(all), 1);
    assert_non_null(of(all, "Cu-111"));
    json_decref(all);
    snprintf(words, sizeof words, "propose %s --avoid=Xx", dir);
    assert_int_equal(type(words, said, sizeof said), 64);
}

/* What propose writes, filled in, is what observe reads. */
static void the_table_of_propose_goes_back_into_observe(void **unused)
{
    char dir[128], words[512], said[8192], path[192];
    (void)unused;

    finished_run("back", dir, sizeof dir);
    snprintf(path, sizeof path, "%s/plan.csv", root);
    snprintf(words, sizeof words, "propose %s --count=2 --csv=%s", dir, path);
    assert_int_equal(type(words, said, sizeof said), 0);
    snprintf(words, sizeof words, "observe %s --file=%s", dir, path);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "2 rows of"));             /* no value yet */
    assert_non_null(strstr(said, "nothing has been measured"));
    char *table = content(root, "plan.csv");
    char *empty = strstr(table, "_mv,,");
    if (!empty)
        empty = strstr(table, "morphology,,") + strlen("morphology") - strlen("_mv");
    char filled[8192];
    snprintf(filled, sizeof filled, "%.*s0.5%s", (int)(empty + 4 - table), table, empty + 4);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(filled, file);
    fclose(file);
    if (type(words, said, sizeof said) != 0)
        fail_msg("%s", said);
    assert_non_null(strstr(said, "1 values of"));
    snprintf(words, sizeof words, "report %s", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    char *html = content(dir, "report.html");
    assert_non_null(strstr(html, "\"observations\":[{\"file\":\""));
    free(html);
    free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_has_form_thickness_window_and_a_measurement),
        cmocka_unit_test(avoided_elements_and_measured_candidates_are_left_out),
        cmocka_unit_test(the_table_of_propose_goes_back_into_observe),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
