#include "candidates/slab_info.h"

#include <math.h>
#include <stdlib.h>

#include "candidates/layer.h"
#include "candidates/planes.h"
#include "dft-lite/base/alloc.h"

#define NEUTRAL 1e-6                /* |e|: formal charges are whole numbers or simple fractions */

/* Elements whose mean heights differ: any charges that make the cell neutral give it a dipole,
 * but for cancellation among three or more elements. */
static bool elements_are_apart(const cand_layer *layer)
{
    double mean[DFT_MAX_Z + 1] = { 0.0 }, low = HUGE_VAL, high = -HUGE_VAL;
    size_t count[DFT_MAX_Z + 1] = { 0 };

    for (size_t a = 0; a < layer->n_atoms; a++) {
        mean[layer->z[a]] += layer->height[a];
        count[layer->z[a]]++;
    }
    for (int z = 1; z <= DFT_MAX_Z; z++)
        if (count[z] > 0) {
            low = fmin(low, mean[z] / (double)count[z]);
            high = fmax(high, mean[z] / (double)count[z]);
        }
    return high - low > CAND_SAME_GAP;
}

/* The centres of the positive and of the negative charges lie at different heights. */
static bool charges_are_apart(const cand_layer *layer, const double *charge)
{
    const double middle = 0.5 * (layer->top + layer->bottom);
    double dipole = 0.0, sum = 0.0;

    for (size_t a = 0; a < layer->n_atoms; a++) {
        dipole += charge[layer->z[a]] * (layer->height[a] - middle);
        sum += 0.5 * fabs(charge[layer->z[a]]);
    }
    return fabs(dipole) > CAND_SAME_GAP * sum;
}

static bool plane_is_neutral(const cand_layer *layer, const size_t *plane_of, size_t plane,
                             const double *charge)
{
    size_t all[DFT_MAX_Z + 1] = { 0 }, here[DFT_MAX_Z + 1] = { 0 };
    double sum = 0.0;

    for (size_t a = 0; a < layer->n_atoms; a++) {
        all[layer->z[a]]++;
        if (plane_of[a] != plane)
            continue;
        here[layer->z[a]]++;
        sum += charge ? charge[layer->z[a]] : 0.0;
    }
    return charge ? fabs(sum) < NEUTRAL : cand_same_composition(here, all);
}

static int tasker_type(const cand_layer *layer, const size_t *plane_of, const double *charge,
                       const cand_slab_info *info)
{
    if (info->polar)
        return 3;
    for (size_t p = 0; p < info->n_planes; p++)
        if (!plane_is_neutral(layer, plane_of, p, charge))
            return 2;
    return 1;
}

static void plane_formula(const cand_layer *layer, const size_t *plane_of, size_t plane, int *z,
                          char text[32])
{
    size_t n = 0;

    for (size_t a = 0; a < layer->n_atoms; a++)
        if (plane_of[a] == plane)
            z[n++] = layer->z[a];
    cand_formula(z, n, text, 32);
}

dft_status cand_slab_describe(const dft_crystal *slab, const double *charge, cand_slab_info *info,
                              dft_error *err)
{
    cand_layer *layer = NULL;
    size_t *plane_of = dft_alloc_sizes(slab->n_atoms);
    int *z = dft_alloc_ints(slab->n_atoms);
    dft_status status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);

    if (status != DFT_OK)
        goto done;
    info->n_planes = plane_of ? cand_layer_planes(layer, CAND_PLANE_TOLERANCE, plane_of) : 0;
    if (info->n_planes == 0 || !z) {
        status = dft_fail(err, DFT_ENOMEM, "slab of %zu atoms: out of memory", slab->n_atoms);
        goto done;
    }
    info->n_atoms = slab->n_atoms;
    info->thickness = layer->top - layer->bottom;
    info->area = fabs(layer->lattice[0][0] * layer->lattice[1][1]
                      - layer->lattice[0][1] * layer->lattice[1][0]);
    info->faces_equal = cand_layer_faces_equal(layer);
    info->polar = charge ? charges_are_apart(layer, charge) : elements_are_apart(layer);
    info->tasker_from_charges = charge != NULL;
    info->tasker = tasker_type(layer, plane_of, charge, info);
    plane_formula(layer, plane_of, info->n_planes - 1, z, info->top);
    plane_formula(layer, plane_of, 0, z, info->bottom);
done:
    cand_layer_free(layer);
    free(z);
    free(plane_of);
    return status;
}
