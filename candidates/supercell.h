/*
 * candidates/supercell.h - larger surface cells: any integer matrix, coverages, and the other face.
 *
 * Lengths in bohr.  Third vectors stay.
 */
#ifndef CAND_SUPERCELL_H
#define CAND_SUPERCELL_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define CAND_MAX_SUPERCELL 400      /* copies */

/* The slab in the cell A'_i = sum_j m_ij a_j, i, j = 1, 2, det m > 0: {{2,0},{0,2}} is p(2x2);
 * {{2,1},{-1,1}} is (sqrt3 x sqrt3)R30 where a1 and a2 are at 120 degrees.  Atoms keep their order,
 * copies of one follow each other.  The caller owns *out; NULL on failure.  Errors: DFT_EINPUT for a
 * determinant that is not 1..CAND_MAX_SUPERCELL; DFT_ENOMEM. */
dft_status cand_supercell_create(const dft_crystal *slab, const int m[2][2], dft_crystal **out,
                                 dft_error *err);

/* The matrix of the roundest cell of `index` copies: one adsorbate in it is a coverage of 1/index
 * per 1x1 cell.  Among all sublattices of that index those whose shortest vector is longest, of them
 * the one with the smallest sum of squares of its reduced vectors; hexagonal cells get sqrt3 x sqrt3
 * for 1/3, 2x2 for 1/4, sqrt7 x sqrt7 for 1/7, 3x3 for 1/9; square ones c(2x2) for 1/2.  Errors:
 * DFT_EINPUT for an index that is not 1..CAND_MAX_SUPERCELL. */
dft_status cand_supercell_matrix(const dft_crystal *slab, int index, int m[2][2], dft_error *err);

/* The slab turned upside down about its first vector, so that what was the bottom face is on top.
 * A rotation: a chiral crystal keeps its hand.  The caller owns *out; NULL on failure.  Errors:
 * those of cand_layer_create; DFT_ENOMEM. */
dft_status cand_slab_turned(const dft_crystal *slab, dft_crystal **out, dft_error *err);

#endif
