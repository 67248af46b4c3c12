/*
 * candidates/dilute.h - one foreign atom in a supercell of a host: substitutional dilute alloys.
 *
 * Cells keep the host's size; positions are unrelaxed.  Bohr.
 */
#ifndef CAND_DILUTE_H
#define CAND_DILUTE_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    double fraction;                /* solutes over atoms of the host's element */
    double separation;              /* distance of the solute from its nearest image, bohr */
} cand_dilute_info;

/* Atoms of the host, one of each symmetry class, that have atomic number z.  The caller frees *atom with
 * free().  Errors: DFT_EINPUT when there are none; those of dft_symmetry_create; DFT_ENOMEM. */
dft_status cand_dilute_sites(const dft_crystal *host, int z, size_t **atom, size_t *n, dft_error *err);

/* copies[0] x copies[1] x copies[2] cells of the host with one copy of `atom` replaced by element solute;
 * it is atom 0 of the result.  info may be NULL.  The caller owns *out; NULL on failure.  Errors:
 * DFT_EINPUT for an atom or copies out of range, or a solute that is the host's element; those of
 * cand_crystal_supercell. */
dft_status cand_dilute_create(const dft_crystal *host, const int copies[3], size_t atom, int solute,
                              dft_crystal **out, cand_dilute_info *info, dft_error *err);

#endif
