#include "candidates/facets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/charges.h"
#include "candidates/cuts.h"
#include "candidates/miller.h"
#include "candidates/planes.h"
#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/symmetry.h"

static int gcd(int a, int b)
{
    while (b != 0) {
        const int r = a % b;
        a = b;
        b = r;
    }
    return abs(a);
}

/* h W: the operations are a group, so that all h W are all h W^-1. */
static void turned(const int h[3], const int w[3][3], int image[3])
{
    for (int j = 0; j < 3; j++)
        image[j] = h[0] * w[0][j] + h[1] * w[1][j] + h[2] * w[2][j];
}

/* Which of two equivalent indices a person would write. */
static bool nicer(const int a[3], const int b[3])
{
    const int minus_a = (a[0] < 0) + (a[1] < 0) + (a[2] < 0);
    const int minus_b = (b[0] < 0) + (b[1] < 0) + (b[2] < 0);

    if (minus_a != minus_b)
        return minus_a < minus_b;
    for (int i = 0; i < 3; i++)
        if (a[i] != b[i])
            return a[i] > b[i];
    return false;
}

static int largest(const int h[3])
{
    return abs(h[0]) > abs(h[1]) ? (abs(h[0]) > abs(h[2]) ? abs(h[0]) : abs(h[2]))
                                 : (abs(h[1]) > abs(h[2]) ? abs(h[1]) : abs(h[2]));
}

static bool add_image(int (*form)[3], size_t *n, const int h[3])
{
    for (size_t i = 0; i < *n; i++)
        if (memcmp(form[i], h, sizeof form[i]) == 0)
            return false;
    memcpy(form[(*n)++], h, 3 * sizeof(int));
    return true;
}

/* The form of h: its images and their negatives, [<= 96]; and whether -h is an image. */
static size_t form_of(const dft_symmetry *symmetry, const int h[3], int (*form)[3], bool *opposite)
{
    const int negative[3] = { -h[0], -h[1], -h[2] };
    size_t n = 0;

    *opposite = false;
    for (size_t o = 0; o < symmetry->n_ops; o++) {
        int image[3];
        turned(h, (const int (*)[3])symmetry->op[o].rotation, image);
        *opposite = *opposite || memcmp(image, negative, sizeof image) == 0;
        add_image(form, &n, image);
    }
    for (size_t i = n; i-- > 0;) {
        const int image[3] = { -form[i][0], -form[i][1], -form[i][2] };
        add_image(form, &n, image);
    }
    return n;
}

/* Whether h is the one of its form, within the range of indices, that stands for all. */
static bool stands_for_form(const int h[3], int max_index, const int (*form)[3], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (largest(form[i]) <= max_index && nicer(form[i], h))
            return false;
    return true;
}

/* Lattice points lie at heights p_i . n of the primitive vectors p_i and their sums.  With
 * G = sum h_i b_i / 2 pi, p_i . G are multiples of 1/N for N primitive cells in the conventional one;
 * the greatest divisor g of N p_i . G makes the planes g / (N |G|) apart. */
static double spacing_of(const dft_crystal *crystal, const dft_crystal *primitive, const int h[3])
{
    const double n = round(dft_crystal_volume(crystal) / dft_crystal_volume(primitive));
    double b[3][3], square = 0.0;
    int divisor = 0;

    dft_crystal_reciprocal((const double (*)[3])crystal->lattice, b);
    for (int c = 0; c < 3; c++) {
        const double g = h[0] * b[0][c] + h[1] * b[1][c] + h[2] * b[2][c];
        square += g * g;
    }
    for (int i = 0; i < 3; i++) {
        double f[3];
        dft_crystal_fractional((const double (*)[3])crystal->lattice, primitive->lattice[i], f);
        divisor = gcd(divisor, (int)lround(n * (h[0] * f[0] + h[1] * f[1] + h[2] * f[2])));
    }
    return divisor / n * 2.0 * DFT_PI / sqrt(square);
}

static int by_index(const void *a, const void *b)
{
    const cand_facet *p = a, *q = b;
    const int *h = p->miller, *k = q->miller;
    int order = largest(h) - largest(k);

    if (order == 0)
        order = abs(h[0]) + abs(h[1]) + abs(h[2]) - abs(k[0]) - abs(k[1]) - abs(k[2]);
    if (order == 0)
        order = nicer(h, k) ? -1 : 1;
    return order;
}

dft_status cand_facets_find(const dft_crystal *conventional, int max_index, cand_facet **out,
                            size_t *n, dft_error *err)
{
    const int side = 2 * max_index + 1;
    dft_symmetry *symmetry = NULL;
    dft_crystal *primitive = NULL;
    cand_facet *list = NULL;
    int (*form)[3] = NULL;
    size_t count = 0;
    dft_status status;

    *out = NULL;
    *n = 0;
    if (max_index < 1 || max_index > CAND_MAX_INDEX)
        return dft_fail(err, DFT_EINPUT, "largest Miller index %d: give a number from 1 to %d",
                        max_index, CAND_MAX_INDEX);
    status = dft_symmetry_create(conventional, CAND_CENTRING_TOLERANCE, &symmetry, err);
    if (status == DFT_OK)
        status = cand_crystal_primitive(conventional, CAND_CENTRING_TOLERANCE, &primitive, err);
    if (status != DFT_OK)
        goto done;
    list = dft_alloc((size_t)(side * side * side), sizeof *list);
    form = dft_alloc(2 * symmetry->n_ops + 2, sizeof *form);
    if (!list || !form) {
        status = dft_fail(err, DFT_ENOMEM, "facets up to index %d: out of memory", max_index);
        goto done;
    }
    for (int k = 0; k < side * side * side; k++) {
        const int h[3] = { k / (side * side) - max_index, k / side % side - max_index,
                           k % side - max_index };
        bool opposite;
        if (gcd(gcd(h[0], h[1]), h[2]) != 1)
            continue;
        const size_t n_form = form_of(symmetry, h, form, &opposite);
        if (!stands_for_form(h, max_index, (const int (*)[3])form, n_form))
            continue;
        list[count] = (cand_facet){ .multiplicity = n_form, .faces_equal = opposite,
                                    .spacing = spacing_of(conventional, primitive, h) };
        memcpy(list[count++].miller, h, sizeof h);
    }
    qsort(list, count, sizeof *list, by_index);
    *out = list;
    *n = count;
    list = NULL;
done:
    free(form);
    free(list);
    dft_crystal_free(primitive);
    dft_symmetry_free(symmetry);
    return status;
}

/* ---- terminations ---- */

static void plane_formula(const cand_planes *stack, size_t plane, char text[32])
{
    cand_formula(stack->z + stack->first[plane], stack->first[plane + 1] - stack->first[plane],
                 text, 32);
}

/* Planes p, p-1, ... turned upside down are planes of the same crystal above some gap: then a run
 * of them that ends there has equal faces. */
static bool can_be_symmetric(const cand_planes *stack, size_t top)
{
    for (size_t q = 0; q < stack->n_planes; q++)
        if (cand_cuts_alike(stack, top, q, true))
            return true;
    return false;
}

static int reverse_of(const cand_planes *stack, size_t termination)
{
    for (size_t t = 0; t < stack->n_cuts; t++)
        if (cand_cuts_alike(stack, stack->cut[termination], stack->cut[t], true))
            return (int)t;
    return -1;
}

/* The dipole of one repeat below a cut, against the distance at which charges count as apart. */
static bool charges_are_apart(const cand_planes *stack, size_t top, const double *charge)
{
    double dipole = 0.0, sum = 0.0;

    for (size_t p = 0; p < stack->n_planes; p++)
        for (size_t a = stack->first[p]; a < stack->first[p + 1]; a++) {
            const double height = stack->height[a] - (p > top ? stack->period : 0.0);
            dipole += charge[stack->z[a]] * height;
            sum += 0.5 * fabs(charge[stack->z[a]]);
        }
    return fabs(dipole) > CAND_SAME_GAP * sum;
}

static bool every_plane_neutral(const cand_planes *stack, const double *charge)
{
    size_t bulk[DFT_MAX_Z + 1] = { 0 };

    for (size_t p = 0; p < stack->n_planes; p++)
        cand_planes_count(stack, p, bulk);
    for (size_t p = 0; p < stack->n_planes; p++) {
        size_t here[DFT_MAX_Z + 1] = { 0 };
        double sum = 0.0;
        cand_planes_count(stack, p, here);
        for (size_t a = stack->first[p]; a < stack->first[p + 1]; a++)
            sum += charge ? charge[stack->z[a]] : 0.0;
        if (charge ? fabs(sum) > 1e-6 : !cand_same_composition(here, bulk))
            return false;
    }
    return true;
}

static void describe(const cand_planes *stack, size_t t, const double *charge,
                     cand_termination *out)
{
    const size_t top = stack->cut[t];

    *out = (cand_termination){ .index = (int)t, .gap = cand_cut_gap(stack, top),
                               .n_planes = stack->n_planes,
                               .layers_per_repeat = cand_planes_layers_per_repeat(stack, top),
                               .reverse = reverse_of(stack, t),
                               .symmetric = can_be_symmetric(stack, top),
                               .tasker_from_charges = charge != NULL };
    plane_formula(stack, top, out->top);
    plane_formula(stack, (top + 1) % stack->n_planes, out->under);
    out->polar = charge ? charges_are_apart(stack, top, charge) : cand_cut_is_polar(stack, top);
    out->tasker = out->polar ? 3 : every_plane_neutral(stack, charge) ? 1 : 2;
}

dft_status cand_terminations_find(const dft_crystal *conventional, const int miller[3],
                                  cand_termination **out, size_t *n, dft_error *err)
{
    cand_planes stack = { 0 };
    double charge[DFT_MAX_Z + 1];
    const bool charged = cand_formal_charges(conventional->n_atoms, conventional->z, charge);
    dft_status status;

    *out = NULL;
    *n = 0;
    if (miller[0] == 0 && miller[1] == 0 && miller[2] == 0)
        return dft_fail(err, DFT_EINPUT, "Miller indices 0 0 0 name no plane");
    status = cand_planes_init(conventional, miller, &stack, err);
    if (status != DFT_OK)
        goto done;
    *out = dft_alloc(stack.n_cuts, sizeof **out);
    if (!*out) {
        status = dft_fail(err, DFT_ENOMEM, "%zu terminations: out of memory", stack.n_cuts);
        goto done;
    }
    for (size_t t = 0; t < stack.n_cuts; t++)
        describe(&stack, t, charged ? charge : NULL, &(*out)[t]);
    *n = stack.n_cuts;
done:
    cand_planes_clear(&stack);
    return status;
}
