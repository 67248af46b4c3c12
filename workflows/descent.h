/*
 * workflows/descent.h - the next step towards a minimum, from energies and their gradients.
 *
 * L-BFGS (J. Nocedal, Math. Comp. 35, 773 (1980)) with a preconditioner as its first inverse Hessian and
 * no line search: a step is as long as the model says, but no atom moves farther than a limit.  Should the
 * energy rise all the same, the step is taken back, what it taught of the curvature is kept, and the
 * limit is halved; each step that is kept lets it grow again.  Where the curvature along a step was negative
 * (down from a ridge) the next is twice as long.  FIRE (E. Bitzek et al., Phys. Rev. Lett.
 * 97, 170201 (2006)) needs gradients alone; it is slower and hard to mislead.
 * Hartree atomic units; masses of FIRE are 1 for all.
 */
#ifndef FLOW_DESCENT_H
#define FLOW_DESCENT_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "workflows/precon.h"

typedef enum { FLOW_LBFGS, FLOW_FIRE } flow_method;

typedef struct flow_descent flow_descent;

/* n variables, three for each of n/3 points, the rest likewise in threes.  energy_noise: a rise by this
 * much (Ha) is none.  Borrows precon (NULL with FLOW_FIRE).  The caller owns *out; NULL on failure.
 * Errors: DFT_ENOMEM. */
dft_status flow_descent_create(flow_method method, size_t n, double max_step, double energy_noise,
                               const flow_precon *precon, flow_descent **out, dft_error *err);
void flow_descent_free(flow_descent *descent);                          /* NULL is accepted */

/* Given energy and force (minus the gradient) at x [n], moves x to where to ask next.  Returns 1, or 0
 * when the point given was taken back: x is then a shorter step from the one before. */
int flow_descent_move(flow_descent *descent, double *x, double energy, const double *force);

#endif
