#include <stdlib.h>
#include <string.h>

#include "candidates/hops.h"
#include "dft-lite/base/alloc.h"

/* The lattice vectors that closed walks add up to: none, multiples of one, or a plane. */
typedef struct {
    int rank;
    int v[2];
} span;

static int gcd(int a, int b)
{
    while (b != 0) {
        const int r = a % b;
        a = b;
        b = r;
    }
    return abs(a);
}

static void add_cycle(span *s, const int v[2])
{
    if ((v[0] == 0 && v[1] == 0) || s->rank == 2)
        return;
    if (s->rank == 0) {
        const int g = gcd(v[0], v[1]);
        s->rank = 1;
        for (int c = 0; c < 2; c++)                  /* coprime, first nonzero positive */
            s->v[c] = (v[0] < 0 || (v[0] == 0 && v[1] < 0) ? -v[c] : v[c]) / g;
    } else if (s->v[0] * v[1] != s->v[1] * v[0]) {
        s->rank = 2;
    }
}

typedef struct {
    bool seen;
    int cell[2];                    /* where a walk from the component's first place meets it */
} visit;

/* Follows an edge from a place seen already; returns true when the other end is new. */
static bool follow(const cand_edge *e, bool forward, visit *v, span *s)
{
    const size_t from = forward ? e->a : e->b, to = forward ? e->b : e->a;
    int cell[2];

    for (int c = 0; c < 2; c++)
        cell[c] = v[from].cell[c] + (forward ? e->shift[c] : -e->shift[c]);
    if (!v[to].seen) {
        v[to].seen = true;
        memcpy(v[to].cell, cell, sizeof cell);
        return true;
    }
    cell[0] -= v[to].cell[0];
    cell[1] -= v[to].cell[1];
    add_cycle(s, cell);
    return false;
}

static span span_of_component(const cand_hop_graph *g, const bool *allowed, size_t start, visit *v)
{
    span s = { 0, { 0, 0 } };
    bool grown = true;

    v[start] = (visit){ true, { 0, 0 } };
    while (grown) {                                  /* until a sweep reaches nothing new */
        grown = false;
        s = (span){ 0, { 0, 0 } };
        for (size_t i = 0; i < g->n_edges; i++) {
            const cand_edge *e = &g->edge[i];
            if (!allowed[e->hop] || (!v[e->a].seen && !v[e->b].seen))
                continue;
            grown = follow(e, v[e->a].seen, v, &s) || grown;
        }
    }
    return s;
}

int cand_hop_graph_directions(const cand_hop_graph *graph, const bool *allowed, int along[2])
{
    visit *v = dft_alloc(graph->n_places, sizeof *v);
    bool *done = dft_alloc(graph->n_places, sizeof *done);
    span best = { 0, { 0, 0 } };

    for (size_t p = 0; v && done && p < graph->n_places; p++) {
        span s;
        if (done[p])
            continue;
        memset(v, 0, graph->n_places * sizeof *v);
        s = span_of_component(graph, allowed, p, v);
        for (size_t q = 0; q < graph->n_places; q++)
            done[q] = done[q] || v[q].seen;
        if (s.rank > best.rank)
            best = s;
    }
    if (along)
        for (int c = 0; c < 2; c++)
            along[c] = best.rank == 1 ? best.v[c] : 0;
    if (!v || !done)
        best.rank = -1;
    free(done);
    free(v);
    return best.rank;
}

int cand_hop_graph_directions_from(const cand_hop_graph *graph, const bool *allowed, size_t site,
                                   int along[2])
{
    visit *v = dft_alloc(graph->n_places, sizeof *v);
    span s = { 0, { 0, 0 } };
    size_t p = 0;

    while (p < graph->n_places && graph->place[p].site != site)
        p++;
    if (v && p < graph->n_places)
        s = span_of_component(graph, allowed, p, v);
    for (int c = 0; c < 2 && along; c++)
        along[c] = s.rank == 1 ? s.v[c] : 0;
    if (!v)
        s.rank = -1;
    free(v);
    return s.rank;
}

/* ---- smallest sets ---- */

/* The next combination of k of n in lexicographic order; false after the last. */
static bool next_combination(size_t *c, size_t k, size_t n)
{
    for (size_t i = k; i-- > 0;)
        if (c[i] < n - k + i) {
            c[i]++;
            for (size_t j = i + 1; j < k; j++)
                c[j] = c[j - 1] + 1;
            return true;
        }
    return false;
}

/* The largest size of sets that are all tried: their number grows with its power. */
static size_t largest_size(size_t n)
{
    double count = 1.0;
    size_t size = 0;

    while (size < CAND_MAX_WAY && size < n) {
        count *= (double)(n - size) / (double)(size + 1);
        if (count > CAND_MAX_TRIALS)
            break;
        size++;
    }
    return size;
}

static bool contains(const cand_way *set, const cand_way *subset)
{
    size_t common = 0;
    for (size_t i = 0; i < subset->n; i++)
        for (size_t j = 0; j < set->n; j++)
            common += subset->hop[i] == set->hop[j];
    return common == subset->n;
}

/* Whether a smaller set within this one leads as far already. */
static bool has_smaller(const cand_way *list, size_t n, const cand_way *way)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].directions >= way->directions && contains(way, &list[i]))
            return true;
    return false;
}

static bool try_way(const cand_hop_graph *graph, bool *allowed, cand_way *way)
{
    memset(allowed, 0, graph->n_hops * sizeof *allowed);
    for (size_t i = 0; i < way->n; i++)
        allowed[way->hop[i]] = true;
    way->directions = cand_hop_graph_directions(graph, allowed, way->along);
    return way->directions >= 0;
}

static bool append(cand_way **list, size_t *n, size_t *room, const cand_way *way)
{
    if (*n == *room) {
        cand_way *more = dft_alloc(2 * *room + 8, sizeof *more);
        if (!more)
            return false;
        if (*n > 0)
            memcpy(more, *list, *n * sizeof *more);
        free(*list);
        *list = more;
        *room = 2 * *room + 8;
    }
    (*list)[(*n)++] = *way;
    return true;
}

dft_status cand_hop_graph_ways(const cand_hop_graph *graph, cand_way **out, size_t *n,
                               dft_error *err)
{
    bool *allowed = dft_alloc(graph->n_hops, sizeof *allowed), ok = allowed != NULL;
    const size_t most = largest_size(graph->n_hops);
    size_t room = 0;

    *out = NULL;
    *n = 0;
    for (size_t size = 1; ok && size <= most; size++) {
        cand_way way = { .n = size };
        for (size_t i = 0; i < size; i++)
            way.hop[i] = i;
        do {
            ok = try_way(graph, allowed, &way);
            if (ok && way.directions > 0 && !has_smaller(*out, *n, &way))
                ok = append(out, n, &room, &way);
        } while (ok && next_combination(way.hop, size, graph->n_hops));
    }
    free(allowed);
    if (ok)
        return DFT_OK;
    free(*out);
    *out = NULL;
    *n = 0;
    return dft_fail(err, DFT_ENOMEM, "percolation: out of memory");
}
