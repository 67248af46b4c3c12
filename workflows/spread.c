#include "workflows/spread.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

typedef struct {
    const flow_evaluator *evaluator;
    const dft_crystal *slab;
    const cand_site *site;
    const flow_spread_options *options;
    flow_spread_result *result;
    bool *is_place;                 /* owned, [n_sites] */
    flow_pass *pass;                /* owned, [n_hops] */
    flow_spread_stage stage;        /* what is running now, for the callbacks */
    size_t index;
} spread;

flow_spread_options flow_spread_defaults(void)
{
    return (flow_spread_options){ .z = 3, .n_interior = 3, .bands = 1, .fold = 1,
                                  .relax = flow_drag_defaults(), .drag = flow_drag_defaults(),
                                  .neb = flow_neb_defaults() };
}

void flow_spread_result_free(flow_spread_result *result)
{
    if (!result)
        return;
    for (size_t h = 0; result->graph && result->hop && h < result->graph->n_hops; h++)
        flow_path_free(result->hop[h].path);
    for (size_t i = 0; result->adatom && i < result->n_sites; i++)
        flow_adatom_clear(&result->adatom[i]);
    free(result->hop);
    cand_hop_graph_free(result->graph);
    free(result->site_energy);
    free(result->adatom);
    free(result);
}

/* ---- callbacks ---- */

static int tell(spread *s, int step, double fmax)
{
    const flow_spread_options *o = s->options;

    if (o->on_step && o->on_step(s->stage, s->index, step, fmax, o->context) != 0)
        s->result->stopped = 1;
    return s->result->stopped;
}

static int on_relax_step(size_t image, int step, double energy, double fmax, void *context)
{
    (void)image;
    (void)energy;
    return tell(context, step, fmax);
}

static int on_band_iteration(const flow_neb_progress *progress, const flow_path *path,
                             void *context)
{
    (void)path;
    return tell(context, progress->iteration, progress->fmax);
}

static flow_drag_options with_callback(spread *s, const flow_drag_options *options)
{
    flow_drag_options own = *options;
    own.on_step = on_relax_step;
    own.context = s;
    return own;
}

static void note(spread *s, const char *what, const char *why)
{
    if (!s->result->message[0])                     /* the first cause */
        snprintf(s->result->message, sizeof s->result->message, "%s: %.400s", what, why);
}

/* ---- sites ---- */

static bool is_hollow(const cand_site *site)
{
    return strcmp(site->name, "fcc") == 0 || strcmp(site->name, "hcp") == 0
        || strcmp(site->name, "hollow") == 0;
}

static dft_status relax_site(spread *s, size_t i, dft_error *err)
{
    flow_spread_result *r = s->result;
    const flow_drag_options relax = with_callback(s, &s->options->relax);
    dft_status status;

    s->stage = FLOW_SPREAD_RELAX;
    s->index = i;
    status = flow_adatom_relax(s->evaluator, s->slab, s->options->z, &s->site[i], s->options->fixed,
                               &relax, &r->adatom[i], err);
    if (status != DFT_OK)
        return status;
    r->n_evaluations += r->adatom[i].n_evaluations;
    r->n_scf += r->adatom[i].n_scf;
    r->site_energy[i] = r->adatom[i].energy;
    if (r->adatom[i].outcome == FLOW_ADATOM_UNCONVERGED)
        note(s, s->site[i].label, r->adatom[i].message);
    else if (r->adatom[i].outcome != FLOW_ADATOM_KEPT) {
        s->is_place[i] = false;
        r->site_energy[i] = NAN;
    }
    return DFT_OK;
}

static dft_status relax_sites(spread *s, dft_error *err)
{
    flow_spread_result *r = s->result;
    size_t n_places = 0;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < r->n_sites; i++) {
        r->site_energy[i] = NAN;
        s->is_place[i] = s->options->is_place ? s->options->is_place[i] : is_hollow(&s->site[i]);
        n_places += s->is_place[i];
    }
    if (n_places == 0)
        return dft_fail(err, DFT_EINPUT, "hops need at least one kind of site to go from and to");
    n_places = 0;
    for (size_t i = 0; i < r->n_sites && status == DFT_OK && !r->message[0]; i++) {
        if (s->is_place[i])
            status = relax_site(s, i, err);
        n_places += s->is_place[i];
    }
    if (status == DFT_OK && n_places == 0)
        note(s, "the surface", "the atom stays on none of the sites it was put on");
    return status;
}

/* ---- hops ---- */

/* One end of a hop, carried there or, where the cell lacks the operation, relaxed there. */
static dft_status hop_end(spread *s, size_t site, const double u[2], dft_crystal **out,
                          dft_error *err)
{
    flow_adatom there;
    cand_site moved = s->site[site];
    const flow_drag_options relax = with_callback(s, &s->options->relax);
    dft_status status = flow_adatom_carry(&s->result->adatom[site], s->slab, u, out, err);

    if (status != DFT_OK || *out)
        return status;
    memcpy(moved.frac, u, sizeof moved.frac);
    status = flow_adatom_relax(s->evaluator, s->slab, s->options->z, &moved, s->options->fixed,
                               &relax, &there, err);
    if (status == DFT_OK) {
        s->result->n_evaluations += there.n_evaluations;
        s->result->n_scf += there.n_scf;
        *out = there.crystal;
        there.crystal = NULL;
    }
    flow_adatom_clear(&there);
    return status;
}

static dft_status lay_path(spread *s, size_t h, dft_error *err)
{
    const cand_hop *hop = &s->result->graph->hop[h];
    const flow_path_options options = { .n_interior = s->options->n_interior, .as_given = 1,
                                        .fixed = s->options->fixed };
    dft_crystal *initial = NULL, *final = NULL;
    dft_status status = hop_end(s, hop->from, hop->start, &initial, err);

    if (status == DFT_OK)
        status = hop_end(s, hop->to, hop->end, &final, err);
    if (status == DFT_OK)
        status = flow_path_create(initial, final, &options, &s->result->hop[h].path, err);
    dft_crystal_free(initial);
    dft_crystal_free(final);
    return status;
}

static dft_status find_fold(spread *s, size_t h, flow_fold **fold, dft_error *err)
{
    flow_spread_hop *hop = &s->result->hop[h];
    dft_status status = DFT_OK;

    *fold = NULL;
    if (s->options->fold)
        status = flow_fold_find(hop->path, FLOW_FOLD_TOLERANCE, fold, err);
    hop->is_folded = *fold != NULL;
    return status;
}

static dft_status look_at(spread *s, size_t h, dft_error *err)
{
    flow_spread_hop *hop = &s->result->hop[h];
    flow_drag_options options = with_callback(s, &s->options->drag);
    flow_drag_result *look = NULL;
    flow_fold *fold = NULL;
    dft_status status;

    s->stage = FLOW_SPREAD_DRAG;
    s->index = h;
    status = lay_path(s, h, err);
    if (status == DFT_OK)
        status = find_fold(s, h, &fold, err);
    options.fold = fold;
    if (status == DFT_OK)
        status = flow_drag_run(s->evaluator, hop->path, s->slab->n_atoms, &options, &look, err);
    if (status == DFT_OK) {
        hop->n_evaluations += look->n_evaluations;
        s->result->n_evaluations += look->n_evaluations;
        s->result->n_scf += look->n_scf;
        hop->was_looked_at = look->converged;
        hop->bound = look->bound + look->energy[0];
        hop->estimate = look->estimate + look->energy[0];
        snprintf(hop->message, sizeof hop->message, "%s", look->message);
    }
    flow_drag_result_free(look);
    flow_fold_free(fold);
    return status;
}

static void take_band(spread *s, size_t h, const flow_neb_result *band)
{
    flow_spread_hop *hop = &s->result->hop[h];

    hop->n_evaluations += band->n_evaluations;
    s->result->n_evaluations += band->n_evaluations;
    s->result->n_scf += band->n_steps;
    hop->has_pass = band->has_saddle;
    snprintf(hop->message, sizeof hop->message, "%s", band->message);
    s->pass[h].is_given_up = !hop->has_pass;
    if (!hop->has_pass)
        return;
    hop->pass = band->energy[band->top];
    hop->barrier_forward = band->barrier_forward;
    hop->barrier_reverse = band->barrier_reverse;
    hop->curvature = band->curvature;
    hop->fmax = band->fmax[band->top];
    s->pass[h] = (flow_pass){ hop->pass, true, false };
}

static dft_status run_band(spread *s, size_t h, dft_error *err)
{
    flow_spread_hop *hop = &s->result->hop[h];
    flow_neb_options options = s->options->neb;
    flow_neb_result *band = NULL;
    flow_fold *fold = NULL;
    dft_status status = find_fold(s, h, &fold, err);

    s->stage = FLOW_SPREAD_BAND;
    s->index = h;
    options.fold = fold;
    options.on_iteration = on_band_iteration;
    options.context = s;
    if (status == DFT_OK)
        status = flow_path_respace(hop->path, err);
    if (status == DFT_OK)
        status = flow_neb_run(s->evaluator, hop->path, &options, &band, err);
    if (status == DFT_OK)
        take_band(s, h, band);
    flow_neb_result_free(band);
    flow_fold_free(fold);
    return status;
}

/* ---- together ---- */

static dft_status find_hops(spread *s, dft_error *err)
{
    flow_spread_result *r = s->result;
    dft_status status =
        cand_hops_find(s->slab, s->site, r->n_sites, s->is_place, NULL, &r->graph, err);

    if (status != DFT_OK)
        return status;
    r->hop = dft_alloc(r->graph->n_hops, sizeof *r->hop);
    s->pass = dft_alloc(r->graph->n_hops, sizeof *s->pass);
    if (!r->hop || !s->pass)
        return dft_fail(err, DFT_ENOMEM, "hops of a surface: out of memory");
    for (size_t h = 0; h < r->graph->n_hops; h++) {
        r->hop[h] = (flow_spread_hop){ .bound = NAN,
                                       .estimate = NAN,
                                       .pass = NAN,
                                       .barrier_forward = NAN,
                                       .barrier_reverse = NAN,
                                       .curvature = NAN,
                                       .fmax = NAN };
        s->pass[h].energy = -HUGE_VAL;
    }
    return DFT_OK;
}

/* Looks give bounds, or with bands = 0 what stands for the passes. */
static dft_status look_at_all(spread *s, dft_error *err)
{
    flow_spread_result *r = s->result;
    dft_status status = DFT_OK;

    for (size_t h = 0; h < r->graph->n_hops && status == DFT_OK && !r->stopped; h++) {
        status = look_at(s, h, err);
        if (status != DFT_OK || !r->hop[h].was_looked_at)
            continue;                               /* nothing known: the bound stays where it is */
        s->pass[h].energy = s->options->bands ? r->hop[h].bound : r->hop[h].estimate;
        s->pass[h].is_known = !s->options->bands;
    }
    return status;
}

/* The bands that decide, one after the other. */
static dft_status run_bands(spread *s, dft_error *err)
{
    const flow_migration m = { s->result->graph, s->result->site_energy, s->pass };
    dft_status status = DFT_OK;

    while (status == DFT_OK && !s->result->stopped) {
        size_t hop;
        status = flow_migration_next(&m, &hop, err);
        if (status != DFT_OK || hop == FLOW_NO_HOP)
            break;
        status = run_band(s, hop, err);
    }
    return status;
}

static dft_status conclude(spread *s, dft_error *err)
{
    flow_spread_result *r = s->result;
    const flow_migration m = { r->graph, r->site_energy, s->pass };
    const dft_status status = flow_migration_spread(&m, &r->spreading, err);

    if (status != DFT_OK)
        return status;
    r->is_estimate = !s->options->bands;
    r->is_complete = !isnan(r->spreading.barrier[0]) && !isnan(r->spreading.barrier[1]);
    for (size_t h = 0; h < r->graph->n_hops && !r->is_complete; h++)
        if (r->hop[h].message[0]) {
            char what[32];
            snprintf(what, sizeof what, "hop %zu", h);
            note(s, what, r->hop[h].message);
        }
    if (!r->is_complete)
        note(s, "migration", r->stopped ? "stopped" : "the passes found do not decide it");
    return DFT_OK;
}

static dft_status run(spread *s, dft_error *err)
{
    dft_status status = relax_sites(s, err);

    if (status != DFT_OK || s->result->message[0])
        return status;
    status = find_hops(s, err);
    if (status == DFT_OK)
        status = look_at_all(s, err);
    if (status == DFT_OK && s->options->bands)
        status = run_bands(s, err);
    return status == DFT_OK ? conclude(s, err) : status;
}

static int any_fixed(const flow_spread_options *options, size_t n_atoms)
{
    for (size_t a = 0; options->fixed && a < n_atoms; a++)
        if (options->fixed[a][0] && options->fixed[a][1])
            return 1;
    return 0;
}

dft_status flow_spread_run(const flow_evaluator *evaluator, const dft_crystal *slab,
                           const cand_site *site, size_t n_sites,
                           const flow_spread_options *options, flow_spread_result **out,
                           dft_error *err)
{
    flow_spread_result *r = dft_alloc(1, sizeof *r);
    spread s = { .evaluator = evaluator,
                 .slab = slab,
                 .site = site,
                 .options = options,
                 .result = r,
                 .is_place = dft_alloc(n_sites, sizeof *s.is_place) };
    dft_status status = DFT_OK;

    *out = NULL;
    if (r) {
        r->n_sites = n_sites;
        r->adatom = dft_alloc(n_sites, sizeof *r->adatom);
        r->site_energy = dft_alloc_doubles(n_sites);
        r->spreading = (flow_spreading){ .barrier = { NAN, NAN }, .low = { NAN, NAN },
                                         .high = { NAN, NAN },
                                         .limiting = { FLOW_NO_HOP, FLOW_NO_HOP } };
    }
    if (!r || !s.is_place || !r->adatom || !r->site_energy)
        status = dft_fail(err, DFT_ENOMEM, "%zu sites: out of memory", n_sites);
    else if (!any_fixed(options, slab->n_atoms))
        status = dft_fail(err, DFT_EINPUT,
                          "nothing of the slab is fixed, so it would slide under the "
                          "atom; fix the bottom layer");
    if (status == DFT_OK)
        status = run(&s, err);
    if (status == DFT_OK) {
        *out = r;
        r = NULL;
    }
    free(s.pass);
    free(s.is_place);
    flow_spread_result_free(r);
    return status;
}
