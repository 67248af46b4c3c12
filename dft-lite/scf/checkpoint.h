/*
 * dft-lite/scf/checkpoint.h - an SCF's state in a file, to go on from or to start a neighbour with.
 *
 * Density, magnetisation, on-site matrices and superposed atoms in double precision, orbitals in single
 * (they are the start of an iteration that ends at its own tolerance), with the vectors and k-points they
 * belong to; native byte order; a SHA-256 of all that stands before it closes the file.
 */
#ifndef DFT_CHECKPOINT_H
#define DFT_CHECKPOINT_H

#include "dft-lite/scf/scf.h"

/* Whole or not at all (base/file.h).  Errors: DFT_EIO naming path and cause; DFT_ENOMEM. */
dft_status dft_checkpoint_write(const char *path, const dft_scf_state *state, dft_error *err);

/* A result that holds nothing but a state: good as `start` of dft_scf_run and for
 * dft_scf_result_free.  Errors: DFT_ENOFILE; DFT_EPARSE for a file that is no checkpoint, is of another
 * version or byte order, or is damaged; DFT_ENOMEM. */
dft_status dft_checkpoint_read(const char *path, dft_scf_result **out, dft_error *err);

#endif
