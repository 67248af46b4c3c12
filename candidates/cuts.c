#include "candidates/cuts.h"

#include <math.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/lattice2d.h"

#define SAME_PLACE 0.10             /* bohr, 0.05 A: an atom and the place it should have */

static double plane_height(const cand_planes *stack, size_t plane)
{
    double sum = 0.0;
    for (size_t a = stack->first[plane]; a < stack->first[plane + 1]; a++)
        sum += stack->height[a];
    return sum / (double)(stack->first[plane + 1] - stack->first[plane]);
}

double cand_cut_gap(const cand_planes *stack, size_t plane)
{
    const size_t next = (plane + 1) % stack->n_planes;
    const double wrap = next == 0 ? stack->period : 0.0;
    return plane_height(stack, next) + wrap - plane_height(stack, plane);
}

bool cand_cut_is_polar(const cand_planes *stack, size_t top)
{
    double sum[DFT_MAX_Z + 1] = { 0.0 }, low = HUGE_VAL, high = -HUGE_VAL;
    size_t count[DFT_MAX_Z + 1] = { 0 };

    for (size_t k = 0; k < stack->n_planes; k++) {
        const size_t plane = cand_planes_below(stack, top, k);
        const double drop = plane > top ? stack->period : 0.0;
        for (size_t a = stack->first[plane]; a < stack->first[plane + 1]; a++) {
            sum[stack->z[a]] += stack->height[a] - drop;
            count[stack->z[a]]++;
        }
    }
    for (int z = 1; z <= DFT_MAX_Z; z++)
        if (count[z] > 0) {
            low = fmin(low, sum[z] / (double)count[z]);
            high = fmax(high, sum[z] / (double)count[z]);
        }
    return high - low > CAND_SAME_GAP;
}

/* ---- when two cuts are one ---- */

/* Plane k of the crystal as it is seen from a cut: downwards from plane `cut`, or, reversed,
 * upwards from the plane above it.  *repeats counts the steps to add to its atoms. */
static size_t plane_seen(const cand_planes *stack, size_t cut, size_t k, bool reverse, int *repeats)
{
    const size_t n = stack->n_planes;

    if (reverse) {
        *repeats = (int)((cut + 1 + k) / n);
        return (cut + 1 + k) % n;
    }
    *repeats = -(int)((n - 1 - cut + k) / n);
    return cand_planes_below(stack, cut, k);
}

static double gap_seen(const cand_planes *stack, size_t cut, size_t k, bool reverse)
{
    int repeats;
    const size_t plane = plane_seen(stack, cut, k, reverse, &repeats);

    return reverse ? cand_cut_gap(stack, (plane + stack->n_planes - 1) % stack->n_planes)
                   : cand_cut_gap(stack, plane);
}

static bool same_elements(const cand_planes *stack, size_t p, size_t q)
{
    size_t count_p[DFT_MAX_Z + 1] = { 0 }, count_q[DFT_MAX_Z + 1] = { 0 };

    cand_planes_count(stack, p, count_p);
    cand_planes_count(stack, q, count_q);
    return memcmp(count_p, count_q, sizeof count_p) == 0;
}

/* What is necessary and cheap: the same planes at the same distances. */
static bool same_sequence(const cand_planes *stack, size_t p, size_t q, bool reverse)
{
    for (size_t k = 0; k < stack->n_planes; k++) {
        int unused;
        const size_t a = plane_seen(stack, p, k, false, &unused);
        const size_t b = plane_seen(stack, q, k, reverse, &unused);
        if (!same_elements(stack, a, b)
            || fabs(gap_seen(stack, p, k, false) - gap_seen(stack, q, k, reverse)) > CAND_SAME_GAP)
            return false;
    }
    return true;
}

typedef struct {
    const cand_planes *stack;
    double lattice[2][2], reduced[2][2];
    size_t p, q;
    bool reverse;
    int w[2][2];                    /* the isometry u -> w u + shift under trial */
    double shift[2];
} comparison;

/* Length of a lateral vector, in units of the surface vectors, modulo the lattice. */
static double lateral_length(const comparison *c, const double u[2])
{
    const double xy[2] = { u[0] * c->lattice[0][0] + u[1] * c->lattice[1][0],
                           u[0] * c->lattice[0][1] + u[1] * c->lattice[1][1] };
    return cand_shortest_2d((const double (*)[2])c->reduced, xy, NULL);
}

static void lateral_of(const cand_planes *stack, size_t atom, int repeats, double u[2])
{
    for (int c = 0; c < 2; c++)
        u[c] = stack->u[atom][c] + repeats * stack->step_u[c];
}

static void turned(const comparison *c, const double u[2], double image[2])
{
    for (int i = 0; i < 2; i++)
        image[i] = c->w[i][0] * u[0] + c->w[i][1] * u[1];
}

/* One repeat further down is one step back on both sides; reversed, a step ahead on the other. */
static bool step_is_kept(const comparison *c)
{
    double image[2];

    turned(c, c->stack->step_u, image);
    for (int i = 0; i < 2; i++)
        image[i] += c->reverse ? c->stack->step_u[i] : -c->stack->step_u[i];
    return lateral_length(c, image) <= SAME_PLACE;
}

static bool plane_is_carried(const comparison *c, size_t k)
{
    const cand_planes *stack = c->stack;
    int from, to;
    const size_t p = plane_seen(stack, c->p, k, false, &from);
    const size_t q = plane_seen(stack, c->q, k, c->reverse, &to);

    for (size_t a = stack->first[p]; a < stack->first[p + 1]; a++) {
        double u[2], image[2];
        bool found = false;

        lateral_of(stack, a, from, u);
        turned(c, u, image);
        for (size_t b = stack->first[q]; b < stack->first[q + 1] && !found; b++) {
            double v[2], diff[2];
            lateral_of(stack, b, to, v);
            for (int i = 0; i < 2; i++)
                diff[i] = image[i] + c->shift[i] - v[i];
            found = stack->z[a] == stack->z[b] && lateral_length(c, diff) <= SAME_PLACE;
        }
        if (!found)
            return false;
    }
    return true;
}

static bool stack_is_carried(const comparison *c)
{
    for (size_t k = 0; k < c->stack->n_planes; k++)
        if (!plane_is_carried(c, k))
            return false;
    return true;
}

/* Every shift that puts the first atom of plane p on one of its kind in the other plane. */
static bool some_shift_works(comparison *c)
{
    const cand_planes *stack = c->stack;
    int from, to;
    const size_t p = plane_seen(stack, c->p, 0, false, &from);
    const size_t q = plane_seen(stack, c->q, 0, c->reverse, &to);
    const size_t a = stack->first[p];
    double u[2], image[2];

    lateral_of(stack, a, from, u);
    turned(c, u, image);
    for (size_t b = stack->first[q]; b < stack->first[q + 1]; b++) {
        double v[2];
        if (stack->z[a] != stack->z[b])
            continue;
        lateral_of(stack, b, to, v);
        for (int i = 0; i < 2; i++)
            c->shift[i] = v[i] - image[i];
        if (stack_is_carried(c))
            return true;
    }
    return false;
}

bool cand_cuts_alike(const cand_planes *stack, size_t p, size_t q, bool reverse)
{
    comparison c = { .stack = stack, .p = p, .q = q, .reverse = reverse };
    int rotations[CAND_MAX_ROTATIONS_2D][2][2], unused[2][2];
    size_t n;

    if (!same_sequence(stack, p, q, reverse))
        return false;
    for (int i = 0; i < 2; i++)
        for (int x = 0; x < 2; x++)
            c.lattice[i][x] = stack->surface[i][0] * stack->axis[x][0]
                            + stack->surface[i][1] * stack->axis[x][1]
                            + stack->surface[i][2] * stack->axis[x][2];
    cand_reduce_2d((const double (*)[2])c.lattice, c.reduced, unused);
    n = cand_rotations_2d((const double (*)[2])c.lattice, SAME_PLACE, rotations);
    for (size_t r = 0; r < n; r++) {
        memcpy(c.w, rotations[r], sizeof c.w);
        if (step_is_kept(&c) && some_shift_works(&c))
            return true;
    }
    return false;
}

/* ---- the list ---- */

static int lightest_of(const cand_planes *stack, size_t plane)
{
    int lightest = DFT_MAX_Z;
    for (size_t a = stack->first[plane]; a < stack->first[plane + 1]; a++)
        lightest = stack->z[a] < lightest ? stack->z[a] : lightest;
    return lightest;
}

static bool cut_before(const cand_planes *stack, size_t p, size_t q)
{
    const bool polar_p = cand_cut_is_polar(stack, p), polar_q = cand_cut_is_polar(stack, q);
    const double difference = cand_cut_gap(stack, p) - cand_cut_gap(stack, q);

    if (polar_p != polar_q)
        return polar_q;
    if (fabs(difference) > CAND_SAME_GAP)
        return difference > 0.0;
    return lightest_of(stack, p) < lightest_of(stack, q);
}

void cand_cuts_find(cand_planes *stack)
{
    stack->n_cuts = 0;
    for (size_t p = stack->n_planes; p-- > 0;) {
        bool known = false;
        for (size_t k = 0; k < stack->n_cuts && !known; k++)
            known = cand_cuts_alike(stack, p, stack->cut[k], false);
        if (known)
            continue;
        stack->cut[stack->n_cuts++] = p;
        for (size_t k = stack->n_cuts - 1; k > 0 && cut_before(stack, stack->cut[k],
                                                               stack->cut[k - 1]); k--) {
            const size_t swap = stack->cut[k];
            stack->cut[k] = stack->cut[k - 1];
            stack->cut[k - 1] = swap;
        }
    }
}
