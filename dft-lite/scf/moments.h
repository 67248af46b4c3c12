/*
 * dft-lite/scf/moments.h - magnetic moments of the cell and of its atoms, Bohr magnetons.
 *
 * The cell's is the integral of the magnetisation; an atom's is that of its all-electron magnetisation
 * inside the largest augmentation radius of its data set (GPAW prints the same; the covalent radius for
 * norm-conserving data, which have none), so the atoms' sum differs from the cell's by what lies between
 * them.
 */
#ifndef DFT_MOMENTS_H
#define DFT_MOMENTS_H

#include <complex.h>

#include "dft-lite/hamiltonian/system.h"

/* magnetisation_g [n_g], d_magnetic [p_offset end]: second halves of a state's arrays.  Writes atom
 * [n_atoms] and returns the cell's moment.  Only for systems with spin. */
double dft_moments(const dft_system *system, const double complex *magnetisation_g,
                   const double *d_magnetic, double *atom);

#endif
