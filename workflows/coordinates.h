/*
 * workflows/coordinates.h - a crystal as one vector of variables, and its forces and stress likewise.
 *
 * x = (u_1 .. u_n, L e): Cartesian positions in the starting cell and, when the cell moves, the strain
 * e in Voigt order (xx yy zz, then sqrt 2 times yz xz xy, so that the length of x does not depend on the
 * axes), times a length L.  Deformation D = 1 + e, divided by det^(1/3) where the volume is held;
 * lattice rows D a_i, positions D u.  Forces on x: D^T f, and -(V/L) sym(D^-1 sigma).  Bohr, Ha.
 */
#ifndef FLOW_COORDINATES_H
#define FLOW_COORDINATES_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    const dft_crystal *start;           /* borrowed */
    const unsigned char (*free_of)[3];  /* borrowed [n_atoms][3] */
    unsigned char strain[6];
    int hold_volume, with_cell;
    double length;                      /* L, bohr */
    size_t n;                           /* 3 n_atoms, and 6 with a cell */
} flow_coordinates;

void flow_coordinates_of(const flow_coordinates *self, double *x);      /* of start itself */

/* The crystal at x.  The caller owns *out.  Errors: those of dft_crystal_create. */
dft_status flow_coordinates_crystal(const flow_coordinates *self, const double *x, dft_crystal **out,
                                    dft_error *err);

/* force [n] at x from the atoms' forces and the stress (NULL without a cell); what does not move gets 0. */
void flow_coordinates_force(const flow_coordinates *self, const double *x, double volume,
                            const double (*force)[3], const double stress[6], double *out);

#endif
