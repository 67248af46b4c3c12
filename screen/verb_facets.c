#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/facets.h"
#include "candidates/miller.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "results/record.h"
#include "screen/surface.h"
#include "screen/surface_cell.h"
#include "screen/verbs.h"

/* Four indices where a = b and gamma = 120 degrees. */
static bool is_hexagonal(const dft_crystal *crystal)
{
    const double (*a)[3] = (const double (*)[3])crystal->lattice;
    double dot[3] = { 0.0, 0.0, 0.0 };           /* a.a, b.b, a.b */

    for (int c = 0; c < 3; c++) {
        dot[0] += a[0][c] * a[0][c];
        dot[1] += a[1][c] * a[1][c];
        dot[2] += a[0][c] * a[1][c];
    }
    return fabs(dot[0] - dot[1]) < 1e-3 * dot[0] && fabs(dot[2] + 0.5 * dot[0]) < 1e-3 * dot[0];
}

static json_t *termination_json(const cand_termination *t)
{
    json_t *out = json_pack("{s:i, s:s, s:s, s:o, s:I, s:I, s:b, s:b, s:i, s:s}",
                            "termination", t->index, "top", t->top, "bottom", t->under,
                            "gap_ang", res_number(t->gap * DFT_BOHR_ANG),
                            "planes_per_repeat", (json_int_t)t->n_planes,
                            "layers_per_repeat", (json_int_t)t->layers_per_repeat,
                            "symmetric", t->symmetric, "polar", t->polar, "tasker", t->tasker,
                            "tasker_from", t->tasker_from_charges ? "formal charges" : "stacking");
    json_object_set_new(out, "upside_down", t->reverse < 0 ? json_null() : json_integer(t->reverse));
    return out;
}

static void print_termination(const screen_app *app, const cand_termination *t)
{
    fprintf(app->out, "    %d: %s on top, %s below the gap of %.4f A; %zu plane%s, %zu layer%s per "
            "repeat; Tasker %d (%s)%s", t->index, t->top, t->under, t->gap * DFT_BOHR_ANG, t->n_planes,
            t->n_planes == 1 ? "" : "s",
            t->layers_per_repeat, t->layers_per_repeat == 1 ? "" : "s", t->tasker,
            t->tasker_from_charges ? "formal charges" : "stacking",
            t->symmetric ? "" : "; no symmetric slab");
    if (t->reverse >= 0 && t->reverse != t->index)
        fprintf(app->out, "; %d upside down", t->reverse);
    fprintf(app->out, "\n");
}

static dft_status report_facet(const screen_app *app, const dft_crystal *crystal,
                               const cand_facet *facet, json_t *array, dft_error *err)
{
    cand_termination *list = NULL;
    json_t *cuts = array ? json_array() : NULL;
    size_t n = 0;
    char name[32];
    const dft_status status = cand_terminations_find(crystal, facet->miller, &list, &n, err);

    cand_miller_format(facet->miller, is_hexagonal(crystal), name);
    if (status == DFT_OK && !array)
        fprintf(app->out, "(%s)  multiplicity %zu, d = %.4f A%s\n", name, facet->multiplicity,
                facet->spacing * DFT_BOHR_ANG,
                facet->faces_equal ? "" : ", the opposite face differs");
    for (size_t t = 0; t < n; t++) {
        if (array)
            json_array_append_new(cuts, termination_json(&list[t]));
        else
            print_termination(app, &list[t]);
    }
    if (array)
        json_array_append_new(array, json_pack("{s:s, s:[iii], s:I, s:o, s:b, s:o}",
                              "facet", name, "miller", facet->miller[0], facet->miller[1],
                              facet->miller[2], "multiplicity", (json_int_t)facet->multiplicity,
                              "spacing_ang", res_number(facet->spacing * DFT_BOHR_ANG),
                              "opposite_equal", facet->faces_equal, "terminations", cuts));
    free(list);
    return status;
}

static dft_status report(const screen_app *app, const screen_command *command, int *code,
                         dft_error *err)
{
    const char *path = screen_option_value(command, "json");
    dft_crystal *crystal = NULL;
    cand_facet *facet = NULL;
    json_t *root = json_object(), *array = path ? json_array() : NULL;
    size_t n = 0;
    int is_sheet = 0, max_index = 2;
    char *text = NULL;
    dft_status status = screen_option_integer(command, "max-index", 1, CAND_MAX_INDEX, &max_index,
                                              err);
    (void)code;

    if (status == DFT_OK && path)
        status = dft_output_check(path, err);
    if (status == DFT_OK)
        status = screen_surface_structure(app, command->word[0], &is_sheet, &crystal, err);
    if (status == DFT_OK && is_sheet)
        status = dft_fail(err, DFT_EINPUT, "%s is a sheet: it has its two faces and no facets; see "
                          "'liscreen sites %s'", command->word[0], command->word[0]);
    if (status == DFT_OK)
        status = screen_surface_standardise(app, command, 1, &crystal, err);
    if (status == DFT_OK)
        status = cand_facets_find(crystal, max_index, &facet, &n, err);
    for (size_t i = 0; i < n && status == DFT_OK; i++)
        status = report_facet(app, crystal, &facet[i], array, err);
    if (array)
        json_object_set_new(root, "facets", array);
    if (status == DFT_OK && path) {
        text = json_dumps(root, JSON_INDENT(1));
        status = text ? dft_file_write(path, text, strlen(text), err)
                      : dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu facets", path, n);
    }
    free(text);
    json_decref(root);
    free(facet);
    dft_crystal_free(crystal);
    return status;
}

int screen_verb_facets(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "max-index", "N", "largest Miller index; default 2", NULL },
        { "as-given", NULL, "Miller indices of a file's own cell instead of the conventional one", NULL },
        { "json", "OUT", "write them as JSON; otherwise they are printed", NULL },
    };
    screen_command command = { "facets", "FILE|ID", "The facets of a crystal that its point group "
        "does not make equal, and the terminations of each with their Tasker type.", 1, 1, 3, option,
        0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, report);
}
