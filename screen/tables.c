#include "screen/tables.h"

#include <sys/stat.h>

#include "results/database.h"
#include "screen/judge.h"
#include "screen/run_dir.h"

/* 1 when RUN/name changed after the database was made. */
static int is_newer(const char *run_dir, const char *name, const char *database)
{
    char path[4096];
    struct stat theirs, ours;

    return screen_run_dir_path(run_dir, name, path, sizeof path, NULL) == DFT_OK
           && stat(path, &theirs) == 0 && stat(database, &ours) == 0
           && theirs.st_mtime > ours.st_mtime;
}

/* What came after the database: of a run that was killed before it could publish. */
static int is_behind(const char *run_dir, const char *database)
{
    return (is_newer(run_dir, "records", database) || is_newer(run_dir, "observations", database))
           && !screen_run_dir_is_locked(run_dir);
}

dft_status screen_tables_make(const screen_app *app, const char *run_dir, dft_error *err)
{
    char path[4096];
    int version = 0;
    dft_error why = { DFT_OK, "" };
    screen_project *project = NULL;
    flow_assembly *assembly = NULL;
    dft_status status = screen_run_dir_path(run_dir, RES_DATABASE_NAME, path, sizeof path, err);

    if (status != DFT_OK)
        return status;
    status = res_database_check(path, &version, &why);
    if (status == DFT_OK && version == RES_SCHEMA_VERSION && !is_behind(run_dir, path))
        return DFT_OK;
    if (status != DFT_OK && status != DFT_ENOFILE && status != DFT_EPARSE)
        return dft_fail(err, status, "%s", why.message);
    status = screen_project_open_run(app, run_dir, &project, err);
    if (status == DFT_OK)
        status = screen_judge(project, run_dir, &assembly, err);
    flow_assembly_free(assembly);
    screen_project_close(project);
    return status;
}
