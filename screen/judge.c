#include "screen/judge.h"

#include <math.h>
#include <unistd.h>

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
    if (status == DFT_OK && !survey.running)
        status = publish(project, run_dir, assembly, err);
    screen_survey_clear(&survey);
    if (status == DFT_OK)
        *out = assembly;
    else
        flow_assembly_free(assembly);
    return status;
}
