/*
 * dft-lite/hamiltonian/site_turns.h - on-site matrices under the operations of the space group.
 *
 * An operation r -> Rr + t takes atom a to atom b = atom_map[op][a]; a symmetric density has
 * n_a(r) = n_b(Rr) about the two nuclei, hence, with Y(Rr) = T Y(r), D_a = T^T D_b T within each pair of
 * waves, and dH likewise.  What depends on one atom's matrix alone (one-centre terms, most of them
 * exchange-correlation) is computed for the first atom of each class and turned to the others.  Classes are by
 * operations that exchange and reverse the Cartesian axes: these map the 50 directions of the one-centre quadrature
 * onto one another.  Any other rotation would turn the quadrature's error too, and the energy would jump where an atom
 * off its place breaks the symmetry: by 0.2 meV an atom for a kagome net of magnetic nickel.
 */
#ifndef DFT_SITE_TURNS_H
#define DFT_SITE_TURNS_H

#include "dft-lite/crystal/symmetry.h"
#include "dft-lite/terms/species.h"

#define DFT_SITE_L 4                    /* s, p, d, f */
#define DFT_SITE_M 7                    /* 2 * 3 + 1 */

typedef double dft_site_turn[DFT_SITE_L][DFT_SITE_M * DFT_SITE_M];     /* T of each l, (2l+1)^2 row-major */

typedef struct {
    dft_site_turn *turn;                /* owned, [n_ops] */
    size_t *first;                      /* owned, [n_atoms]: the first atom of its class (above) */
    size_t *op;                         /* owned, [n_atoms]: an operation that takes the atom there */
} dft_site_turns;

/* lattice: the crystal's, bohr.  Errors: DFT_ENOMEM. */
dft_status dft_site_turns_create(const dft_symmetry *symmetry, const double lattice[3][3],
                                 dft_site_turns **out, dft_error *err);
void dft_site_turns_free(dft_site_turns *turns);    /* NULL is accepted */

/* target += T^T M T, packed [n_p] both.  A packed density matrix holds M_ij + M_ji off the diagonal
 * (pair = 2), a packed derivative by one M_ij (pair = 1). */
void dft_site_turn_add(const dft_species *species, const dft_site_turn turn, double pair,
                       const double *packed, double *target);

#endif
