#include "candidates/site_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/exposed.h"
#include "candidates/voronoi.h"
#include "dft-lite/base/alloc.h"

static double length2(const double v[2])
{
    return sqrt(v[0] * v[0] + v[1] * v[1]);
}

static void to_units(const cand_face *f, const double xy[2], double u[2])
{
    for (int i = 0; i < 2; i++)
        u[i] = xy[0] * f->inverse[0][i] + xy[1] * f->inverse[1][i];
}

void cand_face_clear(cand_face *f)
{
    free(f->exposed);
    free(f->top);
    free(f->xy);
    free(f->point);
}

typedef struct { const cand_face *f; bool found; } cover_search;

static void note_cover(void *context, size_t atom, const double xy[2])
{
    cover_search *search = context;
    (void)xy;
    search->found = search->found || search->f->exposed[atom];
}

/* Does an atom of the top face lie right above this one? */
static bool is_covered(const cand_face *f, size_t atom)
{
    cover_search search = { f, false };

    cand_visit_images(f->layer, f->layer->u[atom], CAND_RIGHT_BELOW, note_cover, &search);
    return search.found;
}

/* Height of the highest plane of which some atom is seen through the gaps of the top face.  Planes
 * that hide under it atom by atom, as O under the H of a hydroxyl, do not tell hollows apart. */
static double find_next_height(const cand_face *f)
{
    const cand_layer *layer = f->layer;

    for (double above = HUGE_VAL, height;; above = height - f->options.top_depth) {
        bool seen = false;
        height = -HUGE_VAL;
        for (size_t i = 0; i < layer->n_atoms; i++)
            if (!f->exposed[i] && layer->height[i] < above)
                height = fmax(height, layer->height[i]);
        for (size_t i = 0; i < layer->n_atoms && !seen; i++)
            seen = !f->exposed[i] && layer->height[i] < above
                && layer->height[i] >= height - f->options.top_depth && !is_covered(f, i);
        if (seen || !isfinite(height))
            return height;
    }
}

dft_status cand_face_init(const cand_layer *layer, const cand_sites_options *options, cand_face *f,
                            dft_error *err)
{
    const double (*a)[2] = (const double (*)[2])layer->lattice;
    const double det = a[0][0] * a[1][1] - a[0][1] * a[1][0];

    *f = (cand_face){ .layer = layer, .options = *options,
                 .inverse = { { a[1][1] / det, -a[0][1] / det },
                              { -a[1][0] / det, a[0][0] / det } } };
    dft_status status;
    f->exposed = dft_alloc(layer->n_atoms, sizeof *f->exposed);
    f->top = dft_alloc_sizes(layer->n_atoms);
    f->xy = dft_alloc(layer->n_atoms, sizeof *f->xy);
    if (!f->exposed || !f->top || !f->xy)
        return dft_fail(err, DFT_ENOMEM, "adsorption sites: out of memory");
    status = cand_exposed_find(layer, options->top_depth, f->exposed, err);
    if (status != DFT_OK)
        return status;
    for (size_t i = 0; i < layer->n_atoms; i++)
        if (f->exposed[i])
            f->top[f->n_top++] = i;
    f->next_height = find_next_height(f);
    for (size_t i = 0; i < f->n_top; i++)
        cand_layer_lateral(layer, layer->u[f->top[i]], f->xy[i]);
    f->point = dft_alloc(f->n_top * (2 * CAND_VORONOI_MAX_EDGES + 1), sizeof *f->point);
    if (!f->point)
        return dft_fail(err, DFT_ENOMEM, "adsorption sites: out of memory");
    return DFT_OK;
}

/* Adds a point unless one of its kind is there already within `merge`; hollows seen from several
 * atoms are averaged, so that a noisy square has its hollow in the middle. */
static void add_point(cand_face *f, cand_site_kind kind, const double xy[2])
{
    cand_site_point *site = &f->point[f->n_points];
    double u[2];

    to_units(f, xy, u);
    for (size_t i = 0; i < f->n_points; i++) {
        cand_site_point *known = &f->point[i];
        if (known->kind != kind
            || cand_layer_distance(f->layer, known->u, u) > f->options.merge)
            continue;
        known->n_merged++;
        for (int c = 0; c < 2 && kind == CAND_HOLLOW; c++) {
            const double d = u[c] - known->u[c];
            known->u[c] += (d - round(d)) / (double)known->n_merged;
        }
        return;
    }
    *site = (cand_site_point){ .kind = kind, .u = { u[0], u[1] }, .n_merged = 1 };
    f->n_points++;
}

/* The middle of a pair is a bridge if it lies inside the pair's Voronoi edge, clear of its ends:
 * no third atom is as near. */
static bool is_bridge(const double middle[2], const double from[2], const double to[2],
                      double margin)
{
    const double edge[2] = { to[0] - from[0], to[1] - from[1] };
    const double length = length2(edge);
    double along;

    if (length <= 2.0 * margin)
        return false;
    along = ((middle[0] - from[0]) * edge[0] + (middle[1] - from[1]) * edge[1]) / length;
    return along > margin && along < length - margin;
}

static void add_cell(cand_face *f, size_t i, const cand_voronoi_cell *cell)
{
    add_point(f, CAND_ONTOP, f->xy[i]);
    for (size_t k = 0; k < cell->n_edges; k++) {
        const double *vertex = cell->vertex[k], *next = cell->vertex[(k + 1) % cell->n_edges];
        const double middle[2] = { 0.5 * cell->neighbour[k][0], 0.5 * cell->neighbour[k][1] };
        const double hollow[2] = { f->xy[i][0] + vertex[0], f->xy[i][1] + vertex[1] };
        const double bridge[2] = { f->xy[i][0] + middle[0], f->xy[i][1] + middle[1] };

        add_point(f, CAND_HOLLOW, hollow);
        if (is_bridge(middle, vertex, next, CAND_RESOLUTION))
            add_point(f, CAND_BRIDGE, bridge);
    }
}

void cand_visit_images(const cand_layer *layer, const double u[2], double reach,
                         cand_image_visitor visit, void *context)
{
    const double (*a)[2] = (const double (*)[2])layer->lattice;
    const double det = fabs(a[0][0] * a[1][1] - a[0][1] * a[1][0]);
    const int n0 = (int)ceil(reach * length2(a[1]) / det) + 1;
    const int n1 = (int)ceil(reach * length2(a[0]) / det) + 1;

    for (size_t atom = 0; atom < layer->n_atoms; atom++) {
        double d[2] = { layer->u[atom][0] - u[0], layer->u[atom][1] - u[1] };
        for (int c = 0; c < 2; c++)
            d[c] -= round(d[c]);
        for (int i = -n0; i <= n0; i++)
            for (int j = -n1; j <= n1; j++) {
                const double w[2] = { d[0] + i, d[1] + j };
                double xy[2];
                cand_layer_lateral(layer, w, xy);
                if (length2(xy) <= reach)
                    visit(context, atom, xy);
            }
    }
}

typedef struct {
    const cand_face *f;
    cand_site_point *site;
    double nearest;
} neighbourhood;

bool cand_face_has(const cand_face *f, size_t atom)
{
    return f->exposed[atom];
}

static void note_nearest(void *context, size_t atom, const double xy[2])
{
    neighbourhood *n = context;
    if (cand_face_has(n->f, atom))
        n->nearest = fmin(n->nearest, length2(xy));
}

static void note_neighbour(void *context, size_t atom, const double xy[2])
{
    neighbourhood *n = context;
    cand_site_point *site = n->site;

    if (!cand_face_has(n->f, atom) || site->n_around == CAND_MAX_COORDINATION)
        return;
    site->z[site->n_around] = n->f->layer->z[atom];
    memcpy(site->from[site->n_around], xy, 2 * sizeof(double));
    site->from[site->n_around][2] = n->f->layer->height[atom];
    site->distance = (site->distance * site->n_around + length2(xy)) / (site->n_around + 1);
    site->n_around++;
}

/* The top atoms that coordinate a site: the nearest ones, to within CAND_RESOLUTION. */
static void coordinate(const cand_face *f, cand_site_point *site)
{
    const double reach = length2(f->layer->reduced[0]) + length2(f->layer->reduced[1]);
    neighbourhood n = { f, site, HUGE_VAL };

    cand_visit_images(f->layer, site->u, reach, note_nearest, &n);
    cand_visit_images(f->layer, site->u, n.nearest + CAND_RESOLUTION, note_neighbour, &n);
}

dft_status cand_face_find_points(cand_face *f, dft_error *err)
{
    for (size_t i = 0; i < f->n_top; i++) {
        cand_voronoi_cell cell;
        const dft_status status = cand_voronoi_compute(f->layer->reduced, f->n_top,
                                                       (const double (*)[2])f->xy, i, &cell, err);
        if (status != DFT_OK)
            return status;
        add_cell(f, i, &cell);
    }
    for (size_t i = 0; i < f->n_points; i++)
        coordinate(f, &f->point[i]);
    return DFT_OK;
}

void cand_face_find_orbits(cand_face *f)
{
    const cand_layer *layer = f->layer;

    for (size_t i = 0; i < f->n_points; i++)
        f->point[i].orbit = i;
    for (size_t o = 0; o < layer->n_ops; o++) {
        const cand_layer_op *op = &layer->op[o];
        for (size_t i = 0; i < f->n_points && !op->flip; i++) {
            double image[2];
            for (int c = 0; c < 2; c++)
                image[c] = op->rotation[c][0] * f->point[i].u[0]
                         + op->rotation[c][1] * f->point[i].u[1]
                         + op->translation[c];
            for (size_t j = 0; j < f->n_points; j++) {
                const size_t from = f->point[j].orbit, to = f->point[i].orbit;
                if (f->point[j].kind != f->point[i].kind || from == to
                    || cand_layer_distance(layer, image, f->point[j].u) > f->options.merge)
                    continue;
                for (size_t k = 0; k < f->n_points; k++)
                    if (f->point[k].orbit == from || f->point[k].orbit == to)
                        f->point[k].orbit = from < to ? from : to;
            }
        }
    }
}
