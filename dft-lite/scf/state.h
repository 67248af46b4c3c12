/*
 * dft-lite/scf/state.h - what an SCF iterates: density, on-site matrices, orbitals.
 *
 * rho_g is the valence pseudo density on the density sphere (electrons/bohr^3) and, with spin, its
 * magnetisation; d_p the packed on-site matrices of all atoms, likewise; psi the S-orthonormal orbitals of
 * each channel (spin and irreducible k-point, system.h).  A state knows the vectors its coefficients
 * belong to, so that it may start a calculation in another cell.
 */
#ifndef DFT_STATE_H
#define DFT_STATE_H

#include <complex.h>

#include "dft-lite/hamiltonian/hamiltonian.h"
#include "dft-lite/hamiltonian/system.h"
#include "dft-lite/scf/mixer.h"

typedef struct dft_scf_state {
    size_t n_atoms, n_g, n_p, n_k, n_bands, n_spin;
    double volume;                      /* bohr^3 */
    int *z;                             /* owned, [n_atoms] */
    int (*hkl)[3];                      /* owned, [n_g] */
    double complex *rho_g;              /* owned, [n_spin][n_g] */
    double complex *atoms_g;            /* owned, [n_g] superposed atoms of this geometry */
    double *d_p;                        /* owned, [n_spin][n_p] */
    double (*k)[3];                     /* owned, [n_k] */
    size_t *n_pw;                       /* owned, [n_k] */
    int (**pw_hkl)[3];                  /* owned, [n_k][n_pw][3] */
    double complex **psi;               /* owned, [n_spin n_k][n_bands][n_pw] */
    int has_orbitals;                   /* psi holds something better than zeros */
    dft_response *response;              /* owned: of a finished run (mixer.h), not in checkpoints; NULL: none */
} dft_scf_state;

/* Shapes from the system and its k-points' plane waves; everything zero but atoms_g.
 * Errors: DFT_ENOMEM. */
dft_status dft_scf_state_create(const dft_system *system, dft_kspace *const *kspace, size_t n_bands,
                                dft_scf_state **out, dft_error *err);
void dft_scf_state_free(dft_scf_state *state);      /* NULL is accepted */

/* Superposition of the data sets' atomic densities, scaled to the electron count, and the on-site
 * matrices of the free atoms (spherical); each atom's magnetisation is its starting moment in the shape
 * of its valence density.  Errors: DFT_ENOMEM. */
dft_status dft_scf_state_from_atoms(const dft_system *system, dft_scf_state *state, dft_error *err);

/* Starts `state` from another geometry of the same atoms: the deformation density (density minus
 * superposed atoms) is carried over to the new atoms' superposition, on-site matrices and, where the
 * k-points agree, orbitals are copied component by component.  Returns 0, changing nothing, when the
 * atoms are not the same or only one of the two has spin.  Errors (none: out of memory falls back to 0). */
int dft_scf_state_from_state(const dft_system *system, const dft_scf_state *from,
                             dft_scf_state *state);

/* 1 when the densities' coefficients belong to the same list of vectors. */
int dft_scf_state_same_vectors(const dft_scf_state *a, const dft_scf_state *b);

#endif
