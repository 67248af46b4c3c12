#include "workflows/hop_names.h"

#include <stdio.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"

dft_status flow_hops_find(const dft_crystal *slab, const cand_site *site, size_t n_sites,
                          cand_hop_graph **out, dft_error *err)
{
    bool *all = dft_alloc(n_sites, sizeof *all);
    dft_status status;

    *out = NULL;
    if (!all)
        return dft_fail(err, DFT_ENOMEM, "no memory for the hops between %zu sites", n_sites);
    for (size_t i = 0; i < n_sites; i++)
        all[i] = true;
    status = cand_hops_find(slab, site, n_sites, all, NULL, out, err);
    free(all);
    return status;
}

void flow_hop_label(const cand_hop_graph *graph, const cand_site *site, size_t hop, char *label,
                    size_t size)
{
    const cand_hop *h = &graph->hop[hop];
    size_t n_before = 0;

    for (size_t i = 0; i < hop; i++)
        n_before += graph->hop[i].from == h->from && graph->hop[i].to == h->to;
    if (n_before)
        snprintf(label, size, "%s>%s#%zu", site[h->from].label, site[h->to].label, n_before + 1);
    else
        snprintf(label, size, "%s>%s", site[h->from].label, site[h->to].label);
}
