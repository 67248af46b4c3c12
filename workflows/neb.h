/*
 * workflows/neb.h - the lowest pass between two minima: climbing-image nudged elastic band.
 *
 * Images along a path feel the true force across it and springs along it (improved tangent: G.
 * Henkelman, H. Jonsson, J. Chem. Phys. 113, 9978 (2000)); once the largest force is below
 * climb_below the highest image climbs: it feels no spring, and the true force with its component
 * along the path reversed (G. Henkelman, B. P. Uberuaga, H. Jonsson, J. Chem. Phys. 113, 9901
 * (2000)), which ends on the saddle whatever the number of images.  Forces and the choice of the
 * highest image are those of the *free* energy; barriers are quoted from the energies at zero
 * smearing width.
 *
 * Converged means: on every image the force across the path, and on the climbing one the whole
 * force, is below fmax on each atom.  The saddle is then confirmed by its curvature along the path,
 * from forces at two displaced points.  A band that is stopped, that runs out of iterations, whose
 * ends are not relaxed or one of whose energies does not converge is data: converged = 0, barriers
 * NaN, and message says why. So is a path without a pass: no image above both ends, has_saddle = 0.
 *
 * Hartree atomic units.
 */
#ifndef FLOW_NEB_H
#define FLOW_NEB_H

#include "workflows/evaluator.h"
#include "workflows/fold.h"
#include "workflows/path.h"

typedef struct flow_neb_result flow_neb_result;

typedef struct {
    int iteration;                  /* 0: the path as given */
    double fmax;                    /* what is to fall below options.fmax */
    size_t top;                     /* the highest image */
    double height;                  /* its energy above the initial end, zero width */
    int is_climbing;
    const flow_neb_result *so_far;  /* energies and forces of the images, borrowed during the call */
} flow_neb_progress;

typedef struct {
    double fmax;                    /* Ha/bohr; default 0.05 eV/A */
    double climb_below;             /* Ha/bohr; default 0.3 eV/A; 0: never climb, no barrier */
    double spring;                  /* Ha/bohr^2; default 1 eV/A^2 */
    double max_step;                /* bohr, of an atom; default 0.1 A */
    double displacement;            /* bohr, for the curvature; default 0.05 */
    int max_iterations;             /* default 200 */
    int starts_climbing;            /* a band that was climbing when it was stopped */
    const flow_fold *fold;          /* borrowed; NULL: every image is computed */
    /* After each iteration, with the path that the numbers belong to: save it here.  A value other
     * than 0 stops the band.  NULL: never. */
    int (*on_iteration)(const flow_neb_progress *progress, const flow_path *path, void *context);
    void *context;
} flow_neb_options;

flow_neb_options flow_neb_defaults(void);

struct flow_neb_result {
    int converged;
    char message[512];              /* why not; "" when all is well */
    int n_iterations, n_evaluations, n_steps;       /* n_steps: SCF steps, all together */
    size_t n_images, n_atoms;
    double *energy, *free_energy;   /* owned, [n_images]; NaN where not computed */
    double *fmax;                   /* owned, [n_images]: largest force on an atom that counts (ends and
                                       climbing image: the whole force) */
    double *coordinate;             /* owned, [n_images], along the path from the initial end, bohr */
    double (*force)[3];             /* owned, [n_images * n_atoms], true forces, 0 where fixed */
    size_t top;                     /* the highest image */
    int is_climbing;
    int has_saddle;                 /* converged, and the curvature at the top is negative */
    double curvature;               /* there along the path, Ha/bohr^2; NaN when not computed */
    double barrier_forward, barrier_reverse;        /* Ha; NaN unless has_saddle */
};

/* Moves the interior images of `path`.  The ends must be minima (forces below 2 fmax): that is
 * looked at first.  The evaluator's slot is the image.  The caller owns *out; NULL on failure.
 * Errors: the evaluator's; DFT_EINPUT when atoms come too close; DFT_ENOMEM. */
dft_status flow_neb_run(const flow_evaluator *evaluator, flow_path *path,
                        const flow_neb_options *options, flow_neb_result **out, dft_error *err);
void flow_neb_result_free(flow_neb_result *result);                     /* NULL is accepted */

#endif
