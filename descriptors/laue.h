/*
 * descriptors/laue.h - the Laue class of a crystal from its point operations, and its standard axes.
 *
 * Elastic tensors do not see inversion, so of the 32 point groups 11 Laue classes remain; the class is
 * read from the proper parts det(R) R of the operations, counted by the order of their axes.  No table
 * of space groups is needed and the crystal may lie in any orientation.
 *
 * Standard axes (Nye, Physical Properties of Crystals, appendix B, and IEEE Std 176-1987 but for the
 * signs):
 *   cubic         x, y, z along the fourfold (m-3: twofold) axes
 *   tetragonal, trigonal, hexagonal   z along the main axis; x along a twofold axis where the class has
 *                 one across it (of two kinds the one that holds the shorter lattice vector), otherwise
 *                 along the shortest lattice vector across z
 *   orthorhombic  along the twofold axes, in the order in which the cell's vectors lie nearest to them
 *   monoclinic    y along the twofold axis, z along the shortest lattice vector across it
 *   triclinic     x along a1, y in the plane of a1 and a2
 * Right-handed.  The signs of C14 (trigonal), C15 (-3) and C16 (4/m) depend on which way the axes point,
 * and books differ; here they are made positive by a half turn about z or x.
 */
#ifndef DESC_LAUE_H
#define DESC_LAUE_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef enum {
    DESC_LAUE_TRICLINIC,            /* -1 */
    DESC_LAUE_MONOCLINIC,           /* 2/m */
    DESC_LAUE_ORTHORHOMBIC,         /* mmm */
    DESC_LAUE_TETRAGONAL_LOW,       /* 4/m */
    DESC_LAUE_TETRAGONAL,           /* 4/mmm */
    DESC_LAUE_TRIGONAL_LOW,         /* -3 */
    DESC_LAUE_TRIGONAL,             /* -3m */
    DESC_LAUE_HEXAGONAL_LOW,        /* 6/m */
    DESC_LAUE_HEXAGONAL,            /* 6/mmm */
    DESC_LAUE_CUBIC_LOW,            /* m-3 */
    DESC_LAUE_CUBIC,                /* m-3m */
    DESC_N_LAUE
} desc_laue_class;

typedef struct {
    desc_laue_class laue;
    double axes[3][3];              /* rows: x, y, z of the standard axes in the crystal's own */
} desc_laue;

const char *desc_laue_symbol(desc_laue_class laue);         /* "4/mmm" */
const char *desc_laue_system(desc_laue_class laue);         /* "tetragonal" */
int desc_laue_n_constants(desc_laue_class laue);            /* independent C_ij: 21, 13, 9, 7, 6, ... */

/* op: [n_ops][3][3] Cartesian rotations, improper ones and repeats allowed; lattice rows in any unit.
 * Errors: DFT_EINPUT when the operations are not those of a crystal (say, a 5-fold axis). */
dft_status desc_laue_find(size_t n_ops, const double (*op)[3][3], const double lattice[3][3],
                          desc_laue *out, dft_error *err);

/* The tensor in standard axes, with the signs above; axes (NULL allowed) are those finally used. */
void desc_laue_standard(const desc_laue *laue, const double c[6][6], double out[6][6],
                        double axes[3][3]);

/* Born's conditions in closed form for a tensor in standard axes: F. Mouhat, F.-X. Coudert, PRB 90,
 * 224104 (2014).  1 stable, 0 not.  Monoclinic and triclinic crystals have no useful closed form: -1,
 * and the eigenvalues (descriptors/elastic.h) decide, as they do for every class. */
int desc_laue_born(desc_laue_class laue, const double c[6][6]);

#endif
