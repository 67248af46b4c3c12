#include "workflows/migration.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"

/* The least that a pass can be. */
static double pass_energy(const flow_migration *m, size_t hop)
{
    const cand_hop *h = &m->graph->hop[hop];
    const double sites = fmax(m->site_energy[h->from], m->site_energy[h->to]);
    return fmax(sites, m->pass[hop].energy);
}

static size_t lowest_site(const flow_migration *m)
{
    size_t best = m->graph->place[0].site;

    for (size_t p = 1; p < m->graph->n_places; p++) {
        const size_t site = m->graph->place[p].site;
        if (m->site_energy[site] < m->site_energy[best])
            best = site;
    }
    return best;
}

/* Directions open to the lowest site when passes up to `level` are allowed; -1 when memory is
 * refused. */
static int open_at(const flow_migration *m, double level, bool only_known, bool *allowed,
                   int along[2])
{
    for (size_t h = 0; h < m->graph->n_hops; h++)
        allowed[h] = pass_energy(m, h) <= level && (!only_known || m->pass[h].is_known);
    return cand_hop_graph_directions_from(m->graph, allowed, lowest_site(m), along);
}

/* The least level at which `directions` are open; HUGE_VAL when none.  *limiting is the hop at that
 * level. Returns false when memory is refused. */
static bool threshold(const flow_migration *m, int directions, bool only_known, bool *allowed,
                      double *level, size_t *limiting)
{
    *level = HUGE_VAL;
    *limiting = FLOW_NO_HOP;
    for (size_t h = 0; h < m->graph->n_hops; h++) {
        const double e = pass_energy(m, h);
        int open;
        if (e >= *level || (only_known && !m->pass[h].is_known))
            continue;
        open = open_at(m, e, only_known, allowed, NULL);
        if (open < 0)
            return false;
        if (open >= directions) {
            *level = e;
            *limiting = h;
        }
    }
    return true;
}

static dft_status refused(dft_error *err)
{
    return dft_fail(err, DFT_ENOMEM, "migration: out of memory");
}

dft_status flow_migration_spread(const flow_migration *migration, flow_spreading *out,
                                 dft_error *err)
{
    bool *allowed = dft_alloc(migration->graph->n_hops, sizeof *allowed);
    const size_t start = lowest_site(migration);
    const double zero = migration->site_energy[start];
    bool ok = allowed != NULL;

    *out = (flow_spreading){ .lowest_site = start };
    for (int d = 0; d < 2 && ok; d++) {
        double low = HUGE_VAL, high = HUGE_VAL;
        size_t by_bounds;
        ok = threshold(migration, d + 1, false, allowed, &low, &by_bounds)
          && threshold(migration, d + 1, true, allowed, &high, &out->limiting[d]);
        out->low[d] = low - zero;
        out->high[d] = high - zero;
        out->barrier[d] = low == high ? high - zero : NAN;
        if (low != high)
            out->limiting[d] = FLOW_NO_HOP;
    }
    if (ok && isfinite(out->barrier[0]))
        ok = open_at(migration, out->barrier[0] + zero, true, allowed, out->along) >= 0;
    free(allowed);
    return ok ? DFT_OK : refused(err);
}

/* Leaves out of the allowed hops those that are not known, highest first and given-up ones before
 * all, as long as the rest leads as far.  false when memory is refused. */
static bool thin_out(const flow_migration *m, int directions, bool *allowed)
{
    const size_t n = m->graph->n_hops, start = lowest_site(m);
    bool *kept = dft_alloc(n, sizeof *kept), ok = kept != NULL;

    for (;;) {
        size_t worst = n;
        int open;
        for (size_t h = 0; ok && h < n; h++) {
            if (!allowed[h] || m->pass[h].is_known || kept[h])
                continue;
            if (worst == n || m->pass[h].is_given_up > m->pass[worst].is_given_up
                || (m->pass[h].is_given_up == m->pass[worst].is_given_up
                    && pass_energy(m, h) > pass_energy(m, worst)))
                worst = h;
        }
        if (!ok || worst == n)
            break;
        allowed[worst] = false;
        open = cand_hop_graph_directions_from(m->graph, allowed, start, NULL);
        ok = open >= 0;
        allowed[worst] = kept[worst] = open < directions;
    }
    free(kept);
    return ok;
}

/* The deciding hop for so many directions. */
static bool next_for(const flow_migration *m, int directions, bool *allowed, size_t *hop)
{
    double low, high;
    size_t unused;

    *hop = FLOW_NO_HOP;
    if (!threshold(m, directions, false, allowed, &low, &unused)
        || !threshold(m, directions, true, allowed, &high, &unused))
        return false;
    if (low == high)
        return true;
    if (open_at(m, low, false, allowed, NULL) < 0 || !thin_out(m, directions, allowed))
        return false;
    for (size_t h = 0; h < m->graph->n_hops; h++)
        if (allowed[h] && !m->pass[h].is_known && !m->pass[h].is_given_up
            && (*hop == FLOW_NO_HOP || pass_energy(m, h) > pass_energy(m, *hop)))
            *hop = h;
    return true;
}

dft_status flow_migration_next(const flow_migration *migration, size_t *hop, dft_error *err)
{
    bool *allowed = dft_alloc(migration->graph->n_hops, sizeof *allowed);
    bool ok = allowed != NULL;

    *hop = FLOW_NO_HOP;
    for (int directions = 2; directions >= 1 && ok && *hop == FLOW_NO_HOP; directions--)
        ok = next_for(migration, directions, allowed, hop);
    free(allowed);
    return ok ? DFT_OK : refused(err);
}
