#include "candidates/subsurface.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/exposed.h"
#include "candidates/layer.h"
#include "candidates/miller.h"
#include "candidates/site_points.h"
#include "dft-lite/base/alloc.h"

#define WIDEST 5.5                  /* bohr, 2.9 A: larger spheres are no sites of a solid */
#define FLAT 0.05                   /* of r^3: four atoms in a plane have no sphere */
#define MAX_AROUND 12

typedef struct { double r[3]; size_t atom; } ball;

typedef struct {
    const cand_layer *layer;
    double merge, low, high;        /* heights between which centres count */
    ball *near;                     /* owned: atoms around the one looked at, relative to it */
    size_t n_near, room;
    size_t n, capacity;
    struct centre { double u[2], height, radius; size_t n_merged; } *found;     /* owned */
    bool refused;                   /* memory */
} search;

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross3(const double a[3], const double b[3], double c[3])
{
    for (int i = 0; i < 3; i++)
        c[i] = a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3];
}

static void note_ball(void *context, size_t atom, const double xy[2])
{
    search *s = context;

    if (s->n_near == s->room) {
        ball *more = dft_alloc(2 * s->room + 64, sizeof *more);
        if (!more) {
            s->refused = true;
            return;
        }
        if (s->n_near > 0)
            memcpy(more, s->near, s->n_near * sizeof *more);
        free(s->near);
        s->near = more;
        s->room = 2 * s->room + 64;
    }
    s->near[s->n_near++] = (ball){ { xy[0], xy[1], s->layer->height[atom] }, atom };
}

/* The centre of the sphere through the origin, a, b and c: x.a = a.a/2 and likewise. */
static bool circumcentre(const double a[3], const double b[3], const double c[3], double x[3])
{
    double bc[3], ca[3], ab[3], det, longest;

    cross3(b, c, bc);
    cross3(c, a, ca);
    cross3(a, b, ab);
    det = dot3(a, bc);
    longest = sqrt(fmax(dot3(a, a), fmax(dot3(b, b), dot3(c, c))));
    if (fabs(det) < FLAT * longest * longest * longest)
        return false;
    for (int i = 0; i < 3; i++)
        x[i] = 0.5 * (dot3(a, a) * bc[i] + dot3(b, b) * ca[i] + dot3(c, c) * ab[i]) / det;
    return true;
}

/* No atom nearer than the sphere's surface; merge / 2 forgives noise. */
static bool is_empty(const search *s, const double x[3], double radius)
{
    for (size_t k = 0; k < s->n_near; k++) {
        const double d[3] = { s->near[k].r[0] - x[0], s->near[k].r[1] - x[1],
                              s->near[k].r[2] - x[2] };
        if (dot3(d, d) < (radius - 0.5 * s->merge) * (radius - 0.5 * s->merge))
            return false;
    }
    return true;
}

/* Several quadruples of one polyhedron have the same centre; noise spreads them, and they are
 * averaged. */
static void add_centre(search *s, const double u[2], double height, double radius)
{
    struct centre *c;

    for (size_t i = 0; i < s->n; i++) {
        c = &s->found[i];
        if (fabs(c->height - height) > s->merge
            || cand_layer_distance(s->layer, c->u, u) > s->merge)
            continue;
        c->n_merged++;
        for (int k = 0; k < 2; k++) {
            const double d = u[k] - c->u[k];
            c->u[k] += (d - round(d)) / (double)c->n_merged;
        }
        c->height += (height - c->height) / (double)c->n_merged;
        c->radius += (radius - c->radius) / (double)c->n_merged;
        return;
    }
    if (s->n == s->capacity) {
        c = dft_alloc(2 * s->capacity + 32, sizeof *c);
        if (!c) {
            s->refused = true;
            return;
        }
        if (s->n > 0)
            memcpy(c, s->found, s->n * sizeof *c);
        free(s->found);
        s->found = c;
        s->capacity = 2 * s->capacity + 32;
    }
    s->found[s->n++] = (struct centre){ { u[0], u[1] }, height, radius, 1 };
}

static void to_units(const cand_layer *layer, const double xy[2], double u[2])
{
    const double (*a)[2] = layer->lattice;
    const double det = a[0][0] * a[1][1] - a[0][1] * a[1][0];

    u[0] = (xy[0] * a[1][1] - xy[1] * a[1][0]) / det;
    u[1] = (xy[1] * a[0][0] - xy[0] * a[0][1]) / det;
}

static void try_quadruple(search *s, size_t atom, const double *a, const double *b, const double *c)
{
    const double z = s->layer->height[atom];
    const double ra[3] = { a[0], a[1], a[2] - z }, rb[3] = { b[0], b[1], b[2] - z };
    const double rc[3] = { c[0], c[1], c[2] - z };
    double x[3], u[2], radius;

    if (!circumcentre(ra, rb, rc, x))
        return;
    radius = sqrt(dot3(x, x));
    x[2] += z;
    if (radius > WIDEST || x[2] <= s->low || x[2] >= s->high || !is_empty(s, x, radius))
        return;
    to_units(s->layer, x, u);
    u[0] += s->layer->u[atom][0];
    u[1] += s->layer->u[atom][1];
    add_centre(s, u, x[2], radius);
}

/* All spheres through one atom and three others, none further than a sphere's diameter. */
static void look_from(search *s, size_t atom)
{
    const double z = s->layer->height[atom];
    size_t n = 0;

    s->n_near = 0;
    cand_visit_images(s->layer, s->layer->u[atom], 2.0 * WIDEST, note_ball, s);
    for (size_t k = 0; k < s->n_near; k++) {         /* within reach in space, itself left out */
        const double *r = s->near[k].r;
        const double square = r[0] * r[0] + r[1] * r[1] + (r[2] - z) * (r[2] - z);
        if (square > 1e-6 && square < 4.0 * WIDEST * WIDEST)
            s->near[n++] = s->near[k];
    }
    s->n_near = n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            for (size_t k = j + 1; k < n; k++)
                try_quadruple(s, atom, s->near[i].r, s->near[j].r, s->near[k].r);
}

/* ---- what is found ---- */

typedef struct {
    const search *s;
    const struct centre *centre;
    int n, z[MAX_AROUND];
} shell;

static void note_touching(void *context, size_t atom, const double xy[2])
{
    shell *h = context;
    const double dz = h->s->layer->height[atom] - h->centre->height;
    const double d = sqrt(xy[0] * xy[0] + xy[1] * xy[1] + dz * dz);

    if (d < h->centre->radius + h->s->merge && h->n < MAX_AROUND)
        h->z[h->n++] = h->s->layer->z[atom];
}

static cand_subsurface_site describe(const search *s, const struct centre *c, double (*image)[2])
{
    shell around = { .s = s, .centre = c };
    cand_subsurface_site site = { .depth = s->layer->top - c->height, .radius = c->radius };

    cand_visit_images(s->layer, c->u, c->radius + s->merge, note_touching, &around);
    site.coordination = around.n;
    snprintf(site.name, sizeof site.name, "%s", around.n == 6 ? "octahedral"
             : around.n == 4 ? "tetrahedral" : "interstitial");
    cand_formula(around.z, (size_t)around.n, site.elements, sizeof site.elements);
    snprintf(site.label, sizeof site.label, "%s:%s", site.name, site.elements);
    site.multiplicity = cand_layer_images(s->layer, c->u, s->merge, image);
    for (int k = 0; k < 2; k++)
        site.frac[k] = image[0][k];
    cand_layer_cartesian(s->layer, site.frac, c->height, site.position);
    return site;
}

/* Whether a centre is an image of one listed before: same height, and laterally the same orbit. */
static bool is_listed(const search *s, const cand_subsurface_site *list, size_t n,
                      const struct centre *c, double (*image)[2])
{
    const size_t n_images = cand_layer_images(s->layer, c->u, s->merge, image);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_images; k++)
            if (fabs(s->layer->top - c->height - list[i].depth) <= s->merge
                && cand_layer_distance(s->layer, image[k], list[i].frac) <= s->merge)
                return true;
    return false;
}

static int widest_first(const void *a, const void *b)
{
    const cand_subsurface_site *p = a, *q = b;
    if (fabs(p->radius - q->radius) > 0.05)          /* bohr; noise is below */
        return p->radius > q->radius ? -1 : 1;
    if (fabs(p->depth - q->depth) > 0.05)
        return p->depth < q->depth ? -1 : 1;
    return strcmp(p->label, q->label);
}

static void number_labels(cand_subsurface_site *site, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int same = 1;
        for (size_t j = 0; j < i; j++)
            same += strcmp(site[i].name, site[j].name) == 0
                 && strcmp(site[i].elements, site[j].elements) == 0;
        if (same > 1)
            snprintf(site[i].label, sizeof site[i].label, "%s:%s#%d", site[i].name,
                     site[i].elements, same);
    }
}

/* The highest plane below the exposed atoms bounds the region. */
static dft_status set_region(search *s, double top_depth, dft_error *err)
{
    bool *exposed = dft_alloc(s->layer->n_atoms, sizeof *exposed);
    dft_status status = exposed ? cand_exposed_find(s->layer, top_depth, exposed, err)
                                : dft_fail(err, DFT_ENOMEM, "subsurface sites: out of memory");

    s->high = s->layer->top - 0.5 * s->merge;
    s->low = -HUGE_VAL;
    for (size_t a = 0; a < s->layer->n_atoms && status == DFT_OK; a++)
        if (!exposed[a])
            s->low = fmax(s->low, s->layer->height[a] + 0.5 * s->merge);
    if (!isfinite(s->low))
        s->low = s->high;                            /* one plane: nothing is below it */
    free(exposed);
    return status;
}

static dft_status list_sites(const search *s, cand_subsurface_site **out, size_t *n, dft_error *err)
{
    cand_subsurface_site *list = dft_alloc(s->n, sizeof *list);
    double (*image)[2] = dft_alloc(s->layer->n_ops, sizeof *image);
    size_t count = 0;

    if (!list || !image) {
        free(list);
        free(image);
        return dft_fail(err, DFT_ENOMEM, "subsurface sites: out of memory");
    }
    for (size_t i = 0; i < s->n; i++)
        if (!is_listed(s, list, count, &s->found[i], image))
            list[count++] = describe(s, &s->found[i], image);
    qsort(list, count, sizeof *list, widest_first);
    number_labels(list, count);
    free(image);
    *out = list;
    *n = count;
    return DFT_OK;
}

dft_status cand_subsurface_find(const dft_crystal *slab, const cand_sites_options *options,
                                cand_subsurface_site **out, size_t *n, dft_error *err)
{
    const cand_sites_options chosen = options ? *options : cand_sites_defaults();
    cand_layer *layer = NULL;
    search s = { .merge = chosen.merge };
    dft_status status = cand_layer_create(slab, chosen.symmetry_tolerance, &layer, err);

    *out = NULL;
    *n = 0;
    if (status != DFT_OK)
        return status;
    s.layer = layer;
    status = set_region(&s, chosen.top_depth, err);
    for (size_t a = 0; a < layer->n_atoms && status == DFT_OK && !s.refused; a++)
        if (layer->height[a] >= s.low - WIDEST)
            look_from(&s, a);
    if (s.refused)
        status = dft_fail(err, DFT_ENOMEM, "subsurface sites: out of memory");
    if (status == DFT_OK)
        status = list_sites(&s, out, n, err);
    free(s.found);
    free(s.near);
    cand_layer_free(layer);
    return status;
}
