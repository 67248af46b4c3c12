/*
 * dft-lite/properties/dos.h - density of states, broadened with Gaussians.
 *
 *   g(E) = sum_k w_k sum_b (2/n_spin) exp(-(E - e_kb)^2/(2 s^2)) / (s sqrt(2 pi))
 *   N(E) = its integral from minus infinity, electrons that states below E hold
 * s is the standard deviation, both spins counted when n_spin is 1.  Energies Ha, g per Ha and
 * cell. Near and above the highest computed band g is not the crystal's: dft_dos_reliable_below
 * says where that starts.
 */
#ifndef DFT_DOS_H
#define DFT_DOS_H

#include <stddef.h>

#include "dft-lite/base/status.h"

/* weight [n_k] with sum 1; eigenvalue [n_k][n_bands] of one spin channel; energy [n]; writes g [n]
 * and count [n] (NULL: not wanted).  width > 0. */
void dft_dos_compute(size_t n_spin, size_t n_k, size_t n_bands, const double *weight,
                     const double *eigenvalue, double width, size_t n, const double *energy,
                     double *g, double *count);

/* The lowest energy of the highest band: above it states are missing. */
double dft_dos_reliable_below(size_t n_k, size_t n_bands, const double *eigenvalue);

/* Table of g and N on energies a fifth of the width apart, from below the lowest state to where
 * states begin to be missing.  Columns energy_ev (zero: the Fermi level), dos_per_ev, electrons;
 * with two channels dos_up_per_ev, dos_down_per_ev, electrons.  eigenvalue [n_spin][n_k][n_bands].
 * Replaces the file whole. Errors: DFT_EINPUT for a width that is not positive, DFT_EIO,
 * DFT_ENOMEM. */
dft_status dft_dos_write(const char *path, size_t n_spin, size_t n_k, size_t n_bands,
                         const double *weight, const double *eigenvalue, double fermi, double width,
                         dft_error *err);

#endif
