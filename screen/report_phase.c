#include "screen/report_phase.h"

#include <string.h>

#include "descriptors/lithiation_data.h"
#include "results/record.h"
#include "screen/phase_collected.h"

static json_t *step_json(const desc_voltage_step *step)
{
    char reaction[200];

    desc_reaction_text(&step->reaction, reaction, sizeof reaction);
    return json_pack("{s:o, s:o, s:o, s:s}", "voltage_v", res_number(step->voltage_v), "n_li",
                     res_number(step->n_guest), "capacity_mah_per_g",
                     res_number(step->capacity_mah_per_g), "reaction", reaction);
}

/* Where no set of energies can judge the reaction there is no profile, which is not a flat one. */
static void add_profile(const desc_phase_data *data, const char *host, json_t *profiles)
{
    desc_lithiation_path path;

    if (desc_lithiation_path_find(data, host, &path, NULL) != DFT_OK)
        return;
    const desc_voltage_profile *p = &path.profile;
    json_t *steps = json_array();
    for (size_t i = 0; i < p->n_steps; i++)
        json_array_append_new(steps, step_json(&p->step[i]));
    json_array_append_new(profiles, json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "host", host, "set",
        desc_energy_set_name(path.set), "confidence", path.confidence, "gaps", path.gaps,
        "average_voltage_v", res_number(p->average_voltage_v), "capacity_mah_per_g",
        res_number(p->capacity_mah_per_g), "volume_change", res_number(p->volume_change), "steps",
        steps));
    desc_lithiation_path_clear(&path);
}

json_t *screen_report_phase(const desc_phase_data *data, const char *formula)
{
    desc_active_element active;
    desc_solubility s;
    desc_lithiation first;

    if (desc_candidate_phase(data, formula, &active, &s, &first, NULL) != DFT_OK)
        return NULL;
    json_t *profiles = json_array();
    if (active.state != DESC_STATE_LITHIATED)
        add_profile(data, formula, profiles);
    if (active.element[0] && strcmp(active.element, formula) != 0)
        add_profile(data, active.element, profiles);
    return json_pack("{s:{s:s, s:s, s:s, s:s}, s:{s:o, s:o, s:o, s:s, s:s, s:s, s:s}, s:o, s:o, s:o}",
        "active", "element", active.element, "state", desc_state_name(active.state), "note",
        active.note ? active.note : "", "source", active.source ? active.source : "",
        "solubility", "x", res_number(s.x), "low", res_number(s.low), "high", res_number(s.high),
        "origin", desc_origin_name(s.origin), "confidence", s.confidence ? s.confidence : "", "basis",
        s.basis ? s.basis : "", "source", s.source ? s.source : "", "profiles", profiles, "phases",
        screen_phase_compounds(data, active.element), "plateaus",
        screen_phase_plateaus(data, active.element));
}
