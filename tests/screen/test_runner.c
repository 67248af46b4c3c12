#include "tests/support/assert_close.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "results/record.h"
#include "screen/app.h"
#include "screen/project.h"
#include "screen/run_dir.h"
#include "screen/runner.h"
#include "screen/scheduler.h"
#include "screen/verbs.h"
#include "tests/workflows/fake_calculator.h"
#include "workflows/task.h"

/* A whole campaign with a fake calculator, every task in a process of its own. */
static const char campaign_text[] =
    "name: toy\ncandidates: [Al-111, Cu-111]\n"
    "protocol: {name: quick, max_eos_points: 40, max_heights: 20}\n";

static fake_settings fake;
static flow_calculator calculator;
static char root[] = "/tmp/liscreen-runner-XXXXXX";
static char campaign_path[128];

/* The child computes with the fake in place of an exec of the program.  delay_ns makes tasks
 * last long enough to be killed in the middle. */
static long delay_ns = 0;
static rlim_t largest_file = RLIM_INFINITY;

static pid_t launch(const screen_app *app, const char *run_dir, const char *key, int error_fd)
{
    const pid_t parent = getpid(), pid = fork();
    const flow_task_options options = { .calculator = app->calculator };
    const struct timespec pause = { 0, delay_ns };
    res_outcome outcome;
    dft_error err = { DFT_OK, "" };

    if (pid != 0)
        return pid;
    screen_child_begin(parent, error_fd);
    nanosleep(&pause, NULL);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ largest_file, RLIM_INFINITY });
    const dft_status status = flow_task_run(run_dir, key, &options, &outcome, &err);
    if (status != DFT_OK)
        fprintf(stderr, "%s\n", err.message);
    _exit(dft_exit_code(status));
}

static void app_init(screen_app *app)
{
    memset(app, 0, sizeof *app);
    assert_int_equal(screen_app_set_data_root(app, ".", NULL), DFT_OK);
    calculator = fake_calculator(&fake);
    app->calculator = &calculator;
    app->launch = launch;
    app->out = app->progress = fopen("/dev/null", "w");
}

static dft_status run(const char *dir, int jobs, screen_run_outcome *outcome, dft_error *err)
{
    const screen_run_options options = { jobs, 0.0, 0 };
    screen_project *project = NULL;
    screen_app app;

    app_init(&app);
    dft_status status = screen_project_open(&app, campaign_path, &project, err);
    if (status == DFT_OK)
        status = screen_run(project, campaign_path, dir, &options, outcome, err);
    screen_project_close(project);
    fclose(app.out);
    return status;
}

static char *content(const char *dir, const char *name)
{
    char path[768];
    char *text = calloc(1, 1 << 20);

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "rb");
    if (file) {
        assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
        fclose(file);
    }
    return text;
}

static void directory(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", root, name);
}

/* Inode and time of every record: what was computed again has others. */
typedef struct { size_t n; struct { char name[96]; ino_t inode; } record[64]; } snapshot;

static void take_snapshot(const char *dir, snapshot *s)
{
    char path[256];
    struct dirent *entry;
    struct stat about;

    s->n = 0;
    snprintf(path, sizeof path, "%s/records", dir);
    DIR *records = opendir(path);
    while (records && (entry = readdir(records)) != NULL) {
        if (entry->d_name[0] == '.' || fstatat(dirfd(records), entry->d_name, &about, 0) != 0)
            continue;
        snprintf(s->record[s->n].name, sizeof s->record[0].name, "%.95s", entry->d_name);
        s->record[s->n++].inode = about.st_ino;
    }
    if (records)
        closedir(records);
}

static void assert_all_kept(const snapshot *before, const snapshot *after)
{
    for (size_t i = 0; i < before->n; i++) {
        size_t j = 0;
        while (j < after->n && strcmp(after->record[j].name, before->record[i].name) != 0)
            j++;
        assert_true(j < after->n);
        assert_int_equal(after->record[j].inode, before->record[i].inode);
    }
}

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
    const screen_run_options again = { 2, 0.0, 1 };
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
    fputs("name: x\ncandidates:\n  - Al-111\n  - Cu-11\n", file);
    fclose(file);
    app_init(&app);
    assert_int_equal(screen_project_open(&app, path, &project, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "wrong.yaml:4:"));
    assert_non_null(strstr(err.message, "Cu-111"));
    fclose(app.out);
}

/* ---- verbs, as a user types them ---- */

static int type(const char *words, char *said, size_t size)
{
    char line[512], *argv[12] = { "liscreen" };
    int argc = 1;
    screen_app app;

    snprintf(line, sizeof line, "%s", words);
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    app_init(&app);
    fclose(app.out);
    app.out = app.progress = tmpfile();
    const int code = screen_main(&app, argc, argv);
    rewind(app.out);
    said[fread(said, 1, size - 1, app.out)] = '\0';
    fclose(app.out);
    return code;
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
        snprintf(words, sizeof words, "%s/nowhere/x", *verb);
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

static int make_root(void **unused)
{
    (void)unused;
    if (!mkdtemp(root))
        return -1;
    snprintf(campaign_path, sizeof campaign_path, "%s/toy.yaml", root);
    FILE *file = fopen(campaign_path, "w");
    if (!file)
        return -1;
    fputs(campaign_text, file);
    return fclose(file);
}

static int remove_root(void **unused)
{
    char command[96];
    (void)unused;
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_run_computes_nothing_and_writes_the_same_bytes),
        cmocka_unit_test(five_kills_change_nothing_and_lose_nothing),
        cmocka_unit_test(two_runs_in_one_directory_are_refused),
        cmocka_unit_test(a_directory_that_cannot_be_written_is_named),
        cmocka_unit_test(a_full_disk_ends_the_run_and_the_next_one_goes_on),
        cmocka_unit_test(failed_tasks_are_kept_until_asked_for_again),
        cmocka_unit_test(unknown_candidates_name_file_and_line),
        cmocka_unit_test(verbs_work_on_a_finished_run),
        cmocka_unit_test(an_altered_record_is_said_set_aside_and_computed_again),
        cmocka_unit_test(a_damaged_database_stops_neither_run_nor_rank_nor_export),
        cmocka_unit_test(the_run_of_another_campaign_is_not_overwritten),
        cmocka_unit_test(a_finished_run_is_done_even_with_a_stop_file),
        cmocka_unit_test(records_of_other_tasks_do_not_empty_the_list),
        cmocka_unit_test(a_damaged_specification_is_written_again),
        cmocka_unit_test(a_file_that_may_not_grow_is_reported),
        cmocka_unit_test(results_that_cannot_be_printed_are_75),
        cmocka_unit_test(slabs_and_sites_come_from_names_and_files),
        cmocka_unit_test(mistakes_are_answered_in_one_sentence_and_a_code),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
