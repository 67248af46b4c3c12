#include "screen/scheduler.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dft-lite/base/clock.h"
#include "workflows/cost.h"

#define MOST_CRASHES 2
#define EXIT_CANNOT_WRITE 75
#define NO_TASK ((size_t)-1)

typedef struct {
    const flow_graph *graph;
    const screen_schedule_options *options;
    screen_task_status *status;     /* [n_tasks] */
    double begun_s;
    dft_status failure;             /* DFT_EIO once a task could not write */
    dft_error *err;
} schedule;

const char *screen_task_state_name(screen_task_state state)
{
    static const char *const names[] = { "waiting", "running", "done", "failed", "crashed",
                                         "skipped" };
    return names[state];
}

/* ---- one task's state ---- */

static void announce(const schedule *s, size_t i)
{
    if (s->options->on_change)
        s->options->on_change(s->options->context, s->graph, s->status, i);
}

/* What the record says, if there is one. */
static int take_record(const schedule *s, size_t i)
{
    screen_task_record record = { 0, "", 0.0 };
    screen_task_status *status = &s->status[i];

    if (!s->options->look_up(s->options->context, &s->graph->task[i], &record))
        return 0;
    status->state = record.usable ? SCREEN_DONE : SCREEN_FAILED;
    status->wall_s = record.wall_s;
    snprintf(status->reason, sizeof status->reason, "%s", record.usable ? "" : record.reason);
    return 1;
}

static int is_unusable(const screen_task_status *status)
{
    return status->state == SCREEN_FAILED || status->state == SCREEN_CRASHED
        || status->state == SCREEN_SKIPPED;
}

/* Waiting tasks below one that is not usable are skipped.  One pass suffices: upstream comes first. */
static void skip_hopeless(const schedule *s)
{
    for (size_t i = 0; i < s->graph->n_tasks; i++) {
        const flow_task *task = &s->graph->task[i];
        for (size_t u = 0; u < task->n_upstream && s->status[i].state == SCREEN_WAITING; u++) {
            const flow_task *above = &s->graph->task[task->upstream[u]];
            if (!is_unusable(&s->status[task->upstream[u]]))
                continue;
            char reason[320];       /* a skipped task's reason names the one that began it */
            const screen_task_status *cause = &s->status[task->upstream[u]];
            if (cause->state == SCREEN_SKIPPED)
                snprintf(reason, sizeof reason, "%s", cause->reason);
            else
                snprintf(reason, sizeof reason, "%.60s %.40s: %.200s", above->subject,
                         above->step, cause->reason);
            s->status[i].state = SCREEN_SKIPPED;
            memcpy(s->status[i].reason, reason, sizeof reason);
            announce(s, i);
        }
    }
}

void screen_schedule_survey(const flow_graph *graph, const screen_schedule_options *options,
                            screen_task_status *status)
{
    screen_schedule_options silent = *options;
    const schedule s = { graph, &silent, status, 0.0, DFT_OK, NULL };

    silent.on_change = NULL;
    for (size_t i = 0; i < graph->n_tasks; i++) {
        status[i] = (screen_task_status){ .state = SCREEN_WAITING, .error_fd = -1 };
        status[i].reused = take_record(&s, i);
    }
    skip_hopeless(&s);
}

screen_schedule_count screen_schedule_progress(const flow_graph *graph,
                                               const screen_task_status *status, int jobs)
{
    screen_schedule_count count = { 0, 0, 0, graph->n_tasks, 0, 0.0 };
    double left = 0.0, done = 0.0, actual = 0.0;

    for (size_t i = 0; i < graph->n_tasks; i++) {
        const double cost = graph->task[i].cost_s;
        count.n_done += status[i].state == SCREEN_DONE;
        count.n_failed += (size_t)is_unusable(&status[i]);
        count.n_running += status[i].state == SCREEN_RUNNING;
        count.n_reused += status[i].reused != 0;
        if (status[i].state == SCREEN_WAITING)
            left += cost;
        else if (status[i].state == SCREEN_RUNNING)
            left += 0.5 * cost;     /* on average half way */
        else if (status[i].state == SCREEN_DONE && status[i].wall_s > 0.0) {
            done += cost;
            actual += status[i].wall_s;
        }
    }
    count.time_left_s = flow_cost_time_left_s(left, done, actual, jobs);
    return count;
}

/* ---- starting ---- */

static int is_ready(const schedule *s, size_t i)
{
    if (s->status[i].state != SCREEN_WAITING)
        return 0;
    for (size_t u = 0; u < s->graph->task[i].n_upstream; u++)
        if (s->status[s->graph->task[i].upstream[u]].state != SCREEN_DONE)
            return 0;
    return 1;
}

/* A task's cost and that of the costliest chain that waits for it: what decides when all is done.
 * Filled from the end, because everything upstream comes first. */
static double chain_cost(const flow_graph *graph, size_t i)
{
    double below = 0.0;

    for (size_t j = i + 1; j < graph->n_tasks; j++)
        for (size_t u = 0; u < graph->task[j].n_upstream; u++)
            if (graph->task[j].upstream[u] == i && chain_cost(graph, j) > below)
                below = chain_cost(graph, j);
    return graph->task[i].cost_s + below;
}

static size_t longest_ready(const schedule *s)
{
    size_t best = NO_TASK;
    double best_cost = -1.0;

    for (size_t i = 0; i < s->graph->n_tasks; i++) {
        if (!is_ready(s, i))
            continue;
        const double cost = chain_cost(s->graph, i);
        if (cost > best_cost) {     /* ties go to the earlier task */
            best = i;
            best_cost = cost;
        }
    }
    return best;
}

void screen_child_begin(pid_t parent, int error_fd)
{
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)        /* the parent died before prctl took effect */
        _exit(70);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (error_fd >= 0 && error_fd != STDERR_FILENO) {
        dup2(error_fd, STDERR_FILENO);
        close(error_fd);
    }
}

/* The pipe never blocks the child: what does not fit is lost, and only the last words matter. */
static int open_error_pipe(int fd[2])
{
    if (pipe(fd) != 0)
        return -1;
    fcntl(fd[0], F_SETFD, FD_CLOEXEC);
    fcntl(fd[1], F_SETFD, FD_CLOEXEC);
    fcntl(fd[0], F_SETFL, O_NONBLOCK);
    fcntl(fd[1], F_SETFL, O_NONBLOCK);
    return 0;
}

static void start(schedule *s, size_t i)
{
    screen_task_status *status = &s->status[i];
    int fd[2];

    if (open_error_pipe(fd) != 0) {
        status->state = SCREEN_CRASHED;
        snprintf(status->reason, sizeof status->reason, "no process could be started: %s",
                 strerror(errno));
        return;
    }
    status->pid = s->options->launch(s->options->context, &s->graph->task[i], fd[1]);
    close(fd[1]);
    if (status->pid <= 0) {
        close(fd[0]);
        status->pid = 0;
        status->state = SCREEN_CRASHED;
        snprintf(status->reason, sizeof status->reason, "no process could be started: %s",
                 strerror(errno));
    } else {
        status->error_fd = fd[0];
        status->state = SCREEN_RUNNING;
        status->started_s = dft_clock_s();
    }
    announce(s, i);
}

static size_t count_running(const schedule *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->graph->n_tasks; i++)
        n += s->status[i].state == SCREEN_RUNNING;
    return n;
}

static void start_ready(schedule *s)
{
    size_t next = 0;

    while (count_running(s) < (size_t)s->options->jobs && (next = longest_ready(s)) != NO_TASK)
        start(s, next);
}

/* ---- ending ---- */

/* The last line that a process wrote on its standard error, without its end. */
static void read_last_words(int fd, char *text, size_t size)
{
    char all[4097];
    size_t n = 0;
    ssize_t got = 0;

    while ((got = read(fd, all + n, sizeof all - 1 - n)) > 0) {
        n += (size_t)got;
        if (n == sizeof all - 1) {              /* keep the later half */
            memmove(all, all + n / 2, n - n / 2);
            n -= n / 2;
        }
    }
    while (n > 0 && (all[n - 1] == '\n' || all[n - 1] == ' '))
        n--;
    all[n] = '\0';
    const char *line = strrchr(all, '\n');
    snprintf(text, size, "%.300s", line ? line + 1 : all);
}

static void describe_death(int wait_status, const char *last_words, char *text, size_t size)
{
    if (WIFSIGNALED(wait_status))
        snprintf(text, size, "the process was killed by signal %d (%s)", WTERMSIG(wait_status),
                 strsignal(WTERMSIG(wait_status)));
    else if (last_words[0])
        snprintf(text, size, "%s", last_words);
    else
        snprintf(text, size, "the process ended with exit code %d and left no record",
                 WEXITSTATUS(wait_status));
}

static void collect(schedule *s, size_t i, int wait_status, int stopping)
{
    screen_task_status *status = &s->status[i];
    char last_words[320];

    read_last_words(status->error_fd, last_words, sizeof last_words);
    close(status->error_fd);
    status->error_fd = -1;
    status->pid = 0;
    if (take_record(s, i)) {
        status->wall_s = dft_clock_s() - status->started_s;
        announce(s, i);
        return;
    }
    describe_death(wait_status, last_words, status->reason, sizeof status->reason);
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == EXIT_CANNOT_WRITE) {
        if (s->failure == DFT_OK)
            s->failure = dft_fail(s->err, DFT_EIO, "%s", status->reason);
        status->state = SCREEN_WAITING;
    } else if (stopping) {
        status->state = SCREEN_WAITING;
        status->reason[0] = '\0';
    } else if (WIFSIGNALED(wait_status) && ++status->crashes < MOST_CRASHES) {
        status->state = SCREEN_WAITING;
    } else {
        status->state = SCREEN_CRASHED;
    }
    announce(s, i);
}

static void collect_ended(schedule *s, int stopping)
{
    for (size_t i = 0; i < s->graph->n_tasks; i++) {
        int wait_status = 0;
        if (s->status[i].state == SCREEN_RUNNING
            && waitpid(s->status[i].pid, &wait_status, WNOHANG) == s->status[i].pid)
            collect(s, i, wait_status, stopping);
    }
    skip_hopeless(s);
}

static void stop_children(schedule *s)
{
    for (size_t i = 0; i < s->graph->n_tasks; i++) {
        int wait_status = 0;
        if (s->status[i].state != SCREEN_RUNNING)
            continue;
        kill(s->status[i].pid, SIGKILL);        /* records appear by rename: none is torn */
        waitpid(s->status[i].pid, &wait_status, 0);
        collect(s, i, wait_status, 1);
    }
}

/* ---- the loop ---- */

/* Sleeps until a child ends, a signal asks to stop, or a second has passed. */
static int wait_for_signal(const sigset_t *signals)
{
    const struct timespec second = { 1, 0 };
    return sigtimedwait(signals, NULL, &second);
}

static int must_stop(const schedule *s, int signal_number, screen_schedule_end *end)
{
    if (signal_number == SIGINT || signal_number == SIGTERM)
        *end = SCREEN_ENDED_SIGNAL;
    else if (s->options->max_time_s > 0.0 && dft_clock_s() - s->begun_s > s->options->max_time_s)
        *end = SCREEN_ENDED_TIME;
    else if (s->options->stop_file && access(s->options->stop_file, F_OK) == 0)
        *end = SCREEN_ENDED_STOP_FILE;
    else
        return 0;
    return 1;
}

static void loop(schedule *s, const sigset_t *signals, screen_schedule_end *end)
{
    *end = SCREEN_ENDED_DONE;
    if (longest_ready(s) == NO_TASK || must_stop(s, 0, end))
        return;                     /* a finished run is finished, whatever would stop it */
    start_ready(s);
    while (count_running(s) > 0) {
        const int signal_number = wait_for_signal(signals);
        if (must_stop(s, signal_number, end) || s->failure != DFT_OK) {
            stop_children(s);
            return;
        }
        collect_ended(s, 0);
        if (s->failure == DFT_OK)
            start_ready(s);
    }
}

dft_status screen_schedule_run(const flow_graph *graph, const screen_schedule_options *options,
                               screen_task_status *status, screen_schedule_end *end,
                               dft_error *err)
{
    schedule s = { graph, options, status, dft_clock_s(), DFT_OK, err };
    sigset_t signals, before;

    assert(options->jobs >= 1);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, &before);
    screen_schedule_survey(graph, options, status);
    loop(&s, &signals, end);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return s.failure;
}
