/*
 * workflows/drag.h - a cheap first look at a hop: the adatom is held at a few points along it, and
 * everything else relaxes.
 *
 * At each interior image of a path the atom may move up and down and sideways but not along the hop
 * (the lateral direction from its initial to its final place); all other atoms are free as far as
 * they are not fixed.  Every way from one end to the other crosses each of these planes, so the
 * highest energy found, over the initial end, is a lower bound of the barrier (as far as each point
 * relaxed to the lowest arrangement in its plane) - which is all that is needed to know that a hop
 * cannot matter.  Forces up to fmax are left at each point; the bound is lowered by the energy that
 * they could still gain, |F|^2/2k with k = 0.5 eV/A^2, softer than an adatom's own vibrations
 * across a hop.  `estimate` follows the profile between the points by its slopes, which the force
 * on the held coordinate gives exactly; it is an estimate, not a bound and not a barrier.  The
 * relaxed images are a good start for a band (neb.h).
 *
 * Hartree atomic units.
 */
#ifndef FLOW_DRAG_H
#define FLOW_DRAG_H

#include "workflows/evaluator.h"
#include "workflows/fold.h"
#include "workflows/path.h"

typedef struct {
    double fmax;                    /* Ha/bohr; default 0.05 eV/A */
    double max_step;                /* bohr; default 0.2 A */
    int max_iterations;             /* of each point; default 60 */
    const flow_fold *fold;          /* borrowed; NULL: every point is computed */
    /* After each step of a point; a value other than 0 stops.  NULL: never. */
    int (*on_step)(size_t image, int step, double energy, double fmax, void *context);
    void *context;
} flow_drag_options;

flow_drag_options flow_drag_defaults(void);

/* How one arrangement relaxed. */
typedef struct {
    int converged;                  /* 0: energy is not to be used, message says why */
    double energy, free_energy;     /* Ha; NaN unless converged */
    double fmax;                    /* largest force that could still move something, Ha/bohr */
    double held;                    /* force along the held direction, Ha/bohr; 0 without one */
    double slack;                   /* what relaxing on could still gain, Ha */
    int n_steps, n_scf;             /* energies; SCF steps */
    int stopped;
    char message[384];
} flow_relaxed_image;

/* Relaxes one image of a path in place.  `held` is a unit vector along which atom `held_atom` may
 * not move; NULL: nothing is held and this is a plain relaxation.  slot = image.  Errors: the
 * evaluator's. */
dft_status flow_image_relax(const flow_evaluator *evaluator, flow_path *path, size_t image,
                            size_t held_atom, const double held[3],
                            const flow_drag_options *options, flow_relaxed_image *out,
                            dft_error *err);

typedef struct {
    int converged;                  /* every point, and both ends are minima */
    char message[512];
    size_t n_images;
    double *energy;                 /* owned, [n_images], Ha, zero width; NaN where not converged */
    double *coordinate;             /* owned, [n_images]: of the atom along the hop, bohr */
    double *slope;                  /* owned, [n_images]: dE/d(coordinate), Ha/bohr */
    double *slack;                  /* owned, [n_images]: how much lower it may relax, Ha */
    size_t top;                     /* the highest image */
    double bound, estimate;         /* Ha above the initial end; NaN unless converged */
    int n_evaluations, n_scf;
    int stopped;
} flow_drag_result;

/* Drags atom `atom` along the path: its interior images are relaxed in place.  normal: the
 * surface's, for the lateral part of the hop, is that of the first two cell vectors.  The ends are
 * computed, not relaxed; they must be minima as for a band.  The caller owns *out; NULL on failure.
 * Errors: DFT_EINPUT when the atom does not move laterally, or when nothing is fixed (the slab
 * would slide under the atom); the evaluator's; DFT_ENOMEM. */
dft_status flow_drag_run(const flow_evaluator *evaluator, flow_path *path, size_t atom,
                         const flow_drag_options *options, flow_drag_result **out, dft_error *err);
void flow_drag_result_free(flow_drag_result *result);                   /* NULL is accepted */

#endif
