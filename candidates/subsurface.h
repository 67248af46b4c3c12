/*
 * candidates/subsurface.h - the places beneath the top plane where an adatom may sink in.
 *
 * Centres of the largest empty spheres: points equally far from four or more atoms and from none
 * nearer (vertices of the Voronoi diagram in space), between the top plane and the plane below the
 * exposed atoms.  Distances count from the atoms' centres.  Centres closer than `merge` are one;
 * those that an operation keeping the face carries onto each other too.  Named by the atoms they
 * touch: `octahedral` (6), `tetrahedral` (4), else `interstitial`.  Bohr.
 */
#ifndef CAND_SUBSURFACE_H
#define CAND_SUBSURFACE_H

#include <stddef.h>

#include "candidates/sites.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    char name[16], elements[32], label[64];     /* "octahedral", "Ag6", "octahedral:Ag6" */
    int coordination;
    size_t multiplicity;            /* per cell */
    double frac[2];                 /* lateral, units of a1, a2 */
    double depth;                   /* below the top plane, bohr, positive */
    double position[3];             /* Cartesian, bohr */
    double radius;                  /* of the empty sphere, bohr: to the atoms' centres */
} cand_subsurface_site;

/* All of them, widest first.  options NULL means defaults.  A sheet of one plane has none.  The caller
 * frees *out with free().  Errors: those of cand_layer_create; DFT_ENOMEM. */
dft_status cand_subsurface_find(const dft_crystal *slab, const cand_sites_options *options,
                                cand_subsurface_site **out, size_t *n, dft_error *err);

#endif
