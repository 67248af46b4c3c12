/*
 * candidates/picture.h - a slab as a picture: seen from above and from the side, sites labelled.
 *
 * SVG 1.1, 24 pixels to the Angstrom.  Atoms are discs of 0.8 covalent radii in the usual colours
 * (Jmol's), from above paler the deeper they lie; the cell is outlined.  Every place of a site carries
 * its number, in the colour of its site; the legend says which, with the multiplicity.  The side view
 * looks along the first cell vector and shows sites at the height where an adatom starts.
 */
#ifndef CAND_PICTURE_H
#define CAND_PICTURE_H

#include <stddef.h>

#include "candidates/sites.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

/* The picture of a slab; site[n_sites] may be empty (NULL, 0).  title is text for people; it is
 * escaped.  The caller frees *svg with free(); NULL on failure.  Errors: those of
 * cand_layer_create; DFT_ENOMEM. */
dft_status cand_picture_svg(const dft_crystal *slab, const cand_site *site, size_t n_sites,
                            const char *title, char **svg, dft_error *err);

#endif
