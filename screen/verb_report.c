#include <stdio.h>

#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "screen/options.h"
#include "screen/report.h"
#include "screen/run_dir.h"
#include "screen/tables.h"
#include "screen/verbs.h"

static dft_status report(const screen_app *app, const screen_command *command, int *code,
                         dft_error *err)
{
    const char *run_dir = command->word[0], *out = screen_option_value(command, "out");
    int n_details = SCREEN_REPORT_DETAILS;
    char path[4096];
    res_text text = { 0 };
    dft_status status = screen_option_integer(command, "details", 0, 1000000, &n_details, err);
    (void)code;

    if (status == DFT_OK && !out) {
        status = screen_run_dir_path(run_dir, "report.html", path, sizeof path, err);
        out = path;
    }
    if (status == DFT_OK)
        status = screen_tables_make(app, run_dir, err);
    if (status == DFT_OK)
        status = dft_output_check(out, err);
    if (status == DFT_OK)
        status = screen_report_text(app, run_dir, (size_t)n_details, &text, err);
    if (status == DFT_OK)
        status = dft_file_write(out, text.data, text.length, err);
    if (status == DFT_OK)
        fprintf(app->progress, "written: %s (%.1f MB)\n", out, 1e-6 * (double)text.length);
    res_text_clear(&text);
    return status;
}

int screen_verb_report(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "out", "FILE", "default RUN/report.html", NULL },
        { "details", "N", "candidates that get a page of their own; default the first 500", NULL },
    };
    screen_command command = { "report", "RUN", "The run as one HTML file that needs no network: map of "
        "the two axes, ranked table, a page for each candidate, the\nnight's log.  Print it from "
        "the browser for a PDF.", 1, 1, 2, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, report);
}
