/*
 * dft-lite/properties/bader.h - dividing a cell into basins of a density (R. F. W. Bader, Atoms in
 * Molecules, 1990), with the weights of M. Yu, D. R. Trinkle, JCP 134, 064111 (2011).
 *
 * Each grid point owns its Voronoi cell.  Charge at point i flows to the neighbours j of higher
 * density in proportion to  alpha_ij (n_j - n_i),  alpha = facet area/distance; going through the
 * points from the highest density down gives each the weights w_i^A with which it belongs to the
 * basins A, sum_A w = 1. Points well inside have one owner; only points on dividing surfaces are
 * shared, and that makes the integrals converge with the square of the spacing, without bias from
 * the grid's directions.
 *
 * Basins are handed to owners (atoms) when their maximum is found, so that maxima of noise in a
 * vacuum or several points around one nucleus do no harm.
 */
#ifndef DFT_BADER_H
#define DFT_BADER_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct {
    size_t n_points, n_owners;
    /* owned, [n_points]: the one owner, or -1 - row of a shared point */
    int *label;
    size_t n_rows;
    size_t *first;                  /* owned, [n_rows + 1] into owner and weight */
    int *owner;                     /* owned */
    double *weight;                 /* owned; a row's weights sum to 1 */
} dft_bader;

/* lattice of the cell (rows, bohr), n points along each, density [n1][n2][n3].  owner_of(point,
 * context) says to which of n_owners the maximum at this point belongs.  The caller owns *out.
 * Errors: DFT_ENOMEM. */
dft_status dft_bader_create(const double lattice[3][3], const int n[3], const double *density,
                            size_t n_owners, size_t (*owner_of)(size_t point, const void *context),
                            const void *context, dft_bader **out, dft_error *err);
void dft_bader_free(dft_bader *bader);              /* NULL is accepted */

/* How much of a point belongs to an owner, 0..1. */
double dft_bader_weight(const dft_bader *bader, size_t point, size_t owner);

/* sum[owner] = sum over points of weight times field [n_points]. */
void dft_bader_sum(const dft_bader *bader, const double *field, double *sum);

#endif
