#include "screen/project.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "candidates/folder.h"
#include "dft-lite/base/alloc.h"
#include "results/ranking.h"
#include "results/record.h"
#include "screen/run_dir.h"
#include "screen/suggest.h"

#define MOST_SUGGESTED 256

/* ---- opening ---- */

static dft_status find_candidate(const screen_project *project, const char *path, size_t i,
                                 const cand_candidate **chosen, dft_error *err)
{
    const screen_campaign *campaign = project->campaign;
    dft_error why = { DFT_OK, "" };

    if (cand_catalog_find(project->catalog, campaign->candidate[i], &chosen[i], &why) != DFT_OK)
        return dft_fail(err, DFT_EPARSE, "%s:%d: %s", path, campaign->candidate_line[i],
                        why.message);
    for (size_t j = 0; j < i; j++)
        if (chosen[j] == chosen[i])
            return dft_fail(err, DFT_EPARSE, "%s:%d: '%s' and '%s' (line %d) are the same candidate "
                            "%s; remove one", path, campaign->candidate_line[i],
                            campaign->candidate[i], campaign->candidate[j],
                            campaign->candidate_line[j], chosen[i]->name);
    return DFT_OK;
}

/* One of the campaign's candidates by its name. */
static dft_status choose_one(const screen_project *project, const char *path, const char *name,
                             const cand_candidate **chosen, dft_error *err)
{
    const screen_campaign *campaign = project->campaign;
    const size_t n = campaign->n_candidates;
    const char *known[MOST_SUGGESTED];
    char near[96];
    size_t i = 0;

    while (i < n && strcmp(campaign->candidate[i], name) != 0)
        i++;
    if (i < n || campaign->all_candidates)
        return cand_catalog_find(project->catalog, name, chosen, err);
    for (i = 0; i < n && i < MOST_SUGGESTED; i++)
        known[i] = campaign->candidate[i];
    return dft_fail(err, DFT_EINPUT, "%s has no candidate '%.60s'%s; its list is in %s", campaign->name,
                    name, screen_suggest_phrase(name, i, known, near, sizeof near), path);
}

static dft_status choose_candidates(const screen_project *project, const char *path,
                                    const cand_candidate **chosen, size_t n, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < n && status == DFT_OK; i++) {
        if (project->campaign->all_candidates)
            chosen[i] = cand_catalog_entry(project->catalog, i);
        else
            status = find_candidate(project, path, i, chosen, err);
    }
    return status;
}

/* Marks what the campaign wants refined.  With all of its candidates chosen every name must be one of them. */
static dft_status mark_refined(const screen_project *project, const char *path,
                               const cand_candidate *const *chosen, size_t n, int all, unsigned char *refine,
                               dft_error *err)
{
    const screen_campaign *campaign = project->campaign;
    dft_status status = DFT_OK;

    for (size_t k = 0; k < campaign->n_refine && status == DFT_OK; k++) {
        const cand_candidate *wanted = NULL;
        size_t i = 0;
        dft_error why = { DFT_OK, "" };
        status = cand_catalog_find(project->catalog, campaign->refine[k], &wanted, &why);
        while (status == DFT_OK && i < n && chosen[i] != wanted)
            i++;
        if (status == DFT_OK && i < n)
            refine[i] = 1;
        else if (all)
            status = dft_fail(err, DFT_EPARSE, "%s:%d: '%s' is to be refined and is none of the candidates; add "
                              "it there or remove it here", path, campaign->refine_line[k],
                              campaign->refine[k]);
        else
            status = DFT_OK;
    }
    return status;
}

/* only: this candidate alone; NULL: all of the campaign's. */
static dft_status plan(screen_project *project, const char *path, const char *only, dft_error *err)
{
    const screen_campaign *campaign = project->campaign;
    const size_t n = only ? 1 : campaign->all_candidates ? cand_catalog_size(project->catalog)
                                              : campaign->n_candidates;
    const cand_candidate **chosen = dft_alloc(n, sizeof *chosen);
    unsigned char *refine = dft_alloc(n, 1);
    dft_status status = DFT_OK;

    if (!chosen || !refine) {
        free(chosen);
        free(refine);
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu candidates", n);
    }
    status = only ? choose_one(project, path, only, chosen, err)
                  : choose_candidates(project, path, chosen, n, err);
    if (status == DFT_OK)
        status = mark_refined(project, path, chosen, n, !only, refine, err);
    if (status == DFT_OK) {
        const flow_plan_request request = {
            .library = project->library, .n_candidates = n, .candidate = chosen,
            .protocol = &campaign->protocol, .calculator = project->app->calculator,
            .binding = campaign->descriptors.li_binding || campaign->descriptors.corrugation
                       || campaign->descriptors.migration || campaign->descriptors.surface_energy,
            .atom = campaign->descriptors.li_atom,
            .conduction = campaign->descriptors.conduction,
            .adhesion = campaign->descriptors.adhesion,
            .migration = campaign->descriptors.migration,
            .elastic = campaign->descriptors.elastic,
            .formation = campaign->descriptors.formation_energy,
            .solution = campaign->descriptors.dilute_solution,
            .phase_data = project->phase_data,
            .refine = campaign->has_refine ? refine : NULL,
        };
        status = flow_plan_create(&request, &project->plan, err);
    }
    free(chosen);
    free(refine);
    return status;
}

/* The user's own structures; a file that is no crystal is said and left out. */
static dft_status add_folder(screen_project *project, dft_error *err)
{
    cand_refused_file *refused = NULL;
    size_t n_refused = 0;
    const dft_status status = cand_library_add_folder(project->library, project->campaign->structures,
                                                      NULL, &refused, &n_refused, err);

    for (size_t i = 0; i < n_refused; i++)
        fprintf(project->app->progress, "left out: %s\n", refused[i].reason);
    free(refused);
    return status;
}

static dft_status open_project(const screen_app *app, const char *campaign_path, const char *only,
                               screen_project **out, dft_error *err)
{
    screen_project *project = dft_alloc(1, sizeof *project);
    dft_status status = DFT_OK;

    *out = NULL;
    if (!project)
        return dft_fail(err, DFT_ENOMEM, "no memory for a campaign");
    project->app = app;
    status = screen_campaign_read(campaign_path, &project->campaign, err);
    if (status == DFT_OK)
        status = cand_library_read(app->candidates_dir, &project->library, err);
    if (status == DFT_OK && project->campaign->structures[0])
        status = add_folder(project, err);
    if (status == DFT_OK)
        status = cand_catalog_read(app->candidates_dir, project->library, &project->catalog, err);
    if (status == DFT_OK)
        status = desc_phase_data_read(app->descriptors_dir, &project->phase_data, err);
    if (status == DFT_OK)
        status = desc_curves_read(app->descriptors_dir, &project->curves, err);
    if (status == DFT_OK)
        status = desc_calculations_read(app->descriptors_dir, &project->calculations, err);
    if (status == DFT_OK)
        status = plan(project, campaign_path, only, err);
    if (status != DFT_OK) {
        screen_project_close(project);
        return status;
    }
    *out = project;
    return DFT_OK;
}

dft_status screen_project_open(const screen_app *app, const char *campaign_path,
                               screen_project **out, dft_error *err)
{
    return open_project(app, campaign_path, NULL, out, err);
}

dft_status screen_project_open_candidate(const screen_app *app, const char *run_dir, const char *only,
                                         screen_project **out, dft_error *err)
{
    char path[4096];
    const dft_status status = screen_run_dir_path(run_dir, "campaign.yaml", path, sizeof path, err);

    *out = NULL;
    if (status != DFT_OK)
        return status;
    if (access(path, F_OK) != 0)
        return dft_fail(err, DFT_ENOFILE, "%s: is no run directory (it has no campaign.yaml); give "
                        "the directory of a run, such as results/runs/quick", run_dir);
    return open_project(app, path, only, out, err);
}

dft_status screen_project_open_run(const screen_app *app, const char *run_dir,
                                   screen_project **out, dft_error *err)
{
    return screen_project_open_candidate(app, run_dir, NULL, out, err);
}

void screen_project_close(screen_project *project)
{
    if (!project)
        return;
    flow_plan_free(project->plan);
    desc_phase_data_free(project->phase_data);
    desc_curves_free(project->curves);
    cand_catalog_free(project->catalog);
    cand_library_free(project->library);
    screen_campaign_free(project->campaign);
    free(project);
}

/* ---- records ---- */

int screen_project_look_up(const char *run_dir, const flow_task *task, screen_task_record *record)
{
    json_t *found = NULL;

    if (res_record_read(run_dir, task->key, &found, NULL) != DFT_OK)
        return 0;
    const char *status = json_string_value(json_object_get(found, "status"));
    const char *reason = json_string_value(json_object_get(found, "reason"));
    record->usable = status && strcmp(status, res_outcome_name(RES_DONE)) == 0;
    snprintf(record->reason, sizeof record->reason, "%.319s", reason ? reason : "");
    record->wall_s = json_number_value(json_object_get(json_object_get(found, "timings"),
                                                       "wall_s"));
    record->cpu_s = json_number_value(json_object_get(json_object_get(found, "timings"), "cpu_s"));
    record->peak_rss_mib = json_number_value(json_object_get(json_object_get(found, "timings"),
                                                             "peak_rss_MiB"));
    json_decref(found);
    return 1;
}

/* ---- judging ---- */

static const char *reason_of(void *context, size_t task)
{
    const screen_task_status *status = context;
    return status ? status[task].reason : "";
}

dft_status screen_project_assemble(const screen_project *project, const char *run_dir,
                                   const screen_task_status *status, flow_assembly **out,
                                   dft_error *err)
{
    const flow_assemble_request request = {
        .plan = project->plan, .run_dir = run_dir, .phase_data = project->phase_data,
        .weights = &project->campaign->weights, .wanted = project->campaign->descriptors,
        .reason = reason_of, .context = (void *)status, .curves = project->curves,
        .calculations = &project->calculations,
    };
    return flow_assembly_create(&request, out, err);
}

dft_status screen_project_publish(const char *run_dir, const flow_assembly *assembly,
                                  dft_error *err)
{
    const res_judgement judgement = flow_assembly_judgement(assembly);
    char path[4096];
    size_t n = 0;
    const res_ranked_row *rows = flow_assembly_rows(assembly, &n);
    dft_status status = screen_run_dir_path(run_dir, "ranked.csv", path, sizeof path, err);

    if (status == DFT_OK)
        status = res_ranked_csv_write(path, rows, n, err);
    if (status == DFT_OK)
        status = res_database_rebuild(run_dir, &judgement, NULL, err);
    return status;
}
