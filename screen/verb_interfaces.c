#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/interface.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/write.h"
#include "results/record.h"
#include "screen/surface.h"
#include "screen/surface_cell.h"
#include "screen/verbs.h"

#define MOST_FACES 8

/* One coincidence cell of one face of the film. */
typedef struct {
    int face;                       /* index of the film's face */
    cand_coincidence cell;
    double score;
} match;

typedef struct {
    const screen_app *app;          /* borrowed */
    const screen_command *command;  /* borrowed */
    dft_crystal *bulk, *slab;       /* owned: the substrate; bulk NULL for a file that is a slab */
    int miller[3];
    dft_crystal *film;              /* owned: the film's conventional cell */
    int n_faces, face[MOST_FACES][3];
    dft_crystal *film_slab[MOST_FACES];     /* owned */
    size_t n;
    match *matches;                 /* owned, the best first */
} interfaces;

static void clear(interfaces *self)
{
    for (int f = 0; f < self->n_faces; f++)
        dft_crystal_free(self->film_slab[f]);
    free(self->matches);
    dft_crystal_free(self->film);
    dft_crystal_free(self->slab);
    dft_crystal_free(self->bulk);
}

/* "110,100,111" */
static dft_status read_faces(interfaces *self, dft_error *err)
{
    const char *given = screen_option_value(self->command, "film-facets");
    const char *text = given ? given : "110,100,111";

    while (*text) {
        const size_t length = strcspn(text, ",");
        char one[32];
        if (self->n_faces == MOST_FACES || length >= sizeof one)
            return dft_fail(err, DFT_EUSAGE, "--film-facets=%.60s: at most %d, written like 110,100",
                            given, MOST_FACES);
        snprintf(one, sizeof one, "%.*s", (int)length, text);
        const dft_status status = cand_miller_parse(one, self->face[self->n_faces], NULL, err);
        if (status != DFT_OK)
            return status;
        self->n_faces++;
        text += length + (text[length] == ',');
    }
    return DFT_OK;
}

static dft_status open_structures(interfaces *self, dft_error *err)
{
    const char *film = screen_option_value(self->command, "film");
    const char *facet = screen_option_value(self->command, "facet");
    int is_sheet = 0, layers = 3, ignored = 0;
    cand_slab_info info;
    dft_status status = screen_surface_cut(self->app, self->command, 0, &self->slab, &info, err);

    if (status == DFT_OK && facet)
        status = cand_miller_parse(facet, self->miller, NULL, err);
    if (status == DFT_OK && facet)
        status = screen_surface_structure(self->app, self->command->word[0], &is_sheet, &self->bulk,
                                          err);
    if (status == DFT_OK && facet)               /* said already, for the slab */
        status = screen_surface_standardise(self->app, self->command, 0, &self->bulk, err);
    if (status == DFT_OK)
        status = screen_surface_structure(self->app, film ? film : "Li", &ignored, &self->film, err);
    if (status == DFT_OK)
        status = screen_option_integer(self->command, "film-layers", 1, CAND_MAX_LAYERS, &layers, err);
    for (int f = 0; f < self->n_faces && status == DFT_OK; f++)
        status = cand_slab_create(self->film, self->face[f], layers, 15.0 / DFT_BOHR_ANG, 0,
                                  &self->film_slab[f], NULL, err);
    return status;
}

static int by_score(const void *a, const void *b)
{
    const match *x = a, *y = b;
    return x->score != y->score ? (x->score > y->score) - (x->score < y->score)
                                : (x->face > y->face) - (x->face < y->face);
}

static dft_status find_cells(interfaces *self, dft_error *err)
{
    double area_ang2 = 150.0, strain_percent = 5.0;
    int most = 10;
    dft_status status = screen_option_number(self->command, "max-area-ang2", 1.0, 5000.0, &area_ang2,
                                             err);

    if (status == DFT_OK)
        status = screen_option_number(self->command, "max-strain-percent", 0.001, 40.0, &strain_percent,
                                      err);
    if (status == DFT_OK)
        status = screen_option_integer(self->command, "most", 1, 1000, &most, err);
    const cand_coincidence_options limits = { area_ang2 / (DFT_BOHR_ANG * DFT_BOHR_ANG),
                                              0.01 * strain_percent, (size_t)most };
    self->matches = calloc((size_t)self->n_faces * (size_t)most, sizeof *self->matches);
    if (status == DFT_OK && !self->matches)
        status = dft_fail(err, DFT_ENOMEM, "no memory for %d interfaces", most);
    for (int f = 0; f < self->n_faces && status == DFT_OK; f++) {
        cand_coincidence *cell = NULL;
        size_t n = 0;
        status = cand_interface_cells(self->slab, self->film_slab[f], &limits, &cell, &n, err);
        for (size_t i = 0; i < n; i++)
            self->matches[self->n++] = (match){ f, cell[i], cell[i].norm / limits.max_strain
                                                            + cell[i].area / limits.max_area };
        free(cell);
    }
    if (self->n > 1)
        qsort(self->matches, self->n, sizeof *self->matches, by_score);
    if (self->n > (size_t)most)
        self->n = (size_t)most;
    return status;
}

/* "(110)[001]": the face and the direction of the common cell's first vector in it. */
static void print_orientation(char text[48], const dft_crystal *bulk, const int miller[3],
                              const int m[2])
{
    char face[32];
    int uvw[3];

    snprintf(text, 48, "as given [%d %d]", m[0], m[1]);
    if (!bulk || cand_surface_direction(bulk, miller, m, uvw, NULL) != DFT_OK)
        return;
    cand_miller_format(miller, false, face);
    snprintf(text, 48, "(%.15s)[%d %d %d]", face, uvw[0], uvw[1], uvw[2]);
}

static void orientations(const interfaces *self, const match *m, char substrate[48], char film[48])
{
    print_orientation(substrate, self->bulk, self->miller, m->cell.first[0]);
    print_orientation(film, self->film, self->face[m->face], m->cell.second[0]);
}

static json_t *match_json(const interfaces *self, const match *m, size_t rank)
{
    const cand_coincidence *c = &m->cell;
    char substrate[48], film[48];

    orientations(self, m, substrate, film);
    return json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:i, s:i, s:[[ii][ii]], s:[[ii][ii]], s:o}",
                     "rank", (json_int_t)rank, "film", film, "substrate", substrate,
                     "strain", res_number(c->norm), "strain_1", res_number(c->principal[0]),
                     "strain_2", res_number(c->principal[1]),
                     "area_ang2", res_number(c->area * DFT_BOHR_ANG * DFT_BOHR_ANG),
                     "film_cells", c->n_second, "substrate_cells", c->n_first,
                     "film_matrix", c->second[0][0], c->second[0][1], c->second[1][0], c->second[1][1],
                     "substrate_matrix", c->first[0][0], c->first[0][1], c->first[1][0],
                     c->first[1][1], "twist_deg", res_number(c->twist_deg));
}

static dft_status write_json(const interfaces *self, const char *path, dft_error *err)
{
    json_t *array = json_array();

    for (size_t i = 0; i < self->n; i++)
        json_array_append_new(array, match_json(self, &self->matches[i], i + 1));
    json_t *root = json_pack("{s:o}", "interfaces", array);
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    const dft_status status = text ? dft_file_write(path, text, strlen(text), err)
        : dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu interfaces", path, self->n);
    free(text);
    json_decref(root);
    return status;
}

static void print_table(const interfaces *self)
{
    FILE *out = self->app->out;

    fprintf(out, "rank  strain%%      e1%%      e2%%  area_ang2  cells film:substrate  twist_deg  "
            "orientation film || substrate\n");
    for (size_t i = 0; i < self->n; i++) {
        const cand_coincidence *c = &self->matches[i].cell;
        char substrate[48], film[48];
        orientations(self, &self->matches[i], substrate, film);
        fprintf(out, "%4zu  %7.3f  %+7.3f  %+7.3f  %9.2f  %9d:%-9d  %9.2f  %s || %s\n", i + 1,
                100.0 * c->norm, 100.0 * c->principal[0], 100.0 * c->principal[1],
                c->area * DFT_BOHR_ANG * DFT_BOHR_ANG, c->n_second, c->n_first, c->twist_deg, film,
                substrate);
    }
    if (self->n == 0)
        fprintf(out, "no common cell within the limits; allow more with --max-area-ang2 or "
                "--max-strain-percent\n");
}

static dft_status write_structure(const interfaces *self, const char *path, dft_error *err)
{
    int pick = 1;
    double vacuum_ang = 15.0;
    dft_crystal *crystal = NULL;
    cand_interface_info info;
    char substrate[48], film[48], remark[256];
    dft_status status = screen_option_integer(self->command, "pick", 1, 1000, &pick, err);

    if (status == DFT_OK)
        status = screen_option_number(self->command, "vacuum-ang", 0.1, 1000.0, &vacuum_ang, err);
    if (status == DFT_OK && (size_t)pick > self->n)
        status = dft_fail(err, DFT_EUSAGE, "--pick=%d: there are %zu interfaces", pick, self->n);
    if (status != DFT_OK)
        return status;
    const match *m = &self->matches[pick - 1];
    const cand_interface_options build = { .vacuum = vacuum_ang / DFT_BOHR_ANG };
    status = cand_interface_build(self->slab, self->film_slab[m->face], &m->cell, &build, &crystal,
                                  &info, err);
    if (status == DFT_OK) {
        orientations(self, m, substrate, film);
        snprintf(remark, sizeof remark, "film=\"%s\" substrate=\"%s\" film_strain=%.6f n_substrate=%zu",
                 film, substrate, m->cell.norm, info.n_substrate);
        status = dft_crystal_write(path, crystal, remark, err);
    }
    if (status == DFT_OK)
        fprintf(self->app->out, "%s: %zu atoms of the substrate, %zu of the film, gap %.3f A\n", path,
                info.n_substrate, info.n_film, info.gap * DFT_BOHR_ANG);
    dft_crystal_free(crystal);
    return status;
}

static dft_status body(const screen_app *app, const screen_command *command, int *code, dft_error *err)
{
    const char *json = screen_option_value(command, "json"), *out = screen_option_value(command, "out");
    interfaces self = { .app = app, .command = command };
    dft_status status = read_faces(&self, err);

    (void)code;
    if (status == DFT_OK && json)
        status = dft_output_check(json, err);
    if (status == DFT_OK && out)
        status = screen_surface_check_out(out, err);
    if (status == DFT_OK)
        status = open_structures(&self, err);
    if (status == DFT_OK)
        status = find_cells(&self, err);
    if (status == DFT_OK && json)
        status = write_json(&self, json, err);
    else if (status == DFT_OK)
        print_table(&self);
    if (status == DFT_OK && out)
        status = write_structure(&self, out, err);
    clear(&self);
    return status;
}

int screen_verb_interfaces(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        SCREEN_SURFACE_OPTIONS,
        { "film", "FILE|ID", "what lies on it, strained to fit; default Li", NULL },
        { "film-facets", "LIST", "its faces; default 110,100,111", NULL },
        { "film-layers", "N", "default 3", NULL },
        { "max-area-ang2", "X", "largest common cell; default 150", NULL },
        { "max-strain-percent", "X", "largest strain of the film; default 5", NULL },
        { "most", "N", "how many to list; default 10", NULL },
        { "json", "OUT", "write the list as JSON; otherwise it is printed", NULL },
        { "pick", "N", "which one --out writes; default 1", NULL },
        { "out", "FILE", "write the interface: .cif, .vasp or extxyz", NULL },
    };
    screen_command command = { "interfaces", "FILE|ID", "Common cells of lithium (or a coating) with a "
        "surface, ranked by strain and area; the film bears the strain.", 1, 1,
        sizeof option / sizeof *option, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, body);
}
