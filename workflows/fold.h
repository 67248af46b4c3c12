/*
 * workflows/fold.h - paths that are their own reverse: half of the images tells the other half.
 *
 * A hop between equivalent sites often has an operation g of the surface that exchanges its ends: a
 * mirror plane, a twofold axis (for an adatom hopping over the bridge of a square face, the mirror
 * through the bridge).  If g, an atom for an atom, carries image i onto image N-1-i, energies and
 * forces of the second half are those of the first, turned.  g belongs to the symmetry group of the
 * arrangement half way between the ends, where it is looked for (dft-lite/crystal/symmetry.h).
 */
#ifndef FLOW_FOLD_H
#define FLOW_FOLD_H

#include "workflows/path.h"

typedef struct {
    size_t n_atoms;
    double rotation[3][3];          /* Cartesian, orthogonal */
    size_t *map;                    /* owned, [n_atoms]: atom a becomes atom map[a] ... */
    double (*shift)[3];             /* owned, [n_atoms]: ... at rotation r_a + shift[a], bohr */
    double deviation;               /* largest distance, bohr, between the final end and the image of
                                       the initial one */
} flow_fold;

#define FLOW_FOLD_TOLERANCE 0.04    /* bohr, 0.02 A: what two separate relaxations leave between
                                       equivalent ends */

/* An operation of order two that exchanges the ends of the path and respects elements and fixed
 * coordinates, within `tolerance` (bohr); *out is NULL when there is none, which is no error.  The
 * caller owns *out.  Errors: DFT_ENOMEM. */
dft_status flow_fold_find(const flow_path *path, double tolerance, flow_fold **out, dft_error *err);
void flow_fold_free(flow_fold *fold);                                   /* NULL is accepted */

/* The images of the second half become those of the first, and the middle one its own (so does the
 * final end: it moves by up to `deviation`). */
void flow_fold_path(const flow_fold *fold, flow_path *path);

/* image[map[a]] = rotation force[a]; both [n_atoms]. */
void flow_fold_force(const flow_fold *fold, const double (*force)[3], double (*image)[3]);

#endif
