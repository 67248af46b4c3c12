/*
 * workflows/stepper.h - the next step downhill, from forces alone.
 *
 * For problems whose force is the gradient of nothing - the images of a path under nudged forces,
 * an atom that may not move along one direction - so that no energy can be asked whether a step was
 * good. Limited-memory BFGS without a line search (J. Nocedal, Math. Comp. 35, 773 (1980); for
 * whole bands: D. Sheppard, R. Terrell, G. Henkelman, J. Chem. Phys. 128, 134106 (2008)), no atom
 * moving farther than max_step.  When the forces grow all memory but the last step is dropped and
 * the steps are shortened; when that has happened FLOW_STEPPER_PATIENCE times, FIRE takes over for
 * good (E. Bitzek et al., Phys. Rev. Lett. 97, 170201 (2006)): slower, but it cannot be misled by
 * curvatures.  Any consistent units.
 */
#ifndef FLOW_STEPPER_H
#define FLOW_STEPPER_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define FLOW_STEPPER_MEMORY 20      /* pairs of steps and force changes */
#define FLOW_STEPPER_PATIENCE 5

typedef struct flow_stepper flow_stepper;

/* n numbers, three for each atom.  stiffness: a first guess of the second derivatives, force per
 * length. The caller owns *out; NULL on failure.  Errors: DFT_ENOMEM. */
dft_status flow_stepper_create(size_t n, double max_step, double stiffness, flow_stepper **out,
                               dft_error *err);
void flow_stepper_free(flow_stepper *stepper);                          /* NULL is accepted */

/* Moves x [n] by one step, given the force [n] there. */
void flow_stepper_move(flow_stepper *stepper, double *x, const double *force);

/* The force has become another function of x: what was learnt from differences is dropped. */
void flow_stepper_forget(flow_stepper *stepper);

/* Whether FIRE has taken over. */
int flow_stepper_is_fire(const flow_stepper *stepper);

#endif
