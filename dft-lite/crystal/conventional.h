/*
 * dft-lite/crystal/conventional.h - the conventional cell of a crystal, by spglib.
 *
 * The standard setting of International Tables A (hexagonal axes for R groups, unique axis b, origin
 * choice 2): the cell that Miller indices refer to, whatever cell a file came in.
 */
#ifndef DFT_CRYSTAL_CONVENTIONAL_H
#define DFT_CRYSTAL_CONVENTIONAL_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* The standardised, idealised conventional cell: symmetry holds exactly within what `tolerance` (bohr)
 * admits, a along x.  The caller owns *out; NULL on failure.  Errors: DFT_EINPUT for a tolerance that is
 * not positive; DFT_ENUMERIC when spglib finds no symmetry, with its words; DFT_ENOMEM. */
dft_status dft_crystal_conventional(const dft_crystal *crystal, double tolerance, dft_crystal **out,
                                    dft_error *err);

#endif
