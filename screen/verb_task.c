#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/stop.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/base/file.h"
#include "screen/options.h"
#include "screen/run_dir.h"
#include "screen/verbs.h"
#include "workflows/task.h"

static void log_step(const dft_scf_step *step, void *context)
{
    FILE *log = context;

    if (!log)
        return;
    fprintf(log, "%4d  F = %18.9f eV  change %10.2e eV  density %9.2e eV  bands %9.2e eV  %8.1f s\n",
            step->iteration, step->energy * DFT_HARTREE_EV, step->energy_change * DFT_HARTREE_EV,
            step->density_error * DFT_HARTREE_EV, step->eigen_error * DFT_HARTREE_EV, step->wall_s);
    fflush(log);
}

static void log_energy(const char *label, const dft_scf_result *result, void *context)
{
    FILE *log = context;

    if (!log)
        return;
    fprintf(log, "%s: E = %.9f eV, %s, %d iterations, %zu k points, %.1f s\n", label,
            result->energy * DFT_HARTREE_EV, result->converged ? "converged" : "not converged",
            result->scf_iterations, result->n_k, result->wall_s);
    fflush(log);
}

/* A log is a convenience: without one the task runs all the same.  Only a task that there is gets one:
 * its key has then no '/', and the directory is a run. */
static FILE *open_log(const char *run_dir, const char *key)
{
    char directory[4096], path[4096];

    if ((size_t)snprintf(path, sizeof path, "%.3900s/tasks/%.100s.json", run_dir, key) >= sizeof path
        || strchr(key, '/') || access(path, R_OK) != 0)
        return NULL;
    if (screen_run_dir_path(run_dir, "logs", directory, sizeof directory, NULL) != DFT_OK
        || dft_directory_make(directory, NULL) != DFT_OK)
        return NULL;
    if ((size_t)snprintf(path, sizeof path, "%.3900s/%.100s.log", directory, key) >= sizeof path)
        return NULL;
    return fopen(path, "w");
}

static int must_stop(void *context)
{
    (void)context;
    return dft_stop_requested() != NULL;
}

static dft_status run_task(const screen_app *app, const char *run_dir, const char *key,
                           res_outcome *outcome, int *stopped, dft_error *err)
{
    FILE *log = open_log(run_dir, key);
    const flow_task_options options = { .calculator = app->calculator, .on_step = log_step,
                                        .on_energy = log_energy, .must_stop = must_stop,
                                        .context = log };
    dft_stop_catch_signals();
    const dft_status status = flow_task_run(run_dir, key, &options, outcome, stopped, err);

    if (log)
        fclose(log);
    return status;
}

static dft_status task(const screen_app *app, const screen_command *command, int *code,
                       dft_error *err)
{
    int threads = 1, stopped = 0;
    res_outcome outcome = RES_FAILED;
    dft_status status = screen_option_integer(command, "threads", 1, 1024, &threads, err);

    if (status == DFT_OK)
        status = dft_threads_set(threads, err);
    if (status == DFT_OK)
        status = run_task(app, command->word[0], command->word[1], &outcome, &stopped, err);
    *code = stopped ? SCREEN_EXIT_STOPPED : outcome == RES_DONE ? 0 : outcome == RES_UNCONVERGED ? SCREEN_EXIT_SCF
                                                                 : SCREEN_EXIT_SOME_FAILED;
    return status;
}

int screen_verb_task(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "threads", "N", "threads of this process; default 1", NULL },
    };
    screen_command command = { "task", "RUN KEY", "Internal: computes RUN/tasks/KEY.json and writes "
        "RUN/records/KEY.json.  `liscreen run` starts one such process\nfor each task; exit 2: not "
        "converged, 10: no usable number (the record says why), 85: stopped by\n"
        "SIGTERM, SIGINT or SIGUSR1; what was finished is in RUN/checkpoints.", 2, 2, 1, option, 0,
        { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, task);
}
