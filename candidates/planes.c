#include "candidates/planes.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/cuts.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double norm3(const double a[3])
{
    return sqrt(dot3(a, a));
}

static void cross3(const double a[3], const double b[3], double c[3])
{
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

/* gcd(a, b) >= 0 and integers with p a + q b = gcd. */
static int extended_gcd(int a, int b, int *p, int *q)
{
    int p0 = 1, q0 = 0, p1 = 0, q1 = 1;

    while (b != 0) {
        const int t = a / b, r = a - t * b, p2 = p0 - t * p1, q2 = q0 - t * q1;
        a = b;
        b = r;
        p0 = p1;
        p1 = p2;
        q0 = q1;
        q1 = q2;
    }
    *p = a < 0 ? -p0 : p0;
    *q = a < 0 ? -q0 : q0;
    return abs(a);
}

/* Integer vectors with h.n[0] = h.n[1] = 0, n[0] x n[1] = h and h.n[2] = 1, for coprime h. */
static void integer_basis(const int h[3], int n[3][3])
{
    int p, q, s, t;
    const int g = extended_gcd(h[0], h[1], &p, &q);

    memset(n, 0, 9 * sizeof(int));
    if (g == 0) {                                    /* (0 0 +-1) */
        n[0][0] = 1;
        n[1][1] = h[2];
        n[2][2] = h[2];
        return;
    }
    n[0][0] = h[1] / g;
    n[0][1] = -h[0] / g;
    n[1][0] = p * h[2];
    n[1][1] = q * h[2];
    n[1][2] = -g;
    extended_gcd(g, h[2], &s, &t);
    n[2][0] = s * p;
    n[2][1] = s * q;
    n[2][2] = t;
}

/* The Miller index of the conventional cell in the primitive cell's reciprocal basis: G . p_i /
 * 2 pi, multiples of 1/N for N primitive cells in the conventional one, made coprime integers. */
static void primitive_miller(const dft_crystal *conventional, const dft_crystal *primitive,
                             const int miller[3], int h[3])
{
    const double ratio = dft_crystal_volume(conventional) / dft_crystal_volume(primitive);
    int g, unused_p, unused_q;

    for (int i = 0; i < 3; i++) {
        double frac[3];
        dft_crystal_fractional(conventional->lattice, primitive->lattice[i], frac);
        h[i] = (int)lround(round(ratio) * (miller[0] * frac[0] + miller[1] * frac[1]
                                           + miller[2] * frac[2]));
    }
    g = extended_gcd(extended_gcd(h[0], h[1], &unused_p, &unused_q), h[2], &unused_p, &unused_q);
    assert(g > 0);
    for (int i = 0; i < 3; i++)
        h[i] /= g;
}

/* Surface vectors (reduced), normal and step of the stack. */
static void set_frame(cand_planes *stack, const dft_crystal *primitive, const int h[3])
{
    int n[3][3], change[2][2];
    double v[3][3], lateral[2][2], reduced[2][2], area;

    integer_basis(h, n);
    for (int i = 0; i < 3; i++) {
        const double frac[3] = { n[i][0], n[i][1], n[i][2] };
        dft_crystal_cartesian(primitive->lattice, frac, v[i]);
    }
    /* along G: the primitive cell is right-handed */
    cross3(v[0], v[1], stack->axis[2]);
    area = norm3(stack->axis[2]);
    for (int c = 0; c < 3; c++) {
        stack->axis[0][c] = v[0][c] / norm3(v[0]);
        stack->axis[2][c] /= area;
    }
    cross3(stack->axis[2], stack->axis[0], stack->axis[1]);
    for (int i = 0; i < 2; i++)
        for (int c = 0; c < 2; c++)
            lateral[i][c] = dot3(v[i], stack->axis[c]);
    cand_reduce_2d((const double (*)[2])lateral, reduced, change);
    for (int i = 0; i < 2; i++)
        for (int c = 0; c < 3; c++)
            stack->surface[i][c] = change[i][0] * v[0][c] + change[i][1] * v[1][c];
    for (int c = 0; c < 3; c++)                      /* a1 along x */
        stack->axis[0][c] = stack->surface[0][c] / norm3(stack->surface[0]);
    cross3(stack->axis[2], stack->axis[0], stack->axis[1]);
    memcpy(stack->step, v[2], sizeof stack->step);
    stack->period = dot3(v[2], stack->axis[2]);
}

static void swap_atoms(cand_planes *stack, size_t a, size_t b)
{
    const int z = stack->z[a];
    const double height = stack->height[a];
    double r[3];

    memcpy(r, stack->r[a], sizeof r);
    stack->z[a] = stack->z[b];
    stack->height[a] = stack->height[b];
    memcpy(stack->r[a], stack->r[b], sizeof r);
    stack->z[b] = z;
    stack->height[b] = height;
    memcpy(stack->r[b], r, sizeof r);
}

static void sort_by_height(cand_planes *stack)
{
    for (size_t a = 1; a < stack->n_atoms; a++)
        for (size_t b = a; b > 0 && stack->height[b] < stack->height[b - 1]; b--)
            swap_atoms(stack, b, b - 1);
}

static void lift(cand_planes *stack, size_t atom, double steps)
{
    for (int c = 0; c < 3; c++)
        stack->r[atom][c] += steps * stack->step[c];
    stack->height[atom] += steps * stack->period;
}

/* Puts the primitive cell's atoms into one period, starting above its widest gap so that no
 * plane is torn, and finds the planes. */
static void stack_planes(cand_planes *stack, const dft_crystal *primitive)
{
    size_t start = 0;
    double widest;

    for (size_t a = 0; a < stack->n_atoms; a++) {
        stack->z[a] = primitive->z[a];
        dft_crystal_cartesian(primitive->lattice, primitive->position[a], stack->r[a]);
        stack->height[a] = dot3(stack->r[a], stack->axis[2]);
        lift(stack, a, -floor(stack->height[a] / stack->period));
    }
    sort_by_height(stack);
    widest = stack->height[0] + stack->period - stack->height[stack->n_atoms - 1];
    for (size_t a = 1; a < stack->n_atoms; a++)
        if (stack->height[a] - stack->height[a - 1] > widest + CAND_SAME_GAP) {
            widest = stack->height[a] - stack->height[a - 1];
            start = a;
        }
    for (size_t a = 0; a < start; a++)
        lift(stack, a, 1.0);
    sort_by_height(stack);
    stack->n_planes = 0;
    for (size_t a = 0; a < stack->n_atoms; a++)
        if (a == 0 || stack->height[a] - stack->height[a - 1] > CAND_PLANE_TOLERANCE)
            stack->first[stack->n_planes++] = a;
    stack->first[stack->n_planes] = stack->n_atoms;
}

/* Lateral coordinates in units of the surface vectors. */
static void lateral_units(const cand_planes *stack, const double v[3], double u[2])
{
    const double (*a)[3] = stack->surface;
    const double a00 = dot3(a[0], stack->axis[0]), a01 = dot3(a[0], stack->axis[1]);
    const double a10 = dot3(a[1], stack->axis[0]), a11 = dot3(a[1], stack->axis[1]);
    const double det = a00 * a11 - a01 * a10;
    const double x = dot3(v, stack->axis[0]), y = dot3(v, stack->axis[1]);

    u[0] = (x * a11 - y * a10) / det;
    u[1] = (y * a00 - x * a01) / det;
}

static void set_lateral(cand_planes *stack)
{
    for (size_t a = 0; a < stack->n_atoms; a++)
        lateral_units(stack, stack->r[a], stack->u[a]);
    lateral_units(stack, stack->step, stack->step_u);
}

void cand_planes_count(const cand_planes *stack, size_t plane, size_t count[DFT_MAX_Z + 1])
{
    for (size_t a = stack->first[plane]; a < stack->first[plane + 1]; a++)
        count[stack->z[a]]++;
}

bool cand_same_composition(const size_t *a, const size_t *b)
{
    size_t n_a = 0, n_b = 0;

    for (int z = 1; z <= DFT_MAX_Z; z++) {
        n_a += a[z];
        n_b += b[z];
    }
    for (int z = 1; z <= DFT_MAX_Z; z++)
        if (a[z] * n_b != b[z] * n_a)
            return false;
    return true;
}

size_t cand_planes_below(const cand_planes *stack, size_t top, size_t k)
{
    return (top + stack->n_planes - k % stack->n_planes) % stack->n_planes;
}

void cand_planes_clear(cand_planes *stack)
{
    free(stack->cut);
    free(stack->first);
    free(stack->height);
    free(stack->u);
    free(stack->r);
    free(stack->z);
}

dft_status cand_planes_init(const dft_crystal *conventional, const int miller[3],
                             cand_planes *stack, dft_error *err)
{
    dft_crystal *primitive = NULL;
    int h[3];
    dft_status status = cand_crystal_primitive(conventional, CAND_CENTRING_TOLERANCE, &primitive,
                                               err);

    *stack = (cand_planes){ 0 };
    if (status != DFT_OK)
        return status;
    stack->n_atoms = primitive->n_atoms;
    stack->z = dft_alloc_ints(stack->n_atoms);
    stack->r = dft_alloc(stack->n_atoms, sizeof *stack->r);
    stack->u = dft_alloc(stack->n_atoms, sizeof *stack->u);
    stack->height = dft_alloc_doubles(stack->n_atoms);
    stack->first = dft_alloc_sizes(stack->n_atoms + 1);
    stack->cut = dft_alloc_sizes(stack->n_atoms);
    if (!stack->z || !stack->r || !stack->u || !stack->height || !stack->first || !stack->cut) {
        status = dft_fail(err, DFT_ENOMEM, "slab: out of memory");
        goto done;
    }
    primitive_miller(conventional, primitive, miller, h);
    set_frame(stack, primitive, h);
    stack_planes(stack, primitive);
    if (stack->n_planes == 1 && stack->period <= CAND_PLANE_TOLERANCE) {
        status = dft_fail(err, DFT_EINPUT, "facet %d,%d,%d repeats every %.3f A, too close for planes to "
                          "be told apart (%.2f A): it has no flat cut; give lower indices", miller[0],
                          miller[1], miller[2], stack->period * DFT_BOHR_ANG,
                          CAND_PLANE_TOLERANCE * DFT_BOHR_ANG);
        goto done;
    }
    set_lateral(stack);
    cand_cuts_find(stack);
done:
    dft_crystal_free(primitive);
    return status;
}

/* Planes of the next layer down from `top`: the fewest that have the bulk's composition. */
static size_t layer_planes(const cand_planes *stack, size_t top)
{
    size_t bulk[DFT_MAX_Z + 1] = { 0 }, layer[DFT_MAX_Z + 1] = { 0 };

    for (size_t p = 0; p < stack->n_planes; p++)
        cand_planes_count(stack, p, bulk);
    for (size_t k = 0; k < stack->n_planes; k++) {
        cand_planes_count(stack, cand_planes_below(stack, top, k), layer);
        if (cand_same_composition(layer, bulk))
            return k + 1;
    }
    return stack->n_planes;
}

size_t cand_planes_of_layers(const cand_planes *stack, size_t top, int n_layers)
{
    size_t n = 0;
    for (int l = 0; l < n_layers; l++)
        n += layer_planes(stack, cand_planes_below(stack, top, n));
    return n;
}

size_t cand_planes_layers_per_repeat(const cand_planes *stack, size_t top)
{
    size_t planes = 0, layers = 0;
    for (; planes < stack->n_planes; layers++)
        planes += layer_planes(stack, cand_planes_below(stack, top, planes));
    return layers;
}

int cand_planes_whole_layers(const cand_planes *stack, size_t top, size_t n_planes)
{
    size_t planes = 0;
    int layers = 0;

    for (;; layers++) {
        planes += layer_planes(stack, cand_planes_below(stack, top, planes));
        if (planes > n_planes)
            return layers;
    }
}

bool cand_planes_keep_composition(const cand_planes *stack, size_t top, size_t n_planes)
{
    size_t bulk[DFT_MAX_Z + 1] = { 0 }, some[DFT_MAX_Z + 1] = { 0 };

    for (size_t p = 0; p < stack->n_planes; p++)
        cand_planes_count(stack, p, bulk);
    for (size_t k = 0; k < n_planes; k++)
        cand_planes_count(stack, cand_planes_below(stack, top, k), some);
    return cand_same_composition(some, bulk);
}

double cand_planes_depth(const cand_planes *stack, size_t top, size_t n_planes)
{
    const size_t last = cand_planes_below(stack, top, n_planes - 1);
    const double repeats = (double)((stack->n_planes - 1 - top + n_planes - 1) / stack->n_planes);

    return stack->height[stack->first[top + 1] - 1] - stack->height[stack->first[last]]
         + stack->period * repeats;
}
