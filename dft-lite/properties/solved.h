/*
 * dft-lite/properties/solved.h - one solved step of an SCF, as forces and stress need it.
 *
 * Orbitals and eigenvalues belong to the input potential; density and on-site matrices are those of
 * the orbitals (output).  Forces and stress are derivatives of the Harris-Foulkes free energy at
 * fixed occupations: with the fields of the *output* density and the input potential's dH their
 * error is second order in (out - in), but for how the input itself moves with the atoms; that is
 * taken to be the superposed atomic densities (C. T. Chan, K. P. Bohnen, K. M. Ho, PRB 47, 4771
 * (1993)).  Hartree atomic units.
 */
#ifndef DFT_SOLVED_H
#define DFT_SOLVED_H

#include <complex.h>

#include "dft-lite/hamiltonian/hamiltonian.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/scf/scf.h"
#include "dft-lite/terms/ions_force.h"

typedef struct {                        /* everything borrowed; channels as in system.h */
    const dft_system *system;
    dft_kspace *const *kspace;          /* [n_k] */
    size_t n_bands;
    double complex *const *psi;         /* [n_channels][n_bands][n_pw] */
    const double *eigenvalue;           /* [n_channels][n_bands], Ha */
    const double *occupation;           /* [n_channels][n_bands], 0..2 */
    const dft_potential *potential;     /* whose eigenvectors psi are */
    const double complex *rho_g;        /* [n_spin][n_g] output pseudo density, magnetisation */
    const double *d_p;                  /* [n_spin][n_p] output on-site matrices, likewise */
} dft_solved;

/* Of a result that kept its ground (dft_scf_options.keep_ground or for_forces). */
dft_solved dft_solved_of_result(const dft_scf_result *result);

/* Fields of the output density. */
typedef struct {
    double complex *density;            /* owned, [n_spin][n_g] valence + core; magnetisation */
    double complex *charge;             /* owned, [n_fine] with compensation charges */
    double complex *electrostatic;      /* owned, [n_fine], Ha */
    double *multipole;                  /* owned, [n_atoms][9], core included */
    double complex *change;             /* owned, [n_g], Ha: output minus input potential */
    dft_potential *potential;           /* owned */
} dft_solved_fields;

/* The caller owns *out.  Errors: DFT_ENOMEM. */
dft_status dft_solved_fields_create(const dft_solved *solved, dft_solved_fields **out,
                                    dft_error *err);
void dft_solved_fields_free(dft_solved_fields *fields);     /* NULL is accepted */

/* What the ions' fields meet (borrows fields). */
dft_ions_surroundings dft_solved_surroundings(const dft_solved_fields *fields);

/* Calls visit once for every channel and atom, in no order and from several threads, with
 * projectors p and b [n_i][n_pw] of projectors_force.h (weights included) and scratch [n_pw].  The results must go
 * to places of their own so that sums do not depend on the threads.  Errors: DFT_ENOMEM. */
typedef void dft_projector_visit(const dft_solved *solved, size_t channel, size_t atom,
                                 const double complex *p, const double complex *b,
                                 double complex *scratch, void *context);
dft_status dft_solved_visit_projectors(const dft_solved *solved, dft_projector_visit *visit,
                                       void *context, dft_error *err);

/* The k-point of a channel. */
static inline const dft_kspace *dft_solved_kspace(const dft_solved *solved, size_t channel)
{
    return solved->kspace[channel % solved->system->kpoints->n_k];
}

#endif
