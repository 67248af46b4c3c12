/* Fifty interruptions of a campaign of quick tasks, at random moments: two programs are started on one
 * directory, and both are killed; now and then the disk is full or may not be written to.  Then a run to
 * the end, against one that nobody disturbed. */

#include "tests/screen/toy_campaign.h"
#include "dft-lite/base/clock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>

#define N_STORMS 50
#define N_TASKS 19                  /* 3 x (eos, slab, 4 sites), bulk lithium */
#define NOBODY 65534

/* In a task's process: it is the only one with this key, and there is no record yet. */
static void witness(const char *run_dir, const char *key)
{
    char path[512];

    snprintf(path, sizeof path, "%s/witness-%s", run_dir, key);
    const int fd = open(path, O_RDWR | O_CREAT, 0666);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && !res_record_exists(run_dir, key))
        return;                     /* the lock goes with the process */
    snprintf(path, sizeof path, "%s/../doubled", run_dir);
    close(open(path, O_WRONLY | O_CREAT, 0666));
}

static screen_app app;
static screen_project *project;     /* read and planned once: planning takes longer than computing here */

static dft_status run_planned(const char *dir, screen_run_outcome *outcome)
{
    const screen_run_options options = { .jobs = 2 };
    return screen_run(project, campaign_path, dir, &options, outcome, NULL);
}

static pid_t start(const char *dir)
{
    const pid_t pid = fork();
    screen_run_outcome outcome;

    if (pid == 0) {
        setpgid(0, 0);
        _exit(dft_exit_code(run_planned(dir, &outcome)));
    }
    setpgid(pid, pid);
    return pid;
}

/* A metal more than the toy has. */
static void write_campaign(void)
{
    FILE *file = fopen(campaign_path, "w");

    assert_non_null(file);
    fputs("name: toy\ncandidates: [Al-111, Cu-111, Ag-111]\n"
          "protocol: {name: quick, max_eos_points: 40, max_heights: 20}\n", file);
    assert_int_equal(fclose(file), 0);
}

static void random_pause(double most_s)
{
    const double seconds = most_s * rand() / RAND_MAX;
    const struct timespec pause = { (time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds)) };
    nanosleep(&pause, NULL);
}

static void kill_both(pid_t one, pid_t two)
{
    kill(-one, SIGKILL);
    kill(-two, SIGKILL);
    waitpid(one, NULL, 0);
    waitpid(two, NULL, 0);
}

/* The run's own end: cannot write.  Without rights of its own to the directory, as on a disk that became
 * read-only; root would not notice, so root becomes nobody. */
static void run_read_only(const char *dir)
{
    char command[512];
    int how = 0;
    screen_run_outcome outcome;

    snprintf(command, sizeof command, "chmod 755 %s && chmod -R a-w,a+rX %s", root, dir);
    assert_int_equal(system(command), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && (setegid(NOBODY) != 0 || seteuid(NOBODY) != 0))
            _exit(1);
        _exit(dft_exit_code(run_planned(dir, &outcome)));
    }
    waitpid(pid, &how, 0);
    assert_int_equal(WEXITSTATUS(how), 75);
    snprintf(command, sizeof command, "chmod -R u+w %s", dir);
    assert_int_equal(system(command), 0);
}

static void run_on_a_full_disk(const char *dir)
{
    screen_run_outcome outcome;

    largest_file = 2000;            /* specifications fit, records do not */
    run_planned(dir, &outcome);
    largest_file = RLIM_INFINITY;
}

static size_t n_whole;

static dft_status count_record(void *user, const char *key, const json_t *record, dft_error *err)
{
    (void)user, (void)key, (void)record, (void)err;
    n_whole++;
    return DFT_OK;
}

static void fail_on_bad(void *user, const char *path, const dft_error *why)
{
    (void)user, (void)path;
    fail_msg("%s", why->message);
}

static void assert_nothing_lost(const char *dir, snapshot *before)
{
    const res_record_visitor visitor = { NULL, count_record, fail_on_bad };
    snapshot after;

    take_snapshot(dir, &after);
    assert_all_kept(before, &after);
    n_whole = 0;
    assert_int_equal(res_record_each(dir, &visitor, NULL), DFT_OK);
    assert_int_equal(n_whole, after.n);
    *before = after;
}

static void fifty_interruptions_change_no_byte_of_the_list(void **unused)
{
    const unsigned seed = (unsigned)time(NULL);
    char calm[128], stormy[128], path[256];
    screen_run_outcome outcome;
    snapshot before = { 0 };
    (void)unused;

    directory(calm, sizeof calm, "calm");
    directory(stormy, sizeof stormy, "stormy");
    write_campaign();
    app_init(&app);
    assert_int_equal(screen_project_open(&app, campaign_path, &project, NULL), DFT_OK);
    delay_ns = 20000000;
    const double begun_s = dft_clock_s();
    assert_int_equal(run_planned(calm, &outcome), DFT_OK);
    const double took_s = dft_clock_s() - begun_s;
    before_task = witness;
    print_message("moments by srand(%u)\n", seed);
    srand(seed);
    for (int i = 0; i < N_STORMS; i++) {
        const pid_t one = start(stormy), two = start(stormy);
        random_pause(0.3 * took_s);
        kill_both(one, two);
        assert_nothing_lost(stormy, &before);
        if (i % 10 == 4 && before.n > 0)
            run_read_only(stormy);
        if (i % 10 == 9 && before.n < N_TASKS)
            run_on_a_full_disk(stormy);
        assert_nothing_lost(stormy, &before);
    }
    print_message("%zu of %d records after %d interruptions, %.1f s undisturbed\n", before.n, N_TASKS,
                  N_STORMS, took_s);
    delay_ns = 0;
    assert_int_equal(run_planned(stormy, &outcome), DFT_OK);
    assert_int_equal(outcome.count.n_done, N_TASKS);
    assert_nothing_lost(stormy, &before);
    assert_int_equal(before.n, N_TASKS);
    snprintf(path, sizeof path, "%s/doubled", root);
    assert_int_not_equal(access(path, F_OK), 0);
    char *undisturbed = content(calm, "ranked.csv"), *disturbed = content(stormy, "ranked.csv");
    assert_string_equal(undisturbed, disturbed);
    free(undisturbed);
    free(disturbed);
    screen_project_close(project);
    fclose(app.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_interruptions_change_no_byte_of_the_list),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
