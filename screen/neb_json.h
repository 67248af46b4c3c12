/*
 * screen/neb_json.h - bands and spreading as JSON: eV, Angstrom.
 *
 * Numbers that there are none of are null.
 */
#ifndef SCREEN_NEB_JSON_H
#define SCREEN_NEB_JSON_H

#include <jansson.h>

#include "workflows/neb.h"
#include "workflows/spread.h"

/* barrier_forward_ev, barrier_reverse_ev, converged, message, images [{energy_ev, relative_ev,
 * free_energy_ev, fmax_ev_per_ang, coordinate_ang}], saddle {image, curvature_ev_per_ang2,
 * fmax_ev_per_ang} or null, iterations, evaluations.  The caller owns it; NULL when memory is
 * refused. */
json_t *screen_neb_json(const flow_neb_result *result);

/* migration_barrier_ev (both directions), migration_barrier_1d_ev, along, anisotropy, hop_rate_hz
 * at 298.15 K with its prefactor_hz, limiting_hop, sites, hops.  lattice: of the slab, bohr.  The
 * caller owns it; NULL when memory is refused. */
json_t *screen_spread_json(const flow_spread_result *result, const cand_site *site,
                           const double lattice[3][3]);

#endif
