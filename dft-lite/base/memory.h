/*
 * dft-lite/base/memory.h - how much memory this process may still take.
 *
 * The least of what the machine has available (/proc/meminfo, MemAvailable), what the process's address
 * space limit leaves (RLIMIT_AS), and what its control group's limit leaves.
 */
#ifndef DFT_MEMORY_H
#define DFT_MEMORY_H

/* Bytes; a very large number where the system does not say. */
double dft_memory_available(void);

#endif
