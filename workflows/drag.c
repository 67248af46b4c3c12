#include "workflows/drag.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "workflows/band.h"
#include "workflows/profile.h"
#include "workflows/stepper.h"

#define EV_PER_ANG (DFT_BOHR_ANG / DFT_HARTREE_EV)          /* 1 eV/A in Ha/bohr */
#define STIFFNESS (20.0 * EV_PER_ANG * DFT_BOHR_ANG)        /* 20 eV/A^2, before any is known */
#define SOFT (0.5 * EV_PER_ANG * DFT_BOHR_ANG)              /* 0.5 eV/A^2: see the header */
#define END_FMAX 2.0                                        /* forces on the ends, times fmax */

flow_drag_options flow_drag_defaults(void)
{
    return (flow_drag_options){ .fmax = 0.05 * EV_PER_ANG, .max_step = 0.2 / DFT_BOHR_ANG,
                                .max_iterations = 60 };
}

/* ---- one arrangement ---- */

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Takes out what may not act; the force along the held direction. */
static double constrain(const flow_path *path, size_t held_atom, const double held[3],
                        double (*force)[3])
{
    double along = 0.0;

    for (size_t a = 0; a < path->n_atoms; a++)
        for (int c = 0; c < 3; c++)
            if (path->fixed[a][c])
                force[a][c] = 0.0;
    if (!held)
        return 0.0;
    along = dot3(force[held_atom], held);
    for (int c = 0; c < 3; c++)
        force[held_atom][c] -= along * held[c];
    return along;
}

static dft_status evaluate(const flow_evaluator *evaluator, const flow_path *path, size_t image,
                           flow_evaluation *e, flow_relaxed_image *out, dft_error *err)
{
    dft_crystal *crystal = NULL;
    dft_status status = flow_path_crystal(path, image, &crystal, err);

    if (status == DFT_OK)
        status = evaluator->evaluate(evaluator->context, crystal, FLOW_WANT_FORCES, image, e, err);
    dft_crystal_free(crystal);
    if (status != DFT_OK)
        return status;
    out->n_steps++;
    out->n_scf += e->n_steps;
    out->stopped = e->stopped;
    if (!e->converged)
        snprintf(out->message, sizeof out->message, "%s: %s",
                 e->stopped ? "stopped" : "an energy did not converge", e->message);
    return DFT_OK;
}

/* Whether to go on after an energy at step k; writes the outcome. */
static int goes_on(const flow_evaluation *e, size_t image, int k, const flow_drag_options *options,
                   flow_relaxed_image *out)
{
    out->stopped = options->on_step
        && options->on_step(image, k, e->energy, out->fmax, options->context) != 0;
    if (out->fmax < options->fmax) {
        out->converged = 1;
        out->energy = e->energy;
        out->free_energy = e->free_energy;
        return 0;
    }
    if (!out->stopped && k < options->max_iterations)
        return 1;
    snprintf(out->message, sizeof out->message,
             "%s after %d steps with a force of %.4f eV/A, %.4f asked",
             out->stopped ? "stopped" : "not relaxed", k, out->fmax / EV_PER_ANG,
             options->fmax / EV_PER_ANG);
    return 0;
}

dft_status flow_image_relax(const flow_evaluator *evaluator, flow_path *path, size_t image,
                            size_t held_atom, const double held[3],
                            const flow_drag_options *options, flow_relaxed_image *out,
                            dft_error *err)
{
    const size_t n = path->n_atoms;
    double (*force)[3] = dft_alloc(n, sizeof *force);
    flow_stepper *stepper = NULL;
    dft_status status =
        force ? DFT_OK : dft_fail(err, DFT_ENOMEM, "forces on %zu atoms: out of memory", n);

    *out = (flow_relaxed_image){ .energy = NAN, .free_energy = NAN, .fmax = NAN };
    if (status == DFT_OK)
        status = flow_stepper_create(3 * n, options->max_step, STIFFNESS, &stepper, err);
    for (int k = 0; status == DFT_OK; k++) {
        flow_evaluation e = { .force = force };
        status = evaluate(evaluator, path, image, &e, out, err);
        if (status != DFT_OK || !e.converged)
            break;
        out->held = constrain(path, held_atom, held, force);
        out->fmax = flow_largest_force(n, (const double (*)[3])force);
        out->slack =
            flow_dot(n, (const double (*)[3])force, (const double (*)[3])force) / (2.0 * SOFT);
        if (!goes_on(&e, image, k, options, out))
            break;
        flow_stepper_move(stepper, (double *)(path->r + image * n), (const double *)force);
    }
    flow_stepper_free(stepper);
    free(force);
    return status;
}

/* ---- along a hop ---- */

void flow_drag_result_free(flow_drag_result *result)
{
    if (!result)
        return;
    free(result->slack);
    free(result->slope);
    free(result->coordinate);
    free(result->energy);
    free(result);
}

static flow_drag_result *new_result(size_t n)
{
    flow_drag_result *r = dft_alloc(1, sizeof *r);

    if (!r)
        return NULL;
    *r = (flow_drag_result){ .n_images = n, .bound = NAN, .estimate = NAN };
    r->energy = dft_alloc_doubles(n);
    r->coordinate = dft_alloc_doubles(n);
    r->slope = dft_alloc_doubles(n);
    r->slack = dft_alloc_doubles(n);
    if (!r->energy || !r->coordinate || !r->slope || !r->slack) {
        flow_drag_result_free(r);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        r->energy[i] = NAN;
    return r;
}

/* The lateral unit vector of the atom's way. */
static dft_status hop_direction(const flow_path *path, size_t atom, double direction[3],
                                dft_error *err)
{
    const double *a = path->lattice[0], *b = path->lattice[1];
    const double *end = path->r[(path->n_images - 1) * path->n_atoms + atom];
    double normal[3], length;
    int any_fixed = 0;

    for (int c = 0; c < 3; c++) {
        normal[c] = a[(c + 1) % 3] * b[(c + 2) % 3] - a[(c + 2) % 3] * b[(c + 1) % 3];
        direction[c] = end[c] - path->r[atom][c];
    }
    const double along = dot3(direction, normal) / dot3(normal, normal);
    for (int c = 0; c < 3; c++)
        direction[c] -= along * normal[c];
    length = sqrt(dot3(direction, direction));
    if (length < 0.1)
        return dft_fail(err, DFT_EINPUT,
                        "atom %zu does not move along the surface: there is no hop to "
                        "look at",
                        atom + 1);
    for (int c = 0; c < 3; c++)
        direction[c] /= length;
    for (size_t k = 0; k < path->n_atoms; k++)
        any_fixed |= k != atom && (path->fixed[k][0] || path->fixed[k][1]);
    if (!any_fixed)
        return dft_fail(err, DFT_EINPUT,
                        "nothing is fixed below the hopping atom, so the slab would "
                        "slide under it; fix the bottom layer");
    return DFT_OK;
}

/* One point (an end is only computed); 0 in *usable when the result's message says why not. */
static dft_status compute_point(const flow_evaluator *evaluator, flow_path *path, size_t atom,
                                const double direction[3], size_t image,
                                const flow_drag_options *options, flow_drag_result *r, int *usable,
                                dft_error *err)
{
    const int is_end = image == 0 || image + 1 == path->n_images;
    flow_drag_options own = *options;
    flow_relaxed_image settled;
    dft_status status;

    if (is_end) {
        own.max_iterations = 0;
        own.fmax *= END_FMAX;
    }
    status = flow_image_relax(evaluator, path, image, atom, is_end ? NULL : direction, &own,
                              &settled, err);
    if (status != DFT_OK)
        return status;
    r->n_evaluations += settled.n_steps;
    r->n_scf += settled.n_scf;
    r->energy[image] = settled.energy;
    r->slope[image] = -settled.held;
    r->slack[image] = settled.slack;
    r->coordinate[image] = 0.0;
    for (int c = 0; c < 3; c++)
        r->coordinate[image] += direction[c] * (path->r[image * path->n_atoms + atom][c]
                                                - path->r[atom][c]);
    r->stopped |= settled.stopped;
    *usable = settled.converged && !(settled.stopped && !is_end);
    if (!*usable)
        snprintf(r->message, sizeof r->message, "image %zu: %s", image,
                 settled.converged ? "stopped" : settled.message);
    return DFT_OK;
}

/* The other half of a folded hop. */
static void mirror_points(flow_drag_result *r)
{
    const size_t last = r->n_images - 1;

    for (size_t i = 0; 2 * i < last; i++) {
        r->energy[last - i] = r->energy[i];
        r->slope[last - i] = -r->slope[i];
        r->slack[last - i] = r->slack[i];
        r->coordinate[last - i] = r->coordinate[last] - r->coordinate[i];
    }
}

static void conclude(flow_drag_result *r)
{
    const size_t n = r->n_images;

    double lowest_top = -HUGE_VAL;

    r->converged = 1;
    for (size_t i = 0; i < n; i++) {
        if (r->energy[i] > r->energy[r->top])
            r->top = i;
        lowest_top = fmax(lowest_top, r->energy[i] - r->slack[i]);
    }
    r->bound = lowest_top - r->energy[0];
    r->estimate = flow_profile_top(n, r->coordinate, r->energy, r->slope, NULL) - r->energy[0];
}

static dft_status drag(const flow_evaluator *evaluator, flow_path *path, size_t atom,
                       const flow_drag_options *options, flow_drag_result *r, dft_error *err)
{
    const size_t last = path->n_images - 1;
    double direction[3];
    int usable = 1;
    dft_status status = hop_direction(path, atom, direction, err);

    if (status == DFT_OK && options->fold)
        flow_fold_path(options->fold, path);
    /* ends first: a hop between points that are no minima is not looked at */
    for (size_t k = 0; k <= last && status == DFT_OK && usable; k++) {
        const size_t image = k == 0 ? 0 : k == 1 ? last : k - 1;
        if (options->fold && 2 * image > last)
            continue;
        status = compute_point(evaluator, path, atom, direction, image, options, r, &usable, err);
    }
    if (status != DFT_OK || !usable)
        return status;
    if (options->fold) {
        flow_fold_path(options->fold, path);
        r->coordinate[last] = 0.0;
        for (int c = 0; c < 3; c++)
            r->coordinate[last] += direction[c] * (path->r[last * path->n_atoms + atom][c]
                                                   - path->r[atom][c]);
        mirror_points(r);
    }
    conclude(r);
    return DFT_OK;
}

dft_status flow_drag_run(const flow_evaluator *evaluator, flow_path *path, size_t atom,
                         const flow_drag_options *options, flow_drag_result **out, dft_error *err)
{
    flow_drag_result *r = new_result(path->n_images);
    dft_status status;

    *out = NULL;
    if (!r)
        return dft_fail(err, DFT_ENOMEM, "a hop of %zu points: out of memory", path->n_images);
    status = drag(evaluator, path, atom, options, r, err);
    if (status != DFT_OK) {
        flow_drag_result_free(r);
        return status;
    }
    *out = r;
    return DFT_OK;
}
