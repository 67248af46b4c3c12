#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "screen/glance.h"
#include "screen/options.h"
#include "screen/verbs.h"

static int terminal_width(FILE *out)
{
    struct winsize size;

    if (!isatty(fileno(out)))
        return 0;
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/* From the top left corner, each line's rest and what stood below erased: nothing flickers. */
static dft_status draw_in_place(const screen_app *app, const screen_glance *glance)
{
    char *text = NULL;
    size_t n = 0;
    FILE *page = open_memstream(&text, &n);

    if (!page)
        return DFT_ENOMEM;
    screen_glance_print(page, glance, terminal_width(app->out));
    fclose(page);
    fputs("\033[H", app->out);
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            fputs("\033[K", app->out);
        fputc(*c, app->out);
    }
    fputs("\033[J", app->out);
    fflush(app->out);
    free(text);
    return DFT_OK;
}

/* Until no program runs any more.  A pipe gets a line whenever the counts have changed. */
static dft_status watch(const screen_app *app, const char *run_dir, double interval_s,
                        screen_glance *glance, dft_error *err)
{
    const struct timespec pause = { (time_t)interval_s,
                                    (long)(1e9 * (interval_s - (double)(time_t)interval_s)) };
    const int in_place = terminal_width(app->out) > 0;
    size_t last = (size_t)-1;
    dft_status status = DFT_OK;

    if (in_place)
        fputs("\033[2J", app->out);
    while (status == DFT_OK) {
        const size_t now = glance->n_done * 1000003 + glance->n_waiting * 1009 + glance->n_running;
        if (in_place)
            status = draw_in_place(app, glance);
        else if (now != last)
            screen_glance_line(app->out, glance);
        fflush(app->out);
        last = now;
        if (!glance->is_running || ferror(app->out))
            break;
        nanosleep(&pause, NULL);
        if (status == DFT_OK)
            status = screen_glance_make(app, run_dir, glance, err);
    }
    return status;
}

static dft_status tell_status(const screen_app *app, const screen_command *command, int *code,
                              dft_error *err)
{
    const char *run_dir = command->word[0];
    double interval_s = 2.0;
    screen_glance *glance = calloc(1, sizeof *glance);
    dft_status status = screen_option_number(command, "interval-s", 0.1, 3600.0, &interval_s, err);
    (void)code;

    if (status == DFT_OK && !glance)
        status = dft_fail(err, DFT_ENOMEM, "no memory to look at %s", run_dir);
    if (status == DFT_OK)
        status = screen_glance_make(app, run_dir, glance, err);
    if (status == DFT_OK && screen_option_value(command, "watch"))
        status = watch(app, run_dir, interval_s, glance, err);
    else if (status == DFT_OK)
        screen_glance_print(app->out, glance, terminal_width(app->out));
    free(glance);
    return status;
}

int screen_verb_status(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "watch", NULL, "again and again, in place on a terminal, until no program runs", NULL },
        { "interval-s", "X", "pause between two looks with --watch; default 2", NULL },
    };
    screen_command command = { "status", "RUN", "What a run has done, what runs now and how far it is, "
        "and what gave no usable number and why.", 1, 1, 2, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, tell_status);
}
