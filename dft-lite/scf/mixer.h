/*
 * dft-lite/scf/mixer.h - the next input density from the history of inputs and residuals.
 *
 * Anderson/Pulay mixing (P. Pulay, Chem. Phys. Lett. 73, 393 (1980)) of density and on-site matrices
 * together, with spin also the magnetisation's.  The residual's metric is electrostatic, 4 pi/(G^2 + q^2),
 * finite at small G; for the magnetisation, whose energy is local, q^2 is 1/bohr^2.  The step along the optimal
 * residual is preconditioned by a correction that the caller computes (screening.h).
 */
#ifndef DFT_MIXER_H
#define DFT_MIXER_H

#include <complex.h>

#include "dft-lite/basis/basis.h"

typedef struct dft_mixer dft_mixer;

#define DFT_RESPONSE_PAIRS 6

/* What a run learnt of how the electrons answer: differences between its last input and earlier ones, and
 * between their residuals.  Held by the state (state.h), it serves the next geometry's first steps. */
typedef struct dft_response {
    size_t n;                           /* length of each; density, then on-site matrices, as mixed */
    int n_pairs;
    double *input[DFT_RESPONSE_PAIRS], *residual[DFT_RESPONSE_PAIRS];       /* owned, newest first */
} dft_response;

void dft_response_free(dft_response *response);     /* NULL is accepted */

typedef struct {
    double beta;                        /* longest step along the preconditioned residual, and the first */
    int history;                        /* steps remembered */
} dft_mixer_options;

dft_mixer_options dft_mixer_defaults(void);

/* Borrows basis.  n_spin 1 or 2; n_p: length of one set of packed on-site matrices. */
dft_status dft_mixer_create(const dft_basis *basis, size_t n_spin, size_t n_p, const dft_mixer_options *options,
                            dft_mixer **out, dft_error *err);
void dft_mixer_free(dft_mixer *mixer);              /* NULL is accepted */

/* Uses an earlier run's response beside the mixer's own history, unless its length differs.  Borrowed until
 * the mixer is freed; NULL is accepted. */
void dft_mixer_learn(dft_mixer *mixer, const dft_response *earlier);

/* The mixer's own response, to be freed by the caller; the mixer is then good for nothing but freeing.
 * NULL when there is none, or no memory for it. */
dft_response *dft_mixer_take_response(dft_mixer *mixer);

/* Stores input and output of a step and finds the optimal combination of the history: its input
 * (rho_g, d_p: overwritten) and residual (rho_residual [n_spin][n_g], d_residual [n_spin][n_p]). */
dft_status dft_mixer_combine(dft_mixer *mixer, double complex *rho_g, double *d_p,
                             const double complex *rho_out, const double *d_out,
                             double complex *rho_residual, double *d_residual, dft_error *err);

/* Tells the mixer the error (any measure) of the newest residual: the step is halved, down to 0.1, when it
 * grew, and lengthened again, up to options.beta, while it falls below a third each time. */
void dft_mixer_judge(dft_mixer *mixer, double error);

/* Forgets the history: the next n_simple steps are plain ones of length beta along their residuals. */
void dft_mixer_restart(dft_mixer *mixer, int n_simple, double beta);

/* input += step (residual), with rho_residual preconditioned as the caller sees fit in between. */
void dft_mixer_advance(const dft_mixer *mixer, double complex *rho_g, double *d_p,
                       const double complex *rho_residual, const double *d_residual);

#endif
