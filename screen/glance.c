#include "screen/glance.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "dft-lite/base/alloc.h"
#include "results/index.h"
#include "screen/glance_plan.h"
#include "screen/run_dir.h"

#define LOG_TAIL 65536

typedef enum { WAITING, DONE, UNUSABLE } verdict;

typedef struct {
    const char *run_dir;
    screen_glance_plan plan;
    res_index *index;
    json_t *state;                  /* tasks of RUN/state.json by key; NULL: none */
    verdict *verdict;               /* owned, [plan.n] */
    screen_glance *out;
} look;

/* ---- how far a running task is ---- */

/* Lines are those that screen/verb_task.c writes: " 12  F = ... eV  change ... eV  density ... eV ..."
 * for a step, "LABEL: E = ... eV, converged, ..." for a finished energy. */
static void read_line(const char *line, screen_glance_task *task)
{
    double energy, bands;
    screen_glance_task step = *task;

    if (sscanf(line, "%d F = %lf eV change %lf eV density %lf eV bands %lf eV %lf s", &step.iteration,
               &energy, &step.change_ev, &step.density_ev, &bands, &step.wall_s) == 6) {
        *task = step;
    } else if (strstr(line, ": E = ")) {
        task->n_energies++;
        task->iteration = 0;
        task->change_ev = task->density_ev = task->wall_s = NAN;
    }
}

static void read_log(const char *run_dir, const char *key, screen_glance_task *task)
{
    char name[160], path[4096], *text = calloc(LOG_TAIL + 1, 1);

    snprintf(name, sizeof name, "logs/%.128s.log", key);
    FILE *file = text && screen_run_dir_path(run_dir, name, path, sizeof path, NULL) == DFT_OK
                     ? fopen(path, "rb") : NULL;
    if (file) {
        if (fseek(file, 0, SEEK_END) == 0 && ftell(file) > LOG_TAIL)
            fseek(file, -LOG_TAIL, SEEK_END);
        else
            rewind(file);
        text[fread(text, 1, LOG_TAIL, file)] = '\0';
        fclose(file);
        for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            *end = '\0';
            read_line(line, task);
        }
    }
    free(text);
}

/* ---- what has no record ---- */

static void add_reason(screen_glance *out, const char *state, const char *reason,
                       const screen_planned_task *task)
{
    size_t i = 0;

    while (i < out->n_reasons && (strcmp(out->reason[i].state, state) != 0
                                  || strncmp(out->reason[i].reason, reason,
                                             sizeof out->reason[i].reason - 1) != 0))
        i++;
    if (i == SCREEN_MOST_REASONS)
        return;
    screen_glance_reason *r = &out->reason[i];
    if (i == out->n_reasons) {
        out->n_reasons++;
        snprintf(r->state, sizeof r->state, "%s", state);
        snprintf(r->reason, sizeof r->reason, "%.319s", reason);
        snprintf(r->subject, sizeof r->subject, "%.63s", task->subject);
        snprintf(r->step, sizeof r->step, "%.47s", task->step);
        r->n = 0;
    }
    r->n++;
}

static void take_running(look *l, const screen_planned_task *planned)
{
    screen_glance *out = l->out;

    out->n_running++;
    if (out->n_tasks_running == SCREEN_MOST_RUNNING)
        return;
    screen_glance_task *task = &out->task[out->n_tasks_running++];
    *task = (screen_glance_task){ .change_ev = NAN, .density_ev = NAN, .wall_s = NAN };
    snprintf(task->subject, sizeof task->subject, "%.63s", planned->subject);
    snprintf(task->step, sizeof task->step, "%.47s", planned->step);
    read_log(l->run_dir, planned->key, task);
}

/* The state that the program gave a task without a record, if it still means something. */
static verdict take_state(look *l, const screen_planned_task *task)
{
    const json_t *item = json_object_get(l->state, task->key);
    const char *state = json_string_value(json_object_get(item, "state"));
    const char *reason = json_string_value(json_object_get(item, "reason"));

    if (state && strcmp(state, "running") == 0) {
        if (l->out->is_running)
            take_running(l, task);
        else
            l->out->n_waiting++;
        return WAITING;
    }
    if (state) {
        l->out->n_crashed++;
        add_reason(l->out, state, reason ? reason : "", task);
        return UNUSABLE;
    }
    const char *at = task->upstream;
    for (size_t i; (i = screen_glance_plan_next(&l->plan, &at)) < l->plan.n;)
        if (l->verdict[i] == UNUSABLE) {
            const screen_planned_task *cause = &l->plan.task[i];
            char words[200];
            snprintf(words, sizeof words, "%.60s %.60s gave no usable number", cause->subject,
                     cause->step);
            l->out->n_skipped++;
            add_reason(l->out, "skipped", words, task);
            return UNUSABLE;
        }
    l->out->n_waiting++;
    return WAITING;
}

static verdict take_record(look *l, const screen_planned_task *task, const res_index_entry *record)
{
    static const char *const names[] = { "done", "failed", "unconverged", "damaged" };

    if (record->outcome == RES_INDEX_DONE) {
        l->out->n_done++;
        return DONE;
    }
    if (record->outcome == RES_INDEX_DAMAGED)       /* as good as absent: it is computed again */
        l->out->n_waiting++;
    else if (record->outcome == RES_INDEX_FAILED)
        l->out->n_failed++;
    else
        l->out->n_unconverged++;
    add_reason(l->out, names[record->outcome], record->reason, task);
    return record->outcome == RES_INDEX_DAMAGED ? WAITING : UNUSABLE;
}

/* ---- the whole ---- */

static void read_state(look *l)
{
    char path[4096];
    struct stat about;
    json_t *file = NULL, *item;
    size_t i;

    l->out->time_left_s = NAN;
    if (screen_run_dir_path(l->run_dir, "state.json", path, sizeof path, NULL) == DFT_OK)
        file = json_load_file(path, 0, NULL);
    const json_t *left = json_object_get(file, "time_left_s");
    if (l->out->is_running && json_is_number(left) && stat(path, &about) == 0)
        l->out->time_left_s = fmax(0.0, json_number_value(left)
                                   - difftime(time(NULL), about.st_mtime));
    l->state = json_object();
    json_array_foreach(json_object_get(file, "tasks"), i, item) {
        const char *key = json_string_value(json_object_get(item, "key"));
        if (key)
            json_object_set(l->state, key, item);
    }
    json_decref(file);
}

static int by_number(const void *a, const void *b)
{
    const screen_glance_reason *x = a, *y = b;

    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return strcmp(x->reason, y->reason);
}

static dft_status judge(look *l, dft_error *err)
{
    screen_glance *out = l->out;

    l->verdict = dft_alloc(l->plan.n, sizeof *l->verdict);
    if (!l->verdict)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu tasks", l->plan.n);
    for (size_t i = 0; i < l->plan.n; i++) {
        const screen_planned_task *task = &l->plan.task[i];
        const res_index_entry *record = res_index_find(l->index, task->key);
        l->verdict[i] = record ? take_record(l, task, record) : take_state(l, task);
    }
    out->n_total = l->plan.n;
    for (size_t i = 0; i < res_index_size(l->index); i++) {
        const double wall_s = res_index_at(l->index, i)->wall_s;
        out->core_h += isfinite(wall_s) ? wall_s / 3600.0 : 0.0;
    }
    qsort(out->reason, out->n_reasons, sizeof out->reason[0], by_number);
    snprintf(out->campaign, sizeof out->campaign, "%.127s", l->plan.campaign);
    out->n_unplanned = l->plan.n_unplanned;
    for (size_t i = 0; i < out->n_unplanned && i < SCREEN_MOST_REASONS; i++)
        snprintf(out->unplanned[i], sizeof out->unplanned[i], "%.60s: %.320s",
                 l->plan.unplanned[i][0], l->plan.unplanned[i][1]);
    return DFT_OK;
}

dft_status screen_glance_make(const screen_app *app, const char *run_dir, screen_glance *out,
                              dft_error *err)
{
    look l = { .run_dir = run_dir, .out = out };

    memset(out, 0, sizeof *out);
    dft_status status = screen_glance_plan_read(app, run_dir, &l.plan, err);
    out->is_running = screen_run_dir_is_locked(run_dir);
    if (status == DFT_OK)
        status = res_index_read(run_dir, &l.index, err);
    if (status == DFT_OK) {
        read_state(&l);
        status = judge(&l, err);
    }
    screen_glance_plan_clear(&l.plan);
    res_index_free(l.index);
    json_decref(l.state);
    free(l.verdict);
    return status;
}
