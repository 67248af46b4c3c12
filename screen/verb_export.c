#include <stdio.h>

#include "dft-lite/base/output.h"
#include "results/export.h"
#include "screen/options.h"
#include "screen/tables.h"
#include "screen/verbs.h"

/* The standard output is written to, not replaced: it may be a file that holds more than this. */
static dft_status write_out(const screen_app *app, const char *run_dir, res_export_format format,
                            dft_error *err)
{
    res_text text = { 0 };
    const dft_status status = res_export_text(run_dir, format, &text, err);

    if (status == DFT_OK)
        fwrite(text.data, 1, text.length, app->out);
    res_text_clear(&text);
    return status;
}

static dft_status export(const screen_app *app, const screen_command *command, int *code,
                         dft_error *err)
{
    const char *name = screen_option_value(command, "format");
    const char *path = screen_option_value(command, "out");
    res_export_format format = RES_EXPORT_CSV;
    dft_status status = name ? res_export_format_parse(name, &format, err) : DFT_OK;
    (void)code;

    if (status == DFT_OK && path)
        status = dft_output_check(path, err);
    if (status == DFT_OK && format != RES_EXPORT_EXTXYZ && format != RES_EXPORT_ASE_DB)
        status = screen_tables_make(app, command->word[0], err);
    if (status == DFT_OK && path)
        status = res_export(command->word[0], format, path, err);
    else if (status == DFT_OK)
        status = write_out(app, command->word[0], format, err);
    return status;
}

int screen_verb_export(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "format", "NAME", "csv (default), json, extxyz, ase-db, sqlite", NULL },
        { "out", "FILE", "default the standard output", NULL },
    };
    screen_command command = { "export", "RUN", "A run for other programs: the ranked list (csv), "
        "all tables (json), the structures with their energies\n(extxyz; ase-db opens with `ase db`), a "
        "snapshot of the database (sqlite).", 1, 1, 2, option, 0,
        { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, export);
}
