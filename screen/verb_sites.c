#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/sites.h"
#include "dft-lite/base/units.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "results/record.h"
#include "screen/surface.h"
#include "screen/verbs.h"

#define Z_LI 3

static json_t *site_json(const cand_site *site)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:I, s:[ooo], s:o}", "name", site->name,
                     "label", site->label, "elements", site->elements,
                     "coordination", site->coordination,
                     "multiplicity", (json_int_t)site->multiplicity, "position_ang",
                     res_number(site->position[0] * DFT_BOHR_ANG),
                     res_number(site->position[1] * DFT_BOHR_ANG),
                     res_number(site->position[2] * DFT_BOHR_ANG),
                     "starting_height_ang", res_number(site->height * DFT_BOHR_ANG));
}

static dft_status write_json(const char *path, const cand_site *site, size_t n, dft_error *err)
{
    json_t *array = json_array();
    char *text = NULL;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, site_json(&site[i]));
    json_t *root = json_pack("{s:o}", "sites", array);
    text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    status = text ? dft_file_write(path, text, strlen(text), err)
                  : dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu sites", path, n);
    free(text);
    json_decref(root);
    return status;
}

static void print_sites(const screen_app *app, const cand_site *site, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(app->out, "%-24s coordination %d, multiplicity %zu, at %8.4f %8.4f %8.4f A\n",
                site[i].label, site[i].coordination, site[i].multiplicity,
                site[i].position[0] * DFT_BOHR_ANG, site[i].position[1] * DFT_BOHR_ANG,
                site[i].position[2] * DFT_BOHR_ANG);
}

static dft_status sites(const screen_app *app, const screen_command *command, int *code,
                        dft_error *err)
{
    const char *path = screen_option_value(command, "json");
    dft_crystal *slab = NULL;
    cand_slab_info info;
    cand_site *site = NULL;
    size_t n = 0;
    int is_sheet = 0;
    dft_status status = path ? dft_output_check(path, err) : DFT_OK;
    (void)code;

    if (status != DFT_OK)
        return status;
    /* A file without a facet is a slab already, taken as it is. */
    if (!screen_option_value(command, "facet") && !screen_option_value(command, "vacuum-ang"))
        status = screen_surface_structure(app, command->word[0], &is_sheet, &slab, err);
    else
        status = screen_surface_cut(app, command, &slab, &info, err);
    if (status == DFT_OK)
        status = cand_sites_find(slab, Z_LI, NULL, &site, &n, err);
    if (status == DFT_OK && path)
        status = write_json(path, site, n, err);
    else if (status == DFT_OK)
        print_sites(app, site, n);
    free(site);
    dft_crystal_free(slab);
    return status;
}

int screen_verb_sites(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        SCREEN_SURFACE_OPTIONS,
        { "json", "OUT", "write them as JSON; otherwise they are printed", NULL },
    };
    screen_command command = { "sites", "FILE|ID", "The distinct high-symmetry adsorption sites on "
        "the top face.  A FILE without --facet is a slab already.", 1, 1,
        SCREEN_N_SURFACE_OPTIONS + 1, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, sites);
}
