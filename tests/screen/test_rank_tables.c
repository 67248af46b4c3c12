#include "screen/rank_tables.h"

#include "tests/screen/toy_campaign.h"

static char dir[128];

/* What `liscreen rank DIR OPTIONS` prints and complains; the caller frees both.  Returns the exit code. */
static int rank_with(int n, char **words, char **printed, char **complaint)
{
    size_t sizes[2];
    screen_app app;

    app_init(&app);
    fclose(app.out);
    app.out = open_memstream(printed, &sizes[0]);
    app.progress = open_memstream(complaint, &sizes[1]);
    const int code = screen_verb_rank(&app, n, words);
    fclose(app.out);
    fclose(app.progress);
    return code;
}

static int make_campaign(void **unused)
{
    screen_run_outcome outcome;
    (void)unused;

    assert_non_null(mkdtemp(root));
    snprintf(campaign_path, sizeof campaign_path, "%s/toy.yaml", root);
    FILE *file = fopen(campaign_path, "w");
    assert_non_null(file);
    fputs(campaign_text, file);
    fclose(file);
    directory(dir, sizeof dir, "ranked");
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
    return 0;
}

static int remove_campaign(void **unused)
{
    char command[160];
    (void)unused;

    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

static void the_list_says_how_sure_it_is_and_what_to_compute(void **unused)
{
    char *words[] = { dir, "--top-k=1", "--next=3", "--pairs=Al,Cu-111:Cu", "--budget-h=100" };
    char *printed, *complaint;
    (void)unused;

    assert_int_equal(rank_with(5, words, &printed, &complaint), 0);
    assert_non_null(strstr(printed, "how sure the list is"));
    assert_non_null(strstr(printed, "among the best 1"));
    assert_non_null(strstr(printed, "what would change the best 1 most"));
    assert_non_null(strstr(printed, "what to compute better for 100 core hours"));
    assert_non_null(strstr(printed, "\nAl-111         Cu-111"));
    assert_non_null(strstr(printed, "controls: binding alone"));
    /* A candidate against itself is a draw under every weighing. */
    assert_non_null(strstr(printed, "\nCu-111         Cu-111             0.50     0.50       0.50     "
                           "0.50"));
    free(printed);
    free(complaint);
}

static void names_that_mean_nothing_are_answered_in_one_sentence(void **unused)
{
    static const struct { const char *option, *says; int code; } bad[] = {
        { "--pairs=Xy:Cu", "'Xy' is not among the ranked candidates", 65 },
        { "--pairs=Cu", "has no colon", 64 },
        { "--pairs=:Cu", "an empty list", 64 },
        { "--top-k=0", "top-k", 64 },
        { "--next=x", "next", 64 },
        { "--budget-h=-1", "budget-h", 64 },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char option[64], *words[] = { dir, option }, *printed, *complaint;
        snprintf(option, sizeof option, "%s", bad[i].option);
        assert_int_equal(rank_with(2, words, &printed, &complaint), bad[i].code);
        assert_non_null(strstr(complaint, bad[i].says));
        free(printed);
        free(complaint);
    }
}

/* The file holds what the best five say whatever is asked on the command line. */
static void options_change_no_byte_of_the_file(void **unused)
{
    char *plain[] = { dir }, *busy[] = { dir, "--top-k=1", "--next=1" };
    char *printed, *complaint;
    (void)unused;

    assert_int_equal(rank_with(1, plain, &printed, &complaint), 0);
    free(printed);
    free(complaint);
    char *first = content(dir, "ranked.csv");
    assert_int_equal(rank_with(3, busy, &printed, &complaint), 0);
    free(printed);
    free(complaint);
    char *second = content(dir, "ranked.csv");
    assert_string_equal(first, second);
    assert_non_null(strstr(first, "\n1,"));
    free(first);
    free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_says_how_sure_it_is_and_what_to_compute),
        cmocka_unit_test(names_that_mean_nothing_are_answered_in_one_sentence),
        cmocka_unit_test(options_change_no_byte_of_the_file),
    };
    return cmocka_run_group_tests(tests, make_campaign, remove_campaign);
}
