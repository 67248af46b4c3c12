#include "workflows/neb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "workflows/band.h"
#include "workflows/stepper.h"

#define EV_PER_ANG (DFT_BOHR_ANG / DFT_HARTREE_EV)          /* 1 eV/A in Ha/bohr */
#define STIFFNESS (20.0 * EV_PER_ANG * DFT_BOHR_ANG)        /* 20 eV/A^2: a bond's, before any is known */
#define END_FMAX 2.0                                        /* forces on the ends, times fmax */

typedef struct {
    const flow_evaluator *evaluator;
    const flow_neb_options *options;
    flow_path *path;
    flow_neb_result *result;
    double (*tangent)[3], (*nudged)[3];     /* owned, [n_images * n_atoms] */
    double (*scratch)[3];           /* owned, [n_atoms] */
    flow_stepper *stepper;          /* owned */
} band;

flow_neb_options flow_neb_defaults(void)
{
    return (flow_neb_options){
        .fmax = 0.05 * EV_PER_ANG,
        .climb_below = 0.3 * EV_PER_ANG,
        .spring = EV_PER_ANG * DFT_BOHR_ANG,
        .max_step = 0.1 / DFT_BOHR_ANG,
        .displacement = 0.05,
        .max_iterations = 200,
    };
}

void flow_neb_result_free(flow_neb_result *result)
{
    if (!result)
        return;
    free(result->force);
    free(result->coordinate);
    free(result->fmax);
    free(result->free_energy);
    free(result->energy);
    free(result);
}

static flow_neb_result *new_result(const flow_path *path)
{
    const size_t n = path->n_images;
    flow_neb_result *r = dft_alloc(1, sizeof *r);

    if (!r)
        return NULL;
    *r = (flow_neb_result){ .n_images = n, .n_atoms = path->n_atoms, .curvature = NAN,
                            .barrier_forward = NAN, .barrier_reverse = NAN };
    r->energy = dft_alloc_doubles(n);
    r->free_energy = dft_alloc_doubles(n);
    r->fmax = dft_alloc_doubles(n);
    r->coordinate = dft_alloc_doubles(n);
    r->force = dft_alloc(n * path->n_atoms, sizeof *r->force);
    if (!r->energy || !r->free_energy || !r->fmax || !r->coordinate || !r->force) {
        flow_neb_result_free(r);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        r->energy[i] = r->free_energy[i] = r->fmax[i] = NAN;
    return r;
}

/* ---- energies ---- */

static void mask(const flow_path *path, double (*force)[3])
{
    for (size_t a = 0; a < path->n_atoms; a++)
        for (int c = 0; c < 3; c++)
            if (path->fixed[a][c])
                force[a][c] = 0.0;
}

/* Energy and forces [n_atoms] of an image as it stands.  *usable is 0, and the result's message
 * says so, when the energy did not converge. */
static dft_status evaluate(band *b, size_t image, flow_evaluation *e, int *usable, dft_error *err)
{
    dft_crystal *crystal = NULL;
    dft_status status = flow_path_crystal(b->path, image, &crystal, err);

    *usable = 0;
    if (status != DFT_OK)
        return status;
    status =
        b->evaluator->evaluate(b->evaluator->context, crystal, FLOW_WANT_FORCES, image, e, err);
    dft_crystal_free(crystal);
    if (status != DFT_OK)
        return status;
    b->result->n_evaluations++;
    b->result->n_steps += e->n_steps;
    if (!e->converged) {
        snprintf(b->result->message, sizeof b->result->message,
                 "the energy of image %zu did not converge: %s", image, e->message);
        return DFT_OK;
    }
    mask(b->path, e->force);
    *usable = 1;
    return DFT_OK;
}

static dft_status compute_image(band *b, size_t image, int *usable, dft_error *err)
{
    flow_neb_result *r = b->result;
    flow_evaluation e = { .force = r->force + image * b->path->n_atoms };
    const dft_status status = evaluate(b, image, &e, usable, err);

    r->energy[image] = status == DFT_OK && *usable ? e.energy : NAN;
    r->free_energy[image] = status == DFT_OK && *usable ? e.free_energy : NAN;
    return status;
}

/* What the fold tells of the mirror image of an image. */
static void mirror_image(band *b, size_t image)
{
    flow_neb_result *r = b->result;
    const size_t other = r->n_images - 1 - image;

    if (other == image)
        return;
    r->energy[other] = r->energy[image];
    r->free_energy[other] = r->free_energy[image];
    flow_fold_force(b->options->fold, (const double (*)[3])(r->force + image * r->n_atoms),
                    r->force + other * r->n_atoms);
}

/* All images from first to last, or half of them. */
static dft_status compute_images(band *b, size_t first, size_t last, int *usable, dft_error *err)
{
    dft_status status = DFT_OK;

    *usable = 1;
    for (size_t i = first; i <= last && status == DFT_OK && *usable; i++) {
        if (b->options->fold && 2 * i > b->result->n_images - 1)
            continue;
        status = compute_image(b, i, usable, err);
        if (status == DFT_OK && *usable && b->options->fold)
            mirror_image(b, i);
    }
    return status;
}

static dft_status compute_ends(band *b, int *usable, dft_error *err)
{
    flow_neb_result *r = b->result;
    const size_t end[] = { 0, r->n_images - 1 };
    dft_status status = DFT_OK;

    for (int k = 0; k < 2; k++) {
        status = compute_images(b, end[k], end[k], usable, err);
        if (status != DFT_OK || !*usable)
            return status;
        const double f = flow_largest_force(r->n_atoms,
                                            (const double (*)[3])(r->force + end[k] * r->n_atoms));
        r->fmax[end[k]] = f;
        if (f > END_FMAX * b->options->fmax) {
            snprintf(r->message, sizeof r->message,
                     "the %s end is not relaxed: a force of %.4f eV/A, "
                     "at most %.4f; relax it first",
                     k == 0 ? "initial" : "final", f / EV_PER_ANG,
                     END_FMAX * b->options->fmax / EV_PER_ANG);
            *usable = 0;
            return DFT_OK;
        }
    }
    return status;
}

/* ---- forces of the band ---- */

static size_t highest(const flow_neb_result *r)
{
    size_t top = 1;
    for (size_t i = 2; i + 1 < r->n_images; i++)
        if (r->free_energy[i] > r->free_energy[top])
            top = i;
    return top;
}

/* Is there a pass, as far as the images tell? */
static int is_pass(const flow_neb_result *r)
{
    return r->free_energy[r->top] > r->free_energy[0]
        && r->free_energy[r->top] > r->free_energy[r->n_images - 1];
}

static int climbs(const band *b, size_t image)
{
    const flow_neb_result *r = b->result;
    return r->is_climbing
        && (image == r->top || (b->options->fold && image == r->n_images - 1 - r->top));
}

/* Tangents and nudged forces of all interior images; the largest force that is to vanish. */
static double nudge(band *b)
{
    flow_neb_result *r = b->result;
    const size_t n = r->n_atoms;
    double largest = 0.0;

    for (size_t i = 1; i + 1 < r->n_images; i++) {
        double (*tangent)[3] = b->tangent + i * n, (*nudged)[3] = b->nudged + i * n;
        flow_band_tangent(b->path, r->free_energy, i, tangent);
        memcpy(nudged, r->force + i * n, n * sizeof *nudged);
        r->fmax[i] = flow_band_force(b->path, i, (const double (*)[3])tangent, b->options->spring,
                                     climbs(b, i), nudged);
        largest = fmax(largest, r->fmax[i]);
    }
    return largest;
}

/* The image that climbs may change, and climbing may begin: either way forces become other ones.
 * Returns the largest force. */
static double choose_top(band *b)
{
    flow_neb_result *r = b->result;
    const size_t top = highest(r);
    double fmax;

    if (top != r->top && r->is_climbing)
        flow_stepper_forget(b->stepper);
    r->top = top;
    fmax = nudge(b);
    if (!r->is_climbing && is_pass(r) && fmax < b->options->climb_below) {
        r->is_climbing = 1;
        flow_stepper_forget(b->stepper);
        fmax = nudge(b);
    }
    return fmax;
}

static void move_images(band *b)
{
    const size_t n = b->path->n_atoms;

    flow_stepper_move(b->stepper, (double *)(b->path->r + n), (const double *)(b->nudged + n));
    if (b->options->fold)
        flow_fold_path(b->options->fold, b->path);
}

static int report(const band *b, int iteration, double fmax)
{
    const flow_neb_result *r = b->result;
    const flow_neb_progress progress = { iteration, fmax, r->top, r->energy[r->top] - r->energy[0],
                                         r->is_climbing, r };
    return b->options->on_iteration
        && b->options->on_iteration(&progress, b->path, b->options->context) != 0;
}

/* Iterates until converged, stopped or out of iterations. */
static dft_status iterate(band *b, dft_error *err)
{
    flow_neb_result *r = b->result;
    const flow_neb_options *o = b->options;
    dft_status status = DFT_OK;

    for (int k = 0;; k++) {
        int usable, may_end;
        double fmax;
        status = compute_images(b, 1, r->n_images - 2, &usable, err);
        if (status != DFT_OK || !usable)
            return status;
        fmax = choose_top(b);
        r->n_iterations = k;
        const int stopped = report(b, k, fmax);
        may_end = r->is_climbing || !is_pass(r) || !(o->climb_below > 0.0);
        if (fmax < o->fmax && may_end) {
            r->converged = 1;
            return DFT_OK;
        }
        if (stopped || k >= o->max_iterations) {
            snprintf(r->message, sizeof r->message,
                     "%s after %d iterations with a force of %.4f eV/A, "
                     "%.4f asked",
                     stopped ? "stopped" : "not converged", k, fmax / EV_PER_ANG,
                     o->fmax / EV_PER_ANG);
            return DFT_OK;
        }
        move_images(b);
    }
}

/* ---- the saddle ---- */

/* The force along the tangent at the top image moved along it by d. */
static dft_status force_along(band *b, double d, double *along, int *usable, dft_error *err)
{
    const size_t n = b->path->n_atoms, top = b->result->top;
    double (*r)[3] = b->path->r + top * n;
    const double (*tangent)[3] = (const double (*)[3])(b->tangent + top * n);
    flow_evaluation e = { .force = b->scratch };
    dft_status status;

    for (size_t a = 0; a < n; a++)
        for (int c = 0; c < 3; c++)
            r[a][c] += d * tangent[a][c];
    status = evaluate(b, top, &e, usable, err);
    for (size_t a = 0; a < n; a++)
        for (int c = 0; c < 3; c++)
            r[a][c] -= d * tangent[a][c];
    *along =
        status == DFT_OK && *usable ? flow_dot(n, (const double (*)[3])b->scratch, tangent) : NAN;
    return status;
}

/* Curvature from central differences of the force. */
static dft_status confirm(band *b, dft_error *err)
{
    flow_neb_result *r = b->result;
    const double d = b->options->displacement;
    double plus, minus;
    int usable;
    dft_status status = force_along(b, d, &plus, &usable, err);

    if (status == DFT_OK && usable)
        status = force_along(b, -d, &minus, &usable, err);
    if (status != DFT_OK)
        return status;
    if (!usable) {                                  /* message is written */
        r->converged = 0;
        return DFT_OK;
    }
    r->curvature = -(plus - minus) / (2.0 * d);
    r->has_saddle = r->curvature < 0.0;
    if (r->has_saddle) {
        r->barrier_forward = r->energy[r->top] - r->energy[0];
        r->barrier_reverse = r->energy[r->top] - r->energy[r->n_images - 1];
    } else {
        snprintf(r->message, sizeof r->message,
                 "the highest image is no saddle: the curvature along "
                 "the path is %+.4f eV/A^2; more images may find it",
                 r->curvature / (EV_PER_ANG * DFT_BOHR_ANG));
    }
    return DFT_OK;
}

static dft_status conclude(band *b, dft_error *err)
{
    flow_neb_result *r = b->result;

    if (!r->converged)
        return DFT_OK;
    if (!is_pass(r)) {
        snprintf(r->message, sizeof r->message,
                 "no image lies above both ends: there is no barrier on "
                 "this path, or it is narrower than the distance of images");
        return DFT_OK;
    }
    if (!r->is_climbing) {
        snprintf(r->message, sizeof r->message,
                 "climbing was switched off: the highest image is no "
                 "saddle and gives no barrier");
        return DFT_OK;
    }
    return confirm(b, err);
}

static dft_status run(band *b, dft_error *err)
{
    int usable;
    dft_status status;

    if (b->options->fold)
        flow_fold_path(b->options->fold, b->path);
    b->result->is_climbing = b->options->starts_climbing && b->options->climb_below > 0.0;
    status = compute_ends(b, &usable, err);
    if (status == DFT_OK && usable)
        status = iterate(b, err);
    if (status == DFT_OK && usable)
        status = conclude(b, err);
    flow_path_coordinates(b->path, b->result->coordinate);
    return status;
}

dft_status flow_neb_run(const flow_evaluator *evaluator, flow_path *path,
                        const flow_neb_options *options, flow_neb_result **out, dft_error *err)
{
    const size_t n = path->n_atoms, n_all = path->n_images * n;
    band b = { .evaluator = evaluator, .options = options, .path = path,
               .result = new_result(path), .tangent = dft_alloc(n_all, sizeof *b.tangent),
               .nudged = dft_alloc(n_all, sizeof *b.nudged),
               .scratch = dft_alloc(n, sizeof *b.scratch) };
    dft_status status;

    *out = NULL;
    if (!b.result || !b.tangent || !b.nudged || !b.scratch)
        status = dft_fail(err, DFT_ENOMEM, "a band of %zu images: out of memory", path->n_images);
    else
        status = flow_stepper_create(3 * (n_all - 2 * n), options->max_step, STIFFNESS, &b.stepper,
                                     err);
    if (status == DFT_OK)
        status = run(&b, err);
    if (status == DFT_OK) {
        *out = b.result;
        b.result = NULL;
    }
    flow_stepper_free(b.stepper);
    free(b.scratch);
    free(b.nudged);
    free(b.tangent);
    flow_neb_result_free(b.result);
    return status;
}
