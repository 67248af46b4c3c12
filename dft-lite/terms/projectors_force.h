/*
 * dft-lite/terms/projectors_force.h - how <p_i|psi> changes with the atoms' places and with strain.
 *
 * For one atom at one k-point and given functions b_i(k+G): the change of 2 Re sum_iG p_i conj(b_i).
 * With b_i = sum_b f_b psi_b conj(sum_j (dH_ij - eps_b dO_ij) <p_j|psi_b>) this is the change of the
 * non-local energy and of the orbitals' norm together, for all bands at once (Torrent et al.,
 * Comput. Mater. Sci. 42, 337 (2008)).  With q = k+G and
 *   p = volume^(-1/2) (-i)^l f(q) Y(q) exp(-iq.R):
 *   dp/dR = -iq p
 *   dp/de = -p/2 - volume^(-1/2) (-i)^l exp(-iq.R) q grad(f Y),  volume and q alone change
 * Hartree atomic units.
 */
#ifndef DFT_PROJECTORS_FORCE_H
#define DFT_PROJECTORS_FORCE_H

#include "dft-lite/terms/projectors.h"
#include "dft-lite/terms/strain.h"

/* Adds minus the derivative by the atom's position (Ha/bohr).  p, b: [n_i][n_pw]. */
void dft_projectors_add_force(const dft_kbasis *kbasis, size_t n_i, const double complex *p,
                              const double complex *b, double force[3]);

/* Harmonics of the directions of k+G, shared by all atoms.  Immutable once made. */
typedef struct dft_directions dft_directions;
dft_status dft_directions_create(const dft_kbasis *kbasis, dft_directions **out, dft_error *err);
void dft_directions_free(dft_directions *directions);       /* NULL is accepted */

/* Adds the derivative by strain (Ha).  b: [n_i][n_pw]; phase: [n_pw] scratch. */
void dft_projectors_add_strain(const dft_ions *ions, const dft_kbasis *kbasis,
                               const dft_directions *directions, size_t atom,
                               const double complex *b, double complex *phase,
                               double strain[DFT_N_STRAIN]);

#endif
