/*
 * dft-lite/crystal/read.h - crystals from files that people have: POSCAR, CIF, extended XYZ.
 *
 * The format is found from the content, never from the name.
 *   POSCAR   VASP 5 and later: element line required; Direct or Cartesian; selective dynamics and
 *            velocities are skipped; a negative scale is the cell's volume; three scales are
 * Cartesian. CIF      one structure: cell, symmetry operations as x,y,z, fractional sites of full
 * occupancy. Images of one site within 0.1 Angstrom are merged into their mean, which puts rounded
 *            coordinates (0.3333) back on their symmetry element.
 *   extxyz   one frame: Lattice="..." is required, further columns and keys are skipped, pbc too:
 *            every crystal here is periodic in three directions.
 * Files are in Angstrom, the crystal in bohr.
 */
#ifndef DFT_CRYSTAL_READ_H
#define DFT_CRYSTAL_READ_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* The caller owns *out; NULL on failure.  Every message names the file, the line where there is
 * one, the text at fault and what to do.  Errors: DFT_ENOFILE when the file is missing or cannot be
 * read; DFT_EPARSE when it does not say what its format requires; DFT_EINPUT for a crystal that
 * cannot exist (dft_crystal_create); DFT_ENOMEM. */
dft_status dft_crystal_read(const char *path, dft_crystal **out, dft_error *err);

#endif
