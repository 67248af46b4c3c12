#include "screen/app.h"

#include <string.h>
#include <unistd.h>

#include "screen/scheduler.h"

static dft_status join(char *out, size_t size, const char *root, const char *name, dft_error *err)
{
    const int n = snprintf(out, size, "%s/%s", root, name);

    if (n < 0 || (size_t)n >= size)
        return dft_fail(err, DFT_EUSAGE, "the path '%.200s' is too long", root);
    return DFT_OK;
}

dft_status screen_app_set_data_root(screen_app *app, const char *root, dft_error *err)
{
    dft_status status = join(app->candidates_dir, sizeof app->candidates_dir, root,
                             "candidates/data", err);
    if (status == DFT_OK)
        status = join(app->descriptors_dir, sizeof app->descriptors_dir, root, "descriptors/data",
                      err);
    return status;
}

/* build/bin/liscreen lies two levels below the root; a sanitised build lies deeper, so the nearest
 * parent with the data is taken. */
static dft_status find_data(screen_app *app, dft_error *err)
{
    char root[4096];

    snprintf(root, sizeof root, "%s", app->program);
    for (char *slash = strrchr(root, '/'); slash && slash != root; slash = strrchr(root, '/')) {
        *slash = '\0';
        if (screen_app_set_data_root(app, root, err) != DFT_OK)
            return DFT_EUSAGE;
        if (access(app->candidates_dir, R_OK) == 0 && access(app->descriptors_dir, R_OK) == 0)
            return DFT_OK;
    }
    return DFT_OK;                  /* --data-dir may still name it */
}

dft_status screen_app_init(screen_app *app, dft_error *err)
{
    memset(app, 0, sizeof *app);
    const ssize_t n = readlink("/proc/self/exe", app->program, sizeof app->program - 1);
    if (n <= 0)
        return dft_fail(err, DFT_EINTERNAL, "the path of this program is not to be had from "
                        "/proc/self/exe; mount /proc");
    app->program[n] = '\0';
    app->calculator = flow_calculator_dftlite();
    app->launch = screen_launch_program;
    app->out = stdout;
    app->progress = stderr;
    return find_data(app, err);
}

pid_t screen_launch_program(const screen_app *app, const char *run_dir, const char *key, int threads,
                            int error_fd)
{
    char option[32];
    const pid_t parent = getpid();
    const pid_t pid = fork();

    if (pid != 0)
        return pid;
    screen_child_begin(parent, error_fd);
    snprintf(option, sizeof option, "--threads=%d", threads);
    execl(app->program, "liscreen", "task", run_dir, key, option, (char *)NULL);
    _exit(70);
}

int screen_complain(const screen_app *app, const char *verb, const dft_error *err)
{
    fprintf(app->progress, "liscreen%s%s: %s\n", verb[0] ? " " : "", verb, err->message);
    return dft_exit_code(err->status);
}
