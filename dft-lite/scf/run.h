/*
 * dft-lite/scf/run.h - one SCF run from the first step to the last: private to this folder.
 *
 * prepare builds everything for a geometry, then each step is potential, orbitals, fillings, output
 * density, energy and errors, and mixing (step.c); finish moves what is worth keeping into the result.
 */
#ifndef DFT_SCF_RUN_H
#define DFT_SCF_RUN_H

#include "dft-lite/eigen/davidson.h"
#include "dft-lite/scf/ground.h"
#include "dft-lite/scf/mixer.h"
#include "dft-lite/scf/scf.h"
#include "dft-lite/scf/state.h"
#include "dft-lite/scf/symmetrise.h"

typedef struct {
    const dft_scf_options *options;
    dft_ground *ground;                 /* owned: system, projectors, potential, output density */
    const dft_system *system;           /* ground's */
    size_t n_k, n_channels, n_bands;
    size_t n_threads;                   /* workers over channels */
    dft_davidson_work **work;           /* [n_threads] */
    dft_phases *phases;                 /* owned, [threads] accounts; the first is the main thread's */
    dft_scf_state *state;               /* the input of a step, and its orbitals */
    dft_scf_origin origin;              /* what the first input came from */
    dft_symmetriser *symmetriser;
    dft_mixer *mixer;
    double complex *rho_step;           /* [n_spin][n_g] */
    double complex *charge, *screened, *ldos_g;     /* [n_g] */
    double *d_step, *ldos_r;
    double *weight;                     /* [n_channels] */
    double complex **projections;       /* owned, [n_channels][n_bands][n_projectors] <p|psi> ... */
    int is_projected;                   /* ... of the orbitals that there are */
    int is_single, was_single;          /* this step's and the last one's orbitals in single precision */
    double *eigenvalue, *occupation, *slope, *residual, *slack;     /* [n_channels][n_bands] */
    double fermi, entropy, extrapolation;
    double free_energy, last_energy, band_energy, density_error, eigen_error, tolerance;
    double best_error;                  /* least density error since the last remedy ... */
    int n_stuck;                        /* ... and the steps since it fell */
    int n_remedies;
    double start_time;
} dft_scf_work;

/* Everything for one geometry; start may be NULL.  least_bands: no fewer than these. */
dft_status dft_scf_work_prepare(dft_scf_work *self, const dft_crystal *crystal,
                                const dft_scf_state *start, size_t least_bands, dft_error *err);
void dft_scf_work_clear(dft_scf_work *self);

/* One step up to its energy and errors; then the next input density. */
dft_status dft_scf_work_solve(dft_scf_work *self, dft_error *err);
dft_status dft_scf_work_mix(dft_scf_work *self, dft_error *err);

/* Largest residual norm (Ha) of a band at which the run counts as converged: what orbitals add to the
 * energy is second order in it, to forces first order. */
double dft_scf_work_residual_wanted(const dft_scf_work *self);

/* Largest filling (0..1) of the highest band: what the missing bands above would at most hold. */
double dft_scf_work_top_filling(const dft_scf_work *self);

/* Moves eigenvalues, orbitals and, when asked for, the ground into the result. */
dft_status dft_scf_work_finish(dft_scf_work *self, dft_scf_result *result, dft_error *err);

#endif
