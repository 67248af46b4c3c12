/*
 * dft-lite/crystal/read_cifops.h - symmetry operations of a CIF, and their action on a site.
 */
#ifndef DFT_CRYSTAL_READ_CIFOPS_H
#define DFT_CRYSTAL_READ_CIFOPS_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/read_ciftokens.h"
#include "dft-lite/crystal/symmetry.h"

/* The operations of _symmetry_equiv_pos_as_xyz or _space_group_symop_operation_xyz; without them those
 * of the space group that the file names (groups.h; the lattice, in any unit, helps to choose its
 * setting); the identity alone when it says nothing about symmetry.  The caller owns *op.  Errors:
 * DFT_EPARSE for an operation that does not parse, or a space group whose setting stays open;
 * DFT_ENOMEM. */
dft_status dft_cif_operations(const dft_cif *cif, const double lattice[3][3], size_t *n_ops,
                              dft_symop **op, dft_error *err);

/* The distinct images of a site, at most n_ops, wrapped into 0 <= x < 1.  Images within 0.1
 * Angstrom (lattice in bohr) are one atom, at their mean: for a site meant to lie on a symmetry
 * element the mean over its images lies there exactly.  Returns how many there are. */
size_t dft_cif_images(const double lattice[3][3], size_t n_ops, const dft_symop *op,
                      const double site[3], double (*image)[3]);

#endif
