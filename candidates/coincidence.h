/*
 * candidates/coincidence.h - cells in which two plane lattices nearly coincide.
 *
 * A. Zur, T. C. McGill, J. Appl. Phys. 55, 378 (1984): every superlattice of either lattice is listed by
 * index (Hermite forms), taken to its reduced cell, and pairs of about equal area are compared.  Here the
 * comparison is the map F that takes the second's cell onto the first's, F = R U: U - 1 is the strain
 * that the second bears, R the twist.  Of each pair the bases of reduced cells that are nearly as short
 * are tried too, since rounding or strain may exchange them.
 *
 * Twists that differ by a rotation or mirror of either lattice are one, and multiples of a cell are not
 * listed again.  Lengths in any unit, the same
 * for both; rows are vectors.
 */
#ifndef CAND_COINCIDENCE_H
#define CAND_COINCIDENCE_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct {
    double max_area;                /* of the common cell, unit^2 */
    double max_strain;              /* largest norm, sqrt(e1^2 + e2^2) of the principal strains */
    size_t most;                    /* entries to return, the best ones */
} cand_coincidence_options;

typedef struct {
    int first[2][2], second[2][2];  /* the cell's vectors in units of either lattice's; det > 0 */
    int n_first, n_second;          /* cells of either lattice in it */
    double area;                    /* of the first's cell: the first is not strained */
    double principal[2];            /* e1 >= e2: strains of the second, positive is stretched */
    double norm;
    double twist_deg;               /* rotation of the second against the first, -90 < twist <= 90 */
} cand_coincidence;

/* The coincidence cells of two lattices, the best first: ascending norm / max_strain + area / max_area.
 * The caller frees *out with free(); NULL with *n = 0 when there are none.  Errors: DFT_EINPUT for limits
 * that are not positive or a lattice without area; DFT_ENOMEM. */
dft_status cand_coincidence_find(const double first[2][2], const double second[2][2],
                                 const cand_coincidence_options *options, cand_coincidence **out,
                                 size_t *n, dft_error *err);

#endif
