/*
 * workflows/derived.h - descriptors that take several records of a candidate: surface energy, formation
 * energy, the barrier of the way over all sites and hops.
 *
 * Only records that are done contribute; what cannot be had is NaN.
 */
#ifndef FLOW_DERIVED_H
#define FLOW_DERIVED_H

#include "descriptors/dilute.h"
#include "dft-lite/base/status.h"
#include "workflows/assemble.h"

/* [E(slab) - n E(bulk)]/(2 A), J/m^2: the mean of both faces, as cut or with the upper one relaxed.  NaN for sheets, coatings, defects and
 * slabs that have not the bulk's composition. */
double flow_derived_surface_energy_j_per_m2(const flow_assemble_request *request,
                                            const flow_candidate_plan *plan);

/* Energy of a compound against its elements in their ambient phases at the same cutoff, eV per atom;
 * NaN for elements and where one was not planned. */
double flow_derived_formation_energy_ev(const flow_assemble_request *request,
                                        const flow_candidate_plan *plan);

typedef struct {
    double barrier_1d_ev, barrier_2d_ev;    /* above the lowest site; NaN: not known */
    char limiting[160];             /* the hop that decides the second */
    size_t n_tasks, task[FLOW_MAX_HOPS];    /* hops that were computed */
} flow_migration_found;

/* The percolation thresholds (workflows/migration.h) of sites and hops.  site_ev: [plan->n_sites], any one
 * zero.  The energy of a hop is the highest on the straight line, slab rigid: an upper bound of its pass; a
 * hop that was left out (over a metal atom) counts as no lower than its higher end.  Errors: DFT_ENOMEM. */
dft_status flow_derived_migration(const flow_assemble_request *request,
                                  const flow_candidate_plan *plan, const double *site_ev,
                                  flow_migration_found *out, dft_error *err);

/* The active element dissolved in bcc lithium: descriptors/dilute.h on the records of flow_planner_solute. */
typedef struct {
    int known;                      /* everything that was planned is done; else the rest says nothing */
    double solution_ev;             /* dH against the pure element */
    double mu_ev;                   /* of the element where the hull meets lithium, against the pure element */
    char reference[48];             /* the phase it meets there; the element itself */
    desc_dilute_result dilute;      /* at 298.15 K, without vibrational entropy */
    size_t n_tasks, task[3 + FLOW_MAX_PHASES];
} flow_solution_found;

/* Errors: those of descriptors/dilute.h and hull.h; DFT_ENOMEM. */
dft_status flow_derived_solution(const flow_assemble_request *request, const flow_candidate_plan *plan,
                                 flow_solution_found *out, dft_error *err);

#endif
