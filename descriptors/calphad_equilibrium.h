/*
 * descriptors/calphad_equilibrium.h - which phases are stable, and with what compositions.
 *
 * The Gibbs energies of all phases are sampled on a mesh of site fractions; the lower convex hull
 * of these points at the wanted composition (a linear program) tells phases and starting values
 * without local minima.  Newton's method on all conditions of equilibrium then goes to machine
 * precision (Hillert, Physica B 103, 31 (1981); Sundman, Lu, Ohtani, Comput. Mater. Sci. 101, 127
 * (2015)), and every phase is checked against the tangent plane: what lies below it joins the hull,
 * until nothing does.  Miscibility gaps are two sets of the same phase.
 *
 * An equilibrium that is not found has converged = false and a reason; all its numbers are NaN.  It
 * is missing, never zero.
 * Units: K, Pa, J/mol (of atoms for energies), mole fractions.  Compositions [n_elements] in the
 * order of the system.
 * Thread rule: a solver is a workspace: one for each thread.
 */
#ifndef DESC_CALPHAD_EQUILIBRIUM_H
#define DESC_CALPHAD_EQUILIBRIUM_H

#include <stdbool.h>

#include "descriptors/calphad_system.h"

#define DESC_FARADAY 96485.33289             /* C/mol, CODATA 2014 as dft-lite/base/units.h */

typedef struct desc_solver desc_solver;

/* A phase with its composition. */
typedef struct {
    size_t phase;
    double amount;                           /* moles of its atoms per mole of atoms in all */
    double x[DESC_CALPHAD_MOST_ELEMENTS];
    double y[DESC_CALPHAD_MOST_FRACTIONS];
} desc_phase_set;

typedef struct {
    bool converged;
    char reason[160];                        /* why not; "" when converged */
    size_t n_sets;                           /* 1 ... n_elements */
    desc_phase_set set[DESC_CALPHAD_MOST_ELEMENTS];
    double mu[DESC_CALPHAD_MOST_ELEMENTS];   /* chemical potentials, J/mol */
    bool mu_unique;                         /* false: compounds alone leave them open; one choice */
    double gibbs;                            /* J per mole of atoms */
} desc_equilibrium;

/* Borrows system.  The caller owns *out.  Errors: DFT_ENOMEM. */
dft_status desc_solver_create(const desc_calphad *system, desc_solver **out, dft_error *err);
void desc_solver_free(desc_solver *solver);                      /* NULL is accepted */
const desc_calphad *desc_solver_system(const desc_solver *solver);
desc_calphad_state *desc_solver_state(desc_solver *solver);      /* at the last temperature */

/* Goes to a temperature and evaluates the mesh there; costs nothing when it is there already.
 * Errors: those of desc_calphad_state_set. */
dft_status desc_solver_set(desc_solver *solver, double temperature, double pressure,
                           dft_error *err);

/* The global equilibrium.  x: above 0 each, of sum 1 to 1e-9 (leave out elements that are absent).
 * Errors: DFT_EINPUT for a composition off the simplex, those of desc_solver_set. */
dft_status desc_equilibrium_find(desc_solver *solver, double temperature, double pressure,
                                 const double *x, desc_equilibrium *out, dft_error *err);

/* The largest distance by which any phase lies below the plane mu, J per mole of atoms (0: none):
 * the common-tangent test on the mesh with refined minima. */
double desc_solver_violation(desc_solver *solver, const double *mu);

/* G per mole of a pure element in a phase, and in the lowest one; NaN when no phase can be pure. */
double desc_pure_gibbs(desc_solver *solver, size_t phase, size_t element);
double desc_reference_gibbs(desc_solver *solver, size_t element, size_t *phase);

#endif
