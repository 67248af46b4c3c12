/*
 * dft-lite/basis/kpoints.h - Monkhorst-Pack meshes and their irreducible points.
 *
 * Mesh points k = (i + shift_i/2) / n_i in fractions of the reciprocal vectors (shift 0 or 1;
 * 0 is Gamma-centred), reduced by the crystal's point operations (k' = W^-T k; in the fractional
 * basis k'_j = sum_i k_i W_ij) and, if asked, time reversal (k -> -k).  H. J. Monkhorst, J. D. Pack,
 * PRB 13, 5188 (1976).  Operations that do not map the mesh to itself are not used.  Immutable.
 */
#ifndef DFT_KPOINTS_H
#define DFT_KPOINTS_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/symmetry.h"

typedef struct {
    size_t n_k;                     /* irreducible points */
    double (*k)[3];                 /* owned, [n_k][3], fractional, each in (-1/2, 1/2] */
    double *weight;                 /* owned, [n_k], sums to 1 */
    int mesh[3];
    int shift[3];
} dft_kpoints;

/* The identity must be among the operations.  The caller owns *out; NULL on failure.  Errors:
 * DFT_EINPUT for a mesh number < 1, more than 10^7 points or a shift not 0 or 1; DFT_ENOMEM. */
dft_status dft_kpoints_create(const dft_symmetry *symmetry, const int mesh[3], const int shift[3],
                              int time_reversal, dft_kpoints **out, dft_error *err);
/* For dft_symmetry_keep: does the operation map the mesh onto itself?  An operation that does not is no
 * symmetry of a density summed over this mesh, so it must be dropped before anything is symmetrised. */
typedef struct { int mesh[3], shift[3]; } dft_kpoints_grid;
int dft_kpoints_keeps(const dft_symop *op, const void *grid);       /* grid: dft_kpoints_grid */

void dft_kpoints_free(dft_kpoints *kpoints);        /* NULL is accepted */

/* The smallest mesh whose spacing |b_i|/n_i (2 pi included) is at most `spacing` (1/bohr) along each
 * axis; axes with slab[i] != 0 get 1. */
void dft_kpoints_mesh_for_spacing(const double lattice[3][3], double spacing, const int slab[3],
                                  int mesh[3]);

#endif
