#include "tests/support/assert_close.h"

#include <string.h>

#include "screen/options.h"

typedef struct {
    screen_option option[3];
    screen_command command;
} toy;

static void toy_init(toy *t)
{
    t->option[0] = (screen_option){ "jobs", "N", "processes", NULL };
    t->option[1] = (screen_option){ "dry-run", NULL, "do nothing", NULL };
    t->option[2] = (screen_option){ "vacuum-ang", "X", "gap", NULL };
    t->command = (screen_command){ "run", "FILE", "Runs.", 1, 1, 3, t->option, 0, { NULL }, 0 };
}

static dft_status parse(toy *t, dft_error *err, int argc, char **argv)
{
    toy_init(t);
    return screen_options_parse(&t->command, argc, argv, err);
}

static void words_and_options_may_mix(void **unused)
{
    char *argv[] = { "--jobs=3", "x.yaml", "--dry-run" };
    toy t;
    int jobs = 0;
    (void)unused;

    assert_int_equal(parse(&t, NULL, 3, argv), DFT_OK);
    assert_string_equal(t.command.word[0], "x.yaml");
    assert_int_equal(screen_option_integer(&t.command, "jobs", 1, 9, &jobs, NULL), DFT_OK);
    assert_int_equal(jobs, 3);
    assert_non_null(screen_option_value(&t.command, "dry-run"));
    assert_null(screen_option_value(&t.command, "vacuum-ang"));
}

static void an_unknown_option_is_refused_with_the_one_that_was_meant(void **unused)
{
    char *argv[] = { "x.yaml", "--job=3" };
    toy t;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(parse(&t, &err, 2, argv), DFT_EUSAGE);
    assert_non_null(strstr(err.message, "unknown option --job (did you mean 'jobs'?)"));
    assert_int_equal(dft_exit_code(DFT_EUSAGE), 64);
}

static void values_must_be_given_where_needed_and_only_there(void **unused)
{
    char *no_value[] = { "x", "--jobs" }, *too_much[] = { "x", "--dry-run=yes" };
    char *short_option[] = { "x", "-j3" }, *many[] = { "x", "y" };
    toy t;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(parse(&t, &err, 2, no_value), DFT_EUSAGE);
    assert_non_null(strstr(err.message, "--jobs=N"));
    assert_int_equal(parse(&t, &err, 2, too_much), DFT_EUSAGE);
    assert_int_equal(parse(&t, &err, 2, short_option), DFT_EUSAGE);
    assert_int_equal(parse(&t, &err, 2, many), DFT_EUSAGE);
    assert_int_equal(parse(&t, &err, 0, NULL), DFT_EUSAGE);
    assert_int_equal(parse(&t, &err, 1, (char *[]){ "" }), DFT_EUSAGE);
    assert_non_null(strstr(err.message, "an empty word"));
}

static void numbers_are_checked(void **unused)
{
    char *bad[] = { "x", "--jobs=two" }, *negative[] = { "x", "--vacuum-ang=-1" };
    char *fraction[] = { "x", "--jobs=1.5" };
    toy t;
    int jobs = 7;
    double vacuum = 15.0;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(parse(&t, NULL, 2, bad), DFT_OK);
    assert_int_equal(screen_option_integer(&t.command, "jobs", 1, 9, &jobs, &err), DFT_EUSAGE);
    assert_non_null(strstr(err.message, "--jobs=two"));
    assert_int_equal(screen_option_number(&t.command, "vacuum-ang", 0, 99, &vacuum, NULL), DFT_OK);
    assert_close(vacuum, 15.0, 0.0);
    assert_int_equal(parse(&t, NULL, 2, negative), DFT_OK);
    assert_int_equal(screen_option_number(&t.command, "vacuum-ang", 0, 99, &vacuum, NULL),
                     DFT_EUSAGE);
    assert_int_equal(parse(&t, NULL, 2, fraction), DFT_OK);
    assert_int_equal(screen_option_integer(&t.command, "jobs", 1, 9, &jobs, NULL), DFT_EUSAGE);
    assert_int_equal(jobs, 7);
}

static void help_goes_before_every_complaint(void **unused)
{
    char *argv[] = { "--nonsense", "--help" };
    toy t;
    (void)unused;

    assert_int_equal(parse(&t, NULL, 2, argv), DFT_OK);
    assert_int_equal(t.command.help, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_options_may_mix),
        cmocka_unit_test(an_unknown_option_is_refused_with_the_one_that_was_meant),
        cmocka_unit_test(values_must_be_given_where_needed_and_only_there),
        cmocka_unit_test(numbers_are_checked),
        cmocka_unit_test(help_goes_before_every_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
