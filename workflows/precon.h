/*
 * workflows/precon.h - what a crystal's stiffness looks like before anything is known of it.
 *
 * The exponential preconditioner of D. Packwood et al., J. Chem. Phys. 144, 164109 (2016), eqs. 9-10: a
 * network of equal springs between neighbours, softer with distance,
 *     P_ij = -mu exp[-A (r_ij/r_nn - 1)]  (r_ij < 2 r_nn),   P_ii = -sum_j P_ij + mu c,
 * A = 3, c = 0.1, the same for x, y and z.  r_nn is the largest of the atoms' nearest distances.  Long waves, which
 * converge last under steepest descent, are then as quick as short ones.  mu is left to the caller: the
 * first secant pair of L-BFGS sets the scale, which saves the paper's extra force call.
 * It depends on distances alone, so whatever symmetry the forces have, the steps keep.
 */
#ifndef FLOW_PRECON_H
#define FLOW_PRECON_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct flow_precon flow_precon;

/* free_of [n_atoms][3]: which coordinates move; the others hold their ends of the springs fast.
 * n_more further variables have stiffness mu each.  stiffness: mu, Ha/bohr^2.  The caller owns *out; NULL on failure.
 * Errors: DFT_ENOMEM. */
dft_status flow_precon_create(const dft_crystal *crystal, const unsigned char (*free_of)[3],
                              size_t n_more, double stiffness, flow_precon **out, dft_error *err);
void flow_precon_free(flow_precon *precon);                             /* NULL is accepted */

/* x := P^-1 x, x [3 n_atoms + n_more]; coordinates that do not move become 0. */
void flow_precon_solve(const flow_precon *precon, double *x);

/* The largest of the atoms' distances to their nearest neighbours, bohr. */
double flow_nearest_distance(const dft_crystal *crystal);

#endif
