#include "screen/budget_run.h"

#include "screen/level.h"
#include "tests/screen/toy_campaign.h"

static const char three[] =
    "name: race\ncandidates: [Al-111, Cu-111, Ag-111]\njobs: 2\n"
    "protocol: {name: quick, max_eos_points: 40, max_heights: 20, data: {Ag: Ag.11}}\n";

static void write_race(char *path, size_t size, const char *text)
{
    snprintf(path, size, "%s/race.yaml", root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static size_t n_records(const char *dir)
{
    snapshot s;
    take_snapshot(dir, &s);
    return s.n;
}

/* "level,NAME,yes" lines of budget.csv. */
static int count_computed(const char *dir)
{
    char *text = content(dir, "budget.csv");
    int n = 0;

    for (const char *at = text; (at = strstr(at, ",yes,")) != NULL; at++)
        n++;
    free(text);
    return n;
}

/* Two of three are undecided for the first place; who cannot win is not computed again. */
static void hours_go_to_those_that_could_win_and_to_nobody_twice(void **unused)
{
    char path[200], dir[200], level[250], words[500], said[16384];
    snapshot before, after;
    (void)unused;

    write_race(path, sizeof path, three);
    directory(dir, sizeof dir, "race");
    snprintf(level, sizeof level, "%s/fast", dir);
    snprintf(words, sizeof words, "run %s --dir=%s --budget-h=1000 --top-k=1", path, dir);
    const int code = type(words, said, sizeof said);
    if (code != 0)
        fail_msg("exit %d: %s", code, said);
    assert_non_null(strstr(said, "as 'fast' would rank them: the best 1 are right with probability"));
    assert_true(n_records(level) > 0);
    const int n = count_computed(dir);
    assert_true(n >= 1);
    char *csv = content(dir, "budget.csv");

    take_snapshot(level, &before);
    assert_int_equal(type(words, said, sizeof said), 0);
    take_snapshot(level, &after);
    assert_int_equal(before.n, after.n);
    assert_all_kept(&before, &after);
    char *again = content(dir, "budget.csv");
    assert_int_equal(count_computed(dir), n);
    assert_string_equal(csv, again);
    free(csv);
    free(again);
}

static void without_hours_nobody_is_computed_better(void **unused)
{
    char path[200], dir[200], words[500], said[16384];
    (void)unused;

    write_race(path, sizeof path, three);
    directory(dir, sizeof dir, "poor");
    snprintf(words, sizeof words, "run %s --dir=%s --budget-h=0.000001 --top-k=1", path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_int_equal(count_computed(dir), 0);
    assert_non_null(strstr(said, "0 of 1e-06 core hours are left"));
}

static void all_of_few_candidates_are_the_best_and_need_no_more(void **unused)
{
    char path[200], dir[200], level[250], words[500], said[16384];
    (void)unused;

    write_race(path, sizeof path, three);
    directory(dir, sizeof dir, "few");
    snprintf(level, sizeof level, "%s/fast", dir);
    snprintf(words, sizeof words, "run %s --dir=%s --budget-h=1000", path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_int_equal(n_records(level), 0);
}

static void the_last_level_has_none_after_it(void **unused)
{
    char path[200], words[500], said[4096];
    (void)unused;

    assert_string_equal(screen_level_after("fast"), "balanced");
    assert_null(screen_level_after("stringent"));
    assert_null(screen_level_after("own"));
    write_race(path, sizeof path, "name: race\ncandidates: [Al-111]\nprotocol: stringent\n");
    snprintf(words, sizeof words, "run %s --dir=%s/last --budget-h=1", path, root);
    assert_int_equal(type(words, said, sizeof said), 64);
    assert_non_null(strstr(said, "no level after the protocol 'stringent'"));
}

/* What is written reads back as the same campaign, whatever stands in the texts. */
static void a_level_is_the_campaign_at_another_protocol(void **unused)
{
    const char *names[] = { "Cu-111", "Cu-111+Ag-111x3" };
    screen_campaign *campaign = NULL, *read = NULL;
    char path[256];
    dft_error err = { DFT_OK, "" };
    (void)unused;

    write_race(path, sizeof path, three);
    assert_int_equal(screen_campaign_read(path, &campaign, &err), DFT_OK);
    snprintf(campaign->structures, sizeof campaign->structures, "my \"own\" \\ files: #1");
    campaign->weights.term[DESC_BARRIER] = 0.1 + 0.2;
    campaign->descriptors.elastic = 1;
    snprintf(path, sizeof path, "%s/level.yaml", root);
    assert_int_equal(screen_level_write(path, campaign, "balanced", 2, names, &err), DFT_OK);
    if (screen_campaign_read(path, &read, &err) != DFT_OK)
        fail_msg("%s", err.message);
    assert_string_equal(read->name, "race-balanced");
    assert_int_equal(read->n_candidates, 2);
    assert_string_equal(read->candidate[1], names[1]);
    assert_string_equal(read->protocol.name, "balanced");
    assert_int_equal(read->protocol.n_data, 1);
    assert_string_equal(read->protocol.data[0].name, "Ag.11");
    assert_int_equal(read->protocol.max_eos_points, 40);
    assert_string_equal(read->structures, campaign->structures);
    assert_memory_equal(&read->weights, &campaign->weights, sizeof read->weights);
    assert_memory_equal(&read->descriptors, &campaign->descriptors, sizeof read->descriptors);
    screen_campaign_free(read);
    screen_campaign_free(campaign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_go_to_those_that_could_win_and_to_nobody_twice),
        cmocka_unit_test(without_hours_nobody_is_computed_better),
        cmocka_unit_test(all_of_few_candidates_are_the_best_and_need_no_more),
        cmocka_unit_test(the_last_level_has_none_after_it),
        cmocka_unit_test(a_level_is_the_campaign_at_another_protocol),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
