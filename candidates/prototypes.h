/*
 * candidates/prototypes.h - crystal types decorated with elements.
 *
 * prototypes.csv and prototype_sites.csv hold the types; every one has the slots A, or A and B, of its
 * formula.  A decorated cell is the conventional one (Miller indices refer to it) with a start estimate
 * of its size, which a calculation has to relax:
 *   volume   V = sum of the elements' atomic volumes, of Li in compounds 14.0 A^3.  Over the alloys of
 *            the structure library the lattice constants are within 5 % (Li3Mg: 7 %).
 *   bond     a = factor x (r_A + r_B), Shannon's radii; within 4.5 % over its ionic entries.
 * tests/candidates/test_prototypes.c measures both.  Bohr.  Immutable once read.
 */
#ifndef CAND_PROTOTYPES_H
#define CAND_PROTOTYPES_H

#include <stddef.h>

#include "candidates/ions.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct cand_prototypes cand_prototypes;

typedef struct {
    const char *id;                 /* "B2": part of generated names; texts are borrowed */
    const char *designation;        /* "CsCl (B2)" */
    int space_group_number;
    int n_slots;                    /* 1 or 2 */
    int count[2];                   /* of A and B in the formula: A3B is 3, 1 */
    double c_over_a, gamma_deg;
    const char *rule;               /* "volume" or "bond" */
    double factor;                  /* a over the bond length; NaN for volume */
    int coordination[2];            /* that the ionic radii are taken for */
} cand_prototype;

/* The caller owns *out; NULL on failure.  Errors: DFT_ENOFILE; DFT_EPARSE naming file and line;
 * DFT_ENOMEM. */
dft_status cand_prototypes_read(const char *directory, cand_prototypes **out, dft_error *err);
void cand_prototypes_free(cand_prototypes *prototypes);     /* NULL is accepted */

size_t cand_prototypes_size(const cand_prototypes *prototypes);
const cand_prototype *cand_prototypes_entry(const cand_prototypes *prototypes, size_t i);

/* By id.  Errors: DFT_EINPUT with the nearest name. */
dft_status cand_prototypes_find(const cand_prototypes *prototypes, const char *id, size_t *i,
                                dft_error *err);

/* The conventional cell with element z[s] in slot s.  The caller owns *out; NULL on failure.  Errors:
 * DFT_EINPUT when the elements' sizes are not known (no atomic volume; no ionic radius with the charge
 * that the formula asks for: a charge filter in itself) or are equal; DFT_ENOMEM. */
dft_status cand_prototype_decorate(const cand_prototypes *prototypes, size_t i,
                                   const cand_ions *ions, const int z[2], dft_crystal **out,
                                   dft_error *err);

/* "Li3Ag" for D0_3 with A = Li, B = Ag; slots in the order metals first, as in candidates/miller.h. */
void cand_prototype_formula(const cand_prototype *prototype, const int z[2], char text[32]);

#endif
