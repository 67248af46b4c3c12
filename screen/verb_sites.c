#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/supercell.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "screen/sites_json.h"
#include "screen/surface.h"
#include "screen/verbs.h"

/* What is listed: the face asked for, and the other where it differs. */
typedef struct {
    dft_crystal *slab, *turned;     /* owned; turned is NULL when both faces are equal */
    cand_slab_info info;
    screen_face face, other;        /* owned */
} survey;

static dft_status write_json(const char *path, const survey *s, dft_error *err)
{
    json_t *root = json_object(), *bottom = NULL;
    char *text = NULL;
    dft_status status = screen_face_json(s->slab, &s->face, root, err);

    json_object_set_new(root, "faces_equal", json_boolean(!s->turned));
    if (status == DFT_OK && s->turned) {
        bottom = json_object();
        json_object_set_new(root, "bottom_face", bottom);
        json_object_set_new(bottom, "frame", json_string("the slab turned over, as 'liscreen slab "
                                                         "--face=bottom' writes it"));
        status = screen_face_json(s->turned, &s->other, bottom, err);
    }
    if (status == DFT_OK) {
        text = json_dumps(root, JSON_INDENT(1));
        status = text ? dft_file_write(path, text, strlen(text), err)
                      : dft_fail(err, DFT_ENOMEM, "%s: no memory for the sites", path);
    }
    free(text);
    json_decref(root);
    return status;
}

static void print_face(const screen_app *app, const dft_crystal *slab, const screen_face *face)
{
    for (size_t i = 0; i < face->n_sites; i++)
        fprintf(app->out, "%-24s coordination %d, multiplicity %zu, at %8.4f %8.4f %8.4f A\n",
                face->site[i].label, face->site[i].coordination, face->site[i].multiplicity,
                face->site[i].position[0] * DFT_BOHR_ANG, face->site[i].position[1] * DFT_BOHR_ANG,
                face->site[i].position[2] * DFT_BOHR_ANG);
    for (size_t i = 0; i < face->n_deep; i++)
        fprintf(app->out, "%-24s %.4f A deep, multiplicity %zu, room for a radius of %.4f A\n",
                face->deep[i].label, face->deep[i].depth * DFT_BOHR_ANG, face->deep[i].multiplicity,
                face->deep[i].radius * DFT_BOHR_ANG);
    for (size_t i = 0; i < face->graph->n_hops; i++) {
        const cand_hop *hop = &face->graph->hop[i];
        fprintf(app->out, "hop %zu: %s - %s%s%s, %.4f A, multiplicity %zu\n", i,
                face->site[hop->from].label, face->site[hop->to].label,
                hop->over == CAND_NO_SITE ? "" : " over ",
                hop->over == CAND_NO_SITE ? "" : face->site[hop->over].label,
                hop->length * DFT_BOHR_ANG, hop->multiplicity);
    }
    for (size_t i = 0; i < face->n_ways; i++) {
        const cand_way *way = &face->way[i];
        fprintf(app->out, "hop%s", way->n > 1 ? "s" : "");
        for (size_t k = 0; k < way->n; k++)
            fprintf(app->out, "%s%zu", k == 0 ? " " : " + ", way->hop[k]);
        if (way->directions == 2)
            fprintf(app->out, ": everywhere\n");
        else
            fprintf(app->out, ": only along %.4f %.4f A\n",
                    (way->along[0] * slab->lattice[0][0] + way->along[1] * slab->lattice[1][0])
                    * DFT_BOHR_ANG,
                    (way->along[0] * slab->lattice[0][1] + way->along[1] * slab->lattice[1][1])
                    * DFT_BOHR_ANG);
    }
}

static dft_status find_faces(const screen_app *app, const screen_command *command, survey *s,
                             dft_error *err)
{
    const char *places = screen_option_value(command, "hop-sites");
    const int with_deep = screen_option_value(command, "subsurface") != NULL;
    /* A file without a facet is a slab already, taken as it is. */
    dft_status status = screen_surface_cut(app, command, 1, &s->slab, &s->info, err);

    if (status == DFT_OK)
        status = screen_face_find(s->slab, places, with_deep, &s->face, err);
    if (status != DFT_OK || (s->info.faces_equal && !screen_option_value(command, "defect")))
        return status;
    status = cand_slab_turned(s->slab, &s->turned, err);
    if (status == DFT_OK)           /* the labels of --hop-sites are those of the other face */
        status = screen_face_find(s->turned, NULL, with_deep, &s->other, err);
    return status;
}

static dft_status report(const screen_app *app, const screen_command *command, const survey *s,
                         dft_error *err)
{
    const char *path = screen_option_value(command, "json");
    const char *picture = screen_option_value(command, "picture");
    dft_status status = DFT_OK;

    if (picture)
        status = screen_surface_picture(command, picture, s->slab, s->face.site, s->face.n_sites,
                                        err);
    if (status == DFT_OK && path)
        return write_json(path, s, err);
    if (status == DFT_OK) {
        print_face(app, s->slab, &s->face);
        if (s->turned) {
            fprintf(app->out, "other face, seen with the slab turned over:\n");
            print_face(app, s->turned, &s->other);
        }
    }
    return status;
}

static dft_status sites(const screen_app *app, const screen_command *command, int *code,
                        dft_error *err)
{
    static const char *const outputs[] = { "json", "picture" };
    survey s = { 0 };
    dft_status status = DFT_OK;
    (void)code;

    for (size_t i = 0; i < 2 && status == DFT_OK; i++)
        if (screen_option_value(command, outputs[i]))
            status = dft_output_check(screen_option_value(command, outputs[i]), err);
    if (status == DFT_OK)
        status = find_faces(app, command, &s, err);
    if (status == DFT_OK)
        status = report(app, command, &s, err);
    screen_face_clear(&s.other);
    screen_face_clear(&s.face);
    dft_crystal_free(s.turned);
    dft_crystal_free(s.slab);
    return status;
}

int screen_verb_sites(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        SCREEN_SURFACE_OPTIONS,
        { "json", "OUT", "write them as JSON; otherwise they are printed", NULL },
        { "picture", "FILE", "an SVG picture with the sites numbered", NULL },
        { "hop-sites", "LABELS", "sites to hop between, comma separated, or all; default the hollows",
          NULL },
        { "subsurface", NULL, "also the sites between the top plane and the next", NULL },
    };
    screen_command command = { "sites", "FILE|ID", "The distinct high-symmetry adsorption sites on "
        "the top face, and on the bottom face where it differs; the hops between them and where "
        "those lead.  A FILE without --facet is a slab already.", 1, 1,
        SCREEN_N_SURFACE_OPTIONS + 4, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, sites);
}
