/*
 * screen/phase_collected.h - a Li-M system from the collected data: solubilities by the order of
 * trust, compounds, plateaus; as JSON.
 */
#ifndef SCREEN_PHASE_COLLECTED_H
#define SCREEN_PHASE_COLLECTED_H

#include <jansson.h>

#include "descriptors/phase_data.h"
#include "dft-lite/base/status.h"

/* Is anything about this metal in the collected data? */
int screen_phase_is_collected(const desc_phase_data *data, const char *metal);

/* Compounds of lithium with the metal, [{formula, phase, x_li, formation_energy_kj_per_mol_atoms, origin,
 * confidence, note, source}], and plateaus, [{voltage_v, phases: [reaction], temperature_k, equilibrium, origin,
 * confidence, note, source}].  New references. */
json_t *screen_phase_compounds(const desc_phase_data *data, const char *metal);
json_t *screen_phase_plateaus(const desc_phase_data *data, const char *metal);

/* Puts x(M in bcc Li) by the order of trust (descriptors/solubility.h) first into root's
 * "solubility"; calphad_x is what a description gives (NaN: nothing), whose row stands there
 * already. Then adds the collected points, and compounds and plateaus unless root has them.
 * Errors: DFT_EINPUT and DFT_ENOMEM of desc_solubility_at. */
dft_status screen_phase_collected(const desc_phase_data *data, const char *metal,
                                  double temperature_k, double calphad_x, json_t *root,
                                  dft_error *err);

#endif
