#include "screen/surface.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "candidates/library.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/read.h"

dft_status screen_surface_structure(const screen_app *app, const char *word, int *is_sheet,
                                    dft_crystal **out, dft_error *err)
{
    cand_library *library = NULL;
    const cand_entry *entry = NULL;
    dft_error why = { DFT_OK, "" };
    dft_status status = DFT_OK;

    *is_sheet = 0;
    *out = NULL;
    if (access(word, F_OK) == 0)
        return dft_crystal_read(word, out, err);
    if (strchr(word, '/') || strchr(word, '.'))
        return dft_fail(err, DFT_ENOFILE, "%s: no such file", word);
    status = cand_library_read(app->candidates_dir, &library, err);
    if (status == DFT_OK && cand_library_find(library, word, &entry, &why) != DFT_OK)
        status = dft_fail(err, why.status, "'%.100s' is no file here; %s", word, why.message);
    if (status == DFT_OK) {
        *is_sheet = entry->is_sheet;
        status = cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, out, err);
    }
    cand_library_free(library);
    return status;
}

static dft_status parse_supercell(const char *text, int n[2], dft_error *err)
{
    int end = 0;

    n[0] = n[1] = 1;
    if (!text)
        return DFT_OK;
    if (sscanf(text, "%dx%d%n", &n[0], &n[1], &end) != 2 || text[end] != '\0' || n[0] < 1
        || n[1] < 1)
        return dft_fail(err, DFT_EUSAGE, "--supercell=%.40s: write it as 2x2", text);
    return DFT_OK;
}

static dft_status cut(const screen_command *command, const dft_crystal *structure, int is_sheet,
                      dft_crystal **out, cand_slab_info *info, dft_error *err)
{
    const char *facet = screen_option_value(command, "facet");
    int layers = 4, termination = 0, miller[3];
    double vacuum_ang = 15.0;
    dft_status status = screen_option_integer(command, "layers", 1, 1000, &layers, err);

    if (status == DFT_OK)
        status = screen_option_integer(command, "termination", 0, 1000, &termination, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "vacuum-ang", 0.0, 1000.0, &vacuum_ang, err);
    if (status != DFT_OK)
        return status;
    if (is_sheet || !facet)         /* a slab already: says so itself when it is not */
        return cand_sheet_create(structure, vacuum_ang / DFT_BOHR_ANG, out, info, err);
    status = cand_miller_parse(facet, miller, NULL, err);
    if (status == DFT_OK)
        status = cand_slab_create(structure, miller, layers, vacuum_ang / DFT_BOHR_ANG, termination,
                                  out, info, err);
    return status;
}

dft_status screen_surface_cut(const screen_app *app, const screen_command *command,
                              dft_crystal **out, cand_slab_info *info, dft_error *err)
{
    dft_crystal *structure = NULL, *small = NULL;
    int n[2], is_sheet = 0;
    dft_status status = parse_supercell(screen_option_value(command, "supercell"), n, err);

    *out = NULL;
    if (status == DFT_OK)
        status = screen_surface_structure(app, command->word[0], &is_sheet, &structure, err);
    if (status == DFT_OK)
        status = cut(command, structure, is_sheet, &small, info, err);
    if (status == DFT_OK && n[0] == 1 && n[1] == 1) {
        *out = small;
        small = NULL;
    } else if (status == DFT_OK) {
        status = cand_slab_repeat(small, n[0], n[1], out, err);
    }
    dft_crystal_free(small);
    dft_crystal_free(structure);
    return status;
}
