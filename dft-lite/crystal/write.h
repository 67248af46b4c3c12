/*
 * dft-lite/crystal/write.h - crystals into files that ASE, VASP and viewers read.
 *
 * Angstrom, 16 significant digits, atoms in the crystal's order.  A file appears complete or not at
 * all: it is written under a temporary name in the same directory, synced, and renamed.
 */
#ifndef DFT_CRYSTAL_WRITE_H
#define DFT_CRYSTAL_WRITE_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* Extended XYZ, pbc="T T T".  info is added to the comment line as it is ("energy=-1.5 name=x");
 * NULL adds nothing.  Errors: DFT_EINPUT when info holds a line end; DFT_EIO naming path and the
 * system's reason (disk full, no such directory, no permission), with nothing left behind;
 * DFT_ENOMEM. */
dft_status dft_crystal_write_extxyz(const char *path, const dft_crystal *crystal, const char *info,
                                    dft_error *err);

/* POSCAR of VASP 5, Direct; one entry of the element line per run of equal atoms.  title becomes
 * line 1; NULL writes the elements there.  Errors as above. */
dft_status dft_crystal_write_poscar(const char *path, const dft_crystal *crystal, const char *title,
                                    dft_error *err);

/* The same with selective dynamics: fixed [n_atoms][3] is 1 for a coordinate (along a cell vector)
 * that may not move; NULL writes a plain POSCAR. */
dft_status dft_crystal_write_poscar_fixed(const char *path, const dft_crystal *crystal,
                                          const char *title, const unsigned char (*fixed)[3],
                                          dft_error *err);

/* CIF in P 1, one site per atom, full occupancy.  A CIF keeps lengths and angles only, so the crystal
 * comes back turned (a along x), and in a right-handed cell: the vectors of a left-handed one are
 * reversed, which is the same crystal.  name becomes the data block's, blanks as underscores; NULL
 * writes "crystal".  Errors as above. */
dft_status dft_crystal_write_cif(const char *path, const dft_crystal *crystal, const char *name,
                                 dft_error *err);

/* By the path's end: .cif, or .vasp, .poscar, POSCAR, CONTCAR, or else extxyz.  remark becomes the
 * CIF's name, the title, or the info. */
dft_status dft_crystal_write(const char *path, const dft_crystal *crystal, const char *remark,
                             dft_error *err);

#endif
