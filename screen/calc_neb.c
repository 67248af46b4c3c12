#include "screen/calc_neb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/stop.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/read.h"
#include "results/record.h"
#include "screen/calc.h"
#include "screen/neb_json.h"
#include "screen/verbs.h"
#include "workflows/drag.h"
#include "workflows/idpp.h"
#include "workflows/path_file.h"

#define EV_ANG (DFT_HARTREE_EV / DFT_BOHR_ANG)
#define PLANE_GAP 0.6               /* bohr: heights farther apart are two planes */

typedef struct {
    screen_calc *calc;              /* borrowed */
    const screen_app *app;
    const screen_command *command;
    flow_evaluator evaluator;
    const char *out;
    int n_images, max_iterations, fixed_planes;
    int climb, idpp, symmetric, nearest, as_given, relax_ends;
    double fmax_ev_per_ang;
    flow_path *path;                /* owned */
    flow_fold *fold;                /* owned */
    int starts_climbing;
    dft_status write_status;        /* of the path after an iteration */
    dft_error write_error;
} neb;

/* ---- the command line ---- */

dft_status screen_option_choice(const screen_command *command, const char *name, const char *first,
                                const char *second, int *chosen, dft_error *err)
{
    const char *value = screen_option_value(command, name);

    if (!value)
        return DFT_OK;
    if (strcmp(value, first) != 0 && strcmp(value, second) != 0)
        return dft_fail(err, DFT_EUSAGE, "--%s=%.40s: expected %s or %s", name, value, first,
                        second);
    *chosen = strcmp(value, second) == 0;
    return DFT_OK;
}

static dft_status read_choices(neb *self, dft_error *err)
{
    const struct { const char *name, *first, *second; int *chosen; } choices[] = {
        { "climb", "off", "on", &self->climb },
        { "path", "linear", "idpp", &self->idpp },
        { "symmetric", "off", "auto", &self->symmetric },
        { "match", "order", "nearest", &self->nearest },
        { "wrap", "nearest", "as-given", &self->as_given },
        { "relax-ends", "off", "on", &self->relax_ends },
    };
    dft_status status = DFT_OK;

    for (size_t i = 0; i < sizeof choices / sizeof *choices && status == DFT_OK; i++)
        status = screen_option_choice(self->command, choices[i].name, choices[i].first,
                                      choices[i].second, choices[i].chosen, err);
    return status;
}

static dft_status read_options(neb *self, dft_error *err)
{
    const screen_command *c = self->command;
    dft_status status = screen_option_integer(c, "images", 1, 31, &self->n_images, err);

    if (status == DFT_OK)
        status = screen_option_number(c, "fmax-ev-per-ang", 1e-4, 1.0, &self->fmax_ev_per_ang, err);
    if (status == DFT_OK)
        status = screen_option_integer(c, "band-iterations", 0, 100000, &self->max_iterations, err);
    if (status == DFT_OK)
        status = screen_option_integer(c, "fixed-layers", 0, 1000, &self->fixed_planes, err);
    if (status == DFT_OK)
        status = read_choices(self, err);
    self->out = screen_option_value(c, "out");
    if (status == DFT_OK && self->out)
        status = dft_output_check(self->out, err);
    return status;
}

/* ---- the path ---- */

dft_status screen_fix_planes(const dft_crystal *crystal, int n_planes, unsigned char (*fixed)[3],
                             dft_error *err)
{
    cand_layer *layer = NULL;
    size_t *plane = NULL, n = 0;
    dft_status status;

    if (n_planes == 0)
        return DFT_OK;
    status = cand_layer_create(crystal, CAND_LAYER_TOLERANCE, &layer, err);
    if (status != DFT_OK)
        return status;
    plane = dft_alloc_sizes(crystal->n_atoms);
    n = plane ? cand_layer_planes(layer, PLANE_GAP, plane) : 0;
    if (n == 0)
        status = dft_fail(err, DFT_ENOMEM, "planes of a slab: out of memory");
    else if (n <= (size_t)n_planes)
        status = dft_fail(err, DFT_EINPUT, "--fixed-layers=%d: there are only %zu atomic planes",
                          n_planes, n);
    for (size_t a = 0; a < crystal->n_atoms && status == DFT_OK; a++)
        for (int c = 0; c < 3; c++)
            fixed[a][c] = plane[a] < (size_t)n_planes;
    free(plane);
    cand_layer_free(layer);
    return status;
}

/* Cartesian flags of INITIAL: what the file says (a POSCAR's are along the cell vectors; only all
 * or none of an atom's is understood there), else the lowest planes. */
static dft_status find_fixed(const neb *self, const dft_crystal *crystal,
                             const dft_crystal_remarks *remarks, unsigned char (*fixed)[3],
                             dft_error *err)
{
    if (!remarks->fixed)
        return screen_fix_planes(crystal, self->fixed_planes, fixed, err);
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        const unsigned char *f = remarks->fixed[a];
        if (strcmp(remarks->format, "POSCAR") == 0 && (f[0] != f[1] || f[1] != f[2]))
            return dft_fail(err, DFT_EINPUT,
                            "atom %zu is fixed along some cell vectors only; give an extxyz "
                            "with move_mask along x, y, z, or fix the whole atom",
                            a + 1);
        memcpy(fixed[a], f, 3);
    }
    return DFT_OK;
}

static dft_status make_path(neb *self, const char *initial, const char *final, dft_error *err)
{
    dft_crystal *from = NULL, *to = NULL;
    dft_crystal_remarks remarks = { 0 };
    unsigned char (*fixed)[3] = NULL;
    dft_status status = dft_crystal_read_remarks(initial, &from, &remarks, err);

    if (status == DFT_OK)
        status = dft_crystal_read(final, &to, err);
    if (status == DFT_OK) {
        fixed = dft_alloc(from->n_atoms, sizeof *fixed);
        status = fixed ? find_fixed(self, from, &remarks, fixed, err)
                       : dft_fail(err, DFT_ENOMEM, "%s: out of memory", initial);
    }
    if (status == DFT_OK) {
        const flow_path_options options = {
            .n_interior = (size_t)self->n_images,
            .match = self->nearest ? FLOW_MATCH_NEAREST : FLOW_MATCH_ORDER,
            .as_given = self->as_given, .fixed = (const unsigned char (*)[3])fixed };
        status = flow_path_create(from, to, &options, &self->path, err);
    }
    free(fixed);
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(to);
    dft_crystal_free(from);
    return status;
}

/* ---- relaxing the ends ---- */

static int on_relax_step(size_t image, int step, double energy, double fmax, void *context)
{
    neb *self = context;

    fprintf(self->app->progress, "%s end  step %3d  E = %.6f eV  fmax %.4f eV/A\n",
            image == 0 ? "initial" : "final", step, energy * DFT_HARTREE_EV, fmax * EV_ANG);
    return dft_stop_requested() != NULL;
}

/* Relaxes one end; writes into message why it could not. */
static dft_status relax_end(neb *self, size_t image, char *message, size_t size, dft_error *err)
{
    flow_drag_options options = flow_drag_defaults();
    flow_relaxed_image settled;
    dft_status status;

    options.fmax = self->fmax_ev_per_ang / EV_ANG;
    options.max_iterations = 200;
    options.on_step = on_relax_step;
    options.context = self;
    status = flow_image_relax(&self->evaluator, self->path, image, 0, NULL, &options, &settled,
                              err);
    if (status == DFT_OK && !settled.converged)
        snprintf(message, size, "the %s end: %s", image == 0 ? "initial" : "final",
                 settled.message);
    return status;
}

/* Both ends, or one and its mirror image; then the first path between what they have become. */
static dft_status prepare(neb *self, char *message, size_t size, dft_error *err)
{
    const size_t last = self->path->n_images - 1;
    dft_status status = DFT_OK;

    if (self->symmetric)
        status = flow_fold_find(self->path, FLOW_FOLD_TOLERANCE, &self->fold, err);
    if (status == DFT_OK && self->relax_ends)
        status = relax_end(self, 0, message, size, err);
    if (self->fold)
        flow_fold_path(self->fold, self->path);
    if (status == DFT_OK && self->relax_ends && !self->fold && !message[0])
        status = relax_end(self, last, message, size, err);
    if (status != DFT_OK || message[0])
        return status;
    flow_path_straighten(self->path);
    if (self->symmetric && !self->fold)             /* relaxing may have made the ends equivalent */
        status = flow_fold_find(self->path, FLOW_FOLD_TOLERANCE, &self->fold, err);
    if (status == DFT_OK && self->idpp)
        status = flow_idpp_relax(self->path, FLOW_IDPP_CUTOFF, err);
    return status;
}

static dft_status resume(neb *self, const char *filename, dft_error *err)
{
    dft_status status = flow_path_read(filename, &self->path, &self->starts_climbing, err);

    if (status == DFT_OK && self->symmetric)
        status = flow_fold_find(self->path, FLOW_FOLD_TOLERANCE, &self->fold, err);
    return status;
}

/* ---- the band ---- */

static int on_iteration(const flow_neb_progress *progress, const flow_path *path, void *context)
{
    neb *self = context;

    fprintf(self->app->progress, "iteration %3d  highest: image %zu, %.5f eV  fmax %.4f eV/A%s\n",
            progress->iteration, progress->top, progress->height * DFT_HARTREE_EV,
            progress->fmax * EV_ANG, progress->is_climbing ? "  climbing" : "");
    if (self->out)
        self->write_status = flow_path_write(self->out, path, progress->so_far, &self->write_error);
    return dft_stop_requested() != NULL || self->write_status != DFT_OK;
}

static dft_status run_band(neb *self, flow_neb_result **result, dft_error *err)
{
    flow_neb_options options = flow_neb_defaults();
    dft_status status;

    options.fmax = self->fmax_ev_per_ang / EV_ANG;
    options.max_iterations = self->max_iterations;
    options.climb_below = self->climb ? options.climb_below : 0.0;
    options.starts_climbing = self->starts_climbing;
    options.fold = self->fold;
    options.on_iteration = on_iteration;
    options.context = self;
    status = flow_neb_run(&self->evaluator, self->path, &options, result, err);
    if (status == DFT_OK && self->write_status != DFT_OK) {
        if (err)
            *err = self->write_error;
        status = self->write_status;
    }
    return status;
}

/* ---- the answer ---- */

static void print_result(const neb *self, const flow_neb_result *r)
{
    FILE *out = self->app->out;

    for (size_t i = 0; i < r->n_images; i++)
        fprintf(out, "image %zu  %8.4f A  %10.5f eV  fmax %.4f eV/A%s\n", i,
                r->coordinate[i] * DFT_BOHR_ANG, (r->energy[i] - r->energy[0]) * DFT_HARTREE_EV,
                r->fmax[i] * EV_ANG, r->is_climbing && i > 0 && i == r->top ? "  climbing" : "");
    if (r->has_saddle)
        fprintf(out, "barrier forward %.5f eV, reverse %.5f eV; curvature there %.3f eV/A^2\n",
                r->barrier_forward * DFT_HARTREE_EV, r->barrier_reverse * DFT_HARTREE_EV,
                r->curvature * EV_ANG / DFT_BOHR_ANG);
    else
        fprintf(out, "no barrier: %s\n", r->message);
}

/* result NULL: it did not come to a band, and message says why. */
static dft_status fill_json(const neb *self, const flow_neb_result *result, const char *message,
                            dft_error *err)
{
    json_t *part = result ? screen_neb_json(result)
                          : json_pack("{s:n, s:n, s:b, s:s, s:[], s:n}", "barrier_forward_ev",
                                      "barrier_reverse_ev", "converged", 0, "message", message,
                                      "images", "saddle");
    const int failed = !part || json_object_update(self->calc->result, part) != 0;

    json_decref(part);
    if (failed)
        return dft_fail(err, DFT_ENOMEM, "no memory for the result");
    json_object_set_new(self->calc->result, "n_images",
                        json_integer((json_int_t)self->path->n_images - 2));
    json_object_set_new(self->calc->result, "fmax_limit_ev_per_ang",
                        res_number(self->fmax_ev_per_ang));
    json_object_set_new(self->calc->result, "symmetric", json_boolean(self->fold != NULL));
    return DFT_OK;
}

static dft_status finish(const neb *self, const flow_neb_result *result, const char *message,
                         dft_error *err)
{
    dft_status status = DFT_OK;

    if (result && self->out)
        status = flow_path_write(self->out, self->path, result, err);
    if (status == DFT_OK)
        status = fill_json(self, result, message, err);
    if (result)
        print_result(self, result);
    else
        fprintf(self->app->out, "no barrier: %s\n", message);
    self->calc->code = result && result->has_saddle ? 0 : SCREEN_EXIT_NEB;
    return status;
}

/* An evaluator that remembers each image. */
static dft_status open_evaluator(neb *self, dft_error *err)
{
    dft_crystal *crystal = NULL;
    int periodic[3];
    dft_status status = flow_path_crystal(self->path, 0, &crystal, err);

    if (status != DFT_OK)
        return status;
    screen_calc_periodic(crystal, periodic);
    self->calc->scf.engine.n_slots = self->path->n_images;
    if (self->calc->dry_run)
        status = screen_calc_estimate(self->calc, crystal, periodic,
                                      "each image, some 10 to 30 times", err);
    else
        status = screen_calc_open(self->calc, crystal, periodic, &self->evaluator, NULL, err);
    dft_crystal_free(crystal);
    return status;
}

static dft_status compute(neb *self, int is_new, dft_error *err)
{
    char message[512] = "";
    flow_neb_result *result = NULL;
    dft_status status = DFT_OK;

    if (is_new)
        status = prepare(self, message, sizeof message, err);
    if (status == DFT_OK && !message[0])
        status = run_band(self, &result, err);
    if (status == DFT_OK)
        status = finish(self, result, message, err);
    flow_neb_result_free(result);
    return status;
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    const screen_command *command = calc->command;
    const char *from = screen_option_value(command, "resume");
    neb self = { .calc = calc, .app = calc->app, .command = command, .n_images = 3,
                 .max_iterations = 200, .climb = 1, .idpp = 1, .symmetric = 1, .relax_ends = 1,
                 .fmax_ev_per_ang = 0.05 };
    dft_status status = read_options(&self, err);

    if (status == DFT_OK && (from ? command->n_words != 0 : command->n_words != 2))
        status = dft_fail(err, DFT_EUSAGE, "neb needs either INITIAL and FINAL, or --resume=FILE");
    if (status == DFT_OK)
        status = from ? resume(&self, from, err)
                      : make_path(&self, command->word[0], command->word[1], err);
    if (status == DFT_OK)
        status = open_evaluator(&self, err);
    if (status == DFT_OK && !calc->dry_run)
        status = compute(&self, !from, err);
    flow_fold_free(self.fold);
    flow_path_free(self.path);
    return status;
}

static const screen_option options[] = {
    { "images", "N", "between the ends; default 3, usual 3, 5, 7", NULL },
    { "fmax-ev-per-ang", "X", "default 0.05", NULL },
    { "band-iterations", "N", "most of them; default 200", NULL },
    { "climb", "on|off", "off: no barrier comes out; default on", NULL },
    { "path", "idpp|linear", "the first path; default idpp", NULL },
    { "symmetric", "auto|off", "compute half of a path that is its own reverse; default auto",
      NULL },
    { "match", "order|nearest", "which atom is which; default order", NULL },
    { "wrap", "nearest|as-given", "the shortest way of each atom (default), or final positions as "
      "they are written", NULL },
    { "relax-ends", "on|off", "default on", NULL },
    { "fixed-layers", "N", "atomic planes at the bottom that stay, where INITIAL does not say what "
      "is fixed; default 0", NULL },
    { "resume", "FILE", "go on from the path that --out left behind", NULL },
    { "out", "FILE", "the path as extxyz, written after every iteration", NULL },
};

const screen_calc_kind screen_calc_neb = {
    "neb", "INITIAL FINAL", "The lowest pass between two minima: barriers forward and reverse, by "
    "a climbing-image band on the free energy; energies at zero smearing width.  Files may say what "
    "is fixed (move_mask, selective dynamics).  Exit code 4: no barrier.", 0, 2,
    sizeof options / sizeof *options, options, run
};
