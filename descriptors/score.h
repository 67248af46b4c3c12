/*
 * descriptors/score.h - two judged numbers, 0 (bad) to 1 (good), from the descriptors of a
 * candidate, with their errors.
 *
 * Each score is a weighted mean of desirabilities (E. C. Harrington, Ind. Qual. Control 21, 494
 * (1965); piecewise linear as in G. Derringer and R. Suich, J. Qual. Technol. 12, 214 (1980)):
 *   lithiophilicity = binding, solubility of the metal in Li, alloying, wetting
 *   robustness      = barrier, dimensionality of spreading, compliance of the film as used, adhesion,
 *                     strain, mobility of the solute, volume change
 * The curves, with units, reasons and sources, are data/desirability.csv; the errors of the
 * descriptors are data/errors.csv.  Both rest on physics and may not be changed to make an order come
 * out; a campaign may change the weights, and prints them.
 *
 * Values and errors.  A value has a normal error on either side, cut off where it cannot be
 * (uncertain.h).  A missing value is NaN and lies anywhere in the prior range of its curve; an upper
 * bound ends that range.  The score is the EXPECTED desirability over all of that, and comes with its
 * standard deviation.  So nothing is gained by not being known: the weight of a missing term stays
 * where it is, its term is worth its prior mean, and the score says how far off that may be.  An axis
 * of which no term is known has no score.  Terms are independent of each other; two candidates that
 * rest on the same number (the solubility of Ag) share its stream of draws.
 * A term of weight 0 is not planned and counts for nothing.  Pure functions, free of state.
 */
#ifndef DESC_SCORE_H
#define DESC_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "descriptors/uncertain.h"
#include "dft-lite/base/status.h"

typedef enum { DESC_LITHIOPHILICITY, DESC_ROBUSTNESS, DESC_TOTAL } desc_axis;

typedef enum {
    DESC_BINDING, DESC_SOLUBILITY, DESC_ALLOYING, DESC_WETTING,                 /* lithiophilicity */
    DESC_BARRIER, DESC_DIMENSIONALITY, DESC_COMPLIANCE, DESC_ADHESION, DESC_STRAIN, DESC_MOBILITY,
    DESC_VOLUME,                                                                /* robustness */
    DESC_N_TERMS
} desc_term;

/* Compliance has two curves, of which the easier way to give way counts: stretching with wrinkles
 * (DESC_COMPLIANCE, N/m) and slip between layers (DESC_SLIP, GPa). */
enum { DESC_SLIP = DESC_N_TERMS, DESC_N_CURVES };

const char *desc_term_name(int curve);           /* "binding" ...; also of DESC_SLIP */
desc_axis desc_term_axis(desc_term term);

/* ---- curves and errors ---- */

typedef struct {
    bool log10;                      /* straight in the logarithm */
    double zero_at, one_at;          /* in the unit */
    double prior_low, prior_high;    /* a missing value lies here */
    double least, most;              /* a value outside is a mistake */
    double zero_scaled, per_width;   /* zero_at on the scale; 1/(one_at - zero_at) there */
    const char *quantity, *unit, *why, *source, *prior_why;          /* borrowed from the curves */
} desc_curve;

typedef struct desc_curves desc_curves;

/* Reads desirability.csv and errors.csv of a directory.  The caller owns *out; NULL on failure.
 * Errors: DFT_ENOFILE, DFT_EPARSE (file:line), DFT_ENOMEM. */
dft_status desc_curves_read(const char *directory, desc_curves **out, dft_error *err);
void desc_curves_free(desc_curves *curves);                         /* NULL is accepted */

const desc_curve *desc_curve_of(const desc_curves *curves, int curve);

/* One standard deviation of a component ("functional") of the term's error, on the scale of its curve;
 * 0 when errors.csv has no such row. */
double desc_error_sigma(const desc_curves *curves, int curve, const char *component);

/* The curve at a value in its unit: 0..1; NaN for NaN. */
double desc_desirability(const desc_curve *curve, double value);

/* ---- a candidate ---- */

/* One number and what is known of its error. */
typedef struct {
    double value;                    /* in the unit of the curve; NaN: unknown */
    double low, high;                /* 90 % bounds, or a bound without a value; NaN: none */
    double sigma;                    /* further error on the scale of the curve, in quadrature */
    const char *origin, *confidence; /* for the reason; borrowed, may be NULL */
    const char *made_of;             /* components of the error, in words; borrowed, may be NULL */
    const char *shared;              /* what the number belongs to ("Ag"); NULL: the candidate alone */
} desc_quantity;

typedef struct {
    const char *candidate;           /* names the streams of its errors; NULL counts as "" */
    desc_quantity value[DESC_N_CURVES];
    bool sheet;                      /* says "layer" instead of "film" in the reason */
    const char *element;             /* that dissolves; NULL: "" */
    const char *binding_site;        /* "fcc" */
    const char *barrier_kind;        /* NULL: "barrier estimate" */
    const char *compliance_basis;    /* "bulk modulus 137 GPa on 10 nm" */
} desc_score_inputs;

desc_score_inputs desc_score_inputs_unknown(void);       /* all NaN and NULL */

/* Weights >= 0; only their ratios within one score count.  A weight of 0 takes the term out of the
 * plan. */
typedef struct {
    double term[DESC_N_TERMS];
    double axis[2];                  /* how the two scores weigh in the total */
} desc_score_weights;

/* binding 0.5, solubility 0.3, alloying 0.2, wetting 0.3; barrier 0.6, dimensionality 0.2, compliance
 * 0.4, adhesion 0.2, strain 0.1, mobility 0.3, volume 0.2; axes 0.5 and 0.5.  No source gives weights:
 * they are a judgement (SCORES.md), which is why rank.h asks what other weights would say. */
desc_score_weights desc_score_weights_default(void);

/* Sum of the weights on one axis; > 0 when it is asked for at all. */
double desc_weight_of_axis(const desc_score_weights *weights, desc_axis axis);

/* A candidate as the scores see it. */
typedef struct {
    desc_uncertain value[DESC_N_TERMS];      /* on the scale of its curve */
    const desc_curve *curve[DESC_N_TERMS];   /* borrowed */
    bool missing[DESC_N_TERMS];              /* drawn from the prior, or from a bound */
    double mean[DESC_N_TERMS], sd[DESC_N_TERMS];     /* of the desirability */
    uint64_t stream[DESC_N_TERMS];
} desc_judged;

/* Borrows the curves.  Errors: DFT_EINPUT for an input that is infinite or impossible. */
dft_status desc_judge(const desc_curves *curves, const desc_score_inputs *in, desc_judged *out,
                      dft_error *err);

typedef struct {
    double value;                    /* expected, 0..1; NaN when no term is known */
    double sd;                       /* standard deviation over all errors and priors */
    size_t n_terms_planned, n_terms_used;
    char missing[112];               /* "solubility, alloying"; "" when nothing is missing */
} desc_score;

/* One axis, or DESC_TOTAL: the weighted mean of both, NaN when one that has weight is NaN.  Errors:
 * DFT_EINPUT for a negative or non-finite weight, or weights that are all 0. */
dft_status desc_score_of(const desc_judged *judged, const desc_score_weights *weights,
                         desc_axis axis, desc_score *out, dft_error *err);

/* Desirability of one term when its number is the one below which it lies with probability u. */
double desc_term_draw(const desc_judged *judged, desc_term term, double u);

#endif
