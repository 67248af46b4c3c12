#include <math.h>
#include <stdio.h>

#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "screen/options.h"
#include "screen/propose.h"
#include "screen/propose_sample.h"
#include "screen/tables.h"
#include "screen/verbs.h"

static void print_range(FILE *out, const char *name, double low, double high, const char *unit)
{
    if (isnan(low))
        return;
    if (isnan(high))
        fprintf(out, "     %-12s from %.3g %s on\n", name, low, unit);
    else
        fprintf(out, "     %-12s %.3g to %.3g %s\n", name, low, high, unit);
}

static void print_axis(FILE *out, const json_t *row, const char *axis)
{
    char low[64], high[64];
    const double v = screen_row_number(row, axis);

    snprintf(low, sizeof low, "%s_low", axis);
    snprintf(high, sizeof high, "%s_high", axis);
    fprintf(out, "  %s %.2f", axis, v);
    if (isfinite(screen_row_number(row, low)))
        fprintf(out, " (%.2f to %.2f)", screen_row_number(row, low), screen_row_number(row, high));
}

static void print_sample(FILE *out, size_t i, const json_t *row)
{
    const double v = screen_row_number(row, "first_lithiation_v");
    const double dissolves = screen_row_number(row, "dissolves_below_nm");

    fprintf(out, "%3zu  %-16s rank %.0f", i + 1, screen_row_text(row, "candidate"),
            screen_row_number(row, "rank"));
    print_axis(out, row, "lithiophilicity");
    print_axis(out, row, "robustness");
    fprintf(out, "\n     %-12s %s, facet %s\n", "make", screen_row_text(row, "form"),
            screen_row_text(row, "facet"));
    print_range(out, "thickness", screen_row_number(row, "thickness_low_nm"),
                screen_row_number(row, "thickness_high_nm"), "nm");
    fprintf(out, "     %-12s %s\n", "", screen_row_text(row, "thickness_basis"));
    if (dissolves > 0.0)
        fprintf(out, "     %-12s below %.3g nm it all dissolves in the plated lithium\n", "",
                dissolves);
    if (v > 0.0)
        fprintf(out, "     %-12s lithiated below %.2f +- %.2f V against Li/Li+\n", "window", v,
                screen_row_number(row, "first_lithiation_error_v"));
    fprintf(out, "     %-12s %s: %s\n", "measure", screen_row_text(row, "quantity"),
            screen_row_text(row, "why"));
    if (screen_row_text(row, "hazards")[0])
        fprintf(out, "     %-12s %s\n", "hazards", screen_row_text(row, "hazards"));
    if (screen_row_text(row, "price_class_usd_per_kg")[0])
        fprintf(out, "     %-12s %s USD/kg\n", "price class",
                screen_row_text(row, "price_class_usd_per_kg"));
    if (screen_row_text(row, "handling_origin")[0])
        fprintf(out, "     %-12s %s\n", "", screen_row_text(row, "handling_origin"));
}

static dft_status write_csv(const json_t *proposals, const char *path, dft_error *err)
{
    res_text text = { 0 };
    dft_status status = screen_propose_csv(proposals, &text, err);

    if (status == DFT_OK)
        status = dft_file_write(path, text.data, text.length, err);
    res_text_clear(&text);
    return status;
}

static dft_status propose(const screen_app *app, const screen_command *command, int *code,
                          dft_error *err)
{
    const char *path = screen_option_value(command, "csv");
    screen_propose_request request = { 8, screen_option_value(command, "avoid"), 4.0 };
    int count = 8;
    json_t *proposals = NULL, *row;
    size_t i;
    dft_status status = screen_option_integer(command, "count", 1, 1000, &count, err);
    (void)code;

    request.count = (size_t)count;
    if (status == DFT_OK)
        status = screen_option_number(command, "capacity-mah-per-cm2", 1e-3, 1e3,
                                      &request.plated_mah_per_cm2, err);
    if (status == DFT_OK && path)
        status = dft_output_check(path, err);
    if (status == DFT_OK)
        status = screen_tables_make(app, command->word[0], err);
    if (status == DFT_OK)
        status = screen_propose(app, command->word[0], &request, &proposals, err);
    json_array_foreach(proposals, i, row)
        print_sample(app->out, i, row);
    if (status == DFT_OK && path)
        status = write_csv(proposals, path, err);
    if (status == DFT_OK && path)
        fprintf(app->progress, "written: %s; fill in value, error and the conditions, then 'liscreen "
                "observe %s --file=%s'\n", path, command->word[0], path);
    json_decref(proposals);
    return status;
}

int screen_verb_propose(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "count", "N", "samples; default 8", NULL },
        { "csv", "OUT", "the same as a table with empty columns for what will be measured", NULL },
        { "avoid", "Hg,Pb", "elements that nobody wants to handle", NULL },
        { "capacity-mah-per-cm2", "X", "lithium plated a cycle, for the thickness; default 4", NULL },
    };
    screen_command command = { "propose", "RUN", "Samples to make next: good, unlike each other, not "
        "measured yet; with form, thickness, window, the measurement that\nwould tell most, hazards "
        "and price class.", 1, 1, 4, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, propose);
}
