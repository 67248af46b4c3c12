#include "candidates/exposed.h"

#include <math.h>
#include <stdlib.h>

#include "candidates/site_points.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define SHELL_FROM 1.06             /* bonds end in the widest gap between these two times the nearest: */
#define SHELL_TO 1.20               /* past the second distance of Zn, Cd, Bi (1.09, 1.11, 1.12), before that
                                       of bcc (1.155) */
#define MAX_SHELL 64
#define MOST_OF_BCC 8               /* one element with more bonds has the 12 of close packing */
#define LACKING 0.15                /* between 1/8 and 1/6 of the bonds */
#define LEANING 0.3                 /* sum of cosines below minus above: a bond missing above */
#define COVERED 0.5                 /* lateral distance of an atom right above, in bond lengths */

typedef struct {
    double nearest;                 /* bohr */
    double limit;                   /* of the bonds, in units of nearest */
    int below, level, above;        /* bonds */
    double lean;                    /* sum over bonds of the cosine with the downward normal */
    double rise;                    /* that of the bonds above alone, with the upward normal */
    bool covered;                   /* an atom lies right above */
} surroundings;

typedef struct {
    const cand_layer *layer;
    double top_depth, reach;
    size_t atom;
    surroundings *s;
} look;

static double distance_to(const look *l, size_t other, const double xy[2])
{
    const double rise = l->layer->height[other] - l->layer->height[l->atom];
    return sqrt(xy[0] * xy[0] + xy[1] * xy[1] + rise * rise);
}

static void note_nearest(void *context, size_t other, const double xy[2])
{
    look *l = context;
    const double d = distance_to(l, other, xy);
    if (d > 1e-6)                                    /* not itself */
        l->s->nearest = fmin(l->s->nearest, d);
}

typedef struct {
    look l;
    size_t n;
    double ratio[MAX_SHELL + 2];    /* ascending, the two ends of the range among them */
} shell;

static void note_shell(void *context, size_t other, const double xy[2])
{
    shell *s = context;
    const double ratio = distance_to(&s->l, other, xy) / s->l.s->nearest;
    size_t at = s->n;

    if (ratio <= SHELL_FROM || ratio >= SHELL_TO || s->n == MAX_SHELL + 2)
        return;
    for (; s->ratio[at - 1] > ratio; at--)
        s->ratio[at] = s->ratio[at - 1];
    s->ratio[at] = ratio;
    s->n++;
}

/* A fixed limit would tear shells that happen to lie at it, differently for each atom under noise. */
static double shell_limit(const look *l)
{
    shell s = { *l, 2, { SHELL_FROM, SHELL_TO } };
    double limit = SHELL_FROM, widest = 0.0;

    cand_visit_images(l->layer, l->layer->u[l->atom], SHELL_TO * l->s->nearest, note_shell, &s);
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.ratio[i + 1] - s.ratio[i] > widest) {
            widest = s.ratio[i + 1] - s.ratio[i];
            limit = 0.5 * (s.ratio[i + 1] + s.ratio[i]);
        }
    return limit;
}

static void note_bond(void *context, size_t other, const double xy[2])
{
    look *l = context;
    const double d = distance_to(l, other, xy);
    const double rise = l->layer->height[other] - l->layer->height[l->atom];

    if (rise > l->top_depth && hypot(xy[0], xy[1]) < COVERED * l->s->nearest)
        l->s->covered = true;
    if (d < 1e-6 || d > l->s->limit * l->s->nearest)
        return;
    if (fabs(rise) < 0.1 * d)
        l->s->level++;
    else if (rise > 0.0)
        l->s->above++;
    else
        l->s->below++;
    l->s->lean -= rise / d;
    l->s->rise += fmax(rise, 0.0) / d;
}

static int bonds(const surroundings *s)
{
    return s->below + s->level + s->above;
}

/* Neighbours are looked for as far as the shortest lattice vector: an atom's own image is one. */
static void look_around(const cand_layer *layer, double top_depth, surroundings *all)
{
    const double reach = hypot(layer->reduced[0][0], layer->reduced[0][1]) + 1e-6;

    for (size_t a = 0; a < layer->n_atoms; a++) {
        look l = { layer, top_depth, reach, a, &all[a] };
        all[a] = (surroundings){ .nearest = HUGE_VAL };
        cand_visit_images(layer, layer->u[a], reach, note_nearest, &l);
        all[a].limit = shell_limit(&l);
        cand_visit_images(layer, layer->u[a], all[a].limit * all[a].nearest, note_bond, &l);
    }
}

static void full_numbers(const cand_layer *layer, const surroundings *all,
                         int full[DFT_MAX_Z + 1])
{
    for (size_t a = 0; a < layer->n_atoms; a++) {
        const int n = bonds(&all[a]);
        full[layer->z[a]] = n > full[layer->z[a]] ? n : full[layer->z[a]];
    }
}

/* In a slab of one element too thin for a complete atom, a top atom's bonds downwards, mirrored, tell
 * what is complete, and what an atom lacks above is what it has not of them. */
static void complete_thin_slab(const cand_layer *layer, double top_depth, surroundings *all,
                               int full[DFT_MAX_Z + 1])
{
    const int z = layer->z[0];
    double downwards = 0.0;
    int most = 0;

    for (size_t a = 0; a < layer->n_atoms; a++) {
        const int mirrored = 2 * all[a].below + all[a].level;
        if (layer->z[a] != z)
            return;
        if (layer->height[a] >= layer->top - top_depth && (mirrored == 12 || mirrored == 8)) {
            most = mirrored;
            downwards = all[a].lean;
        }
    }
    if (most <= full[z]) {
        if (full[z] > MOST_OF_BCC && full[z] < 12)
            full[z] = 12;
        return;
    }
    full[z] = most;
    for (size_t a = 0; a < layer->n_atoms; a++)
        all[a].lean = downwards - all[a].rise;
}

dft_status cand_exposed_find(const cand_layer *layer, double top_depth, bool *exposed,
                             dft_error *err)
{
    surroundings *all = dft_alloc(layer->n_atoms, sizeof *all);
    int full[DFT_MAX_Z + 1] = { 0 };

    if (!all)
        return dft_fail(err, DFT_ENOMEM, "surface of %zu atoms: out of memory", layer->n_atoms);
    look_around(layer, top_depth, all);
    full_numbers(layer, all, full);
    complete_thin_slab(layer, top_depth, all, full);
    for (size_t a = 0; a < layer->n_atoms; a++) {
        const int most = full[layer->z[a]];
        exposed[a] = layer->height[a] >= layer->top - top_depth
                  || (most - bonds(&all[a]) >= LACKING * most && all[a].lean > LEANING
                      && !all[a].covered);
    }
    free(all);
    return DFT_OK;
}
