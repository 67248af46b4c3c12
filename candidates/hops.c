#include "candidates/hops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "candidates/site_points.h"
#include "candidates/voronoi.h"
#include "dft-lite/base/alloc.h"

typedef struct {
    cand_hop_graph *graph;
    const cand_layer *layer;
    const cand_site *site;
    size_t n_sites;
    double merge;
    double (*xy)[2];                /* owned, [n_places] */
    size_t *class;                  /* owned, [n_hops]: the first edge of each */
    double (*image)[2];             /* owned, [n_ops]: scratch */
} search;

static bool is_hollow(const cand_site *site)
{
    return strcmp(site->name, "fcc") == 0 || strcmp(site->name, "hcp") == 0
        || strcmp(site->name, "hollow") == 0;
}

static void apply(const cand_layer_op *op, const double u[2], double image[2])
{
    for (int i = 0; i < 2; i++)
        image[i] = op->rotation[i][0] * u[0] + op->rotation[i][1] * u[1] + op->translation[i];
}

/* All places of a site: its images under the operations that keep the face. */
static void add_places(search *s, size_t site)
{
    cand_hop_graph *g = s->graph;
    const size_t n = cand_layer_images(s->layer, s->site[site].frac, s->merge, s->image);

    for (size_t k = 0; k < n; k++, g->n_places++) {
        g->place[g->n_places] = (cand_place){ site, { s->image[k][0], s->image[k][1] } };
        cand_layer_lateral(s->layer, s->image[k], s->xy[g->n_places]);
    }
}

/* The place at a lateral point, and the cell it is in there. */
static bool find_place(const search *s, const double u[2], size_t *place, int shift[2])
{
    double nearest = s->merge;
    bool found = false;

    for (size_t p = 0; p < s->graph->n_places; p++) {
        const double d = cand_layer_distance(s->layer, u, s->graph->place[p].u);
        if (d > nearest)
            continue;
        found = true;
        nearest = d;
        *place = p;
        for (int c = 0; c < 2; c++)
            shift[c] = (int)lround(u[c] - s->graph->place[p].u[c]);
    }
    return found;
}

/* Each edge is kept in one direction: from the lower place, or along the positive shift. */
static void orient(cand_edge *e)
{
    if (e->a < e->b || (e->a == e->b && (e->shift[0] > 0 || (e->shift[0] == 0 && e->shift[1] > 0))))
        return;
    *e = (cand_edge){ e->b, e->a, { -e->shift[0], -e->shift[1] }, e->hop };
}

static size_t find_edge(const cand_hop_graph *g, const cand_edge *e)
{
    size_t i = 0;
    while (i < g->n_edges && (g->edge[i].a != e->a || g->edge[i].b != e->b
                              || g->edge[i].shift[0] != e->shift[0]
                              || g->edge[i].shift[1] != e->shift[1]))
        i++;
    return i;
}

/* Lateral point (units of a1, a2) of a place shifted by cells, and of a vector in bohr. */
static void units_of(const cand_layer *layer, const double xy[2], double u[2])
{
    const double (*a)[2] = layer->lattice;
    const double det = a[0][0] * a[1][1] - a[0][1] * a[1][0];

    u[0] = (xy[0] * a[1][1] - xy[1] * a[1][0]) / det;
    u[1] = (xy[1] * a[0][0] - xy[0] * a[0][1]) / det;
}

static void add_cell(search *s, size_t i, const cand_voronoi_cell *cell)
{
    cand_hop_graph *g = s->graph;

    for (size_t k = 0; k < cell->n_edges; k++) {
        const double *v = cell->vertex[k], *w = cell->vertex[(k + 1) % cell->n_edges];
        cand_edge edge = { .a = i };
        double xy[2], u[2];

        if (hypot(w[0] - v[0], w[1] - v[1]) <= CAND_RESOLUTION)
            continue;
        for (int c = 0; c < 2; c++)
            xy[c] = s->xy[i][c] + cell->neighbour[k][c];
        units_of(s->layer, xy, u);
        if (!find_place(s, u, &edge.b, edge.shift))
            continue;
        orient(&edge);
        if (find_edge(g, &edge) == g->n_edges)
            g->edge[g->n_edges++] = edge;
    }
}

/* ---- classes ---- */

static bool image_of_edge(const search *s, const cand_layer_op *op, const cand_edge *e,
                          cand_edge *image)
{
    const cand_place *place = s->graph->place;
    const double far[2] = { place[e->b].u[0] + e->shift[0], place[e->b].u[1] + e->shift[1] };
    double u[2], v[2];
    int here[2], there[2];

    apply(op, place[e->a].u, u);
    apply(op, far, v);
    if (!find_place(s, u, &image->a, here) || !find_place(s, v, &image->b, there))
        return false;
    for (int c = 0; c < 2; c++)
        image->shift[c] = there[c] - here[c];
    orient(image);
    return true;
}

/* hop = the smallest edge that an operation carries the edge onto. */
static void find_classes(search *s)
{
    cand_hop_graph *g = s->graph;

    for (size_t i = 0; i < g->n_edges; i++)
        g->edge[i].hop = i;
    for (size_t o = 0; o < s->layer->n_ops; o++)
        for (size_t i = 0; i < g->n_edges && !s->layer->op[o].flip; i++) {
            cand_edge image = { 0 };
            size_t j, from, to;
            if (!image_of_edge(s, &s->layer->op[o], &g->edge[i], &image)
                || (j = find_edge(g, &image)) == g->n_edges)
                continue;
            from = g->edge[i].hop < g->edge[j].hop ? g->edge[j].hop : g->edge[i].hop;
            to = g->edge[i].hop < g->edge[j].hop ? g->edge[i].hop : g->edge[j].hop;
            for (size_t k = 0; k < g->n_edges; k++)
                if (g->edge[k].hop == from)
                    g->edge[k].hop = to;
        }
}

/* The nearest site within CAND_RESOLUTION of a point; of two as near, the one first in order. */
static size_t site_at(const search *s, const double u[2])
{
    const size_t n = cand_layer_images(s->layer, u, s->merge, s->image);
    size_t best = CAND_NO_SITE;
    double nearest = CAND_RESOLUTION;

    for (size_t i = 0; i < s->n_sites; i++)
        for (size_t k = 0; k < n; k++) {
            const double d = cand_layer_distance(s->layer, s->image[k], s->site[i].frac);
            if (d < nearest - (best == CAND_NO_SITE ? 0.0 : 0.05)) {         /* bohr; noise is below */
                nearest = d;
                best = i;
            }
        }
    return best;
}

static cand_hop describe(const search *s, size_t class)
{
    const cand_hop_graph *g = s->graph;
    const cand_edge *e = &g->edge[class];
    cand_hop hop = { .from = g->place[e->a].site, .to = g->place[e->b].site };
    double middle[2], diff[2], xy[2];

    for (int c = 0; c < 2; c++) {
        hop.start[c] = g->place[e->a].u[c];
        hop.end[c] = g->place[e->b].u[c] + e->shift[c];
        middle[c] = 0.5 * (hop.start[c] + hop.end[c]);
        diff[c] = hop.end[c] - hop.start[c];
    }
    cand_layer_lateral(s->layer, diff, xy);
    hop.length = hypot(xy[0], xy[1]);
    hop.over = site_at(s, middle);
    for (size_t i = 0; i < g->n_edges; i++)
        hop.multiplicity += g->edge[i].hop == class;
    return hop;
}

static bool hop_before(const cand_hop *p, const cand_hop *q)
{
    if (p->from != q->from)
        return p->from < q->from;
    if (p->to != q->to)
        return p->to < q->to;
    if (fabs(p->length - q->length) > 0.05)          /* bohr; noise is below */
        return p->length < q->length;
    return p->over < q->over;
}

static void swap_hops(search *s, size_t i, size_t j)
{
    const cand_hop hop = s->graph->hop[i];
    const size_t class = s->class[i];

    s->graph->hop[i] = s->graph->hop[j];
    s->class[i] = s->class[j];
    s->graph->hop[j] = hop;
    s->class[j] = class;
}

/* Inserts the hop of each class into the ordered list, then numbers the edges by it.  Places come in
 * the order of sites, so that from <= to. */
static void list_hops(search *s)
{
    cand_hop_graph *g = s->graph;

    find_classes(s);
    for (size_t i = 0; i < g->n_edges; i++) {
        size_t at = g->n_hops;
        if (g->edge[i].hop != i)
            continue;
        s->class[at] = i;
        g->hop[g->n_hops++] = describe(s, i);
        for (; at > 0 && hop_before(&g->hop[at], &g->hop[at - 1]); at--)
            swap_hops(s, at, at - 1);
    }
    for (size_t i = 0; i < g->n_edges; i++) {
        size_t h = 0;
        while (s->class[h] != g->edge[i].hop)
            h++;
        g->edge[i].hop = h;
    }
}

void cand_hop_graph_free(cand_hop_graph *graph)
{
    if (!graph)
        return;
    free(graph->hop);
    free(graph->edge);
    free(graph->place);
    free(graph);
}

/* Allocates for the places chosen; returns false when memory is refused. */
static bool make_room(search *s, size_t n_places)
{
    cand_hop_graph *g = s->graph;
    const size_t n_edges = n_places * 3 + 3;         /* a plane graph on a torus: E <= 3 V */

    g->place = dft_alloc(n_places, sizeof *g->place);
    g->edge = dft_alloc(2 * n_edges, sizeof *g->edge);
    g->hop = dft_alloc(2 * n_edges, sizeof *g->hop);
    s->xy = dft_alloc(n_places, sizeof *s->xy);
    s->class = dft_alloc_sizes(2 * n_edges);
    s->image = dft_alloc(s->layer->n_ops, sizeof *s->image);
    return g->place && g->edge && g->hop && s->xy && s->class && s->image;
}

static dft_status find_all(search *s, const bool *is_place, dft_error *err)
{
    cand_hop_graph *g = s->graph;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < s->n_sites; i++)
        if (is_place ? is_place[i] : is_hollow(&s->site[i]))
            add_places(s, i);
    for (size_t i = 0; i < g->n_places && status == DFT_OK; i++) {
        cand_voronoi_cell cell;
        status = cand_voronoi_compute((const double (*)[2])s->layer->reduced, g->n_places,
                                      (const double (*)[2])s->xy, i, &cell, err);
        if (status == DFT_OK)
            add_cell(s, i, &cell);
    }
    if (status == DFT_OK)
        list_hops(s);
    return status;
}

dft_status cand_hops_find(const dft_crystal *slab, const cand_site *site, size_t n_sites,
                          const bool *is_place, const cand_sites_options *options,
                          cand_hop_graph **out, dft_error *err)
{
    const cand_sites_options chosen = options ? *options : cand_sites_defaults();
    cand_layer *layer = NULL;
    search s = { .site = site, .n_sites = n_sites, .merge = chosen.merge };
    size_t n_chosen = 0;
    dft_status status;

    *out = NULL;
    for (size_t i = 0; i < n_sites; i++)
        n_chosen += is_place ? is_place[i] : is_hollow(&site[i]);
    if (n_chosen == 0)
        return dft_fail(err, DFT_EINPUT, "hops need at least one kind of site to go from and to");
    status = cand_layer_create(slab, chosen.symmetry_tolerance, &layer, err);
    if (status != DFT_OK)
        return status;
    s.layer = layer;
    s.graph = dft_alloc(1, sizeof *s.graph);
    if (!s.graph || !make_room(&s, n_chosen * layer->n_ops))
        status = dft_fail(err, DFT_ENOMEM, "hops: out of memory");
    else
        status = find_all(&s, is_place, err);
    if (status == DFT_OK) {
        *out = s.graph;
        s.graph = NULL;
    }
    free(s.image);
    free(s.class);
    free(s.xy);
    cand_hop_graph_free(s.graph);
    cand_layer_free(layer);
    return status;
}
