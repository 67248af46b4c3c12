/*
 * workflows/cost.h - how long a task will take, before it is run.
 *
 * A plane-wave calculation costs about  n_k n_bands^2 n_pw  (projections, rotations) plus
 * n_k n_bands n_grid log n_grid  (transforms).  Only ratios between tasks matter: the program
 * calibrates the scale on the tasks that have finished.
 */
#ifndef FLOW_COST_H
#define FLOW_COST_H

#include <stddef.h>

/* Seconds of one energy on one core of a 2024 server, to within a factor of a few: electrons and
 * volume (bohr^3) of the cell, cutoff (Ha), irreducible k points. */
double flow_cost_scf_s(double n_electrons, double volume, double ecut, size_t n_k);

/* Seconds left for tasks of which estimate_left is not done, from what the finished ones took:
 * actual_done over estimate_done gives the scale (1 when nothing has finished), shared by jobs. */
double flow_cost_time_left_s(double estimate_left, double estimate_done, double actual_done,
                             int jobs);

#endif
