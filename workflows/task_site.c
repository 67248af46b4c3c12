#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "candidates/sites.h"
#include "descriptors/binding.h"
#include "dft-lite/base/units.h"
#include "workflows/task.h"

#define Z_LI 3
#define MAX_HEIGHTS 40              /* flow_protocol_check's bound */
#define ANHARMONIC 0.53             /* 1/bohr (1/A): decay of Li wells; their cubic term is 3 a times
                                       the curvature, as in a Morse curve */
#define REFINE_HA (3e-3 / DFT_HARTREE_EV)   /* a parabola's bottom is trusted to this */

typedef struct {
    flow_session *session;
    const dft_crystal *slab;
    const cand_site *site;
    double first, step;             /* bohr: heights are first + i step, i = lowest..highest */
    int lowest, highest;
    size_t n;
    double height[MAX_HEIGHTS], energy[MAX_HEIGHTS];        /* bohr, Ha */
} scan;

static dft_status find_site(const flow_spec *spec, const dft_crystal *slab, cand_site *out,
                            dft_error *err)
{
    cand_site *site = NULL;
    size_t n = 0, i = 0;
    dft_status status = cand_sites_find(slab, Z_LI, NULL, &site, &n, err);

    while (status == DFT_OK && i < n && strcmp(site[i].label, spec->site) != 0)
        i++;
    if (status == DFT_OK && i == n)
        status = dft_fail(err, DFT_EINPUT, "the site %s of the starting lattice does not exist at "
                          "the equilibrium lattice constant", spec->site);
    else if (status == DFT_OK)
        *out = site[i];
    free(site);
    return status;
}

static dft_status add_height(scan *s, double height, flow_task_result *out, dft_error *err)
{
    dft_crystal *crystal = NULL;
    flow_energy energy = { 0, NAN, "" };
    char label[64];
    dft_status status = cand_add_atom(s->slab, Z_LI, s->site->frac, height, &crystal, err);

    snprintf(label, sizeof label, "Li height %.4f A", height * DFT_BOHR_ANG);
    if (status == DFT_OK)
        status = flow_session_compute(s->session, crystal, NULL, label, &energy, err);
    dft_crystal_free(crystal);
    if (status != DFT_OK)
        return status;
    if (!energy.converged) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "%s did not converge: %.200s", label,
                 energy.message);
        return DFT_OK;
    }
    s->height[s->n] = height;
    s->energy[s->n++] = energy.energy;
    return DFT_OK;
}

static dft_status add_step(scan *s, int index, flow_task_result *out, dft_error *err)
{
    s->lowest = index < s->lowest ? index : s->lowest;
    s->highest = index > s->highest ? index : s->highest;
    return add_height(s, s->first + index * s->step, out, err);
}

/* C, N, O or F among "ZnO2"'s elements: a symbol of one letter. */
static int has_light_nonmetal(const char *elements)
{
    for (const char *c = elements; *c; c++)
        if (strchr("CNOF", *c) && !islower((unsigned char)c[1]))
            return 1;
    return 0;
}

/* Bonds of Li to metal atoms are up to a tenth longer than the sum of covalent radii, at which the
 * site's own guess puts it (Li on Al(111): 2.68 to 2.81 A against 2.49; on Cu(111): 2.40 to 2.60
 * against 2.60).  A good first height saves energies and decides nothing else. */
static double first_height(const cand_site *site)
{
    const double stretch = has_light_nonmetal(site->elements) ? 1.0 : 1.1;
    const double bond = stretch * hypot(site->height, site->distance);

    return sqrt(fmax(bond * bond - site->distance * site->distance,
                     site->height * site->height));
}

/* The end of the scan at which the energy is lower: where it goes on. */
static int next_index(const scan *s)
{
    double below = 0.0, above = 0.0;

    for (size_t i = 0; i < s->n; i++) {
        if (fabs(s->height[i] - (s->first + s->lowest * s->step)) < 0.5 * s->step)
            below = s->energy[i];
        if (fabs(s->height[i] - (s->first + s->highest * s->step)) < 0.5 * s->step)
            above = s->energy[i];
    }
    return s->n == 1 || below < above ? s->lowest - 1 : s->highest + 1;
}

static double nearest_height(const scan *s, double height)
{
    double nearest = HUGE_VAL;
    for (size_t i = 0; i < s->n; i++)
        nearest = fmin(nearest, fabs(s->height[i] - height));
    return nearest;
}

/* How much the cubic term of the well moves the parabola's bottom: a parabola through heights h apart
 * errs by (third derivative/6) t (h^2 - t^2) at a distance t from the nearest of them. */
static double expected_error(const scan *s, const desc_height_scan *found)
{
    const double t = nearest_height(s, found->height), h = s->step;
    return 0.5 * ANHARMONIC * found->curvature * t * fmax(0.0, h * h - t * t);
}

static dft_status refine(scan *s, desc_height_scan *found, flow_task_result *out, dft_error *err)
{
    dft_status status;

    if (expected_error(s, found) < REFINE_HA || s->n == MAX_HEIGHTS)
        return DFT_OK;
    status = add_height(s, found->height, out, err);
    if (status == DFT_OK && out->outcome == RES_DONE)
        status = desc_height_scan_fit(s->n, s->height, s->energy, found, err);
    return status;
}

/* The first height, the next below it, and then on towards the lower end, until there are as many as
 * the protocol wants and the parabola through the three about the lowest has its minimum inside; last,
 * where the parabola may be off, the energy at that minimum. */
static dft_status run_scan(scan *s, desc_height_scan *found, flow_task_result *out, dft_error *err)
{
    const flow_protocol *protocol = &s->session->spec->protocol;
    dft_status status = add_step(s, 0, out, err);

    while (status == DFT_OK && out->outcome == RES_DONE) {
        if (s->n >= (size_t)protocol->heights)
            status = desc_height_scan_fit(s->n, s->height, s->energy, found, err);
        if (status != DFT_OK || found->inside || s->n >= (size_t)protocol->max_heights)
            break;
        status = add_step(s, next_index(s), out, err);
    }
    if (status == DFT_OK && out->outcome == RES_DONE && found->inside)
        status = refine(s, found, out, err);
    return status;
}

/* Li per atom of the slab's top plane. */
static double coverage_ml(const dft_crystal *slab)
{
    const double depth = cand_sites_defaults().top_depth;
    cand_layer *layer = NULL;
    size_t n_top = 0;

    if (cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, NULL) != DFT_OK)
        return NAN;
    for (size_t i = 0; i < layer->n_atoms; i++)
        n_top += layer->height[i] > layer->top - depth;
    cand_layer_free(layer);
    return 1.0 / (double)n_top;
}

static void report(const scan *s, const desc_height_scan *found, flow_task_result *out)
{
    const cand_site *site = s->site;
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
    json_object_set_new(r, "li_coverage_ml", res_number(coverage_ml(s->slab)));
    json_object_set_new(r, "n_planned", json_integer(s->session->spec->protocol.heights));
    json_object_set_new(r, "n_used", json_integer((json_int_t)s->n));
}

dft_status flow_task_site(flow_session *session, const char *run_dir, flow_task_result *out,
                          dft_error *err)
{
    dft_crystal *slab = NULL;
    cand_site site;
    scan s = { .session = session, .site = &site,
               .step = session->spec->protocol.height_step_ang / DFT_BOHR_ANG };
    desc_height_scan found = { .inside = false };
    dft_status status = flow_task_cut(session->spec, run_dir, &slab, out->results, err);

    s.slab = slab;
    if (status == DFT_OK)
        status = find_site(session->spec, slab, &site, err);
    if (status == DFT_OK)
        s.first = first_height(&site);
    if (status == DFT_OK)
        status = run_scan(&s, &found, out, err);
    if (status == DFT_OK && out->outcome == RES_DONE && !found.inside) {
        out->outcome = RES_FAILED;
        snprintf(out->reason, sizeof out->reason, "no minimum inside the %zu heights from %.2f to "
                 "%.2f A", s.n, (s.first + s.lowest * s.step) * DFT_BOHR_ANG,
                 (s.first + s.highest * s.step) * DFT_BOHR_ANG);
    }
    if (status == DFT_OK)
        report(&s, &found, out);
    dft_crystal_free(slab);
    return status;
}
