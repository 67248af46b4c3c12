/*
 * candidates/film.h - coatings: a film of n layers of one crystal on a slab or sheet of another, in the
 * best cell that matches both, with the strain that the film bears stated.
 *
 * Ag on Cu, Mg on Ti3C2Tx, Li on anything.  Bohr.
 */
#ifndef CAND_FILM_H
#define CAND_FILM_H

#include "candidates/interface.h"
#include "candidates/slab.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    int miller[3];                  /* the film's face, of its conventional cell */
    int n_layers, termination;
    double max_area;                /* of the common cell, bohr^2 */
    double max_strain;              /* as in candidates/coincidence.h */
    double vacuum;                  /* bohr */
} cand_film_options;

typedef struct {
    cand_coincidence cell;          /* the match: strain, twist, cells of each */
    cand_interface_info interface;
    cand_slab_info film;            /* the unstrained film; more layers than asked where equal faces need
                                       them */
} cand_film_info;

/* The film on the collector's top face: of all common cells within the limits the smallest one whose
 * strain is at most a third of max_strain above the least.  The caller owns *out; NULL on failure.
 * info may be NULL.  Errors: DFT_EINPUT when no cell matches, with the limits; those of cand_slab_create
 * and cand_interface_build. */
dft_status cand_film_build(const dft_crystal *collector, const dft_crystal *film_conventional,
                           const cand_film_options *options, dft_crystal **out, cand_film_info *info,
                           dft_error *err);

#endif
