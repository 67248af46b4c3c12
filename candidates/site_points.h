/*
 * candidates/site_points.h - the points of a face before they get names: the geometry under
 * sites.h.
 *
 * Atoms, middles of Voronoi edges and Voronoi vertices of the top face, each with the top atoms
 * that coordinate it, and the classes that symmetry makes of them.  Bohr.
 */
#ifndef CAND_SITE_POINTS_H
#define CAND_SITE_POINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/layer.h"
#include "candidates/sites.h"
#include "dft-lite/base/status.h"

#define CAND_MAX_COORDINATION 12
#define CAND_RIGHT_BELOW 0.75       /* bohr, 0.4 A: lateral offset of an atom "right below" */
#define CAND_RESOLUTION 0.28345892  /* bohr, 0.15 A: how far a bridge keeps from a hollow, how long an
                                       edge is that is hopped over, how much farther an atom still
                                       coordinates.  Geometry, not a tolerance for noise */

typedef enum {
    CAND_ONTOP, CAND_SHORTBRIDGE, CAND_BRIDGE, CAND_LONGBRIDGE, CAND_FCC, CAND_HCP, CAND_HOLLOW,
    CAND_N_KINDS
} cand_site_kind;

/* A site before symmetry: kind, place, and the top atoms around it. */
typedef struct {
    cand_site_kind kind;
    double u[2];
    size_t orbit;                   /* index of the first equivalent point */
    size_t n_merged;                /* Voronoi vertices averaged into a hollow */
    double distance;                /* to the coordinating atoms, mean */
    int n_around;
    int z[CAND_MAX_COORDINATION];
    double from[CAND_MAX_COORDINATION][3];  /* to the coordinating atoms: lateral, and their height */
} cand_site_point;

/* The face being searched. */
typedef struct {
    const cand_layer *layer;        /* borrowed */
    cand_sites_options options;
    double inverse[2][2];           /* xy -> units of a1, a2 */
    bool *exposed;                  /* owned, [n_atoms]: is the atom of the top face? */
    size_t n_top;
    size_t *top;                    /* owned, [n_top]: atoms of the top face */
    double (*xy)[2];                /* owned, [n_top] */
    double next_height;             /* highest of the others that is not hidden below one of them, */
                                    /* in a plane where all are; -HUGE_VAL when none */
    size_t n_points;
    cand_site_point *point;         /* owned */
} cand_face;

/* The face of a layer, without points yet.  Borrows layer; clear in any case.  Errors:
 * DFT_ENOMEM. */
dft_status cand_face_init(const cand_layer *layer, const cand_sites_options *options,
                          cand_face *face, dft_error *err);
void cand_face_clear(cand_face *face);

bool cand_face_has(const cand_face *face, size_t atom);         /* is the atom of the top face? */

/* All points, kinds ONTOP, BRIDGE and HOLLOW only, with their coordination.  Errors: those of
 * cand_voronoi_compute. */
dft_status cand_face_find_points(cand_face *face, dft_error *err);

/* Sets each point's orbit: points of one kind that an operation keeping the face maps onto each
 * other. */
void cand_face_find_orbits(cand_face *face);

/* Calls visit(context, atom, xy) for every periodic image of every atom of the layer within `reach`
 * laterally of the point u; xy is the lateral vector from u to the image. */
typedef void (*cand_image_visitor)(void *context, size_t atom, const double xy[2]);
void cand_visit_images(const cand_layer *layer, const double u[2], double reach,
                       cand_image_visitor visit, void *context);

#endif
