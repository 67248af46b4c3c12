/* How lithium spreads over a surface: `liscreen calc migration FILE|ID --facet=...`. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/stop.h"
#include "dft-lite/base/units.h"
#include "screen/calc.h"
#include "screen/calc_neb.h"
#include "screen/neb_json.h"
#include "screen/sites_json.h"
#include "screen/surface.h"
#include "screen/verbs.h"
#include "workflows/path_file.h"

#define EV_ANG (DFT_HARTREE_EV / DFT_BOHR_ANG)

typedef struct {
    screen_calc *calc;              /* borrowed */
    const screen_app *app;
    const screen_command *command;
    flow_evaluator evaluator;
    const char *out_dir;
    int n_images, bands, relax_slab, fixed_planes;
    double fmax_ev_per_ang;
    dft_crystal *slab;              /* owned */
    screen_face face;               /* owned */
    bool *is_place;                 /* owned, [n_sites] */
    unsigned char (*fixed)[3];      /* owned, [n_atoms + 1] */
    char message[400];              /* why it did not come to sites */
} migration;

/* ---- the command line ---- */

static dft_status read_options(migration *self, dft_error *err)
{
    const screen_command *c = self->command;
    dft_status status = screen_option_integer(c, "images", 1, 31, &self->n_images, err);

    if (status == DFT_OK)
        status = screen_option_number(c, "fmax-ev-per-ang", 1e-4, 1.0, &self->fmax_ev_per_ang, err);
    if (status == DFT_OK)
        status = screen_option_integer(c, "fixed-layers", 1, 1000, &self->fixed_planes, err);
    if (status == DFT_OK)
        status = screen_option_choice(c, "relax-slab", "off", "on", &self->relax_slab, err);
    self->bands = screen_option_value(c, "looks-only") == NULL;
    self->out_dir = screen_option_value(c, "out-dir");
    if (status == DFT_OK && self->out_dir)
        status = dft_directory_make(self->out_dir, err);
    return status;
}

/* ---- the slab ---- */

/* The lower half of the planes, unless told otherwise; a sheet of one plane stays where it is. */
static dft_status fix_bottom(migration *self, dft_error *err)
{
    cand_layer *layer = NULL;
    size_t *plane = dft_alloc_sizes(self->slab->n_atoms), n = 0;
    int n_fixed = self->fixed_planes;
    dft_status status = plane ? cand_layer_create(self->slab, CAND_LAYER_TOLERANCE, &layer, err)
                              : dft_fail(err, DFT_ENOMEM, "planes of a slab: out of memory");

    if (status == DFT_OK)
        n = cand_layer_planes(layer, 0.6, plane);
    if (n_fixed == 0)
        n_fixed = (int)(n / 2);
    free(plane);
    cand_layer_free(layer);
    self->fixed = dft_alloc(self->slab->n_atoms + 1, sizeof *self->fixed);
    if (status == DFT_OK && !self->fixed)
        status = dft_fail(err, DFT_ENOMEM, "planes of a slab: out of memory");
    return status == DFT_OK ? screen_fix_planes(self->slab, n_fixed, self->fixed, err) : status;
}

static int on_slab_step(size_t image, int step, double energy, double fmax, void *context)
{
    migration *self = context;
    (void)image;

    fprintf(self->app->progress, "clean slab  step %3d  E = %.6f eV  fmax %.4f eV/A\n", step,
            energy * DFT_HARTREE_EV, fmax * EV_ANG);
    return dft_stop_requested() != NULL;
}

static dft_status relax_slab(migration *self, dft_error *err)
{
    const dft_crystal *slab = self->slab;
    flow_drag_options options = flow_drag_defaults();
    flow_path *path = NULL;
    flow_relaxed_image settled;
    dft_crystal *relaxed = NULL;
    dft_status status =
        flow_path_alloc((const double(*)[3])slab->lattice, slab->n_atoms, slab->z, 1, &path, err);

    if (status != DFT_OK)
        return status;
    memcpy(path->fixed, self->fixed, slab->n_atoms * sizeof *path->fixed);
    for (size_t a = 0; a < slab->n_atoms; a++)
        dft_crystal_cartesian((const double (*)[3])slab->lattice, slab->position[a], path->r[a]);
    options.fmax = self->fmax_ev_per_ang / EV_ANG;
    options.max_iterations = 200;
    options.on_step = on_slab_step;
    options.context = self;
    status = flow_image_relax(&self->evaluator, path, 0, 0, NULL, &options, &settled, err);
    if (status == DFT_OK && !settled.converged)
        snprintf(self->message, sizeof self->message, "the clean slab: %.300s", settled.message);
    else if (status == DFT_OK)
        status = flow_path_crystal(path, 0, &relaxed, err);
    if (relaxed) {
        dft_crystal_free(self->slab);
        self->slab = relaxed;
    }
    flow_path_free(path);
    return status;
}

/* One evaluator for the slab, clean and with lithium, with a memory for each image of a hop. */
static dft_status open_evaluator(migration *self, dft_error *err)
{
    int periodic[3];

    screen_calc_periodic(self->slab, periodic);
    self->calc->scf.engine.n_slots = (size_t)self->n_images + 2;
    if (self->calc->dry_run)
        return screen_calc_estimate(self->calc, self->slab, periodic,
                                    "some 10 for each site, 20 for a look at each hop, 50 for a "
                                    "band", err);
    return screen_calc_open(self->calc, self->slab, periodic, &self->evaluator, NULL, err);
}

static dft_status prepare(migration *self, dft_error *err)
{
    dft_status status = DFT_OK;

    if (self->relax_slab)
        status = relax_slab(self, err);
    if (status == DFT_OK && !self->message[0])
        status = screen_face_find(self->slab, screen_option_value(self->command, "hop-sites"), 0,
                                  &self->face, err);
    if (status != DFT_OK || self->message[0])
        return status;
    self->is_place = dft_alloc(self->face.n_sites, sizeof *self->is_place);
    if (!self->is_place)
        return dft_fail(err, DFT_ENOMEM, "%zu sites: out of memory", self->face.n_sites);
    for (size_t p = 0; p < self->face.graph->n_places; p++)
        self->is_place[self->face.graph->place[p].site] = true;
    return DFT_OK;
}

/* ---- spreading ---- */

static int on_step(flow_spread_stage stage, size_t index, int step, double fmax, void *context)
{
    migration *self = context;
    FILE *out = self->app->progress;

    if (stage == FLOW_SPREAD_RELAX)
        fputs(self->face.site[index].label, out);
    else
        fprintf(out, "%s of hop %zu", stage == FLOW_SPREAD_DRAG ? "look" : "band", index);
    fprintf(out, "  step %3d  fmax %.4f eV/A\n", step, fmax * EV_ANG);
    return dft_stop_requested() != NULL;
}

static dft_status spread(migration *self, flow_spread_result **result, dft_error *err)
{
    flow_spread_options options = flow_spread_defaults();

    options.n_interior = (size_t)self->n_images;
    options.bands = self->bands;
    options.is_place = self->is_place;
    options.fixed = (const unsigned char (*)[3])self->fixed;
    options.relax.fmax = options.drag.fmax = options.neb.fmax = self->fmax_ev_per_ang / EV_ANG;
    options.relax.max_iterations = options.drag.max_iterations = 200;
    options.on_step = on_step;
    options.context = self;
    return flow_spread_run(&self->evaluator, self->slab, self->face.site, self->face.n_sites,
                           &options, result, err);
}

/* ---- the answer ---- */

static void print_result(const migration *self, const flow_spread_result *r)
{
    FILE *out = self->app->out;

    for (size_t h = 0; r->graph && h < r->graph->n_hops; h++) {
        const cand_hop *hop = &r->graph->hop[h];
        const double from = r->site_energy[hop->from];
        fprintf(out, "hop %zu: %s - %s  at least %.4f eV", h, self->face.site[hop->from].label,
                self->face.site[hop->to].label, (r->hop[h].bound - from) * DFT_HARTREE_EV);
        if (r->hop[h].has_pass)
            fprintf(out, ", forward %.4f, reverse %.4f eV",
                    r->hop[h].barrier_forward * DFT_HARTREE_EV,
                    r->hop[h].barrier_reverse * DFT_HARTREE_EV);
        fputc('\n', out);
    }
    if (r->is_complete)
        fprintf(out,
                "migration barrier%s: %.4f eV everywhere, %.4f eV along the easiest direction\n",
                r->is_estimate ? ", estimated" : "", r->spreading.barrier[1] * DFT_HARTREE_EV,
                r->spreading.barrier[0] * DFT_HARTREE_EV);
    else
        fprintf(out, "no barrier: %s\n", r->message);
}

static dft_status write_paths(const migration *self, const flow_spread_result *r, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t h = 0; r->graph && h < r->graph->n_hops && status == DFT_OK; h++) {
        char name[32], *path;
        if (!r->hop[h].path)
            continue;
        snprintf(name, sizeof name, "hop%zu.extxyz", h);
        path = dft_path_join(self->out_dir, name);
        status = path ? flow_path_write(path, r->hop[h].path, NULL, err)
                      : dft_fail(err, DFT_ENOMEM, "%s: out of memory", self->out_dir);
        free(path);
    }
    return status;
}

static dft_status fill_json(const migration *self, const flow_spread_result *result,
                            dft_error *err)
{
    json_t *part = result ? screen_spread_json(result, self->face.site,
                                               (const double (*)[3])self->slab->lattice)
                          : json_pack("{s:n, s:b, s:s, s:[], s:[]}", "migration_barrier_ev",
                                      "complete", 0, "message", self->message, "sites", "hops");
    const int failed = !part || json_object_update(self->calc->result, part) != 0;

    json_decref(part);
    if (failed)
        return dft_fail(err, DFT_ENOMEM, "no memory for the result");
    json_object_set_new(self->calc->result, "n_images", json_integer(self->n_images));
    json_object_set_new(self->calc->result, "fmax_limit_ev_per_ang",
                        json_real(self->fmax_ev_per_ang));
    json_object_set_new(self->calc->result, "n_atoms",
                        json_integer((json_int_t)self->slab->n_atoms + 1));
    return DFT_OK;
}

static dft_status compute(migration *self, dft_error *err)
{
    flow_spread_result *result = NULL;
    dft_status status = prepare(self, err);

    if (status == DFT_OK && !self->message[0])
        status = spread(self, &result, err);
    if (status == DFT_OK)
        status = fill_json(self, result, err);
    if (status == DFT_OK && self->out_dir && result)
        status = write_paths(self, result, err);
    if (status == DFT_OK && result)
        print_result(self, result);
    else if (status == DFT_OK)
        fprintf(self->app->out, "no barrier: %s\n", self->message);
    self->calc->code = result && result->is_complete ? 0 : SCREEN_EXIT_NEB;
    flow_spread_result_free(result);
    return status;
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    migration self = { .calc = calc, .app = calc->app, .command = calc->command, .n_images = 3,
                       .relax_slab = 1, .fmax_ev_per_ang = 0.05 };
    cand_slab_info info;
    dft_status status = read_options(&self, err);

    if (status == DFT_OK)
        status = screen_surface_cut(self.app, self.command, 1, &self.slab, &info, err);
    if (status == DFT_OK)
        status = fix_bottom(&self, err);
    if (status == DFT_OK)
        status = open_evaluator(&self, err);
    if (status == DFT_OK && !calc->dry_run)
        status = compute(&self, err);
    free(self.is_place);
    free(self.fixed);
    screen_face_clear(&self.face);
    dft_crystal_free(self.slab);
    return status;
}

static const screen_option options[] = {
    SCREEN_SURFACE_OPTIONS,
    { "hop-sites", "LABELS", "sites to hop between, comma separated, or all; default the hollows",
      NULL },
    { "images", "N", "between the ends of a hop; default 3", NULL },
    { "looks-only", NULL, "the cheap looks alone, no bands: an estimate", NULL },
    { "relax-slab", "on|off", "relax the clean slab first; default on", NULL },
    { "fixed-layers", "N", "atomic planes at the bottom that stay; default half of them", NULL },
    { "fmax-ev-per-ang", "X", "default 0.05", NULL },
    { "out-dir", "DIR", "a path as extxyz for each hop", NULL },
};

const screen_calc_kind screen_calc_migration = {
    "migration", "FILE|ID", "How lithium spreads over a surface: sites, hops, a cheap look at each "
    "hop, bands where they decide, the barrier of percolation.  A FILE without --facet is a slab "
    "already.  Exit code 4: no barrier.", 1, 1, sizeof options / sizeof *options, options, run
};
