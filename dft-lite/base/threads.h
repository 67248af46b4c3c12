/*
 * dft-lite/base/threads.h - thread counts, set once from main.
 *
 * The engine runs parallel at one level (k-points or grid) with OpenMP; BLAS stays single-threaded
 * inside.  OpenBLAS must be its OpenMP flavour: the pthread one deadlocks or oversubscribes.
 */
#ifndef DFT_THREADS_H
#define DFT_THREADS_H

#include "dft-lite/base/status.h"

/* Use n threads from here on (n >= 1).  Errors: DFT_EINPUT when n < 1. */
dft_status dft_threads_set(int n, dft_error *err);

int dft_threads_max(void);          /* how many the next parallel region will use */
int dft_thread_index(void);         /* 0 .. dft_threads_max()-1 inside a region */

#endif
