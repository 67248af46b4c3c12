/*
 * descriptors/uncertain.h - a number with what is not known about it.
 *
 * Three shapes are enough:
 *   EXACT    known (a metal that forms nothing with Li);
 *   NORMAL   a value with an error on either side, cut off at the ends of what is possible.  The two
 *            errors may differ (split normal distribution: G. T. Fechner; K. F. Wallis, Stat. Sci. 29,
 *            106 (2014)): half of a lower 90 % bound says nothing about the upper one;
 *   UNIFORM  anything between two ends: an upper bound, or a missing value and its prior range.
 * With a uniform prior between `low` and `high`, NORMAL is the posterior of a value measured with a
 * normal error (D. S. Sivia, Data Analysis, ch. 2): intervals made from it are calibrated.
 *
 * The scale (linear or log10) is that of the curve which judges the number (score.h); a log10 number
 * is stored as its logarithm.  Thread rule: pure functions.
 */
#ifndef DESC_UNCERTAIN_H
#define DESC_UNCERTAIN_H

typedef enum { DESC_EXACT, DESC_NORMAL, DESC_UNIFORM } desc_shape;

typedef struct {
    desc_shape shape;
    double center;                   /* EXACT, NORMAL: the value */
    double sigma_low, sigma_high;    /* NORMAL: standard deviation below and above it */
    double low, high;                /* UNIFORM: the ends; NORMAL: cut off there (may be infinite) */
    double from, span;               /* NORMAL: probability below `low` before the cut, and between */
} desc_uncertain;

desc_uncertain desc_exact(double value);
desc_uncertain desc_between(double low, double high);         /* low <= high; equal: exact */

/* Errors > 0, or both 0 for an exact number.  A center outside low..high moves that end to
 * infinity: the range was a guess and the value is not. */
desc_uncertain desc_around(double center, double sigma_low, double sigma_high, double low,
                           double high);

/* The value below which it lies with probability u, 0 < u < 1. */
double desc_quantile(const desc_uncertain *number, double u);

/* Mean and standard deviation of f(number) over DESC_QUANTILES equally likely values; sd may be NULL.
 * Exact to about 2e-3 of the spread. */
#define DESC_QUANTILES 64
double desc_expected(const desc_uncertain *number, double (*f)(double value, const void *context),
                     const void *context, double *sd);

#endif
