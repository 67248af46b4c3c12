/*
 * descriptors/calphad_binary.h - tie-lines, solubilities and voltages of a system of two elements.
 *
 * Compositions are mole fractions x of the second element (Li, when the system was made as M, Li).
 * Units: K, Pa, J/mol, V.  A number that cannot be had is NaN and comes with a reason.
 */
#ifndef DESC_CALPHAD_BINARY_H
#define DESC_CALPHAD_BINARY_H

#include "descriptors/calphad_equilibrium.h"

#define DESC_MOST_TIELINES 20

/* Two phases in equilibrium; end[0] has the smaller x. */
typedef struct {
    desc_phase_set end[2];
    double mu[2];
} desc_tieline;

typedef struct {
    double temperature;
    size_t n;
    desc_tieline line[DESC_MOST_TIELINES];   /* by rising x */
    bool complete;                           /* false: some equilibrium did not converge */
    char reason[160];
} desc_tielines;

/* All two-phase fields at a temperature.  Errors: DFT_EINPUT when the system is not binary or T is
 * outside its range. */
dft_status desc_binary_tielines(desc_solver *solver, double temperature, double pressure,
                                desc_tielines *out, dft_error *err);

/* Largest mole fraction of the other element in the stable form of `solvent` (0 or 1), from the
 * tie-lines of its temperature: 1 when there is no gap at all.  phase: the form that is meant, such
 * as BCC_A2; NaN with a reason when another one is stable.  partner: the phase on the other side,
 * (size_t)-1 when there is none. */
typedef struct {
    double x;
    size_t partner;
    char reason[160];
} desc_saturation;

void desc_binary_saturation(desc_solver *solver, const desc_tielines *lines, size_t solvent,
                            size_t phase, desc_saturation *out);

/* G per mole of atoms of one phase at x, with its internal degrees of freedom at their best, at the
 * solver's temperature; NaN when the phase cannot have that composition.  entropy: -dG/dT, J/(mol
 * K) of atoms; may be NULL. */
double desc_binary_gibbs(desc_solver *solver, size_t phase, double x, double *entropy);

/* Voltage against an element's pure phase: -(mu - G)/F; NaN when that phase cannot be pure. */
double desc_voltage(desc_solver *solver, double mu, size_t element, size_t reference_phase);

#endif
