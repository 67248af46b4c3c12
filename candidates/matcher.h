/*
 * candidates/matcher.h - are two crystals the same structure?
 *
 * The answer does not depend on orientation, handedness, cell, supercell, origin or order of the atoms:
 * both crystals are taken to their primitive, Minkowski-reduced cells and scaled to one volume (the
 * geometric mean); every triple of lattice vectors of the second that could be the first's cell, seen
 * through a small strain, is tried, and every origin that puts an atom of the rarest element onto
 * another.  Mirror images count as equal: their energies are.  Lengths in bohr.
 *
 * Noise hides translations: a supercell whose atoms are off by more than rounding keeps its size at
 * first.  When two such cells do not match as they are, they are folded once more, with the default limit
 * of the atoms (0.1 A) as tolerance, and compared again, if that limit is not asked to be tighter: noise up
 * to a quarter of it (0.025 A from each atom's place) is seen through in any supercell.  Distances are then
 * those of the folded cells, in which one atom stands for all its copies.
 *
 * Measure of the cells: the norm of the Green-Lagrange strain E = (F^T F - 1)/2 of the map F between
 * them, sqrt(sum E_ij^2); of the atoms: the largest distance from where it should be, after the mean
 * has been taken out.
 */
#ifndef CAND_MATCHER_H
#define CAND_MATCHER_H

#include <stdbool.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    double strain;                  /* largest norm of E */
    double distance;                /* largest displacement of an atom, bohr */
    double volume;                  /* largest |ln(V1/V2)| of the volumes per atom */
} cand_match_options;

/* 0.01, 0.1 A and 0.3: rounding of published structures and the difference between functionals pass,
 * a tetragonal distortion of 1.5 % does not. */
cand_match_options cand_match_defaults(void);

typedef struct {
    bool same;
    double strain;                  /* of the match that was found, as above; 0 when not the same */
    double distance;
    double log_volume_ratio;        /* ln(V2/V1), per atom */
} cand_match;

/* A crystal made ready to be compared; many comparisons share the work.  Immutable once made. */
typedef struct cand_shape cand_shape;

/* The caller owns *out; NULL on failure.  Errors: those of cand_crystal_primitive; DFT_ENOMEM. */
dft_status cand_shape_create(const dft_crystal *crystal, cand_shape **out, dft_error *err);
void cand_shape_free(cand_shape *shape);                    /* NULL is accepted */

/* The reduced primitive cell that is compared; borrowed from the shape. */
const dft_crystal *cand_shape_crystal(const cand_shape *shape);

/* options NULL means defaults.  Errors: DFT_ENOMEM. */
dft_status cand_shapes_match(const cand_shape *first, const cand_shape *second,
                             const cand_match_options *options, cand_match *out, dft_error *err);

/* Both in one call. */
dft_status cand_crystals_match(const dft_crystal *first, const dft_crystal *second,
                               const cand_match_options *options, cand_match *out, dft_error *err);

#endif
