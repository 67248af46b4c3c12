#include "tests/screen/toy_campaign.h"

#include <jansson.h>

/* What a <script> element of the report holds, parsed; lines of JSON give the first. */
static json_t *element(const char *html, const char *id)
{
    char mark[64];

    snprintf(mark, sizeof mark, "id=\"%s\">", id);
    const char *begin = strstr(html, mark);
    assert_non_null(begin);
    begin += strlen(mark);
    const char *end = strstr(begin, "</script>");
    assert_non_null(end);
    json_t *value = json_loadb(begin, (size_t)(end - begin), JSON_DISABLE_EOF_CHECK, NULL);
    assert_non_null(value);
    return value;
}

static size_t count(const char *text, const char *words)
{
    size_t n = 0;

    for (const char *at = strstr(text, words); at; at = strstr(at + 1, words))
        n++;
    return n;
}

static char *report_of(const char *name, const char *dir)
{
    char words[512], said[4096];
    screen_run_outcome outcome;

    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
    snprintf(words, sizeof words, "report %s --out=%s/%s", dir, dir, name);
    if (type(words, said, sizeof said) != 0)
        fail_msg("%s", said);
    return content(dir, name);
}

static void the_report_holds_ranking_pages_pictures_and_phases(void **unused)
{
    char dir[128];
    (void)unused;

    directory(dir, sizeof dir, "whole");
    char *html = report_of("report.html", dir);
    json_t *data = element(html, "report-data"), *first = element(html, "report-details");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(data, "run"), "n")), 2);
    const json_t *campaign = json_object_get(json_object_get(data, "screen"), "campaign");
    assert_string_equal(json_string_value(campaign), campaign_text);
    assert_int_equal(strncmp(json_string_value(json_object_get(first, "picture")), "<svg", 4)
                     && strncmp(json_string_value(json_object_get(first, "picture")), "<?xml", 5), 0);
    assert_int_equal(json_array_size(json_object_get(first, "tasks")), 7);  /* eos of both metals, slab, 4 sites */
    assert_non_null(json_object_get(json_object_get(first, "phase"), "solubility"));
    json_decref(data);
    json_decref(first);
    free(html);
}

static void the_report_asks_no_network_and_has_no_markup_from_data(void **unused)
{
    char dir[128];
    (void)unused;

    directory(dir, sizeof dir, "closed");
    char *html = report_of("report.html", dir);
    assert_int_equal(count(html, "</script>"), 3);          /* data, details, program */
    assert_int_equal(count(html, " src="), 0);
    assert_int_equal(count(html, "innerHTML"), 0);
    assert_int_equal(count(html, "@import"), 0);
    assert_int_equal(count(html, "default-src 'none'"), 1);
    for (const char *at = strstr(html, "http"); at; at = strstr(at + 1, "http"))
        assert_true(strncmp(at, "http-equiv", 10) == 0
                    || strncmp(at, "http://www.w3.org/", 18) == 0);     /* names, never fetched */
    free(html);
}

static void equal_runs_give_equal_reports(void **unused)
{
    char dir[128];
    (void)unused;

    directory(dir, sizeof dir, "equal");
    char *first = report_of("a.html", dir);
    char *second = report_of("b.html", dir);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void a_foreign_database_is_refused_and_left_alone(void **unused)
{
    char dir[128], words[512], said[4096];
    screen_run_outcome outcome;
    (void)unused;

    directory(dir, sizeof dir, "foreign");
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
    snprintf(said, sizeof said, "%s/results.sqlite", dir);
    FILE *file = fopen(said, "r+b");                        /* application_id, bytes 68 to 71 */
    assert_non_null(file);
    fseek(file, 68, SEEK_SET);
    assert_int_equal(fwrite("abcd", 1, 4, file), 4);
    fclose(file);
    char *before = content(dir, "results.sqlite");
    snprintf(words, sizeof words, "report %s", dir);
    assert_int_equal(type(words, said, sizeof said), 65);
    char *after = content(dir, "results.sqlite");
    assert_memory_equal(before, after, 1 << 20);
    snprintf(words, sizeof words, "%s/report.html", dir);
    assert_int_not_equal(access(words, F_OK), 0);
    free(before);
    free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_holds_ranking_pages_pictures_and_phases),
        cmocka_unit_test(the_report_asks_no_network_and_has_no_markup_from_data),
        cmocka_unit_test(equal_runs_give_equal_reports),
        cmocka_unit_test(a_foreign_database_is_refused_and_left_alone),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
