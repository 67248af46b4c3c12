/*
 * workflows/path.h - a row of geometries from one arrangement of atoms to another.
 *
 * Image 0 and image n_images - 1 are the ends.  Positions are Cartesian and unwrapped, so that an
 * atom that crosses a cell's face moves on without a jump, and the difference of two images is the
 * way between them.  Image i, atom a: r[i * n_atoms + a].  Bohr.
 */
#ifndef FLOW_PATH_H
#define FLOW_PATH_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    double lattice[3][3];
    size_t n_atoms, n_images;
    int *z;                         /* owned, [n_atoms] */
    unsigned char (*fixed)[3];      /* owned, [n_atoms][3]: 1 where x, y or z may not move */
    double (*r)[3];                 /* owned, [n_images * n_atoms] */
} flow_path;

typedef enum {
    FLOW_MATCH_ORDER,               /* atom k of one end is atom k of the other */
    FLOW_MATCH_NEAREST              /* atoms of an element are told apart by where they are: nearest
                                       pairs first */
} flow_match;

typedef struct {
    size_t n_interior;              /* images between the ends: 1 or more, 3, 5 or 7 as a rule */
    flow_match match;
    int as_given;                   /* 1: the final positions are meant as they stand, in whatever cell;
                                       0: each atom takes the shortest way over all periodic images */
    const unsigned char (*fixed)[3];        /* borrowed, [n_atoms][3] Cartesian; NULL: all may move */
} flow_path_options;

/* The straight, evenly spaced path.  A hop by a whole lattice vector (the hollows of a p(1x1)
 * square cell) needs as_given.  The caller owns *out; NULL on failure.  Errors: DFT_EINPUT when the
 * cells (within 1e-4 bohr), the elements or, matched by order, their order differ, when a fixed
 * coordinate differs by more than 1e-3 bohr, or when the ends are the same (within 1e-3 bohr), with
 * the remedy; DFT_ENOMEM. */
dft_status flow_path_create(const dft_crystal *initial, const dft_crystal *final,
                            const flow_path_options *options, flow_path **out, dft_error *err);

/* All positions zero, nothing fixed. */
dft_status flow_path_alloc(const double lattice[3][3], size_t n_atoms, const int *z,
                           size_t n_images, flow_path **out, dft_error *err);
void flow_path_free(flow_path *path);                                   /* NULL is accepted */

/* One image as a crystal.  The caller owns *out.  Errors: those of dft_crystal_create: atoms that a
 * straight path brings together. */
dft_status flow_path_crystal(const flow_path *path, size_t image, dft_crystal **out,
                             dft_error *err);

/* Length of the way from image i to image j straight, and along the path from image 0 to each:
 * coordinate [n_images]. */
double flow_path_distance(const flow_path *path, size_t i, size_t j);
void flow_path_coordinates(const flow_path *path, double *coordinate);

/* The interior images put evenly on the straight line between the ends as they are now. */
void flow_path_straighten(flow_path *path);

/* The interior images moved along the polygon through all images to equal distances.  Errors:
 * DFT_ENOMEM. */
dft_status flow_path_respace(flow_path *path, dft_error *err);

#endif
