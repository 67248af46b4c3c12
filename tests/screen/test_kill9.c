/* A small real campaign, engine and all: kill -9 of the whole process group at five random moments, then
 * a run to the end, against a run that nobody disturbed.  test_runner does the same with a fake engine
 * at chosen moments; here the moments are random and the seed is printed. */

#include "tests/support/assert_close.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "results/record.h"

/* Settings as low as they go: what is computed does not matter, that it is the same does. */
static const char campaign_text[] =
    "name: tiny\ncandidates: [Li-110]\n"
    "protocol: {name: quick, ecut_ev: {metal: 150, with_o_c: 150}, k_spacing_per_ang: 0.8,\n"
    "           layers: 2, vacuum_ang: 8, energy_tol_ev: 1.0e-3}\njobs: 2\n";

static char root[] = "/tmp/liscreen-kill9-XXXXXX";
static char program[1024], campaign_path[128];

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void sleep_s(double seconds)
{
    const struct timespec pause = { (time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds)) };
    nanosleep(&pause, NULL);
}

/* Starts `liscreen run` in a process group of its own, silently. */
static pid_t start(const char *dir)
{
    char option[160];
    const pid_t pid = fork();

    snprintf(option, sizeof option, "--dir=%s", dir);
    if (pid == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        setpgid(0, 0);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execl(program, "liscreen", "run", campaign_path, option, (char *)NULL);
        _exit(127);
    }
    setpgid(pid, pid);
    return pid;
}

static int run_to_the_end(const char *dir)
{
    int how = 0;

    waitpid(start(dir), &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static void run_and_kill_after(const char *dir, double seconds)
{
    const pid_t group = start(dir);

    sleep_s(seconds);
    kill(-group, SIGKILL);
    waitpid(group, NULL, 0);
}

static char *content(const char *dir, const char *name)
{
    char path[256];
    char *text = calloc(1, 1 << 16);

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

/* The inode of every record: one that is computed again has another. */
typedef struct { size_t n; ino_t inode[64]; } snapshot;

static void take_snapshot(const char *dir, snapshot *s)
{
    char path[256];
    struct dirent *entry;

    s->n = 0;
    snprintf(path, sizeof path, "%s/records", dir);
    DIR *records = opendir(path);
    while (records && (entry = readdir(records)) != NULL)
        if (entry->d_name[0] != '.' && s->n < 64)
            s->inode[s->n++] = entry->d_ino;
    if (records)
        closedir(records);
}

static void assert_all_kept(const snapshot *before, const snapshot *after)
{
    for (size_t i = 0; i < before->n; i++) {
        size_t j = 0;
        while (j < after->n && after->inode[j] != before->inode[i])
            j++;
        assert_true(j < after->n);
    }
}

static dft_status count_record(void *user, const char *key, const json_t *record, dft_error *err)
{
    (void)key, (void)record, (void)err;
    ++*(size_t *)user;
    return DFT_OK;
}

static void fail_on_bad(void *user, const char *path, const dft_error *why)
{
    (void)user, (void)path;
    fail_msg("%s", why->message);
}

/* Every record is whole, at any moment. */
static size_t count_whole_records(const char *dir)
{
    size_t n = 0;
    const res_record_visitor visitor = { &n, count_record, fail_on_bad };

    assert_int_equal(res_record_each(dir, &visitor, NULL), DFT_OK);
    return n;
}

static void assert_database_is_whole(const char *dir)
{
    static const char *const questions[] = {
        "PRAGMA integrity_check", "SELECT iif(count(*) = 0, 'ok', 'dangling') FROM"
        " pragma_foreign_key_check",
    };
    char path[256];
    sqlite3 *db = NULL;

    snprintf(path, sizeof path, "%s/results.sqlite", dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *query = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, questions[i], -1, &query, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(query), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(query, 0), "ok");
        sqlite3_finalize(query);
    }
    sqlite3_close(db);
}

static void five_kills_at_random_moments_change_no_byte_of_the_list(void **unused)
{
    const unsigned seed = (unsigned)time(NULL);
    char calm[64], stormy[64], command[160];
    snapshot before = { 0 }, after;
    (void)unused;

    snprintf(calm, sizeof calm, "%s/calm", root);
    snprintf(stormy, sizeof stormy, "%s/stormy", root);
    const double begun_s = now_s();
    assert_int_equal(run_to_the_end(calm), 0);
    const double took_s = now_s() - begun_s;
    print_message("%.1f s undisturbed; moments by srand(%u)\n", took_s, seed);
    srand(seed);
    for (int i = 0; i < 5; i++) {           /* together nearly one run, on average */
        run_and_kill_after(stormy, took_s / 3.0 * rand() / RAND_MAX);
        take_snapshot(stormy, &after);
        assert_all_kept(&before, &after);
        assert_int_equal(count_whole_records(stormy), after.n);
        before = after;
    }
    print_message("%zu records after five kills\n", before.n);
    assert_int_equal(run_to_the_end(stormy), 0);
    take_snapshot(stormy, &after);
    assert_all_kept(&before, &after);
    assert_int_equal(count_whole_records(stormy), count_whole_records(calm));
    char *undisturbed = content(calm, "ranked.csv"), *disturbed = content(stormy, "ranked.csv");
    assert_string_equal(undisturbed, disturbed);
    assert_non_null(strstr(undisturbed, "\n1,Li-110"));
    free(undisturbed);
    free(disturbed);
    assert_database_is_whole(stormy);
    snprintf(command, sizeof command, "test -z \"$(find %s -name '*.tmp')\"", stormy);
    assert_int_equal(system(command), 0);
}

/* build/tests/screen/test_kill9 -> build/bin/liscreen */
static int find_program(void)
{
    const ssize_t n = readlink("/proc/self/exe", program, sizeof program - 32);

    if (n <= 0)
        return -1;
    program[n] = '\0';
    for (int i = 0; i < 3; i++) {
        char *slash = strrchr(program, '/');
        if (!slash)
            return -1;
        *slash = '\0';
    }
    strcat(program, "/bin/liscreen");
    return access(program, X_OK);
}

static int make_root(void **unused)
{
    (void)unused;
    if (find_program() != 0 || !mkdtemp(root))
        return -1;
    snprintf(campaign_path, sizeof campaign_path, "%s/tiny.yaml", root);
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
        cmocka_unit_test(five_kills_at_random_moments_change_no_byte_of_the_list),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
