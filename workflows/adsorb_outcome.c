#include "workflows/adsorb_outcome.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "workflows/precon.h"

#define BOND 1.25                       /* x sum of covalent radii */
#define NO_BOND 1.5
#define LEVEL (0.5 / DFT_BOHR_ANG)     /* heights closer than this are equal */
#define OVERHEAD (1.0 / DFT_BOHR_ANG)
#define OTHER_SITE (0.3 / DFT_BOHR_ANG)
#define REARRANGED 0.25                 /* x nearest distance */

typedef struct {
    const dft_crystal *clean, *with;
    cand_layer *layer;                  /* owned, of clean */
    double (*move)[3];                  /* owned [n_atoms], Cartesian, of the slab's atoms */
    double adatom[3];                   /* Cartesian, in the period about the slab */
    double adatom_height;
} scene;

const char *flow_outcome_name(flow_outcome outcome)
{
    static const char *const names[] = { "kept", "moved", "desorbed", "reconstructed", "sank" };
    return names[outcome];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double radii(int z1, int z2)
{
    return (dft_element_covalent_radius_ang(z1) + dft_element_covalent_radius_ang(z2)) / DFT_BOHR_ANG;
}

/* Nearest-image moves, and the adatom shifted along c until it is within half a period of the slab. */
static void set_scene(scene *s)
{
    const dft_crystal *c = s->clean;
    const size_t n = c->n_atoms;
    const double *normal = s->layer->axis[2];
    const double period = s->layer->top - s->layer->bottom + s->layer->vacuum;
    const double middle = 0.5 * (s->layer->top + s->layer->bottom);
    const double rise = dot(c->lattice[2], normal);

    for (size_t a = 0; a < n; a++) {
        double d[3];
        for (int k = 0; k < 3; k++) {
            d[k] = s->with->position[a][k] - c->position[a][k];
            d[k] -= round(d[k]);
        }
        dft_crystal_cartesian(c->lattice, d, s->move[a]);
    }
    dft_crystal_cartesian(c->lattice, s->with->position[n], s->adatom);
    const double turns = round((dot(s->adatom, normal) - middle) / period) * (rise > 0.0 ? 1.0 : -1.0);
    for (int k = 0; k < 3; k++)
        s->adatom[k] -= turns * c->lattice[2][k];
    s->adatom_height = dot(s->adatom, normal);
}

/* Height of slab atom a now. */
static double height_of(const scene *s, size_t a)
{
    return s->layer->height[a] + dot(s->move[a], s->layer->axis[2]);
}

static void measure(const scene *s, flow_adsorb_end *out)
{
    const double depth = cand_sites_defaults().top_depth;
    double top = 0.0;
    size_t n_top = 0;

    out->nearest = INFINITY;
    for (size_t a = 0; a < s->clean->n_atoms; a++) {
        out->nearest = fmin(out->nearest, dft_crystal_distance(s->with, a, s->clean->n_atoms));
        out->largest_move = fmax(out->largest_move, sqrt(dot(s->move[a], s->move[a])));
        if (s->layer->height[a] > s->layer->top - depth) {
            top += height_of(s, a);
            n_top++;
        }
    }
    out->height = s->adatom_height - top / (double)n_top;
}

static int is_desorbed(const scene *s)
{
    const size_t n = s->clean->n_atoms;

    for (size_t a = 0; a < n; a++)
        if (dft_crystal_distance(s->with, a, n) < NO_BOND * radii(s->with->z[a], s->with->z[n]))
            return 0;
    return 1;
}

static int has_sunk(const scene *s, double nearest)
{
    const size_t n = s->clean->n_atoms;
    size_t n_near = 0, n_beside = 0;

    for (size_t a = 0; a < n; a++) {
        const double r = dft_crystal_distance(s->with, a, n);
        if (r > BOND * radii(s->with->z[a], s->with->z[n]) && r > nearest + 1e-6)
            continue;
        const double higher = height_of(s, a) - s->adatom_height;
        if (higher > LEVEL && r * r - higher * higher < OVERHEAD * OVERHEAD)
            return 1;
        n_beside += higher > -LEVEL;
        n_near++;
    }
    return 2 * n_beside >= n_near;
}

/* Lateral distance from the adatom to the nearest of a site's equivalent places. */
static double distance_to(const scene *s, const cand_site *site, const double u[2], double (*image)[2])
{
    const size_t n = cand_layer_images(s->layer, site->frac, CAND_LAYER_TOLERANCE, image);
    double nearest = INFINITY;

    for (size_t i = 0; i < n; i++)
        nearest = fmin(nearest, cand_layer_distance(s->layer, u, image[i]));
    return nearest;
}

static dft_status find_site(const scene *s, const cand_site *site, size_t n_sites, size_t started,
                            flow_adsorb_end *out, dft_error *err)
{
    const double (*l)[2] = s->layer->lattice;
    const double x = dot(s->adatom, s->layer->axis[0]), y = dot(s->adatom, s->layer->axis[1]);
    const double det = l[0][0] * l[1][1] - l[0][1] * l[1][0];
    const double u[2] = { (x * l[1][1] - y * l[1][0]) / det, (y * l[0][0] - x * l[0][1]) / det };
    double (*image)[2] = dft_alloc(s->layer->n_ops, sizeof *image), nearest;

    if (!image)
        return dft_fail(err, DFT_ENOMEM, "places of a site: out of memory");
    out->final_site = started;
    out->shift = nearest = distance_to(s, &site[started], u, image);
    for (size_t i = 0; i < n_sites; i++) {
        const double d = distance_to(s, &site[i], u, image);
        if (d < nearest && d < out->shift - OTHER_SITE) {
            nearest = d;
            out->final_site = i;
        }
    }
    free(image);
    return DFT_OK;
}

dft_status flow_adsorb_classify(const dft_crystal *clean, const dft_crystal *with, const cand_site *site,
                                size_t n_sites, size_t started, flow_adsorb_end *out, dft_error *err)
{
    scene s = { .clean = clean, .with = with };
    dft_status status;

    memset(out, 0, sizeof *out);
    if (with->n_atoms != clean->n_atoms + 1
        || memcmp(with->z, clean->z, clean->n_atoms * sizeof *clean->z) != 0 || started >= n_sites)
        return dft_fail(err, DFT_EINPUT, "a slab of %zu atoms and one of %zu are not the same with an adatom",
                        clean->n_atoms, with->n_atoms);
    status = cand_layer_create(clean, CAND_LAYER_TOLERANCE, &s.layer, err);
    if (status != DFT_OK)
        return status;
    s.move = dft_alloc(clean->n_atoms, sizeof *s.move);
    if (!s.move)
        status = dft_fail(err, DFT_ENOMEM, "moves of %zu atoms: out of memory", clean->n_atoms);
    if (status == DFT_OK) {
        set_scene(&s);
        measure(&s, out);
        status = find_site(&s, site, n_sites, started, out, err);
    }
    if (status == DFT_OK)
        out->outcome = is_desorbed(&s) ? FLOW_DESORBED
                     : has_sunk(&s, out->nearest) ? FLOW_SANK
                     : out->largest_move > REARRANGED * flow_nearest_distance(clean)
                       ? FLOW_RECONSTRUCTED
                     : out->final_site != started ? FLOW_MOVED : FLOW_KEPT;
    free(s.move);
    cand_layer_free(s.layer);
    return status;
}
