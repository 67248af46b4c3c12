/*
 * dft-lite/terms/dipole.h - dipole correction: a slab alone instead of a stack of slabs.
 *
 * L. Bengtsson, PRB 59, 12301 (1999).  Densities count electrons positive and nuclei negative,
 * potentials are those of an electron, as everywhere here.  A neutral slab with dipole moment
 *     M = integral rho(r) s(r),   s(r) = height above the middle of the slab's side of the cell,
 * has vacuum levels that differ by v(top) - v(bottom) = 4 pi M/A (A the cell's area): from v(z) =
 * -2 pi integral |z - z'| rho(z') dz' with rho averaged over the plane.  The periodic solution has
 * no such step: it adds the field -4 pi M/volume.  Taking that out again,
 *     v_dip(r) = (4 pi M/volume) s(r)        E_dip = (2 pi/volume) M^2        v_dip = dE_dip/d rho.
 * s is a sawtooth of mean zero that rises by the cell's extent L along the normal and falls back
 * in the middle of the widest gap, at height x0 L, smeared there over w = gap/24 by a Gaussian; on
 * the fine sphere only G = l b (b along the normal) exist:
 *     s(G) = (i/|G|) sign(l) exp(-2 pi i l x0) exp(-(G w)^2/4).
 * Where charge is, 4 w and more from the jump (a sixth of the gap), the smeared sawtooth is the
 * straight line to 1e-8 L, so that M and E_dip are exact; and since rho is neutral, moving the
 * jump changes nothing. A sharp one would see the ripples that narrow compensation charges, cut
 * off at the fine sphere, send through the vacuum: H at 150 eV then has forces wrong by 0.5 meV/A.
 *
 * Forces: the term depends on the atoms through rho alone, so a Hartree potential with v_dip added
 * gives them; how the jump follows the gap does not count (no density there).  Strain: what
 * depends on it through rho's form factors comes the same way; left is that L and the volume
 * change,
 *     dE/de_ab = E_dip (2 n_a n_b - delta_ab)     n the unit normal.
 * Immutable once made.
 */
#ifndef DFT_DIPOLE_H
#define DFT_DIPOLE_H

#include <complex.h>

#include "dft-lite/basis/basis.h"
#include "dft-lite/crystal/vacuum.h"
#include "dft-lite/terms/strain.h"

#define DFT_DIPOLE_LEAST_GAP_ANG 6.0        /* nucleus to nucleus */

typedef struct {
    dft_vacuum vacuum;
    double volume;                          /* bohr^3 */
    size_t n;                               /* vectors l b, l > 0, among the fine ones' half list */
    size_t *index;                          /* owned, [n] */
    double complex *saw;                    /* owned, [n] s(G), bohr */
} dft_dipole;

/* Errors: DFT_EINPUT when the gap is below 6 A: the tails of the two faces, some 3 A long each,
 * then meet where the potential jumps; DFT_ENOMEM. */
dft_status dft_dipole_create(const dft_basis *basis, const dft_vacuum *vacuum, dft_dipole **out,
                             dft_error *err);
void dft_dipole_free(dft_dipole *dipole);           /* NULL is accepted */

/* rho_fine [n_fine]: electrons/bohr^3, neutral.  M in electrons x bohr. */
double dft_dipole_moment(const dft_dipole *dipole, const double complex *rho_fine);

double dft_dipole_energy(const dft_dipole *dipole, double moment);          /* Ha */

/* Adds v_dip to v_fine [n_fine], Ha. */
void dft_dipole_add_potential(const dft_dipole *dipole, double moment, double complex *v_fine);

/* v_dip of the sharp sawtooth at fractional coordinate x along the vacuum's axis, Ha: what a slab
 * alone has on either side of the jump, as near as one likes; at the jump itself zero. */
double dft_dipole_potential_at(const dft_dipole *dipole, double moment, double x);

/* Adds the strain derivative written above, Ha. */
void dft_dipole_add_strain(const dft_dipole *dipole, double moment, double strain[DFT_N_STRAIN]);

#endif
