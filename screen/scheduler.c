#include "screen/scheduler.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dft-lite/base/clock.h"
#include "screen/calibration.h"
#include "screen/placing.h"

#define MOST_CRASHES 2
#define EXIT_CANNOT_WRITE 75
#define EXIT_NO_MEMORY 86
#define HANG_FACTOR 3.0             /* times what the whole task should take, without a sign of life */

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
                                         "refused", "skipped" };
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
    screen_task_record record = { 0, "", 0.0, 0.0, 0.0 };
    screen_task_status *status = &s->status[i];

    if (!s->options->look_up(s->options->context, &s->graph->task[i], &record))
        return 0;
    status->state = record.usable ? SCREEN_DONE : SCREEN_FAILED;
    status->wall_s = record.wall_s;
    status->cpu_s = record.cpu_s;
    status->peak_rss_mib = record.peak_rss_mib;
    snprintf(status->reason, sizeof status->reason, "%s", record.usable ? "" : record.reason);
    return 1;
}

int screen_task_is_unusable(screen_task_state state)
{
    return state == SCREEN_FAILED || state == SCREEN_CRASHED || state == SCREEN_REFUSED
        || state == SCREEN_SKIPPED;
}

/* Waiting tasks below one that is not usable are skipped.  One pass suffices: upstream comes first. */
static void skip_hopeless(const schedule *s)
{
    for (size_t i = 0; i < s->graph->n_tasks; i++) {
        const flow_task *task = &s->graph->task[i];
        for (size_t u = 0; u < task->n_upstream && s->status[i].state == SCREEN_WAITING; u++) {
            const flow_task *above = &s->graph->task[task->upstream[u]];
            if (!screen_task_is_unusable(s->status[task->upstream[u]].state))
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
    const screen_calibration calibration = screen_calibrate(graph, status);
    screen_schedule_count count = { 0, 0, 0, graph->n_tasks, 0, 0.0 };
    double left = 0.0;

    for (size_t i = 0; i < graph->n_tasks; i++) {
        const double cost = screen_calibrated_s(&calibration, &graph->task[i]);
        count.n_done += status[i].state == SCREEN_DONE;
        count.n_failed += (size_t)screen_task_is_unusable(status[i].state);
        count.n_running += status[i].state == SCREEN_RUNNING;
        count.n_reused += status[i].reused != 0;
        if (status[i].state == SCREEN_WAITING)
            left += cost;
        else if (status[i].state == SCREEN_RUNNING)
            left += 0.5 * cost;     /* on average half way */
    }
    count.time_left_s = left / (jobs > 1 ? jobs : 1);
    return count;
}

/* ---- starting ---- */

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

static void cannot_start(screen_task_status *status)
{
    status->pid = 0;
    status->state = SCREEN_CRASHED;
    snprintf(status->reason, sizeof status->reason, "no process could be started: %s",
             strerror(errno));
}

static void begin_running(const schedule *s, size_t i, int threads, int error_fd)
{
    screen_task_status *status = &s->status[i];

    status->error_fd = error_fd;
    status->state = SCREEN_RUNNING;
    status->threads = threads;
    status->started_s = status->pulse_s = dft_clock_s();
    status->pulse = s->options->pulse ? s->options->pulse(s->options->context, &s->graph->task[i]) : 0;
}

/* More than there is for all of them: it cannot be tried. */
static int is_too_large(const schedule *s, size_t i)
{
    const screen_calibration calibration = screen_calibrate(s->graph, s->status);
    const double needed = screen_calibrated_mib(&calibration, &s->graph->task[i]);

    if (s->options->memory_mib <= 0.0 || needed <= s->options->memory_mib)
        return 0;
    s->status[i].state = SCREEN_REFUSED;
    snprintf(s->status[i].reason, sizeof s->status[i].reason, "not enough memory: about %.0f MiB are needed "
             "and %.0f MiB are there; choose fewer layers, a lower cutoff or a coarser mesh", needed,
             s->options->memory_mib);
    return 1;
}

static void start(schedule *s, screen_placement next)
{
    screen_task_status *status = &s->status[next.task];
    int fd[2];

    if (is_too_large(s, next.task)) {
        announce(s, next.task);
        skip_hopeless(s);
        return;
    }
    if (open_error_pipe(fd) != 0) {
        cannot_start(status);
        return;
    }
    status->pid = s->options->launch(s->options->context, &s->graph->task[next.task], next.threads,
                                     fd[1]);
    close(fd[1]);
    if (status->pid <= 0) {
        close(fd[0]);
        cannot_start(status);
    } else {
        begin_running(s, next.task, next.threads, fd[0]);
    }
    announce(s, next.task);
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
    screen_placement next;

    while ((next = screen_place_next(s->graph, s->options, s->status)).task != SCREEN_NO_TASK)
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

/* Death by a signal, and memory refused: alone on the machine it may live. */
static int may_be_tried_again(int wait_status)
{
    return WIFSIGNALED(wait_status)
        || (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == EXIT_NO_MEMORY);
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
    if (status->hung)
        snprintf(status->reason, sizeof status->reason, "no sign of life for %.0f s: it hung and was killed",
                 dft_clock_s() - status->pulse_s);
    else
        describe_death(wait_status, last_words, status->reason, sizeof status->reason);
    status->hung = 0;
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == EXIT_CANNOT_WRITE) {
        if (s->failure == DFT_OK)
            s->failure = dft_fail(s->err, DFT_EIO, "%s", status->reason);
        status->state = SCREEN_WAITING;
    } else if (stopping) {
        status->state = SCREEN_WAITING;
        status->reason[0] = '\0';
    } else if (may_be_tried_again(wait_status) && ++status->crashes < MOST_CRASHES) {
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

/* ---- signs of life ---- */

/* What a child did is on its log; when that stands still for longer than all of it should take, nothing
 * more is to come.  A machine that slept is no hang: the clock stood still too. */
static void kill_hanging(schedule *s)
{
    const screen_calibration calibration = screen_calibrate(s->graph, s->status);

    if (s->options->hang_floor_s <= 0.0 || !s->options->pulse)
        return;
    for (size_t i = 0; i < s->graph->n_tasks; i++) {
        screen_task_status *status = &s->status[i];
        if (status->state != SCREEN_RUNNING || status->hung)
            continue;
        const long long pulse = s->options->pulse(s->options->context, &s->graph->task[i]);
        const double now = dft_clock_s(), limit = fmax(s->options->hang_floor_s, HANG_FACTOR
                                                       * screen_calibrated_s(&calibration, &s->graph->task[i]));
        if (pulse != status->pulse) {
            status->pulse = pulse;
            status->pulse_s = now;
        } else if (now - status->pulse_s > limit) {
            status->hung = 1;
            kill(status->pid, SIGKILL);
        }
    }
}

/* ---- stopping ---- */

static int is_request(int signal_number)
{
    return signal_number == SIGINT || signal_number == SIGTERM || signal_number == SIGUSR1;
}

static void signal_children(const schedule *s, int number)
{
    for (size_t i = 0; i < s->graph->n_tasks; i++)
        if (s->status[i].state == SCREEN_RUNNING)
            kill(s->status[i].pid, number);
}

/* Records appear by rename: whatever a child does when it is killed, none is torn. */
static void stop_children(schedule *s, const sigset_t *signals, double grace_s)
{
    const double begun_s = dft_clock_s();

    signal_children(s, grace_s > 0.0 ? SIGTERM : SIGKILL);
    while (count_running(s) > 0) {
        const struct timespec moment = { 0, 100000000 };
        const int number = sigtimedwait(signals, NULL, &moment);
        collect_ended(s, 1);
        if (is_request(number) || dft_clock_s() - begun_s > grace_s)
            signal_children(s, SIGKILL);
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
    if (is_request(signal_number))
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
    if (!screen_place_any_ready(s->graph, s->status) || must_stop(s, 0, end))
        return;                     /* a finished run is finished, whatever would stop it */
    start_ready(s);
    while (count_running(s) > 0) {
        const int signal_number = wait_for_signal(signals);
        if (must_stop(s, signal_number, end) || s->failure != DFT_OK) {
            stop_children(s, signals, s->failure == DFT_OK ? s->options->grace_s : 0.0);
            return;
        }
        kill_hanging(s);
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
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, &before);
    screen_schedule_survey(graph, options, status);
    loop(&s, &signals, end);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return s.failure;
}
