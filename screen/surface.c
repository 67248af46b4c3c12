#include "screen/surface.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "candidates/charges.h"
#include "candidates/defects.h"
#include "candidates/layer.h"
#include "candidates/library.h"
#include "candidates/picture.h"
#include "candidates/slab_info.h"
#include "candidates/supercell.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/read.h"
#include "screen/surface_cell.h"

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

/* ---- the 1x1 cell ---- */

static dft_status parse_variant(const char *text, cand_slab_variant *out, dft_error *err)
{
    *out = CAND_SLAB_STOICHIOMETRIC;
    if (!text || strcmp(text, "stoichiometric") == 0)
        return DFT_OK;
    *out = CAND_SLAB_SYMMETRIC;
    if (strcmp(text, "symmetric") == 0)
        return DFT_OK;
    return dft_fail(err, DFT_EUSAGE, "--variant=%.40s: stoichiometric or symmetric", text);
}

/* The number of layers that --layers or --thickness-ang mean. */
static dft_status ask_layers(const screen_command *command, const dft_crystal *bulk,
                             const int miller[3], int termination, int *layers, dft_error *err)
{
    double thickness_ang = 0.0;
    dft_status status = screen_option_integer(command, "layers", 1, 1000, layers, err);

    if (status == DFT_OK)
        status = screen_option_number(command, "thickness-ang", 0.0, 1000.0, &thickness_ang, err);
    if (status != DFT_OK || !screen_option_value(command, "thickness-ang"))
        return status;
    if (screen_option_value(command, "layers"))
        return dft_fail(err, DFT_EUSAGE, "give --layers or --thickness-ang, not both");
    return cand_slab_layers_for(bulk, miller, termination, thickness_ang / DFT_BOHR_ANG, layers, err);
}

static dft_status cut_facet(const screen_command *command, const dft_crystal *bulk,
                            double vacuum_ang, dft_crystal **out, cand_slab_info *info,
                            dft_error *err)
{
    int layers = 4, termination = 0, miller[3];
    cand_slab_variant variant;
    dft_status status = cand_miller_parse(screen_option_value(command, "facet"), miller, NULL, err);

    if (status == DFT_OK)
        status = parse_variant(screen_option_value(command, "variant"), &variant, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "termination", 0, 1000, &termination, err);
    if (status == DFT_OK)
        status = ask_layers(command, bulk, miller, termination, &layers, err);
    if (status == DFT_OK)
        status = cand_slab_create_variant(bulk, miller, layers, vacuum_ang / DFT_BOHR_ANG,
                                          termination, variant, out, info, err);
    return status;
}

/* A sheet has its normal along c: 001, or "sheet" as candidates are listed, says what it is, any other facet
 * would cut it to pieces. */
static dft_status check_sheet_facet(const screen_command *command, dft_error *err)
{
    const char *facet = screen_option_value(command, "facet");
    int h[3];
    const bool named = facet && strcmp(facet, "sheet") != 0;
    const dft_status status = named ? cand_miller_parse(facet, h, NULL, err) : DFT_OK;

    if (!named || status != DFT_OK || (h[0] == 0 && h[1] == 0 && h[2] != 0))
        return status;
    return dft_fail(err, DFT_EINPUT, "%s is a sheet: it has its two faces and no facet %.40s; leave "
                    "--facet out", command->word[0], facet);
}

static dft_status copy_of(const dft_crystal *crystal, dft_crystal **out, dft_error *err)
{
    return dft_crystal_create((const double (*)[3])crystal->lattice, crystal->n_atoms, crystal->z,
                              (const double (*)[3])crystal->position, out, err);
}

static dft_status cut(const screen_command *command, const dft_crystal *structure, int is_sheet,
                      int keep_as_is, dft_crystal **out, cand_slab_info *info, dft_error *err)
{
    double charge[DFT_MAX_Z + 1], vacuum_ang = 15.0;
    dft_status status = screen_option_number(command, "vacuum-ang", 0.0, 1000.0, &vacuum_ang, err);

    if (status != DFT_OK)
        return status;
    if (is_sheet)
        status = check_sheet_facet(command, err);
    if (status != DFT_OK)
        return status;
    if (!is_sheet && screen_option_value(command, "facet"))
        return cut_facet(command, structure, vacuum_ang, out, info, err);
    if (!keep_as_is || screen_option_value(command, "vacuum-ang"))   /* says so when it is no slab */
        return cand_sheet_create(structure, vacuum_ang / DFT_BOHR_ANG, out, info, err);
    *info = (cand_slab_info){ .layers = 1, .n_terminations = 1, .stoichiometric = true };
    const bool charged = cand_formal_charges(structure->n_atoms, structure->z, charge);
    status = cand_slab_describe(structure, charged ? charge : NULL, info, err);
    return status == DFT_OK ? copy_of(structure, out, err) : status;
}

/* ---- what is done to it ---- */

/* --supercell and --coverage as a matrix; the cell stays 1x1 when neither is given. */
static dft_status ask_matrix(const screen_command *command, const dft_crystal *slab, int m[2][2],
                             dft_error *err)
{
    const char *text = screen_option_value(command, "supercell");
    const char *coverage = screen_option_value(command, "coverage");
    int end = 0, n = 0;

    m[0][0] = m[1][1] = 1;
    m[0][1] = m[1][0] = 0;
    if (text && coverage)
        return dft_fail(err, DFT_EUSAGE, "give --supercell or --coverage, not both");
    if (text && (sscanf(text, "%dx%d%n", &m[0][0], &m[1][1], &end) != 2 || text[end] != '\0'
                 || m[0][0] < 1 || m[1][1] < 1))
        return dft_fail(err, DFT_EUSAGE, "--supercell=%.40s: write it as 2x2", text);
    if (coverage && strcmp(coverage, "1") != 0) {
        if (sscanf(coverage, "1/%d%n", &n, &end) != 1 || coverage[end] != '\0' || n < 1)
            return dft_fail(err, DFT_EUSAGE, "--coverage=%.40s: write it as 1/3", coverage);
        return cand_supercell_matrix(slab, n, m, err);
    }
    return DFT_OK;
}

static void take(dft_crystal **slab, dft_crystal **next)
{
    dft_crystal_free(*slab);
    *slab = *next;
    *next = NULL;
}

static dft_status enlarge(const screen_command *command, dft_crystal **slab, dft_error *err)
{
    dft_crystal *big = NULL;
    int m[2][2];
    dft_status status = ask_matrix(command, *slab, m, err);

    if (status != DFT_OK || (m[0][0] == 1 && m[1][1] == 1 && m[0][1] == 0 && m[1][0] == 0))
        return status;
    status = m[0][1] == 0 && m[1][0] == 0 ? cand_slab_repeat(*slab, m[0][0], m[1][1], &big, err)
           : cand_supercell_create(*slab, (const int (*)[2])m, &big, err);
    if (status == DFT_OK)
        take(slab, &big);
    return status;
}

static dft_status turn(const screen_command *command, dft_crystal **slab, dft_error *err)
{
    const char *face = screen_option_value(command, "face");
    dft_crystal *turned = NULL;
    dft_status status;

    if (!face || strcmp(face, "top") == 0)
        return DFT_OK;
    if (strcmp(face, "bottom") != 0)
        return dft_fail(err, DFT_EUSAGE, "--face=%.40s: top or bottom", face);
    status = cand_slab_turned(*slab, &turned, err);
    if (status == DFT_OK)
        take(slab, &turned);
    return status;
}

static dft_status harm(const screen_command *command, dft_crystal **slab, dft_error *err)
{
    const char *text = screen_option_value(command, "defect");
    dft_crystal *with = NULL;
    cand_defect defect;
    dft_status status = text ? cand_defect_parse(text, &defect, err) : DFT_OK;

    if (!text || status != DFT_OK)
        return status;
    status = cand_defect_create(*slab, &defect, &with, err);
    if (status == DFT_OK)
        take(slab, &with);
    return status;
}

/* A facet is cut from a bulk crystal; of a slab it would be a slab of slabs with vacuum between them. */
static dft_status check_bulk(const screen_command *command, const dft_crystal *structure,
                             dft_error *err)
{
    cand_layer *layer = NULL;
    const dft_status status = cand_layer_create(structure, CAND_LAYER_TOLERANCE, &layer, NULL);
    const double gap_ang = status == DFT_OK ? layer->vacuum * DFT_BOHR_ANG : 0.0;

    cand_layer_free(layer);
    if (status != DFT_OK)
        return DFT_OK;
    return dft_fail(err, DFT_EINPUT, "%s is a slab or sheet already, with %.1f A of vacuum along c: "
                    "leave --facet out, or give the bulk crystal", command->word[0], gap_ang);
}

dft_status screen_surface_cut(const screen_app *app, const screen_command *command, int keep_as_is,
                              dft_crystal **out, cand_slab_info *info, dft_error *err)
{
    dft_crystal *structure = NULL, *slab = NULL;
    int is_sheet = 0;
    dft_status status = screen_surface_structure(app, command->word[0], &is_sheet, &structure, err);

    *out = NULL;
    if (status == DFT_OK && !is_sheet && screen_option_value(command, "facet"))
        status = check_bulk(command, structure, err);
    if (status == DFT_OK && screen_option_value(command, "facet"))
        status = screen_surface_standardise(app, command, 1, &structure, err);
    if (status == DFT_OK)
        status = cut(command, structure, is_sheet, keep_as_is, &slab, info, err);
    if (status == DFT_OK)
        status = turn(command, &slab, err);
    if (status == DFT_OK)
        status = enlarge(command, &slab, err);
    if (status == DFT_OK)
        status = harm(command, &slab, err);
    if (status == DFT_OK) {
        *out = slab;
        slab = NULL;
    }
    dft_crystal_free(slab);
    dft_crystal_free(structure);
    return status;
}

dft_status screen_surface_picture(const screen_command *command, const char *path,
                                  const dft_crystal *slab, const cand_site *site, size_t n_sites,
                                  dft_error *err)
{
    const char *facet = screen_option_value(command, "facet");
    char title[160], *svg = NULL;
    dft_status status;

    snprintf(title, sizeof title, "%.100s%s%.40s%s", command->word[0], facet ? " (" : "",
             facet ? facet : "", facet ? ")" : "");
    status = cand_picture_svg(slab, site, n_sites, title, &svg, err);
    if (status == DFT_OK)
        status = dft_file_write(path, svg, strlen(svg), err);
    free(svg);
    return status;
}

static int ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* The writer picks the format by these; what it does not know would become extxyz unasked. */
dft_status screen_surface_check_out(const char *path, dft_error *err)
{
    static const char *const known[] = { ".extxyz", ".xyz", ".cif", ".vasp", ".poscar", "POSCAR",
                                         "CONTCAR" };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ends_with(path, known[i]))
            return dft_output_check(path, err);
    return dft_fail(err, DFT_EUSAGE, "--out=%.200s: the ending says the format; use .extxyz, .xyz, "
                    ".cif, .vasp or .poscar", path);
}
