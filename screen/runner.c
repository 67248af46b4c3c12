#include "screen/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/memory.h"
#include "results/index.h"
#include "results/record.h"
#include "screen/glance.h"
#include "screen/progress.h"
#include "screen/repair.h"
#include "screen/run_dir.h"
#include "workflows/remedy.h"
#include "workflows/task.h"

#define GRACE_S 60.0                /* an SCF step of the largest cells ends in this */
#define HANG_FLOOR_S 900.0
#define MEMORY_SHARE 0.9            /* of what is free when the run begins */

typedef struct {
    const screen_app *app;
    const char *run_dir;
    int jobs;
    flow_remedy_memory memory;      /* of this run's records */
} run_context;

static pid_t launch(void *context, const flow_task *task, int threads, int error_fd)
{
    const run_context *run = context;
    return run->app->launch(run->app, run->run_dir, task->key, threads, error_fd);
}

/* A task writes a line on its log for every SCF step. */
static long long pulse(void *context, const flow_task *task)
{
    const run_context *run = context;
    char name[FLOW_KEY_SIZE + 16], path[4096];
    struct stat log;

    snprintf(name, sizeof name, "logs/%s.log", task->key);
    if (screen_run_dir_path(run->run_dir, name, path, sizeof path, NULL) != DFT_OK
        || stat(path, &log) != 0)
        return -1;
    return (long long)log.st_size;
}

static int look_up(void *context, const flow_task *task, screen_task_record *record)
{
    const run_context *run = context;
    return screen_project_look_up(run->run_dir, task, record);
}

/* What the finished task's remedies taught is there for the next ones. */
static void learn(run_context *run, const flow_task *task)
{
    const flow_remedy_memory before = run->memory;
    json_t *record = NULL;

    if (res_record_read(run->run_dir, task->key, &record, NULL) != DFT_OK)
        return;
    flow_remedy_memory_add(&run->memory, record);
    json_decref(record);
    if (memcmp(&before, &run->memory, sizeof before) != 0)
        flow_remedy_memory_write(&run->memory, run->run_dir, NULL);
}

static void learn_all(run_context *run, const flow_graph *graph)
{
    for (size_t i = 0; i < graph->n_tasks; i++)
        learn(run, &graph->task[i]);
}

/* A full disk shows in the tasks' own writing; state.json is only for people. */
static void on_change(void *context, const flow_graph *graph, const screen_task_status *status,
                      size_t task)
{
    run_context *run = context;

    if (status[task].state == SCREEN_DONE || status[task].state == SCREEN_FAILED)
        learn(run, &graph->task[task]);
    screen_print_task(run->app->progress, graph, status, task, run->jobs, run->run_dir);
    screen_state_write(run->run_dir, graph, status, run->jobs, NULL);
}

static dft_status write_specs(const flow_graph *graph, const char *run_dir, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < graph->n_tasks && status == DFT_OK; i++)
        status = flow_task_write_spec(run_dir, &graph->task[i], err);
    return status;
}

static void drop_failed_records(const flow_graph *graph, const char *run_dir)
{
    for (size_t i = 0; i < graph->n_tasks; i++) {
        screen_task_record record;
        char name[FLOW_KEY_SIZE + 16], path[4096];
        snprintf(name, sizeof name, "records/%s.json", graph->task[i].key);
        if (screen_project_look_up(run_dir, &graph->task[i], &record) && !record.usable
            && screen_run_dir_path(run_dir, name, path, sizeof path, NULL) == DFT_OK)
            unlink(path);
    }
}

static void announce_reused(const screen_app *app, const char *run_dir, const flow_graph *graph,
                            const screen_schedule_options *schedule, screen_task_status *status)
{
    screen_schedule_survey(graph, schedule, status);
    const screen_schedule_count count = screen_schedule_progress(graph, status, 1);
    if (count.n_reused)
        fprintf(app->progress, "%zu of %zu tasks have their records already in %s\n", count.n_reused,
                count.n_total, run_dir);
    else
        fprintf(app->progress, "%zu tasks to do in %s\n", count.n_total, run_dir);
}

static dft_status publish(const screen_project *project, const char *run_dir,
                          const screen_task_status *status, dft_error *err)
{
    flow_assembly *assembly = NULL;
    size_t n = 0;
    dft_status result = screen_project_assemble(project, run_dir, status, &assembly, err);

    if (result == DFT_OK)
        result = screen_repair_database(project->app, run_dir, err);
    if (result == DFT_OK)
        result = screen_project_publish(run_dir, assembly, err);
    if (result == DFT_OK) {
        const res_ranked_row *rows = flow_assembly_rows(assembly, &n);
        screen_print_table(project->app->out, rows, n);
        fprintf(project->app->out, "written: %s/ranked.csv, %s/%s\n", run_dir, run_dir,
                RES_DATABASE_NAME);
    }
    flow_assembly_free(assembly);
    return result;
}

/* Outcomes by key, so that who looks later need not open every record (results/index.h). */
static void keep_index(const char *run_dir)
{
    res_index *index = NULL;

    if (res_index_read(run_dir, &index, NULL) == DFT_OK)
        res_index_free(index);
}

/* From whatever an earlier run left to a directory that this one can go on in. */
static dft_status prepare(const screen_project *project, const char *campaign_path,
                          const char *run_dir, const screen_run_options *options, dft_error *err)
{
    const flow_graph *graph = &project->plan->graph;
    dft_status status = screen_run_dir_check_owner(run_dir, project->campaign->name, campaign_path,
                                                   err);

    if (status != DFT_OK)
        return status;
    screen_run_dir_sweep(run_dir);
    status = screen_run_dir_keep_campaign(run_dir, campaign_path, err);
    if (status == DFT_OK)
        status = screen_repair_records(project->app, run_dir, graph, err);
    if (status == DFT_OK && options->retry_failed)
        drop_failed_records(graph, run_dir);
    if (status == DFT_OK)
        status = write_specs(graph, run_dir, err);
    if (status == DFT_OK)
        status = screen_glance_write_plan(run_dir, project->campaign->name, project->plan, err);
    return status;
}

static dft_status run_locked(const screen_project *project, const char *campaign_path,
                             const char *run_dir, const screen_run_options *options,
                             screen_run_outcome *out, dft_error *err)
{
    const flow_graph *graph = &project->plan->graph;
    run_context run = { .app = project->app, .run_dir = run_dir, .jobs = options->jobs };
    char stop_file[4096];
    screen_schedule_options schedule = {
        .jobs = options->jobs, .max_time_s = options->max_time_s, .stop_file = stop_file,
        .grace_s = GRACE_S, .hang_floor_s = HANG_FLOOR_S,
        .memory_mib = MEMORY_SHARE * dft_memory_available() / 1048576.0,
        .launch = launch, .pulse = pulse, .look_up = look_up, .on_change = on_change, .context = &run,
    };
    screen_task_status *status = dft_alloc(graph->n_tasks, sizeof *status);
    dft_status result = screen_run_dir_path(options->stop_dir ? options->stop_dir : run_dir, "STOP",
                                            stop_file, sizeof stop_file, err);

    if (!status)
        result = dft_fail(err, DFT_ENOMEM, "no memory for %zu tasks", graph->n_tasks);
    if (result == DFT_OK)
        result = prepare(project, campaign_path, run_dir, options, err);
    if (result == DFT_OK) {
        keep_index(run_dir);
        learn_all(&run, graph);
        announce_reused(project->app, run_dir, graph, &schedule, status);
        result = screen_schedule_run(graph, &schedule, status, &out->end, err);
    }
    if (result == DFT_OK) {
        screen_state_write(run_dir, graph, status, options->jobs, NULL);
        out->count = screen_schedule_progress(graph, status, options->jobs);
        keep_index(run_dir);
        result = publish(project, run_dir, status, err);
    }
    free(status);
    return result;
}

dft_status screen_run(const screen_project *project, const char *campaign_path,
                      const char *run_dir, const screen_run_options *options,
                      screen_run_outcome *out, dft_error *err)
{
    int lock = -1;
    dft_status status = screen_run_dir_make(run_dir, err);

    *out = (screen_run_outcome){ SCREEN_ENDED_DONE, { 0, 0, 0, 0, 0, 0.0 } };
    if (status == DFT_OK)
        status = screen_run_dir_lock(run_dir, &lock, err);
    if (status == DFT_OK)
        status = run_locked(project, campaign_path, run_dir, options, out, err);
    if (lock >= 0)
        close(lock);
    return status;
}
