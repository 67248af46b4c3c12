/*
 * descriptors/score.h - two judged numbers, 0 (bad) to 1 (good), from the descriptors of a
 * candidate.
 *
 * Each score is a weighted mean of desirabilities (E. C. Harrington, Ind. Qual. Control 21, 494
 * (1965); piecewise linear as in G. Derringer and R. Suich, J. Qual. Technol. 12, 214 (1980)):
 *   lithiophilicity = binding, solubility of the metal in Li, alloying
 *   robustness      = ease of motion (barrier estimate), compliance
 * Wetting, adhesion and solute mobility join when they can be computed.
 *
 * The curves were fixed before any candidate had been computed, from the physics named beside each
 * in score.c, and may not be changed to make an order come out; a campaign may change the weights,
 * and prints them.  Binding energy alone gets the experimental order wrong (it does not see
 * solubility), so phase equilibria (solubility + alloying) carry half of lithiophilicity.
 *
 * A missing input is NaN: its term is left out, its weight goes to the other terms of the same
 * score in proportion, and n_terms_used < n_terms_planned together with `missing` says so.  It
 * costs the candidate nothing and must be shown.  Pure functions, free of state.
 */
#ifndef DESC_SCORE_H
#define DESC_SCORE_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"

/* What is known of a candidate.  NaN: unknown.  Strings may be NULL and are borrowed. */
typedef struct {
    double binding_ev;               /* Li against bulk bcc Li, lowest site; negative binds */
    const char *binding_site;        /* "fcc" */
    double solubility_x;             /* M in bcc Li at 298 K; a bound is not a value: leave NaN */
    double solubility_high;          /* upper bound, for the reason only */
    const char *solubility_origin;   /* "measured", ... */
    const char *solubility_confidence;
    double lithiation_ev;            /* driving force of the first lithiation, eV per Li; 0: none */
    const char *lithiation_origin;
    double barrier_ev;               /* barrier estimate */
    const char *barrier_kind;        /* what to call it; NULL: "barrier estimate" */
    bool sheet;                      /* compliance from layer_modulus instead of bulk_modulus */
    double bulk_modulus_gpa;
    double layer_modulus_n_per_m;
} desc_score_inputs;

desc_score_inputs desc_score_inputs_unknown(void);        /* all NaN and NULL */

/* Weights >= 0; only their ratios within one score count.  A weight of 0 takes the term out of the
 * plan. total_lithiophilicity and total_robustness weigh the two scores in desc_score_total. */
typedef struct {
    double binding, solubility, alloying;            /* lithiophilicity */
    double barrier, compliance;                      /* robustness */
    double total_lithiophilicity, total_robustness;
} desc_score_weights;

/* binding 0.5, solubility 0.3, alloying 0.2; barrier 0.6, compliance 0.4; totals 0.5 and 0.5. */
desc_score_weights desc_score_weights_default(void);

typedef struct {
    double value;                    /* 0..1; NaN when no term could be used */
    size_t n_terms_planned, n_terms_used;
    char missing[64];                /* "solubility, alloying"; "" when nothing is missing */
} desc_score;

/* Errors: DFT_EINPUT for an input that is infinite or impossible (mole fraction outside 0..1,
 * negative driving force or barrier, modulus <= 0), a negative or non-finite weight, or weights
 * that are all 0. */
dft_status desc_score_lithiophilicity(const desc_score_inputs *in,
                                      const desc_score_weights *weights, desc_score *out,
                                      dft_error *err);
dft_status desc_score_robustness(const desc_score_inputs *in, const desc_score_weights *weights,
                                 desc_score *out, dft_error *err);

/* Weighted mean of both; NaN when one is NaN: a candidate without one of them cannot be ranked. */
dft_status desc_score_total(const desc_score *lithiophilicity, const desc_score *robustness,
                            const desc_score_weights *weights, double *out, dft_error *err);

/* The desirability curves, 0..1, NaN for NaN. */
double desc_desirability_binding(double binding_ev);
double desc_desirability_solubility(double x);
double desc_desirability_alloying(double lithiation_ev);
double desc_desirability_barrier(double barrier_ev);
double desc_desirability_compliance(double bulk_modulus_gpa);
double desc_desirability_layer_compliance(double layer_modulus_n_per_m);

/* One plain sentence of reasons into buffer (always terminated, cut at size):
 * "dissolves in Li (x = 0.004 at 298 K, measured, low confidence); reacts with Li (0.45 eV per Li,
 * dft); Li binds by 0.35 eV at fcc; barrier estimate 0.03 eV; soft (bulk modulus 35 GPa)".
 * What is unknown is said to be unknown.  300 bytes are enough for numbers of sane size. */
void desc_score_reason(const desc_score_inputs *in, char *buffer, size_t size);

#endif
