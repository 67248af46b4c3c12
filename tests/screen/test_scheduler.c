#include "tests/support/assert_close.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "screen/scheduler.h"

/* Tasks are forked children that do what task->step says and leave RUN/NAME as their record. */
typedef struct {
    char dir[64];
    flow_graph graph;
    screen_task_status status[16];
    screen_schedule_options options;
    int n_launched, threads[16];
    char order[256];                /* subjects in the order of their launch */
    int most_running;
} bench;

static void record_path(const bench *b, const flow_task *task, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", b->dir, task->subject);
}

static void leave_record(const bench *b, const flow_task *task, const char *text)
{
    char path[160];
    record_path(b, task, path, sizeof path);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void child(const bench *b, const flow_task *task)
{
    if (strcmp(task->step, "sleep") == 0)
        sleep(60);
    if (strcmp(task->step, "put down") == 0) {      /* keeps what it has when asked to stop */
        sigset_t term;
        int number;
        sigemptyset(&term);
        sigaddset(&term, SIGTERM);
        sigprocmask(SIG_BLOCK, &term, NULL);
        sigwait(&term, &number);
        char path[200];
        snprintf(path, sizeof path, "%s/put-down", b->dir);
        close(open(path, O_CREAT | O_WRONLY, 0600));
        _exit(85);
    }
    if (strcmp(task->step, "deaf") == 0) {
        signal(SIGTERM, SIG_IGN);
        sleep(60);
    }
    if (strcmp(task->step, "no memory once") == 0) {
        char path[200];
        snprintf(path, sizeof path, "%s/refused", b->dir);
        if (access(path, F_OK) != 0) {
            close(open(path, O_CREAT | O_WRONLY, 0600));
            _exit(86);
        }
    }
    if (strcmp(task->step, "die") == 0)
        raise(SIGKILL);
    if (strcmp(task->step, "die once") == 0) {
        char path[200];
        snprintf(path, sizeof path, "%s/died", b->dir);
        if (access(path, F_OK) != 0) {
            close(open(path, O_CREAT | O_WRONLY, 0600));
            raise(SIGKILL);
        }
    }
    if (strcmp(task->step, "no space") == 0) {
        fprintf(stderr, "liscreen task: /run/x: no space left on device\n");
        _exit(75);
    }
    if (strcmp(task->step, "no file") == 0) {
        fprintf(stderr, "noise\nliscreen task: no such data set\n");
        _exit(66);
    }
    leave_record(b, task, strcmp(task->step, "unusable") == 0 ? "not converged" : "");
    _exit(0);
}

static pid_t launch(void *context, const flow_task *task, int threads, int error_fd)
{
    bench *b = context;
    const pid_t parent = getpid(), pid = fork();

    if (pid == 0) {
        screen_child_begin(parent, error_fd);
        child(b, task);
    }
    b->threads[b->n_launched++] = threads;
    strcat(strcat(b->order, task->subject), " ");
    return pid;
}

static int look_up(void *context, const flow_task *task, screen_task_record *record)
{
    char path[160];
    record_path(context, task, path, sizeof path);
    FILE *file = fopen(path, "r");

    if (!file)
        return 0;
    if (!fgets(record->reason, sizeof record->reason, file))
        record->reason[0] = '\0';
    record->usable = record->reason[0] == '\0';
    fclose(file);
    return 1;
}

static void on_change(void *context, const flow_graph *graph, const screen_task_status *status,
                      size_t task)
{
    bench *b = context;
    const int n = (int)screen_schedule_progress(graph, status, 1).n_running;
    (void)task;
    b->most_running = n > b->most_running ? n : b->most_running;
}

static void bench_init(bench *b, int jobs)
{
    memset(b, 0, sizeof *b);
    snprintf(b->dir, sizeof b->dir, "/tmp/liscreen-sched-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    flow_graph_init(&b->graph);
    b->options = (screen_schedule_options){ .jobs = jobs, .launch = launch, .look_up = look_up,
                                            .on_change = on_change, .context = b };
}

/* The children of this bench show no sign of life. */
static long long no_pulse(void *context, const flow_task *task)
{
    (void)context, (void)task;
    return 0;
}

static void add(bench *b, const char *name, const char *what, double cost, int upstream)
{
    char spec[64];
    flow_task task = { .cost_s = cost, .spec = spec };
    size_t index;

    snprintf(spec, sizeof spec, "{\"n\":\"%s\"}", name);
    snprintf(task.subject, sizeof task.subject, "%s", name);
    snprintf(task.step, sizeof task.step, "%s", what);
    if (upstream >= 0) {
        task.n_upstream = 1;
        task.upstream[0] = (size_t)upstream;
    }
    assert_int_equal(flow_graph_add(&b->graph, &task, &index, NULL), DFT_OK);
}

static screen_schedule_end run(bench *b)
{
    screen_schedule_end end;
    assert_int_equal(screen_schedule_run(&b->graph, &b->options, b->status, &end, NULL), DFT_OK);
    return end;
}

static void bench_clear(bench *b)
{
    char command[96];
    flow_graph_clear(&b->graph);
    snprintf(command, sizeof command, "rm -rf %s", b->dir);
    assert_int_equal(system(command), 0);
}

static void the_longest_chain_goes_first_and_nothing_before_its_upstream(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 1);
    add(&b, "short", "", 1.0, -1);
    add(&b, "root", "", 1.0, -1);
    add(&b, "leaf", "", 9.0, 1);
    add(&b, "long", "", 5.0, -1);
    assert_int_equal(run(&b), SCREEN_ENDED_DONE);
    assert_string_equal(b.order, "root leaf long short ");
    for (int i = 0; i < 4; i++)
        assert_int_equal(b.status[i].state, SCREEN_DONE);
    bench_clear(&b);
}

static void no_more_run_at_once_than_jobs_and_as_many(void **unused)
{
    bench b;
    char name[8];
    (void)unused;

    bench_init(&b, 3);
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "t%d", i);
        add(&b, name, "", 1.0, -1);
    }
    run(&b);
    assert_int_equal(b.most_running, 3);
    bench_clear(&b);
}

static void finished_records_are_not_computed_again(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 2);
    add(&b, "one", "", 1.0, -1);
    add(&b, "two", "unusable", 1.0, -1);
    run(&b);
    assert_int_equal(b.n_launched, 2);
    run(&b);
    assert_int_equal(b.n_launched, 2);
    assert_int_equal(b.status[0].reused, 1);
    assert_int_equal(b.status[1].state, SCREEN_FAILED);
    assert_string_equal(b.status[1].reason, "not converged");
    bench_clear(&b);
}

static void a_death_costs_one_task_and_is_tried_once_more(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 1);
    add(&b, "dies", "die", 5.0, -1);
    add(&b, "below", "", 1.0, 0);
    add(&b, "phoenix", "die once", 4.0, -1);
    add(&b, "fine", "", 3.0, -1);
    assert_int_equal(run(&b), SCREEN_ENDED_DONE);
    assert_int_equal(b.status[0].state, SCREEN_CRASHED);
    assert_int_equal(b.status[0].crashes, 2);
    assert_non_null(strstr(b.status[0].reason, "killed by signal 9"));
    assert_int_equal(b.status[1].state, SCREEN_SKIPPED);
    assert_non_null(strstr(b.status[1].reason, "dies die: the process was killed"));
    assert_int_equal(b.status[2].state, SCREEN_DONE);
    assert_int_equal(b.status[3].state, SCREEN_DONE);
    b.n_launched = 0;
    run(&b);                        /* the next run tries it again */
    assert_int_equal(b.n_launched, 2);
    bench_clear(&b);
}

static void the_last_words_of_a_failing_task_are_its_reason(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 1);
    add(&b, "lost", "no file", 1.0, -1);
    run(&b);
    assert_int_equal(b.status[0].state, SCREEN_CRASHED);
    assert_string_equal(b.status[0].reason, "liscreen task: no such data set");
    bench_clear(&b);
}

static void a_full_disk_stops_the_run_and_keeps_what_is_finished(void **unused)
{
    bench b;
    screen_schedule_end end;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    bench_init(&b, 1);
    add(&b, "first", "", 9.0, -1);
    add(&b, "full", "no space", 5.0, -1);
    add(&b, "never", "", 1.0, -1);
    assert_int_equal(screen_schedule_run(&b.graph, &b.options, b.status, &end, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "no space left on device"));
    assert_int_equal(dft_exit_code(err.status), 75);
    assert_int_equal(b.status[0].state, SCREEN_DONE);
    assert_int_equal(b.n_launched, 2);
    bench_clear(&b);
}

static void the_time_limit_and_the_stop_file_end_a_run_at_once(void **unused)
{
    bench b;
    char stop[128];
    (void)unused;

    bench_init(&b, 2);
    add(&b, "slow", "sleep", 1.0, -1);
    b.options.max_time_s = 0.3;
    const time_t begun = time(NULL);
    assert_int_equal(run(&b), SCREEN_ENDED_TIME);
    assert_true(time(NULL) - begun < 10);
    assert_int_equal(b.status[0].state, SCREEN_WAITING);
    assert_string_equal(b.status[0].reason, "");
    b.options.max_time_s = 0.0;
    snprintf(stop, sizeof stop, "%s/STOP", b.dir);
    close(open(stop, O_CREAT | O_WRONLY, 0600));
    b.options.stop_file = stop;
    assert_int_equal(run(&b), SCREEN_ENDED_STOP_FILE);
    bench_clear(&b);
}

static void a_signal_ends_a_run_and_leaves_no_child(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 2);
    add(&b, "slow", "sleep", 1.0, -1);
    const pid_t self = getpid(), helper = fork();
    if (helper == 0) {
        const struct timespec pause = { 0, 200000000 };
        nanosleep(&pause, NULL);
        kill(self, SIGTERM);
        _exit(0);
    }
    assert_int_equal(run(&b), SCREEN_ENDED_SIGNAL);
    assert_int_equal(b.status[0].pid, 0);
    bench_clear(&b);
}

static void what_shows_no_sign_of_life_is_killed_and_tried_once_more(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 1);
    b.options.pulse = no_pulse;
    b.options.hang_floor_s = 0.2;
    add(&b, "hangs", "deaf", 0.01, -1);
    add(&b, "fine", "", 0.001, -1);
    assert_int_equal(run(&b), SCREEN_ENDED_DONE);
    assert_int_equal(b.status[0].state, SCREEN_CRASHED);
    assert_int_equal(b.status[0].crashes, 2);
    assert_non_null(strstr(b.status[0].reason, "no sign of life"));
    assert_int_equal(b.status[1].state, SCREEN_DONE);
    bench_clear(&b);
}

static void a_stopped_run_lets_its_tasks_put_down_what_they_have(void **unused)
{
    bench b;
    char path[128];
    (void)unused;

    bench_init(&b, 2);
    add(&b, "careful", "put down", 2.0, -1);
    add(&b, "stubborn", "deaf", 1.0, -1);
    b.options.max_time_s = 0.3;
    b.options.grace_s = 0.5;
    assert_int_equal(run(&b), SCREEN_ENDED_TIME);
    snprintf(path, sizeof path, "%s/put-down", b.dir);
    assert_int_equal(access(path, F_OK), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(b.status[i].state, SCREEN_WAITING);
        assert_int_equal(b.status[i].pid, 0);
        assert_string_equal(b.status[i].reason, "");
    }
    bench_clear(&b);
}

static void sigusr1_ends_a_run_as_sigterm_does(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 1);
    add(&b, "slow", "sleep", 1.0, -1);
    const pid_t self = getpid(), helper = fork();
    if (helper == 0) {
        const struct timespec pause = { 0, 200000000 };
        nanosleep(&pause, NULL);
        kill(self, SIGUSR1);
        _exit(0);
    }
    assert_int_equal(run(&b), SCREEN_ENDED_SIGNAL);
    bench_clear(&b);
}

static void tasks_whose_memory_does_not_fit_together_run_one_after_another(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 4);
    b.options.memory_mib = 1000.0;
    for (int i = 0; i < 4; i++) {
        char name[8];
        snprintf(name, sizeof name, "m%d", i);
        add(&b, name, "", 1.0, -1);
        b.graph.task[i].memory_mib = 450.0;
    }
    assert_int_equal(run(&b), SCREEN_ENDED_DONE);
    assert_int_equal(b.most_running, 2);
    bench_clear(&b);
}

static void what_can_never_fit_is_refused_with_both_numbers(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 2);
    b.options.memory_mib = 1000.0;
    add(&b, "giant", "", 1.0, -1);
    add(&b, "below", "", 1.0, 0);
    add(&b, "fine", "", 1.0, -1);
    b.graph.task[0].memory_mib = 5000.0;
    assert_int_equal(run(&b), SCREEN_ENDED_DONE);
    assert_int_equal(b.status[0].state, SCREEN_REFUSED);
    assert_non_null(strstr(b.status[0].reason, "5000 MiB"));
    assert_non_null(strstr(b.status[0].reason, "1000 MiB"));
    assert_int_equal(b.status[1].state, SCREEN_SKIPPED);
    assert_int_equal(b.status[2].state, SCREEN_DONE);
    assert_int_equal(b.n_launched, 1);
    bench_clear(&b);
}

/* The second try is alone: nothing else runs while it does. */
static void a_task_that_lacked_memory_runs_alone_the_second_time(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 2);
    add(&b, "greedy", "no memory once", 9.0, -1);
    add(&b, "one", "", 2.0, -1);
    add(&b, "two", "", 1.0, -1);
    assert_int_equal(run(&b), SCREEN_ENDED_DONE);
    assert_int_equal(b.status[0].state, SCREEN_DONE);
    assert_int_equal(b.status[0].crashes, 1);
    assert_int_equal(b.n_launched, 4);
    bench_clear(&b);
}

/* Four threads: one task gets all; three get one each, and what is left when the last begins. */
static void idle_threads_go_to_the_tasks_that_run(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 4);
    add(&b, "root", "", 9.0, -1);
    add(&b, "a", "", 3.0, 0);
    add(&b, "b", "", 2.0, 0);
    add(&b, "c", "", 1.0, 0);
    assert_int_equal(run(&b), SCREEN_ENDED_DONE);
    assert_int_equal(b.threads[0], 4);
    assert_int_equal(b.threads[1], 1);
    assert_int_equal(b.threads[2], 1);
    assert_true(b.threads[3] >= 2);
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_chain_goes_first_and_nothing_before_its_upstream),
        cmocka_unit_test(no_more_run_at_once_than_jobs_and_as_many),
        cmocka_unit_test(finished_records_are_not_computed_again),
        cmocka_unit_test(a_death_costs_one_task_and_is_tried_once_more),
        cmocka_unit_test(the_last_words_of_a_failing_task_are_its_reason),
        cmocka_unit_test(a_full_disk_stops_the_run_and_keeps_what_is_finished),
        cmocka_unit_test(the_time_limit_and_the_stop_file_end_a_run_at_once),
        cmocka_unit_test(a_signal_ends_a_run_and_leaves_no_child),
        cmocka_unit_test(what_shows_no_sign_of_life_is_killed_and_tried_once_more),
        cmocka_unit_test(a_stopped_run_lets_its_tasks_put_down_what_they_have),
        cmocka_unit_test(sigusr1_ends_a_run_as_sigterm_does),
        cmocka_unit_test(tasks_whose_memory_does_not_fit_together_run_one_after_another),
        cmocka_unit_test(what_can_never_fit_is_refused_with_both_numbers),
        cmocka_unit_test(a_task_that_lacked_memory_runs_alone_the_second_time),
        cmocka_unit_test(idle_threads_go_to_the_tasks_that_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
