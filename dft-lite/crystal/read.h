/*
 * dft-lite/crystal/read.h - crystals from files that people have: POSCAR, CIF, extended XYZ.
 *
 * The format is found from the content, never from the name.
 *   POSCAR   of VASP 5 and later, with an element line, and of VASP 4, whose elements stand in the
 *            title ("Li Ag") or behind the atoms; Direct or Cartesian; selective dynamics;
 *            velocities are skipped; a negative scale is the cell's volume; three scales are
 *            Cartesian.
 *   CIF      one structure: cell, symmetry (operations as x,y,z, or a space group by its symbols),
 *            fractional sites of full occupancy.  Images of one site within 0.1 Angstrom are merged
 *            into their mean, which puts rounded coordinates (0.3333) back on their symmetry
 *            element.
 *   extxyz   one frame: Lattice="..." is required, further columns and keys are no part of the
 *            crystal, pbc neither: every crystal here is periodic in three directions.
 * Files are in Angstrom, the crystal in bohr.
 */
#ifndef DFT_CRYSTAL_READ_H
#define DFT_CRYSTAL_READ_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* What a file says beside the crystal. */
typedef struct {
    const char *format;             /* "POSCAR", "CIF" or "extxyz" */
    char *comment;                  /* owned: the title of a POSCAR, the data block's name of a CIF,
                                       the keys of an extxyz but Lattice, Properties and pbc */
    unsigned char (*fixed)[3];      /* owned, [n_atoms][3]: 1 for a coordinate that may not move, in
                                       a POSCAR along the cell vectors, in an extxyz (move_mask)
                                       along x, y, z; NULL when the file does not say */
} dft_crystal_remarks;

/* The caller owns *out; NULL on failure.  Every message names the file, line and column where there
 * are such, the text at fault and what to do.  Errors: DFT_ENOFILE when the file is missing or cannot be
 * read; DFT_EPARSE when it does not say what its format requires; DFT_EINPUT for a crystal that
 * cannot exist (dft_crystal_create); DFT_ENOMEM. */
dft_status dft_crystal_read(const char *path, dft_crystal **out, dft_error *err);

/* The same, and what else the file says; the caller clears *remarks, also after a failure. */
dft_status dft_crystal_read_remarks(const char *path, dft_crystal **out,
                                    dft_crystal_remarks *remarks, dft_error *err);
void dft_crystal_remarks_clear(dft_crystal_remarks *remarks);

/* The value of key in a comment of key=value pairs, "" for a bare key; values may be quoted.
 * Returns 1, or 0 when the key is not there or its value does not fit. */
int dft_remark_find(const char *comment, const char *key, char *value, size_t size);

#endif
