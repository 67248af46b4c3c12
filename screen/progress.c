#include "screen/progress.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/file.h"
#include "results/record.h"
#include "screen/calibration.h"
#include "screen/run_dir.h"
#include "workflows/kinds.h"

void screen_format_time(double seconds, char text[32])
{
    const long s = lround(seconds);

    if (s < 60)
        snprintf(text, 32, "%ld s", s);
    else if (s < 600)
        snprintf(text, 32, "%ld min %ld s", s / 60, s % 60);
    else if (s < 3600)
        snprintf(text, 32, "%ld min", (s + 30) / 60);
    else
        snprintf(text, 32, "%ld h %ld min", s / 3600, s % 3600 / 60);
}

/* ---- lines ---- */

static void format_energy(const char *run_dir, const flow_task *task, char *text, size_t size)
{
    const flow_kind_entry *kind = flow_kind_of(task->kind);
    json_t *record = NULL;

    text[0] = '\0';
    if (res_record_read(run_dir, task->key, &record, NULL) != DFT_OK)
        return;
    const json_t *value = json_object_get(json_object_get(record, "results"),
                                          kind->headline);
    if (json_is_number(value))
        snprintf(text, size, "%s = %12.6f %s", kind->letter, json_number_value(value), kind->unit);
    json_decref(record);
}

void screen_print_task(FILE *out, const flow_graph *graph, const screen_task_status *status,
                       size_t task, int jobs, const char *run_dir)
{
    const screen_schedule_count count = screen_schedule_progress(graph, status, jobs);
    const flow_task *t = &graph->task[task];
    const screen_task_status *s = &status[task];
    const size_t ended = count.n_done + count.n_failed;
    char energy[64], left[32];

    if (s->state == SCREEN_RUNNING || (s->state == SCREEN_WAITING && s->crashes == 0))
        return;
    screen_format_time(count.time_left_s, left);
    fprintf(out, "[%4zu/%-4zu] %-14s %-22s ", ended, count.n_total, t->subject, t->step);
    if (s->state == SCREEN_DONE) {
        format_energy(run_dir, t, energy, sizeof energy);
        fprintf(out, "%-28s %8.1f s   ", energy, s->wall_s);
        fprintf(out, "%zu running, about %s left\n", count.n_running, left);
    } else if (s->state == SCREEN_WAITING) {
        fprintf(out, "%s; once more\n", s->reason);
    } else {
        fprintf(out, "%s: %s\n", screen_task_state_name(s->state), s->reason);
    }
    fflush(out);
}

/* ---- state.json ---- */

static json_t *state_json(const flow_graph *graph, const screen_task_status *status, int jobs)
{
    const screen_schedule_count count = screen_schedule_progress(graph, status, jobs);
    json_t *tasks = json_array();

    for (size_t i = 0; i < graph->n_tasks; i++)
        if (status[i].state == SCREEN_RUNNING || status[i].state == SCREEN_CRASHED
            || status[i].state == SCREEN_REFUSED)
            json_array_append_new(tasks, json_pack("{s:s, s:s, s:s}", "key", graph->task[i].key,
                                                   "state",
                                                   screen_task_state_name(status[i].state),
                                                   "reason", status[i].reason));
    return json_pack("{s:o, s:o}", "time_left_s", res_number(count.time_left_s), "tasks", tasks);
}

dft_status screen_state_write(const char *run_dir, const flow_graph *graph,
                              const screen_task_status *status, int jobs, dft_error *err)
{
    char path[4096];
    json_t *state = state_json(graph, status, jobs);
    char *text = state ? json_dumps(state, JSON_INDENT(1)) : NULL;
    dft_status result = screen_run_dir_path(run_dir, "state.json", path, sizeof path, err);

    if (!text)
        result = dft_fail(err, DFT_ENOMEM, "no memory for %s", path);
    if (result == DFT_OK)
        result = dft_file_write(path, text, strlen(text), err);
    free(text);
    json_decref(state);
    return result;
}

static void apply_state(const json_t *item, const flow_graph *graph, int running,
                        screen_task_status *status)
{
    const char *key = json_string_value(json_object_get(item, "key"));
    const char *state = json_string_value(json_object_get(item, "state"));
    const char *reason = json_string_value(json_object_get(item, "reason"));
    const size_t i = key ? flow_graph_find(graph, key) : graph->n_tasks;

    if (i == graph->n_tasks || !state || status[i].state != SCREEN_WAITING)
        return;
    if (strcmp(state, screen_task_state_name(SCREEN_RUNNING)) == 0) {
        if (running)
            status[i].state = SCREEN_RUNNING;
        return;
    }
    status[i].state = strcmp(state, screen_task_state_name(SCREEN_REFUSED)) == 0 ? SCREEN_REFUSED
                                                                                 : SCREEN_CRASHED;
    snprintf(status[i].reason, sizeof status[i].reason, "%.319s", reason ? reason : "");
}

double screen_state_read(const char *run_dir, const flow_graph *graph, int running,
                         screen_task_status *status)
{
    char path[4096];
    json_t *state = NULL;
    double left = NAN;

    if (screen_run_dir_path(run_dir, "state.json", path, sizeof path, NULL) == DFT_OK)
        state = json_load_file(path, 0, NULL);
    const json_t *tasks = json_object_get(state, "tasks");
    for (size_t i = 0; i < json_array_size(tasks); i++)
        apply_state(json_array_get(tasks, i), graph, running, status);
    if (running && json_is_number(json_object_get(state, "time_left_s")))
        left = json_number_value(json_object_get(state, "time_left_s"));
    json_decref(state);
    return left;
}

/* ---- the plan ---- */

static void print_protocol(FILE *out, const flow_protocol *p)
{
    fprintf(out, "protocol %s: %s, cutoff %g eV (%g eV with C, N, O, F), k spacing at most %g 1/A "
            "(2 pi included),\n", p->name, p->xc, p->ecut_metal_ev, p->ecut_o_c_ev,
            p->k_spacing_per_ang);
    fprintf(out, "    %d layers, %g A vacuum, %s smearing %g eV, energies to %g eV per cell,\n",
            p->layers, p->vacuum_ang, p->smearing, p->width_ev, p->energy_tol_ev);
    fprintf(out, "    %d to %d volumes within +-%g %%, %d to %d Li heights %g A apart\n",
            p->eos_points, p->max_eos_points, 100.0 * p->eos_strain, p->heights, p->max_heights,
            p->height_step_ang);
    if (p->relax)
        fprintf(out, "    slabs relaxed to %g eV/A, adatoms %g A apart, %s of %d images\n",
                p->force_limit_ev_per_ang, p->adatom_spacing_ang,
                p->neb_bands ? "bands on the hops that decide," : "looks at hops,", p->neb_images);
    else
        fprintf(out, "    rigid slabs, one Li a cell\n");
    for (size_t k = 0; k < FLOW_N_SYSTEMS; k++)
        if (p->own[k].k_spacing_per_ang > 0.0)
            fprintf(out, "    %s: k spacing at most %g 1/A\n", flow_system_name((flow_system)k),
                    p->own[k].k_spacing_per_ang);
    if (p->compound_layers > 0)
        fprintf(out, "    compounds of C, N, O, F, S, ...: %d layers\n", p->compound_layers);
    for (size_t i = 0; i < p->n_cutoffs; i++)
        fprintf(out, "    cutoff of %s: %g eV\n", p->cutoff[i].symbol, p->cutoff[i].ecut_ev);
    for (size_t i = 0; i < p->n_data; i++)
        fprintf(out, "    data set for %s: %s\n", p->data[i].symbol, p->data[i].name);
}

typedef struct {
    double left_s, all_s, most_mib;
    size_t n_cached;
} plan_sums;

static void print_upstream(FILE *out, const flow_graph *graph, const flow_task *task)
{
    for (size_t u = 0; u < task->n_upstream; u++)
        fprintf(out, "%s%.12s", u ? "," : " <- ", graph->task[task->upstream[u]].key);
}

static void print_planned(FILE *out, const flow_graph *graph, const screen_task_status *status,
                          size_t i, const screen_calibration *calibration, plan_sums *sums)
{
    const flow_task *task = &graph->task[i];
    const int cached = status[i].state == SCREEN_DONE;
    const double cost_s = screen_calibrated_s(calibration, task);
    const double memory_mib = screen_calibrated_mib(calibration, task);

    fprintf(out, "%-14s %-24s ", task->subject, task->step);
    if (cached)
        fprintf(out, "   done in %6.1f s ", status[i].wall_s);
    else
        fprintf(out, "%8.1f s %5.0f MiB ", cost_s, memory_mib);
    fprintf(out, " %.12s", task->key);
    print_upstream(out, graph, task);
    fputc('\n', out);
    sums->n_cached += cached != 0;
    sums->left_s += cached ? 0.0 : cost_s;
    sums->all_s += cached ? status[i].wall_s : cost_s;
    sums->most_mib = memory_mib > sums->most_mib ? memory_mib : sums->most_mib;
}

static void print_unplanned(FILE *out, const flow_plan *plan)
{
    for (size_t i = 0; i < plan->n_candidates; i++)
        if (plan->candidate[i].reason[0])
            fprintf(out, "%-14s cannot be computed: %s\n", plan->candidate[i].candidate->name,
                    plan->candidate[i].reason);
}

void screen_print_plan(FILE *out, const flow_plan *plan, const screen_task_status *status,
                       const flow_protocol *protocol, int jobs)
{
    const screen_calibration calibration = screen_calibrate(&plan->graph, status);
    plan_sums sums = { 0.0, 0.0, 0.0, 0 };
    char text[32];

    print_protocol(out, protocol);
    for (size_t i = 0; i < plan->graph.n_tasks; i++)
        print_planned(out, &plan->graph, status, i, &calibration, &sums);
    print_unplanned(out, plan);
    screen_format_time(sums.left_s / jobs, text);
    fprintf(out, "%zu tasks for %zu candidates, %zu of them done; ", plan->graph.n_tasks,
            plan->n_candidates, sums.n_cached);
    fprintf(out, "%.2f core-hours in all, %.2f of them left: roughly %s with %d at once; at most %.0f MiB "
            "a task\n", sums.all_s / 3600.0, sums.left_s / 3600.0, text, jobs, sums.most_mib);
    if (calibration.n_finished)
        fprintf(out, "estimates are calibrated by %zu finished tasks\n", calibration.n_finished);
    else
        fprintf(out, "estimates are those of the program: no task of this run has finished yet\n");
}

/* ---- the ranked table ---- */

static void print_number(FILE *out, double value, int width, int decimals)
{
    if (isfinite(value))
        fprintf(out, " %*.*f", width, decimals, value);
    else
        fprintf(out, " %*s", width, "-");
}

static void print_row(FILE *out, const res_ranked_row *row)
{
    fprintf(out, "%4d  %-14s", row->rank, row->candidate);
    print_number(out, row->lithiophilicity, 14, 3);
    print_number(out, row->robustness, 10, 3);
    print_number(out, row->li_binding_ev, 11, 3);
    print_number(out, row->migration_barrier_ev, 10, 3);
    if (isfinite(row->solubility_m_in_li))
        fprintf(out, " %10.2g", row->solubility_m_in_li);
    else
        fprintf(out, " %10s", "-");
    print_number(out, row->bulk_modulus_gpa, 8, 1);
    fprintf(out, "  %s\n", row->notes ? row->notes : "");
}

void screen_print_table(FILE *out, const res_ranked_row *row, size_t n)
{
    int unranked = 0;

    fprintf(out, "rank  %-14s lithiophilicity robustness binding_eV barrier_eV solubility  B_GPa  "
            "notes\n", "candidate");
    for (size_t i = 0; i < n; i++)
        if (row[i].rank > 0)
            print_row(out, &row[i]);
    for (size_t i = 0; i < n; i++) {
        if (row[i].rank > 0)
            continue;
        if (!unranked++)
            fprintf(out, "not ranked:\n");
        fprintf(out, "   -  %-14s %s\n", row[i].candidate, row[i].reason ? row[i].reason : "");
    }
}
