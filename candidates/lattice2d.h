/*
 * candidates/lattice2d.h - lattices of a plane: their point group and distances modulo the lattice.
 *
 * Rows of a lattice are its vectors, in bohr.  Pure functions.
 */
#ifndef CAND_LATTICE2D_H
#define CAND_LATTICE2D_H

#include <stdbool.h>
#include <stddef.h>

#define CAND_MAX_ROTATIONS_2D 16    /* 12 in a hexagonal lattice; room for a nearly regular one */

/* The rotations and reflections of the lattice, as integer matrices W acting on coordinates in
 * units of its vectors, u -> W u.  `tolerance` (bohr) is that of the atoms: a vector's length may
 * change by a tenth of it.  Returns how many there are, the identity among them. */
size_t cand_rotations_2d(const double lattice[2][2], double tolerance,
                         int list[CAND_MAX_ROTATIONS_2D][2][2]);

/* The lattice that n pure translations shift[n] (units of the lattice's vectors, zero among them, a group
 * of order n up to noise) make of a lattice: its two shortest vectors, with the handedness of the old
 * ones, and the integers of lattice = s x primitive.  False when the shifts are no such group. */
bool cand_primitive_2d(const double lattice[2][2], size_t n, const double (*shift)[2],
                       double primitive[2][2], int s[2][2]);

/* Length of the shortest vector that differs from xy by a vector of the lattice, which must be
 * reduced (cand_reduce_2d); *nearest (NULL allowed) is that vector. */
double cand_shortest_2d(const double reduced[2][2], const double xy[2], double nearest[2]);

#endif
