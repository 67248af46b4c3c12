/*
 * workflows/cost.h - how long a task will take and how much memory, before it is run.
 *
 * A plane-wave calculation costs about  n_k n_bands^2 n_pw  (projections, rotations) plus
 * n_k n_bands n_grid log n_grid  (transforms), and holds orbitals and projectors of every k point, the
 * eigensolver's search space of one, and the exchange-correlation grid.  Only ratios between tasks
 * matter: the program calibrates the scale on the tasks that have finished.
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

/* Seconds of one energy on one core of a 2024 server, to within a factor of a few. */
double flow_cost_scf_s(const flow_cost_cell *cell);

/* Peak memory of one energy on one thread, MiB: as dft-lite/scf/estimate.h counts it, to within a factor
 * of 1.5, without setting up the calculation. */
double flow_cost_memory_mib(const flow_cost_cell *cell);

/* Actual over estimated, from what has finished: 1 when nothing has. */
double flow_cost_scale(double estimate_done, double actual_done);

#endif
