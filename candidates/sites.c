#include "candidates/sites.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "candidates/miller.h"
#include "candidates/site_points.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define SAME_LENGTH 0.05            /* bridges differing by more are short and long */
#define SAME_SIDE 0.08              /* sides of a threefold hollow that is called fcc or hcp */
#define DEEPEST_BELOW 11.3          /* bohr, 6 A: what lies deeper is not "below", however thick the slab */
#define SURROUNDINGS 7.5            /* bohr: what tells sites apart that are alike but for it */
#define MAX_AROUND 256

static const char *const kind_names[CAND_N_KINDS] = {
    "ontop", "shortbridge", "bridge", "longbridge", "fcc", "hcp", "hollow"
};

cand_sites_options cand_sites_defaults(void)
{
    return (cand_sites_options){ .top_depth = 0.6 / DFT_BOHR_ANG, .merge = 0.15 / DFT_BOHR_ANG,
                                 .symmetry_tolerance = CAND_LAYER_TOLERANCE };
}

typedef struct {
    const cand_face *f;
    double height;                  /* of the highest atom right below */
    size_t atom;
} below_search;

static void note_below(void *context, size_t atom, const double xy[2])
{
    below_search *search = context;
    (void)xy;
    if (!cand_face_has(search->f, atom) && search->f->layer->height[atom] > search->height
        && search->f->layer->height[atom] > search->f->layer->top - DEEPEST_BELOW) {
        search->height = search->f->layer->height[atom];
        search->atom = atom;
    }
}

/* The element right below a site ("" when none), and whether it is of the plane next to the top. */
static bool look_below(const cand_face *f, const double u[2], char element[4])
{
    below_search search = { f, -HUGE_VAL, 0 };

    cand_visit_images(f->layer, u, CAND_RIGHT_BELOW, note_below, &search);
    element[0] = '\0';
    if (!isfinite(search.height))
        return false;
    snprintf(element, 4, "%s", dft_element_symbol(f->layer->z[search.atom]));
    return search.height >= f->next_height - f->options.top_depth;
}

static double apart(const double a[3], const double b[3])
{
    return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])
                + (a[2] - b[2]) * (a[2] - b[2]));
}

static bool is_equilateral(const cand_site_point *site)
{
    double shortest = HUGE_VAL, longest = 0.0;

    for (int i = 0; i < 3; i++) {
        const double side = apart(site->from[i], site->from[(i + 1) % 3]);
        shortest = fmin(shortest, side);
        longest = fmax(longest, side);
    }
    return longest <= (1.0 + SAME_SIDE) * shortest;
}

/* A threefold hollow on the slope of a step, seen along its own normal. */
typedef struct {
    const cand_face *f;
    double centre[3], normal[3];    /* centre: relative to the site laterally; normal upwards */
    double side;
    bool found;                     /* an atom of the slope's next plane lies right below */
} slope_search;

static void note_below_slope(void *context, size_t atom, const double xy[2])
{
    slope_search *s = context;
    const double r[3] = { xy[0] - s->centre[0], xy[1] - s->centre[1],
                          s->f->layer->height[atom] - s->centre[2] };
    const double along = r[0] * s->normal[0] + r[1] * s->normal[1] + r[2] * s->normal[2];
    const double square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2] - along * along;

    /* close-packed planes are 0.82 sides apart */
    s->found = s->found || (along < -0.3 * s->side && along > -1.2 * s->side
                            && square < CAND_RIGHT_BELOW * CAND_RIGHT_BELOW);
}

static bool is_hcp_on_slope(const cand_face *f, const cand_site_point *site)
{
    const double (*p)[3] = site->from;
    slope_search s = { .f = f, .side = apart(p[0], p[1]) };
    double e[2][3], length;

    for (int c = 0; c < 3; c++) {
        s.centre[c] = (p[0][c] + p[1][c] + p[2][c]) / 3.0;
        e[0][c] = p[1][c] - p[0][c];
        e[1][c] = p[2][c] - p[0][c];
    }
    for (int c = 0; c < 3; c++)
        s.normal[c] = e[0][(c + 1) % 3] * e[1][(c + 2) % 3] - e[0][(c + 2) % 3] * e[1][(c + 1) % 3];
    length = copysign(sqrt(s.normal[0] * s.normal[0] + s.normal[1] * s.normal[1]
                           + s.normal[2] * s.normal[2]), s.normal[2]);
    for (int c = 0; c < 3; c++)
        s.normal[c] /= length;
    cand_visit_images(f->layer, site->u, 2.0 * s.side, note_below_slope, &s);
    return s.found;
}

static bool is_sloping(const cand_face *f, const cand_site_point *site)
{
    double low = HUGE_VAL, high = -HUGE_VAL;

    for (int i = 0; i < site->n_around; i++) {
        low = fmin(low, site->from[i][2]);
        high = fmax(high, site->from[i][2]);
    }
    return high - low > f->options.top_depth;
}

static void name_hollows(cand_face *f)
{
    for (size_t i = 0; i < f->n_points; i++) {
        cand_site_point *site = &f->point[i];
        char element[4];
        bool hcp;
        if (site->kind != CAND_HOLLOW || site->n_around != 3 || !is_equilateral(site))
            continue;
        hcp = is_sloping(f, site) ? is_hcp_on_slope(f, site) : look_below(f, site->u, element);
        site->kind = hcp ? CAND_HCP : CAND_FCC;
    }
}

/* Half the distance of a bridge's two atoms. */
static double half_span(const cand_site_point *site)
{
    return 0.5 * apart(site->from[0], site->from[1]);
}

static void name_bridges(cand_face *f)
{
    double shortest = HUGE_VAL, longest = 0.0;

    for (size_t i = 0; i < f->n_points; i++)
        if (f->point[i].kind == CAND_BRIDGE) {
            shortest = fmin(shortest, half_span(&f->point[i]));
            longest = fmax(longest, half_span(&f->point[i]));
        }
    if (longest <= (1.0 + SAME_LENGTH) * shortest)
        return;
    for (size_t i = 0; i < f->n_points; i++)
        if (f->point[i].kind == CAND_BRIDGE) {
            if (half_span(&f->point[i]) <= (1.0 + SAME_LENGTH) * shortest)
                f->point[i].kind = CAND_SHORTBRIDGE;
            else if (half_span(&f->point[i]) >= longest / (1.0 + SAME_LENGTH))
                f->point[i].kind = CAND_LONGBRIDGE;
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

/* Start height above the top plane; in the plane itself over a hole so wide that nothing is
 * touched. */
static double contact_height(const cand_layer *layer, const double u[2], int z_adsorbate)
{
    contact_search search = { layer, radius_of(z_adsorbate), -HUGE_VAL };
    double largest = 0.0;

    for (size_t a = 0; a < layer->n_atoms; a++)
        largest = fmax(largest, radius_of(layer->z[a]));
    cand_visit_images(layer, u, search.radius + largest, note_contact, &search);
    return isfinite(search.height) ? search.height - layer->top : 0.0;
}

static double wrapped(double x)
{
    x -= floor(x + 1e-6);
    return x < 0.0 ? 0.0 : x;
}

/* Of equivalent points, the one nearest the cell's corner stands for all. */
static const cand_site_point *representative(const cand_face *f, size_t orbit)
{
    const cand_site_point *best = &f->point[orbit];

    for (size_t i = orbit + 1; i < f->n_points; i++) {
        const cand_site_point *site = &f->point[i];
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

static void fill_site(const cand_face *f, size_t orbit, int z_adsorbate, cand_site *out)
{
    const cand_site_point *site = representative(f, orbit);

    *out = (cand_site){ .coordination = site->n_around, .distance = site->distance };
    for (int i = 0; i < site->n_around; i++)
        out->depth += (f->layer->top - site->from[i][2]) / site->n_around;
    snprintf(out->name, sizeof out->name, "%s", kind_names[site->kind]);
    cand_formula(site->z, (size_t)site->n_around, out->elements, sizeof out->elements);
    look_below(f, site->u, out->below);
    for (size_t i = 0; i < f->n_points; i++)
        out->multiplicity += f->point[i].orbit == orbit;
    for (int c = 0; c < 2; c++)
        out->frac[c] = wrapped(site->u[c]);
    cand_layer_cartesian(f->layer, out->frac, f->layer->top, out->position);
    out->height = contact_height(f->layer, out->frac, z_adsorbate);
}

static int kind_of(const char *name)
{
    int kind = 0;
    while (kind < CAND_N_KINDS - 1 && strcmp(name, kind_names[kind]) != 0)
        kind++;
    return kind;
}

/* Differences below noise count as none. */
static int compare_lengths(double a, double b)
{
    return fabs(a - b) < 0.05 ? 0 : a < b ? -1 : 1;
}

/* A site to be ordered. */
typedef struct {
    cand_site site;
    double spread;                  /* of what is around it */
} ordered_site;

typedef struct {
    const cand_layer *layer;
    size_t n;
    double r[MAX_AROUND][3], weight[MAX_AROUND];
} around_search;

static void note_around(void *context, size_t atom, const double xy[2])
{
    around_search *s = context;
    const double depth = s->layer->top - s->layer->height[atom];
    const double t = (xy[0] * xy[0] + xy[1] * xy[1] + depth * depth) / (SURROUNDINGS * SURROUNDINGS);

    if (t >= 1.0 || s->n == MAX_AROUND)
        return;
    memcpy(s->r[s->n], xy, 2 * sizeof(double));
    s->r[s->n][2] = depth;
    s->weight[s->n++] = s->layer->z[atom] * (1.0 - t) * (1.0 - t);   /* smooth: no edge to fall off */
}

/* Mean distance between two atoms around a site, weighted by their atomic numbers and nearness:
 * a number that rotation, reflection and the choice of cell leave alone.  Distances from the site do
 * not tell the two O-F bridges of a sheet with rows of O and F apart; these do. */
static double spread_around(const cand_layer *layer, const double u[2])
{
    around_search s = { .layer = layer };
    double sum = 0.0, norm = 0.0;

    cand_visit_images(layer, u, SURROUNDINGS, note_around, &s);
    for (size_t i = 0; i < s.n; i++)
        for (size_t j = 0; j < i; j++) {
            const double weight = s.weight[i] * s.weight[j];
            sum += weight * apart(s.r[i], s.r[j]);
            norm += weight;
        }
    return norm > 0.0 ? sum / norm : 0.0;
}

static int compare_sites(const void *a, const void *b)
{
    const cand_site *p = &((const ordered_site *)a)->site, *q = &((const ordered_site *)b)->site;
    const double spread[2] = { ((const ordered_site *)a)->spread, ((const ordered_site *)b)->spread };
    int order = kind_of(p->name) - kind_of(q->name);

    if (order == 0)
        order = strcmp(p->elements, q->elements);
    if (order == 0)
        order = compare_lengths(p->distance, q->distance);
    if (order == 0)
        order = compare_lengths(p->depth, q->depth);
    if (order == 0)
        order = strcmp(p->below, q->below);
    if (order == 0)
        order = compare_lengths(p->height, q->height);
    if (order == 0)
        order = (p->multiplicity > q->multiplicity) - (p->multiplicity < q->multiplicity);
    if (order == 0)
        order = (spread[0] > spread[1]) - (spread[0] < spread[1]);
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

static dft_status collect(const cand_face *f, int z_adsorbate, cand_site **out, size_t *n,
                          dft_error *err)
{
    ordered_site *order = dft_alloc(f->n_points, sizeof *order);
    cand_site *list = dft_alloc(f->n_points, sizeof *list);
    size_t count = 0;

    if (!list || !order) {
        free(list);
        free(order);
        return dft_fail(err, DFT_ENOMEM, "adsorption sites: out of memory");
    }
    for (size_t i = 0; i < f->n_points; i++)
        if (f->point[i].orbit == i) {
            fill_site(f, i, z_adsorbate, &order[count].site);
            order[count].spread = spread_around(f->layer, order[count].site.frac);
            count++;
        }
    qsort(order, count, sizeof *order, compare_sites);
    for (size_t i = 0; i < count; i++)
        list[i] = order[i].site;
    free(order);
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
            return dft_fail(err, DFT_EINPUT, "no covalent radius is known for %s, atom %zu of the "
                            "slab", dft_element_symbol(slab->z[a]), a + 1);
    return DFT_OK;
}

dft_status cand_sites_find(const dft_crystal *slab, int z_adsorbate,
                           const cand_sites_options *options, cand_site **out, size_t *n,
                           dft_error *err)
{
    const cand_sites_options chosen = options ? *options : cand_sites_defaults();
    cand_layer *layer = NULL;
    cand_face f = { 0 };
    dft_status status = check_radii(slab, z_adsorbate, err);

    *out = NULL;
    *n = 0;
    if (status == DFT_OK)
        status = cand_layer_create(slab, chosen.symmetry_tolerance, &layer, err);
    if (status == DFT_OK)
        status = cand_face_init(layer, &chosen, &f, err);
    if (status == DFT_OK)
        status = cand_face_find_points(&f, err);
    if (status != DFT_OK)
        goto done;
    name_hollows(&f);
    name_bridges(&f);
    cand_face_find_orbits(&f);
    status = collect(&f, z_adsorbate, out, n, err);
done:
    cand_face_clear(&f);
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
