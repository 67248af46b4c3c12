/*
 * dft-lite/scf/mixer.h - the next input density from the history of inputs and residuals.
 *
 * Anderson/Pulay mixing (P. Pulay, Chem. Phys. Lett. 73, 393 (1980)) of density and on-site matrices
 * together.  The residual's metric is electrostatic, 4 pi/(G^2 + q0^2), finite at small G; the step is
 * preconditioned with G^2/(G^2 + q^2) bounded from below (G. P. Kerker, PRB 23, 3082 (1981)), which
 * stills charge sloshing without freezing insulators and vacuum.
 */
#ifndef DFT_MIXER_H
#define DFT_MIXER_H

#include <complex.h>

#include "dft-lite/basis/basis.h"

typedef struct dft_mixer dft_mixer;

typedef struct {
    double beta;                        /* step along the preconditioned residual */
    double kerker_q;                    /* 1/bohr */
    double kerker_floor;                /* smallest factor */
    int history;                        /* steps remembered */
} dft_mixer_options;

dft_mixer_options dft_mixer_defaults(void);

/* Borrows basis.  n_p: length of the packed on-site matrices. */
dft_status dft_mixer_create(const dft_basis *basis, size_t n_p, const dft_mixer_options *options,
                            dft_mixer **out, dft_error *err);
void dft_mixer_free(dft_mixer *mixer);              /* NULL is accepted */

/* Replaces the input (rho_g [n_g], d_p [n_p]) by the next one, given the output it produced. */
dft_status dft_mixer_step(dft_mixer *mixer, double complex *rho_g, double *d_p,
                          const double complex *rho_out, const double *d_out, dft_error *err);

#endif
