#include "tests/screen/toy_campaign.h"

#include <fcntl.h>
#include <math.h>
#include <sys/file.h>

#include "screen/glance.h"

static screen_glance glance;

static void look_at(const char *dir)
{
    screen_app app;
    dft_error err = { DFT_OK, "" };

    app_init(&app);
    if (screen_glance_make(&app, dir, &glance, &err) != DFT_OK)
        fail_msg("%s", err.message);
    fclose(app.out);
}

static void put(const char *dir, const char *name, const char *text)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void finished_run(const char *name, char *dir, size_t size)
{
    screen_run_outcome outcome;

    directory(dir, size, name);
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
}

static void the_plan_that_a_run_leaves_tells_what_planning_anew_tells(void **unused)
{
    char dir[128], path[192];
    (void)unused;

    finished_run("plan", dir, sizeof dir);
    snprintf(path, sizeof path, "%s/plan.tsv", dir);
    assert_int_equal(access(path, R_OK), 0);
    look_at(dir);
    const screen_glance stored = glance;
    assert_int_equal(unlink(path), 0);
    look_at(dir);
    assert_string_equal(glance.campaign, "toy");
    assert_int_equal(glance.n_total, 13);
    assert_int_equal(glance.n_done, 13);
    assert_memory_equal(&stored, &glance, offsetof(screen_glance, is_running));
}

/* Tasks downstream of a failed one are skipped, those downstream of nothing wait. */
static void what_failed_is_told_by_reason_and_what_waits_for_it_is_skipped(void **unused)
{
    char dir[128];
    screen_run_outcome outcome;
    (void)unused;

    directory(dir, sizeof dir, "failed");
    fake.unconverged_z = 29;                    /* copper: its equation of state, and all after it */
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
    fake.unconverged_z = 0;
    look_at(dir);
    assert_int_equal(glance.n_total, 13);
    assert_int_equal(glance.n_unconverged, 1);
    assert_int_equal(glance.n_skipped, 5);      /* slab and 4 sites */
    assert_int_equal(glance.n_done, 7);
    assert_int_equal(glance.n_reasons, 2);      /* all five wait for the eos */
    size_t n = 0;
    for (size_t i = 0; i < glance.n_reasons; i++)
        n += glance.reason[i].n;
    assert_int_equal(n, 6);
    assert_true(glance.core_h >= 0.0);
}

static void a_running_task_shows_its_residual_and_the_time_that_is_left(void **unused)
{
    char dir[128], path[192], key[96] = "", state[512];
    (void)unused;

    finished_run("running", dir, sizeof dir);
    snprintf(path, sizeof path, "%s/plan.tsv", dir);
    char *plan = content(dir, "plan.tsv");
    char *line = strchr(plan, '\n') + 1;
    snprintf(key, sizeof key, "%.64s", line);
    snprintf(path, sizeof path, "%s/records/%s.json", dir, key);
    assert_int_equal(unlink(path), 0);
    snprintf(state, sizeof state, "{\"time_left_s\": 600.0, \"tasks\": [{\"key\": \"%s\", \"state\": "
             "\"running\", \"reason\": \"\"}]}", key);
    put(dir, "state.json", state);
    snprintf(path, sizeof path, "logs/%s.log", key);
    char logs[192];
    snprintf(logs, sizeof logs, "%s/logs", dir);
    mkdir(logs, 0755);
    put(dir, path, "   1  F =      -12.000000000 eV  change  -1.20e+01 eV  density  3.00e+00 eV  bands "
        " 1.00e-02 eV       0.4 s\nvolume 1: E = -12.100000000 eV, converged, 9 iterations, 4 k points, "
        "3.0 s\n   7  F =      -12.345000000 eV  change   2.50e-03 eV  density  4.00e-04 eV  bands  "
        "1.00e-05 eV       2.5 s\n   8  F =      -12.34");
    snprintf(path, sizeof path, "%s/lock", dir);
    const int lock = open(path, O_RDWR);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    look_at(dir);
    close(lock);
    assert_int_equal(glance.is_running, 1);
    assert_int_equal(glance.n_running, 1);
    assert_int_equal(glance.task[0].n_energies, 1);
    assert_int_equal(glance.task[0].iteration, 7);      /* the line being written counts for nothing */
    assert_close(glance.task[0].density_ev, 4.0e-4, 0.0);
    assert_close(glance.task[0].change_ev, 2.5e-3, 0.0);
    assert_true(glance.time_left_s > 500.0 && glance.time_left_s <= 600.0);
    look_at(dir);                               /* the program is gone: nothing runs */
    assert_int_equal(glance.n_running, 0);
    assert_int_equal(glance.n_waiting, 1);
    assert_true(isnan(glance.time_left_s));
    free(plan);
}

static void a_pipe_gets_plain_lines(void **unused)
{
    char dir[128], words[256], said[4096];
    (void)unused;

    finished_run("pipe", dir, sizeof dir);
    snprintf(words, sizeof words, "status %s --watch", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_string_equal(said, "toy: 13 of 13 tasks done, 0 without a usable number, 0 waiting, no "
                        "program is running\n");
    snprintf(words, sizeof words, "status %s", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_null(strchr(said, '\033'));
    assert_non_null(strstr(said, "13 done"));
}

static void a_damaged_plan_is_named_with_its_line(void **unused)
{
    char dir[128], words[256], said[4096];
    (void)unused;

    finished_run("torn", dir, sizeof dir);
    put(dir, "plan.tsv", "liscreen-plan 1\ttoy\nabc\tAl\teos\t1\t\nabc\tAl\n");
    snprintf(words, sizeof words, "status %s", dir);
    assert_int_equal(type(words, said, sizeof said), 65);
    assert_non_null(strstr(said, "plan.tsv:3: no line of a plan; delete the file"));
    put(dir, "plan.tsv", "liscreen-plan 1\ttoy\nabc\tAl\teos\t1\t");
    assert_int_equal(type(words, said, sizeof said), 65);
    assert_non_null(strstr(said, "plan.tsv:2: the file is cut short"));
    put(dir, "plan.tsv", "something else\n");
    assert_int_equal(type(words, said, sizeof said), 65);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plan_that_a_run_leaves_tells_what_planning_anew_tells),
        cmocka_unit_test(what_failed_is_told_by_reason_and_what_waits_for_it_is_skipped),
        cmocka_unit_test(a_running_task_shows_its_residual_and_the_time_that_is_left),
        cmocka_unit_test(a_pipe_gets_plain_lines),
        cmocka_unit_test(a_damaged_plan_is_named_with_its_line),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
