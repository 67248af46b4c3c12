/*
 * tests/screen/toy_campaign.h - a whole campaign with a fake calculator, every task in a process of its
 * own, and the verbs as a user types them.
 */
#ifndef TEST_TOY_CAMPAIGN_H
#define TEST_TOY_CAMPAIGN_H

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dft-lite/base/threads.h"
#include "screen/app.h"
#include "screen/project.h"
#include "screen/runner.h"
#include "screen/scheduler.h"
#include "screen/verbs.h"
#include "tests/support/assert_close.h"
#include "tests/workflows/fake_calculator.h"
#include "workflows/task.h"

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
static void (*before_task)(const char *run_dir, const char *key) = NULL;    /* in the child */

static inline pid_t launch(const screen_app *app, const char *run_dir, const char *key, int threads,
                           int error_fd)
{
    const pid_t parent = getpid(), pid = fork();
    const flow_task_options options = { .calculator = app->calculator };
    const struct timespec pause = { 0, delay_ns };
    res_outcome outcome;
    int stopped = 0;
    dft_error err = { DFT_OK, "" };
    (void)threads;

    if (pid != 0)
        return pid;
    screen_child_begin(parent, error_fd);
    if (before_task)
        before_task(run_dir, key);
    nanosleep(&pause, NULL);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ largest_file, RLIM_INFINITY });
    const dft_status status = flow_task_run(run_dir, key, &options, &outcome, &stopped, &err);
    if (status != DFT_OK)
        fprintf(stderr, "%s\n", err.message);
    _exit(dft_exit_code(status));
}

static inline void app_init(screen_app *app)
{
    memset(app, 0, sizeof *app);
    assert_int_equal(screen_app_set_data_root(app, ".", NULL), DFT_OK);
    calculator = fake_calculator(&fake);
    app->calculator = &calculator;
    app->launch = launch;
    app->out = app->progress = fopen("/dev/null", "w");
}

static inline dft_status run(const char *dir, int jobs, screen_run_outcome *outcome, dft_error *err)
{
    const screen_run_options options = { .jobs = jobs };
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

static inline char *content(const char *dir, const char *name)
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

static inline void directory(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", root, name);
}

/* Inode and time of every record: what was computed again has others. */
typedef struct { size_t n; struct { char name[96]; ino_t inode; } record[64]; } snapshot;

static inline void take_snapshot(const char *dir, snapshot *s)
{
    char path[512];
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

static inline void assert_all_kept(const snapshot *before, const snapshot *after)
{
    for (size_t i = 0; i < before->n; i++) {
        size_t j = 0;
        while (j < after->n && strcmp(after->record[j].name, before->record[i].name) != 0)
            j++;
        assert_true(j < after->n);
        assert_int_equal(after->record[j].inode, before->record[i].inode);
    }
}

/* Runs liscreen on the words of a line; said gets all that it printed.  Returns the exit code. */
static inline int type(const char *words, char *said, size_t size)
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

static inline int make_root(void **unused)
{
    (void)unused;
    dft_threads_set(1, NULL);       /* tasks are forks: threads that the parent started are not there */
    if (!mkdtemp(root))
        return -1;
    snprintf(campaign_path, sizeof campaign_path, "%s/toy.yaml", root);
    FILE *file = fopen(campaign_path, "w");
    if (!file)
        return -1;
    fputs(campaign_text, file);
    return fclose(file);
}

static inline int remove_root(void **unused)
{
    char command[96];
    (void)unused;
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

#endif
