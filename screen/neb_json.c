#include "screen/neb_json.h"

#include <math.h>
#include <stdio.h>

#include "descriptors/hopping.h"
#include "dft-lite/base/units.h"
#include "results/record.h"

#define EV DFT_HARTREE_EV
#define EV_ANG (DFT_HARTREE_EV / DFT_BOHR_ANG)
#define EV_ANG2 (EV_ANG / DFT_BOHR_ANG)

/* ---- bands ---- */

static json_t *image_json(const flow_neb_result *r, size_t i)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}",
                     "energy_ev", res_number(r->energy[i] * EV),
                     "relative_ev", res_number((r->energy[i] - r->energy[0]) * EV),
                     "free_energy_ev", res_number(r->free_energy[i] * EV),
                     "fmax_ev_per_ang", res_number(r->fmax[i] * EV_ANG),
                     "coordinate_ang", res_number(r->coordinate[i] * DFT_BOHR_ANG));
}

static json_t *saddle_json(const flow_neb_result *r)
{
    if (!r->has_saddle)
        return json_null();
    return json_pack("{s:I, s:o, s:o}", "image", (json_int_t)r->top,
                     "curvature_ev_per_ang2", res_number(r->curvature * EV_ANG2),
                     "fmax_ev_per_ang", res_number(r->fmax[r->top] * EV_ANG));
}

json_t *screen_neb_json(const flow_neb_result *result)
{
    json_t *images = json_array();

    for (size_t i = 0; i < result->n_images; i++)
        if (json_array_append_new(images, image_json(result, i)) != 0) {
            json_decref(images);
            return NULL;
        }
    return json_pack("{s:o, s:o, s:b, s:s, s:o, s:o, s:b, s:i, s:i, s:i}",
                     "barrier_forward_ev", res_number(result->barrier_forward * EV),
                     "barrier_reverse_ev", res_number(result->barrier_reverse * EV),
                     "converged", result->converged,
                     "message", result->message,
                     "images", images,
                     "saddle", saddle_json(result),
                     "climbing", result->is_climbing,
                     "iterations", result->n_iterations,
                     "evaluations", result->n_evaluations,
                     "scf_steps", result->n_steps);
}

/* ---- spreading ---- */

/* A number that may be absent, or infinite where no hops lead so far: both null. */
static json_t *barrier_json(double barrier)
{
    return res_number(isfinite(barrier) ? barrier * EV : NAN);
}

static json_t *site_json(const flow_spread_result *r, const cand_site *site, size_t i)
{
    const flow_adatom *a = &r->adatom[i];
    const double lowest = r->site_energy[r->spreading.lowest_site];

    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}",
                     "name", site[i].label,
                     "outcome", flow_adatom_outcome_name(a->outcome),
                     "energy_ev", res_number(a->energy * EV),
                     "above_lowest_ev", res_number(r->graph ? (a->energy - lowest) * EV : NAN),
                     "height_ang", res_number(a->height * DFT_BOHR_ANG),
                     "message", a->message);
}

static json_t *sites_json(const flow_spread_result *r, const cand_site *site)
{
    json_t *sites = json_array();

    for (size_t i = 0; i < r->n_sites; i++)
        if (r->adatom[i].site && json_array_append_new(sites, site_json(r, site, i)) != 0) {
            json_decref(sites);
            return NULL;
        }
    return sites;
}

static json_t *hop_json(const flow_spread_result *r, const cand_site *site, size_t h)
{
    const cand_hop *hop = &r->graph->hop[h];
    const flow_spread_hop *found = &r->hop[h];
    const double from = r->site_energy[hop->from];

    return json_pack("{s:s, s:s, s:s?, s:o, s:I, s:b, s:o, s:o, s:o, s:o, s:o, s:i, s:s}",
                     "from", site[hop->from].label, "to", site[hop->to].label,
                     "over", hop->over == CAND_NO_SITE ? NULL : site[hop->over].label,
                     "length_ang", res_number(hop->length * DFT_BOHR_ANG),
                     "multiplicity", (json_int_t)hop->multiplicity,
                     "folded", found->is_folded,
                     "lower_bound_ev", res_number((found->bound - from) * EV),
                     "estimate_ev", res_number((found->estimate - from) * EV),
                     "barrier_forward_ev", res_number(found->barrier_forward * EV),
                     "barrier_reverse_ev", res_number(found->barrier_reverse * EV),
                     "curvature_ev_per_ang2", res_number(found->curvature * EV_ANG2),
                     "evaluations", found->n_evaluations, "message", found->message);
}

static json_t *hops_json(const flow_spread_result *r, const cand_site *site)
{
    json_t *hops = json_array();

    for (size_t h = 0; r->graph && h < r->graph->n_hops; h++)
        if (json_array_append_new(hops, hop_json(r, site, h)) != 0) {
            json_decref(hops);
            return NULL;
        }
    return hops;
}

/* The easiest direction, lateral Cartesian, Angstrom; null when there is none of its own. */
static json_t *along_json(const flow_spreading *s, const double a[3][3])
{
    if (s->along[0] == 0 && s->along[1] == 0)
        return json_null();
    return json_pack("[f, f, f]",
                     (s->along[0] * a[0][0] + s->along[1] * a[1][0]) * DFT_BOHR_ANG,
                     (s->along[0] * a[0][1] + s->along[1] * a[1][1]) * DFT_BOHR_ANG,
                     (s->along[0] * a[0][2] + s->along[1] * a[1][2]) * DFT_BOHR_ANG);
}

json_t *screen_spread_json(const flow_spread_result *result, const cand_site *site,
                           const double lattice[3][3])
{
    const flow_spreading *s = &result->spreading;
    const double e1 = isfinite(s->barrier[0]) ? s->barrier[0] * EV : NAN;
    const double e2 = isfinite(s->barrier[1]) ? s->barrier[1] * EV : NAN;
    const double nu = desc_thermal_frequency_hz(DESC_ROOM_TEMPERATURE_K);

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:s, s:o, s:o, s:i, s:i}",
        "migration_barrier_ev", barrier_json(s->barrier[1]), "migration_barrier_1d_ev",
        barrier_json(s->barrier[0]), "lower_bound_ev", barrier_json(s->low[1]), "along_ang",
        along_json(s, lattice), "anisotropy_at_298_k",
        res_number(desc_hop_anisotropy(e1, e2, DESC_ROOM_TEMPERATURE_K)), "hop_rate_hz_at_298_k",
        res_number(desc_hop_rate_hz(e2, DESC_ROOM_TEMPERATURE_K, nu)), "prefactor_hz",
        res_number(nu), "prefactor_origin",
        json_string("kT/h: vibrations of minimum and saddle cancel"), "limiting_hop",
        s->limiting[1] == FLOW_NO_HOP ? json_null() : json_integer((json_int_t)s->limiting[1]),
        "limiting_hop_1d",
        s->limiting[0] == FLOW_NO_HOP ? json_null() : json_integer((json_int_t)s->limiting[0]),
        "complete", result->is_complete, "estimate", result->is_estimate, "message",
        result->message, "sites", sites_json(result, site), "hops", hops_json(result, site),
        "evaluations", result->n_evaluations, "scf_steps", result->n_scf);
}
