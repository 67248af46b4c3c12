#include "workflows/adatom.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"

#define LANDS 0.2                   /* bohr: a place, or an atom of the clean slab, is hit */

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

double flow_adatom_coverage_ml(const dft_crystal *slab)
{
    const double depth = cand_sites_defaults().top_depth;
    cand_layer *layer = NULL;
    size_t n_top = 0;

    if (cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, NULL) != DFT_OK)
        return NAN;
    for (size_t a = 0; a < layer->n_atoms; a++)
        n_top += layer->height[a] > layer->top - depth;
    cand_layer_free(layer);
    return 1.0 / (double)n_top;
}

const char *flow_adatom_outcome_name(flow_adatom_outcome outcome)
{
    static const char *const names[] = { "kept", "moved", "sank", "unconverged" };
    return names[outcome];
}

void flow_adatom_clear(flow_adatom *adatom)
{
    dft_crystal_free(adatom->crystal);
    adatom->crystal = NULL;
}

/* ---- relaxing ---- */

static flow_adatom_outcome judge(const flow_adatom *adatom, int converged)
{
    if (!converged)
        return FLOW_ADATOM_UNCONVERGED;
    if (adatom->height < 0.0)
        return FLOW_ADATOM_SANK;
    return adatom->shift > FLOW_ADATOM_SHIFT ? FLOW_ADATOM_MOVED : FLOW_ADATOM_KEPT;
}

/* Where the adatom has gone: along the normal and across it. */
static void measure(const cand_layer *layer, const cand_site *site, const double from[3],
                    const double to[3], flow_adatom *out)
{
    const double way[3] = { to[0] - from[0], to[1] - from[1], to[2] - from[2] };

    out->shift = hypot(dot3(way, layer->axis[0]), dot3(way, layer->axis[1]));
    out->height = site->height + dot3(way, layer->axis[2]);
}

dft_status flow_adatom_relax(const flow_evaluator *evaluator, const dft_crystal *slab, int z,
                             const cand_site *site, const unsigned char (*fixed)[3],
                             const flow_drag_options *options, flow_adatom *out, dft_error *err)
{
    dft_crystal *start = NULL;
    cand_layer *layer = NULL;
    flow_path *path = NULL;
    flow_relaxed_image settled = { 0 };
    double from[3];
    dft_status status = cand_add_atom(slab, z, site->frac, site->height, &start, err);

    *out = (flow_adatom){ .site = site, .outcome = FLOW_ADATOM_UNCONVERGED, .energy = NAN,
                          .free_energy = NAN, .height = NAN, .shift = NAN };
    if (status == DFT_OK)
        status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);
    if (status == DFT_OK)
        status = flow_path_alloc((const double (*)[3])start->lattice, start->n_atoms, start->z, 1,
                                 &path, err);
    if (status != DFT_OK)
        goto done;
    if (fixed)
        memcpy(path->fixed, fixed, start->n_atoms * sizeof *fixed);
    for (size_t a = 0; a < start->n_atoms; a++)
        dft_crystal_cartesian((const double (*)[3])start->lattice, start->position[a], path->r[a]);
    memcpy(from, path->r[slab->n_atoms], sizeof from);
    status = flow_image_relax(evaluator, path, 0, 0, NULL, options, &settled, err);
    if (status != DFT_OK)
        goto done;
    measure(layer, site, from, path->r[slab->n_atoms], out);
    out->outcome = judge(out, settled.converged);
    out->energy = settled.energy;
    out->free_energy = settled.free_energy;
    out->n_evaluations = settled.n_steps;
    out->n_scf = settled.n_scf;
    out->stopped = settled.stopped;
    snprintf(out->message, sizeof out->message, "%s", settled.message);
    status = flow_path_crystal(path, 0, &out->crystal, err);
done:
    flow_path_free(path);
    cand_layer_free(layer);
    dft_crystal_free(start);
    return status;
}

/* ---- carrying ---- */

static void apply(const cand_layer_op *op, const double u[2], double image[2])
{
    for (int i = 0; i < 2; i++)
        image[i] = op->rotation[i][0] * u[0] + op->rotation[i][1] * u[1] + op->translation[i];
}

/* An operation of the cell itself: whole numbers. */
static int is_of_cell(const cand_layer_op *op)
{
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            if (fabs(op->rotation[i][j] - round(op->rotation[i][j])) > 1e-6)
                return 0;
    return !op->flip;
}

static const cand_layer_op *find_operation(const cand_layer *layer, const double from[2],
                                           const double to[2])
{
    for (size_t o = 0; o < layer->n_ops; o++) {
        double image[2];
        apply(&layer->op[o], from, image);
        if (is_of_cell(&layer->op[o]) && cand_layer_distance(layer, image, to) < LANDS)
            return &layer->op[o];
    }
    return NULL;
}

/* The slab atom that atom a becomes; n_atoms when there is none. */
static size_t image_atom(const cand_layer *layer, const cand_layer_op *op, size_t a)
{
    double image[2];

    apply(op, layer->u[a], image);
    for (size_t b = 0; b < layer->n_atoms; b++)
        if (layer->z[b] == layer->z[a] && fabs(layer->height[b] - layer->height[a]) < LANDS
            && cand_layer_distance(layer, image, layer->u[b]) < LANDS)
            return b;
    return layer->n_atoms;
}

/* A Cartesian displacement turned as the operation turns the plane. */
static void turn(const cand_layer *layer, const cand_layer_op *op, const double way[3],
                 double turned[3])
{
    const double (*a)[2] = layer->lattice;
    const double det = a[0][0] * a[1][1] - a[0][1] * a[1][0];
    const double x = dot3(way, layer->axis[0]), y = dot3(way, layer->axis[1]);
    const double u[2] = { (x * a[1][1] - y * a[1][0]) / det, (y * a[0][0] - x * a[0][1]) / det };
    double image[2], xy[2];

    for (int i = 0; i < 2; i++)
        image[i] = op->rotation[i][0] * u[0] + op->rotation[i][1] * u[1];
    cand_layer_lateral(layer, image, xy);
    for (int c = 0; c < 3; c++)
        turned[c] = xy[0] * layer->axis[0][c] + xy[1] * layer->axis[1][c]
                  + dot3(way, layer->axis[2]) * layer->axis[2][c];
}

/* Where an atom is in the relaxed arrangement less where it was in the clean slab. */
static void displacement(const dft_crystal *relaxed, const dft_crystal *slab, size_t a,
                         double way[3])
{
    double p[3], q[3];

    dft_crystal_cartesian((const double (*)[3])relaxed->lattice, relaxed->position[a], p);
    dft_crystal_cartesian((const double (*)[3])slab->lattice, slab->position[a], q);
    for (int c = 0; c < 3; c++)
        way[c] = p[c] - q[c];
}

/* Cartesian positions [n_atoms + 1] of the carried arrangement; 0 when an atom finds no partner. */
static int carry(const flow_adatom *adatom, const dft_crystal *slab, const cand_layer *layer,
                 const cand_layer_op *op, const double u[2], double (*r)[3])
{
    const size_t n = slab->n_atoms;
    double site[3], way[3], turned[3], p[3];

    for (size_t a = 0; a < n; a++) {
        const size_t b = image_atom(layer, op, a);
        if (b == n)
            return 0;
        displacement(adatom->crystal, slab, a, way);
        turn(layer, op, way, turned);
        dft_crystal_cartesian((const double (*)[3])slab->lattice, slab->position[b], p);
        for (int c = 0; c < 3; c++)
            r[b][c] = p[c] + turned[c];
    }
    /* the adatom: its way from the site in the top plane */
    cand_layer_cartesian(layer, adatom->site->frac, layer->top, site);
    dft_crystal_cartesian((const double (*)[3])adatom->crystal->lattice,
                          adatom->crystal->position[n], p);
    for (int c = 0; c < 3; c++)
        way[c] = p[c] - site[c];
    turn(layer, op, way, turned);
    cand_layer_cartesian(layer, u, layer->top, site);
    for (int c = 0; c < 3; c++)
        r[n][c] = site[c] + turned[c];
    return 1;
}

dft_status flow_adatom_carry(const flow_adatom *adatom, const dft_crystal *slab, const double u[2],
                             dft_crystal **out, dft_error *err)
{
    const size_t n = slab->n_atoms + 1;
    double (*r)[3] = dft_alloc(n, sizeof *r);
    cand_layer *layer = NULL;
    dft_status status = r ? cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err)
                          : dft_fail(err, DFT_ENOMEM, "a slab of %zu atoms: out of memory", n);

    *out = NULL;
    if (status == DFT_OK) {
        const cand_layer_op *op = find_operation(layer, adatom->site->frac, u);
        if (op && carry(adatom, slab, layer, op, u, r)) {
            for (size_t a = 0; a < n; a++) {
                double cart[3];
                memcpy(cart, r[a], sizeof cart);
                dft_crystal_fractional((const double (*)[3])slab->lattice, cart, r[a]);
            }
            status = dft_crystal_create((const double (*)[3])slab->lattice, n, adatom->crystal->z,
                                        (const double (*)[3])r, out, err);
        }
    }
    cand_layer_free(layer);
    free(r);
    return status;
}
