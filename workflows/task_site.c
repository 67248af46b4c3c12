#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/sites.h"
#include "dft-lite/base/units.h"
#include "workflows/adatom.h"
#include "workflows/height_scan.h"

#define Z_LI 3

static dft_status find_site(const flow_spec *spec, const dft_crystal *slab, cand_site *out,
                            dft_error *err)
{
    cand_site *site = NULL;
    size_t n = 0, i = 0;
    dft_status status = cand_sites_find(slab, Z_LI, NULL, &site, &n, err);

    while (status == DFT_OK && i < n && strcmp(site[i].label, spec->place) != 0)
        i++;
    if (status == DFT_OK && i == n)
        status = dft_fail(err, DFT_EINPUT, "the site %s of the starting lattice does not exist at "
                          "the equilibrium lattice constant", spec->place);
    else if (status == DFT_OK)
        *out = site[i];
    free(site);
    return status;
}

static void report(const flow_height_scan *s, const cand_site *site, flow_task_result *out)
{
    const desc_height_scan *found = &s->found;
    const int done = out->outcome == RES_DONE;
    json_t *r = out->results;

    json_object_set_new(r, "site", json_pack("{s:s, s:s, s:s, s:i, s:I}", "label", site->label,
                                             "name", site->name, "elements", site->elements,
                                             "coordination", site->coordination,
                                             "multiplicity", (json_int_t)site->multiplicity));
    json_object_set_new(r, "energy_ev", res_number(done ? found->energy * DFT_HARTREE_EV : NAN));
    json_object_set_new(r, "height_ang", res_number(done ? found->height * DFT_BOHR_ANG : NAN));
    json_object_set_new(r, "curvature_ev_per_ang2",
                        res_number(done ? found->curvature * DFT_HARTREE_EV
                                          / (DFT_BOHR_ANG * DFT_BOHR_ANG) : NAN));
    json_object_set_new(r, "li_coverage_ml", res_number(flow_adatom_coverage_ml(s->slab)));
    json_object_set_new(r, "n_planned", json_integer(s->session->spec->protocol.heights));
    json_object_set_new(r, "n_used", json_integer((json_int_t)s->n));
}

dft_status flow_task_site(flow_session *session, const char *run_dir, flow_task_result *out,
                          dft_error *err)
{
    dft_crystal *slab = NULL;
    cand_site site;
    flow_height_scan scan;
    dft_status status = flow_task_cut(session->spec, run_dir, &slab, out->results, err);

    if (status == DFT_OK)
        status = find_site(session->spec, slab, &site, err);
    if (status == DFT_OK) {
        scan = flow_height_scan_at(session, slab, site.frac, flow_height_scan_guess(&site), "");
        status = flow_height_scan_run(&scan, out, err);
    }
    if (status == DFT_OK)
        report(&scan, &site, out);
    dft_crystal_free(slab);
    return status;
}
