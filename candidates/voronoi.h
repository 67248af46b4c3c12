/*
 * candidates/voronoi.h - the periodic Voronoi diagram of points in a plane.
 *
 * Each point's cell is what remains of a large square after cutting away what is nearer to
 * another point (half-plane by half-plane, nearest points first).  Vertices are centres of empty
 * circles through three or more points; an edge separates two neighbours.
 */
#ifndef CAND_VORONOI_H
#define CAND_VORONOI_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define CAND_VORONOI_MAX_EDGES 64

/* The cell of one point: edge k runs from vertex k to vertex k+1 (cyclic), counter-clockwise;
 * neighbour[k] is the position of the point on the edge's other side.  All relative to the point
 * itself. */
typedef struct {
    size_t n_edges;
    double vertex[CAND_VORONOI_MAX_EDGES][2];
    double neighbour[CAND_VORONOI_MAX_EDGES][2];
} cand_voronoi_cell;

/* The cell of point i among points xy[n_points][2], repeated with the (reduced) lattice's rows.
 * Errors: DFT_ENUMERIC when a cell would have more than CAND_VORONOI_MAX_EDGES edges;
 * DFT_ENOMEM. */
dft_status cand_voronoi_compute(const double lattice[2][2], size_t n_points, const double (*xy)[2],
                                size_t i, cand_voronoi_cell *cell, dft_error *err);

#endif
