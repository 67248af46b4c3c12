#include "candidates/sites.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "candidates/miller.h"
#include "candidates/voronoi.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define SAME_LENGTH 0.05            /* bridges differing by more are short and long */
#define SAME_SIDE 0.08              /* sides of a threefold hollow that is called fcc or hcp */
#define RIGHT_BELOW 0.75            /* bohr, 0.4 A: lateral offset of an atom "right below" */
#define MAX_COORDINATION 12

typedef enum { ONTOP, SHORTBRIDGE, BRIDGE, LONGBRIDGE, FCC, HCP, HOLLOW, N_KINDS } site_kind;

static const char *const kind_names[N_KINDS] = {
    "ontop", "shortbridge", "bridge", "longbridge", "fcc", "hcp", "hollow"
};

/* A site before symmetry: kind, place, and the top atoms around it. */
typedef struct {
    site_kind kind;
    double u[2];
    size_t orbit;                   /* index of the first equivalent point */
    size_t n_merged;                /* Voronoi vertices averaged into a hollow */
    double distance;                /* to the coordinating atoms, mean */
    int n_around;
    int z[MAX_COORDINATION];
    double from[MAX_COORDINATION][2];       /* lateral vectors to the coordinating atoms, bohr */
} raw_site;

/* The face being searched. */
typedef struct {
    const cand_layer *layer;        /* borrowed */
    cand_sites_options options;
    double inverse[2][2];           /* xy -> units of a1, a2 */
    size_t n_top;
    size_t *top;                    /* owned, [n_top]: atoms of the top plane */
    double (*xy)[2];                /* owned, [n_top] */
    double next_height;             /* highest atom below the top plane; -HUGE_VAL when none */
    size_t n_raw;
    raw_site *raw;                  /* owned */
} face;

cand_sites_options cand_sites_defaults(void)
{
    return (cand_sites_options){ .top_depth = 0.6 / DFT_BOHR_ANG, .merge = 0.15 / DFT_BOHR_ANG,
                                 .symmetry_tolerance = CAND_LAYER_TOLERANCE };
}

static double length2(const double v[2])
{
    return sqrt(v[0] * v[0] + v[1] * v[1]);
}

static void to_units(const face *f, const double xy[2], double u[2])
{
    for (int i = 0; i < 2; i++)
        u[i] = xy[0] * f->inverse[0][i] + xy[1] * f->inverse[1][i];
}

static void face_clear(face *f)
{
    free(f->top);
    free(f->xy);
    free(f->raw);
}

static dft_status face_init(const cand_layer *layer, const cand_sites_options *options, face *f,
                            dft_error *err)
{
    const double (*a)[2] = (const double (*)[2])layer->lattice;
    const double det = a[0][0] * a[1][1] - a[0][1] * a[1][0];

    *f = (face){ .layer = layer, .options = *options, .next_height = -HUGE_VAL,
                 .inverse = { { a[1][1] / det, -a[0][1] / det }, { -a[1][0] / det, a[0][0] / det } } };
    f->top = dft_alloc_sizes(layer->n_atoms);
    f->xy = dft_alloc(layer->n_atoms, sizeof *f->xy);
    if (!f->top || !f->xy)
        return dft_fail(err, DFT_ENOMEM, "adsorption sites: out of memory");
    for (size_t i = 0; i < layer->n_atoms; i++) {
        if (layer->height[i] >= layer->top - options->top_depth)
            f->top[f->n_top++] = i;
        else
            f->next_height = fmax(f->next_height, layer->height[i]);
    }
    for (size_t i = 0; i < f->n_top; i++)
        cand_layer_lateral(layer, layer->u[f->top[i]], f->xy[i]);
    f->raw = dft_alloc(f->n_top * (2 * CAND_VORONOI_MAX_EDGES + 1), sizeof *f->raw);
    if (!f->raw)
        return dft_fail(err, DFT_ENOMEM, "adsorption sites: out of memory");
    return DFT_OK;
}

/* Adds a point unless one of its kind is there already within `merge`; hollows seen from several atoms
 * are averaged, so that a noisy square has its hollow in the middle. */
static void add_point(face *f, site_kind kind, const double xy[2])
{
    raw_site *site = &f->raw[f->n_raw];
    double u[2];

    to_units(f, xy, u);
    for (size_t i = 0; i < f->n_raw; i++) {
        raw_site *known = &f->raw[i];
        if (known->kind != kind
            || cand_layer_distance(f->layer, known->u, u) > f->options.merge)
            continue;
        known->n_merged++;
        for (int c = 0; c < 2 && kind == HOLLOW; c++) {
            const double d = u[c] - known->u[c];
            known->u[c] += (d - round(d)) / (double)known->n_merged;
        }
        return;
    }
    *site = (raw_site){ .kind = kind, .u = { u[0], u[1] }, .n_merged = 1 };
    f->n_raw++;
}

/* The middle of a pair is a bridge if it lies inside the pair's Voronoi edge, clear of its ends: no third
 * atom is as near. */
static bool is_bridge(const double middle[2], const double from[2], const double to[2], double margin)
{
    const double edge[2] = { to[0] - from[0], to[1] - from[1] };
    const double length = length2(edge);
    double along;

    if (length <= 2.0 * margin)
        return false;
    along = ((middle[0] - from[0]) * edge[0] + (middle[1] - from[1]) * edge[1]) / length;
    return along > margin && along < length - margin;
}

static void add_cell(face *f, size_t i, const cand_voronoi_cell *cell)
{
    add_point(f, ONTOP, f->xy[i]);
    for (size_t k = 0; k < cell->n_edges; k++) {
        const double *vertex = cell->vertex[k], *next = cell->vertex[(k + 1) % cell->n_edges];
        const double middle[2] = { 0.5 * cell->neighbour[k][0], 0.5 * cell->neighbour[k][1] };
        const double hollow[2] = { f->xy[i][0] + vertex[0], f->xy[i][1] + vertex[1] };
        const double bridge[2] = { f->xy[i][0] + middle[0], f->xy[i][1] + middle[1] };

        add_point(f, HOLLOW, hollow);
        if (is_bridge(middle, vertex, next, f->options.merge))
            add_point(f, BRIDGE, bridge);
    }
}

static dft_status find_points(face *f, dft_error *err)
{
    for (size_t i = 0; i < f->n_top; i++) {
        cand_voronoi_cell cell;
        const dft_status status = cand_voronoi_compute(f->layer->reduced, f->n_top,
                                                       (const double (*)[2])f->xy, i, &cell, err);
        if (status != DFT_OK)
            return status;
        add_cell(f, i, &cell);
    }
    return DFT_OK;
}

/* Calls for every image of every atom within `reach` laterally of u: visit(context, atom, vector). */
typedef void (*image_visitor)(void *context, size_t atom, const double xy[2]);

static void visit_images(const cand_layer *layer, const double u[2], double reach,
                         image_visitor visit, void *context)
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
    const face *f;
    raw_site *site;
    double nearest;
} neighbourhood;

static bool is_top(const face *f, size_t atom)
{
    return f->layer->height[atom] >= f->layer->top - f->options.top_depth;
}

static void note_nearest(void *context, size_t atom, const double xy[2])
{
    neighbourhood *n = context;
    if (is_top(n->f, atom))
        n->nearest = fmin(n->nearest, length2(xy));
}

static void note_neighbour(void *context, size_t atom, const double xy[2])
{
    neighbourhood *n = context;
    raw_site *site = n->site;

    if (!is_top(n->f, atom) || site->n_around == MAX_COORDINATION)
        return;
    site->z[site->n_around] = n->f->layer->z[atom];
    memcpy(site->from[site->n_around], xy, 2 * sizeof(double));
    site->distance = (site->distance * site->n_around + length2(xy)) / (site->n_around + 1);
    site->n_around++;
}

/* The top atoms that coordinate a site: the nearest ones, to within `merge`. */
static void coordinate(const face *f, raw_site *site)
{
    const double reach = length2(f->layer->reduced[0]) + length2(f->layer->reduced[1]);
    neighbourhood n = { f, site, HUGE_VAL };

    visit_images(f->layer, site->u, reach, note_nearest, &n);
    visit_images(f->layer, site->u, n.nearest + f->options.merge, note_neighbour, &n);
}

typedef struct {
    const face *f;
    double height;                  /* of the highest atom right below */
    size_t atom;
} below_search;

static void note_below(void *context, size_t atom, const double xy[2])
{
    below_search *search = context;
    (void)xy;
    if (!is_top(search->f, atom) && search->f->layer->height[atom] > search->height) {
        search->height = search->f->layer->height[atom];
        search->atom = atom;
    }
}

/* The element right below a site ("" when none), and whether it is of the plane next to the top. */
static bool look_below(const face *f, const double u[2], char element[4])
{
    below_search search = { f, -HUGE_VAL, 0 };

    visit_images(f->layer, u, RIGHT_BELOW, note_below, &search);
    element[0] = '\0';
    if (!isfinite(search.height))
        return false;
    snprintf(element, 4, "%s", dft_element_symbol(f->layer->z[search.atom]));
    return search.height >= f->next_height - f->options.top_depth;
}

static bool is_equilateral(const raw_site *site)
{
    double shortest = HUGE_VAL, longest = 0.0;

    for (int i = 0; i < 3; i++) {
        const double *a = site->from[i], *b = site->from[(i + 1) % 3];
        const double side = hypot(a[0] - b[0], a[1] - b[1]);
        shortest = fmin(shortest, side);
        longest = fmax(longest, side);
    }
    return longest <= (1.0 + SAME_SIDE) * shortest;
}

static void name_hollows(face *f)
{
    for (size_t i = 0; i < f->n_raw; i++) {
        raw_site *site = &f->raw[i];
        char element[4];
        if (site->kind == HOLLOW && site->n_around == 3 && is_equilateral(site))
            site->kind = look_below(f, site->u, element) ? HCP : FCC;
    }
}

static void name_bridges(face *f)
{
    double shortest = HUGE_VAL, longest = 0.0;

    for (size_t i = 0; i < f->n_raw; i++)
        if (f->raw[i].kind == BRIDGE) {
            shortest = fmin(shortest, f->raw[i].distance);
            longest = fmax(longest, f->raw[i].distance);
        }
    if (longest <= (1.0 + SAME_LENGTH) * shortest)
        return;
    for (size_t i = 0; i < f->n_raw; i++)
        if (f->raw[i].kind == BRIDGE) {
            if (f->raw[i].distance <= (1.0 + SAME_LENGTH) * shortest)
                f->raw[i].kind = SHORTBRIDGE;
            else if (f->raw[i].distance >= longest / (1.0 + SAME_LENGTH))
                f->raw[i].kind = LONGBRIDGE;
        }
}

/* Joins points that an operation keeping the face maps onto each other. */
static void find_orbits(face *f)
{
    const cand_layer *layer = f->layer;

    for (size_t i = 0; i < f->n_raw; i++)
        f->raw[i].orbit = i;
    for (size_t o = 0; o < layer->n_ops; o++) {
        const cand_layer_op *op = &layer->op[o];
        for (size_t i = 0; i < f->n_raw && !op->flip; i++) {
            double image[2];
            for (int c = 0; c < 2; c++)
                image[c] = op->rotation[c][0] * f->raw[i].u[0] + op->rotation[c][1] * f->raw[i].u[1]
                         + op->translation[c];
            for (size_t j = 0; j < f->n_raw; j++) {
                const size_t from = f->raw[j].orbit, to = f->raw[i].orbit;
                if (f->raw[j].kind != f->raw[i].kind || from == to
                    || cand_layer_distance(layer, image, f->raw[j].u) > f->options.merge)
                    continue;
                for (size_t k = 0; k < f->n_raw; k++)
                    if (f->raw[k].orbit == from || f->raw[k].orbit == to)
                        f->raw[k].orbit = from < to ? from : to;
            }
        }
    }
}

typedef struct {
    const cand_layer *layer;
    double radius;                  /* bohr, the adsorbate's */
    double height;
} contact_search;

static double radius_of(int z)
{
    return dft_element_covalent_radius_ang(z) / DFT_BOHR_ANG;
}

/* Spheres of covalent radii touch at height sqrt((r1 + r2)^2 - d^2) above the atom. */
static void note_contact(void *context, size_t atom, const double xy[2])
{
    contact_search *search = context;
    const double sum = search->radius + radius_of(search->layer->z[atom]);
    const double square = sum * sum - xy[0] * xy[0] - xy[1] * xy[1];

    if (square > 0.0)
        search->height = fmax(search->height, search->layer->height[atom] + sqrt(square));
}

/* Start height above the top plane; in the plane itself over a hole so wide that nothing is touched. */
static double contact_height(const cand_layer *layer, const double u[2], int z_adsorbate)
{
    contact_search search = { layer, radius_of(z_adsorbate), -HUGE_VAL };
    double largest = 0.0;

    for (size_t a = 0; a < layer->n_atoms; a++)
        largest = fmax(largest, radius_of(layer->z[a]));
    visit_images(layer, u, search.radius + largest, note_contact, &search);
    return isfinite(search.height) ? search.height - layer->top : 0.0;
}

static double wrapped(double x)
{
    x -= floor(x + 1e-6);
    return x < 0.0 ? 0.0 : x;
}

/* Of equivalent points, the one nearest the cell's corner stands for all. */
static const raw_site *representative(const face *f, size_t orbit)
{
    const raw_site *best = &f->raw[orbit];

    for (size_t i = orbit + 1; i < f->n_raw; i++) {
        const raw_site *site = &f->raw[i];
        const double here = wrapped(site->u[0]) + wrapped(site->u[1]);
        const double there = wrapped(best->u[0]) + wrapped(best->u[1]);
        if (site->orbit != orbit)
            continue;
        if (here < there - 1e-3
            || (here < there + 1e-3 && wrapped(site->u[0]) < wrapped(best->u[0]) - 1e-3))
            best = site;
    }
    return best;
}

static void fill_site(const face *f, size_t orbit, int z_adsorbate, cand_site *out)
{
    const raw_site *site = representative(f, orbit);

    *out = (cand_site){ .coordination = site->n_around, .distance = site->distance };
    snprintf(out->name, sizeof out->name, "%s", kind_names[site->kind]);
    cand_formula(site->z, (size_t)site->n_around, out->elements, sizeof out->elements);
    look_below(f, site->u, out->below);
    for (size_t i = 0; i < f->n_raw; i++)
        out->multiplicity += f->raw[i].orbit == orbit;
    for (int c = 0; c < 2; c++)
        out->frac[c] = wrapped(site->u[c]);
    cand_layer_cartesian(f->layer, out->frac, f->layer->top, out->position);
    out->height = contact_height(f->layer, out->frac, z_adsorbate);
}

static int kind_of(const char *name)
{
    int kind = 0;
    while (kind < N_KINDS - 1 && strcmp(name, kind_names[kind]) != 0)
        kind++;
    return kind;
}

/* Differences below noise count as none. */
static int compare_lengths(double a, double b)
{
    return fabs(a - b) < 0.05 ? 0 : a < b ? -1 : 1;
}

static int compare_sites(const void *a, const void *b)
{
    const cand_site *p = a, *q = b;
    int order = kind_of(p->name) - kind_of(q->name);

    if (order == 0)
        order = strcmp(p->elements, q->elements);
    if (order == 0)
        order = compare_lengths(p->distance, q->distance);
    if (order == 0)
        order = strcmp(p->below, q->below);
    if (order == 0)
        order = compare_lengths(p->height, q->height);
    if (order == 0)
        order = (p->multiplicity > q->multiplicity) - (p->multiplicity < q->multiplicity);
    return order;
}

/* name:elements, numbered where the face has several of them. */
static void label_sites(cand_site *site, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < i; j++)
            same += strcmp(site[i].name, site[j].name) == 0
                 && strcmp(site[i].elements, site[j].elements) == 0;
        if (same == 0)
            snprintf(site[i].label, sizeof site[i].label, "%s:%s", site[i].name, site[i].elements);
        else
            snprintf(site[i].label, sizeof site[i].label, "%s:%s#%d", site[i].name,
                     site[i].elements, (int)same + 1);
    }
}

static dft_status collect(const face *f, int z_adsorbate, cand_site **out, size_t *n, dft_error *err)
{
    cand_site *list = dft_alloc(f->n_raw, sizeof *list);
    size_t count = 0;

    if (!list)
        return dft_fail(err, DFT_ENOMEM, "adsorption sites: out of memory");
    for (size_t i = 0; i < f->n_raw; i++)
        if (f->raw[i].orbit == i)
            fill_site(f, i, z_adsorbate, &list[count++]);
    qsort(list, count, sizeof *list, compare_sites);
    label_sites(list, count);
    *out = list;
    *n = count;
    return DFT_OK;
}

static dft_status check_radii(const dft_crystal *slab, int z_adsorbate, dft_error *err)
{
    if (!(dft_element_covalent_radius_ang(z_adsorbate) > 0.0))
        return dft_fail(err, DFT_EINPUT, "no covalent radius is known for adsorbate %s",
                        dft_element_symbol(z_adsorbate));
    for (size_t a = 0; a < slab->n_atoms; a++)
        if (!(dft_element_covalent_radius_ang(slab->z[a]) > 0.0))
            return dft_fail(err, DFT_EINPUT, "no covalent radius is known for %s, atom %zu of the slab",
                            dft_element_symbol(slab->z[a]), a + 1);
    return DFT_OK;
}

dft_status cand_sites_find(const dft_crystal *slab, int z_adsorbate,
                           const cand_sites_options *options, cand_site **out, size_t *n,
                           dft_error *err)
{
    const cand_sites_options chosen = options ? *options : cand_sites_defaults();
    cand_layer *layer = NULL;
    face f = { 0 };
    dft_status status = check_radii(slab, z_adsorbate, err);

    *out = NULL;
    *n = 0;
    if (status == DFT_OK)
        status = cand_layer_create(slab, chosen.symmetry_tolerance, &layer, err);
    if (status == DFT_OK)
        status = face_init(layer, &chosen, &f, err);
    if (status == DFT_OK)
        status = find_points(&f, err);
    if (status != DFT_OK)
        goto done;
    for (size_t i = 0; i < f.n_raw; i++)
        coordinate(&f, &f.raw[i]);
    name_hollows(&f);
    name_bridges(&f);
    find_orbits(&f);
    status = collect(&f, z_adsorbate, out, n, err);
done:
    face_clear(&f);
    cand_layer_free(layer);
    return status;
}

dft_status cand_add_atom(const dft_crystal *slab, int z, const double frac[2], double height,
                         dft_crystal **out, dft_error *err)
{
    const size_t n = slab->n_atoms + 1;
    cand_layer *layer = NULL;
    int *all_z = dft_alloc_ints(n);
    double (*position)[3] = dft_alloc(n, sizeof *position);
    double cart[3];
    dft_status status;

    *out = NULL;
    if (!all_z || !position) {
        status = dft_fail(err, DFT_ENOMEM, "adding an atom: out of memory");
        goto done;
    }
    status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);
    if (status != DFT_OK)
        goto done;
    memcpy(all_z, slab->z, slab->n_atoms * sizeof *all_z);
    memcpy(position, slab->position, slab->n_atoms * sizeof *position);
    all_z[n - 1] = z;
    cand_layer_cartesian(layer, frac, layer->top + height, cart);
    dft_crystal_fractional((const double (*)[3])slab->lattice, cart, position[n - 1]);
    status = dft_crystal_create((const double (*)[3])slab->lattice, n, all_z,
                                (const double (*)[3])position, out, err);
done:
    cand_layer_free(layer);
    free(position);
    free(all_z);
    return status;
}
