#include "tests/screen/toy_campaign.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "screen/run_dir.h"

static void a_second_run_computes_nothing_and_writes_the_same_bytes(void **unused)
{
    char dir[128];
    screen_run_outcome outcome;
    snapshot before, after;
    (void)unused;

    directory(dir, sizeof dir, "twice");
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
    assert_int_equal(outcome.end, SCREEN_ENDED_DONE);
    assert_int_equal(outcome.count.n_done, outcome.count.n_total);
    assert_int_equal(outcome.count.n_total, 13);    /* 2 x (eos, slab, 4 sites), bulk lithium */
    char *first = content(dir, "ranked.csv");
    take_snapshot(dir, &before);
    assert_int_equal(run(dir, 1, &outcome, NULL), DFT_OK);
    assert_int_equal(outcome.count.n_reused, 13);
    char *second = content(dir, "ranked.csv");
    take_snapshot(dir, &after);
    assert_true(strlen(first) > 200);
    assert_string_equal(first, second);
    assert_all_kept(&before, &after);
    free(first);
    free(second);
}

/* Kills the group some milliseconds after it has finished so many records. */
static void kill_group_after(const char *dir, pid_t group, size_t n_records, long milliseconds)
{
    const struct timespec pause = { 0, milliseconds * 1000000 }, tick = { 0, 2000000 };
    snapshot now = { 0 };

    for (int i = 0; i < 10000 && now.n < n_records; i++) {
        nanosleep(&tick, NULL);
        take_snapshot(dir, &now);
    }
    nanosleep(&pause, NULL);
    kill(-group, SIGKILL);
    waitpid(group, NULL, 0);
}

/* kill -9 of the whole process group at five moments, then a run to the end. */
static void five_kills_change_nothing_and_lose_nothing(void **unused)
{
    static const size_t n_records[5] = { 0, 1, 3, 6, 9 };
    static const long moments_ms[5] = { 9, 13, 2, 21, 5 };
    char calm[128], stormy[128], database[256], command[512];
    screen_run_outcome outcome;
    snapshot before = { 0 }, after;
    (void)unused;

    directory(calm, sizeof calm, "calm");
    directory(stormy, sizeof stormy, "stormy");
    assert_int_equal(run(calm, 2, &outcome, NULL), DFT_OK);
    delay_ns = 30000000;
    for (int i = 0; i < 5; i++) {
        const pid_t pid = fork();
        if (pid == 0) {
            setpgid(0, 0);
            run(stormy, 2, &outcome, NULL);
            _exit(0);
        }
        setpgid(pid, pid);
        kill_group_after(stormy, pid, n_records[i], moments_ms[i]);
        take_snapshot(stormy, &after);
        assert_all_kept(&before, &after);
        before = after;
    }
    delay_ns = 0;
    assert_int_equal(run(stormy, 2, &outcome, NULL), DFT_OK);
    assert_true(outcome.count.n_reused > 0);
    take_snapshot(stormy, &after);
    assert_all_kept(&before, &after);
    char *undisturbed = content(calm, "ranked.csv"), *disturbed = content(stormy, "ranked.csv");
    assert_string_equal(undisturbed, disturbed);
    free(undisturbed);
    free(disturbed);
    snprintf(database, sizeof database, "%s/results.sqlite", stormy);
    snprintf(command, sizeof command, "command -v sqlite3 > /dev/null || exit 0; "
             "test \"$(sqlite3 %s 'PRAGMA integrity_check')\" = ok", database);
    assert_int_equal(access(database, R_OK), 0);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "test -z \"$(find %s -name '*.tmp')\"", stormy);
    assert_int_equal(system(command), 0);
}

static void two_runs_in_one_directory_are_refused(void **unused)
{
    char dir[128];
    int lock = -1;
    screen_run_outcome outcome;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    directory(dir, sizeof dir, "shared");
    assert_int_equal(screen_run_dir_make(dir, NULL), DFT_OK);
    assert_int_equal(screen_run_dir_lock(dir, &lock, NULL), DFT_OK);
    assert_int_equal(screen_run_dir_is_locked(dir), 1);
    assert_int_equal(run(dir, 1, &outcome, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "another liscreen is running in this directory"));
    assert_int_equal(dft_exit_code(err.status), 75);
    close(lock);
    assert_int_equal(screen_run_dir_is_locked(dir), 0);
}

/* `liscreen status` in another terminal tries the lock for an instant, which is no second run. */
static void a_glance_at_the_lock_does_not_refuse_a_run(void **unused)
{
    const struct timespec glance = { 0, 100000000 };
    char dir[128], path[160];
    int held[2], lock = -1;
    char ready = 0;
    (void)unused;

    directory(dir, sizeof dir, "glance");
    snprintf(path, sizeof path, "%s/lock", dir);
    assert_int_equal(screen_run_dir_make(dir, NULL), DFT_OK);
    assert_int_equal(pipe(held), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        const int fd = open(path, O_RDWR | O_CREAT, 0666);
        flock(fd, LOCK_SH);
        if (write(held[1], "x", 1) == 1)
            nanosleep(&glance, NULL);
        _exit(0);
    }
    assert_int_equal(read(held[0], &ready, 1), 1);
    assert_int_equal(screen_run_dir_is_locked(dir), 0);         /* two may look */
    assert_int_equal(screen_run_dir_lock(dir, &lock, NULL), DFT_OK);
    close(lock);
    close(held[0]);
    close(held[1]);
    waitpid(pid, NULL, 0);
}

static void a_directory_that_cannot_be_written_is_named(void **unused)
{
    screen_run_outcome outcome;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(run("/proc/liscreen/run", 1, &outcome, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "/proc/liscreen"));
    assert_int_equal(dft_exit_code(err.status), 75);
}

/* Files may not grow beyond a limit that the specifications fit in and the records do not: writing
 * then fails in the middle, as on a full disk. */
static void a_full_disk_ends_the_run_and_the_next_one_goes_on(void **unused)
{
    char dir[128];
    screen_run_outcome outcome;
    snapshot before, after;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    directory(dir, sizeof dir, "full");
    largest_file = 2000;
    assert_int_equal(run(dir, 1, &outcome, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "records"));
    take_snapshot(dir, &before);
    assert_int_equal(before.n, 0);                  /* no torn record */
    largest_file = RLIM_INFINITY;
    assert_int_equal(run(dir, 1, &outcome, &err), DFT_OK);
    take_snapshot(dir, &after);
    assert_int_equal(after.n, 13);
}

static void failed_tasks_are_kept_until_asked_for_again(void **unused)
{
    char dir[128];
    const screen_run_options again = { .jobs = 2, .retry_failed = 1 };
    screen_project *project = NULL;
    screen_app app;
    screen_run_outcome outcome;
    (void)unused;

    directory(dir, sizeof dir, "failed");
    fake.unconverged_z = 29;
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
    assert_int_equal(outcome.count.n_failed, 6);    /* copper: eos, and what waits for it */
    fake.unconverged_z = 0;
    char *csv = content(dir, "ranked.csv");
    assert_non_null(strstr(csv, "\n1,Al-111"));
    assert_non_null(strstr(csv, "\n,Cu-111"));
    assert_non_null(strstr(csv, "did not converge"));
    free(csv);
    assert_int_equal(run(dir, 2, &outcome, NULL), DFT_OK);
    assert_int_equal(outcome.count.n_failed, 6);
    app_init(&app);
    assert_int_equal(screen_project_open(&app, campaign_path, &project, NULL), DFT_OK);
    assert_int_equal(screen_run(project, campaign_path, dir, &again, &outcome, NULL), DFT_OK);
    assert_int_equal(outcome.count.n_failed, 0);
    screen_project_close(project);
    fclose(app.out);
}

static void unknown_candidates_name_file_and_line(void **unused)
{
    char path[128];
    screen_project *project = NULL;
    screen_app app;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    directory(path, sizeof path, "wrong.yaml");
    FILE *file = fopen(path, "w");
    fputs("name: x\ncandidates:\n  - Al-111\n  - Cv-111\n", file);
    fclose(file);
    app_init(&app);
    assert_int_equal(screen_project_open(&app, path, &project, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "wrong.yaml:4:"));
    assert_non_null(strstr(err.message, "Cu-111"));
    fclose(app.out);
}

static void verbs_work_on_a_finished_run(void **unused)
{
    char words[512], said[8192], dir[128];
    (void)unused;

    directory(dir, sizeof dir, "typed");
    snprintf(words, sizeof words, "run %s --dir=%s --jobs=2", campaign_path, dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "[  13/13  ]"));
    snprintf(words, sizeof words, "status %s", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "13 of 13 tasks done"));
    snprintf(words, sizeof words, "rank %s", dir);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "Al-111"));
    snprintf(words, sizeof words, "export %s --format=extxyz --out=%s/all.extxyz", dir, root);
    assert_int_equal(type(words, said, sizeof said), 0);
    char *all = content(root, "all.extxyz");
    assert_non_null(strstr(all, "Lattice=\""));
    free(all);
    snprintf(words, sizeof words, "run %s --dry-run", campaign_path);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "13 tasks for 2 candidates"));
}

static void slabs_and_sites_come_from_names_and_files(void **unused)
{
    char words[512], said[8192];
    (void)unused;

    snprintf(words, sizeof words, "slab Al --facet=111 --layers=4 --out=%s/al.extxyz", root);
    assert_int_equal(type(words, said, sizeof said), 0);
    assert_non_null(strstr(said, "4 atoms, 4 layers"));
    snprintf(words, sizeof words, "sites %s/al.extxyz --json=%s/sites.json", root, root);
    assert_int_equal(type(words, said, sizeof said), 0);
    char *sites = content(root, "sites.json");
    for (const char *const *name = (const char *const[]){ "ontop", "bridge", "fcc", "hcp", NULL };
         *name; name++)
        assert_non_null(strstr(sites, *name));
    free(sites);
    assert_int_equal(type("slab Al --facet=111", said, sizeof said), 64);
    assert_int_equal(type("sites nothing.cif", said, sizeof said), 66);
    assert_int_equal(type("sites Alu --facet=111", said, sizeof said), 65);
}

static void mistakes_are_answered_in_one_sentence_and_a_code(void **unused)
{
    char said[8192], words[512], path[128];
    (void)unused;

    assert_int_equal(type("rnk", said, sizeof said), 64);
    assert_non_null(strstr(said, "did you mean 'rank'?"));
    assert_int_equal(type("run missing.yaml", said, sizeof said), 66);
    assert_non_null(strstr(said, "missing.yaml"));
    assert_int_equal(type("status /tmp", said, sizeof said), 66);
    assert_non_null(strstr(said, "is no run directory"));
    assert_int_equal(type("run a.yaml --dryrun", said, sizeof said), 64);
    assert_non_null(strstr(said, "did you mean 'dry-run'?"));
    assert_int_equal(type("export /tmp --format=xml", said, sizeof said), 64);
    assert_int_equal(type("--data-dir rank", said, sizeof said), 64);
    assert_non_null(strstr(said, "--data-dir needs a value: --data-dir=ROOT"));
    assert_int_equal(type("task /tmp", said, sizeof said), 64);
    snprintf(words, sizeof words, "task %s 0123", root);
    assert_int_equal(type(words, said, sizeof said), 66);
    snprintf(path, sizeof path, "%s/logs", root);
    assert_int_equal(access(path, F_OK), -1);           /* nothing is left where there is no task */
    snprintf(words, sizeof words, "run %s", root);
    assert_int_equal(type(words, said, sizeof said), 66);
    assert_non_null(strstr(said, "is a directory; give the path of a campaign file"));
    snprintf(words, sizeof words, "run %s --dir=%s", campaign_path, campaign_path);
    assert_int_equal(type(words, said, sizeof said), 75);
    assert_non_null(strstr(said, "toy.yaml is a file, not a directory; choose another"));
    for (const char *const *verb = (const char *const[]){ "export /nowhere --out=",
         "slab Al --facet=111 --out=", "sites Al --facet=111 --json=", NULL }; *verb; verb++) {
        snprintf(words, sizeof words, "%s/nowhere/x.xyz", *verb);
        assert_int_equal(type(words, said, sizeof said), 75);   /* before anything else is done */
        assert_non_null(strstr(said, "/nowhere/x"));
    }
    assert_int_equal(type("--help", said, sizeof said), 0);
    for (const char *const *verb = (const char *const[]){ "run", "status", "rank", "export",
         "slab", "sites", "task", NULL }; *verb; verb++) {
        snprintf(words, sizeof words, "%s --help", *verb);
        assert_int_equal(type(words, said, sizeof said), 0);
        assert_non_null(strstr(said, "usage: liscreen"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_run_computes_nothing_and_writes_the_same_bytes),
        cmocka_unit_test(five_kills_change_nothing_and_lose_nothing),
        cmocka_unit_test(two_runs_in_one_directory_are_refused),
        cmocka_unit_test(a_glance_at_the_lock_does_not_refuse_a_run),
        cmocka_unit_test(a_directory_that_cannot_be_written_is_named),
        cmocka_unit_test(a_full_disk_ends_the_run_and_the_next_one_goes_on),
        cmocka_unit_test(failed_tasks_are_kept_until_asked_for_again),
        cmocka_unit_test(unknown_candidates_name_file_and_line),
        cmocka_unit_test(verbs_work_on_a_finished_run),
        cmocka_unit_test(slabs_and_sites_come_from_names_and_files),
        cmocka_unit_test(mistakes_are_answered_in_one_sentence_and_a_code),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
