#include "results/export.h"
#include "screen/options.h"
#include "screen/verbs.h"

int screen_verb_export(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "format", "csv|json|extxyz", "default csv", NULL },
        { "out", "FILE", "default the standard output", NULL },
    };
    screen_command command = { "export", "RUN", "A run for other programs: the ranked list (csv), "
        "all tables (json), the structures with their energies (extxyz).", 1, 1, 2, option, 0,
        { NULL }, 0 };
    res_export_format format = RES_EXPORT_CSV;
    dft_error err = { DFT_OK, "" };
    dft_status status = screen_options_parse(&command, argc, argv, &err);

    if (command.help) {
        screen_options_print_help(&command, app->out);
        return 0;
    }
    const char *name = screen_option_value(&command, "format");
    const char *path = screen_option_value(&command, "out");
    if (status == DFT_OK && name)
        status = res_export_format_parse(name, &format, &err);
    if (status == DFT_OK)
        status = res_export(command.word[0], format, path ? path : "/dev/stdout", &err);
    return status == DFT_OK ? 0 : screen_complain(app, "export", &err);
}
