#include "screen/calc_structure.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "candidates/cells.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/output.h"
#include "dft-lite/crystal/read.h"
#include "screen/surface.h"
#include "workflows/relax.h"

dft_status screen_calc_on_structure(screen_calc *calc, int with_surface, int with_fixed,
                                    screen_calc_structure_body body, dft_error *err)
{
    const char *path = screen_option_value(calc->command, "out");
    screen_calc_structure s = { 0 };
    dft_status status = path ? dft_output_check(path, err) : DFT_OK;

    if (status == DFT_OK)
        status = screen_calc_structure_read(calc, with_surface, with_fixed, &s, err);
    if (status == DFT_OK)
        status = body(calc, &s, err);
    screen_calc_structure_clear(&s);
    return status;
}

dft_status screen_calc_crystal(const screen_calc *calc, const char *word, int *is_sheet,
                               dft_crystal **out, dft_error *err)
{
    dft_crystal *whole = NULL;
    dft_status status = screen_surface_structure(calc->app, word, is_sheet, &whole, err);

    *out = whole;
    if (status != DFT_OK || access(word, F_OK) == 0 || *is_sheet)
        return status;
    status = cand_crystal_primitive(whole, CAND_CENTRING_TOLERANCE, out, err);
    if (status == DFT_OK && (*out)->n_atoms < whole->n_atoms)
        fprintf(calc->app->progress, "%s: the primitive cell, %zu of %zu atoms\n", word,
                (*out)->n_atoms, whole->n_atoms);
    dft_crystal_free(whole);
    return status;
}

/* A POSCAR's flags are along the cell vectors: only all or none of an atom's is Cartesian too. */
static dft_status take_remarks(const char *path, screen_calc_structure *s, int *said, dft_error *err)
{
    dft_crystal_remarks remarks = { 0 };
    dft_crystal *again = NULL;
    dft_status status = dft_crystal_read_remarks(path, &again, &remarks, err);

    *said = status == DFT_OK && remarks.fixed;
    for (size_t a = 0; *said && status == DFT_OK && a < s->crystal->n_atoms; a++) {
        const unsigned char *f = remarks.fixed[a];
        if (strcmp(remarks.format, "POSCAR") == 0 && (f[0] != f[1] || f[1] != f[2]))
            status = dft_fail(err, DFT_EINPUT, "%s: atom %zu is fixed along some cell vectors only; give an "
                              "extxyz with move_mask along x, y, z, or fix the whole atom", path, a + 1);
        else
            memcpy(s->fixed[a], f, 3);
    }
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(again);
    return status;
}

static dft_status fix(const screen_calc *calc, screen_calc_structure *s, int is_cut, dft_error *err)
{
    const char *word = calc->command->word[0];
    int n_planes = -1, said = 0;
    dft_status status = screen_option_integer(calc->command, "fixed-layers", 0, 1000, &n_planes, err);

    s->fixed_by = "none";
    if (status == DFT_OK && !is_cut && access(word, F_OK) == 0 && n_planes < 0)
        status = take_remarks(word, s, &said, err);
    if (status != DFT_OK)
        return status;
    if (said)
        s->fixed_by = "file";
    else if (n_planes > 0 || (n_planes < 0 && !s->periodic[2] && !s->is_sheet)) {
        status = flow_fix_planes(s->crystal, n_planes, s->fixed, NULL, err);
        s->fixed_by = "layers";
    }
    for (size_t a = 0; a < s->crystal->n_atoms; a++)
        s->n_fixed += s->fixed[a][0] && s->fixed[a][1] && s->fixed[a][2];
    return status;
}

dft_status screen_calc_structure_read(const screen_calc *calc, int with_surface, int with_fixed,
                                      screen_calc_structure *out, dft_error *err)
{
    const int is_cut = with_surface && screen_option_value(calc->command, "facet");
    cand_slab_info info;
    dft_status status;

    memset(out, 0, sizeof *out);
    if (is_cut)
        status = screen_surface_cut(calc->app, calc->command, 1, &out->crystal, &info, err);
    else
        status = screen_calc_crystal(calc, calc->command->word[0], &out->is_sheet, &out->crystal, err);
    if (status != DFT_OK)
        return status;
    out->fixed = dft_alloc(out->crystal->n_atoms, sizeof *out->fixed);
    if (!out->fixed)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu atoms", out->crystal->n_atoms);
    screen_calc_periodic(out->crystal, out->periodic);
    if (with_fixed)
        status = fix(calc, out, is_cut, err);
    if (status == DFT_OK)
        fprintf(calc->app->progress, "%s: %zu atoms%s, %zu fixed\n", calc->command->word[0],
                out->crystal->n_atoms, out->periodic[2] ? "" : ", vacuum along c", out->n_fixed);
    return status;
}

void screen_calc_structure_clear(screen_calc_structure *structure)
{
    dft_crystal_free(structure->crystal);
    free(structure->fixed);
    memset(structure, 0, sizeof *structure);
}
