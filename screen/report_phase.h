/*
 * screen/report_phase.h - what the phase data say of a candidate, as JSON for its page.
 */
#ifndef SCREEN_REPORT_PHASE_H
#define SCREEN_REPORT_PHASE_H

#include <jansson.h>

#include "descriptors/phase_data.h"
#include "dft-lite/base/status.h"

/* {active: {element, state, note, source}, solubility: {x, low, high, origin, confidence, basis,
 *   source}, profiles: [{host, set, confidence, gaps, average_voltage_v, capacity_mah_per_g,
 *   volume_change, steps: [{voltage_v, n_li, capacity_mah_per_g, reaction}]}],
 *  phases: [{formula, x_li, dhf_kj_per_mol_atoms, origin, kind}],
 *  plateaus: [{reaction, voltage_v, temperature_k, equilibrium, origin, source}]}
 * profiles: of the candidate itself, and of the metal that Li alloys with where that is another.
 * A new reference; NULL for a formula that cannot be read, or when memory is refused. */
json_t *screen_report_phase(const desc_phase_data *data, const char *formula);

#endif
