/*
 * candidates/planes.h - a crystal seen along a facet's normal: its atomic planes, cuts and
 * layers.
 *
 * The machinery under candidates/slab.h, which explains the words.  One repeat of planes, bottom
 * to top, is kept; everything else follows by cyclic continuation.  Bohr.
 */
#ifndef CAND_PLANES_H
#define CAND_PLANES_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/crystal/elements.h"

#define CAND_PLANE_TOLERANCE 0.15   /* bohr, 0.08 A: wider gaps separate planes */
#define CAND_SAME_GAP 0.04          /* bohr, 0.02 A: spacings of planes that count as equal */

/* The crystal seen along the normal: one repeat of planes, bottom to top, cyclic. */
typedef struct {
    double axis[3][3];              /* rows: lateral x, lateral y, normal */
    double surface[2][3];           /* in-plane vectors, Cartesian */
    double step[3];                 /* to the same atoms one repeat further up, Cartesian */
    double period;                  /* step . normal */
    double step_u[2];               /* its lateral part, units of the in-plane vectors */
    size_t n_atoms;                 /* of one repeat, ordered by plane */
    int *z;                         /* owned, [n_atoms] */
    double (*r)[3];                 /* owned, [n_atoms], Cartesian */
    double (*u)[2];                 /* owned, [n_atoms][2], lateral, units of the in-plane vectors */
    double *height;                 /* owned, [n_atoms] */
    size_t n_planes;
    size_t *first;                  /* owned, [n_planes + 1]: first atom of each plane */
    size_t *cut;                    /* owned, [n_planes]: top plane of each distinct termination
                                       (candidates/cuts.h) */
    size_t n_cuts;
} cand_planes;

/* The planes of a crystal for a Miller index (not 0 0 0) of the cell it is given in.  The caller
 * clears *planes in any case.  Errors: DFT_EINPUT for indices so high that the repeat is thinner than
 * CAND_PLANE_TOLERANCE; those of cand_crystal_primitive; DFT_ENOMEM. */
dft_status cand_planes_init(const dft_crystal *conventional, const int miller[3],
                            cand_planes *planes, dft_error *err);
void cand_planes_clear(cand_planes *planes);

/* The plane k planes below `top`, cyclic. */
size_t cand_planes_below(const cand_planes *planes, size_t top, size_t k);

/* Adds a plane's atoms to the numbers of each element. */
void cand_planes_count(const cand_planes *planes, size_t plane, size_t count[DFT_MAX_Z + 1]);

/* Number of planes that the first n layers below (and with) plane `top` hold. */
size_t cand_planes_of_layers(const cand_planes *planes, size_t top, int n_layers);

/* Whole layers among the first n planes below (and with) `top`. */
int cand_planes_whole_layers(const cand_planes *planes, size_t top, size_t n_planes);

/* Whether the first n planes below (and with) `top` have the bulk's composition. */
bool cand_planes_keep_composition(const cand_planes *planes, size_t top, size_t n_planes);

/* From the highest to the lowest atom of the first n >= 1 planes below (and with) `top`, bohr. */
double cand_planes_depth(const cand_planes *planes, size_t top, size_t n_planes);

/* Layers until the planes repeat. */
size_t cand_planes_layers_per_repeat(const cand_planes *planes, size_t top);

/* Proportional counts of elements, [DFT_MAX_Z + 1] each. */
bool cand_same_composition(const size_t *a, const size_t *b);

#endif
