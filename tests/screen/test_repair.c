/* Damaged, foreign and hostile run directories: said in a sentence, mended where that is possible, and
 * nothing finished is lost. */
#include "tests/screen/toy_campaign.h"

#include <sys/wait.h>

#include "screen/run_dir.h"

/* The one record of a finished toy run whose text holds `words`. */
static void find_record(const char *dir, const char *words, char *path, size_t size)
{
    snapshot all;

    take_snapshot(dir, &all);
    for (size_t i = 0; i < all.n; i++) {
        char name[128];
        snprintf(name, sizeof name, "records/%s", all.record[i].name);
        char *text = content(dir, name);
        const int is_it = strstr(text, words) != NULL;
        free(text);
        snprintf(path, size, "%s/%s", dir, name);
        if (is_it)
            return;
    }
    fail_msg("no record of %s holds %s", dir, words);
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void an_altered_record_is_said_set_aside_and_computed_again(void **unused)
{
    char dir[128], words[512], said[8192], path[512], aside[560];
    (void)unused;

    directory(dir, sizeof dir, "altered");
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    char *first = content(dir, "ranked.csv");
    find_record(dir, "\"task_kind\": \"slab\"", path, sizeof path);
    char *text = content("/", path);
    char *energy = strstr(text, "\"area_ang2\": ");
    assert_non_null(energy);
    energy += strlen("\"area_ang2\": ");
    *energy = *energy == '9' ? '8' : '9';
    put(path, text);
    free(text);

    snprintf(words, sizeof words, "status %s", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "12 of 13 tasks done"));
    assert_non_null(strstr(said, "its checksum does not fit its content"));
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, path));
    assert_non_null(strstr(said, "slab is computed again, and the file is kept as"));
    assert_non_null(strstr(said, "12 of 13 tasks have their records"));
    snprintf(aside, sizeof aside, "%s.damaged", path);
    assert_int_equal(access(aside, R_OK), 0);
    char *second = content(dir, "ranked.csv");
    assert_string_equal(first, second);
    free(first);
    free(second);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_null(strstr(said, "computed again"));
}

static void a_damaged_database_stops_neither_run_nor_rank_nor_export(void **unused)
{
    static const char *const verbs[] = { "run %s --dir=%s", "rank %.0s%s", "export %.0s%s",
                                         "export %.0s%s --format=json" };
    char dir[128], words[512], said[65536], path[192];
    (void)unused;

    directory(dir, sizeof dir, "torn");
    snprintf(path, sizeof path, "%s/results.sqlite", dir);
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    char *list = content(dir, "ranked.csv");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        assert_int_equal(truncate(path, 5000), 0);
        snprintf(words, sizeof words, verbs[i], campaign_path, dir);
        assert_int_equal(type(words, said, sizeof said), 0);
        assert_non_null(strstr(said, "was damaged: it is kept as"));
        assert_non_null(strstr(said, "made anew from the records"));
        assert_int_equal(type(words, said, sizeof said), 0);
        assert_null(strstr(said, "damaged"));
    }
    unlink(path);
    snprintf(words, sizeof words, "export %s", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_string_equal(said, list);                    /* made from the records when missing */
    free(list);
    snprintf(words, sizeof words, "export %s", root);
    assert_int_equal(type(words, said, sizeof said), 66);
    assert_non_null(strstr(said, "is no run directory"));
}

static void the_run_of_another_campaign_is_not_overwritten(void **unused)
{
    char dir[128], other[128], words[512], said[8192];
    (void)unused;

    directory(dir, sizeof dir, "owned");
    directory(other, sizeof other, "other.yaml");
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    char *list = content(dir, "ranked.csv"), *campaign = content(dir, "campaign.yaml");
    put(other, "name: other\ncandidates: [Al-111]\n");
    snprintf(words, sizeof words, "run %s --dir=%s", other, dir);
    assert_int_equal(type(words, said, sizeof said), 65);
    assert_non_null(strstr(said, "the campaign 'toy'"));
    assert_non_null(strstr(said, "list 'other' of"));
    assert_non_null(strstr(said, "--dir=RUN"));
    char *list_after = content(dir, "ranked.csv"), *campaign_after = content(dir, "campaign.yaml");
    assert_string_equal(list, list_after);
    assert_string_equal(campaign, campaign_after);
    put(other, "name: toy\ncandidates: [Al-111]\n"
               "protocol: {name: quick, max_eos_points: 40, max_heights: 20}\n");
    assert_int_equal(type(words, said, sizeof said), 0);        /* the same one, edited, goes on */
    assert_non_null(strstr(said, "7 of 7 tasks have their records"));
    free(list);
    free(campaign);
    free(list_after);
    free(campaign_after);
}

/* A STOP file, or a time that is up, stops what there is to do; a finished run has nothing. */
static void a_finished_run_is_done_even_with_a_stop_file(void **unused)
{
    char dir[128], stop[160], words[512], said[8192];
    (void)unused;

    directory(dir, sizeof dir, "stopped");
    snprintf(stop, sizeof stop, "%s/STOP", dir);
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(screen_run_dir_make(dir, NULL), DFT_OK);
    put(stop, "");
    assert_int_equal(type(words, said, sizeof said), 85);
    assert_non_null(strstr(said, "stopped by the STOP file with 0 of 13 tasks done; remove"));
    unlink(stop);
    assert_int_equal(type(words, said, sizeof said), 0);
    put(stop, "");
    assert_int_equal(type(words, said, sizeof said), 0);
}

/* Another machine's data sets, another version: the keys differ, and an empty list must not replace
 * the one that was computed. */
static void records_of_other_tasks_do_not_empty_the_list(void **unused)
{
    char dir[128], words[512], said[8192], path[192];
    (void)unused;

    directory(dir, sizeof dir, "strangers");
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    char *list = content(dir, "ranked.csv");
    snprintf(path, sizeof path, "%s/campaign.yaml", dir);
    put(path, "name: toy\ncandidates: [Al-111, Cu-111]\nprotocol: balanced\n");
    snprintf(words, sizeof words, "rank %s", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "none of the 13 records"));
    char *after = content(dir, "ranked.csv");
    assert_string_equal(list, after);
    free(list);
    free(after);
}

static void a_damaged_specification_is_written_again(void **unused)
{
    char dir[128], words[512], said[8192], path[512], copy[512];
    (void)unused;

    directory(dir, sizeof dir, "spec");
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    find_record(dir, "\"task_kind\": \"site\"", path, sizeof path);
    assert_int_equal(unlink(path), 0);
    snprintf(copy, sizeof copy, "%s/tasks/%s", dir, strrchr(path, '/') + 1);
    put(copy, "{}");
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_int_equal(access(path, R_OK), 0);
}

/* A write that fails, not a signal that kills: the limit is that of the process, as of a batch job. */
static void a_file_that_may_not_grow_is_reported(void **unused)
{
    char dir[128], words[512], said[8192];
    int how = 0;
    (void)unused;

    directory(dir, sizeof dir, "small");
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        signal(SIGXFSZ, SIG_DFL);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 3000, 3000 });
        snprintf(words, sizeof words, "rank %s", dir);
        _exit(type(words, said, sizeof said));
    }
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 75);
}

static void results_that_cannot_be_printed_are_75(void **unused)
{
    char *argv[] = { "liscreen", "--help" };
    screen_app app;
    (void)unused;

    app_init(&app);
    fclose(app.out);
    app.out = fopen("/dev/full", "w");
    app.progress = tmpfile();
    assert_int_equal(screen_main(&app, 2, argv), 75);
    fclose(app.out);
    fclose(app.progress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_altered_record_is_said_set_aside_and_computed_again),
        cmocka_unit_test(a_damaged_database_stops_neither_run_nor_rank_nor_export),
        cmocka_unit_test(the_run_of_another_campaign_is_not_overwritten),
        cmocka_unit_test(a_finished_run_is_done_even_with_a_stop_file),
        cmocka_unit_test(records_of_other_tasks_do_not_empty_the_list),
        cmocka_unit_test(a_damaged_specification_is_written_again),
        cmocka_unit_test(a_file_that_may_not_grow_is_reported),
        cmocka_unit_test(results_that_cannot_be_printed_are_75),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
