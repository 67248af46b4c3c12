#include "workflows/adsorb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

flow_adsorb_options flow_adsorb_defaults(void)
{
    return (flow_adsorb_options){ .z = 3, .relax = flow_relax_defaults(), .mu_bulk = NAN,
                                  .mu_atom = NAN };
}

void flow_adsorb_free(flow_adsorb_result *result)
{
    if (!result)
        return;
    for (size_t i = 0; i < result->n_sites; i++)
        flow_relax_free(result->site[i].relaxed);
    free(result->site);
    flow_relax_free(result->clean);
    free(result);
}

static void begin(const flow_adsorb_options *options, const char *label)
{
    if (options->on_begin)
        options->on_begin(label, options->context);
}

static dft_status finish(const flow_adsorb_options *options, const char *label, const flow_relax_result *relaxed,
                         dft_error *err)
{
    return options->on_end ? options->on_end(label, relaxed, options->context, err) : DFT_OK;
}

static void note_end(flow_adsorb_result *result, flow_relax_end end)
{
    if (result->end == FLOW_RELAXED)
        result->end = end;
}

static dft_status find_sites(const dft_crystal *slab, const flow_adsorb_options *options,
                             flow_adsorb_result *result, dft_error *err)
{
    cand_site *site = NULL;
    size_t n = 0;
    dft_status status = cand_sites_find(slab, options->z, NULL, &site, &n, err);

    if (status == DFT_OK) {
        result->site = dft_alloc(n, sizeof *result->site);
        if (!result->site)
            status = dft_fail(err, DFT_ENOMEM, "no memory for %zu sites", n);
    }
    for (size_t i = 0; status == DFT_OK && i < n; i++) {
        const int is_wanted = !options->wants || options->wants(&site[i], options->context);
        result->site[i] = (flow_adsorbed){ .site = site[i], .is_wanted = is_wanted, .binding_bulk = NAN,
                                           .binding_atom = NAN };
        result->n_wanted += is_wanted != 0;
    }
    result->n_sites = status == DFT_OK ? n : 0;
    if (status == DFT_OK && result->n_wanted == 0)
        status = dft_fail(err, DFT_EINPUT, "none of the %zu distinct sites of this slab is asked for", n);
    free(site);
    return status;
}

static dft_status judge(flow_adsorb_result *result, size_t index, const flow_adsorb_options *options,
                        dft_error *err)
{
    flow_adsorbed *a = &result->site[index];
    cand_site *site = dft_alloc(result->n_sites, sizeof *site);

    if (!site)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu sites", result->n_sites);
    for (size_t i = 0; i < result->n_sites; i++)
        site[i] = result->site[i].site;
    const dft_status status = flow_adsorb_classify(result->clean->crystal, a->relaxed->crystal, site,
                                                   result->n_sites, index, &a->end, err);
    free(site);
    const double gain = a->relaxed->energy - result->clean->energy;
    a->binding_bulk = gain - options->mu_bulk;
    a->binding_atom = gain - options->mu_atom;
    result->n_used++;
    return status;
}

static dft_status run_site(const flow_evaluator *evaluator, const flow_adsorb_options *options,
                           const unsigned char (*fixed)[3], flow_adsorb_result *result, size_t index,
                           dft_error *err)
{
    flow_adsorbed *a = &result->site[index];
    flow_relax_options relax = options->relax;
    dft_crystal *with = NULL;
    dft_status status = cand_add_atom(result->clean->crystal, options->z, a->site.frac, a->site.height,
                                      &with, err);

    relax.fixed = fixed;
    relax.slot = 1;
    begin(options, a->site.label);
    if (status == DFT_OK)
        status = flow_relax_run(evaluator, with, &relax, &a->relaxed, err);
    dft_crystal_free(with);
    if (status != DFT_OK)
        return status;
    note_end(result, a->relaxed->end);
    status = finish(options, a->site.label, a->relaxed, err);
    return status == DFT_OK && a->relaxed->converged ? judge(result, index, options, err) : status;
}

static void choose_lowest(flow_adsorb_result *result)
{
    result->lowest = result->n_sites;
    if (result->n_used < result->n_sites)
        return;
    for (size_t i = 0; i < result->n_sites; i++)
        if (result->lowest == result->n_sites
            || result->site[i].relaxed->energy < result->site[result->lowest].relaxed->energy)
            result->lowest = i;
}

/* A site that fails leaves the others their chance; a request to stop does not. */
static dft_status run_sites(const flow_evaluator *evaluator, const flow_adsorb_options *options,
                            flow_adsorb_result *result, dft_error *err)
{
    const size_t n = result->clean->crystal->n_atoms;
    unsigned char (*fixed)[3] = dft_alloc(n + 1, sizeof *fixed);
    dft_status status = fixed ? DFT_OK : dft_fail(err, DFT_ENOMEM, "no memory for %zu atoms", n);

    if (status == DFT_OK && options->relax.fixed)
        memcpy(fixed, options->relax.fixed, n * sizeof *fixed);
    if (status == DFT_OK)
        fixed[n][0] = fixed[n][1] = options->vertical != 0;
    for (size_t i = 0; status == DFT_OK && i < result->n_sites
                       && result->end != FLOW_RELAX_STOPPED; i++)
        if (result->site[i].is_wanted)
            status = run_site(evaluator, options, (const unsigned char (*)[3])fixed, result, i,
                              err);
    free(fixed);
    choose_lowest(result);
    return status;
}

dft_status flow_adsorb_run(const flow_evaluator *evaluator, const dft_crystal *slab,
                           const flow_adsorb_options *options, flow_adsorb_result **out, dft_error *err)
{
    flow_adsorb_result *result = dft_alloc(1, sizeof *result);
    flow_relax_options relax = options->relax;
    dft_status status;

    *out = NULL;
    if (!result)
        return dft_fail(err, DFT_ENOMEM, "adsorption: out of memory");
    relax.slot = 0;
    begin(options, "clean slab");
    status = flow_relax_run(evaluator, slab, &relax, &result->clean, err);
    if (status == DFT_OK) {
        result->end = result->clean->end;
        status = finish(options, "clean slab", result->clean, err);
        if (status == DFT_OK && result->clean->converged)
            status = find_sites(result->clean->crystal, options, result, err);
    }
    if (status == DFT_OK && result->clean->converged)
        status = run_sites(evaluator, options, result, err);
    if (status == DFT_OK) {
        *out = result;
        result = NULL;
    }
    flow_adsorb_free(result);
    return status;
}
