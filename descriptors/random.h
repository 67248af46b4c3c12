/*
 * descriptors/random.h - reproducible random numbers: any draw on its own, in any order.
 *
 * Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, SC'11,
 * doi 10.1145/2063384.2063405), a generator without state: number i of stream s under a seed is a
 * function of (seed, s, i).  Draws therefore do not depend on the order, on the number of threads,
 * or on which other candidates take part, and two candidates that rest on the same unknown (the
 * solubility of Ag) get the same draw by sharing a stream.  Thread rule: pure functions.
 */
#ifndef DESC_RANDOM_H
#define DESC_RANDOM_H

#include <stdint.h>

/* The generator itself: 128 bits of counter and 64 of key to 128 random bits. */
void desc_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The stream of a name, "solubility:Ag": FNV-1a, 64 bits. */
uint64_t desc_stream(const char *name);

/* Four uniform numbers strictly between 0 and 1: numbers 4 block .. 4 block + 3 of the stream. */
void desc_draw4(uint64_t seed, uint64_t stream, uint64_t block, double u[4]);

/* The standard normal distribution and its inverse (M. J. Wichura, algorithm AS 241, Appl. Stat. 37,
 * 477 (1988); relative error 1e-16); p must lie in 0..1, and its ends give -+infinity. */
double desc_normal_cdf(double x);
double desc_normal_quantile(double p);

#endif
