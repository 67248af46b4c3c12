/*
 * dft-lite/terms/species_coulomb.h - fills the one-centre energy tables of a species.
 *
 * Rostgaard, arXiv:0910.1921, section 3: the energy inside the augmentation sphere, all-electron minus
 * pseudo, with densities expanded in real harmonics.  For pair channels jk and multipole l,
 *   W^l_(jk)(j'k') = 1/2 [ (n_jk|n_j'k')_l - (nt_jk + D^l_jk g_l | nt_j'k' + D^l_j'k' g_l)_l ]
 * and coulomb_pq = sum_L G^L_p G^L_q W^l.  g_l is absent above l = DFT_COMPENSATION_LMAX.
 */
#ifndef DFT_SPECIES_COULOMB_H
#define DFT_SPECIES_COULOMB_H

#include "dft-lite/terms/species.h"

/* Fills delta, delta_core, linear, coulomb, constant; arrays are allocated, waves listed. */
dft_status dft_species_fill_coulomb(dft_species *species, dft_error *err);

#endif
