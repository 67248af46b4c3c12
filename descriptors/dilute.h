/*
 * descriptors/dilute.h - solubility of a metal M in bcc Li from the energy of one dissolved atom.
 *
 *   x = exp(-(dH - mu_M)/kT + dS/k)
 * dH: energy of one M in a large cell of bcc Li against pure M; mu_M: chemical potential of M,
 * against pure M, where the hull of the Li-M phases meets pure Li (the tangent; C. Wagner,
 * Thermodynamics of Alloys, 1952); dS: excess entropy of solution, which is vibrational and is set
 * to 0 unless it was computed (the mixing entropy of a dilute solution is already in the formula).
 *
 * Both energies come from one method.  The hull must hold the Li-rich phases: with LiAg alone the
 * formula says that Ag dissolves without limit, and so it is refused there.  Against measurement
 * the DFT values of dilute.csv are right within 2 for Au, 8 times too high for Zn and more than 45
 * times for Cu: DESC_DILUTE_LOW and DESC_DILUTE_HIGH turn x into bounds. Units: eV per atom, K,
 * k_B.  Thread rule: pure functions.
 */
#ifndef DESC_DILUTE_H
#define DESC_DILUTE_H

#include <stdbool.h>

#include "descriptors/hull.h"
#include "descriptors/phase_data.h"

#define DESC_DILUTE_LIMIT 0.05       /* above it the solution is not dilute and x means nothing */
#define DESC_DILUTE_LOW (1.0 / 50.0)
#define DESC_DILUTE_HIGH 2.0

typedef enum {
    DESC_DILUTE_FINITE,              /* x holds */
    DESC_DILUTE_NIL,                 /* below DESC_SOLUBILITY_NONE */
    DESC_DILUTE_NOT_DILUTE           /* x above DESC_DILUTE_LIMIT: a solution model is needed */
} desc_dilute_outcome;

typedef struct {
    desc_dilute_outcome outcome;
    double excess_ev;                /* dH - mu_M */
    double x;                        /* the formula's value whatever the outcome; may exceed 1 */
} desc_dilute_result;

/* Errors: DFT_EINPUT for a temperature or an energy that is not finite and T > 0. */
dft_status desc_dilute_solubility(double dh_ev, double mu_ev, double s_excess_kb,
                                  double temperature_k, desc_dilute_result *out, dft_error *err);

/* Whether a computed value goes before what a row says, by the order of trust of descriptors/solubility.h:
 * it does where the row is missing, only a bound, or of the same kind; not before an assessed or measured
 * value, nor before a known nil (the formula errs on the high side, by 45 times for Cu). */
bool desc_dilute_improves(const desc_solubility *row);

/* The row with the computed value: x with its bounds; x unknown, with a lower bound alone, where the solution
 * is not dilute; 0 where it is nil.  basis is borrowed by the row. */
void desc_dilute_apply(const desc_dilute_result *result, const char *basis, desc_solubility *row);

/* mu_M where the hull meets pure Li.  Errors: DFT_EINPUT when the hull holds no phase with the
 * solute; those of desc_hull_mu_range. */
dft_status desc_dilute_tangent(const desc_hull *hull, int z_solute, double *mu_ev, dft_error *err);

/* From dilute.csv.  Errors: DFT_EINPUT when the element has no row there, or when phases richer in
 * Li than the row's reference compound are known (naming them): the value would be far too
 * large. */
dft_status desc_dilute_from_data(const desc_phase_data *data, const char *element,
                                 double temperature_k, desc_dilute_result *out, dft_error *err);

#endif
