/*
 * dft-lite/terms/hartree.h - electrostatic energy of the compensated, neutral pseudo density.
 *
 * E = (volume/2) sum_{G != 0} 4 pi |rho(G)|^2/|G|^2 on the fine sphere (Martin, Electronic
 * Structure, eq. 13.1); the G = 0 part of the potential is zero by convention.
 */
#ifndef DFT_HARTREE_H
#define DFT_HARTREE_H

#include "dft-lite/basis/basis.h"
#include "dft-lite/terms/strain.h"

/* rho, v: [n] over the first n vectors of the basis, may be the same array; returns E in Ha. */
double dft_hartree(const dft_basis *basis, size_t n, const double complex *rho, double complex *v);

/* Adds dE/de at fixed volume * rho(G), Ha:  -E + volume sum_{G != 0} 4 pi |rho|^2 G G/|G|^4.  What
 * rho itself changes (core, compensation charges) is the ions' own (ions_force.h). */
void dft_hartree_add_strain(const dft_basis *basis, size_t n, const double complex *rho,
                            double strain[DFT_N_STRAIN]);

#endif
