#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/collector.h"
#include "dft-lite/base/file.h"
#include "results/record.h"
#include "screen/options.h"
#include "screen/verbs.h"

static dft_status read_shape(const screen_command *command, desc_pore_shape *out, dft_error *err)
{
    static const char *const names[] = { "straight", "round", "fibres" };
    const char *name = screen_option_value(command, "pores");

    for (int i = 0; i < 3; i++)
        if (!name || strcmp(name, names[i]) == 0) {
            *out = (desc_pore_shape)i;
            return DFT_OK;
        }
    return dft_fail(err, DFT_EUSAGE, "--pores=%.40s: the shapes are straight, round and fibres", name);
}

static dft_status read_numbers(const screen_command *command, desc_collector *c, dft_error *err)
{
    const struct { const char *name; double *value; } numbers[] = {
        { "size-um", &c->size_um }, { "porosity", &c->porosity },
        { "thickness-um", &c->thickness_um }, { "density-g-per-cm3", &c->density_g_per_cm3 },
        { "current-ma-per-cm2", &c->current_ma_per_cm2 },
        { "exchange-ma-per-cm2", &c->exchange_ma_per_cm2 },
        { "conductivity-ms-per-cm", &c->conductivity_ms_per_cm },
        { "temperature-k", &c->temperature_k },
    };
    dft_status status = DFT_OK;

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == DFT_OK; i++)
        status = screen_option_number(command, numbers[i].name, 1e-9, 1e9, numbers[i].value, err);
    return status;
}

static void print_line(FILE *out, const char *name, double value, const char *unit)
{
    if (!isnan(value))
        fprintf(out, "%-22s %10.4g %s\n", name, value, unit);
}

static void print_result(FILE *out, const desc_collector_result *r)
{
    print_line(out, "area per volume", r->area_per_volume_per_cm, "1/cm");
    if (isfinite(r->depth_um))
        print_line(out, "depth reached", r->depth_um, "um");
    print_line(out, "area ratio", r->area_ratio, "(1: flat)");
    print_line(out, "local current", r->local_current_ma_per_cm2, "mA/cm2");
    print_line(out, "Sand's time, times", r->sand_time_factor, "");
    print_line(out, "lithium in the pores", r->pore_capacity_mah_per_cm2, "mAh/cm2");
    print_line(out, "mass of the solid", r->mass_mg_per_cm2, "mg/cm2");
    print_line(out, "mass penalty", r->mass_penalty, "g per g of that lithium");
    print_line(out, "solid and lithium", r->composite_mah_per_g, "mAh/g");
}

static dft_status write_json(const char *path, const desc_collector_result *r, dft_error *err)
{
    json_t *root = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "area_per_volume_per_cm", res_number(r->area_per_volume_per_cm), "depth_um",
        res_number(r->depth_um), "area_ratio", res_number(r->area_ratio), "local_current_ma_per_cm2",
        res_number(r->local_current_ma_per_cm2), "sand_time_factor", res_number(r->sand_time_factor),
        "pore_capacity_mah_per_cm2", res_number(r->pore_capacity_mah_per_cm2), "mass_mg_per_cm2",
        res_number(r->mass_mg_per_cm2), "mass_penalty", res_number(r->mass_penalty),
        "composite_mah_per_g", res_number(r->composite_mah_per_g));
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    const dft_status status = text ? dft_file_write(path, text, strlen(text), err)
                                   : dft_fail(err, DFT_ENOMEM, "no memory for %s", path);
    free(text);
    json_decref(root);
    return status;
}

static dft_status collector(const screen_app *app, const screen_command *command, int *code,
                            dft_error *err)
{
    const char *path = screen_option_value(command, "json");
    desc_collector c = desc_collector_defaults();
    desc_collector_result r;
    dft_status status = read_shape(command, &c.shape, err);
    (void)code;

    if (status == DFT_OK)
        status = read_numbers(command, &c, err);
    if (status == DFT_OK)
        status = desc_collector_compute(&c, &r, err);
    if (status == DFT_OK)
        print_result(app->out, &r);
    if (status == DFT_OK && path)
        status = write_json(path, &r, err);
    return status;
}

int screen_verb_collector(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "size-um", "X", "diameter of pores or fibres; needed", NULL },
        { "porosity", "X", "0 to 1; needed", NULL },
        { "thickness-um", "X", "of the layer; needed", NULL },
        { "pores", "SHAPE", "straight (default), round, or fibres", NULL },
        { "density-g-per-cm3", "X", "of the solid (Cu 8.96), for the masses", NULL },
        { "current-ma-per-cm2", "X", "of the electrode, for the local current", NULL },
        { "exchange-ma-per-cm2", "X", "exchange current, and", NULL },
        { "conductivity-ms-per-cm", "X", "of the electrolyte: how deep the current goes", NULL },
        { "temperature-k", "X", "default 298.15", NULL },
        { "json", "OUT", "the same as JSON", NULL },
    };
    screen_command command = { "collector", "", "A three-dimensional current collector: electroactive "
        "area, local current density, lithium capacity of its pores,\nmass penalty "
        "(formulas: descriptors/collector.h).", 0, 0, 10, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, collector);
}
