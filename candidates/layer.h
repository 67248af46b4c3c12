/*
 * candidates/layer.h - a slab or sheet seen along its normal: lateral coordinates, heights,
 * symmetry.
 *
 * A slab is a crystal whose third vector leads through vacuum.  Whatever its origin,
 * orientation, tilt of c or amount of vacuum, the same slab gives the same layer: the atoms are
 * unwrapped at the widest empty gap along c, heights count along the normal (towards +c, bohr)
 * from the crystal's origin, and lateral coordinates are in units of the first two cell vectors.
 *
 * Symmetry: the operations of the layer group that keep the normal's axis, u -> W u + w
 * laterally, with `flip` when the two faces are exchanged.  They are those of the surface itself,
 * whatever cell it is given in: the point group is that of its smallest cell (a rectangular cell of
 * fcc(111) has the threefold axes too), and the pure translations of a larger cell are among the
 * operations.  Found from the geometry within a tolerance, so that thermal or numerical noise below
 * it changes nothing.  Immutable once made.
 */
#ifndef CAND_LAYER_H
#define CAND_LAYER_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    double rotation[2][2];          /* W, in units of the cell vectors a1, a2: whole numbers, unless the
                                       cell is a larger one that lacks a symmetry of the surface */
    double translation[2];          /* w, 0 <= w < 1 */
    bool flip;                      /* exchanges top and bottom */
} cand_layer_op;

typedef struct {
    double lattice[2][2];           /* a1, a2 in a lateral frame, x along a1 */
    double axis[3][3];              /* rows: that frame's x, y and the normal, Cartesian */
    double reduced[2][2];           /* the same lattice by its two shortest vectors */
    size_t n_atoms;
    int *z;                         /* owned, [n_atoms], in the crystal's order */
    double (*u)[2];                 /* owned, [n_atoms][2], lateral, units of a1, a2, not wrapped */
    double *height;                 /* owned, [n_atoms], bohr along the normal */
    double top, bottom;             /* greatest and smallest height */
    double vacuum;                  /* empty gap between top and the next image's bottom, bohr */
    size_t n_ops;                   /* >= 1, operation 0 is the identity */
    cand_layer_op *op;              /* owned, [n_ops] */
} cand_layer;

/* `tolerance` (bohr, CAND_LAYER_TOLERANCE is usual) bounds the distance between an atom's image
 * and the atom it lands on.  The caller owns *out; NULL on failure.  Errors: DFT_EINPUT when the
 * widest gap along c is below CAND_MIN_GAP (not a slab); DFT_ENOMEM. */
dft_status cand_layer_create(const dft_crystal *slab, double tolerance, cand_layer **out,
                             dft_error *err);
void cand_layer_free(cand_layer *layer);                                /* NULL is accepted */

#define CAND_LAYER_TOLERANCE 0.10   /* bohr, 0.05 A: above noise, far below any bond */
/* bohr, 3.7 A: wider than any interlayer spacing of a solid bulk */
#define CAND_MIN_GAP 7.0

/* Groups of heights separated by more than `tolerance` (bohr), bottom to top: plane_of[a] is the
 * plane of atom a, [n_atoms].  Returns the number of planes, 0 when memory is refused. */
size_t cand_layer_planes(const cand_layer *layer, double tolerance, size_t *plane_of);

/* Lateral vector of a lattice coordinate (bohr), and the distance between two lateral points
 * over all lattice translations. */
void cand_layer_lateral(const cand_layer *layer, const double u[2], double xy[2]);
double cand_layer_distance(const cand_layer *layer, const double u[2], const double v[2]);

/* The distinct places that a lateral point has under the operations that keep the top face, itself
 * first, 0 <= image < 1; places nearer than `tolerance` (bohr) are one.  image has room for n_ops.
 * Returns how many there are. */
size_t cand_layer_images(const cand_layer *layer, const double u[2], double tolerance,
                         double (*image)[2]);

/* Cartesian position in the crystal of a lateral point at a height (bohr). */
void cand_layer_cartesian(const cand_layer *layer, const double u[2], double height,
                          double cart[3]);

/* True when some operation exchanges the faces: both are then the same surface. */
bool cand_layer_faces_equal(const cand_layer *layer);

#endif
