/*
 * dft-lite/basis/orbits.h - which points of the exchange-correlation box are equivalent.
 *
 * A field with the crystal's symmetry takes one value on each orbit of grid points under x -> Wx + w;
 * pointwise functions of it need one evaluation an orbit.  Immutable once made.
 */
#ifndef DFT_ORBITS_H
#define DFT_ORBITS_H

#include <stddef.h>
#include <stdint.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/symmetry.h"

typedef struct {
    size_t n_points, n_orbits;
    uint32_t *orbit;                /* owned, [n_points] */
    uint32_t *point;                /* owned, [n_orbits] a representative */
    uint32_t *size;                 /* owned, [n_orbits] points in the orbit */
} dft_orbits;

/* Every operation must map the box n onto itself (dft_basis_carries).  Errors: DFT_ENOMEM. */
dft_status dft_orbits_create(const int n[3], const dft_symmetry *symmetry, dft_orbits **out,
                             dft_error *err);
void dft_orbits_free(dft_orbits *orbits);           /* NULL is accepted */

#endif
