/*
 * dft-lite/base/clock.h - how much time has passed.
 */
#ifndef DFT_CLOCK_H
#define DFT_CLOCK_H

/* Seconds on a clock that never jumps (CLOCK_MONOTONIC); only differences mean anything. */
double dft_clock_s(void);

#endif
