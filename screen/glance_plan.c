#include "screen/glance_plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "results/text.h"
#include "screen/project.h"
#include "screen/run_dir.h"

#define HEADER "liscreen-plan 1\t"

/* ---- writing ---- */

/* Names come from files of users: what would break the lines becomes a blank. */
static void add_flat(res_text *text, const char *words)
{
    for (; *words; words++)
        res_text_add_bytes(text, (unsigned char)*words < ' ' ? " " : words, 1);
}

static void add_task(res_text *text, const flow_task *task)
{
    res_text_addf(text, "%s\t", task->key);
    add_flat(text, task->subject);
    res_text_add(text, "\t");
    add_flat(text, task->step);
    res_text_addf(text, "\t%.6g\t", task->cost_s);
    for (size_t i = 0; i < task->n_upstream; i++)
        res_text_addf(text, "%s%zu", i ? "," : "", task->upstream[i]);
    res_text_add(text, "\n");
}

static void plan_text(const char *campaign, const flow_plan *plan, res_text *text)
{
    res_text_add(text, HEADER);
    add_flat(text, campaign);
    res_text_add(text, "\n");
    for (size_t i = 0; i < plan->graph.n_tasks; i++)
        add_task(text, &plan->graph.task[i]);
    for (size_t i = 0; i < plan->n_candidates; i++) {
        if (!plan->candidate[i].reason[0])
            continue;
        res_text_add(text, "!\t");
        add_flat(text, plan->candidate[i].candidate->name);
        res_text_add(text, "\t");
        add_flat(text, plan->candidate[i].reason);
        res_text_add(text, "\n");
    }
}

dft_status screen_glance_write_plan(const char *run_dir, const char *campaign, const flow_plan *plan,
                                    dft_error *err)
{
    char path[4096];
    res_text text = { 0 };
    dft_status status = screen_run_dir_path(run_dir, "plan.tsv", path, sizeof path, err);

    if (status == DFT_OK)
        plan_text(campaign, plan, &text);
    if (status == DFT_OK && text.failed)
        status = dft_fail(err, DFT_ENOMEM, "no memory for %s", path);
    if (status == DFT_OK)
        status = dft_file_write(path, text.data, text.length, err);
    res_text_clear(&text);
    return status;
}

/* ---- reading ---- */

/* The next field of a line, which ends at a tab; NULL when there is none. */
static char *field(char **at)
{
    char *begin = *at;

    if (!begin)
        return NULL;
    char *end = strchr(begin, '\t');
    *at = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return begin;
}

size_t screen_glance_plan_next(const screen_glance_plan *plan, const char **at)
{
    char *end;

    if (!**at)
        return plan->n;
    const unsigned long long i = strtoull(*at, &end, 10);
    *at = *end == ',' ? end + 1 : "";
    return i < plan->n ? (size_t)i : plan->n;
}

/* Digits and commas, and nothing else. */
static int is_list(const char *text)
{
    return text[strspn(text, "0123456789,")] == '\0';
}

static dft_status add_line(screen_glance_plan *plan, char *line, const char *path, size_t number,
                           dft_error *err)
{
    char *at = line;
    const char *key = field(&at), *subject = field(&at), *step = field(&at);

    if (strcmp(key, "!") == 0 && step) {
        if (plan->n_unplanned < SCREEN_MOST_REASONS) {
            plan->unplanned[plan->n_unplanned][0] = subject;
            plan->unplanned[plan->n_unplanned][1] = step;
        }
        plan->n_unplanned++;
        return DFT_OK;
    }
    const char *cost = field(&at), *upstream = field(&at);
    if (plan->n == plan->room) {
        const size_t room = 3 * plan->room + 1024;
        screen_planned_task *more = dft_alloc(room, sizeof *more);
        if (!more)
            return dft_fail(err, DFT_ENOMEM, "no memory for the tasks of %s", path);
        if (plan->n)
            memcpy(more, plan->task, plan->n * sizeof *more);
        free(plan->task);
        plan->task = more;
        plan->room = room;
    }
    screen_planned_task *task = &plan->task[plan->n];
    *task = (screen_planned_task){ .key = key, .subject = subject, .step = step,
                                    .upstream = upstream };
    if (!cost || !upstream || !is_list(upstream))
        return dft_fail(err, DFT_EPARSE, "%s:%zu: no line of a plan; delete the file, and 'liscreen "
                        "status' plans anew", path, number);
    plan->n++;
    return DFT_OK;
}

static dft_status take_text(screen_glance_plan *plan, const char *path, dft_error *err)
{
    const size_t n = strlen(HEADER);
    dft_status status = DFT_OK;
    size_t number = 1;

    if (strncmp(plan->text, HEADER, n) != 0)
        return dft_fail(err, DFT_EPARSE, "%s:1: no plan of this program; delete the file, and "
                        "'liscreen status' plans anew", path);
    plan->campaign = plan->text + n;
    char *line = strchr(plan->text, '\n');
    while (line && status == DFT_OK) {
        *line++ = '\0';
        char *end = strchr(line, '\n');
        if (!end && *line)
            return dft_fail(err, DFT_EPARSE, "%s:%zu: the file is cut short; delete it, and 'liscreen "
                            "status' plans anew", path, number + 1);
        if (!end)
            break;
        *end = '\0';
        status = add_line(plan, line, path, ++number, err);
        line = end;
    }
    return status;
}

/* The text of plan.tsv; NULL when it cannot be had, or is older than the campaign. */
static char *stored(const char *run_dir, const char *path)
{
    char campaign[4096];
    struct stat ours, theirs;
    char *text = NULL;

    if (screen_run_dir_path(run_dir, "campaign.yaml", campaign, sizeof campaign, NULL) != DFT_OK
        || stat(path, &ours) != 0 || stat(campaign, &theirs) != 0
        || ours.st_mtime < theirs.st_mtime)
        return NULL;
    FILE *file = fopen(path, "rb");
    if (file)
        text = calloc((size_t)ours.st_size + 1, 1);
    if (text && fread(text, 1, (size_t)ours.st_size, file) != (size_t)ours.st_size) {
        free(text);
        text = NULL;
    }
    if (file)
        fclose(file);
    return text;
}

/* Kept for the next look where that can be done; beside a running program it is that one's business. */
static dft_status planned_anew(const screen_app *app, const char *run_dir, const char *path, char **out,
                               dft_error *err)
{
    screen_project *project = NULL;
    res_text text = { 0 };
    dft_status status = screen_project_open_run(app, run_dir, &project, err);

    if (status == DFT_OK)
        plan_text(project->campaign->name, project->plan, &text);
    screen_project_close(project);
    if (status == DFT_OK && text.failed)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the plan of %s", run_dir);
    if (status == DFT_OK && !screen_run_dir_is_locked(run_dir))
        dft_file_write(path, text.data, text.length, NULL);
    *out = text.data;
    return status;
}

dft_status screen_glance_plan_read(const screen_app *app, const char *run_dir,
                                   screen_glance_plan *out, dft_error *err)
{
    char path[4096];

    memset(out, 0, sizeof *out);
    dft_status status = screen_run_dir_path(run_dir, "plan.tsv", path, sizeof path, err);
    if (status == DFT_OK)
        out->text = stored(run_dir, path);
    if (status == DFT_OK && !out->text)
        status = planned_anew(app, run_dir, path, &out->text, err);
    return status == DFT_OK ? take_text(out, path, err) : status;
}

void screen_glance_plan_clear(screen_glance_plan *plan)
{
    free(plan->text);
    free(plan->task);
    memset(plan, 0, sizeof *plan);
}
