#include <stdio.h>
#include <string.h>

#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/write.h"
#include "screen/surface.h"
#include "screen/verbs.h"

static void print_info(const screen_app *app, const char *path, const dft_crystal *slab,
                       const cand_slab_info *info)
{
    const double a = DFT_BOHR_ANG;

    fprintf(app->out, "%s: %zu atoms, %d layers, thickness %.4f A, vacuum %.4f A, area of 1x1 %.4f "
            "A^2, top %s%s%s, %zu terminations\n", path, slab->n_atoms, info->layers,
            info->thickness * a, info->vacuum * a, info->area * a * a, info->top,
            info->faces_equal ? ", equal faces" : "", info->polar ? ", polar" : "",
            info->n_terminations);
    fprintf(app->out, "%zu planes, bottom %s%s; Tasker type %d by %s\n", info->n_planes, info->bottom,
            info->stoichiometric ? "" : ", not the bulk's composition", info->tasker,
            info->tasker_from_charges ? "formal charges"
                                      : "the stacking of elements (charges unknown)");
    if (info->layers > info->layers_asked && info->layers_asked > 0)
        fprintf(app->out, "%d layers were asked for; %d give two equal faces\n",
                info->layers_asked, info->layers);
}

static dft_status slab(const screen_app *app, const screen_command *command, int *code,
                       dft_error *err)
{
    const char *path = screen_option_value(command, "out");
    const char *picture = screen_option_value(command, "picture");
    dft_crystal *cut = NULL;
    cand_slab_info info;
    dft_status status = DFT_OK;
    (void)code;

    memset(&info, 0, sizeof info);
    if (!path)
        return dft_fail(err, DFT_EUSAGE, "say where to write the slab: --out=slab.extxyz");
    status = screen_surface_check_out(path, err);
    if (status == DFT_OK && picture)
        status = dft_output_check(picture, err);
    if (status == DFT_OK)
        status = screen_surface_cut(app, command, 0, &cut, &info, err);
    if (status == DFT_OK)
        status = dft_crystal_write(path, cut, NULL, err);
    if (status == DFT_OK && picture)
        status = screen_surface_picture(command, picture, cut, NULL, 0, err);
    if (status == DFT_OK)
        print_info(app, path, cut, &info);
    dft_crystal_free(cut);
    return status;
}

int screen_verb_slab(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        SCREEN_SURFACE_OPTIONS,
        { "out", "FILE", "by its ending extxyz (.extxyz, .xyz), CIF (.cif) or POSCAR (.vasp, .poscar); "
          "required", NULL },
        { "picture", "FILE", "also an SVG picture from above and from the side", NULL },
    };
    screen_command command = { "slab", "FILE|ID", "Cuts a slab from a POSCAR, CIF or extxyz file, "
        "or from a library id or formula (Li, Zn_hcp).", 1, 1, SCREEN_N_SURFACE_OPTIONS + 2, option,
        0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, slab);
}
