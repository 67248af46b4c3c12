#include "screen/judge.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "results/record.h"
#include "screen/repair.h"
#include "screen/run_dir.h"
#include "screen/survey.h"

static dft_status publish(const screen_project *project, const char *run_dir,
                          const flow_assembly *assembly, dft_error *err)
{
    int lock = -1;
    dft_status status = screen_run_dir_lock(run_dir, &lock, err);

    if (status == DFT_OK)
        status = screen_repair_database(project->app, run_dir, err);
    if (status == DFT_OK)
        status = screen_project_publish(run_dir, assembly, err);
    if (lock >= 0)
        close(lock);
    return status;
}

static dft_status count_record(void *user, const char *key, const json_t *record, dft_error *err)
{
    (void)key, (void)record, (void)err;
    ++*(size_t *)user;
    return DFT_OK;
}

/* Records of this run that no planned task claims, while none is claimed. */
static size_t count_strangers(const screen_project *project, const char *run_dir,
                              const screen_survey *survey)
{
    size_t n = 0;
    const res_record_visitor visitor = { &n, count_record, NULL };

    for (size_t i = 0; i < project->plan->graph.n_tasks; i++)
        if (survey->status[i].reused)
            return 0;
    return res_record_each(run_dir, &visitor, NULL) == DFT_OK ? n : 0;
}

static int may_publish(const screen_project *project, const char *run_dir,
                       const screen_survey *survey)
{
    const size_t n_strangers = count_strangers(project, run_dir, survey);
    FILE *progress = project->app->progress;

    if (survey->running)
        return 0;
    if (access(run_dir, W_OK | X_OK) != 0)
        fprintf(progress, "%s cannot be written to (%s): the list is shown and not written\n", run_dir,
                strerror(errno));
    else if (n_strangers > 0)
        fprintf(progress, "none of the %zu records of %s belongs to a task as it is planned here (other "
                "data sets, another version of the program, or an edited campaign): the list is not "
                "written, and 'liscreen run' computes the tasks\n", n_strangers, run_dir);
    else
        return 1;
    return 0;
}

dft_status screen_judge(const screen_project *project, const char *run_dir, flow_assembly **out,
                        dft_error *err)
{
    screen_survey survey = { NULL, 0, NAN };
    flow_assembly *assembly = NULL;
    dft_status status = screen_survey_make(project, run_dir, &survey, err);

    *out = NULL;
    if (status == DFT_OK) {
        screen_repair_report(project->app, run_dir, &project->plan->graph);
        status = screen_project_assemble(project, run_dir, survey.status, &assembly, err);
    }
    if (status == DFT_OK && may_publish(project, run_dir, &survey))
        status = publish(project, run_dir, assembly, err);
    screen_survey_clear(&survey);
    if (status == DFT_OK)
        *out = assembly;
    else
        flow_assembly_free(assembly);
    return status;
}
