/*
 * workflows/cost.h - how long a task will take and how much memory, before it is run.
 *
 * One step of the SCF on n_k points, n_bands bands and n_pw plane waves takes
 *     n_k (3.9e-9 n_bands^2 n_pw + 3.1e-7 n_bands n_pw + 1.0e-3) + 3.9e-5 n_pw  seconds of one core
 * (projections and rotations; transforms; what each k point costs anyway; density and exchange-correlation
 * grid), and the calculation holds orbitals and projectors of every k point, the eigensolver's search space
 * of one, and the exchange-correlation grid.  How many steps an energy takes depends on what it starts from:
 * the atoms, or the energy before it.  The program corrects the scale by the tasks that have finished.
 */
#ifndef FLOW_COST_H
#define FLOW_COST_H

#include <stddef.h>

typedef struct {
    double n_electrons, n_projectors;       /* of the cell; 0 projectors: not known */
    double volume;                  /* bohr^3 */
    double ecut;                    /* Ha */
    size_t n_k;                     /* irreducible */
} flow_cost_cell;

/* Seconds of one SCF step on one core of a 2024 server. */
double flow_cost_step_s(const flow_cost_cell *cell);

/* SCF steps of an energy that starts from atoms (first = 1) or from the one before, for isotropically
 * scaled bulk cells (moved = 0) or atoms that moved (1); energy_tol_ev: per cell. */
double flow_cost_steps(int first, int moved, double energy_tol_ev);

/* Peak memory of one energy on one thread, MiB: as dft-lite/scf/estimate.h counts it, to within a factor
 * of 1.5, without setting up the calculation. */
double flow_cost_memory_mib(const flow_cost_cell *cell);

/* Actual over estimated, from what has finished: 1 when nothing has. */
double flow_cost_scale(double estimate_done, double actual_done);

#endif
