/*
 * dft-lite/base/phases.h - where a run's time goes: seconds, operations and bytes by named phase.
 *
 * An account belongs to one thread at a time; begin and end nest.  Every moment between the outermost
 * begin and its end is credited to exactly one phase, the innermost that is open, so phases add up to
 * the total.  Each begin, end and next reads the clock once (about 25 ns): time a block of work, not a
 * plane wave.  NULL is accepted everywhere and costs one branch.
 *
 *     dft_phases *p = work->phases;                        one per work struct, or NULL
 *     dft_phases_begin(p, DFT_PHASE_FFT);
 *     ... to the grid ...
 *     dft_phases_next(p, DFT_PHASE_LOCAL, flops, bytes);   ends FFT (its flops, bytes), begins LOCAL
 *     ... times the potential ...
 *     dft_phases_end(p, flops, bytes);
 *
 * Work in single precision is booked beside that in double: begin(p, DFT_PHASE_SINGLE(phase)).
 *
 * Threads: one account for each thread that works, merged when they have finished.  Merged seconds are
 * thread-seconds: wall time x threads less what waited.  The main thread keeps its own account through
 * parallel regions (thread 0's work struct borrows it), or has nothing open while they run; otherwise
 * its time counts twice.
 */
#ifndef DFT_PHASES_H
#define DFT_PHASES_H

#include <stddef.h>

typedef enum {
    DFT_PHASE_SETUP,            /* crystal, data sets, symmetry, boxes, tables, projectors */
    DFT_PHASE_START,            /* first density and orbitals, or those of a nearby geometry */
    DFT_PHASE_FFT,              /* transforms of H applications only */
    DFT_PHASE_LOCAL,            /* v(r) psi(r), |k+G|^2/2 psi, sums into H psi and S psi */
    DFT_PHASE_PROJECTION,       /* <p|psi> and |p> (dH c, dS c), GEMM */
    DFT_PHASE_PRODUCTS,         /* tall-skinny A^H B between blocks of orbitals, GEMM */
    DFT_PHASE_ROTATE,           /* blocks of orbitals times a small matrix, GEMM */
    DFT_PHASE_DIAGONALISE,      /* small dense eigenproblems, Cholesky */
    DFT_PHASE_RESIDUAL,         /* H psi - e S psi, norms, preconditioner */
    DFT_PHASE_OCCUPATION,       /* Fermi level */
    DFT_PHASE_DENSITY,          /* sum f |psi|^2 with its own transforms; on-site matrices */
    DFT_PHASE_SYMMETRISE,       /* density and on-site matrices */
    DFT_PHASE_HARTREE,          /* electrostatics, compensation charges, dipole, zero potential */
    DFT_PHASE_XC,               /* on the grid, gradients and their transforms included */
    DFT_PHASE_ONSITE,           /* one-centre energies and dH */
    DFT_PHASE_MIXING,           /* residual of the density, screening, Pulay */
    DFT_PHASE_FORCES,           /* forces, stress, properties */
    DFT_PHASE_IO,               /* checkpoints, files */
    DFT_PHASE_OTHER,
    DFT_N_PHASES
} dft_phase;

/* The same phase, its work done in single precision. */
#define DFT_PHASE_SINGLE(phase) ((dft_phase)(DFT_N_PHASES + (phase)))

#define DFT_PHASES_MAX_DEPTH 16

typedef struct {
    double seconds;             /* credited to this phase alone */
    double flops, bytes;        /* as the callers stated; 0 where nobody did */
    size_t calls;
} dft_phase_sum;

/* All zero (= { 0 }, calloc) is an empty account. */
typedef struct {
    dft_phase_sum sum[2 * DFT_N_PHASES];    /* double precision, then single */
    size_t n_applied;                       /* H applications, one band each */
    double last;                            /* s, when the open phase was last credited */
    int depth;
    dft_phase open[DFT_PHASES_MAX_DEPTH];
    char pad[64];                           /* neighbours in an array share no cache line */
} dft_phases;

/* Opens a phase; the one open so far, if any, pauses.  At most DFT_PHASES_MAX_DEPTH deep (assert). */
void dft_phases_begin(dft_phases *phases, dft_phase phase);

/* Closes the innermost open phase with the operations (a complex multiply-add is 8) and the bytes to and
 * from memory that its work took; 0 where not worth stating.  The outer phase goes on.  Something must
 * be open (assert). */
void dft_phases_end(dft_phases *phases, double flops, double bytes);

/* end(flops, bytes) and begin(phase) with one look at the clock. */
void dft_phases_next(dft_phases *phases, dft_phase phase, double flops, double bytes);

/* Counts H applications to n bands. */
void dft_phases_applied(dft_phases *phases, size_t n_bands);

/* Adds another thread's sums; open phases of `from` count up to when they were last credited. */
void dft_phases_merge(dft_phases *into, const dft_phases *from);

/* Both precisions of one phase; all phases and precisions; that of one precision (0 double, 1 single) is
 * phases->sum[DFT_PHASE_FFT] and phases->sum[DFT_PHASE_SINGLE(DFT_PHASE_FFT)].  NULL: zeros. */
dft_phase_sum dft_phases_of(const dft_phases *phases, dft_phase phase);
dft_phase_sum dft_phases_total(const dft_phases *phases);

/* "fft", "projection", ... the same for both precisions; "unknown" for what is no phase. */
const char *dft_phase_name(dft_phase phase);

#endif
