/*
 * workflows/coverage.h - lithium coverages that may stand in one ranking.
 *
 * In a monolayer lithium atoms hold each other: a further layer on lithium binds by 0 eV where a lone adatom
 * is bound 0.1 to 0.3 eV less.  Binding energies of the two do not compare, whatever the substrate.  What
 * tells them apart is the distance from an adatom to its own images, the shortest repeat of the cell that
 * was computed, whichever protocol asked for it: closer than FLOW_APART_ANG it is a monolayer (one Li on
 * each p(1x1)), else adatoms apart.  `quick` and `fast` put one Li on each surface's own cell and
 * rank the coverage that most candidates have there, in practice monolayers; a cell that is larger by itself
 * (Mg3N2, silver on copper) keeps the reason "coverage: ..." and is not computed.  `balanced` and
 * `stringent` rank adatoms apart, and a cell that does not keep the protocol's distance leaves.  Angstrom.
 */
#ifndef FLOW_COVERAGE_H
#define FLOW_COVERAGE_H

#include <jansson.h>
#include <stddef.h>

#define FLOW_APART_ANG 5.0

typedef enum { FLOW_MONOLAYER, FLOW_APART } flow_coverage;

/* From an adatom to its nearest image in the cell of a record's first energy; NaN when the record has none. */
double flow_coverage_spacing_ang(const json_t *record);

/* The distance that a record's protocol asks for ("adatom_spacing_ang"); FLOW_APART_ANG where it says
 * nothing or less. */
double flow_coverage_wanted_ang(const json_t *record);

/* Writes why lithium `spacing_ang` apart does not belong into a ranking of `ranked` (those apart: by
 * wanted_ang), and nothing where it does or where the spacing is NaN. */
void flow_coverage_reason(flow_coverage ranked, double spacing_ang, double wanted_ang, char *reason,
                          size_t size);

#endif
