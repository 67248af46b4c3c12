#include "screen/budget_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/clock.h"
#include "dft-lite/base/file.h"
#include "results/index.h"
#include "results/text.h"
#include "screen/calibration.h"
#include "screen/halving.h"
#include "screen/level.h"
#include "screen/run_dir.h"
#include "screen/survey.h"
#include "screen/verbs.h"
#include "workflows/budget.h"
#include "workflows/standing.h"

typedef struct {
    const screen_project *project;          /* borrowed, as the rest of these */
    const char *run_dir;
    const screen_run_options *options;
    const screen_budget *budget;
    double begun_s;
    double other_h;                         /* core hours of the levels before this one */
    const char *level;
    char dir[4096], campaign[4096], all[4096];      /* of the level */
    size_t n;
    const char **name;                      /* owned, [n]: those of the level before, as all of these */
    screen_contender *contender;
    bool *chosen;
    double *expected, *error, *p_top_k;
    screen_halving halving;
    res_text csv;                           /* owned: the levels that are finished */
} race;

/* ---- hours ---- */

static double core_hours(const char *run_dir)
{
    res_index *index = NULL;
    double sum = 0.0;

    if (res_index_read(run_dir, &index, NULL) != DFT_OK)
        return 0.0;
    for (size_t i = 0; i < res_index_size(index); i++) {
        const double wall_s = res_index_at(index, i)->wall_s;
        sum += isfinite(wall_s) ? wall_s / 3600.0 : 0.0;
    }
    res_index_free(index);
    return sum;
}

static double hours_left(const race *r)
{
    return r->budget->core_h - r->other_h - core_hours(r->dir);
}

/* What every candidate's tasks without a record would take, in core hours; NaN where nothing can be. */
static dft_status estimate(race *r, dft_error *err)
{
    screen_project *project = NULL;
    screen_survey survey = { NULL, 0, NAN };
    dft_status status = screen_level_write(r->all, r->project->campaign, r->level, r->n, r->name, err);

    if (status == DFT_OK)
        status = screen_project_open(r->project->app, r->all, &project, err);
    if (status == DFT_OK)
        status = screen_survey_make(project, r->dir, &survey, err);
    if (status == DFT_OK) {
        const flow_graph *graph = &project->plan->graph;
        const screen_calibration calibration = screen_calibrate(graph, survey.status);
        for (size_t i = 0; i < r->n; i++) {
            const flow_candidate_plan *plan = &project->plan->candidate[i];
            double cost_s = 0.0;
            int hopeless = plan->reason[0] != '\0';
            for (size_t k = 0; k < plan->n_tasks; k++) {
                const screen_task_status *task = &survey.status[plan->task[k]];
                hopeless |= screen_task_is_unusable(task->state);
                if (task->state == SCREEN_WAITING)
                    cost_s += screen_calibrated_s(&calibration, &graph->task[plan->task[k]]);
            }
            r->contender[i].core_h = hopeless ? NAN : fmax(cost_s, 1e-6) / 3600.0;
        }
    }
    screen_survey_clear(&survey);
    screen_project_close(project);
    return status;
}

/* ---- a level ---- */

static void race_clear(race *r)
{
    free(r->name);
    free(r->contender);
    free(r->chosen);
    free(r->expected);
    free(r->error);
    free(r->p_top_k);
    r->name = NULL;
    r->contender = NULL;
    r->chosen = NULL;
    r->expected = r->error = r->p_top_k = NULL;
}

/* Those that are ranked at the level before, with what a better protocol would take from their errors. */
static dft_status enter(race *r, const flow_assembly *before, dft_error *err)
{
    desc_score_weights weights;
    const flow_ranked *ranked = flow_assembly_ranked(before, &r->n, &weights);
    desc_refinable *refinable = dft_alloc(r->n, sizeof *refinable);
    dft_status status = DFT_OK;

    race_clear(r);
    r->name = dft_alloc(r->n, sizeof *r->name);
    r->contender = dft_alloc(r->n, sizeof *r->contender);
    r->chosen = dft_alloc(r->n, sizeof *r->chosen);
    r->expected = dft_alloc_doubles(r->n);
    r->error = dft_alloc_doubles(r->n);
    r->p_top_k = dft_alloc_doubles(r->n);
    if (!refinable || !r->name || !r->contender || !r->chosen || !r->expected || !r->error || !r->p_top_k)
        status = dft_fail(err, DFT_ENOMEM, "no memory for %zu candidates", r->n);
    if (status == DFT_OK)
        flow_refinables(r->n, ranked, &weights, &r->project->calculations, refinable);
    for (size_t i = 0; i < r->n && status == DFT_OK; i++) {
        const desc_refinable *f = &refinable[i];
        r->name[i] = ranked[i].candidate;
        r->contender[i] = (screen_contender){ f->score, sqrt(fmax(f->sd * f->sd - f->next_sd * f->next_sd,
                                                                  0.0)), NAN, NAN };
        r->chosen[i] = false;
    }
    free(refinable);
    return status;
}

/* The scores of those that are computed, from the level's own ranking. */
static void take_scores(race *r, const flow_assembly *assembly)
{
    desc_score_weights weights;
    size_t n = 0;
    const flow_ranked *ranked = flow_assembly_ranked(assembly, &n, &weights);

    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < n; k++)
            if (strcmp(ranked[k].candidate, r->name[i]) == 0)
                r->contender[i].next_score = ranked[k].standing.score[DESC_TOTAL];
}

/* Runs the level's campaign with those that are chosen. */
static dft_status run_level(race *r, const char *const *chosen, size_t n_chosen, flow_assembly **assembly,
                            screen_project **project, int *code, dft_error *err)
{
    screen_run_options options = *r->options;
    dft_status status = screen_level_write(r->campaign, r->project->campaign, r->level, n_chosen, chosen, err);

    options.stop_dir = r->run_dir;
    if (options.max_time_s > 0.0)
        options.max_time_s = fmax(options.max_time_s - (dft_clock_s() - r->begun_s), 1e-3);
    if (status == DFT_OK)
        status = screen_project_open(r->project->app, r->campaign, project, err);
    if (status == DFT_OK)
        status = screen_run_and_report(r->project->app, *project, r->campaign, r->dir, &options, code, err);
    if (status == DFT_OK && *code != SCREEN_EXIT_STOPPED)
        status = screen_project_assemble(*project, r->dir, NULL, assembly, err);
    return status;
}

/* ---- the table ---- */

static void add_csv_rows(const race *r, res_text *text)
{
    for (size_t i = 0; i < r->n; i++) {
        const screen_contender *c = &r->contender[i];
        res_text_addf(text, "%s,", r->level);
        res_text_add_csv(text, r->name[i]);
        res_text_addf(text, ",%s,", isnan(c->next_score) ? "no" : "yes");
        res_text_add_csv_number(text, c->score, 4);
        res_text_add(text, ",");
        res_text_add_csv_number(text, r->expected[i], 4);
        res_text_add(text, ",");
        res_text_add_csv_number(text, r->error[i], 4);
        res_text_add(text, ",");
        res_text_add_csv_number(text, r->p_top_k[i], 2);
        res_text_add(text, ",");
        res_text_add_csv_number(text, isnan(c->next_score) ? c->core_h : NAN, 4);
        res_text_add(text, "\n");
    }
}

static dft_status write_csv(const race *r, dft_error *err)
{
    char path[4096];
    res_text text = { 0 };
    dft_status status = screen_run_dir_path(r->run_dir, "budget.csv", path, sizeof path, err);

    res_text_add(&text, "level,candidate,computed,score_before,expected_score,error,p_top_k,core_h_needed\n");
    res_text_add_bytes(&text, r->csv.data ? r->csv.data : "", r->csv.length);
    add_csv_rows(r, &text);
    if (status == DFT_OK)
        status = text.failed ? dft_fail(err, DFT_ENOMEM, "no memory for %s", path)
                             : dft_file_write(path, text.data, text.length, err);
    res_text_clear(&text);
    return status;
}

static void print_level(const race *r)
{
    FILE *out = r->project->app->out;
    double best = INFINITY;

    fprintf(out, "\nas '%s' would rank them: the best %zu are right with probability %.2f; %.3g of %.3g core "
            "hours are left\n%-16s %-9s %8s %8s %7s\n", r->level, r->budget->top_k, r->halving.p_set,
            fmax(hours_left(r), 0.0), r->budget->core_h, "candidate", "computed", "score", "error", "P best");
    for (size_t shown = 0; shown < r->n; shown++) {
        size_t next = r->n;
        for (size_t i = 0; i < r->n; i++)       /* the highest below the last; equal ones come together */
            if (r->expected[i] < best && (next == r->n || r->expected[i] > r->expected[next]))
                next = i;
        if (next == r->n)
            return;
        best = r->expected[next];
        for (size_t i = 0; i < r->n; i++)
            if (!(r->expected[i] < best) && !(r->expected[i] > best))
                fprintf(out, "%-16s %-9s %8.3f %8.3f %7.2f\n", r->name[i],
                        isnan(r->contender[i].next_score) ? "no" : "yes", r->expected[i], r->error[i],
                        r->p_top_k[i]);
    }
}

/* ---- the race ---- */

static dft_status decide(race *r, dft_error *err)
{
    dft_status status = estimate(r, err);

    for (size_t i = 0; i < r->n && status == DFT_OK; i++)
        if (r->chosen[i] && isnan(r->contender[i].next_score))
            r->contender[i].core_h = NAN;       /* it was tried, and is not to be had */
    if (status == DFT_OK)
        status = screen_halving_next(r->n, r->contender, r->budget->top_k, hours_left(r), FLOW_RANK_SEED,
                                     &r->halving, r->expected, r->error, r->p_top_k, err);
    return status == DFT_OK ? write_csv(r, err) : status;
}

static size_t list_chosen(const race *r, const char **list)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        if (r->chosen[i])
            list[n++] = r->name[i];
    return n;
}

/* *last: the assembly and the project of the level's last run, for the next level; NULL when nobody was
 * computed. */
typedef struct {
    screen_project *project;
    flow_assembly *assembly;
} level_end;

static void level_end_clear(level_end *end)
{
    flow_assembly_free(end->assembly);
    screen_project_close(end->project);
    *end = (level_end){ NULL, NULL };
}

static dft_status run_one(race *r, level_end *last, int *code, dft_error *err)
{
    const char **list = dft_alloc(r->n, sizeof *list);
    level_end now = { NULL, NULL };
    dft_status status = DFT_OK;

    if (!list)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu candidates", r->n);
    fprintf(r->project->app->progress, "%s next at '%s': P best %.2f, about %.3g of the %.3g core hours that "
            "are left\n", r->name[r->halving.next], r->level, r->p_top_k[r->halving.next],
            r->contender[r->halving.next].core_h, hours_left(r));
    r->chosen[r->halving.next] = true;
    status = run_level(r, list, list_chosen(r, list), &now.assembly, &now.project, code, err);
    free(list);
    if (status == DFT_OK && now.assembly) {
        take_scores(r, now.assembly);
        level_end_clear(last);
        *last = now;
        return DFT_OK;
    }
    level_end_clear(&now);
    return status;
}

static dft_status run_race(race *r, level_end *last, int *code, dft_error *err)
{
    dft_status status = DFT_OK;

    *code = 0;
    for (;;) {
        status = decide(r, err);
        if (status != DFT_OK || r->halving.next == r->n)
            break;
        status = run_one(r, last, code, err);
        if (status != DFT_OK || *code == SCREEN_EXIT_STOPPED)
            return status;
    }
    if (status == DFT_OK) {
        print_level(r);
        add_csv_rows(r, &r->csv);
    }
    return status;
}

static dft_status begin_level(race *r, const char *level, dft_error *err)
{
    dft_status status = screen_run_dir_path(r->run_dir, level, r->dir, sizeof r->dir, err);

    r->level = level;
    if (status == DFT_OK)
        status = screen_run_dir_make(r->dir, err);
    if (status == DFT_OK)
        status = screen_run_dir_path(r->dir, "chosen.yaml", r->campaign, sizeof r->campaign, err);
    if (status == DFT_OK)
        status = screen_run_dir_path(r->dir, "all.yaml", r->all, sizeof r->all, err);
    return status;
}

/* Level after level, each with those that were computed at the one before. */
static dft_status run_levels(race *r, flow_assembly *base, int *code, dft_error *err)
{
    const char *level = screen_level_after(r->project->campaign->protocol.name);
    level_end before = { NULL, base };
    dft_status status = DFT_OK;

    while (status == DFT_OK && level) {
        level_end last = { NULL, NULL };
        status = begin_level(r, level, err);
        if (status == DFT_OK)
            status = enter(r, before.assembly, err);
        if (status == DFT_OK && r->n <= r->budget->top_k)
            level = NULL;                       /* all of them are the best k */
        else if (status == DFT_OK)
            status = run_race(r, &last, code, err);
        r->other_h += level ? core_hours(r->dir) : 0.0;
        level_end_clear(&before);
        before = last;
        level = level && before.assembly && *code != SCREEN_EXIT_STOPPED ? screen_level_after(level) : NULL;
    }
    level_end_clear(&before);
    return status;
}

dft_status screen_budget_run(const screen_project *project, const char *campaign_path, const char *run_dir,
                             const screen_run_options *options, const screen_budget *budget, int *code,
                             dft_error *err)
{
    race r = { .project = project, .run_dir = run_dir, .options = options, .budget = budget,
               .begun_s = dft_clock_s() };
    flow_assembly *base = NULL;
    int level_code = 0;

    if (!screen_level_after(project->campaign->protocol.name))
        return dft_fail(err, DFT_EUSAGE, "--budget-h: there is no level after the protocol '%s'; begin with "
                        "quick, fast or balanced", project->campaign->protocol.name);
    dft_status status = screen_run_and_report(project->app, project, campaign_path, run_dir, options, code,
                                              err);
    if (status != DFT_OK || *code == SCREEN_EXIT_STOPPED)
        return status;
    r.other_h = core_hours(run_dir);
    status = screen_project_assemble(project, run_dir, NULL, &base, err);
    if (status == DFT_OK)
        status = run_levels(&r, base, &level_code, err);
    if (status == DFT_OK && level_code == SCREEN_EXIT_STOPPED)
        *code = level_code;
    race_clear(&r);
    res_text_clear(&r.csv);
    return status;
}
