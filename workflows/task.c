#include "workflows/task.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/clock.h"
#include "dft-lite/base/hash.h"
#include "dft-lite/base/file.h"
#include "results/provenance.h"
#include "workflows/kinds.h"

static dft_status spec_path(const char *run_dir, const char *key, char *out, size_t size,
                            dft_error *err)
{
    const int n = snprintf(out, size, "%s/tasks/%s.json", run_dir, key);

    if (n < 0 || (size_t)n >= size)
        return dft_fail(err, DFT_EINPUT, "the run directory's path '%.200s' is too long", run_dir);
    return DFT_OK;
}

static dft_status read_whole(const char *path, char **text, dft_error *err)
{
    FILE *file = fopen(path, "rb");
    size_t n = 0, capacity = 1u << 16;
    char *buffer = dft_alloc(capacity, 1);

    *text = NULL;
    if (!file || !buffer) {
        if (file)
            fclose(file);
        free(buffer);
        return file ? dft_fail(err, DFT_ENOMEM, "%s: no memory to read it", path)
                    : dft_fail(err, DFT_ENOFILE, "%s: no such task: %s; run the campaign first", path,
                               strerror(errno));
    }
    n = fread(buffer, 1, capacity - 1, file);
    fclose(file);
    if (n == capacity - 1) {
        free(buffer);
        return dft_fail(err, DFT_EPARSE, "%s: larger than a task can be", path);
    }
    buffer[n] = '\0';
    *text = buffer;
    return DFT_OK;
}

/* The name is the content's hash: a file that says anything else is damaged and written again. */
static int spec_is_there(const char *path, const flow_task *task)
{
    char *text = NULL;
    const int same = read_whole(path, &text, NULL) == DFT_OK && strcmp(text, task->spec) == 0;

    free(text);
    return same;
}

dft_status flow_task_write_spec(const char *run_dir, const flow_task *task, dft_error *err)
{
    char path[4096], directory[4096];
    dft_status status = spec_path(run_dir, task->key, path, sizeof path, err);

    if (status != DFT_OK || spec_is_there(path, task))
        return status;
    snprintf(directory, sizeof directory, "%s/tasks", run_dir);
    status = dft_directory_make(directory, err);
    if (status == DFT_OK)
        status = dft_file_write(path, task->spec, strlen(task->spec), err);
    return status;
}

static dft_status read_spec(const char *run_dir, const char *key, char **text, flow_spec *spec,
                            dft_error *err)
{
    char path[4096], hash[FLOW_KEY_SIZE];
    dft_status status = spec_path(run_dir, key, path, sizeof path, err);

    *text = NULL;
    if (status == DFT_OK)
        status = read_whole(path, text, err);
    if (status != DFT_OK)
        return status;
    dft_sha256_hex(*text, strlen(*text), hash);
    if (strcmp(hash, key) != 0)
        status = dft_fail(err, DFT_EPARSE, "%s: was altered (its checksum is not its name); remove "
                          "it and run the campaign again", path);
    else
        status = flow_spec_read(path, *text, spec, err);
    if (status != DFT_OK) {
        free(*text);
        *text = NULL;
    }
    return status;
}

/* What the input or the numbers forbid is the task's outcome; everything else is an accident, after
 * which the task may be tried again. */
static int is_outcome(dft_status status)
{
    return status == DFT_EINPUT || status == DFT_ENUMERIC;
}

static dft_status run_kind(flow_session *session, const char *run_dir, flow_task_result *out,
                           dft_error *err)
{
    dft_error why = { DFT_OK, "" };
    const dft_status status = flow_kind_of(session->spec->kind)->run(session, run_dir, out, &why);

    if (is_outcome(status)) {
        out->outcome = RES_FAILED;
        snprintf(out->reason, sizeof out->reason, "%.319s", why.message);
        return DFT_OK;
    }
    return status == DFT_OK ? DFT_OK : dft_fail(err, status, "%s", why.message);
}

/* What is finished of a task that was stopped is kept; its error was only the way out. */
static dft_status do_work(flow_session *session, const char *run_dir, const char *key,
                          flow_task_result *out, dft_error *err)
{
    flow_session_resume(session, run_dir, key);
    const dft_status status = run_kind(session, run_dir, out, err);

    return session->stopped ? flow_session_save(session, run_dir, key, err) : status;
}

typedef struct {
    double wall_s, cpu_s;
} moment;

/* Seconds that all threads of this process have computed: what a task costs, whoever else is busy. */
static double cpu_s(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0
         ? (double)t.tv_sec + 1e-9 * (double)t.tv_nsec : NAN;
}

/* Wall time that an earlier process has spent on the energies that were taken over from it. */
static double taken_over_s(const flow_session *session)
{
    double sum = 0.0;

    for (size_t i = 0; i < session->n_replayed; i++)
        sum += json_number_value(json_object_get(json_array_get(session->energies, i), "wall_s"));
    return sum;
}

static dft_status write_record(const char *run_dir, const char *key, const char *text,
                               flow_session *session, flow_task_result *done, const moment *begun,
                               dft_error *err)
{
    /* the earlier process had as much of the machine as this one, for want of better knowledge */
    const double wall_s = dft_clock_s() - begun->wall_s, before_s = taken_over_s(session);
    const double used_s = wall_s > 0.0 ? (cpu_s() - begun->cpu_s) * (1.0 + before_s / wall_s) : NAN;
    const res_record_head head = {
        .key = key, .task_kind = flow_kind_name(session->spec->kind),
        .candidate = flow_kind_of(session->spec->kind)->shared ? "" : session->spec->subject,
        .outcome = done->outcome, .reason = done->reason,
        .wall_s = wall_s + before_s, .cpu_s = used_s,
        .peak_rss_mib = session->peak_rss_mib,
    };
    json_t *record = NULL, *results = done->results;
    dft_status status = DFT_OK;

    done->results = NULL;           /* the record takes it over */
    flow_session_strip(session);
    json_object_set(results, "energies", session->energies);
    json_object_set_new(results, "subject", json_string(session->spec->subject));
    status = res_record_create(&head, flow_spec_json(text), results, res_provenance(NULL, 0),
                               &record, err);
    if (status == DFT_OK)
        status = res_record_write(run_dir, key, record, err);
    json_decref(record);
    return status;
}

dft_status flow_task_run(const char *run_dir, const char *key, const flow_task_options *options,
                         res_outcome *outcome, int *stopped, dft_error *err)
{
    const moment begun = { dft_clock_s(), cpu_s() };
    flow_spec spec;
    flow_session session;
    flow_task_result done = { RES_DONE, "", NULL };
    flow_remedy_memory memory;
    char *text = NULL;
    dft_status status = read_spec(run_dir, key, &text, &spec, err);

    *stopped = 0;
    if (status != DFT_OK)
        return status;
    status = flow_session_init(&session, &spec, options->calculator, err);
    session.data_path = options->data_path;
    session.on_step = options->on_step;
    session.on_energy = options->on_energy;
    session.must_stop = options->must_stop;
    session.context = options->context;
    session.memory = &memory;
    flow_remedy_memory_read(&memory, run_dir);
    done.results = json_object();
    if (status == DFT_OK && !done.results)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the results of a task");
    if (status == DFT_OK)
        status = do_work(&session, run_dir, key, &done, err);
    *stopped = session.stopped;
    if (status == DFT_OK && !session.stopped)
        status = write_record(run_dir, key, text, &session, &done, &begun, err);
    if (status == DFT_OK && !session.stopped)
        flow_session_forget(run_dir, key);
    *outcome = done.outcome;
    json_decref(done.results);
    flow_session_clear(&session);
    flow_spec_clear(&spec);
    free(text);
    return status;
}
