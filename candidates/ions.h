/*
 * candidates/ions.h - sizes and charges of the elements: what start estimates and filters are made of.
 *
 * elements.csv: atomic volumes of the condensed elements and oxidation states known in crystals;
 * radii.csv: effective ionic radii, R. D. Shannon, Acta Cryst. A32, 751 (1976).  Both say where they
 * come from.  Bohr.  Immutable once read.
 */
#ifndef CAND_IONS_H
#define CAND_IONS_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct cand_ions cand_ions;

/* Reads elements.csv and radii.csv of `directory`.  The caller owns *out; NULL on failure.  Errors:
 * DFT_ENOFILE; DFT_EPARSE naming file and line; DFT_ENOMEM. */
dft_status cand_ions_read(const char *directory, cand_ions **out, dft_error *err);
void cand_ions_free(cand_ions *ions);                       /* NULL is accepted */

/* Volume per atom of the condensed element, bohr^3; NaN where none is known. */
double cand_ions_volume(const cand_ions *ions, int z);

/* The same in compounds with other metals: smaller for Li, which gives its electron away. */
double cand_ions_alloy_volume(const cand_ions *ions, int z);

/* Radius of half the distance of neighbours that close packing at that volume gives, bohr:
 * (Omega / 4 sqrt 2)^(1/3), V. M. Goldschmidt's radius for coordination 12; NaN likewise. */
double cand_ions_metallic_radius(const cand_ions *ions, int z);

/* Radius of an ion with this charge, bohr, for the coordination nearest to the one asked for (the
 * smaller of two); NaN when the charge is not in the table. */
double cand_ions_radius(const cand_ions *ions, int z, int charge, int coordination);

/* Oxidation states, ascending (elements.csv has the commonest first); returns how many. */
#define CAND_MAX_STATES 8
size_t cand_ions_states(const cand_ions *ions, int z, int state[CAND_MAX_STATES]);

#endif
