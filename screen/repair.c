#include "screen/repair.h"

#include "results/database.h"
#include "results/record.h"

/* DFT_OK for a whole record and for none. */
static dft_status check_record(const char *run_dir, const flow_task *task, dft_error *why)
{
    json_t *record = NULL;
    const dft_status status = res_record_read(run_dir, task->key, &record, why);

    json_decref(record);
    return status == DFT_ENOFILE ? DFT_OK : status;
}

dft_status screen_repair_records(const screen_app *app, const char *run_dir,
                                 const flow_graph *graph, dft_error *err)
{
    for (size_t i = 0; i < graph->n_tasks; i++) {
        const flow_task *task = &graph->task[i];
        dft_error why = { DFT_OK, "" };
        char moved[4096];
        dft_status status = check_record(run_dir, task, &why);
        if (status == DFT_OK)
            continue;
        if (status != DFT_EPARSE)
            return dft_fail(err, status, "%s", why.message);
        status = res_record_set_aside(run_dir, task->key, moved, sizeof moved, err);
        if (status != DFT_OK)
            return status;
        fprintf(app->progress, "%s; %s %s is computed again, and the file is kept as %s\n",
                why.message, task->subject, task->step, moved);
    }
    return DFT_OK;
}

void screen_repair_report(const screen_app *app, const char *run_dir, const flow_graph *graph)
{
    for (size_t i = 0; i < graph->n_tasks; i++) {
        dft_error why = { DFT_OK, "" };
        if (check_record(run_dir, &graph->task[i], &why) != DFT_OK)
            fprintf(app->progress, "%s\n", why.message);
    }
}

dft_status screen_repair_database(const screen_app *app, const char *run_dir, dft_error *err)
{
    char moved[4096];
    const dft_status status = res_database_set_aside(run_dir, moved, sizeof moved, err);

    if (status == DFT_OK && moved[0])
        fprintf(app->progress, "%s/%s was damaged: it is kept as %s and made anew from the "
                "records\n", run_dir, RES_DATABASE_NAME, moved);
    return status;
}
