/*
 * tests/bench/bench.h - the pieces of the benchmark program (tests/bench/README.md).
 *
 * bench.c runs each system, and the machine's limits for its shapes, in a child process of its own;
 * children answer with one JSON object.  Records stay JSON (jansson) from there to the file.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

#include <jansson.h>

#include "dft-lite/base/status.h"
#include "dft-lite/scf/scf.h"

#define BENCH_SLOWER 1.05           /* ratio of wall times from which a system is called slower */

/* One row of systems.json.  Pointers in `options` borrow from the json_t that it was read from. */
typedef struct {
    const char *name, *group, *what;
    const char *series;             /* NULL, or what grows along it: "atoms", "cutoff", "kpoints", "bands" */
    const char *against;            /* NULL, or the system that this one's time is divided by */
    char path[512];                 /* the structure */
    int threads;                    /* 0: as many as asked for on the command line */
    dft_scf_options options;
} bench_system;

/* Reads directory/systems.json.  The caller owns *list (free) and *root (json_decref), which the list
 * borrows from.  Errors: DFT_ENOFILE, DFT_EPARSE naming the row. */
dft_status bench_systems_read(const char *directory, json_t **root, bench_system **list, size_t *n,
                              dft_error *err);

/* Runs one system in this process: a new record of wall_s, cpu_s, scf_iterations, energies (eV), sizes,
 * phases and n_applied (null where the engine does not say).  A run that does not converge is a record
 * with converged = false.  Errors: those of dft_scf_run. */
dft_status bench_run(const bench_system *system, int threads, json_t **record, dft_error *err);

/* What FFTW, OpenBLAS and memory reach alone here, at the shapes of a record, every thread working on its
 * own data with its own plan: fft_s (one complex transform of the box) and GF/s of one thread for
 * fft, projection, products, rotate, each in double and single; triad GB/s of one thread. */
dft_status bench_limits(const json_t *record, int threads, json_t **limits, dft_error *err);

/* Tables on stdout.  latest and stored are whole result files; stored may be NULL.  Returns the number
 * of systems slower than stored by more than BENCH_SLOWER. */
int bench_report(const json_t *latest, const json_t *stored);

#endif
