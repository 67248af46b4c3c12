#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/sites.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "workflows/adatom.h"
#include "workflows/hop_names.h"
#include "workflows/spread.h"
#include "workflows/supercell_task.h"
#include "workflows/task.h"

/* Lithium on the relaxed slab: every distinct site relaxed, the hops between those it stays on, and the
 * barrier of spreading (workflows/spread.h). */

#define Z_LI 3

static dft_status read_slab(const flow_spec *spec, const char *run_dir, dft_crystal **out, dft_error *err)
{
    const char *key = flow_spec_upstream(spec, "rslab");
    json_t *record = NULL;
    dft_status status = res_record_read(run_dir, key, &record, err);

    *out = NULL;
    if (status == DFT_OK)
        status = flow_spec_structure(key, json_array_get(json_object_get(
                     json_object_get(record, "results"), "structures"), 0), out, err);
    json_decref(record);
    return status;
}

static json_t *site_json(const flow_adatom *adatom, const cand_site *site)
{
    const int known = adatom->outcome != FLOW_ADATOM_UNCONVERGED;

    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "label", site->label, "outcome",
                     flow_adatom_outcome_name(adatom->outcome),
                     "energy_ev", res_number(known ? adatom->energy * DFT_HARTREE_EV : NAN),
                     "height_ang", res_number(known ? adatom->height * DFT_BOHR_ANG : NAN),
                     "shift_ang", res_number(known ? adatom->shift * DFT_BOHR_ANG : NAN),
                     "message", adatom->message);
}

static double ev(double hartree)
{
    return isfinite(hartree) ? hartree * DFT_HARTREE_EV : NAN;
}

static void report(const flow_spread_result *found, const cand_site *site, const dft_crystal *slab,
                   flow_task_result *out)
{
    json_t *r = out->results, *sites = json_array();
    double lowest = HUGE_VAL;

    for (size_t i = 0; i < found->n_sites; i++) {
        const flow_adatom *adatom = &found->adatom[i];
        if (!adatom->site)
            continue;
        json_array_append_new(sites, site_json(adatom, &site[i]));
        if (adatom->outcome != FLOW_ADATOM_UNCONVERGED)
            lowest = fmin(lowest, adatom->energy);
    }
    json_object_set_new(r, "sites", sites);
    json_object_set_new(r, "energy_ev", res_number(ev(lowest)));
    json_object_set_new(r, "li_coverage_ml", res_number(flow_adatom_coverage_ml(slab)));
    json_object_set_new(r, "barrier_origin", json_string(found->is_estimate ? "constrained relaxation"
                                                                            : "ci-neb"));
    json_object_set_new(r, "barrier_1d_ev", res_number(found->is_complete
                                                       ? ev(found->spreading.barrier[0]) : NAN));
    json_object_set_new(r, "barrier_2d_ev", res_number(found->is_complete
                                                       ? ev(found->spreading.barrier[1]) : NAN));
    json_object_set_new(r, "n_evaluations", json_integer(found->n_evaluations));
    if (!found->is_complete) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "no barrier of spreading: %.280s", found->message);
    }
}

static dft_status spread(flow_session *session, const dft_crystal *slab, const cand_site *site, size_t n,
                         flow_task_result *out, dft_error *err)
{
    const flow_spec *spec = session->spec;
    const double force = spec->protocol.force_limit_ev_per_ang / DFT_HARTREE_EV * DFT_BOHR_ANG;
    const dft_scf_options scf = flow_spec_scf_options(spec, slab->lattice, NULL);
    unsigned char (*fixed)[3] = dft_alloc(slab->n_atoms + 1, sizeof *fixed);
    bool *all = dft_alloc(n, sizeof *all);
    flow_session_driver driver = { .session = session, .label = "Li on the slab, step" };
    flow_spread_options options = flow_spread_defaults();
    flow_spread_result *found = NULL;
    dft_status status = DFT_OK;

    if (!fixed || !all)
        status = dft_fail(err, DFT_ENOMEM, "no memory for %zu atoms", slab->n_atoms);
    for (size_t i = 0; i < n && all; i++)
        all[i] = true;
    memcpy(driver.mesh, scf.kmesh, sizeof driver.mesh);
    const flow_evaluator evaluator = flow_session_evaluator(&driver);
    options.bands = spec->protocol.neb_bands;
    options.n_interior = (size_t)spec->protocol.neb_images;
    options.is_place = all;
    options.fixed = (const unsigned char (*)[3])fixed;
    options.relax.fmax = options.drag.fmax = options.neb.fmax = force;
    options.relax.max_iterations = options.drag.max_iterations = spec->protocol.max_ionic_steps;
    options.neb.max_iterations = spec->protocol.max_ionic_steps;
    if (status == DFT_OK)
        status = flow_hold_lower_half(slab, spec->sheet, fixed, err);
    if (status == DFT_OK)
        status = flow_spread_run(&evaluator, slab, site, n, &options, &found, err);
    if (status == DFT_OK)
        report(found, site, slab, out);
    flow_spread_result_free(found);
    free(fixed);
    free(all);
    return status;
}

dft_status flow_task_spread(flow_session *session, const char *run_dir, flow_task_result *out,
                            dft_error *err)
{
    dft_crystal *slab = NULL;
    cand_site *site = NULL;
    size_t n = 0;
    dft_status status = read_slab(session->spec, run_dir, &slab, err);

    if (status == DFT_OK)
        status = cand_sites_find(slab, Z_LI, NULL, &site, &n, err);
    if (status == DFT_OK)
        status = spread(session, slab, site, n, out, err);
    free(site);
    dft_crystal_free(slab);
    return status;
}
